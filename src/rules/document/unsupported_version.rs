//! `document/unsupported-version`

use crate::rules::declare_rule;

declare_rule! {
    /// The MLSpec version must be one that exists.
    ///
    /// `mlSpecVersion` says which edition of the specification the document follows: `0.0.1` is the MLSpec repository
    /// as published, `0.1.0` adds `kind`, pipeline ports, slices, objectives, evaluations and tests. Another value
    /// means that the document was written for an edition that this tool does not know, or that a version of something
    /// else was put there. A missing version is read as `0.0.1`; that is a warning where the examples of the
    /// specification have one.
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
    /// `--fix` adds a missing version.
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
