//! `document/not-a-mapping`

use crate::rules::declare_rule;

declare_rule! {
    /// An MLSpec document must be a mapping from field names to values.
    ///
    /// A list, a single value or an empty document has no fields, so nothing can be looked up in it. A list of objects
    /// is usually meant to be several documents: put each one below its own `---`.
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
    /// ---
    /// - kind: datapath
    ///   mlSpecVersion: 0.1.0
    ///   DataStore: credit-lake
    ///   RelativePath: 2026/08/loans.csv
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
    /// bucket: credit-default
    /// ---
    /// kind: datapath
    /// mlSpecVersion: 0.1.0
    /// DataStore: credit-lake
    /// RelativePath: 2026/08/loans.csv
    /// ```
    pub NOT_A_MAPPING = {
        id: "document/not-a-mapping",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md and every example of the MLSpec repository: a document is a set of named fields",
        kinds: [],
        check: Reader,
    }
}
