//! `status/unknown-status`

use crate::rules::declare_rule;

declare_rule! {
    /// A status must be Active, Deprecated or Archived.
    ///
    /// The status decides whether an object may be used: an archived one is not found by its name and starts no new job, a deprecated one
    /// still works, with a warning. Tools that do not know a status treat the object as usable or refuse it, each in its own way. `active`
    /// in lower case is accepted, as in the examples of the specification.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lake
    /// type: s3
    /// status: Retired
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
    /// `--fix` corrects a status that differs only in upper and lower case.
    pub UNKNOWN_STATUS = {
        id: "status/unknown-status",
        severity: Error,
        since: "0.1.0",
        fix: Safe,
        source: "common/object.md, “Allowed values: Active, Deprecated, Archived”",
        kinds: [],
        check: Schema(None),
    }
}
