//! `objective/unbound-claim`

use crate::documents::Document;
use crate::objectives::hir::{Claim, Value, ValueKind};
use crate::objectives::policy::{Demand, Policy};
use crate::rules::expression::at;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A claim should name its dataset if several are declared.
    ///
    /// The same metric is logged for validation data, for hold-back data and in production, with different values. A claim that does not
    /// say which of them it is about is unknown as soon as there is more than one, and the gate refuses the model. `on holdback` names the
    /// dataset for a whole claim, `(recall on holdback)` for a part of it.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// metrics:
    ///   precision: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: precise-enough
    ///     why: people look at every application that is flagged
    ///     expect: precision >= 40%
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// metrics:
    ///   precision: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: precise-enough
    ///     why: people look at every application that is flagged
    ///     expect: precision >= 40% on holdback
    /// ```
    pub UNBOUND_CLAIM = {
        id: "objective/unbound-claim",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(policy) = cx.policy().filter(|policy| policy.datasets.len() > 1) else { return };
    for (demand, claim) in unbound_claims(policy) {
        let finding =
            at(&UNBOUND_CLAIM, demand.node, claim.value.span, cx, "this does not say which dataset it is about");
        out.push(finding.help("add `on` and the name of a dataset under `datasets`"));
    }
}

/// Returns the claims with a metric whose dataset is not named.
pub(super) fn unbound_claims(policy: &Policy) -> Vec<(&Demand, &Claim)> {
    let mut bound = vec![None; policy.definitions.len()];
    let mut unbound = Vec::new();
    for (_, demand) in policy.demands() {
        for claim in demand.condition.iter().flat_map(|condition| condition.claims()) {
            if claim.dataset.is_none() && !claim.values().all(|value| is_bound(value, policy, &mut bound)) {
                unbound.push((demand, claim));
            }
        }
    }
    unbound
}

/// Whether the dataset of each metric of a value is named. `known` caches the answers for definitions.
fn is_bound(value: &Value, policy: &Policy, known: &mut Vec<Option<bool>>) -> bool {
    match &value.kind {
        // `on` names the dataset for everything in it.
        ValueKind::Number(_) | ValueKind::On(..) | ValueKind::Age => true,
        ValueKind::ByValue(own) => own.numbers().all(|value| is_bound(value, policy, known)),
        ValueKind::Metric(..) => false,
        ValueKind::Aggregate(_, inner) | ValueKind::Negative(inner) | ValueKind::Within(inner, _) => {
            is_bound(inner, policy, known)
        }
        ValueKind::Across(across) => is_bound(&across.value, policy, known),
        ValueKind::Arithmetic(_, left, right) => is_bound(left, policy, known) && is_bound(right, policy, known),
        ValueKind::Definition(id) => {
            if let Some(Some(is_bound)) = known.get(*id) {
                return *is_bound;
            }
            let value = policy.definitions.get(*id).and_then(|definition| definition.value.as_ref());
            let found = value.is_none_or(|value| is_bound(value, policy, known));
            if let Some(own) = known.get_mut(*id) {
                *own = Some(found);
            }
            found
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::assert_expecting;

    #[test]
    fn a_claim_is_bound_as_a_whole_or_in_all_its_parts() {
        for (expect, place) in [
            ("precision is reported", Some("precision")),
            ("precision >= recall", Some("precision")),
            ("(precision on holdback) - recall <= 5pp", Some("(precision on holdback) - recall")),
            ("mean(latency) <= 5s", Some("mean(latency)")),
            ("(precision on holdback) - (recall on holdback) <= 5pp", None),
            ("mean((latency on holdback)) <= 5s", None),
            ("(precision on holdback) >= 1% + 1%", None),
        ] {
            let found: Vec<_> = place.into_iter().map(|place| ("objective/unbound-claim", place)).collect();
            assert_expecting(expect, &found);
        }
    }
}
