//! `expression/no-interval`

use crate::documents::Document;
use crate::objectives::policy::Policy;
use crate::objectives::typed::{Value, ValueKind};
use crate::rules::expression::at;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// Only a metric itself can be judged with confidence, not what is computed from it.
    ///
    /// `with 95% confidence` asks whether the whole confidence interval meets the bound. A run logs such an interval beside a metric, and for a
    /// fraction it follows from the number of examples. For a percentile, a sum or a ratio of metrics there is neither, so the objective stays
    /// unknown for ever. Log what is computed as a metric of its own, with its interval.
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
    ///   latency: {unit: ms, type: array, better: lower}
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    ///   - id: fast-enough
    ///     why: the counter waits for the answer
    ///     expect: p95(latency) <= 150ms on holdback with 95% confidence
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
    ///   late: {unit: fraction, range: [0, 1], better: lower}
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    ///   - id: fast-enough
    ///     why: the counter waits for the answer
    ///     expect: late <= 5% on holdback with 95% confidence
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ```
    pub NO_INTERVAL = {
        id: "expression/no-interval",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(policy) = cx.policy() else { return };
    for (_, demand) in policy.demands() {
        for claim in demand.condition.iter().flat_map(|condition| condition.claims()) {
            if claim.confidence.is_some() && is_computed(&claim.value, policy) {
                let message = "this is computed, so there is no confidence interval for it";
                let finding = at(&NO_INTERVAL, demand.node, claim.value.span, cx, message);
                out.push(finding.help("log it as a metric of its own, with its interval, or leave the confidence out"));
            }
        }
    }
}

fn is_computed(value: &Value, policy: &Policy) -> bool {
    match &value.kind {
        ValueKind::Number(_) | ValueKind::Metric(_, None) => false,
        ValueKind::On(inner, _) => is_computed(inner, policy),
        ValueKind::Definition(id) => policy
            .definitions
            .get(*id)
            .and_then(|own| own.value.as_ref())
            .is_some_and(|value| is_computed(value, policy)),
        ValueKind::Metric(_, Some(_))
        | ValueKind::Aggregate(..)
        | ValueKind::Across(_)
        | ValueKind::Negative(_)
        | ValueKind::Arithmetic(..) => true,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::assert_expecting;

    #[test]
    fn what_is_logged_may_have_an_interval() {
        for (value, is_computed) in [
            ("recall", false),
            ("(recall on holdback)", false),
            ("mean(latency) / 1s", true),
            ("confusion_matrix.true_positive", true),
            ("recall - precision", true),
            ("worst(recall across sex with at least 9 examples)", true),
        ] {
            let found: &[_] = if is_computed { &[("expression/no-interval", value)] } else { &[] };
            assert_expecting(&format!("{value} >= 10% on holdback with 95% confidence"), found);
        }
    }
}
