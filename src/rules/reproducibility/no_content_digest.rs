//! `reproducibility/no-content-digest`

use crate::diagnostics::Finding;
use crate::documents::Kind;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// A dataset or artifact that is a file should carry the digest of its content.
    ///
    /// A path says where the bytes were, not which ones. Files are overwritten, buckets are cleaned up, and a model that is trained again
    /// from "the same" data comes out different without anybody knowing why. A digest that was recorded when the data was made shows in a
    /// second whether it is still the same data.
    ///
    /// This is advice, and given only if a digest can be computed and recorded: for a single file (a name with an extension; not a folder,
    /// a table or a query), since version 0.1.0, in datasets and artifacts that are in use. [run/run-lineage](../run/run-lineage.md) checks
    /// which data a run read.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026-08
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026-08
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 9d0dfa46-0673-47fd-83ec-9e03396bca59
    /// name: open-loans
    /// state: Active
    /// version: 1.0.0
    /// location: {DataStore: credit-warehouse, Query: select * from loans where closed is null}
    /// ```
    pub NO_CONTENT_DIGEST = {
        id: "reproducibility/no-content-digest",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 2, “signed datasets”; other metadata stores identify data by the hash of its content",
        kinds: [Artifact, Dataset],
        check: Any(check),
    }
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let version = text(cx, cx.root, "mlSpecVersion");
    // The field is new in 0.1.0.
    if version.is_none_or(|version| version.starts_with("0.0.")) || !cx.is_complete() {
        return;
    }
    match cx.kind {
        Kind::Dataset if is_in_use(cx) => out.extend(about(cx, cx.root, "location", "this dataset")),
        Kind::Artifact if is_in_use(cx) => out.extend(about(cx, cx.root, "data_path", "this artifact")),
        _ => {}
    }
}

/// Reports data that is a single file and has no digest.
fn about(cx: &Context<'_>, holder: NodeId, key: &str, what: &str) -> Option<Finding> {
    let has_digest = cx.find(holder, &["digest"]).is_some_and(|digest| !cx.tree.is_null(digest));
    let place = cx.find(holder, &[key])?;
    let path = text(cx, place, "RelativePath").or_else(|| cx.tree.string(place));
    let is_file = path.is_some_and(is_single_file);
    (is_file && !has_digest && !cx.is_faulty(place)).then(|| {
        let message = format!("{what} has no digest of its content");
        cx.at_key(&NO_CONTENT_DIGEST, place, message).help("add `digest: sha256:…`, as `sha256sum` prints it")
    })
}

/// Whether a path or URL names one file: its last part has an extension, unlike a folder or a version number.
fn is_single_file(path: &str) -> bool {
    let path = path.split(['?', '#', '$', '{', '<', '*']).next().unwrap_or(path);
    // The part between `://` and the next slash is a host.
    let path = path.split_once("://").map_or(Some(path), |(_, rest)| rest.split_once('/').map(|(_, path)| path));
    let name = path.and_then(|path| path.rsplit('/').next()).unwrap_or("");
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        let is_word = extension.len() <= 10 && extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
        !stem.is_empty() && is_word && extension.starts_with(|c: char| c.is_ascii_alphabetic())
    })
}

fn text<'a>(cx: &Context<'a>, mapping: NodeId, key: &str) -> Option<&'a str> {
    cx.tree.string(cx.find(mapping, &[key])?)
}

/// Whether the object is in use: the rule does not apply to deprecated and archived ones.
fn is_in_use(cx: &Context<'_>) -> bool {
    let status = text(cx, cx.root, "state").or_else(|| text(cx, cx.root, "status"));
    status.is_none_or(|status| status.eq_ignore_ascii_case("active"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_from_folders_and_services() {
        for path in ["loans.csv", "clients/1.1.0/train.parquet", "s3://lake/loans.tar.gz", "https://a.b/loans.zip?v=1"]
        {
            assert!(is_single_file(path), "{path}");
        }
        for path in [
            "",
            "loans",
            "clients/1.1.0",
            "clients/1.1.0/",
            "https://data.contoso.com",
            "https://a.b/loans",
            ".csv",
            "loans/*.csv",
            "a/${NAME}.csv",
        ] {
            assert!(!is_single_file(path), "{path}");
        }
    }
}
