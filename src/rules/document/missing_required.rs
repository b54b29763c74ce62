//! `document/missing-required`

use crate::diagnostics::Fix;
use crate::documents::Kind;
use crate::rules::declare_rule;
use crate::yaml::{NodeId, Tree, edit};

declare_rule! {
    /// A required field must be present and have a value.
    ///
    /// Tools rely on required fields: without `id` an object cannot be referred to, without `location` a dataset cannot
    /// be read. A required field whose value is left out (`name:`) or empty counts as missing. Fields that only some
    /// documents need, such as those of a trainable model, have rules of their own.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name:
    /// status: Active
    /// bucket: credit-default
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: credit-default
    /// ```
    ///
    /// ## Fix
    /// `--fix` adds `kind` where it is missing, since the tool knows it. It does not invent other values.
    pub MISSING_REQUIRED = {
        id: "document/missing-required",
        severity: Error,
        since: "0.1.0",
        fix: Safe,
        source: "model_packaging/model_packaging.md, “(Required)”; common/object.md, “Required”",
        kinds: [],
        check: Schema(None),
    }
}

/// Returns the fix for a missing required key. There is one only for values at the root that the tool itself determined.
#[must_use]
pub fn fix(tree: &Tree, mapping: NodeId, key: &str, kind: Kind) -> Option<Fix> {
    if tree.parent(mapping).is_some() {
        return None;
    }
    let value = match key {
        "kind" => kind.name(),
        // A document with both keys has the same version in both.
        "mlSpecVersion" | "specVersion" => {
            let other = if key == "specVersion" { "mlSpecVersion" } else { "specVersion" };
            match tree.find(mapping, &[other]) {
                Some(other) => tree.string(other)?,
                None => kind.since(),
            }
        }
        _ => return None,
    };
    let entry = format!("{key}: {value}");
    let edits = edit::insert_first_entry(tree, mapping, &entry)?;
    Some(Fix::safe(format!("add '{entry}'"), edits))
}
