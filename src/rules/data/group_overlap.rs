//! `data/group-overlap`

use crate::rules::declare_rule;

declare_rule! {
    /// No identity may be in two sets of a split.
    ///
    /// If the loans of one customer are in training and in test, a model may recognize the customer and not the risk. Compared are the values of each field of `role: id`, and the
    /// `primaryKey`, with `check train.csv test.csv --schema S --splits`.
    ///
    /// ## Fails
    /// ```text
    /// train.csv:  customer 17, loan L1
    /// test.csv:   customer 17, loan L9
    /// ```
    ///
    /// ## Passes
    /// ```text
    /// train.csv:  customer 17, loan L1
    /// test.csv:   customer 23, loan L9
    /// ```
    pub GROUP_OVERLAP = {
        id: "data/group-overlap",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 6, “Use metadata to detect leakage of training data into testing data”",
        kinds: [DataSchema],
        check: Data,
    }
}
