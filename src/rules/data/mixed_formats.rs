//! `data/mixed-formats`

use crate::rules::declare_rule;

declare_rule! {
    /// A field should write days in one way.
    ///
    /// `03/04/2026` is in March for one half of the world and in April for the other. A field in which some rows write days in one way and some in another
    /// was put together from two sources, and one of them is read wrongly.
    ///
    /// ## Fails
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: opened_on, type: string}
    /// ```
    /// ```csv
    /// loan_id,income,purpose,defaulted,opened_on
    /// L1,3200,car,0,2026-04-03
    /// L2,2800,car,0,03/04/2026
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: opened_on, type: string}
    /// ```
    /// ```csv
    /// loan_id,income,purpose,defaulted,opened_on
    /// L1,3200,car,0,2026-04-03
    /// L2,2800,car,0,2026-04-03
    /// ```
    pub MIXED_FORMATS = {
        id: "data/mixed-formats",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 3, “descriptive statistics on the included features”",
        kinds: [DataSchema],
        check: Data,
    }
}
