//! Which fields refer to other objects: one table, and the walk that finds what a document refers to.

use super::document::field;
use crate::documents::Kind;
use crate::yaml::{NodeId, Tree};

/// A field whose value refers to an object.
#[derive(Debug, PartialEq, Eq)]
pub struct ReferenceField {
    /// Where the field is. `*` is any item or entry; `**` any step, at any depth of nested steps.
    pub path: &'static [&'static str],
    /// The kinds that the object can be of, the usual one first.
    pub targets: &'static [Kind],
    /// What the reference means.
    pub role: Role,
}

/// What a reference means, where rules tell references apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Nothing more than its field says.
    Plain,
    /// Data that a pipeline reads.
    PipelineData,
    /// Data that objectives are judged on.
    JudgedData,
    /// The module of a step.
    StepModule,
    /// A version that a module lists.
    ListedVersion,
    /// The module that a version is of.
    OwnModule,
    /// The run that produced an artifact.
    Producer,
    /// The run that started a run.
    Parent,
    /// A run that a run started.
    Child,
    /// The run of a step of a pipeline.
    StepRun,
    /// What is deployed when a model disappoints.
    Rollback,
    /// The data that a run read.
    RunData,
    /// The data that an evaluation or a test measured a model on.
    MeasuredData,
    /// The run that measured.
    MeasuringRun,
    /// The data that a metric was measured on: an object, or any name that tells metrics apart.
    MetricData,
}

/// A reference in a document.
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    /// The node whose text is the reference.
    pub node: NodeId,
    /// The field that it stands in.
    pub field: &'static ReferenceField,
}

const DATASET: &[Kind] = &[Kind::Dataset];
const DATASTORE: &[Kind] = &[Kind::Datastore];
const MODEL: &[Kind] = &[Kind::Model];
/// What a step may be an instance of.
pub(super) const MODULE: &[Kind] = &[Kind::Module, Kind::ModuleVersion];
const RUN: &[Kind] = &[Kind::Run, Kind::PipelineRun];

const fn plain(path: &'static [&'static str], targets: &'static [Kind]) -> ReferenceField {
    ReferenceField { path, targets, role: Role::Plain }
}

const fn with_role(path: &'static [&'static str], targets: &'static [Kind], role: Role) -> ReferenceField {
    ReferenceField { path, targets, role }
}

const DATASET_FIELDS: &[ReferenceField] = &[
    plain(&["location", "DataStore"], DATASTORE),
    plain(&["checkpoint", "materialized", "DataStore"], DATASTORE),
    plain(&["replacedBy"], DATASET),
];

const DATAPATH_FIELDS: &[ReferenceField] = &[plain(&["DataStore"], DATASTORE)];

const ARTIFACT_FIELDS: &[ReferenceField] =
    &[with_role(&["created_by_run_id"], RUN, Role::Producer), plain(&["data_path", "DataStore"], DATASTORE)];

const MODULE_FIELDS: &[ReferenceField] =
    &[with_role(&["versions", "*", "id"], &[Kind::ModuleVersion], Role::ListedVersion)];

const MODULE_VERSION_FIELDS: &[ReferenceField] = &[with_role(&["module"], &[Kind::Module], Role::OwnModule)];

const PIPELINE_FIELDS: &[ReferenceField] = &[
    with_role(&["data"], DATASET, Role::PipelineData),
    with_role(&["data", "*"], DATASET, Role::PipelineData),
    plain(&["data", "*", "DataStore"], DATASTORE),
    with_role(&["steps", "**", "moduleName"], MODULE, Role::StepModule),
];

/// The fields of a run, which those of a pipeline run follow.
const PIPELINE_RUN_FIELDS: &[ReferenceField] = &[
    with_role(&["parent_run_id"], RUN, Role::Parent),
    with_role(&["child_run_ids", "*"], RUN, Role::Child),
    with_role(&["datasets", "*", "dataset"], DATASET, Role::RunData),
    plain(&["datasets", "*", "path", "DataStore"], DATASTORE),
    plain(&["artifacts", "*", "path", "DataStore"], DATASTORE),
    with_role(&["metrics", "*", "dataset"], DATASET, Role::MetricData),
    plain(&["pipeline"], &[Kind::Pipeline]),
    with_role(&["steps", "*", "run"], RUN, Role::StepRun),
];

