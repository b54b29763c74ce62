//! `document/unknown-kind`

use crate::rules::declare_rule;

declare_rule! {
    /// It must be clear which kind of MLSpec document this is.
    ///
    /// A document says what it is with `kind`, next to `mlSpecVersion`. Without `kind`, its fields are used: `steps` make it a pipeline,
    /// `experiment_id` makes it a run, even with a typo. This rule reports a `kind` that does not exist, fields that fit two kinds equally
    /// well, and a document that has an `mlSpecVersion` but no field that identifies its kind. Such a document is not checked any further.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datastor
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: credit-default
    /// ```
    /// Only `mlSpecVersion` hints at MLSpec here:
    /// ```yaml
    /// mlSpecVersion: 0.1.0
    /// name: credit-lake
    /// owner: risk-ml
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
    /// `--unsafe-fixes` corrects a `kind` that is almost the name of a kind.
    ///
    /// ## Options
    /// Where the documents cannot be changed, say what they are with `--kind` on the command line, or for some files in
    /// the configuration:
    /// ```toml
    /// [[kind]]
    /// files = ["data/**/*.yml"]
    /// kind = "dataset"
    /// ```
    pub UNKNOWN_KIND = {
        id: "document/unknown-kind",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "data/dataset.yml, pipelines/pipeline.yml: the examples do not say what they are; `kind` is an addition of version 0.1.0",
        kinds: [],
        check: Reader,
    }
}
