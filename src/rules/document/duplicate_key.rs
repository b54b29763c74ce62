//! `document/duplicate-key`

use crate::rules::declare_rule;

declare_rule! {
    /// A key may occur only once in its mapping.
    ///
    /// Most readers silently keep the last of the two values, some keep the first, and some reject the file. Whoever edits the first one
    /// wonders why nothing changes. A duplicate is easily missed when the two are many lines apart, or when a merge keeps both sides. A
    /// field in two spellings, such as `dataset_digest` and `datasetDigest`, is a duplicate, too.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: credit-default
    /// bucket: credit-default-eu
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
    /// bucket: credit-default-eu
    /// ```
    pub DUPLICATE_KEY = {
        id: "document/duplicate-key",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "YAML 1.2, section 3.2.1.1: the keys of a mapping are unique",
        kinds: [],
        check: Reader,
    }
}
