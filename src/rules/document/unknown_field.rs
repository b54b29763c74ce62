//! `document/unknown-field`

use crate::rules::declare_rule;

declare_rule! {
    /// A document may hold only the fields of its kind, and extensions that begin with `x-`.
    ///
    /// A field that nothing reads is lost silently: a misspelled `buket` leaves the bucket unset. A name that is one letter away from a
    /// known field is an error; any other unknown field is a warning, since it may be a note that somebody wants to keep. Put notes of your
    /// own under a key that begins with `x-`: such a key is never reported.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// buket: credit-default
    /// ```
    ///
    /// ```yaml
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 7c0f5b52-3a0e-4d7c-9a55-2f0d6c1b8e41
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: credit-default
    /// costCentre: 4711
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
    /// x-cost-centre: 4711
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` renames a field that is one letter away from a known one.
    pub UNKNOWN_FIELD = {
        id: "document/unknown-field",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "the fields that model_packaging/model_packaging.md and the other documents list; mlspeclib rejects what it does not know",
        kinds: [],
        check: Schema(None),
    }
}
