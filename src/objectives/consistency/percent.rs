//! Percentages written as if they were fractions: `accuracy >= 92`.

use crate::objectives::diagnostic::{DiagnosticKind, Fault};
use crate::objectives::hir::{Amount, Claim, Predicate, Value, ValueKind};
use crate::objectives::interval::range::Ranges;
use crate::objectives::number::Exact;
use crate::objectives::policy::Demand;
use crate::objectives::syntax::ast::{self, Expr, ExprKind};
use crate::text::Span;

/// A number without a unit, and the missing sign after it.
struct Slip {
    number: Span,
    sign: &'static str,
}

/// Returns the claims of a condition that compare a proportion with a number that only makes sense as a percentage, by place.
pub(super) fn slips(demand: &Demand, ranges: &Ranges) -> Vec<(Span, Fault)> {
    let claims = demand.claims().into_iter();
    claims
        .filter_map(|(span, written, claim)| Some((span, fault(demand, &slips_of(written, claim, ranges))?)))
        .collect()
}

fn slips_of(written: &ast::Claim, claim: &Claim, ranges: &Ranges) -> Vec<Slip> {
    let bound = |node: &Expr, own: &Value, other: &Value| -> Option<Slip> {
        let ExprKind::Number(literal) = &node.kind else { return None };
        let ValueKind::Number(number) = &own.kind else { return None };
        let is_slip = literal.is_bare() && is_percentage(number) && ranges.is_share(other);
        is_slip.then_some(Slip { number: node.span, sign: "%" })
    };
    let amount = |written: &ast::Amount, own: &Amount| -> Option<Slip> {
        let Amount::Absolute(number) = own else { return None };
        let is_slip = written.unit.is_none() && is_percentage(number) && ranges.is_share(&claim.value);
        is_slip.then_some(Slip { number: written.span, sign: "pp" })
    };
    let slips = match (&written.predicate, &claim.predicate) {
        (ast::Predicate::Compare(_, _, node), Predicate::Compare(_, own)) => {
            [bound(&written.value, &claim.value, own), bound(node, own, &claim.value)]
        }
        (ast::Predicate::Between(low, high), Predicate::Between(own_low, own_high)) => {
            [bound(low, own_low, &claim.value), bound(high, own_high, &claim.value)]
        }
        (ast::Predicate::Within(size, node), Predicate::Within(own_size, own)) => {
            [amount(size, own_size), bound(node, own, &claim.value)]
        }
        (ast::Predicate::Change(change), Predicate::Change { amount: own, .. }) => [amount(&change.amount, own), None],
        _ => [None, None],
    };
    slips.into_iter().flatten().collect()
}

/// Returns whether a number is above 1 and at most 100, in the unit of a fraction.
fn is_percentage(number: &Exact) -> bool {
    *number > Exact::ONE && *number <= Exact::whole(100)
}

fn fault(demand: &Demand, slips: &[Slip]) -> Option<Fault> {
    let (first, last) = (slips.first()?, slips.last()?);
    let span = first.number.to(last.number);
    let mut text = String::new();
    let mut start = span.start;
    for slip in slips {
        text.push_str(demand.text.get(Span::new(start, slip.number.end).range())?);
        text.push_str(slip.sign);
        start = slip.number.end;
    }
    let message = match slips {
        [_] => "a fraction is at most 1, and this is above it",
        _ => "a fraction is at most 1, and these are above it",
    };
    let fault = Fault::new(DiagnosticKind::PercentOrFraction, demand.node, span, message);
    Some(fault.help(format!("if a percentage is meant, write {text}")).replace(span, text))
}
