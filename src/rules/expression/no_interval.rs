//! `expression/no-interval`

use crate::documents::Document;
use crate::documents::objectives::Language;
use crate::objectives::hir::{AcrossFunction, Value, ValueKind, Within};
use crate::objectives::policy::Policy;
use crate::rules::expression::at;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// `with … confidence` must be about a metric, not about a value computed from metrics.
    ///
    /// `with 95% confidence` asks whether the whole confidence interval meets the bound. A run logs that interval with a metric, and for a
    /// fraction it follows from the number of examples. A percentile, a sum or a ratio of metrics has neither, so the objective always
    /// stays unknown. Log such a value as a metric of its own, with its interval.
    ///
    /// In `mlspec-objectives/2`, `difference(…)` and `ratio(…)` of a proportion across slices have an interval: that of all pairs of
    /// slices.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// metrics:
    ///   latency: {unit: ms, type: array, better: lower}
    /// objectives:
    ///   - id: fast-enough
    ///     why: the counter waits for the answer
    ///     expect: p95(latency) <= 150ms on holdback with 95% confidence
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// metrics:
    ///   late: {unit: fraction, range: [0, 1], better: lower}
    /// objectives:
    ///   - id: fast-enough
    ///     why: the counter waits for the answer
    ///     expect: late <= 5% on holdback with 95% confidence
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
            if claim.confidence.is_some() && !has_pairs(&claim.value, policy) && is_computed(&claim.value, policy) {
                let message = "this is computed, so there is no confidence interval for it";
                let finding = at(&NO_INTERVAL, demand.node, claim.value.span, cx, message);
                out.push(finding.help("log it as a metric of its own, with its interval, or leave the confidence out"));
            }
        }
    }
}

/// Whether a value compares slices pair by pair, in a document of the second language version.
fn has_pairs(value: &Value, policy: &Policy) -> bool {
    match &value.kind {
        ValueKind::On(inner, _) => has_pairs(inner, policy),
        ValueKind::Across(across) => {
            let is_comparison = matches!(
                across.function,
                AcrossFunction::Ratio
                    | AcrossFunction::Difference
                    | AcrossFunction::LeastRise
                    | AcrossFunction::LeastFall
            );
            policy.language >= Language::Second && is_comparison && !is_computed(&across.value, policy)
        }
        _ => false,
    }
}

fn is_computed(value: &Value, policy: &Policy) -> bool {
    match &value.kind {
        ValueKind::Number(_) | ValueKind::Metric(_, None) | ValueKind::ByValue(_) => false,
        ValueKind::On(inner, _) | ValueKind::Within(inner, Within::Slice(_)) => is_computed(inner, policy),
        ValueKind::Definition(id) => policy
            .definitions
            .get(*id)
            .and_then(|own| own.value.as_ref())
            .is_some_and(|value| is_computed(value, policy)),
        ValueKind::Metric(_, Some(_))
        | ValueKind::Aggregate(..)
        | ValueKind::Across(_)
        | ValueKind::Age
        | ValueKind::Within(..)
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
