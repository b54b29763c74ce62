//! `rollout/no-reason`

use crate::rules::declare_rule;

declare_rule! {
    /// A rollout that did not end as intended must say why.
    ///
    /// Whoever decides about the next version needs to know what was wrong with this one. `rolled-back` and `failed` need a `reason`.
    ///
    /// ## Fails
    /// ```yaml base:credit-rollout
    /// result: failed
    /// stages:
    ///   - {traffic: 100%, from: 2026-08-27T08:00:00Z, until: 2026-08-29T08:00:00Z, result: failed}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-rollout
    /// result: failed
    /// reason: Latency doubled under full load.
    /// stages:
    ///   - {traffic: 100%, from: 2026-08-27T08:00:00Z, until: 2026-08-29T08:00:00Z, result: failed}
    /// ```
    pub NO_REASON = {
        id: "rollout/no-reason",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 11, “Record the results of rolling the model out to production”",
        kinds: [],
        check: Schema(None),
    }
}
