//! `data/time-overlap`

use crate::rules::declare_rule;

declare_rule! {
    /// Data of a test should be newer than that of training.
    ///
    /// A model is used on what comes after it was trained. A test on older examples than the newest of training asks it about a past whose future it knows. It is
    /// reported with `--splits` if a field has `role: timestamp`; a split at random has such rows by its nature.
    ///
    /// ## Fails
    /// ```text
    /// train.csv:  …, 2026-03-31
    /// test.csv:   …, 2026-02-11
    /// ```
    ///
    /// ## Passes
    /// ```text
    /// train.csv:  …, 2026-03-31
    /// test.csv:   …, 2026-04-11
    /// ```
    pub TIME_OVERLAP = {
        id: "data/time-overlap",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 6, “Use metadata to detect leakage of training data into testing data”",
        kinds: [DataSchema],
        check: Data,
    }
}
