//! `data/out-of-range`

use crate::rules::declare_rule;

declare_rule! {
    /// A number must lie within the bounds of its field.
    ///
    /// An income below zero or an age of 170 is a mistake of whoever typed or converted it, and moves means and scales for all others.
    ///
    /// ## Fails
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// L2,-1,car,0
    /// ```
    ///
    /// ## Passes
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// L2,0,car,0
    /// ```
    pub OUT_OF_RANGE = {
        id: "data/out-of-range",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: [DataSchema],
        check: Data,
    }
}
