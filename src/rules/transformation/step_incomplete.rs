//! `transformation/step-incomplete`

use crate::rules::declare_rule;

declare_rule! {
    /// A step of a transformation must record the parameters that its method needs.
    ///
    /// Serving must convert a request exactly as training converted its data. Without the vocabulary, the mean or the boundaries, nobody
    /// can, and the model gets other numbers than it was trained with. `vocabulary` needs `values`, `scale_to_z_score` its `mean` and
    /// `std`, `scale_to_0_1` its `minimum` and `maximum`, `bucketize` its `boundaries`, `hash` its `buckets`, and `fill_missing` a `value`.
    ///
    /// ## Fails
    /// ```yaml base:credit-features
    /// steps:
    ///   - {field: age, method: bucketize, output: age_bucket}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-features
    /// steps:
    ///   - {field: age, method: bucketize, output: age_bucket, boundaries: [25, 35, 50]}
    /// ```
    pub STEP_INCOMPLETE = {
        id: "transformation/step-incomplete",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 4, “feature wrangling (e.g. feature to integer mappings)”",
        kinds: [],
        check: Schema(None),
    }
}
