//! The kinds of MLSpec documents.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::declaration::Declaration;
use crate::yaml::{self, NodeId, Tree};

/// Declares the kinds: their names, and the module of each, which holds its type and its [`Declaration`].
macro_rules! kinds {
    ($($kind:ident = $name:literal => $module:ident;)*) => {
        /// A kind of MLSpec document.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $(#[doc = concat!("The kind `", $name, "`.")] $kind,)*
        }

        impl Kind {
            /// All kinds, in the order of the specification.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// Returns the value of `kind:` in a document: `dataset`, `module-version`, …
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }

            /// Returns a one-sentence summary.
            #[must_use]
            pub fn summary(self) -> &'static str {
                self.declaration().summary
            }

            /// Returns the version of the specification that introduced the kind. Documents of kinds newer than 0.0.1 must carry `kind`.
            #[must_use]
            pub fn since(self) -> &'static str {
                self.declaration().since
            }

            /// Returns the declaration of the kind.
            pub(crate) fn declaration(self) -> &'static Declaration {
                match self { $(Self::$kind => const { &super::$module::DECLARATION },)* }
            }

            /// Generates the schema of the kind's type, unfinished: see [`schema::generate`](crate::schema::generate).
            pub(crate) fn raw_schema(self, generator: SchemaGenerator) -> Schema {
                match self { $(Self::$kind => generator.into_root_schema_for::<super::$module::$kind>(),)* }
            }

            /// Returns the text of the kind's file in `schemas/`.
            #[cfg(not(debug_assertions))]
            pub(crate) fn published_schema(self) -> &'static str {
                match self { $(Self::$kind => include_str!(concat!("../../schemas/", $name, ".schema.json")),)* }
            }
        }

        /// A typed document.
        #[derive(Clone, Debug)]
        pub enum Document {
            $(#[doc = concat!("A document of the kind `", $name, "`.")] $kind(Box<super::$module::$kind>),)*
        }

        impl Document {
            /// Reads a document of a kind, as far as possible: malformed parts are left out, and their nodes returned. `None` if the
            /// node is not a mapping.
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
    Dataset = "dataset" => dataset;
    Datastore = "datastore" => datastore;
    Datapath = "datapath" => datapath;
    Artifact = "artifact" => artifact;
    Module = "module" => module;
    ModuleVersion = "module-version" => module_version;
    Pipeline = "pipeline" => pipeline;
    PipelineRun = "pipeline-run" => pipeline_run;
    Run = "run" => run;
    Model = "model" => model;
    ModelCard = "model-card" => model_card;
    Metadata = "metadata" => metadata;
    InferenceLog = "inference-log" => inference_log;
    InferenceRequest = "inference-request" => inference_request;
    InferencePrediction = "inference-prediction" => inference_prediction;
    Objectives = "objectives" => objectives;
    Evaluation = "evaluation" => evaluation;
    Test = "test" => test;
    Ingestion = "ingestion" => ingestion;
    Profile = "profile" => profile;
    Transformation = "transformation" => transformation;
    DataSchema = "data-schema" => data_schema;
    Validation = "validation" => validation;
    Split = "split" => split;
    Rollout = "rollout" => rollout;
    Monitoring = "monitoring" => monitoring;
    Experiment = "experiment" => experiment;
    Project = "project" => project;
}

impl Kind {
    /// Returns the kind with this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// Returns whether documents of this kind must name it with `kind:`.
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

/// The value of `kind:` in a document. The schema of each kind allows only its own name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindName(pub Kind);

/// Placeholder in a generated schema for the name of the schema's own kind.
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
