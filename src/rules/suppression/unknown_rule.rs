//! `suppression/unknown-rule`

use crate::rules::declare_rule;

declare_rule! {
    /// A suppression comment must name rules that exist.
    ///
    /// A misspelled rule suppresses nothing, while the comment gives the next reader the impression that the finding is dealt with. Name a
    /// rule such as `naming/id-form`, or a whole family such as `naming`; `mlspec-lint rules` lists them all. The former id of a renamed
    /// rule still suppresses its findings, and is a warning.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: credit-default  # mlspec: ignore[naming/invalid-bucket-or-pth] named by the old platform
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
    /// `--fix` writes the current id of a rule that was renamed, or the rule that was most likely meant.
    pub UNKNOWN_RULE = {
        id: "suppression/unknown-rule",
        severity: Error,
        since: "0.1.0",
        fix: Safe,
        source: "the tool's own: a suppression must name the rules that it means",
        kinds: [],
        check: Suppression,
    }
}
