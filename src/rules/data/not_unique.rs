//! `data/not-unique`

use crate::rules::declare_rule;

declare_rule! {
    /// A value that is to be unique must not occur twice.
    ///
    /// Rows that occur twice count twice, and a join multiplies them. All values are compared, however many there are; the same holds for the
    /// `primaryKey` as a whole.
    ///
    /// ## Fails
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// L2,2800,car,0
    /// L1,3100,house,1
    /// ```
    ///
    /// ## Passes
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// L2,2800,car,0
    /// L3,3100,house,1
    /// ```
    pub NOT_UNIQUE = {
        id: "data/not-unique",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: [DataSchema],
        check: Data,
    }
}
