//! `objective/relative-near-zero`

use crate::documents::Document;
use crate::objectives::consistency::Consistency;
use crate::objectives::hir::{Amount, Claim, Condition, Predicate};
use crate::objectives::interval::NumberRange;
use crate::objectives::interval::normal::subject;
use crate::objectives::number::Exact;
use crate::objectives::syntax::ast;
use crate::rules::expression::at;
use crate::rules::objective::{demands, is_inconsistent};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A metric that can be on both sides of 0 should not be given a relative change.
    ///
    /// A relative change is a share of the old value. Near 0 the smallest difference is a huge share, and at 0 it is undefined, so the
    /// verdict is unknown. The rule reports a metric whose declared `range` has 0 strictly inside, such as a correlation, and a computed
    /// value with such a range, for example the difference of two rates. It does not report a range that only begins at 0, like that of
    /// every fraction, nor a value that a required objective keeps away from 0.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// baseline: {run: production-2026-05}
    /// metrics:
    ///   mcc: {unit: fraction, range: [-1, 1], better: higher}
    /// objectives:
    ///   - id: no-step-back
    ///     why: a new model must rank as well as the old one
    ///     severity: advisory
    ///     expect: mcc drops by at most 5% relative vs baseline on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// baseline: {run: production-2026-05}
    /// metrics:
    ///   mcc: {unit: fraction, range: [-1, 1], better: higher}
    /// objectives:
    ///   - id: no-step-back
    ///     why: a new model must rank as well as the old one
    ///     severity: advisory
    ///     expect: mcc drops by at most 2pp vs baseline on holdback
    /// ```
    /// ```yaml base:credit-launch
    /// baseline: {run: production-2026-05}
    /// metrics:
    ///   mcc: {unit: fraction, range: [-1, 1], better: higher}
    /// objectives:
    ///   - id: mcc-floor
    ///     why: below this, the ranking is of no use
    ///     expect: mcc >= 0.3 on holdback
    ///   - id: no-step-back
    ///     why: a new model must rank as well as the old one
    ///     expect: mcc drops by at most 5% relative vs baseline on holdback
    /// ```
    pub RELATIVE_NEAR_ZERO = {
        id: "objective/relative-near-zero",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: a relative change is divided by the absolute value of the reference",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let (Some(policy), Some(consistency)) = (cx.policy(), cx.consistency()) else { return };
    for (demand, condition) in demands(policy) {
        for (span, written, claim) in demand.claims() {
            let ast::Predicate::Change(change) = &written.predicate else { continue };
            let Some(range) = range_around_zero(claim, condition, consistency) else { continue };
            if is_inconsistent(demand, span, cx) {
                continue;
            }
            let value = demand.text.get(claim.value.span.range()).unwrap_or_default();
            let range = range.described(&claim.value.unit).unwrap_or_default();
            let message = format!("a relative change means little near 0, and '{value}' {range}");
            let help = "demand an absolute change, or keep the value away from 0 with a required objective";
            out.push(at(&RELATIVE_NEAR_ZERO, demand.node, change.amount.span, cx, message).help(help));
        }
    }
}

/// Returns the range of a value with a relative change, if 0 is strictly inside and no required objective excludes it.
fn range_around_zero(claim: &Claim, condition: &Condition, consistency: &Consistency) -> Option<NumberRange> {
    let Predicate::Change { amount: Amount::Relative(_), .. } = &claim.predicate else { return None };
    let range = consistency.ranges.value(&claim.value);
    let (low, high) = (range.low().number()?, range.high().number()?);
    let is_inside = low.is_negative() && *high > Exact::ZERO;
    let value = subject(&claim.value, claim, condition.for_each.as_ref(), None);
    let is_kept_away = consistency.required.get(&value).is_some_and(|set| !set.touches(&Exact::ZERO));
    (is_inside && !is_kept_away).then_some(range)
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::judged::places;

    #[test]
    fn only_values_that_can_be_on_both_sides_of_zero_are_found() {
        for (expect, found) in [
            ("mcc drops by at most 5% vs baseline", vec!["5%"]),
            ("(recall on holdback) - recall rises by at most 5% relative vs baseline", vec!["5% relative"]),
            ("mcc >= 0 and mcc drops by at most 5% vs baseline", vec!["5%"]),
            ("mcc >= 0.1 and mcc drops by at most 5% vs baseline", vec![]),
            ("mcc >= 0.1 on holdback and mcc drops by at most 5% vs baseline", vec!["5%"]),
            ("mcc drops by at most 5pp vs baseline", vec![]),
            ("recall drops by at most 5% relative vs baseline", vec![]),
            ("log_likelihood drops by at most 5% vs baseline", vec![]),
        ] {
            assert_eq!(places("objective/relative-near-zero", expect), found, "{expect}");
        }
    }
}
