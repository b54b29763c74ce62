//! `suppression/unused`

use crate::rules::declare_rule;

declare_rule! {
    /// A suppression comment must suppress something.
    ///
    /// The finding that the comment was written for is gone: somebody fixed the document or changed the rule's severity. If it is kept, the
    /// comment would hide the next finding of that rule in the same place, which nobody has reviewed. A comment about a rule that is
    /// switched off is not reported, since nobody knows what it would hide.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: credit-default  # mlspec: ignore[naming/invalid-bucket-or-path] named by the old platform
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: Credit_Default  # mlspec: ignore[naming/invalid-bucket-or-path] named by the old platform
    /// ```
    ///
    /// ## Fix
    /// `--fix` removes the comment, or the rule from its list.
    pub UNUSED = {
        id: "suppression/unused",
        severity: Warning,
        since: "0.1.0",
        fix: Safe,
        source: "the tool's own: a suppression that hides nothing today hides something new tomorrow",
        kinds: [],
        check: Suppression,
    }
}
