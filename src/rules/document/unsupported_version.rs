//! `document/unsupported-version`

use crate::diagnostics::Applicability;
use crate::documents::Kind;
use crate::rules::declare_rule;

declare_rule! {
    /// The MLSpec version must be one that exists.
    ///
    /// `mlSpecVersion` says which edition of the specification the document follows: `0.0.1` is the MLSpec repository
    /// as published, `0.1.0` adds `kind`, pipeline ports, slices, objectives, evaluations and tests, and `0.2.0` the kinds
    /// for the other steps of the lifecycle. Another value means that the document was written for an edition that this
    /// tool does not know, or that a version of something else was put there. A missing version is read as `0.0.1`; that
    /// is a warning where the examples of the specification have one.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 2.0.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: credit-default
    /// ```
    /// The version is missing:
    /// ```yaml
    /// kind: dataset
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026-08
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
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
    /// `--fix` adds a missing version. If the kind is newer than the version, it writes the version that the kind came with.
    pub UNSUPPORTED_VERSION = {
        id: "document/unsupported-version",
        severity: Error,
        since: "0.1.0",
        fix: Safe,
        source: "data/dataset.yml, “mlSpecVersion: 0.0.1”; model_packaging/model_example.yml, “semantic versioning to indicate breaking changes”",
        kinds: [],
        check: Schema(None),
    }
}

/// Returns the version that a kind came with, for a document that names an older one.
pub(crate) fn newer(version: &str, kind: Kind) -> Option<(String, Applicability)> {
    const OLDER: &[&str] = &["0.0.1", "0.1.0"];
    OLDER.contains(&version).then(|| (kind.since().to_owned(), Applicability::Safe))
}

#[cfg(test)]
mod tests {
    use crate::analysis::{Options, lint_text};
    use crate::diagnostics::Applicability;
    use crate::documents::Kind;

    #[test]
    fn a_kind_that_is_newer_than_the_version_is_an_error_with_a_safe_fix() {
        for kind in Kind::ALL.iter().filter(|kind| kind.since() == "0.2.0") {
            let text = crate::schema::starter(*kind);
            for version in ["0.0.1", "0.1.0"] {
                let report = lint_text("a.yml", &text.replace("0.2.0", version), &Options::default());
                let [finding] = report.findings.as_slice() else { panic!("{:#?}", report.findings) };
                assert_eq!(finding.rule.id, "document/unsupported-version");
                assert!(finding.message.ends_with("it came with 0.2.0"), "{}", finding.message);
                let [fix] = finding.fixes.as_slice() else { panic!("{finding:#?}") };
                assert_eq!((fix.title.as_str(), fix.applicability), ("use '0.2.0'", Applicability::Safe));
            }
        }
    }
}
