//! `document/unused-anchor`

use crate::rules::declare_rule;

declare_rule! {
    /// An anchor should be used by an alias.
    ///
    /// An anchor that nothing refers to is left over from an edit, or the alias that should use it is misspelled or missing. It changes
    /// nothing, but the next reader looks for its use.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: &bucket credit-default
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: &name credit-lake
    /// type: s3
    /// status: Active
    /// bucket: *name
    /// ```
    ///
    /// ## Fix
    /// `--fix` removes the anchor and keeps the value.
    pub UNUSED_ANCHOR = {
        id: "document/unused-anchor",
        severity: Info,
        since: "0.1.0",
        fix: Safe,
        source: "YAML 1.2, section 6.9.2: an anchor marks a node for later reference",
        kinds: [],
        check: Reader,
    }
}
