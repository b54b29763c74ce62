//! `objective/never-blocks`

use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::objectives::ExpectedVerdict;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A policy test should show that the gate blocks a bad model.
    ///
    /// A gate that is written wrongly usually lets everything pass, because a bound has the wrong unit or a condition is always true. It
    /// looks the same as a gate that works, until a bad model comes. A policy test with `gate: fail` keeps such a model on file: the
    /// metrics of a run that must not be deployed.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// tests: [{name: passes a good model, given: fixtures/good.yml, gate: pass}]
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// tests:
    ///   - {name: passes a good model, given: fixtures/good.yml, gate: pass}
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
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
    // A malformed verdict may be intended as `fail`.
    let blocks = |verdict: Option<&ExpectedVerdict>| verdict.is_none_or(|verdict| *verdict == ExpectedVerdict::Fail);
    let tests = document.tests.get().map(List::iter).into_iter().flatten();
    if cx.is_complete() && !tests.into_iter().any(|(_, test)| blocks(test.gate.get())) {
        let node = document.tests.node().filter(|_| document.tests.get().is_some());
        if node.is_none() && document.tests.node().is_some_and(|node| !cx.tree.is_null(node)) {
            return;
        }
        let message = "no test shows that the gate blocks a model; add one with `gate: fail`";
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
