//! `split/method-incomplete`

use crate::rules::declare_rule;

declare_rule! {
    /// A split must say by which field it was made.
    ///
    /// “By time” does not say by which: that of the application, of the booking or of the payment give other sets, and with one of them the
    /// training data may know the future. `time`, `stratified` and `hash` need `by`, and `group` needs `groupBy`.
    ///
    /// ## Fails
    /// ```yaml base:credit-split
    /// method: stratified
    /// seed: 17
    /// by:
    /// ```
    ///
    /// ```yaml base:credit-split
    /// method: group
    /// seed: 17
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-split
    /// method: stratified
    /// seed: 17
    /// by: defaulted
    /// ```
    pub METHOD_INCOMPLETE = {
        id: "split/method-incomplete",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 6, “Record how the data is split into training, validation, hold back, and debugging sets”",
        kinds: [],
        check: Schema(None),
    }
}
