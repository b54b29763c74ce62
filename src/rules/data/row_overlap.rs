//! `data/row-overlap`

use crate::rules::declare_rule;

declare_rule! {
    /// No example may be in two sets of a split.
    ///
    /// An example that a model was trained on tells nothing about how it does on others: it has been learnt by heart. `check train.csv test.csv --schema S --splits` compares
    /// the sets. Rows are compared without the fields that identify them (`role: id`, the `primaryKey`) and those of `role: ignore`, so that a copy under another number is found, too; numbers are
    /// alike however they are written. The search is exact for any number of rows.
    ///
    /// ## Fails
    /// ```text
    /// train.csv:  L1,3200,car,0
    /// test.csv:   L9,3200.0,car,0
    /// ```
    ///
    /// ## Passes
    /// ```text
    /// train.csv:  L1,3200,car,0
    /// test.csv:   L9,2800,car,0
    /// ```
    pub ROW_OVERLAP = {
        id: "data/row-overlap",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 6, “Use metadata to detect leakage of training data into testing data”",
        kinds: [DataSchema],
        check: Data,
    }
}
