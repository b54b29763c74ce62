//! From what an object came, and what came of it: the documents of a workspace as a graph.
//!
//! Edges lead from what was there first to what came of it: from data to the run that read it, from the run to its artifact, from the model to
//! its evaluations. They come from the references that the workspace has resolved, from digests, and from places of files. What is named and has no
//! document is a thing, too. Two things of the same content are joined by a vertex for the content, so that there are as many edges as
//! documents say, however many of them are about the same file. Everything here takes time and memory proportional to the documents.

mod build;
mod compare;
mod describe;
mod fields;
mod find;
mod place;
mod questions;
mod values;
mod walk;

use std::collections::HashMap;

use rustc_hash::FxHashMap;

pub use compare::{ComparisonRow, MeasuredNumber, RunComparison, Section};
pub use describe::{MOST_SHOWN, day_of};
pub use find::NotFound;
pub use questions::{Answer, Answers, Question};
pub use walk::{Direction, LineageVisit, Walk};

use crate::documents::Kind;
use crate::workspace::{DocId, Workspace};
use crate::yaml::NodeId;

/// The number of a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ThingId(usize);

impl ThingId {
    /// Returns the number as an index.
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}

/// Something that came from others, or of which others came.
#[derive(Clone, Debug)]
pub enum Thing<'a> {
    /// An object with a document of its own.
    Document(DocId),
    /// A model, whose package may be spread over several documents. None if it is only named.
    Model {
        /// Its name.
        name: &'a str,
        /// Its documents.
        documents: Vec<DocId>,
    },
    /// A version of a model, which others name.
    Version {
        /// The model.
        of: ThingId,
        /// The version.
        version: &'a str,
    },
    /// An object that others name and that has no document.
    Named {
        /// The kind that it would be of.
        kind: Kind,
        /// Its name or id.
        text: &'a str,
    },
    /// What a run lists as its product, without a document of its own.
    Output {
        /// The run.
        run: DocId,
        /// Its item in the list.
        item: NodeId,
    },
    /// The content with a digest.
    Content(String),
    /// The place of a file.
    Place(String),
    /// The inference records of a file about a model.
    Records {
        /// The file.
        file: &'a str,
        /// The records.
        documents: Vec<DocId>,
    },
}

/// How one thing came of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// A run produced it.
    Produced,
    /// A run read training data, and is named as the one that measured the model.
    Fitted,
    /// It has this content, or is at this place.
    Stored,
    /// This content, or what is at this place, is that thing.
    Same,
    /// A run read data.
    Read,
    /// A model package says that it was trained on the data.
    TrainingData,
    /// A model package says where its data comes from.
    SourceData,
    /// A run started another.
    Started,
    /// A run executed a pipeline.
    Executed,
    /// A pipeline reads data.
    PipelineData,
    /// A step of a pipeline is an instance of a module.
    Step,
    /// A model package names the pipeline that made it.
    MadeBy,
    /// One of several versions.
    Version,
    /// A measurement of a model.
    Measured,
    /// A measurement on data.
    MeasuredOn,
    /// A run performed a measurement.
    Performed,
    /// Objectives judge it.
    Judged,
    /// Objectives are judged on data.
    JudgedOn,
    /// Objectives compare with a run.
    Baseline,
    /// What is deployed instead if a model underperforms.
    Rollback,
    /// Data is a set of a split.
    Set,
    /// A document describes data: a profile, a validation, a schema.
    Described,
    /// A document is about bringing a model into production.
    Deployed,
    /// A document is about watching a model in production.
    Watched,
    /// It answered requests.
    Served,
    /// One object replaces another.
    Replaced,
    /// A model asks another one.
    Component,
    /// Any other reference.
    Named,
}

impl Relation {
    /// Returns the relation as the later thing has it to the earlier one: "read".
    #[must_use]
    pub fn to_earlier(self) -> &'static str {
        match self {
            Self::Produced => "produced by",
            Self::Fitted => "trained and measured by",
            Self::Stored => "is that of",
            Self::Same => "stored as",
            Self::Read => "read",
            Self::TrainingData => "says it was trained on",
            Self::SourceData => "names as its data",
            Self::Started => "started by",
            Self::Executed => "executed",
            Self::PipelineData => "reads",
            Self::Step => "has steps of",
            Self::MadeBy => "made by",
            Self::Version => "version of",
            Self::Measured => "measured",
            Self::MeasuredOn => "measured on",
            Self::Performed => "performed by",
            Self::Judged => "judge",
            Self::JudgedOn => "judged on",
            Self::Baseline => "compare with",
            Self::Rollback => "roll back to",
            Self::Set => "is a set of",
            Self::Described => "describes",
            Self::Deployed => "rolls out",
            Self::Watched => "watches",
            Self::Served => "answered by",
            Self::Replaced => "replaces",
            Self::Component => "asks",
            Self::Named => "names",
        }
    }

    /// Returns the relation as the earlier thing has it to the later one: "read by".
    #[must_use]
    pub fn to_later(self) -> &'static str {
        match self {
            Self::Produced => "produced",
            Self::Fitted => "trained and measured",
            Self::Stored => "stored as",
            Self::Same => "is that of",
            Self::Read => "read by",
            Self::TrainingData => "said to have trained",
            Self::SourceData => "named as the data of",
            Self::Started => "started",
            Self::Executed => "executed by",
            Self::PipelineData => "read by",
            Self::Step => "is a step of",
            Self::MadeBy => "made",
            Self::Version => "has version",
            Self::Measured => "measured by",
            Self::MeasuredOn => "measured on by",
            Self::Performed => "performed",
            Self::Judged => "judged by",
            Self::JudgedOn => "judged on by",
            Self::Baseline => "baseline of",
            Self::Rollback => "rolled back to by",
            Self::Set => "has the set",
            Self::Described => "described by",
            Self::Deployed => "rolled out by",
            Self::Watched => "watched by",
            Self::Served => "answered",
            Self::Replaced => "replaced by",
            Self::Component => "asked by",
            Self::Named => "named by",
        }
    }
}

