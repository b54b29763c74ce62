//! `data/too-often-missing`

use crate::rules::declare_rule;

declare_rule! {
    /// A field must have as many values as its schema demands.
    ///
    /// A source that has failed shows first as values that are missing more often than before. `presence` says the least share of rows that have one.
    ///
    /// ## Fails
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: income, type: number, presence: {minimum: 0.75}}
    /// ```
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// L2,,car,0
    /// L3,,car,0
    /// L4,2900,car,0
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: income, type: number, presence: {minimum: 0.75}}
    /// ```
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// L2,,car,0
    /// L3,3100,car,0
    /// L4,2900,car,0
    /// ```
    pub TOO_OFTEN_MISSING = {
        id: "data/too-often-missing",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: [DataSchema],
        check: Data,
    }
}
