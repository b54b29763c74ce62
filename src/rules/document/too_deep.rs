//! `document/too-deep`

use crate::rules::declare_rule;

declare_rule! {
    /// A document must not be nested deeper than 128 levels.
    ///
    /// MLSpec needs about ten levels. Thousands of opening brackets make careless readers crash with a stack overflow, so reading stops at
    /// the limit. Levels are counted through aliases.
    ///
    /// ## Fails
    /// ```text
    /// x-nested: [[[[[[[[[[ … 129 brackets … ]]]]]]]]]]
    /// ```
    ///
    /// ## Passes
    /// ```text
    /// x-nested: [[[[[[[[[[ … up to 128 levels … ]]]]]]]]]]
    /// ```
    pub TOO_DEEP = {
        id: "document/too-deep",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "the tool's own limit: a document must not be able to exhaust the memory of what reads it",
        kinds: [],
        check: Reader,
    }
}
