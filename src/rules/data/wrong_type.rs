//! `data/wrong-type`

use crate::rules::declare_rule;

declare_rule! {
    /// A value must be of the type of its field.
    ///
    /// A text among numbers makes most readers read the whole field as texts. Types are those of Table Schema: an integer has neither a fraction nor an
    /// exponent, a date is `2026-08-22` unless `format` says how it is written (as in `%d/%m/%Y`), a truth value is `true`, `false`, `yes`, `no`, `1` or `0`.
    ///
    /// ## Fails
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// L2,unknown,car,0
    /// ```
    ///
    /// ## Passes
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// L2,2800.5,car,0
    /// ```
    pub WRONG_TYPE = {
        id: "data/wrong-type",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: [DataSchema],
        check: Data,
    }
}
