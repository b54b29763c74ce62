//! `objective/exact-equality`

use crate::documents::Document;
use crate::objectives::hir::{Aggregate, Claim, Comparison, Predicate, Value, ValueKind};
use crate::objectives::interval::range::Ranges;
use crate::objectives::syntax::ast;
use crate::objectives::unit::Dimension;
use crate::rules::expression::at;
use crate::rules::objective::{demands, is_inconsistent};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// Measured numbers should not be compared with `==` or `!=`.
    ///
    /// A recall of exactly 80% is a coincidence. Whether it can occur at all depends on the number of examples, and the next training run
    /// with another seed gives another number. Say which side is good enough, or how close is close enough. Counts are exact and may be
    /// compared for equality, and so may numbers at the end of their range, such as an error rate of 0.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// metrics:
    ///   precision: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: precise
    ///     why: agreed with the call centre
    ///     expect: precision == 80% on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// metrics:
    ///   precision: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: precise
    ///     why: agreed with the call centre
    ///     expect: precision within 2pp of 80% on holdback
    /// ```
    /// ```yaml base:credit-launch
    /// metrics:
    ///   confusion_matrix: {type: object, unit: count, fields: [false_positive, true_negative]}
    /// objectives:
    ///   - id: none-lost
    ///     why: every application must be judged
    ///     expect: confusion_matrix.true_negative + confusion_matrix.false_positive == 5000 on holdback
    /// ```
    pub EXACT_EQUALITY = {
        id: "objective/exact-equality",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 8: the model is evaluated on data that it was not trained on",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let (Some(policy), Some(consistency)) = (cx.policy(), cx.consistency()) else { return };
    for (demand, _) in demands(policy) {
        for (span, written, claim) in demand.claims() {
            let ast::Predicate::Compare(comparison @ (Comparison::Equal | Comparison::NotEqual), sign, _) =
                &written.predicate
            else {
                continue;
            };
            if is_measured(claim, &consistency.ranges) && !is_inconsistent(demand, span, cx) {
                let word = if *comparison == Comparison::Equal { "never" } else { "always" };
                let message = format!("measured numbers are almost never exactly equal, so this is almost {word} true");
                let help = "compare with '>=' or '<=', or say how close is close enough, as in 'within 2pp of 80%'";
                out.push(at(&EXACT_EQUALITY, demand.node, *sign, cx, message).help(help));
            }
        }
    }
}

/// Whether a claim compares a measured number that is not a count with a number that is not at the end of its range.
fn is_measured(claim: &Claim, ranges: &Ranges) -> bool {
    let Predicate::Compare(_, bound) = &claim.predicate else { return false };
    let sides = [&claim.value, bound];
    let constants = sides.map(|side| ranges.value(side).single().cloned());
    let (value, other) = if constants[0].is_some() { (bound, &constants[0]) } else { (&claim.value, &constants[1]) };
    let range = ranges.value(value);
    let is_special = other.as_ref().is_some_and(|other| {
        other.is_zero() || [range.low(), range.high()].into_iter().any(|end| end.number() == Some(other))
    });
    let is_whole = other.as_ref().is_none_or(|other| other.to_whole().is_some());
    let is_averaged = |part: &Value| {
        let averages = |aggregate: &Aggregate| {
            matches!(aggregate, Aggregate::Mean | Aggregate::Median | Aggregate::Std | Aggregate::Quantile(_))
        };
        matches!(&part.kind, ValueKind::Aggregate(aggregate, _) if averages(aggregate))
    };
    let is_measured = match value.unit.dimension {
        Dimension::Count => value.parts().into_iter().any(is_averaged),
        // A number without a unit may be a count.
        Dimension::One | Dimension::Unknown => ranges.is_share(value) || !is_whole,
        Dimension::Time | Dimension::Bytes | Dimension::Other(_) => true,
    };
    is_measured && !is_special
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::judged::places;

    #[test]
    fn only_numbers_that_are_certainly_measured_are_found() {
        for (expect, found) in [
            ("recall == 80%", vec!["=="]),
            ("80% != recall and recall > 10%", vec!["!="]),
            ("p95(latency) == 200ms", vec!["=="]),
            ("cost == 5", vec!["=="]),
            ("perplexity == 5.5", vec!["=="]),
            ("(recall on holdback) == recall", vec!["=="]),
            ("confusion.tp / (confusion.tp + confusion.fn) == 0.5", vec!["=="]),
            ("perplexity == 5", vec![]),
            ("recall == 1", vec![]),
            ("error_rate == 0", vec![]),
            ("confusion.tp + confusion.fn == 5000", vec![]),
            ("count(latency) == 100", vec![]),
            ("log_likelihood == 5", vec![]),
            ("recall == 1.5", vec![]),
            ("recall == 80", vec![]),
            ("recall >= 80%", vec![]),
        ] {
            assert_eq!(places("objective/exact-equality", expect), found, "{expect}");
        }
    }
}
