//! `data/label-leak`

use crate::rules::declare_rule;

declare_rule! {
    /// Whether a field is missing should not tell the label.
    ///
    /// A field that is filled in only once the outcome is known tells the outcome. In training, a model needs nothing else; when serving, the field is
    /// always empty, and the model is worth nothing. Reported is a field that is missing in all rows of some classes and in none of the others, with at least 20 rows of each.
    ///
    /// ## Fails
    /// ```text
    /// loan_id,income,recovered_on,defaulted
    /// L1,3200,,0
    /// L2,2800,2026-03-02,1
    /// L3,3100,,0
    /// (and so on, for 40 rows and more)
    /// ```
    ///
    /// ## Passes
    /// ```text
    /// loan_id,income,opened_on,defaulted
    /// L1,3200,2025-01-07,0
    /// L2,2800,,1
    /// L3,3100,,0
    /// ```
    pub LABEL_LEAK = {
        id: "data/label-leak",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 6, “Use metadata to detect leakage of training data into testing data”",
        kinds: [DataSchema],
        check: Data,
    }
}
