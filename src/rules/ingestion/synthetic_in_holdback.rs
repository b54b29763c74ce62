//! `ingestion/synthetic-in-holdback`

use crate::documents::roles::ReferenceRole;
use crate::documents::{Document, Kind};
use crate::rules::split::{
    SplitPart,
    set_misused::{set_at, uses_of},
};
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::DocId;
use crate::yaml::NodeId;

declare_rule! {
    /// Data that is held back for the test must not be generated.
    ///
    /// A test tells how a model does on what really happens. On examples that were generated, it tells how well the model knows the
    /// generator. Data is held back if it is a set `holdback` or `test` of a `split`, or if a test was performed on it.
    ///
    /// ## Fails
    /// ```yaml base:credit-ingestion
    /// synthetic: {method: smote, fraction: 0.1, seed: 17}
    /// output: credit-holdback@1.2.0
    /// ---
    /// kind: test
    /// mlSpecVersion: 0.1.0
    /// id: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test
    /// model: credit-default
    /// dataset: credit-holdback@1.2.0
    /// performedOn: 2026-08-24T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.72}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-ingestion,credit-split
    /// kind: ingestion
    /// synthetic: {method: smote, fraction: 0.1, seed: 17}
    /// output: credit-train@1.2.0
    /// ```
    pub SYNTHETIC_IN_HOLDBACK = {
        id: "ingestion/synthetic-in-holdback",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 2, “synthetic data generation/simulation”; step 9, “hold back data set”",
        kinds: [Ingestion],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(Document::Ingestion(own)) = cx.typed() else { return };
    let Some((synthetic, node)) = own.synthetic.located().filter(|(own, _)| own.fraction.get() != Some(&0.0)) else {
        return;
    };
    let output = workspace.references().find(|(reference, _)| reference.role == ReferenceRole::RecordedData);
    let Some((reference, resolution)) = output else { return };
    let dataset = resolution.found();
    let Some(data) = workspace.data_named(workspace.id, reference.node, dataset) else { return };
    let is_held_back = |(id, node): &(DocId, NodeId)| {
        matches!(set_at(workspace, *id, *node), Some(SplitPart::HoldBack | SplitPart::Test))
    };
    let tests = uses_of(workspace, &data, ReferenceRole::MeasuredData, Kind::Test);
    let sets = uses_of(workspace, &data, ReferenceRole::SplitSet, Kind::Split).filter(is_held_back);
    let Some((id, used)) = tests.chain(sets).next() else { return };
    let Some(member) = workspace.member(id) else { return };
    let place = synthetic.method.node().unwrap_or(node);
    let message = format!("part of {} is generated, but it is held back for the test", cx.shown(reference.node));
    let finding = cx.at_value(&SYNTHETIC_IN_HOLDBACK, place, message);
    out.push(workspace.relate(finding, member, Some(used), "held back here"));
}
