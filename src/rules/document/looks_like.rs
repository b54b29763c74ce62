//! `document/looks-like`

use crate::rules::declare_rule;

declare_rule! {
    /// A document that has keys of MLSpec should say that it is MLSpec.
    ///
    /// Other tools use many of the same keys, so a document without `mlSpecVersion`, and without a `kind` together with keys of that kind,
    /// may be anything. It is not checked, no fix changes it, and no other document can refer to it. The finding says so, in order that a
    /// clean report is not mistaken for a checked document. Files of [known formats](../../recognition.md) get no finding.
    ///
    /// ## Fails
    /// ```yaml
    /// location: s3://contoso-loans/2026-06
    /// versionNotes: without the loans that were paid back at once
    /// owner: risk-ml
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// mlSpecVersion: 0.1.0
    /// kind: dataset
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: loans
    /// state: active
    /// location: s3://contoso-loans/2026-06
    /// version: 1.4.0
    /// versionNotes: without the loans that were paid back at once
    /// digest: sha256:8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4
    /// ```
    ///
    /// ## Options
    /// Where the documents cannot be changed, say what they are with `--kind` on the command line, or for some files in
    /// the configuration:
    /// ```toml
    /// [[kind]]
    /// files = ["data/**/*.yml"]
    /// kind = "dataset"
    /// ```
    pub LOOKS_LIKE = {
        id: "document/looks-like",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "data/dataset.yml, pipelines/pipeline.yml: the examples do not say what they are; `kind` is an addition of version 0.1.0",
        kinds: [],
        check: Reader,
    }
}
