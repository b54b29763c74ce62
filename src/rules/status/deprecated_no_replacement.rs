//! `status/deprecated-no-replacement`

use rustc_hash::FxHashSet;

use crate::diagnostics::Severity;
use crate::documents::Document;
use crate::documents::common::Status;
use crate::documents::roles::ReferenceRole;
use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::{DocId, Resolution};
use crate::yaml::NodeId;

declare_rule! {
    /// A deprecated dataset, data schema or transformation should name the one that replaces it.
    ///
    /// Whoever gets the warning that a dataset is deprecated wants to know what to use instead. With `replacedBy` the warning can say so;
    /// without it everybody asks the author, who moved to another team long ago. A dataset that replaces itself, or
    /// that is replaced by one that it replaces, is a warning. So it is for data schemas and transformations.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026-08
    /// state: Deprecated
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026-08
    /// state: Deprecated
    /// replacedBy: loans-2026-08@2.0.0
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 5b1d1f2e-9c7a-4e0d-8f63-2a7c9e4b6d35
    /// name: loans-2026-08
    /// state: Active
    /// version: 2.0.0
    /// location: s3://credit-default/2026/08/loans-corrected.csv
    /// digest: sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
    /// ```
    pub DEPRECATED_NO_REPLACEMENT = {
        id: "status/deprecated-no-replacement",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "data/dataset.md, “usage is no longer recommended and a replacement available”",
        kinds: [Dataset, DataSchema, Transformation],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    // Most datasets are in use, and a document that is read as its type here stays in memory.
    let own = workspace.own;
    if own.object.status != Some(Status::Deprecated) && !own.has("isDeprecated") && !own.has("replacedBy") {
        return;
    }
    if let Some(node) = cx.find(cx.root, &["replacedBy"]).filter(|node| !cx.tree.is_null(*node)) {
        return check_replacement(node, cx, workspace, out);
    }
    let older = match cx.typed() {
        Some(Document::Dataset(dataset)) => dataset.is_deprecated.located(),
        _ => None,
    };
    let node = match (own.object.status, own.object.status_node, older) {
        (Some(Status::Deprecated), Some(node), _) => node,
        // Without a state, which is another fault, the older field counts.
        (None, place, Some((true, node))) if place.is_none_or(|place| cx.tree.is_null(place)) => node,
        _ => return,
    };
    let kind = cx.kind.name();
    let message = format!("the {kind} is deprecated, but nothing says what replaces it");
    let help = format!("name the {kind} to use instead in replacedBy, as name@version");
    out.push(cx.at_value(&DEPRECATED_NO_REPLACEMENT, node, message).help(help));
}

/// Reports an object that comes after itself.
fn check_replacement(node: NodeId, cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let replacement = |dataset: DocId| {
        let mut references = workspace.references_of(dataset);
        let (_, found) = references.find(|(reference, _)| reference.role == ReferenceRole::Replacement)?;
        if let Resolution::Found(next) = found { Some(*next) } else { None }
    };
    let mut seen = FxHashSet::default();
    let mut chain = std::iter::successors(replacement(workspace.id), |dataset| replacement(*dataset));
    let is_own = |dataset: &DocId| *dataset == workspace.id;
    let Some(steps) = chain.by_ref().take_while(|dataset| seen.insert(*dataset)).position(|dataset| is_own(&dataset))
    else {
        return;
    };
    let kind = cx.kind.name();
    let message = match steps {
        0 => format!("{} is the {kind} itself, which cannot replace itself", cx.shown(node)),
        _ => format!("{} is itself replaced by this {kind}", cx.shown(node)),
    };
    let finding = cx.at_value(&DEPRECATED_NO_REPLACEMENT, node, message).severity(Severity::Warning);
    out.push(finding.help(format!("name the {kind} to use instead, as name@version")));
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn schemas_and_transformations_have_replacements_too() {
        for (base, name) in [
            (include_str!("../bases/credit-schema.yml"), "loans@1.0.0"),
            (include_str!("../bases/credit-features.yml"), "credit-features@2.1.0"),
        ] {
            let count = |rest: &str| {
                let text = base.replace("status: Active\n", "") + rest;
                found(&text).iter().filter(|(rule, ..)| *rule == super::DEPRECATED_NO_REPLACEMENT.id).count()
            };
            assert_eq!(count("status: Deprecated\n"), 1, "{name}");
            assert_eq!(count(&format!("status: Deprecated\nreplacedBy: {name}\n")), 1, "{name}");
            assert_eq!(count("status: Active\n"), 0, "{name}");
            assert_eq!(count("status: Deprecated\nreplacedBy: other@1.0.0\n"), 0, "{name}");
        }
    }

    #[test]
    fn what_replaces_a_dataset_is_another_one() {
        let dataset = |number: u32, version: &str, replaced_by: &str| {
            format!(
                "kind: dataset\nmlSpecVersion: 0.1.0\nid: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c1{number}\nname: loans\nstate: Deprecated\n\
                 version: {version}\nreplacedBy: {replaced_by}\nlocation: s3://credit/{number}.csv\n"
            )
        };
        let messages = |text: &str| {
            let own = found(text).into_iter().filter(|(rule, ..)| *rule == super::DEPRECATED_NO_REPLACEMENT.id);
            own.map(|(.., message)| message).collect::<Vec<_>>()
        };
        for itself in ["loans@1.0.0", "3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11"] {
            let expected = format!("'{itself}' is the dataset itself, which cannot replace itself");
            assert_eq!(messages(&dataset(1, "1.0.0", itself)), [expected]);
        }
        let circle = [dataset(1, "1.0.0", "loans@2.0.0"), dataset(2, "2.0.0", "loans@1.0.0")].join("---\n");
        let expected =
            ["2.0.0", "1.0.0"].map(|version| format!("'loans@{version}' is itself replaced by this dataset"));
        assert_eq!(messages(&circle), expected);
        // One that leads into a circle is not in it.
        let outside = format!("{}---\n{circle}", dataset(3, "3.0.0", "loans@1.0.0"));
        assert_eq!(messages(&outside), expected);
        assert_eq!(messages(&dataset(1, "1.0.0", "loans@2.0.0")), [""; 0]);
    }
}
