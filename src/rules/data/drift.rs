//! `data/drift`

use crate::rules::declare_rule;

declare_rule! {
    /// Data must not differ more from that of training than its schema allows.
    ///
    /// A model answers for data like that which it has learnt from. `drift` sets a limit for a field, by one or more measures; the data is
    /// compared with the profile of the dataset that the schema was made for, or with the one that `--reference` names. Reported is a distance above the limit that chance alone does not explain.
    ///
    /// ## Fails
    /// ```text
    /// schema:  {name: income, type: number, drift: {js_divergence: 0.1}}
    /// data:    the incomes of another country
    /// check:   js_divergence of 'income' is 0.312, above 0.1 (chance alone: 0.0033)
    /// ```
    ///
    /// ## Passes
    /// ```text
    /// schema:  {name: income, type: number, drift: {js_divergence: 0.1}}
    /// data:    the incomes of the next month, js_divergence 0.011
    /// ```
    pub DRIFT = {
        id: "data/drift",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “Schema can also be used to prevent bad/drift in incoming data”",
        kinds: [DataSchema],
        check: Data,
    }
}
