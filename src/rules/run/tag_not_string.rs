//! `run/tag-not-string`

use crate::rules::declare_rule;

declare_rule! {
    /// The key and the value of a tag or property must be strings.
    ///
    /// Tags are compared as text: a search for `2026` does not find the number 2026, and `1.10` without quotes is
    /// stored as 1.1. Quote what looks like a number, `true`, `false` or a date.
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
    /// tags:
    ///   - key: year
    ///     value: 2026
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
    /// tags:
    ///   - key: year
    ///     value: "2026"
    /// ```
    ///
    /// ## Fix
    /// `--fix` quotes a number or boolean as it is written.
    pub TAG_NOT_STRING = {
        id: "run/tag-not-string",
        severity: Error,
        since: "0.1.0",
        fix: Safe,
        source: "experiment_tracking/run.md, “Each tag consists of a key and a value, both represented as strings.”",
        kinds: [],
        check: Schema(None),
    }
}
