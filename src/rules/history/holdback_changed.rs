//! `history/holdback-changed`

use crate::documents::field::Map;
use crate::documents::objectives::DataStage;
use crate::documents::{Document, Kind};
use crate::rules::compared::relate;
use crate::rules::{ComparedDocument, Context, Findings, declare_rule};
use crate::workspace::{Member, Resolution, field};
use crate::yaml::NodeId;

declare_rule! {
    /// Other hold-back data should come with a look at the objectives that are judged on it.
    ///
    /// A bound was set for the data that it was set for: on easier data, every model meets it, and two models that were judged on different
    /// data cannot be compared. If the objectives stay as they were, the change of the data alone may have decided who passes. State the
    /// objectives anew, or keep the former data beside the new.
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
    if linked.own.is_archived() || compared.difference(cx, "objectives").is_some() {
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
        if is_same || digest.eq_ignore_ascii_case(former) {
            continue;
        }
        let message = format!("the hold-back data '{name}' is not that of {label}, but the objectives are");
        let finding = cx.at_key(&HOLDBACK_CHANGED, node, message);
        let finding = finding.help("set the bounds for the new data, or judge on the former data");
        let finding = linked.relate(finding, dataset, Some(digest_node), "the digest of the data now");
        out.push(relate(finding, was, Some(former_node), format!("its digest in {label}")));
    }
}

fn digest(dataset: &Member) -> Option<(&str, NodeId)> {
    let node = field(&dataset.tree, dataset.root, "digest")?;
    Some((dataset.tree.text(node)?, node))
}
