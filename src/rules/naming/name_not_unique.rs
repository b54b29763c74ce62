//! `naming/name-not-unique`

use crate::documents::Kind;
use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::Member;

declare_rule! {
    /// The name of an object must be unique among the objects of its kind that are not archived.
    ///
    /// References are made by name. If two objects share one, a pipeline that asks for `loans` gets either, and the documents do not say
    /// which. Names that differ only in upper and lower case count as the same; an archived object frees its name.
    ///
    /// Versions of one thing share its name: two datasets with one name must have different versions, and so must two models that say theirs.
    /// Documents of a module's versions are distinguished by module and version. A model without a version is not compared: its name is for
    /// people, and the sections of one package may be spread over files that all have its identifier. Records are found by their ids, so runs, evaluations and tests may share a name,
    /// as experiments in practice do.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 8d7f2d0a-5a51-4f0b-9c0e-1f8a7f3f2b10
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: credit
    /// ---
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 1b9c4a3e-6d5f-4b7a-8e21-0c9d8b7a6f54
    /// name: Credit-Lake
    /// type: s3
    /// status: Deprecated
    /// bucket: credit-2024
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 8d7f2d0a-5a51-4f0b-9c0e-1f8a7f3f2b10
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: credit
    /// ---
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 1b9c4a3e-6d5f-4b7a-8e21-0c9d8b7a6f54
    /// name: Credit-Lake
    /// type: s3
    /// status: Archived
    /// bucket: credit-2024
    /// ```
    pub NAME_NOT_UNIQUE = {
        id: "naming/name-not-unique",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "common/object.md, “uniquely identifying an object … among non-archived objects”; “case-insensitive for uniqueness checks”",
        kinds: [DataSchema, Dataset, Datastore, Experiment, Model, Module, ModuleVersion, Objectives, Pipeline, Project, Transformation],
        check: Workspace(check),
    }
}

/// The maximum number of objects with one name that are compared.
const MOST_LOOKED_AT: usize = 16;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let own = workspace.own;
    let Some(node) = own.object.name.filter(|node| !cx.is_faulty(*node)) else { return };
    // Two documents with one id are one object that was written twice, which another rule reports.
    let clashes = |other: &&Member| own.id().is_none() || own.id() != other.id();
    let same = workspace.namesakes(workspace.id);
    let Some(other) = workspace.others(same).take(MOST_LOOKED_AT).find(clashes) else { return };
    let place = if other.file() == own.file() { "another document of this file" } else { other.file() };
    let version = own
        .version()
        .filter(|_| matches!(own.kind, Kind::Dataset | Kind::DataSchema | Kind::Model | Kind::Transformation));
    let version = version.map(|version| format!(", version {version}")).unwrap_or_default();
    let message = format!("name {}{version} is also used by {place}", cx.shown(node));
    let finding =
        cx.at_value(&NAME_NOT_UNIQUE, node, message).help("rename one of them, or archive the one that is not in use");
    out.push(workspace.relate(finding, other, other.object.name, "the other object of this name"));
}
