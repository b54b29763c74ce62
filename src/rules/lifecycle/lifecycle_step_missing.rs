//! `lifecycle/lifecycle-step-missing`

use crate::documents::Kind;
use crate::documents::lifecycle::{LifecycleStep, STEPS};
use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A lifecycle that is recorded should be recorded completely.
    ///
    /// The specification has thirteen steps, from objectives to the inference log. If a workspace has documents for most of those that have
    /// a document of their own, and lacks one, a question will stay open later: what the model had to achieve, how it did on data that it
    /// had not seen, what it answered in production.
    ///
    /// The rule looks for six steps: objectives (1), run (7), evaluation (8), test (9), model (10) and inference log (13). A workspace with
    /// fewer than four of them keeps only some documents, and the others are not reported. There is one finding for the workspace, at its
    /// first model or, without one, at its first test, evaluation or objectives.
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
    /// rollback: {to: production-2026-05}
    /// ---
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: fit
    /// hyperparameters:
    ///   - {key: seed, value: 17}
    /// code: {repository: "https://git.example.com/credit", commit: 5f2d7c1b9e0a4c8d6b3f1a2e7d9c0b8a4e6f5d31}
    /// datasets:
    ///   - {key: loans, role: training, dataset: loans@1.0.0}
    /// ---
    /// kind: evaluation
    /// mlSpecVersion: 0.1.0
    /// id: 0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32
    /// name: credit-evaluation
    /// model: credit-default
    /// dataset: loans-validation@1.0.0
    /// performedOn: 2026-08-20T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.73}
    /// ---
    /// kind: test
    /// mlSpecVersion: 0.1.0
    /// id: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test
    /// model: credit-default
    /// dataset: loans-holdback@1.0.0
    /// performedOn: 2026-08-24T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.72}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: evaluation
    /// mlSpecVersion: 0.1.0
    /// id: 0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32
    /// name: credit-evaluation
    /// model: credit-default
    /// dataset: loans-validation@1.0.0
    /// performedOn: 2026-08-20T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.73}
    /// ```
    pub LIFECYCLE_STEP_MISSING = {
        id: "lifecycle/lifecycle-step-missing",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "README.md, “every stage of an ML lifecycle requires some form of metadata management”",
        kinds: [Model, ModelCard, Test, Evaluation, Objectives],
        check: Workspace(check),
    }
}

/// The minimum number of steps of a workspace that records a lifecycle.
const ENOUGH: usize = 4;

/// Returns whether documents of version 0.1.0 can record a step: what came later is no gap in a workspace that is older.
fn is_expected(step: &LifecycleStep) -> bool {
    step.kinds.iter().any(|kind| matches!(kind.since(), "0.0.1" | "0.1.0"))
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let mut firsts = LIFECYCLE_STEP_MISSING.kinds.named().into_iter().filter_map(|kind| workspace.of_kind(kind).next());
    if workspace.is_partial() || firsts.next() != Some(workspace.id) {
        return;
    }
    let is_recorded = |step: &&LifecycleStep| step.kinds.iter().any(|kind: &Kind| workspace.has_kind(*kind));
    let (recorded, mut missing): (Vec<_>, Vec<_>) =
        STEPS.iter().filter(|step| is_expected(step)).partition(is_recorded);
    // What cannot be read may hold them.
    missing.retain(|step| step.kinds.iter().all(|kind| workspace.unread_with_words(kind.name()).is_none()));
    if missing.is_empty() || recorded.len() < ENOUGH {
        return;
    }
    let name = |step: &&LifecycleStep| Some(format!("{} (step {})", step.document()?, step.number));
    let names: Vec<_> = missing.iter().filter_map(name).collect();
    let message = format!("this workspace records no {}", names.join(" and no "));
    out.push(cx.at_key(&LIFECYCLE_STEP_MISSING, cx.root, message));
}
