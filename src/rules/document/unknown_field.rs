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

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn a_misspelt_field_beside_the_right_one_is_told_as_that() {
        let store = |more: &str| {
            format!(
                "kind: datastore\nmlSpecVersion: 0.1.0\nid: 8d7f2d0a-5a51-4f0b-9c0e-1f8a7f3f2b10\nname: lake\ntype: s3\nstatus: Active\n\
                 bucket: cards\n{more}\n"
            )
        };
        let about =
            |more: &str| found(&store(more)).into_iter().map(|(rule, _, message)| (rule, message)).collect::<Vec<_>>();
        let twice = "'endpoing' is another spelling of 'endpoint', which is given, too";
        assert_eq!(
            about("endpoint: https://a.contoso.com\nendpoing: https://b.contoso.com"),
            [("document/duplicate-key", twice.to_owned())]
        );
        assert_eq!(
            about("endpoint: https://a.contoso.com\nendpoind: https://b.contoso.com"),
            [("document/unknown-field", "unknown field 'endpoind' beside 'endpoint'".to_owned())]
        );
        assert_eq!(
            about("buckett: b"),
            [("document/unknown-field", "unknown field 'buckett' beside 'bucket'".to_owned())]
        );
    }
}
