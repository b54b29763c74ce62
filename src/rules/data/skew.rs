//! `data/skew`

use crate::rules::declare_rule;

declare_rule! {
    /// Data must not differ more between environments than its schema allows.
    ///
    /// When the same field is computed in two ways, one for training and one for serving, the two drift apart, and the model meets other values than those
    /// that it has learnt from. `skew` sets the limits, as `drift` does between two times; the reference is the profile of another environment.
    ///
    /// ## Fails
    /// ```text
    /// schema:     {name: purpose, type: string, categories: [car, house, other], skew: {linf: 0.03}}
    /// reference:  a profile with environment: training
    /// data:       --environment serving, linf 0.11
    /// ```
    ///
    /// ## Passes
    /// ```text
    /// schema:     {name: purpose, type: string, categories: [car, house, other], skew: {linf: 0.03}}
    /// reference:  a profile with environment: training
    /// data:       --environment serving, linf 0.01
    /// ```
    pub SKEW = {
        id: "data/skew",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “Schema can also be used to prevent bad/drift in incoming data”",
        kinds: [DataSchema],
        check: Data,
    }
}
