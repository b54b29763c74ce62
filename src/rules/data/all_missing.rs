//! `data/all-missing`

use crate::rules::declare_rule;

declare_rule! {
    /// A field should have a value in some row.
    ///
    /// A field without any value is one whose source is broken, or that the data does not have any more. It is reported from 20 rows on.
    ///
    /// ## Fails
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,,house,1
    /// L2,,car,0
    /// L3,,house,1
    /// L4,,car,0
    /// L5,,house,1
    /// L6,,car,0
    /// L7,,house,1
    /// L8,,car,0
    /// L9,,house,1
    /// L10,,car,0
    /// L11,,house,1
    /// L12,,car,0
    /// L13,,house,1
    /// L14,,car,0
    /// L15,,house,1
    /// L16,,car,0
    /// L17,,house,1
    /// L18,,car,0
    /// L19,,house,1
    /// L20,,car,0
    /// ```
    ///
    /// ## Passes
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,,house,1
    /// L2,,car,0
    /// L3,,house,1
    /// L4,,car,0
    /// L5,,house,1
    /// L6,,car,0
    /// L7,,house,1
    /// L8,,car,0
    /// L9,,house,1
    /// L10,,car,0
    /// L11,,house,1
    /// L12,,car,0
    /// L13,,house,1
    /// L14,,car,0
    /// L15,,house,1
    /// L16,,car,0
    /// L17,,house,1
    /// L18,,car,0
    /// L19,1019,house,1
    /// L20,1020,car,0
    /// ```
    pub ALL_MISSING = {
        id: "data/all-missing",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 3, “descriptive statistics on the included features”",
        kinds: [DataSchema],
        check: Data,
    }
}
