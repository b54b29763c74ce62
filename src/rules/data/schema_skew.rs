//! `data/schema-skew`

use crate::rules::declare_rule;

declare_rule! {
    /// A field must be of one type, whatever data it is in.
    ///
    /// A field that is a number in the data that a model was trained on and a text in the data that it is used on is computed in two ways. Values of two
    /// types are not compared, so that no limit of `drift` or `skew` says anything.
    ///
    /// ## Fails
    /// ```text
    /// reference:  income: {type: integer, …}
    /// data:       income is “3,200 EUR”
    /// ```
    ///
    /// ## Passes
    /// ```text
    /// reference:  income: {type: integer, …}
    /// data:       income is 3200.50, a number as well
    /// ```
    pub SCHEMA_SKEW = {
        id: "data/schema-skew",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “Schema can also be used to prevent bad/drift in incoming data”",
        kinds: [DataSchema],
        check: Data,
    }
}
