//! `data/row-count`

use crate::rules::declare_rule;

declare_rule! {
    /// Data must have as many rows as its schema expects.
    ///
    /// Half of a table looks like a whole one in every other way. `rows` says how many there are at least and at most. Data without any row
    /// has nothing that could be wrong, and is no proof that anything is right: a schema must allow it, by `rows: {minimum: 0}`.
    ///
    /// ## Fails
    /// ```yaml base:credit-schema
    /// rows: {minimum: 3}
    /// ```
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// L2,2800,car,0
    /// ```
    ///
    /// ```yaml base:credit-schema
    /// description: Loans of the year
    /// ```
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-schema
    /// rows: {minimum: 2}
    /// ```
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// L2,2800,car,0
    /// ```
    pub ROW_COUNT = {
        id: "data/row-count",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: [DataSchema],
        check: Data,
    }
}
