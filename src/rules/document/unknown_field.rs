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
    use crate::analysis::{Options, lint_text};
    use crate::diagnostics::Applicability;
    use crate::documents::Kind;
    use crate::documents::newer::{NEWEST, SINCE};
    use crate::rules::testing::found;

    #[test]
    fn a_field_that_came_later_is_unknown_to_documents_of_earlier_versions() {
        let mut count = 0;
        for kind in Kind::ALL.iter().filter(|kind| kind.since() != NEWEST) {
            let schema = crate::schema::generate(*kind);
            let fields = schema["properties"].as_object().unwrap();
            for name in fields.iter().filter(|(_, field)| field.get(SINCE).is_some()).map(|(name, _)| name) {
                let plain = crate::schema::starter(*kind);
                let with = format!("{plain}{name}: [{{image: 5, by: [], run: nowhere}}]\n");
                let report = lint_text("a.yml", &with, &Options::default());
                let before = lint_text("a.yml", &plain, &Options::default()).findings.len();
                let own: Vec<_> =
                    report.findings.iter().filter(|own| own.place.pointer == format!("/{name}")).collect();
                let [finding] = own.as_slice() else { panic!("{kind} {name}: {:#?}", report.findings) };
                assert_eq!(report.findings.len(), before + 1, "{kind} {name}: {:#?}", report.findings);
                assert_eq!(finding.rule.id, "document/unknown-field", "{finding:#?}");
                assert_eq!(finding.help.as_deref(), Some("this field came with version 0.2.0 of the specification"));
                count += 1;
            }
        }
        assert!(count > 5, "{count}");
    }

    #[test]
    fn nothing_is_read_of_a_field_that_came_later() {
        let model = |version: &str, more: &str| {
            let base = include_str!("../bases/credit-model.yml")
                .replace("mlSpecVersion: 0.2.0", &format!("mlSpecVersion: {version}"));
            format!("{}{more}\n", base.replace("version: 2.1.0\n", ""))
        };
        let rules = |version: &str, more: &str| {
            let run = "---\nkind: run\nmlSpecVersion: 0.1.0\nid: 592f0c1c-72ae-4236-9202-7e6aff1954f4\nname: a\n";
            found(&(model(version, more) + run)).into_iter().map(|(rule, ..)| rule).collect::<Vec<_>>()
        };
        for (more, rule) in [
            ("run: nowhere", "reference/unresolved-object"),
            ("security: {scans: [{tool: a, performedOn: 2026-08-21, result: failed}]}", "security/failed-scan"),
            ("approvals: [{by: jane@contoso.com, approvedOn: 2026-08-21}]", "governance/approved-by-author"),
        ] {
            assert_eq!(rules("0.2.0", more), [rule], "{more}");
            assert_eq!(rules("0.1.0", more), ["document/unknown-field"], "{more}");
        }
        let agent = "agents: [{name: a, image: registry.contoso.com/a}]";
        assert_eq!(rules("0.2.0", agent), ["security/image-mutable"]);
        assert_eq!(rules("0.1.0", agent), [""; 0]);
        // A fix that is not safe follows the newer version.
        let report = lint_text("a.yml", &model("0.1.0", "run: nowhere"), &Options::default());
        let fix = &report.findings[0].fixes[0];
        assert_eq!((fix.title.as_str(), fix.applicability), ("follow version 0.2.0", Applicability::Unsafe));
        // A status counts as it did, although there was none.
        let archived = model("0.1.0", "status: Archived") + "---\n" + include_str!("../bases/credit-rollout.yml");
        assert!(found(&archived).iter().any(|(rule, ..)| *rule == "status/archived-reference"));
    }

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
