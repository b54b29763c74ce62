//! `document/not-allowed-value`

use crate::rules::declare_rule;

declare_rule! {
    /// A value must be one of those that its field allows, or lie in the allowed range.
    ///
    /// Tools branch on these values. One that they do not know is ignored or stops them, often long after the document
    /// was written. Statuses and a few others have rules of their own.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lake
    /// type: S3
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
    ///
    /// ## Fix
    /// `--fix` corrects a value that differs only in upper and lower case.
    pub NOT_ALLOWED_VALUE = {
        id: "document/not-allowed-value",
        severity: Error,
        since: "0.1.0",
        fix: Safe,
        source: "common/object.md, “Allowed values”; the options that model_packaging/model_packaging.md lists",
        kinds: [],
        check: Schema(None),
    }
}
