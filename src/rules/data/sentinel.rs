//! `data/sentinel`

use crate::rules::declare_rule;

declare_rule! {
    /// A number should not stand for a missing value without being said to.
    ///
    /// -999 among incomes is no income. A model takes it for one, and so do means and scales. Reported are numbers such as -1, 99 and -999, and days such as
    /// 1970-01-01, that occur in one row of a hundred or more, at the end of the range and far from all other values.
    ///
    /// ## Fails
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3010,house,1
    /// L2,3020,car,0
    /// L3,3030,house,1
    /// L4,3040,car,0
    /// L5,999999,house,1
    /// L6,3060,car,0
    /// L7,3070,house,1
    /// L8,3080,car,0
    /// L9,3090,house,1
    /// L10,999999,car,0
    /// L11,3110,house,1
    /// L12,3120,car,0
    /// L13,3130,house,1
    /// L14,3140,car,0
    /// L15,999999,house,1
    /// L16,3160,car,0
    /// L17,3170,house,1
    /// L18,3180,car,0
    /// L19,3190,house,1
    /// L20,999999,car,0
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-schema
    /// missingValues: ["", "999999"]
    /// ```
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3010,house,1
    /// L2,3020,car,0
    /// L3,3030,house,1
    /// L4,3040,car,0
    /// L5,999999,house,1
    /// L6,3060,car,0
    /// L7,3070,house,1
    /// L8,3080,car,0
    /// L9,3090,house,1
    /// L10,999999,car,0
    /// L11,3110,house,1
    /// L12,3120,car,0
    /// L13,3130,house,1
    /// L14,3140,car,0
    /// L15,999999,house,1
    /// L16,3160,car,0
    /// L17,3170,house,1
    /// L18,3180,car,0
    /// L19,3190,house,1
    /// L20,999999,car,0
    /// ```
    pub SENTINEL = {
        id: "data/sentinel",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 3, “Identify outliers”",
        kinds: [DataSchema],
        check: Data,
    }
}