const MEASURED_FIELDS: &[ReferenceField] = &[
    plain(&["model"], MODEL),
    with_role(&["dataset"], DATASET, Role::MeasuredData),
    with_role(&["run"], RUN, Role::MeasuringRun),
    plain(&["objectives"], &[Kind::Objectives]),
    with_role(&["metrics", "*", "dataset"], DATASET, Role::MetricData),
];

const OBJECTIVES_FIELDS: &[ReferenceField] = &[
    plain(&["model"], MODEL),
    with_role(&["datasets", "*", "dataset"], DATASET, Role::JudgedData),
    plain(&["baseline", "run"], RUN),
    with_role(&["rollback", "to"], &[Kind::Model, Kind::Run, Kind::PipelineRun], Role::Rollback),
];

const INFERENCE_FIELDS: &[ReferenceField] = &[plain(&["provenance", "pipeline"], &[Kind::Pipeline])];

/// The fields of a kind that refer to other objects.
fn fields(kind: Kind) -> &'static [ReferenceField] {
    match kind {
        Kind::Dataset => DATASET_FIELDS,
        Kind::Datapath => DATAPATH_FIELDS,
        Kind::Artifact => ARTIFACT_FIELDS,
        Kind::Module => MODULE_FIELDS,
        Kind::ModuleVersion => MODULE_VERSION_FIELDS,
        Kind::Pipeline => PIPELINE_FIELDS,
        Kind::PipelineRun => PIPELINE_RUN_FIELDS,
        // A run is one step of what a pipeline run is.
        Kind::Run => PIPELINE_RUN_FIELDS.split_last().map_or(&[], |(_, fields)| fields),
        Kind::Evaluation | Kind::Test => MEASURED_FIELDS,
        Kind::Objectives => OBJECTIVES_FIELDS,
        Kind::InferenceLog | Kind::InferenceRequest | Kind::InferencePrediction => INFERENCE_FIELDS,
        Kind::Datastore | Kind::Model | Kind::ModelCard | Kind::Metadata => &[],
    }
}

/// What a document refers to. A placeholder that is filled in later refers to nothing yet.
pub(super) fn of(kind: Kind, tree: &Tree, root: NodeId) -> Vec<Reference> {
    let mut references = Vec::new();
    for field in fields(kind) {
        walk(tree, root, field.path, &mut |node| {
            if tree.text(node).is_some_and(is_reference) && !tree.is_null(node) {
                references.push(Reference { node, field });
            }
        });
    }
    references
}

fn is_reference(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && !text.contains(['$', '{', '<', '>']) && !is_placeholder(text)
}

/// The words that examples put where a reference is meant.
fn is_placeholder(text: &str) -> bool {
    const WORDS: &[&str] = &["guid", "n/a", "none", "null", "ref", "tbd", "todo", "uuid"];
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(text)) || text.bytes().all(|byte| byte == b'x')
}

/// Calls `found` with every node that a path leads to. A mapping in the place of a list is its only item.
fn walk(tree: &Tree, node: NodeId, path: &[&str], found: &mut dyn FnMut(NodeId)) {
    let Some((segment, rest)) = path.split_first() else { return found(node) };
    match *segment {
        "*" | "**" => {
            let single = tree.is_mapping(node) && rest.first().is_some_and(|next| tree.get(node, next).is_some());
            if single {
                return walk(tree, node, rest, found);
            }
            let items = tree.items(node).iter().copied();
            for child in items.chain(tree.entries(node).map(|entry| entry.value)) {
                walk(tree, child, rest, found);
                if *segment == "**" {
                    // The tree's limit of depth bounds this recursion, its limit on aliases the number of steps.
                    tree.get(child, "steps").into_iter().for_each(|nested| walk(tree, nested.value, path, found));
                }
            }
        }
        name => field(tree, node, name).into_iter().for_each(|value| walk(tree, value, rest, found)),
    }
}
