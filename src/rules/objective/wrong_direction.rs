//! `objective/wrong-direction`

use rustc_hash::FxHashMap;

use crate::documents::Document;
use crate::documents::objectives::Better;
use crate::objectives::hir::{Condition, Truth, TruthKind};
use crate::objectives::interval::Cut;
use crate::objectives::interval::normal::{Claimed, claimed};
use crate::objectives::interval::range::Ranges;
use crate::objectives::policy::Policy;
use crate::rules::expression::at;
use crate::rules::objective::{demands, is_inconsistent};
use crate::rules::{Context, Findings, declare_rule};
use crate::text::Span;

declare_rule! {
    /// A bound should be on the side on which values of the metric are worse.
    ///
    /// If a metric declares `better: higher` and an objective limits it from above, the better a model is, the sooner it is blocked. Nearly
    /// always the comparison was reversed by mistake, or `better` is wrong. The rule reports a bound that must hold by itself: not one
    /// under `not`, in a branch of `or` or before `implies`, and not one with another bound on the other side. To catch values that are too
    /// good to be true, write `between`.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// metrics:
    ///   latency: {type: array, unit: ms, better: lower}
    /// objectives:
    ///   - id: fast
    ///     why: the portal waits for the answer
    ///     expect: p95(latency) >= 200ms on holdback
    /// ```
    /// ```yaml base:credit-launch
    /// baseline: {run: production-2026-05}
    /// metrics:
    ///   precision: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: step-forward
    ///     why: a new model must be worth the work
    ///     severity: advisory
    ///     expect: precision improves by at most 2pp vs baseline on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// metrics:
    ///   latency: {type: array, unit: ms, better: lower}
    /// objectives:
    ///   - id: fast
    ///     why: the portal waits for the answer
    ///     expect: p95(latency) <= 200ms on holdback
    /// ```
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: too-good
    ///     why: a model that finds nearly all has seen the answers
    ///     expect: recall between 40% and 95% on holdback
    /// ```
    pub WRONG_DIRECTION = {
        id: "objective/wrong-direction",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md, `metrics.*.better`: “Which values are better.”",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let (Some(policy), Some(consistency)) = (cx.policy(), cx.consistency()) else { return };
    for (demand, condition) in demands(policy) {
        for wrong in wrong_bounds(condition, policy, &consistency.ranges) {
            if !is_inconsistent(demand, wrong.claim, cx) {
                let (better, side) = match wrong.is_upper {
                    true => ("higher", "an upper"),
                    false => ("lower", "a lower"),
                };
                let message = format!("{better} values of '{}' are better, and this is {side} bound", wrong.metric);
                let help = "reverse the comparison, or write 'between' if both sides matter";
                out.push(at(&WRONG_DIRECTION, demand.node, wrong.claim, cx, message).help(help));
            }
        }
    }
}

/// A bound on the better side of a metric.
struct WrongBound<'p> {
    claim: Span,
    metric: &'p str,
    is_upper: bool,
}

fn wrong_bounds<'p>(condition: &Condition, policy: &'p Policy, ranges: &Ranges) -> Vec<WrongBound<'p>> {
    let mut claims = Vec::new();
    collect(&condition.root, condition, ranges, &mut claims);
    let mut bounded: FxHashMap<&str, [bool; 2]> = FxHashMap::default();
    for (_, claimed) in &claims {
        let [is_lower, is_upper] = bounds(claimed);
        let sides = bounded.entry(&claimed.subject).or_default();
        *sides = [sides[0] || is_lower, sides[1] || is_upper];
    }
    let wrong = |(span, claimed): &(Span, Claimed)| {
        let metric = policy.metrics.get(claimed.metric?)?;
        let wrong_side = match metric.better? {
            Better::Higher => [false, true],
            Better::Lower => [true, false],
        };
        let is_wrong = bounded.get(claimed.subject.as_str()) == Some(&wrong_side) && bounds(claimed) == wrong_side;
        is_wrong.then_some(WrongBound { claim: *span, metric: &metric.name, is_upper: wrong_side[1] })
    };
    claims.iter().filter_map(wrong).collect()
}

/// Collects the claims that must hold for the condition to hold, and the conclusions of `implies`.
fn collect(truth: &Truth, condition: &Condition, ranges: &Ranges, claims: &mut Vec<(Span, Claimed)>) {
    match &truth.kind {
        TruthKind::Claim(claim) => {
            claims.extend(claimed(claim, condition.for_each.as_ref(), ranges).map(|claimed| (truth.span, claimed)));
        }
        TruthKind::And(parts) => parts.iter().for_each(|part| collect(part, condition, ranges, claims)),
        TruthKind::Implies(_, conclusion) => collect(conclusion, condition, ranges, claims),
        TruthKind::Not(_) | TruthKind::Or(_) => {}
    }
}

/// Whether a claim limits its value from below, and whether from above.
fn bounds(claimed: &Claimed) -> [bool; 2] {
    claimed.set.hull().map_or([false; 2], |hull| [*hull.low() != Cut::Bottom, *hull.high() != Cut::Top])
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::judged::places;

    #[test]
    fn bounds_on_the_better_side_are_found_where_they_must_hold_by_themselves() {
        for (expect, found) in [
            ("recall <= 90% on holdback", vec!["recall <= 90% on holdback"]),
            ("90% > recall", vec!["90% > recall"]),
            ("p95(latency) > 20ms and recall < 90%", vec!["p95(latency) > 20ms", "recall < 90%"]),
            ("for each slice of sex, recall <= 90%", vec!["recall <= 90%"]),
            ("worst(recall across sex) < 90%", vec!["worst(recall across sex) < 90%"]),
            ("cost < 5 EUR", vec![]),
            ("cost > 5", vec!["cost > 5"]),
            ("cost <= 5 implies recall <= 90%", vec!["recall <= 90%"]),
            ("recall worsens by at least 2pp vs baseline", vec!["recall worsens by at least 2pp vs baseline"]),
            ("recall rises by at most 2pp vs baseline", vec!["recall rises by at most 2pp vs baseline"]),
            ("recall changes by at most 2pp vs baseline", vec![]),
            ("recall drops by at most 2pp vs baseline", vec![]),
            ("recall between 50% and 90%", vec![]),
            ("recall >= 50% and recall <= 90%", vec![]),
            ("recall within 5pp of 90%", vec![]),
            ("not recall <= 90%", vec![]),
            ("recall <= 90% or cost < 5", vec![]),
            ("recall <= 90% implies cost < 5", vec![]),
            ("difference(recall across sex) <= 5pp", vec![]),
            ("std(latency) <= 5ms", vec![]),
            ("confusion.tp <= 5", vec![]),
            ("(recall on holdback) - recall <= 5pp", vec![]),
            ("recall <= 92", vec![]),
            ("recall <= 100%", vec![]),
        ] {
            assert_eq!(places("objective/wrong-direction", expect), found, "{expect}");
        }
    }
}
