//! `ingestion/sampling-without-seed`

use crate::rules::declare_rule;

declare_rule! {
    /// A sample by chance must record its seed.
    ///
    /// Without the seed of its random numbers, the same sample cannot be drawn again, so that nobody can tell which examples were left out.
    /// `random`, `stratified` and `reservoir` need a `seed`.
    ///
    /// ## Fails
    /// ```yaml base:credit-ingestion
    /// sampling: {method: random, fraction: 0.1}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-ingestion
    /// sampling: {method: random, fraction: 0.1, seed: 17}
    /// ```
    pub SAMPLING_WITHOUT_SEED = {
        id: "ingestion/sampling-without-seed",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 2, “What tools/connectors … were used for pulling in data, along with queries used”",
        kinds: [],
        check: Schema(None),
    }
}
