//! `data/wrong-length`

use crate::rules::declare_rule;

declare_rule! {
    /// A text must be as long as its field demands.
    ///
    /// A text that was cut off, or one into which two have run together, is told by its length. It is counted in characters.
    ///
    /// ## Fails
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: loan_id, type: string, role: id, constraints: {maxLength: 3}}
    /// ```
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// L2-L3,2800,car,0
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: loan_id, type: string, role: id, constraints: {maxLength: 3}}
    /// ```
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// L23,2800,car,0
    /// ```
    pub WRONG_LENGTH = {
        id: "data/wrong-length",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: [DataSchema],
        check: Data,
    }
}
