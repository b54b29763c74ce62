//! `document/undefined-alias`

use crate::rules::declare_rule;

declare_rule! {
    /// An alias must name an anchor that comes before it in the same document.
    ///
    /// `*name` repeats the value that `&name` marks. An alias without its anchor makes most readers reject the file.
    /// Anchors do not reach across `---`, and an alias inside the value that it repeats would have no end. Aliases that
    /// repeat each other until the document would hold more than 100,000 values (an “alias bomb”) are reported too: a
    /// reader that expands them runs out of memory.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lake
    /// description: *about
    /// type: s3
    /// status: Active
    /// bucket: credit-default
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
    pub UNDEFINED_ALIAS = {
        id: "document/undefined-alias",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "YAML 1.2, section 7.1: an alias refers to a node that is anchored before it",
        kinds: [],
        check: Reader,
    }
}
