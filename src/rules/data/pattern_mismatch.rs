//! `data/pattern-mismatch`

use crate::rules::declare_rule;

declare_rule! {
    /// A text must match the pattern or the format of its field.
    ///
    /// An identifier in another form joins with nothing. The whole text must match, as Table Schema says. Of the formats, `uuid`, `email` and `uri` are
    /// checked; any other is for people.
    ///
    /// ## Fails
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: loan_id, type: string, role: id, constraints: {pattern: "L[0-9]+"}}
    /// ```
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// X2,2800,car,0
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: loan_id, type: string, role: id, constraints: {pattern: "L[0-9]+"}}
    /// ```
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// L2,2800,car,0
    /// ```
    pub PATTERN_MISMATCH = {
        id: "data/pattern-mismatch",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: [DataSchema],
        check: Data,
    }
}
