//! `data/unexpected-field`

use crate::rules::declare_rule;

declare_rule! {
    /// Data must not have fields that its schema does not know.
    ///
    /// A field that appears is either misspelt, so that another one is missing, or new, and then nobody has said what it holds and whether it may be used.
    /// `fieldsMatch: superset` allows other fields.
    ///
    /// ## Fails
    /// ```csv
    /// loan_id,income,purpose,defaulted,comment
    /// L1,3200,car,0,x
    /// ```
    ///
    /// ## Passes
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// ```
    pub UNEXPECTED_FIELD = {
        id: "data/unexpected-field",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: [DataSchema],
        check: Data,
    }
}
