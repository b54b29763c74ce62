//! `reference/unused-store`

use rustc_hash::FxHashSet;

use super::{CONTAINER_STORES, DATA_STORES, FILE_PATHS, Namespace, is_fragment};
use crate::diagnostics::Fix;
use crate::rules::naming::is_given_later;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::{NodeId, edit};

declare_rule! {
    /// A data store, registry or group of files that nothing refers to should be removed.
    ///
    /// Whoever reviews the package has to find out what an entry is for, and platforms may ask for its credentials although nothing uses
    /// them. Often it is left over from an earlier model. The rule does not check a file that holds only sections of a model, or none of
    /// `train`, `serve`, `score` and `convert`: there the name may be used in another file.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// model_identifier: credit-default
    /// license: Apache-2.0
    /// labels: {pipeline_uuids: [58d8a7cb-5b08-493d-b5f1-595c5bf4d265]}
    /// framework:
    ///   name: onnx
    /// serve:
    ///   servable: true
    ///   model_source:
    ///     servable_model: {data_store: credit-lake, bucket: credit-default, path: 1.2.0/model.onnx}
    /// data_stores:
    ///   - name: credit-lake
    ///     type: s3
    ///     connection:
    ///       endpoint: https://s3.eu-central-1.amazonaws.com
    ///   - name: credit-lake-2024
    ///     type: s3
    ///     connection:
    ///       endpoint: https://s3.eu-west-1.amazonaws.com
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: model
    /// mlSpecVersion: 0.1.0
    /// name: credit-default
    /// model_identifier: credit-default
    /// license: Apache-2.0
    /// labels: {pipeline_uuids: [58d8a7cb-5b08-493d-b5f1-595c5bf4d265]}
    /// framework:
    ///   name: onnx
    /// serve:
    ///   servable: true
    ///   model_source:
    ///     servable_model: {data_store: credit-lake, bucket: credit-default, path: 1.2.0/model.onnx}
    /// data_stores:
    ///   - name: credit-lake
    ///     type: s3
    ///     connection:
    ///       endpoint: https://s3.eu-central-1.amazonaws.com
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` removes the entry.
    pub UNUSED_STORE = {
        id: "reference/unused-store",
        severity: Info,
        since: "0.1.0",
        fix: Unsafe,
        source: "model_packaging/model_packaging.md, data_stores, data_store_file_paths and container_stores: each is there to be named",
        kinds: [Model],
        check: Any(check),
    }
}

/// The sections that refer to stores.
const USERS: &[&str] = &["train", "serve", "score", "convert"];

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let has_user = cx.tree.entries(cx.root).any(|entry| USERS.contains(&cx.tree.key_name(entry.key)));
    if !has_user || is_fragment(cx) {
        return;
    }
    for namespace in [&DATA_STORES, &CONTAINER_STORES, &FILE_PATHS] {
        for name in unused(namespace, cx) {
            let what = format!("{} {} is never referenced", namespace.field, cx.shown(name));
            let edits = cx.tree.parent(name).and_then(|item| edit::remove_item(cx.tree, item));
            let fix = edits.map(|edits| Fix::needs_review("remove the entry", edits));
            out.push(cx.at_value(&UNUSED_STORE, name, what).fix(fix));
        }
    }
}

/// Returns the names that nothing refers to. Empty if a reference cannot be resolved, since it may mean one of them.
fn unused(namespace: &Namespace, cx: &Context<'_>) -> Vec<NodeId> {
    let definitions = namespace.definitions(cx);
    if definitions.names.is_empty() || !definitions.is_complete {
        return Vec::new();
    }
    let mut unused: FxHashSet<&str> = definitions.names.iter().map(|(name, _)| *name).collect();
    let known = unused.clone();
    for (name, _) in namespace.references(cx) {
        if !name.is_empty() && (is_given_later(name) || !known.contains(name)) {
            return Vec::new();
        }
        unused.remove(name);
    }
    definitions.names.into_iter().filter(|(name, _)| unused.contains(name)).map(|(_, node)| node).collect()
}
