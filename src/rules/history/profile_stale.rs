//! `history/profile-stale`

use super::is_same_version;
use crate::rules::compared::relate;
use crate::rules::{ComparedDocument, Context, Findings, declare_rule};
use crate::yaml::{Difference, are_equal};

declare_rule! {
    /// A profile must be taken anew when the data changes.
    ///
    /// The profile is what people look at to decide whether the data may be used: its counts, its missing values, its outliers. The digest
    /// says that the data is not what it was; the profile is still that of the former data. Only what documents say is compared: the
    /// profile itself is not read.
    ///
    /// ## Fails
    /// ```yaml before
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// profile: profiles/loans-2026-08.html
    /// ```
    /// ```yaml after
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
    /// version: 1.1.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// digest: sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
    /// profile: profiles/loans-2026-08.html
    /// ```
    ///
    /// ## Passes
    /// ```yaml before
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// profile: profiles/loans-2026-08.html
    /// ```
    /// ```yaml after
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
    /// version: 1.1.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// digest: sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
    /// profile: profiles/loans-2026-09.html
    /// ```
    pub PROFILE_STALE = {
        id: "history/profile-stale",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "data/dataset.md: a profile is stale when the underlying data changes",
        kinds: [Dataset],
        check: History(check),
    }
}

fn check(cx: &Context<'_>, compared: &ComparedDocument<'_, '_>, out: &mut Findings<'_>) {
    let own = compared.linked.own;
    // That the version is the same is another finding.
    let Some(old) = compared.changed().filter(|old| !is_same_version(own, old)) else { return };
    let Some(Difference::Changed { now: digest, before }) = compared.difference(cx, "digest") else { return };
    let pairs = [&["profile"][..], &["checkpoint", "profile"]].map(|path| {
        let now = cx.find(cx.root, path).filter(|node| !cx.tree.is_null(*node))?;
        let before = old.tree.find(old.root, path)?;
        are_equal((cx.tree, now), (&old.tree, before)).then_some(now)
    });
    for profile in pairs.into_iter().flatten() {
        let message = format!("the data has changed since {}, but its profile has not", compared.revision.label());
        let finding = cx.at_key(&PROFILE_STALE, profile, message);
        let finding = finding.related(cx.tree.span(cx.tree.resolve(digest)), "the digest of the data now");
        let finding = relate(finding, old, Some(before), format!("the digest in {}", compared.revision.label()));
        out.push(finding.help("take a profile of the new data, or remove the field until there is one"));
    }
}
