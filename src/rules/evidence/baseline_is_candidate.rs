//! `evidence/baseline-is-candidate`

use crate::documents::Kind;
use crate::rules::Linked;
use crate::rules::evidence::baseline_reference;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::Role;

declare_rule! {
    /// The baseline must not be the run that is judged.
    ///
    /// A model that is compared with itself never drops, rises or changes, so every objective `vs baseline` passes without showing
    /// anything. This happens when the baseline is moved to a new run before the model of that run was judged, or when the evaluation names
    /// the run in production. The rule reports a baseline that is the run of the newest evaluation or test of these objectives.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch,credit-test
    /// baseline: {run: production-2026-05}
    /// objectives:
    ///   - id: no-step-back
    ///     why: a new model must not find fewer defaults than the one it replaces
    ///     expect: recall drops by at most 2pp vs baseline on holdback
    /// ---
    /// kind: test
    /// run: production-2026-05
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch,credit-test
    /// baseline: {run: production-2026-05}
    /// objectives:
    ///   - id: no-step-back
    ///     why: a new model must not find fewer defaults than the one it replaces
    ///     expect: recall drops by at most 2pp vs baseline on holdback
    /// ---
    /// kind: test
    /// run: test-2026-08-24
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

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(own) = baseline_reference(workspace) else { return };
    for kind in [Kind::Test, Kind::Evaluation] {
        let [newest] = *workspace.newest_measured(workspace.id, kind) else { continue };
        let mut measured = workspace.meaning_the_same(workspace.id, own, Role::MeasuringRun, kind);
        let Some((_, run)) = measured.find(|(id, _)| *id == newest) else { continue };
        let Some(member) = workspace.member(newest) else { continue };
        let message = format!("the baseline is the run of the newest {kind} '{}'", member.label());
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
