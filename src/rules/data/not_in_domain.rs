//! `data/not-in-domain`

use crate::rules::declare_rule;

declare_rule! {
    /// A value must be one of the categories of its field.
    ///
    /// A model has learnt nothing about a category that it has never seen, and an encoder ends its work or calls it unknown. With `domain`, some values may
    /// be others; then `data/domain-exceeded` reports if there are too many.
    ///
    /// ## Fails
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// L2,2800,House,0
    /// ```
    ///
    /// ## Passes
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// L2,2800,house,0
    /// ```
    pub NOT_IN_DOMAIN = {
        id: "data/not-in-domain",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: [DataSchema],
        check: Data,
    }
}
