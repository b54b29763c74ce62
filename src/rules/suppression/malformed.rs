//! `suppression/malformed`

use crate::rules::declare_rule;

declare_rule! {
    /// A comment that is meant to suppress findings must be written as one that does.
    ///
    /// `# mlspec: ignore` without a list, another spelling of the tool, parentheses or a place after another comment suppress nothing, and
    /// the comment gives the next reader the impression that the finding is dealt with. A suppression is a comment of its own,
    /// `# mlspec: ignore[rule/name] reason`, and `# mlspec: ignore-file[rule/name] reason` for a whole document.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: credit-default  # mlspec: ignore
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
    pub MALFORMED = {
        id: "suppression/malformed",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "the tool's own: a suppression that suppresses nothing is believed all the same",
        kinds: [],
        check: Suppression,
    }
}
