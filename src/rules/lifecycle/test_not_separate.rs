//! `lifecycle/test-not-separate`

use crate::diagnostics::Severity;
use crate::documents::roles::ReferenceRole;
use crate::documents::{Document, Kind};
use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// The test of a model must be another run than its evaluation.
    ///
    /// The evaluation is repeated until the model is good enough, so the data that it uses is used up. A test in the same run is one more
    /// evaluation: its result was known while choices were still made.
    ///
    /// A test of version 0.2.0 that names no run, beside an evaluation of the same model that does, is an info: nothing shows that it was a step
    /// of its own.
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

/// The maximum number of evaluations that are looked at.
const MOST_LOOKED_AT: usize = 500;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let mut references = workspace.own.references.iter();
    let Some(own) = references.find(|reference| reference.role == ReferenceRole::MeasuringRun) else {
        return check_unnamed(cx, workspace, out);
    };
    let mut same = workspace.meaning_the_same(workspace.id, own, ReferenceRole::MeasuringRun, Kind::Evaluation);
    let evaluation = same.next().and_then(|(id, other)| Some((workspace.member(id)?, other.node)));
    if let Some((evaluation, node)) = evaluation {
        let label = evaluation.label();
        let message = format!("this test is the run {}, which is also the evaluation '{label}'", cx.shown(own.node));
        let finding = cx.at_value(&TEST_NOT_SEPARATE, own.node, message).help("test the model in a run of its own");
        out.push(workspace.relate(finding, evaluation, Some(node), "the evaluation"));
    }
}

/// Reports a test without a run, where the evaluation has one.
fn check_unnamed(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(Document::Test(own)) = cx.typed() else { return };
    let Some(model) = own.model.node().filter(|_| cx.is_newest() && cx.is_complete() && own.run.node().is_none())
    else {
        return;
    };
    let mut references = workspace.own.references.iter();
    let Some(model) = references.find(|reference| reference.node == model) else { return };
    let evaluations = workspace.meaning_the_same(workspace.id, model, ReferenceRole::Plain, Kind::Evaluation);
    let measured = evaluations.take(MOST_LOOKED_AT).find_map(|(id, _)| {
        let member = workspace.member(id)?;
        let Document::Evaluation(evaluation) = member.typed()? else { return None };
        Some((member, evaluation.run.node()?))
    });
    if let Some((evaluation, node)) = measured {
        let message = "this test names no run, and the evaluation does: nothing shows that the two were separate steps";
        let finding = cx.at_value(&TEST_NOT_SEPARATE, model.node, message).severity(Severity::Info);
        let finding = finding.help("name the run that measured under `run`");
        out.push(workspace.relate(finding, evaluation, Some(node), "the run of the evaluation"));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn a_test_beside_an_evaluation_with_a_run_names_its_own() {
        let document = |version: &str, kind: &str, run: &str| {
            format!(
                "kind: {kind}\nmlSpecVersion: {version}\nname: credit-{kind}\nmodel: credit-default\ndataset: loans-{kind}@1.0.0\n{run}\
                 performedOn: 2026-08-20T04:00:00Z\nmetrics: [{{key: recall, value: 0.7, count: 900}}]\n"
            )
        };
        let run = |digit: &str| format!("run: {digit}92f0c1c-72ae-4236-9202-7e6aff1954f4\n");
        for (version, of_test, of_evaluation, is_found) in [
            ("0.2.0", "", &*run("5"), true),
            ("0.1.0", "", &*run("5"), false),
            ("0.2.0", "", "", false),
            ("0.2.0", &*run("6"), &*run("5"), false),
        ] {
            let text = document(version, "test", of_test) + "---\n" + &document(version, "evaluation", of_evaluation);
            let own = found(&text).into_iter().filter(|(rule, ..)| *rule == super::TEST_NOT_SEPARATE.id).count();
            assert_eq!(own, usize::from(is_found), "{text}");
        }
    }
}
