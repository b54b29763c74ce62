//! `objective/empty-gate`

use crate::documents::Document;
use crate::documents::objectives::ObjectiveSeverity;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// There must be at least one required objective.
    ///
    /// A gate that has nothing to refuse for lets every model pass. Advisory objectives only warn, so at least one has to be required, which
    /// it is unless `severity` says otherwise. Without one the gate gives no verdict at all.
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
    ///     severity: advisory
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
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
    pub EMPTY_GATE = {
        id: "objective/empty-gate",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 1: the minimum success criteria, as code for automated deployment",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let (Document::Objectives(document), Some(policy)) = (document, cx.policy()) else { return };
    let Some((_, node)) = document.objectives.located().filter(|(_, node)| cx.is_complete() && !cx.tree.is_null(*node))
    else {
        return;
    };
    let is_read = cx.tree.items(cx.tree.resolve(node)).len() == policy.objectives.len();
    // A severity that is not known counts as required.
    let is_empty = policy.objectives.iter().all(|objective| objective.severity == ObjectiveSeverity::Advisory);
    if is_read && is_empty {
        let message = match policy.objectives.len() {
            0 => "there is no objective, so there is nothing that a model could fail",
            _ => "no objective is required, so there is nothing that a model could fail",
        };
        out.push(
            cx.at_key(&EMPTY_GATE, node, message).help("make the objectives that a deployment depends on required"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::changed;
    use crate::rules::testing::{assert_found, found};

    #[test]
    fn a_gate_without_objectives_is_empty_and_one_with_unknown_ones_may_not_be() {
        let text = changed(&[]);
        let (start, end) = text.find("objectives:\n").zip(text.find("tests:")).unwrap();
        let with = |objectives: &str| format!("{}{objectives}\n{}", &text[..start], &text[end..]);
        assert_found(&with("objectives: []"), &[("objective/empty-gate", "objectives")]);
        assert_found(&with("objectives: [later]"), &[("document/wrong-type", "later")]);
        assert_found(&with("objectives: # later"), &[("document/missing-required", "objectives")]);
        let advisory = "objectives:\n  - {id: a, why: x, severity: advisry, expect: recall >= 1% on live}";
        assert!(found(&with(advisory)).iter().all(|(rule, ..)| *rule != "objective/empty-gate"));
    }
}
