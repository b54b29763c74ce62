//! `naming/name-too-long`

use crate::rules::declare_rule;

declare_rule! {
    /// A name may have at most 255 characters.
    ///
    /// That is the longest file name that common file systems accept. Tools that use the name for a file, a label or a column of a database
    /// cannot store a longer one. The purpose of the object belongs in `description`, which may have up to 32,768 characters.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: "loan-applications-of-the-retail-branches-in-the-north-and-the-south-by-month-and-branch-\
    ///   with-income-and-employment-as-stated-by-the-applicant-and-as-verified-by-the-branch-including-\
    ///   withdrawn-applications-but-not-those-of-employees-as-delivered-by-the-core-banking-system"
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
    /// name: retail-loan-applications
    /// type: s3
    /// status: Active
    /// bucket: credit-default
    /// ```
    pub NAME_TOO_LONG = {
        id: "naming/name-too-long",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "common/object.md, “The maximum length is 255 characters.”",
        kinds: [],
        check: Schema(None),
    }
}
