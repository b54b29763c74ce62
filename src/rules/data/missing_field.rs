//! `data/missing-field`

use crate::rules::declare_rule;

declare_rule! {
    /// Data must have the fields that its schema demands.
    ///
    /// A model that was trained with a field guesses without it. `fieldsMatch` says which fields must be there: all of them unless it is `subset` or
    /// `partial`. A field that only some environments have, by `in` or `notIn`, is demanded once `--environment` says where the data is from.
    ///
    /// ## Fails
    /// ```csv
    /// loan_id,purpose,defaulted
    /// L1,car,0
    /// ```
    ///
    /// ## Passes
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// ```
    pub MISSING_FIELD = {
        id: "data/missing-field",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: [DataSchema],
        check: Data,
    }
}
