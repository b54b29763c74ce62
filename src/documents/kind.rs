//! The kinds of MLSpec documents.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::yaml::{self, NodeId, Tree};

/// Declares the kinds: their names, their types, and what a person calls them.
macro_rules! kinds {
    ($($kind:ident = $name:literal => $module:ident, since $since:literal, $summary:literal;)*) => {
        /// A kind of MLSpec document.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $(#[doc = $summary] $kind,)*
        }

        impl Kind {
            /// Every kind, in the order of the specification.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// What `kind:` says in a document: `dataset`, `module-version`, …
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }

            /// One sentence.
            #[must_use]
            pub fn summary(self) -> &'static str {
                match self { $(Self::$kind => $summary,)* }
            }

            /// The version of the specification that introduced the kind. Documents of kinds newer than 0.0.1 must carry `kind`.
            #[must_use]
            pub fn since(self) -> &'static str {
                match self { $(Self::$kind => $since,)* }
            }

            /// Generates the schema of the kind's type, unfinished: see [`schema::generate`](crate::schema::generate).
            pub(crate) fn raw_schema(self, generator: SchemaGenerator) -> Schema {
                match self { $(Self::$kind => generator.into_root_schema_for::<super::$module::$kind>(),)* }
            }

            /// The text of the kind's file in `schemas/`.
            #[cfg(not(debug_assertions))]
            pub(crate) fn published_schema(self) -> &'static str {
                match self { $(Self::$kind => include_str!(concat!("../../schemas/", $name, ".schema.json")),)* }
            }
        }

        /// A document as its type.
        #[derive(Clone, Debug)]
        pub enum Document {
            $(#[doc = $summary] $kind(Box<super::$module::$kind>),)*
        }

        impl Document {
            /// Reads the document of a kind, as far as it can be read: malformed parts are left out and listed. Nothing when
            /// the node is not a mapping.
            #[must_use]
            pub fn read(kind: Kind, tree: &Tree, root: NodeId) -> Option<(Self, Vec<NodeId>)> {
                let malformed = RefCell::default();
                let document = match kind {
                    $(Kind::$kind => {
                        Self::$kind(Box::new(yaml::from_node(tree, root, &malformed).ok()?))
                    })*
                };
                Some((document, malformed.into_inner()))
            }

            /// Its kind.
            #[must_use]
            pub fn kind(&self) -> Kind {
                match self { $(Self::$kind(_) => Kind::$kind,)* }
            }
        }
    };
}

kinds! {
    Dataset = "dataset" => dataset, since "0.0.1", "A versioned definition of data: where it is and what it holds.";
    Datastore = "datastore" => datastore, since "0.0.1", "A container for data: an object store, a file share, a database.";
    Datapath = "datapath" => datapath, since "0.0.1", "A place in a datastore: a path, a table or a query.";
    Artifact = "artifact" => artifact, since "0.0.1", "Something that a run produced.";
    Module = "module" => module, since "0.0.1", "A reusable unit of computation and the list of its versions.";
    ModuleVersion = "module-version" => module_version, since "0.0.1", "One immutable version of a module: its snapshot, ports and parameters.";
    Pipeline = "pipeline" => pipeline, since "0.0.1", "A graph of steps over modules and data.";
    PipelineRun = "pipeline-run" => pipeline_run, since "0.0.1", "One execution of a pipeline.";
    Run = "run" => run, since "0.0.1", "One execution of an experiment: its inputs, parameters, metrics and artifacts.";
    Model = "model" => model, since "0.0.1", "A model package, or sections of one: how the model is trained, served, scored and converted.";
    ModelCard = "model-card" => model_card, since "0.0.1", "A packaged model as its runtime artifacts, framework and origin.";
    Metadata = "metadata" => metadata, since "0.0.1", "The metadata file of a training: framework, model, data and parameters.";
    InferenceLog = "inference-log" => inference_log, since "0.0.1", "What a serving application logs about an inference.";
    InferenceRequest = "inference-request" => inference_request, since "0.0.1", "One request for an inference and its result.";
    InferencePrediction = "inference-prediction" => inference_prediction, since "0.0.1", "One prediction, its explanation and the feedback on it.";
    Objectives = "objectives" => objectives, since "0.1.0", "The objectives that a model must meet before it is deployed.";
    Evaluation = "evaluation" => evaluation, since "0.1.0", "The metrics of a model on evaluation data (lifecycle step 8).";
    Test = "test" => test, since "0.1.0", "The metrics of a model on hold-back data (lifecycle step 9).";
}

impl Kind {
    /// The kind with this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// Whether documents of this kind must say so with `kind:`.
    #[must_use]
    pub fn must_be_named(self) -> bool {
        self.since() != "0.0.1"
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Kind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::by_name(&name).ok_or_else(|| {
            let near = crate::text::nearest(&name, Self::ALL.iter().map(|kind| kind.name()));
            let help = near.map_or_else(String::new, |near| format!("; did you mean '{near}'?"));
            serde::de::Error::custom(format!("unknown kind '{name}'{help}"))
        })
    }
}

impl JsonSchema for Kind {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Kind".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<_> = Self::ALL.iter().map(|kind| kind.name()).collect();
        let summaries: Vec<_> = Self::ALL.iter().map(|kind| kind.summary()).collect();
        json_schema!({"type": "string", "enum": names, "enumDescriptions": summaries})
    }
}

/// The value of `kind:` in a document. The schema of each kind allows its own name only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindName(pub Kind);

/// Stands in a generated schema where the name of the schema's own kind belongs.
pub(crate) const KIND_MARK: &str = "x-mlspec-kind";

impl<'de> Deserialize<'de> for KindName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Kind::deserialize(deserializer).map(Self)
    }
}

impl JsonSchema for KindName {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "KindName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "x-mlspec-kind": true})
    }
}
