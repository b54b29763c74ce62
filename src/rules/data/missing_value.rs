//! `data/missing-value`

use crate::rules::declare_rule;

declare_rule! {
    /// A field that is required must have a value in every row.
    ///
    /// What stands for a missing value is said by `missingValues`: in CSV, the empty text unless it says something else. A field of which some values may
    /// be missing has `presence` in place of `required`.
    ///
    /// ## Fails
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// ,2800,car,0
    /// ```
    ///
    /// ## Passes
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// L2,,car,0
    /// ```
    pub MISSING_VALUE = {
        id: "data/missing-value",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: [DataSchema],
        check: Data,
    }
}
