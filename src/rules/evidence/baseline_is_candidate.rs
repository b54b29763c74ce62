//! `evidence/baseline-is-candidate`

use crate::documents::Kind;
use crate::rules::evidence::baseline_reference;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::{Linked, Role};

declare_rule! {
    /// The baseline must be another run than the one that is judged.
    ///
    /// A model that is compared with itself never drops, rises or changes: every objective `vs baseline` passes with nothing shown. It
    /// happens when the baseline is moved to a new run before the model of that run was judged, or when the evaluation names the run of
    /// production. Reported is a baseline that is the run of the newest evaluation or test of these objectives.
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
    /// baseline: {run: production-2026-05}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: no-step-back
    ///     why: a new model must not find fewer defaults than the one that it replaces
    ///     expect: recall drops by at most 2pp vs baseline on holdback
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ---
    /// kind: test
    /// mlSpecVersion: 0.1.0
    /// id: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test
    /// model: credit-default
    /// run: production-2026-05
    /// dataset: credit-holdback@1.0.0
    /// performedOn: 2026-08-24T04:00:00Z
    /// objectives: credit-default-launch
    /// metrics:
    ///   - {key: recall, value: 0.7208, count: 4800}
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
    /// baseline: {run: production-2026-05}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: no-step-back
    ///     why: a new model must not find fewer defaults than the one that it replaces
    ///     expect: recall drops by at most 2pp vs baseline on holdback
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ---
    /// kind: test
    /// mlSpecVersion: 0.1.0
    /// id: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test
    /// model: credit-default
    /// run: test-2026-08-24
    /// dataset: credit-holdback@1.0.0
    /// performedOn: 2026-08-24T04:00:00Z
    /// objectives: credit-default-launch
    /// metrics:
    ///   - {key: recall, value: 0.7208, count: 4800}
    /// ```
    pub BASELINE_IS_CANDIDATE = {
        id: "evidence/baseline-is-candidate",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_, '_>, out: &mut Findings<'_>) {
    let Some(own) = baseline_reference(workspace) else { return };
    for kind in [Kind::Test, Kind::Evaluation] {
        let [newest] = workspace.newest_measured(workspace.id, kind) else { continue };
        let measured = workspace.meaning_the_same(workspace.id, own, Role::MeasuringRun, kind);
        let Some((_, run)) = measured.iter().find(|(id, _)| id == newest) else { continue };
        let Some(member) = workspace.member(*newest) else { continue };
        let message = format!("the baseline is the run of the newest {kind}, '{}'", member.label());
        let finding = cx.at_value(&BASELINE_IS_CANDIDATE, own.node, message);
        let finding = finding.help("name the run of the model that is to be replaced");
        out.push(workspace.relate(finding, member, Some(run.node), format!("the run of the {kind}")));
        return;
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::{changed, tested};
    use crate::rules::testing::found;

    #[track_caller]
    fn assert_same(baseline: &str, tests: &str, is_same: bool) {
        let baseline = format!("baseline: {{run: {baseline}}}\nmetrics:\n");
        let change =
            ("expect: recall >= 65%", "expect: recall drops by at most 2pp vs baseline on holdback and recall >= 65%");
        let text = changed(&[("metrics:\n", &baseline), change]) + tests;
        let found = found(&text);
        let own: Vec<_> = found.iter().filter(|(rule, ..)| *rule == "evidence/baseline-is-candidate").collect();
        assert_eq!(own.len(), usize::from(is_same), "{text}{found:#?}");
    }

    #[test]
    fn the_run_is_known_by_name_and_by_id() {
        let test = tested("  - {key: recall, value: 0.7208, count: 4800}\n");
        let of = |run: &str| test.replace("name: credit-test\n", &format!("name: credit-test\nrun: {run}\n"));
        const ID: &str = "e6ac09bf-5225-49c0-9c6d-95f8c293ee73";
        let run = format!("---\nkind: run\nmlSpecVersion: 0.1.0\nid: {ID}\nname: production\n");
        assert_same("production", &of("production"), true);
        assert_same("Production", &of("production"), true);
        assert_same("production", &of("trial"), false);
        assert_same("production", &(of(ID) + &run), true);
        assert_same(ID, &(of("production") + &run), true);
    }

    #[test]
    fn an_older_test_may_be_of_the_baseline() {
        let test = tested("  - {key: recall, value: 0.7208, count: 4800}\n");
        let older = test
            .replace("name: credit-test\n", "name: older\nrun: production\n")
            .replace("id: 6f1d2c3b", "id: 6f1d2c3c")
            .replace("2026-08-24", "2026-05-24");
        let newer = test.replace("name: credit-test\n", "name: newer\nrun: candidate\n");
        assert_same("production", &(older.clone() + &newer), false);
        assert_same("production", &(newer + &older), false);
        assert_same("production", &older, true);
    }
}
