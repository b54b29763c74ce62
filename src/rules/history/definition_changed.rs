//! `history/definition-changed`

use super::is_same_version;
use crate::rules::{ComparedDocument, Context, Findings, declare_rule};
use crate::workspace::{Member, field};
use crate::yaml::{self, Difference, NodeId, Tree};

declare_rule! {
    /// A changed definition of a dataset must have a new version.
    ///
    /// `loans@1.0.0` is what a run says it was trained on. If the location, the digest or a filter behind that name changes, the run says
    /// something that is no longer true, and nobody can train the model again. A digest that was not given before says nothing else than
    /// before, and neither does another view.
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
    /// ```
    /// ```yaml after
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit-default/2026/09/loans.csv
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
    /// ```
    /// ```yaml after
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
    /// version: 2.0.0
    /// location: s3://credit-default/2026/09/loans.csv
    /// ```
    pub DEFINITION_CHANGED = {
        id: "history/definition-changed",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "data/dataset.md, “Any changes to definition will necessitate the creation of a new version.”",
        kinds: [Dataset],
        check: History(check),
    }
}

fn check(cx: &Context<'_>, compared: &ComparedDocument<'_, '_>, out: &mut Findings<'_>) {
    let own = compared.linked.own;
    // Whatever changes in an archived version is another finding.
    let is_frozen = |old: &Member| old.is_archived() && own.is_archived();
    let Some(old) = compared.changed().filter(|old| is_same_version(own, old) && !is_frozen(old)) else { return };
    let location = compared.difference(cx, "location").filter(|found| !matches!(found, Difference::Added(_)));
    let digest = compared.difference(cx, "digest").filter(|found| matches!(found, Difference::Changed { .. }));
    let changes = [("location", location), ("digest", digest), ("filter of a view", view(cx, old))];
    for (what, difference) in changes {
        let Some(difference) = difference else { continue };
        let version = own.version().map_or_else(String::new, |version| format!(", but the version is still {version}"));
        let message = format!("the {what} changed{version}");
        let finding = compared.at(&DEFINITION_CHANGED, cx, difference, message);
        out.push(finding.help("give the dataset a new version, or restore what it was"));
    }
}

/// Returns the first difference in the views that both have.
fn view(cx: &Context<'_>, old: &Member) -> Option<Difference> {
    fn views(tree: &Tree, root: NodeId) -> &[NodeId] {
        field(tree, root, "views").map_or(&[], |views| tree.items(tree.resolve(views)))
    }
    let name = |tree: &Tree, view| field(tree, view, "name").and_then(|name| tree.text(name).map(str::to_owned));
    let before: rustc_hash::FxHashMap<String, NodeId> = views(&old.tree, old.root)
        .iter()
        .filter_map(|view| Some((name(&old.tree, *view)?, field(&old.tree, *view, "filter")?)))
        .collect();
    views(cx.tree, cx.root).iter().find_map(|view| {
        let before = before.get(&name(cx.tree, *view)?)?;
        yaml::difference((cx.tree, field(cx.tree, *view, "filter")?), (&old.tree, *before))
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::history::testing::assert_changes;

    const DATASET: &str = "\
kind: dataset
mlSpecVersion: 0.1.0
id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
name: loans
state: Active
version: 1.0.0
location: {DataStore: lake, RelativePath: loans.csv}
views:
  - {name: small, filter: amount < 1000}
  - {name: large, filter: amount > 1000}
";

    #[test]
    fn the_smallest_part_that_changed_is_pointed_at() {
        let digest = |digit: &str| format!("{DATASET}digest: sha256:{}\n", digit.repeat(64));
        for (before, now, found) in [
            (DATASET.to_owned(), DATASET.replace("loans.csv", "cards.csv"), &["RelativePath"][..]),
            (DATASET.to_owned(), DATASET.replace("amount > 1000", "amount > 2000"), &["filter"]),
            (digest("a"), digest("b"), &["digest"]),
            (DATASET.to_owned(), digest("a"), &[]),
            (
                DATASET.to_owned(),
                DATASET.replace(
                    "{DataStore: lake, RelativePath: loans.csv}",
                    "\n  RelativePath: 'loans.csv'\n  DataStore: lake",
                ),
                &[],
            ),
            (DATASET.to_owned(), DATASET.replace("loans.csv", "cards.csv").replace("1.0.0", "1.1.0"), &[]),
            (DATASET.to_owned(), DATASET.replace("name: small", "name: tiny"), &[]),
        ] {
            let expected: Vec<_> = found.iter().map(|place| ("history/definition-changed", *place)).collect();
            assert_changes(&before, &now, &expected);
        }
    }
}
