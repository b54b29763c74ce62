//! `data/not-finite`

use crate::rules::declare_rule;

declare_rule! {
    /// A number must be finite unless its schema allows others.
    ///
    /// One NaN makes the mean, the loss and every weight NaN. A number such as `1e999` is infinite to whoever reads it as a double. Where such values are
    /// meant, `constraints: {finite: false}` says so.
    ///
    /// ## Fails
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// L2,1e999,car,0
    /// ```
    ///
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// L2,NaN,car,0
    /// ```
    ///
    /// ## Passes
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// L2,1e99,car,0
    /// ```
    pub NOT_FINITE = {
        id: "data/not-finite",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: [DataSchema],
        check: Data,
    }
}
