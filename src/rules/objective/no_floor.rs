//! `objective/no-floor`

use rustc_hash::FxHashSet;

use crate::documents::Document;
use crate::documents::objectives::ObjectiveSeverity;
use crate::objectives::hir::{
    AcrossFunction, ChangeReference, Claim, DefinitionId, MetricId, Operator, Predicate, Value, ValueKind,
};
use crate::objectives::policy::Policy;
use crate::rules::expression::at;
use crate::rules::objective::fully_read;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A metric that is compared with an earlier model should also have an absolute bound.
    ///
    /// If each model may be two points worse than the one before, the tenth may be twenty points worse than the first, and every gate along
    /// the way passes. An absolute bound on the same metric, in any objective, prevents that. A change against one named run cannot add up
    /// and is not reported. A bound on the difference of two values does not bound either of them.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// baseline: {run: production-2026-05}
    /// metrics:
    ///   precision: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: no-step-back
    ///     why: people look at every application that is flagged
    ///     expect: precision drops by at most 2pp vs baseline on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// baseline: {run: production-2026-05}
    /// metrics:
    ///   precision: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: no-step-back
    ///     why: people look at every application that is flagged
    ///     expect: precision drops by at most 2pp vs baseline on holdback
    ///   - id: precise-enough
    ///     why: people look at every application that is flagged
    ///     expect: precision >= 40% on holdback
    /// ```
    pub NO_FLOOR = {
        id: "objective/no-floor",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 1: the minimum success criteria, as code for automated deployment",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(policy) = fully_read(cx) else { return };
    // A condition that cannot be read may contain the bound.
    if policy.demands().any(|(_, demand)| demand.condition.is_none()) {
        return;
    }
    let mut bounded = FxHashSet::default();
    let mut seen = FxHashSet::default();
    for claim in policy.demands().filter_map(|(_, demand)| demand.condition.as_ref()).flat_map(|own| own.claims()) {
        if !matches!(claim.predicate, Predicate::Change { .. } | Predicate::Reported(_)) {
            claim.values().for_each(|value| add_bounded(value, policy, &mut seen, &mut bounded));
        }
    }
    for objective in policy.objectives.iter().filter(|own| own.severity == ObjectiveSeverity::Required) {
        let Some((demand, condition)) = objective.expect.as_ref().and_then(|own| Some((own, own.condition.as_ref()?)))
        else {
            continue;
        };
        for claim in condition.claims().into_iter().filter(|claim| may_creep(claim)) {
            let metrics = metrics(&claim.value, policy);
            if !metrics.is_empty() && metrics.is_disjoint(&bounded) {
                let message = "this is compared with earlier models only: small losses can add up from model to model";
                let finding = at(&NO_FLOOR, demand.node, claim.value.span, cx, message);
                out.push(finding.help("add an objective with an absolute bound on the same metric"));
            }
        }
    }
}

/// Whether a claim compares with a run that changes with each model.
fn may_creep(claim: &Claim) -> bool {
    match &claim.predicate {
        Predicate::Change { reference, .. } => {
            !matches!(reference, ChangeReference::Run(_) | ChangeReference::Named(_))
        }
        _ => false,
    }
}

/// Adds the metrics that a bound on a value also bounds. Each definition is visited once.
fn add_bounded(value: &Value, policy: &Policy, seen: &mut FxHashSet<DefinitionId>, bounded: &mut FxHashSet<MetricId>) {
    match &value.kind {
        ValueKind::Number(_) | ValueKind::ByValue(_) | ValueKind::Age => {}
        ValueKind::Metric(id, _) => drop(bounded.insert(*id)),
        ValueKind::Aggregate(_, inner)
        | ValueKind::Negative(inner)
        | ValueKind::On(inner, _)
        | ValueKind::Within(inner, _) => {
            add_bounded(inner, policy, seen, bounded);
        }
        ValueKind::Across(across) => match across.function {
            AcrossFunction::Ratio
            | AcrossFunction::Difference
            | AcrossFunction::LeastRise
            | AcrossFunction::LeastFall => {}
            AcrossFunction::Worst | AcrossFunction::Best | AcrossFunction::Mean | AcrossFunction::WeightedMean => {
                add_bounded(&across.value, policy, seen, bounded)
            }
        },
        ValueKind::Arithmetic(Operator::Subtract, left, right) if !is_number(left) && !is_number(right) => {}
        ValueKind::Arithmetic(_, left, right) => {
            add_bounded(left, policy, seen, bounded);
            add_bounded(right, policy, seen, bounded);
        }
        ValueKind::Definition(id) => {
            if let Some(value) =
                policy.definitions.get(*id).and_then(|own| own.value.as_ref()).filter(|_| seen.insert(*id))
            {
                add_bounded(value, policy, seen, bounded);
            }
        }
    }
}

fn is_number(value: &Value) -> bool {
    matches!(value.kind, ValueKind::Number(_))
}

/// Returns the metrics that a value is computed from, directly or through definitions.
fn metrics(value: &Value, policy: &Policy) -> FxHashSet<MetricId> {
    let (mut metrics, mut seen) = (FxHashSet::default(), FxHashSet::default());
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        for part in value.parts() {
            match &part.kind {
                ValueKind::Metric(id, _) => drop(metrics.insert(*id)),
                ValueKind::Definition(id) if seen.insert(*id) => {
                    open.extend(policy.definitions.get(*id).and_then(|own| own.value.as_ref()));
                }
                _ => {}
            }
        }
    }
    metrics
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::expecting;
    use crate::rules::testing::assert_found;

    #[test]
    fn differences_are_no_floor_and_one_named_run_does_not_creep() {
        let change = "precision worsens by at most 1pp vs previous run on holdback";
        let gap = "(precision on holdback) - (recall on holdback) <= 5pp";
        let with = |expect: &str| {
            expecting(expect).replacen("precision >= 1% on holdback", "precision is reported on live", 1)
        };
        assert_found(&with(change), &[("objective/no-floor", "precision")]);
        assert_found(&with(&format!("{change} and {gap}")), &[("objective/no-floor", "precision")]);
        assert_found(&with("precision worsens by at most 1pp vs run 'launch' on holdback"), &[]);
        assert_found(&with(&format!("{change} and precision between 0.3 and 0.95 on holdback")), &[]);
    }
}
