//! `objective/never-blocks`

use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::objectives::GateVerdict;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A test of the objectives should show that the gate blocks.
    ///
    /// A gate that is written wrongly usually lets everything pass: a bound in the wrong unit, a condition that is always true. It looks the
    /// same as a gate that works until a bad model comes. A policy test with `gate: fail` is that bad model, on file: the metrics of a run
    /// that must not be deployed.
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
    /// rollback: {to: production-2026-05}
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
    pub NEVER_BLOCKS = {
        id: "objective/never-blocks",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: the gate",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Objectives(document) = document else { return };
    // A verdict that is malformed may be meant to be this one.
    let blocks = |verdict: Option<&GateVerdict>| verdict.is_none_or(|verdict| *verdict == GateVerdict::Fail);
    let tests = document.tests.get().map(List::iter).into_iter().flatten();
    if cx.is_complete() && !tests.into_iter().any(|(_, test)| blocks(test.gate.get())) {
        let node = document.tests.node().filter(|_| document.tests.get().is_some());
        if node.is_none() && document.tests.node().is_some_and(|node| !cx.tree.is_null(node)) {
            return;
        }
        let message = "no test shows that the gate blocks a model";
        let finding = cx.at_key(&NEVER_BLOCKS, node.unwrap_or(cx.root), message);
        out.push(
            finding.help(
                "add a test under `tests` with `gate: fail` and the metrics of a model that must not be deployed",
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::changed;
    use crate::rules::testing::assert_found;

    #[test]
    fn tests_that_only_pass_show_nothing() {
        let found = [("objective/never-blocks", "tests")];
        assert_found(&changed(&[("gate: fail, fails: [recall-floor]", "gate: pass")]), &found);
        assert_found(
            &changed(&[(
                "  - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}",
                "  []",
            )]),
            &found,
        );
    }

    #[test]
    fn what_is_malformed_is_reported_as_that() {
        assert_found(&changed(&[("gate: fail", "gate: fails")]), &[("document/not-allowed-value", "fails")]);
    }
}
