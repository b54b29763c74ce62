//! Roles of field values that rules look up by field: references, images, licenses.

use super::field::is_extension;
use super::kind::Kind;
use super::newer;
use crate::yaml::{NodeId, Tree};

/// A field whose value has a role.
#[derive(Debug, PartialEq, Eq)]
pub struct RoledField {
    /// Where the field is. `*` is any item or entry; `**` any step, at any depth of nested steps.
    pub path: &'static [&'static str],
    /// The role of its value.
    pub role: FieldRole,
    /// Whether it has the role in documents of the newest version of the specification only, although it was there before.
    pub is_newer: bool,
}

impl RoledField {
    /// Returns the field with its role in documents of the newest version of the specification only.
    pub(super) const fn newer(self) -> Self {
        Self { is_newer: true, ..self }
    }
}

/// The role of a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldRole {
    /// The name or id of an object.
    Reference {
        /// The kinds that the object can be of, the usual one first.
        targets: &'static [Kind],
        /// What the reference means.
        role: ReferenceRole,
    },
    /// A reference to a container image.
    Image,
    /// A reference to a container image if it begins with `docker://`, otherwise something else.
    DockerUrl,
    /// An SPDX license identifier or expression.
    License,
    /// A mapping with the two ends of a range: `start` and `end`, `minimum` and `maximum`, and the like; or a list of both.
    Range,
    /// The name of a field of the data, or a mapping under that name.
    DataField,
    /// Somebody's approval of what the document is about.
    Approval,
    /// The standard endpoints of a service.
    Endpoints,
}

/// The meaning of a reference, for rules that distinguish references.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReferenceRole {
    /// No special meaning.
    Plain,
    /// Data that a pipeline reads.
    PipelineData,
    /// Data that objectives are judged on.
    JudgedData,
    /// The module of a step.
    StepModule,
    /// A version that a module lists.
    ListedVersion,
    /// The module that a version belongs to.
    OwnModule,
    /// The run that produced an artifact.
    Producer,
    /// The run that started a run.
    Parent,
    /// A run that a run started.
    Child,
    /// The run of a step of a pipeline.
    StepRun,
    /// What replaces a deprecated object.
    Replacement,
    /// What is deployed if a model underperforms.
    Rollback,
    /// The data that a run read.
    RunData,
    /// The data that an evaluation or a test measured a model on.
    MeasuredData,
    /// The run that performed a measurement.
    MeasuringRun,
    /// The data that a metric was measured on: an object, or any name that distinguishes metrics.
    MetricData,
    /// The data that a record is about.
    RecordedData,
    /// The data of a set of a split.
    SplitSet,
    /// The data that a transformation was fitted on.
    FittedOn,
    /// A model that another one asks.
    Component,
    /// The data that decides a search for hyperparameters.
    SearchData,
}

pub(super) const DATASET: &[Kind] = &[Kind::Dataset];
pub(super) const DATASTORE: &[Kind] = &[Kind::Datastore];
pub(super) const MODEL: &[Kind] = &[Kind::Model];
/// What a step may be an instance of.
pub const MODULE: &[Kind] = &[Kind::Module, Kind::ModuleVersion];
/// What a run may be.
pub const RUN: &[Kind] = &[Kind::Run, Kind::PipelineRun];

pub(super) const fn reference(path: &'static [&'static str], targets: &'static [Kind]) -> RoledField {
    reference_as(path, targets, ReferenceRole::Plain)
}

pub(super) const fn reference_as(
    path: &'static [&'static str],
    targets: &'static [Kind],
    role: ReferenceRole,
) -> RoledField {
    RoledField { path, role: FieldRole::Reference { targets, role }, is_newer: false }
}

pub(super) const fn image(path: &'static [&'static str]) -> RoledField {
    RoledField { path, role: FieldRole::Image, is_newer: false }
}

pub(super) const fn docker_url(path: &'static [&'static str]) -> RoledField {
    RoledField { path, role: FieldRole::DockerUrl, is_newer: false }
}

pub(super) const fn license(path: &'static [&'static str]) -> RoledField {
    RoledField { path, role: FieldRole::License, is_newer: false }
}

pub(super) const fn range(path: &'static [&'static str]) -> RoledField {
    RoledField { path, role: FieldRole::Range, is_newer: false }
}

pub(super) const fn data_field(path: &'static [&'static str]) -> RoledField {
    RoledField { path, role: FieldRole::DataField, is_newer: false }
}

pub(super) const fn approval(path: &'static [&'static str]) -> RoledField {
    RoledField { path, role: FieldRole::Approval, is_newer: false }
}

pub(super) const fn endpoints(path: &'static [&'static str]) -> RoledField {
    RoledField { path, role: FieldRole::Endpoints, is_newer: false }
}

/// Returns the nodes with a role in a document of a kind, each with its field.
#[must_use]
pub fn roled(
    kind: Kind,
    tree: &Tree,
    root: NodeId,
    is_meant: impl Fn(FieldRole) -> bool,
) -> Vec<(NodeId, &'static RoledField)> {
    let mut nodes = Vec::new();
    let is_there = |field: &&RoledField| is_meant(field.role) && (!field.is_newer || newer::is_newest(tree, root));
    for field in kind.declaration().fields.iter().filter(is_there) {
        walk(tree, root, field.path, &mut |node| nodes.push((node, field)));
    }
    nodes
}

/// Returns the meanings of the references in documents of a kind.
pub fn reference_roles(kind: Kind) -> impl Iterator<Item = ReferenceRole> {
    let fields = kind.declaration().fields;
    let role = |field: &RoledField| match field.role {
        FieldRole::Reference { role, .. } => Some(role),
        _ => None,
    };
    let is_first = move |at: usize, own: ReferenceRole| !fields.iter().take(at).any(|field| role(field) == Some(own));
    let roles = fields.iter().enumerate().filter_map(move |(at, field)| Some((at, role(field)?)));
    roles.filter(move |(at, own)| is_first(*at, *own)).map(|(_, role)| role)
}

/// Calls `found` with every node that a path leads to. A mapping instead of a list counts as its only item.
fn walk(tree: &Tree, node: NodeId, path: &[&str], found: &mut dyn FnMut(NodeId)) {
    let Some((segment, rest)) = path.split_first() else { return found(node) };
    match *segment {
        "*" | "**" => {
            let single = tree.is_mapping(node) && rest.first().is_some_and(|next| tree.get(node, next).is_some());
            if single {
                return walk(tree, node, rest, found);
            }
            let items = tree.items(node).iter().copied();
            let entries = tree.entries(node).filter(|entry| !is_extension(tree.key_name(entry.key)));
            for child in items.chain(entries.map(|entry| entry.value)) {
                walk(tree, child, rest, found);
                if *segment == "**" {
                    // The tree's depth limit bounds this recursion, its alias limit the number of steps.
                    tree.get(child, "steps").into_iter().for_each(|nested| walk(tree, nested.value, path, found));
                }
            }
        }
        name => tree.get(node, name).into_iter().for_each(|entry| walk(tree, entry.value, rest, found)),
    }
}
