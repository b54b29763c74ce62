//! `ingestion/sharding-without-key`

use crate::rules::declare_rule;

declare_rule! {
    /// Sharding by a key must say by which.
    ///
    /// Without the key, nobody knows which examples are in which shard, and the work cannot be divided in the same way again. `hash`,
    /// `range` and `time` need a `key`.
    ///
    /// ## Fails
    /// ```yaml base:credit-ingestion
    /// sharding: {strategy: hash, shards: 16}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-ingestion
    /// sharding: {strategy: hash, key: customer_id, shards: 16}
    /// ```
    pub SHARDING_WITHOUT_KEY = {
        id: "ingestion/sharding-without-key",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 2, “sharding strategies”",
        kinds: [],
        check: Schema(None),
    }
}
