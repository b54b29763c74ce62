//! `data/domain-exceeded`

use crate::rules::declare_rule;

declare_rule! {
    /// No more values may be outside of the categories than the schema allows.
    ///
    /// Real data has a value now and then that nobody foresaw. `domain` says the least share of values that must be among the categories; if there are
    /// fewer, something has changed.
    ///
    /// ## Fails
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: purpose, type: string, categories: [car, house, other], domain: {minimum: 0.75}}
    /// ```
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// L2,1,boat,0
    /// L3,1,boat,0
    /// L4,2900,car,0
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: purpose, type: string, categories: [car, house, other], domain: {minimum: 0.75}}
    /// ```
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// L2,1,boat,0
    /// L3,1,house,0
    /// L4,2900,car,0
    /// ```
    pub DOMAIN_EXCEEDED = {
        id: "data/domain-exceeded",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: [DataSchema],
        check: Data,
    }
}
