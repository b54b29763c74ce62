//! `naming/description-too-long`

use crate::rules::declare_rule;

declare_rule! {
    /// A description may have at most 32,768 characters.
    ///
    /// That is about ten printed pages. Catalogs that store descriptions truncate a longer one or refuse the object. Longer documentation
    /// belongs in a file of its own, with a link to it in the description.
    ///
    /// ## Fails
    /// ```text
    /// description: |
    ///   … more than 32,768 characters …
    /// ```
    ///
    /// ## Passes
    /// ```text
    /// description: |
    ///   … up to 32,768 characters …
    /// ```
    pub DESCRIPTION_TOO_LONG = {
        id: "naming/description-too-long",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "common/object.md, “The maximum length is 32K characters.”",
        kinds: [],
        check: Schema(None),
    }
}
