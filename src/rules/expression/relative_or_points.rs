//! `expression/relative-or-points`

use crate::diagnostics::{Finding, Fix};
use crate::documents::Document;
use crate::objectives::policy::Demand;
use crate::objectives::syntax::ast;
use crate::objectives::unit::Unit;
use crate::rules::expression::{at, replaced};
use crate::rules::objective::{demands, is_inconsistent};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A percentage of change in a fraction should say whether it is relative.
    ///
    /// `recall drops by at most 2% vs baseline` allows a drop from 50% to 49%, because the percentage is relative to the baseline. Many
    /// people who read or write such a line mean percentage points, and would allow 48%. Where the metric is a fraction itself, write `2%
    /// relative` or `2pp`, so that nobody has to know the rule.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// baseline: {run: production-2026-05}
    /// objectives:
    ///   - id: no-step-back
    ///     why: the new model must not find fewer defaults
    ///     expect: recall drops by at most 2% vs baseline on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// baseline: {run: production-2026-05}
    /// objectives:
    ///   - id: no-step-back
    ///     why: the new model must not find fewer defaults
    ///     expect: recall drops by at most 2pp vs baseline on holdback
    /// ```
    /// ```yaml base:credit-launch
    /// baseline: {run: production-2026-05}
    /// objectives:
    ///   - id: no-step-back
    ///     why: the new model must not find fewer defaults
    ///     expect: recall drops by at most 2% relative vs baseline on holdback
    /// ```
    ///
    /// ## Fix
    /// `--fix` adds `relative` to the percentage, which is what it already means. An editor also offers to turn it into percentage points.
    pub RELATIVE_OR_POINTS = {
        id: "expression/relative-or-points",
        severity: Warning,
        since: "0.1.0",
        fix: Safe,
        source: "spec/objectives.md: the percentage of a change is of the reference, points are not",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let (Some(policy), Some(consistency)) = (cx.policy(), cx.consistency()) else { return };
    for (demand, _) in demands(policy) {
        for (span, written, claim) in demand.claims() {
            let ast::Predicate::Change(change) = &written.predicate else { continue };
            let amount = &change.amount;
            let is_unclear = amount.unit == Some(Unit::Percent) && !amount.says_relative;
            if is_unclear && consistency.ranges.is_share(&claim.value) && !is_inconsistent(demand, span, cx) {
                out.extend(finding(demand, amount, cx));
            }
        }
    }
}

fn finding(demand: &Demand, amount: &ast::Amount, cx: &Context<'_>) -> Option<Finding> {
    let text = demand.text.get(amount.span.range())?;
    let number = text.strip_suffix('%')?.trim_end();
    let message = format!("'{text}' is relative to the old value, and can be misread as {number} percentage points");
    let relative = replaced(demand.node, amount.span, &format!("{text} relative"), cx);
    let points = replaced(demand.node, amount.span, &format!("{number}pp"), cx);
    let finding = at(&RELATIVE_OR_POINTS, demand.node, amount.span, cx, message);
    let finding =
        finding.help(format!("write '{text} relative' if that is meant, or '{number}pp' for percentage points"));
    let finding = finding.fix(relative.map(|edits| Fix::safe(format!("write '{text} relative'"), edits)));
    Some(finding.fix(points.map(|edits| Fix::needs_review(format!("write '{number}pp'"), edits))))
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::judged::{fixed, places};

    const ID: &str = "expression/relative-or-points";

    #[test]
    fn both_readings_are_offered() {
        for (expect, place, mended) in [
            (
                "recall drops by at most 2% vs baseline on holdback",
                "2%",
                [
                    "recall drops by at most 2% relative vs baseline on holdback",
                    "recall drops by at most 2pp vs baseline on holdback",
                ],
            ),
            (
                "'error_rate rises by at most 0.5% vs previous run'",
                "0.5%",
                [
                    "'error_rate rises by at most 0.5% relative vs previous run'",
                    "'error_rate rises by at most 0.5pp vs previous run'",
                ],
            ),
        ] {
            assert_eq!(places(ID, expect), [place]);
            assert_eq!(fixed(ID, expect), mended);
        }
    }

    #[test]
    fn what_is_clear_is_left_alone() {
        for expect in [
            "recall drops by at most 2pp vs baseline",
            "recall drops by at most 2% relative vs baseline",
            "mean(latency) rises by at most 2% vs baseline",
            "perplexity rises by at most 2% vs baseline",
            "log_likelihood drops by at most 2% vs baseline",
            "confusion.tp drops by at most 2% vs baseline",
            "recall within 2% of 90%",
        ] {
            assert_eq!(places(ID, expect), [""; 0], "{expect}");
        }
    }
}
