//! `naming/id-too-long`

use crate::rules::declare_rule;

declare_rule! {
    /// An id may have at most 40 characters.
    ///
    /// Forty characters hold a UUID (36) or a SHA-1 in hexadecimal digits (40), and that is what databases and tools reserve. A longer id
    /// is truncated or rejected, and two truncated ids may become the same.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41-credit-lake
    /// name: credit-lake
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
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: credit-default
    /// ```
    pub ID_TOO_LONG = {
        id: "naming/id-too-long",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "common/object.md, “The maximum length is 40 characters.”",
        kinds: [],
        check: Schema(None),
    }
}
