//! `history/holdback-changed`

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use crate::documents::field::{List, Map};
use crate::documents::objectives::{DataStage, Objectives};
use crate::documents::{Document, Kind};
use crate::rules::compared::relate;
use crate::rules::{ComparedDocument, Context, Findings, declare_rule};
use crate::workspace::{Member, Resolution, digest_key, field};
use crate::yaml::{NodeId, Tree};

declare_rule! {
    /// Other hold-back data should come with a look at the objectives that are judged on it.
    ///
    /// A bound was set for the data that it was set for: on easier data, every model meets it, and two models that were judged on different
    /// data cannot be compared. If all conditions on the data stay as they were, the change of the data alone may have decided who passes. State
    /// the objectives anew, or keep the former data beside the new. What the document says to people, such as a `why`, sets no bound anew.
    ///
    /// ## Fails
    /// ```yaml before
    /// kind: objectives
    /// mlSpecVersion: 0.1.0
    /// id: 13185d5d-e34f-4d49-bc06-eaf198377340
    /// name: card-launch
    /// model: card-default
    /// owner: risk-ml@contoso.com
    /// datasets:
    ///   holdback: {dataset: card-holdback@1.0.0, stage: test}
    ///   live: {stage: monitoring}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     expect: recall >= 60% on live
    /// rollback: {to: card-production-2026-04}
    /// ---
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: card-holdback
    /// state: Active
    /// version: 1.0.0
    /// location: s3://cards/2026/06/holdback.csv
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ```
    /// ```yaml after
    /// kind: objectives
    /// mlSpecVersion: 0.1.0
    /// id: 13185d5d-e34f-4d49-bc06-eaf198377340
    /// name: card-launch
    /// model: card-default
    /// owner: risk-ml@contoso.com
    /// datasets:
    ///   holdback: {dataset: card-holdback@2.0.0, stage: test}
    ///   live: {stage: monitoring}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     expect: recall >= 60% on live
    /// rollback: {to: card-production-2026-04}
    /// ---
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: card-holdback
    /// state: Active
    /// version: 1.0.0
    /// location: s3://cards/2026/06/holdback.csv
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 5b1d1f2e-9c7a-4e0d-8f63-2a7c9e4b6d35
    /// name: card-holdback
    /// state: Active
    /// version: 2.0.0
    /// location: s3://cards/2026/09/holdback.csv
    /// digest: sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
    /// ```
    ///
    /// ## Passes
    /// ```yaml before
    /// kind: objectives
    /// mlSpecVersion: 0.1.0
    /// id: 13185d5d-e34f-4d49-bc06-eaf198377340
    /// name: card-launch
    /// model: card-default
    /// owner: risk-ml@contoso.com
    /// datasets:
    ///   holdback: {dataset: card-holdback@1.0.0, stage: test}
    ///   live: {stage: monitoring}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     expect: recall >= 60% on live
    /// rollback: {to: card-production-2026-04}
    /// ---
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: card-holdback
    /// state: Active
    /// version: 1.0.0
    /// location: s3://cards/2026/06/holdback.csv
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ```
    /// ```yaml after
    /// kind: objectives
    /// mlSpecVersion: 0.1.0
    /// id: 13185d5d-e34f-4d49-bc06-eaf198377340
    /// name: card-launch
    /// model: card-default
    /// owner: risk-ml@contoso.com
    /// datasets:
    ///   holdback: {dataset: card-holdback@2.0.0, stage: test}
    ///   live: {stage: monitoring}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 70% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     expect: recall >= 60% on live
    /// rollback: {to: card-production-2026-04}
    /// ---
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: card-holdback
    /// state: Active
    /// version: 1.0.0
    /// location: s3://cards/2026/06/holdback.csv
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 5b1d1f2e-9c7a-4e0d-8f63-2a7c9e4b6d35
    /// name: card-holdback
    /// state: Active
    /// version: 2.0.0
    /// location: s3://cards/2026/09/holdback.csv
    /// digest: sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
    /// ```
    pub HOLDBACK_CHANGED = {
        id: "history/holdback-changed",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 9: test on hold-back data",
        kinds: [Objectives],
        check: History(check),
    }
}

fn check(cx: &Context<'_>, compared: &ComparedDocument<'_, '_>, out: &mut Findings<'_>) {
    let linked = compared.linked;
    let (Some(old), Some(Document::Objectives(now))) = (compared.before, cx.typed()) else { return };
    let Some(Document::Objectives(before)) = old.typed() else { return };
    if linked.own.is_archived() {
        return;
    }
    let (past, label) = (compared.revision.workspace(), compared.revision.label());
    let judged = now.datasets.get().into_iter().flat_map(Map::iter);
    for (name, _, data) in judged.filter(|(.., data)| matches!(data.stage.get(), Some(DataStage::Test))) {
        let former = before.datasets.get().and_then(|datasets| datasets.get(name)).and_then(|data| data.dataset.get());
        let (Some(node), Some(former)) = (data.dataset.node(), former) else { continue };
        let found = linked.found().find(|(reference, ..)| reference.node == node).map(|(_, dataset, _)| dataset);
        let was = match past.lookup(former, &[Kind::Dataset]) {
            Resolution::Found(id) => past.member(id),
            _ => None,
        };
        let (Some(dataset), Some(was)) = (found, was) else { continue };
        let (Some((digest, digest_node)), Some((former, former_node))) = (digest(dataset), digest(was)) else {
            continue;
        };
        // A digest that changed under one version is a finding about the dataset.
        let is_same = dataset.id() == was.id() && dataset.version() == was.version();
        if is_same || digest_key(digest) == digest_key(former) || are_set_anew(cx, old, (now, before), name) {
            continue;
        }
        let message = format!("the hold-back data '{name}' is not that of {label}, but the objectives are");
        let finding = cx.at_key(&HOLDBACK_CHANGED, node, message);
        let finding = finding.help("set the bounds for the new data, or judge on the former data");
        let finding = linked.relate(finding, dataset, Some(digest_node), "the digest of the data now");
        out.push(relate(finding, was, Some(former_node), format!("its digest in {label}")));
    }
}

