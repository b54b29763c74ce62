//! `data/constant`

use crate::rules::declare_rule;

declare_rule! {
    /// A field should not have the same value in all rows.
    ///
    /// No model can learn from it. Usually a filter has fixed it, or a join has lost the others, and the model meets values in production that it has never
    /// seen. It is reported from 20 rows on.
    ///
    /// ## Fails
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3010,car,1
    /// L2,3020,car,0
    /// L3,3030,car,1
    /// L4,3040,car,0
    /// L5,3050,car,1
    /// L6,3060,car,0
    /// L7,3070,car,1
    /// L8,3080,car,0
    /// L9,3090,car,1
    /// L10,3100,car,0
    /// L11,3110,car,1
    /// L12,3120,car,0
    /// L13,3130,car,1
    /// L14,3140,car,0
    /// L15,3150,car,1
    /// L16,3160,car,0
    /// L17,3170,car,1
    /// L18,3180,car,0
    /// L19,3190,car,1
    /// L20,3200,car,0
    /// ```
    ///
    /// ## Passes
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3010,car,1
    /// L2,3020,car,0
    /// L3,3030,car,1
    /// L4,3040,car,0
    /// L5,3050,car,1
    /// L6,3060,car,0
    /// L7,3070,car,1
    /// L8,3080,car,0
    /// L9,3090,car,1
    /// L10,3100,car,0
    /// L11,3110,car,1
    /// L12,3120,car,0
    /// L13,3130,car,1
    /// L14,3140,car,0
    /// L15,3150,car,1
    /// L16,3160,car,0
    /// L17,3170,car,1
    /// L18,3180,house,0
    /// L19,3190,house,1
    /// L20,3200,house,0
    /// ```
    pub CONSTANT = {
        id: "data/constant",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 3, “descriptive statistics on the included features”",
        kinds: [DataSchema],
        check: Data,
    }
}
