//! `lifecycle/test-not-separate`

use crate::documents::Kind;
use crate::documents::roles::ReferenceRole;
use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// The test of a model must be another run than its evaluation.
    ///
    /// The evaluation is repeated until the model is good enough, so the data that it uses is used up. A test in the same run is one more
    /// evaluation: its result was known while choices were still made.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: test
    /// mlSpecVersion: 0.1.0
    /// id: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test
    /// model: credit-default
    /// dataset: loans-holdback@1.0.0
    /// run: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// performedOn: 2026-08-20T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.72}
    /// ---
    /// kind: evaluation
    /// mlSpecVersion: 0.1.0
    /// id: 0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32
    /// name: credit-evaluation
    /// model: credit-default
    /// dataset: loans-validation@1.0.0
    /// run: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// performedOn: 2026-08-20T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.73}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: test
    /// mlSpecVersion: 0.1.0
    /// id: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test
    /// model: credit-default
    /// dataset: loans-holdback@1.0.0
    /// run: 3240120c-6aa5-46f4-b6ce-0138b9d97b77
    /// performedOn: 2026-08-24T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.72}
    /// ---
    /// kind: evaluation
    /// mlSpecVersion: 0.1.0
    /// id: 0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32
    /// name: credit-evaluation
    /// model: credit-default
    /// dataset: loans-validation@1.0.0
    /// run: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// performedOn: 2026-08-20T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.73}
    /// ```
    pub TEST_NOT_SEPARATE = {
        id: "lifecycle/test-not-separate",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 9, “This MUST BE A SEPARATE STEP FROM #8.”",
        kinds: [Test],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let mut references = workspace.own.references.iter();
    let Some(own) = references.find(|reference| reference.role == ReferenceRole::MeasuringRun) else { return };
    let mut same = workspace.meaning_the_same(workspace.id, own, ReferenceRole::MeasuringRun, Kind::Evaluation);
    let evaluation = same.next().and_then(|(id, other)| Some((workspace.member(id)?, other.node)));
    if let Some((evaluation, node)) = evaluation {
        let label = evaluation.label();
        let message = format!("this test is the run {}, which is also the evaluation '{label}'", cx.shown(own.node));
        let finding = cx.at_value(&TEST_NOT_SEPARATE, own.node, message).help("test the model in a run of its own");
        out.push(workspace.relate(finding, evaluation, Some(node), "the evaluation"));
    }
}
