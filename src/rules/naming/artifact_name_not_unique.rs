//! `naming/artifact-name-not-unique`

use std::collections::hash_map::Entry;

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::documents::Kind;
use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::Member;
use crate::yaml::NodeId;

declare_rule! {
    /// The artifacts of a run must have different names.
    ///
    /// An artifact is looked up by its run and its name. If two have the same name, only one can be found, and the other is overwritten or
    /// lost. Names that differ only in upper and lower case count as the same.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: credit-default-baseline
    /// status: running
    /// artifacts:
    ///   - key: model
    ///     path:
    ///       DataStore: credit-lake
    ///       RelativePath: runs/592f0c1c/model.onnx
    ///     artifact_type: MODEL
    ///   - key: Model
    ///     path:
    ///       DataStore: credit-lake
    ///       RelativePath: runs/592f0c1c/model.pb
    ///     artifact_type: MODEL
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: credit-default-baseline
    /// status: running
    /// artifacts:
    ///   - key: model-onnx
    ///     path:
    ///       DataStore: credit-lake
    ///       RelativePath: runs/592f0c1c/model.onnx
    ///     artifact_type: MODEL
    ///   - key: model-tensorflow
    ///     path:
    ///       DataStore: credit-lake
    ///       RelativePath: runs/592f0c1c/model.pb
    ///     artifact_type: MODEL
    /// ```
    pub ARTIFACT_NAME_NOT_UNIQUE = {
        id: "naming/artifact-name-not-unique",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "common/object.md, “artifact names are unique only within run”",
        kinds: [Artifact, PipelineRun, Run],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    if cx.kind == Kind::Artifact {
        return among_documents(cx, workspace, out);
    }
    // Read from the tree, since few of many runs would otherwise have to be deserialized again.
    let artifacts = cx.tree.get(cx.root, "artifacts").map_or(&[][..], |entry| cx.tree.items(entry.value));
    let mut first: FxHashMap<String, NodeId> = FxHashMap::with_capacity_and_hasher(artifacts.len(), FxBuildHasher);
    for artifact in artifacts {
        let Some(node) = cx.tree.get(*artifact, "key").map(|entry| entry.value) else { continue };
        let Some(name) = cx.tree.string(node) else { continue };
        // "case-insensitive for uniqueness checks"
        match first.entry(name.to_lowercase()) {
            Entry::Vacant(entry) => {
                entry.insert(node);
            }
            Entry::Occupied(entry) => {
                let message = format!("the artifact {} appears twice in this run", cx.shown(node));
                let earlier = cx.tree.span(*entry.get());
                out.push(cx.at_value(&ARTIFACT_NAME_NOT_UNIQUE, node, message).related(earlier, "the first one"));
            }
        }
    }
}

/// Reports artifacts with documents of their own.
/// The maximum number of artifacts of the same name that are compared with each other: those with the same id have a finding for that.
const MOST_COMPARED: usize = 100;

fn among_documents(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let own = workspace.own;
    let Some(node) = own.object.name else { return };
    let is_another = |other: &&Member| other.id() != own.id();
    if let Some(other) = workspace.others(workspace.namesakes(workspace.id)).take(MOST_COMPARED).find(is_another) {
        let message = format!("the run of this artifact has another one with the name {}", cx.shown(node));
        let finding = cx.at_value(&ARTIFACT_NAME_NOT_UNIQUE, node, message);
        out.push(workspace.relate(finding, other, other.object.name, "the other artifact"));
    }
}
