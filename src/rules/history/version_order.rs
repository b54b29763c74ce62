//! `history/version-order`

use crate::rules::compared::relate;
use crate::rules::{ComparedDocument, Context, Findings, declare_rule};
use crate::workspace::Member;
use crate::yaml::NodeId;

declare_rule! {
    /// A version must be greater than the one before, and must never be used again.
    ///
    /// `loans@1.0.0` means one definition for ever, as a commit does. A version that is lower than the one that it replaces turns the order
    /// of versions around, so that a reference without a version finds the wrong one. A number that an archived version had before makes
    /// two definitions of one name.
    ///
    /// ## Fails
    /// ```yaml before
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
    /// version: 2.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// ```
    /// ```yaml after
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
    /// version: 1.5.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// ```
    ///
    /// ## Passes
    /// ```yaml before
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
    /// version: 1.5.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// ```
    /// ```yaml after
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
    /// version: 2.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// ```
    pub VERSION_ORDER = {
        id: "history/version-order",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "common/object.md, Versioning: “same as source commit”",
        kinds: [Dataset, DataSchema, Transformation],
        check: History(check),
    }
}

fn check(cx: &Context<'_>, compared: &ComparedDocument<'_, '_>, out: &mut Findings<'_>) {
    let own = compared.linked.own;
    let (Some(version), Some(node)) = (own.version(), own.object.version) else { return };
    let label = compared.revision.label();
    let Some(old) = compared.before else { return used_before(version, node, cx, compared, out) };
    let order = |text: &str| semver::Version::parse(text).ok();
    let (Some(before), Some(now)) = (old.version().and_then(order), order(version)) else { return };
    if old.version() != Some(version) && now.cmp_precedence(&before).is_le() {
        let message = format!("version {now} is not greater than {before}, that of {label}");
        let finding = cx.at_key(&VERSION_ORDER, node, message).help("increase the version");
        out.push(relate(finding, old, old.object.version, format!("what it was in {label}")));
    }
}

/// Reports a new version whose number an archived one has.
fn used_before(
    version: &str,
    node: NodeId,
    cx: &Context<'_>,
    compared: &ComparedDocument<'_, '_>,
    out: &mut Findings<'_>,
) {
    let linked = compared.linked;
    let is_archived = |old: &Member| {
        let same = old.id().into_iter().flat_map(|id| linked.with_id(id));
        same.filter_map(|id| linked.member(id)).any(|now| now.kind == old.kind && now.is_archived())
    };
    let mut named = compared.revision.named(linked.own).filter(|old| old.version() == Some(version));
    if let Some(old) = named.find(|old| is_archived(old)) {
        let message = format!("version {version} was that of another definition, which is archived");
        let finding = cx.at_key(&VERSION_ORDER, node, message).help("use a version that no definition had");
        out.push(relate(finding, old, old.object.version, format!("the version in {}", compared.revision.label())));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::history::testing::assert_changes;

    fn dataset(id: &str, state: &str, version: &str) -> String {
        format!(
            "kind: dataset\nmlSpecVersion: 0.1.0\nid: {id}\nname: loans\nstate: {state}\nversion: {version}\nlocation: s3://b/c\n"
        )
    }

    #[test]
    fn versions_increase_by_their_precedence() {
        for (before, now, is_wrong) in [
            ("1.9.0", "1.10.0", false),
            ("1.10.0", "1.9.0", true),
            ("1.0.0+a", "1.0.0+b", true),
            ("1.0.0-rc.1", "1.0.0", false),
        ] {
            let expected: &[_] = if is_wrong { &[(super::VERSION_ORDER.id, "version")] } else { &[] };
            assert_changes(&dataset("d-1", "Active", before), &dataset("d-1", "Active", now), expected);
        }
    }

    #[test]
    fn versions_of_schemas_and_transformations_increase_too() {
        for kind in ["data-schema", "transformation"] {
            let text =
                |version: &str| dataset("d-1", "Active", version).replace("kind: dataset", &format!("kind: {kind}"));
            assert_changes(&text("1.0.0"), &text("0.9.0"), &[(super::VERSION_ORDER.id, "version")]);
            assert_changes(&text("1.0.0"), &text("1.0.1"), &[]);
        }
    }

    #[test]
    fn the_number_of_an_archived_version_is_not_used_again() {
        let archived = dataset("d-1", "Archived", "1.0.0");
        let with = |version: &str| format!("{archived}---\n{}", dataset("d-2", "Active", version));
        assert_changes(&archived, &with("1.0.0"), &[(super::VERSION_ORDER.id, "version")]);
        assert_changes(&archived, &with("1.0.1"), &[]);
        assert_changes(&with("1.0.0"), &with("1.0.0"), &[]);
    }
}
