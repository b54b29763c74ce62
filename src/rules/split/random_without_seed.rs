//! `split/random-without-seed`

use crate::rules::declare_rule;

declare_rule! {
    /// A split by chance must record its seed.
    ///
    /// Without the seed of its random numbers, a split cannot be repeated: whoever tries gets other sets, and data that was held back is
    /// trained on. `random`, `stratified` and `group` are by chance; a split by `time` or `hash` needs no seed.
    ///
    /// ## Fails
    /// ```yaml base:credit-split
    /// method: random
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-split
    /// method: random
    /// seed: 17
    /// ```
    pub RANDOM_WITHOUT_SEED = {
        id: "split/random-without-seed",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 6, “Record how the data is split into training, validation, hold back, and debugging sets”",
        kinds: [],
        check: Schema(None),
    }
}
