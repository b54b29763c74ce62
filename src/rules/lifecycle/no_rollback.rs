//! `lifecycle/no-rollback`

use crate::documents::Document;
use crate::documents::objectives::DataStage;
use crate::documents::roles::ReferenceRole;
use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::Resolution;

declare_rule! {
    /// Objectives on monitored data must name an existing model or run to roll back to.
    ///
    /// Objectives on monitoring data are watched after the deployment, and will one day not be met. What is deployed then has to be known
    /// before, and has to exist: if `rollback` names a model or run that does not, nobody notices until the night in which it is needed.
    ///
    /// ## Fails
    /// ```yaml
    /// mlSpecVersion: 0.1.0
    /// kind: objectives
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: credit-default-launch
    /// model: credit-default
    /// owner: risk-ml@contoso.com
    /// datasets:
    ///   holdback: {dataset: credit-holdback@1.0.0, stage: test}
    ///   live: {stage: monitoring}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// mlSpecVersion: 0.1.0
    /// kind: objectives
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: credit-default-launch
    /// model: credit-default
    /// owner: risk-ml@contoso.com
    /// datasets:
    ///   holdback: {dataset: credit-holdback@1.0.0, stage: test}
    ///   live: {stage: monitoring}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ```
    pub NO_ROLLBACK = {
        id: "lifecycle/no-rollback",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 12, “Include a rollback strategy”",
        kinds: [Objectives],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(Document::Objectives(objectives)) = cx.typed() else { return };
    if objectives.rollback.node().is_none_or(|node| cx.tree.is_null(node)) {
        let datasets = objectives.datasets.get().into_iter().flat_map(|datasets| datasets.iter());
        let stages = datasets.filter_map(|(_, _, data)| data.stage.located());
        if let Some((_, node)) = stages.into_iter().find(|(stage, _)| **stage == DataStage::Monitoring) {
            let message = "these objectives are monitored, and nothing says what to roll back to";
            out.push(cx.at_value(&NO_ROLLBACK, node, message).help("name a run or model in `rollback.to`"));
        }
    }
    for (reference, resolution) in workspace.references() {
        if reference.role == ReferenceRole::Rollback && *resolution == Resolution::Unknown {
            let message = format!("{} is to be rolled back to, but is not found", cx.shown(reference.node));
            out.push(cx.at_value(&NO_ROLLBACK, reference.node, message).help("name a run or model of this workspace"));
        }
    }
}
