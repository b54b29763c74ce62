//! `document/single-for-list`

use crate::rules::declare_rule;

declare_rule! {
    /// A field that takes a list must hold a list, even if it has only one item.
    ///
    /// Code that loops over the field iterates over the keys of the mapping instead of over the one item, and usually without an error.
    /// Whoever adds a second item has to rewrite the first one.
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
    ///   key: domain
    ///   value: credit
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
    ///   - key: domain
    ///     value: credit
    /// ```
    ///
    /// ## Fix
    /// `--fix` makes the mapping the only item of a list.
    pub SINGLE_FOR_LIST = {
        id: "document/single-for-list",
        severity: Warning,
        since: "0.1.0",
        fix: Safe,
        source: "experiment_tracking/experiment_example.yml gives metrics, artifacts and datasets as one mapping; run.md shows lists",
        kinds: [],
        check: Schema(None),
    }
}
