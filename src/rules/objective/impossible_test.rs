//! `objective/impossible-test`

use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::objectives::{ExpectedVerdict, Objective, ObjectiveSeverity, PolicyTest};
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// The expectations of a test of objectives must be possible to meet.
    ///
    /// The gate fails exactly when a required objective fails; an advisory one only warns. A test that expects a gate to pass and an
    /// objective to fail, a gate to fail and no objective to fail, or an advisory objective to fail, always fails itself. It then looks as
    /// if the objectives were wrong.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor, recall-live]}
    /// ```
    ///
    /// ```yaml base:credit-launch
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail}
    ///   - {name: warns of an old one, given: fixtures/old.yml, gate: warn, fails: [recall-floor]}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    ///   - {name: warns of an old one, given: fixtures/old.yml, gate: warn}
    /// ```
    pub IMPOSSIBLE_TEST = {
        id: "objective/impossible-test",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/gate.md, what each verdict means",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Objectives(objectives) = document else { return };
    let own = || objectives.objectives.get().into_iter().flat_map(List::iter).map(|(_, objective)| objective);
    // Another rule reports that no objective is required.
    let advisory: Vec<&str> = match own().all(is_advisory) {
        true => Vec::new(),
        false => own().filter(|own| is_advisory(own)).filter_map(|own| own.id.get()).map(|id| &**id).collect(),
    };
    for (_, test) in objectives.tests.get().into_iter().flat_map(List::iter) {
        if let Some((node, message, help)) =
            contradiction(test, &advisory, cx).filter(|(node, ..)| !cx.is_faulty(*node))
        {
            out.push(cx.at_value(&IMPOSSIBLE_TEST, node, message).help(help));
        }
    }
}

fn is_advisory(objective: &Objective) -> bool {
    objective.severity.get() == Some(&ObjectiveSeverity::Advisory)
}

/// Returns the first impossible expectation of a test, with a message and a help.
fn contradiction(test: &PolicyTest, advisory: &[&str], cx: &Context<'_>) -> Option<(NodeId, String, &'static str)> {
    let (fails, node) = test.fails.located().filter(|(_, node)| !cx.tree.is_null(*node))?;
    let (gate, expected) = test.gate.located()?;
    // An item that cannot be read may name an objective.
    let is_empty = cx.tree.items(cx.tree.resolve(node)).is_empty() && List::iter(fails).next().is_none();
    match (gate, is_empty) {
        (ExpectedVerdict::Fail, true) => {
            return Some((
                node,
                "a gate that fails has an objective that fails".to_owned(),
                "name it, or leave out `fails`",
            ));
        }
        (ExpectedVerdict::Fail, false) => {}
        (_, true) => return None,
        (_, false) => {
            let message = format!("a gate that says {} has no objective that fails", cx.shown(expected));
            return Some((node, message, "expect `gate: fail`, or leave out `fails`"));
        }
    }
    let (node, _) = List::iter(fails).find(|(_, id)| advisory.contains(&&***id))?;
    let message = format!("{} is advisory: it warns, and never fails", cx.shown(node));
    Some((node, message, "leave it out, or make the objective required"))
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::changed;
    use crate::rules::testing::assert_found;

    #[test]
    fn what_is_possible_is_expected() {
        let found = |to: &str| changed(&[("gate: fail, fails: [recall-floor]", to)]);
        assert_found(&found("gate: fail, fails: []"), &[("objective/impossible-test", "[]")]);
        assert_found(&found("gate: fail, fails: [recall-live]"), &[("objective/impossible-test", "recall-live")]);
        for possible in
            ["gate: fail", "gate: fail, fails: ~", "gate: fail, fails: [recall-floor]", "gate: fail, fails: [~]"]
        {
            assert!(
                !crate::rules::testing::found(&found(possible))
                    .iter()
                    .any(|(rule, ..)| rule.contains("impossible-test"))
            );
        }
        let more = "gate: fail}\n  - {name: b, given: b.yml, gate: unknown, fails: [recall-floor]";
        assert_found(&found(more), &[("objective/impossible-test", "[recall-floor]")]);
    }
}
