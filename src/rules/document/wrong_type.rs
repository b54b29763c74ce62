//! `document/wrong-type`

use crate::rules::declare_rule;

declare_rule! {
    /// A value must be of the type that its field has.
    ///
    /// YAML decides the type from how a value is written: `"false"` in quotes is a string, and in most languages a
    /// non-empty string counts as true. A list where one value belongs, or a number where a name belongs, fails later,
    /// where the cause is harder to see.
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
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// isReadOnly: "false"
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
    /// isReadOnly: false
    /// ```
    ///
    /// ## Fix
    /// `--fix` adds or removes quotes where the value itself stays the same.
    pub WRONG_TYPE = {
        id: "document/wrong-type",
        severity: Error,
        since: "0.1.0",
        fix: Safe,
        source: "the examples of the MLSpec repository; experiment_tracking/run.md, “both represented as strings”",
        kinds: [],
        check: Schema(None),
    }
}
