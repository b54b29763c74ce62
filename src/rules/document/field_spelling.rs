//! `document/field-spelling`

use crate::rules::declare_rule;

declare_rule! {
    /// A field should be written in the case style of its kind.
    ///
    /// The specification writes some fields `likeThis` and others `like_this`, and tools look for exactly that spelling. The same words in
    /// the other style are understood and checked here, but another tool will treat the field as missing.
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
    /// date_generated: 2026-08-22
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
    /// dateGenerated: 2026-08-22
    /// ```
    ///
    /// ## Fix
    /// `--fix` renames the field, unless the same mapping already has a field of the right name.
    pub FIELD_SPELLING = {
        id: "document/field-spelling",
        severity: Warning,
        since: "0.1.0",
        fix: Safe,
        source: "experiment_tracking/experiment_example.yml mixes project_id and submittedDate; each kind's example decides",
        kinds: [],
        check: Schema(None),
    }
}
