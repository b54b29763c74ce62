//! `naming/name-not-unique`

use crate::documents::Kind;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::{Linked, Member};
use crate::yaml::NodeId;

declare_rule! {
    /// The name of an object must be unique among the objects of its kind that are not archived.
    ///
    /// References are made by name. Where two objects share one, a pipeline that asks for `loans` gets either, and nobody
    /// can tell which from the documents. Names that differ in upper and lower case only count as the same; an archived
    /// object frees its name.
    ///
    /// Versions of one thing share its name: two datasets with one name must have different versions, and documents of a
    /// module's versions are told apart by module and version. A model's name is for people and may be shared; what must be
    /// unique is its `model_identifier`. Records are found by their ids, so runs, evaluations and
    /// tests may share a name, as experiments in practice do.
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
        kinds: [Dataset, Datastore, Model, Module, ModuleVersion, Objectives, Pipeline],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_, '_>, out: &mut Findings<'_>) {
    let own = workspace.own;
    let Some((name, node)) = identity(own) else { return };
    if own.is_archived() || cx.is_faulty(node) {
        return;
    }
    let same = workspace.named(own.kind, name);
    if same.len() < 2 {
        return;
    }
    let Some(other) = workspace.others(same).find(|other| clash(own, other)) else { return };
    let place = if other.file() == own.file() { "another document of this file" } else { other.file() };
    let version = own.version().filter(|_| own.kind == Kind::Dataset);
    let version = version.map(|version| format!(", version {version}")).unwrap_or_default();
    let message = format!("name {}{version} is also used by {place}", cx.shown(node));
    let finding = cx.at_value(&NAME_NOT_UNIQUE, node, message).help("rename one of them, or archive the one that is not in use");
    out.push(workspace.relate(finding, other, identity(other).map(|(_, node)| node), "the other object of this name"));
}

/// The name that an object is referred to by. That of a model is for people; its `model_identifier` is the identity.
fn identity(member: &Member) -> Option<(&str, NodeId)> {
    let node = if member.kind == Kind::Model { member.object.identifier } else { member.object.name }?;
    Some((member.tree.text(node)?.trim(), node))
}

/// Whether two objects of one kind and name are more than versions of one thing. Two with one id are one object that was written down
/// twice, which has a rule of its own.
fn clash(own: &Member, other: &Member) -> bool {
    let differ = |a: Option<&str>, b: Option<&str>| matches!((a, b), (Some(a), Some(b)) if a != b);
    let modules = || (module(own), module(other));
    let are_versions = match own.kind {
        Kind::Dataset => differ(own.version(), other.version()),
        Kind::Model => !matches!((identity(own), identity(other)), (Some((a, _)), Some((b, _))) if a.eq_ignore_ascii_case(b)),
        Kind::ModuleVersion => differ(own.version(), other.version()) || differ(modules().0, modules().1),
        _ => false,
    };
    !are_versions && !other.is_archived() && (own.id().is_none() || own.id() != other.id())
}

/// What a version of a module says its module is.
fn module(version: &Member) -> Option<&str> {
    version.references.iter().find_map(|reference| version.tree.text(reference.node))
}
