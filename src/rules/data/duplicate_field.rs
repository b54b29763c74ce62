//! `data/duplicate-field`

use crate::rules::declare_rule;

declare_rule! {
    /// A header must not name a field twice.
    ///
    /// One reader takes the first of two fields of one name, another the last, and a third renames one of them. Nobody can tell which one a schema means, and
    /// nothing below the header is checked.
    ///
    /// ## Fails
    /// ```csv
    /// loan_id,income,purpose,income,defaulted
    /// L1,3200,car,3300,0
    /// ```
    ///
    /// ## Passes
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// ```
    pub DUPLICATE_FIELD = {
        id: "data/duplicate-field",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: [DataSchema],
        check: Data,
    }
}