/// Returns whether a condition on this data has changed. What is said to people, the order of objectives and blanks say nothing of bounds.
fn are_set_anew(cx: &Context<'_>, old: &Member, (now, before): (&Objectives, &Objectives), name: &str) -> bool {
    conditions(cx.tree, now, name) != conditions(&old.tree, before, name)
}

/// Returns the conditions that mention data, and the definitions that these name, without the blanks between words.
fn conditions(tree: &Tree, objectives: &Objectives, name: &str) -> BTreeSet<String> {
    let said = |node: NodeId| Some(tree.text(node)?.split_whitespace().collect::<Vec<_>>().join(" "));
    let mentions = |text: &str, name: &str| words(text).any(|word| word == name);
    let own = objectives.objectives.get().into_iter().flat_map(List::iter);
    let expected = own.flat_map(|(_, own)| [own.expect.node(), own.aim.node()]).flatten();
    let expected: BTreeSet<String> = expected.filter_map(said).filter(|text| mentions(text, name)).collect();
    let named: FxHashSet<&str> = expected.iter().flat_map(|text| words(text)).collect();
    let definitions = objectives.definitions.node().into_iter().flat_map(|node| tree.entries(tree.resolve(node)));
    let defined = definitions.filter_map(|entry| {
        let name = tree.key_name(entry.key);
        named.contains(name).then_some(())?;
        Some(format!("{name}={}", said(entry.value)?))
    });
    let defined: Vec<String> = defined.collect();
    expected.iter().chain(&defined).map(|text| text.replace(' ', "")).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-')
}

fn digest(dataset: &Member) -> Option<(&str, NodeId)> {
    let node = field(&dataset.tree, dataset.root, "digest")?;
    Some((dataset.tree.text(node)?, node))
}

#[cfg(test)]
mod tests {
    use crate::rules::history::testing::assert_changes;

    #[test]
    fn only_a_condition_on_the_data_sets_a_bound_anew() {
        let digest = |digit: &str| format!("digest: sha256:{}", digit.repeat(64));
        let data = |id: &str, version: &str, digit: &str| {
            format!(
                "---\nkind: dataset\nmlSpecVersion: 0.1.0\nid: {id}\nname: h\nstate: Active\nversion: {version}\n\
                 location: s3://b/{version}\n{}\n",
                digest(digit)
            )
        };
        let text = "kind: objectives\nmlSpecVersion: 0.1.0\nid: o-1\nname: launch\ndatasets:\n  holdback: {dataset: h@1.0.0, stage: test}\n  \
                    live: {stage: monitoring}\nmetrics:\n  recall: {unit: fraction, range: [0, 1], better: higher}\ndefinitions:\n  floor: 65%\n  \
                    other: 1%\nobjectives:\n  - id: one\n    why: it costs too much\n    expect: recall >= floor on holdback\n  \
                    - id: two\n    expect: recall >= 60% on live\n";
        let before = format!("{text}{}", data("d-1", "1.0.0", "a"));
        let rule = super::HOLDBACK_CHANGED.id;
        for (from, to, is_found) in [
            ("costs too much", "costs too much!", true),
            ("  - id: two", "  - id: three\n    expect: recall >= 50% on live\n  - id: two", true),
            (">= 60% on live", ">= 61% on live", true),
            (">= floor on", ">=  floor  on", true),
            ("other: 1%", "other: 2%", true),
            (">= floor on", "> floor on", false),
            ("floor: 65%", "floor: 66%", false),
            ("    expect: recall >= floor", "    aim: recall >= 90% on holdback\n    expect: recall >= floor", false),
        ] {
            let now = text.replace("h@1.0.0", "h@1.1.0").replace(from, to);
            assert!(now.contains(to), "{to}");
            let now = format!("{now}{}{}", data("d-1", "1.0.0", "a"), data("d-2", "1.1.0", "b"));
            let expected: Vec<_> = is_found.then_some((rule, "dataset")).into_iter().collect();
            assert_changes(&before, &now, &expected);
        }
        // The same data in another spelling of its digest.
        let now =
            format!("{}{}{}", text.replace("h@1.0.0", "h@1.1.0"), data("d-1", "1.0.0", "a"), data("d-2", "1.1.0", "A"));
        assert_changes(&before, &now, &[]);
    }
}
