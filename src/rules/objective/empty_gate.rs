//! `objective/empty-gate`

use crate::documents::Document;
use crate::documents::objectives::ObjectiveSeverity;
use crate::objectives::hir::{Predicate, Truth, TruthKind, ValueKind};
use crate::objectives::policy::PolicyObjective;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// At least one objective must be required.
    ///
    /// A gate that cannot refuse anything lets every model pass. Advisory objectives only warn, so at least one objective has to be
    /// required, which is the default unless `severity` says otherwise. Without one the gate gives no verdict at all. An objective that
    /// only asks whether something is reported or new, or is met as soon as all or nothing is, lets every value pass; and a bound in `aim`
    /// only warns.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     severity: advisory
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     severity: required
    ///     expect: recall >= 65% on holdback with at least 1000 examples
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
    // An unknown severity counts as required, and a condition that cannot be read counts as a demand.
    let is_required = |objective: &&PolicyObjective| objective.severity != ObjectiveSeverity::Advisory;
    let demands = |objective: &PolicyObjective| {
        let condition = objective.expect.as_ref().and_then(|demand| demand.condition.as_ref());
        condition.is_none_or(|own| [true, false].iter().all(|all| by_presence(&own.root, *all) != Some(true)))
    };
    let is_any_required = policy.objectives.iter().any(|objective| is_required(&objective));
    let is_empty = !policy.objectives.iter().filter(is_required).any(demands);
    if is_read && is_empty {
        let message = match policy.objectives.len() {
            0 => "there is no objective, so there is nothing that a model could fail",
            _ if is_any_required => {
                "no required objective demands more than that something is reported, whatever it is"
            }
            _ => "no objective is required, so there is nothing that a model could fail",
        };
        out.push(
            cx.at_key(&EMPTY_GATE, node, message).help("make the objectives that a deployment depends on required"),
        );
    }
}

/// Whether a condition is true or false regardless of the values, given that all metrics or no metrics are reported.
fn by_presence(truth: &Truth, is_reported: bool) -> Option<bool> {
    let of = |part: &Truth| by_presence(part, is_reported);
    let any = |parts: &[Option<bool>], wanted: bool| match parts {
        parts if parts.contains(&Some(wanted)) => Some(wanted),
        parts if parts.contains(&None) => None,
        _ => Some(!wanted),
    };
    match &truth.kind {
        TruthKind::Claim(claim) => match claim.predicate {
            Predicate::Reported(is_negated) => Some(is_reported != is_negated),
            // The age of the evidence says nothing about the model.
            _ if matches!(claim.value.kind, ValueKind::Age) => Some(is_reported),
            _ => None,
        },
        TruthKind::Not(inner) => of(inner).map(|truth| !truth),
        TruthKind::And(parts) => any(&parts.iter().map(of).collect::<Vec<_>>(), false),
        TruthKind::Or(parts) => any(&parts.iter().map(of).collect::<Vec<_>>(), true),
        TruthKind::Implies(premise, conclusion) => any(&[of(premise).map(|truth| !truth), of(conclusion)], true),
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
