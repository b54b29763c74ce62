//! `naming/id-form`

use super::is_given_later;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// An id should be a UUID or a SHA-1.
    ///
    /// An id must never be reused, not even after its object was archived. Nobody has to ask anybody for a random UUID or for the hash of
    /// some content; a hand-made id such as `loans-2` is sooner or later given to something else as well. What people should read belongs
    /// in `name`.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: credit-lake-2
    /// name: credit-lake
    /// type: s3
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
    pub ID_FORM = {
        id: "naming/id-form",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "common/object.md, “sufficient to represent either UUID or SHA-1”",
        kinds: [
            Artifact, DataSchema, Dataset, Datastore, Evaluation, Ingestion, Module, ModuleVersion, Monitoring, Objectives,
            Pipeline, PipelineRun, Profile, Rollout, Run, Split, Test, Transformation, Validation
        ],
        check: Any(check),
    }
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for entry in cx.tree.entries(cx.root).filter(|entry| matches!(cx.tree.key_name(entry.key), "id" | "Id")) {
        let Some(text) = cx.tree.string(entry.value) else { continue };
        if is_given_later(text) || is_id(text) || cx.is_faulty(entry.value) {
            continue;
        }
        let message = format!("the id {} is neither a UUID nor a SHA-1", cx.shown(entry.value));
        out.push(cx.at_value(&ID_FORM, entry.value, message));
    }
}

/// Whether a text is an id of the recommended form: a UUID or a SHA-1.
pub(crate) fn is_id(text: &str) -> bool {
    is_uuid(text) || is_sha1(text)
}

fn is_sha1(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a text is 8-4-4-4-12 hexadecimal digits, or 32 without hyphens.
fn is_uuid(text: &str) -> bool {
    let is_hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    match text.len() {
        32 => is_hex(text),
        36 => text.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && text.split('-').all(is_hex),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_and_hashes_are_told_from_names() {
        assert!(is_uuid("592F0C1C-72ae-4236-9202-7e6aff1954f4"));
        assert!(is_uuid("592f0c1c72ae423692027e6aff1954f4"));
        assert!(is_sha1("2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"));
        for text in
            ["592f0c1c-72ae-4236-9202-7e6aff1954g4", "592f0c1c72-ae-4236-9202-7e6aff1954f4", "2fd4e1c", "credit-lake"]
        {
            assert!(!is_uuid(text) && !is_sha1(text), "{text}");
        }
    }
}