impl LineageEdge<'_> {
    /// Returns how the later thing came of the earlier one: "read as training".
    #[must_use]
    pub fn to_earlier(&self) -> String {
        let said = self.relation.to_earlier();
        let detail = describe::spoken(self.detail);
        match self.relation {
            _ if detail.is_empty() => said.to_owned(),
            Relation::Started => format!("{said}, as step {detail},"),
            Relation::Step => format!("step {detail} is of"),
            Relation::Set => format!("is the {detail} set of"),
            _ => format!("{said} as {detail}"),
        }
    }

    /// Returns what came of the earlier thing: "read as training by".
    #[must_use]
    pub fn to_later(&self) -> String {
        let said = self.relation.to_later();
        let detail = describe::spoken(self.detail);
        match (self.relation, said.strip_suffix(" by")) {
            _ if detail.is_empty() => said.to_owned(),
            (Relation::Started, _) => format!("{said}, as step {detail},"),
            (Relation::Step, _) => format!("is step {detail} of"),
            (Relation::Set, _) => format!("has the {detail} set"),
            (_, Some(start)) => format!("{start} as {detail} by"),
            (_, None) => format!("{said} as {detail}"),
        }
    }
}

/// A way in which one thing came of another.
#[derive(Clone, Debug)]
pub struct LineageEdge<'a> {
    /// The earlier thing.
    pub from: ThingId,
    /// The later thing.
    pub to: ThingId,
    /// How it came of it.
    pub relation: Relation,
    /// The role of data, the name of a step; empty if there is none.
    pub detail: &'a str,
}

/// The things of a workspace, and how they came of each other.
#[derive(Debug)]
pub struct Lineage<'a> {
    workspace: Workspace<'a>,
    things: Vec<Thing<'a>>,
    edges: Vec<LineageEdge<'a>>,
    /// The edges that lead to each thing.
    into: Vec<Vec<usize>>,
    /// The edges that start at each thing.
    out_of: Vec<Vec<usize>>,
    of_document: FxHashMap<DocId, ThingId>,
    /// The models by their names and identifiers in lower case.
    model_names: HashMap<String, ThingId>,
}

impl<'a> Lineage<'a> {
    /// Returns all things, in the order of their numbers.
    pub fn things(&self) -> impl ExactSizeIterator<Item = (ThingId, &Thing<'a>)> {
        self.things.iter().enumerate().map(|(at, thing)| (ThingId(at), thing))
    }

    /// Returns a thing.
    #[must_use]
    pub fn thing(&self, id: ThingId) -> Option<&Thing<'a>> {
        self.things.get(id.0)
    }

    /// Returns the thing that a document is about.
    #[must_use]
    pub fn of_document(&self, document: DocId) -> Option<ThingId> {
        self.of_document.get(&document).copied()
    }

    /// Returns the edges that lead to a thing.
    pub fn into(&self, thing: ThingId) -> impl Iterator<Item = &LineageEdge<'a>> + Clone {
        self.listed(&self.into, thing)
    }

    /// Returns the edges that start at a thing.
    pub fn out_of(&self, thing: ThingId) -> impl Iterator<Item = &LineageEdge<'a>> + Clone {
        self.listed(&self.out_of, thing)
    }

    fn listed<'s>(
        &'s self,
        lists: &'s [Vec<usize>],
        thing: ThingId,
    ) -> impl Iterator<Item = &'s LineageEdge<'a>> + Clone {
        lists.get(thing.0).into_iter().flatten().filter_map(|at| self.edges.get(*at))
    }

    /// Returns the models, whether they have documents or are only named.
    pub fn models(&self) -> impl Iterator<Item = ThingId> {
        self.things().filter(|(_, thing)| matches!(thing, Thing::Model { .. })).map(|(id, _)| id)
    }

    /// Returns the documents about a thing.
    #[must_use]
    pub fn documents(&self, id: ThingId) -> &[DocId] {
        match self.thing(id) {
            Some(Thing::Document(document)) => std::slice::from_ref(document),
            Some(Thing::Model { documents, .. } | Thing::Records { documents, .. }) => documents,
            _ => &[],
        }
    }

    /// Returns the kind of a thing, if it is or would be described by a document.
    #[must_use]
    pub fn kind(&self, id: ThingId) -> Option<Kind> {
        match self.thing(id)? {
            Thing::Model { .. } | Thing::Version { .. } => Some(Kind::Model),
            Thing::Named { kind, .. } => Some(*kind),
            Thing::Output { .. } => Some(Kind::Artifact),
            Thing::Content(_) | Thing::Place(_) => None,
            _ => self.workspace.member(*self.documents(id).first()?).map(|member| member.kind),
        }
    }

    /// Returns the documents that these things came of.
    #[must_use]
    pub fn workspace(&self) -> Workspace<'a> {
        self.workspace
    }
}
