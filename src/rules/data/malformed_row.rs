//! `data/malformed-row`

use crate::rules::declare_rule;

declare_rule! {
    /// A row of data must be one that every reader takes apart in the same way.
    ///
    /// A row with a field too many, a quote that nobody closes or a byte that is not UTF-8 is read by one library as something else than by another,
    /// left out by a third, and ends the work of a fourth. What of it is right cannot be told, so that none of its values is checked. The rows after it are.
    ///
    /// What is not CSV at all, such as a compressed file or one in UTF-16, or has more than 10,000 columns or a row of more than 16 MiB, is reported here, too.
    ///
    /// ## Fails
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// L2,2800,car,0,new
    /// ```
    ///
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,"car",0
    /// L2,2800,"car"s,0
    /// ```
    ///
    /// ## Passes
    /// ```csv
    /// loan_id,income,purpose,defaulted
    /// L1,3200,car,0
    /// L2,2800,"car",0
    /// ```
    pub MALFORMED_ROW = {
        id: "data/malformed-row",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: [DataSchema],
        check: Data,
    }
}
