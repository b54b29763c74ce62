//! `objective/four-fifths`

use crate::documents::Document;
use crate::objectives::hir::{AcrossFunction, Claim, Comparison, Predicate, Value, ValueKind};
use crate::objectives::number::Exact;
use crate::rules::expression::at;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// The four-fifths rule is a rule of thumb about selection rates, not a proof of fairness.
    ///
    /// `ratio(…) >= 0.8` is often taken for a legal limit. It comes from the Uniform Guidelines on Employee Selection Procedures that the
    /// EEOC and other agencies of the United States adopted in 1978 (29 CFR 1607.4(D)). There, a selection rate for a group by race, sex or
    /// ethnic origin that is below four fifths of that of the group with the highest rate is generally regarded as evidence of adverse
    /// impact.
    ///
    /// - It is about *selection rates*: the share of applicants who are chosen. It says nothing about recall, precision or error rates.
    /// - It is a rule of thumb about where agencies look closer, not a safe harbor. The same section says that smaller differences may be
    ///   adverse impact where they are significant, and that greater ones may not be where numbers are small.
    /// - It is about employment in the United States. Other rules apply to credit, insurance and health, and in other countries.
    ///
    /// Keep the objective if that was the decision. The finding is information: say in `why` who decided it, and add an objective that fits
    /// the harm, such as the difference in recall.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// metrics:
    ///   selection_rate: {unit: fraction, range: [0, 1], better: higher}
    /// dimensions:
    ///   age_group: {values: [under-30, 30-to-60, over-60]}
    /// objectives:
    ///   - id: same-chances
    ///     why: decided by the fair lending board in March
    ///     expect: ratio(selection_rate across age_group with at least 500 examples) >= 0.8 on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// metrics:
    ///   selection_rate: {unit: fraction, range: [0, 1], better: higher}
    /// dimensions:
    ///   age_group: {values: [under-30, 30-to-60, over-60]}
    /// objectives:
    ///   - id: same-chances
    ///     why: decided by the fair lending board in March
    ///     expect: ratio(selection_rate across age_group with at least 500 examples) >= 0.9 on holdback
    /// ```
    pub FOUR_FIFTHS = {
        id: "objective/four-fifths",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "29 CFR 1607.4(D), Uniform Guidelines on Employee Selection Procedures",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let (Some(policy), Some(limit)) = (cx.policy(), Exact::fraction(4, 5)) else { return };
    for (_, demand) in policy.demands() {
        for claim in demand.condition.iter().flat_map(|condition| condition.claims()) {
            if let Some(bound) =
                bound(claim).filter(|bound| matches!(&bound.kind, ValueKind::Number(own) if *own == limit))
            {
                let message = "this is the four-fifths rule: a rule of thumb about selection rates";
                let span = claim.value.span.to(bound.span);
                let finding = at(&FOUR_FIFTHS, demand.node, span, cx, message);
                out.push(finding.help("say in `why` who decided that it fits here"));
            }
        }
    }
}

/// Returns the smallest ratio that a claim allows.
fn bound(claim: &Claim) -> Option<&Value> {
    match &claim.predicate {
        Predicate::Compare(Comparison::AtLeast | Comparison::Above, bound) if is_ratio(&claim.value) => Some(bound),
        _ => None,
    }
}

fn is_ratio(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Across(across) => across.function == AcrossFunction::Ratio,
        ValueKind::On(inner, _) => is_ratio(inner),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::assert_expecting;

    #[test]
    fn only_a_ratio_of_at_least_four_fifths_is_meant() {
        let ratio = "ratio(recall across sex with at least 9 examples)";
        for bound in ["0.8", "80%", "0.80"] {
            let claim = format!("{ratio} >= {bound}");
            assert_expecting(&format!("{claim} on holdback"), &[("objective/four-fifths", &claim)]);
        }
        for other in [" >= 0.81 on holdback", " <= 0.8 on holdback"] {
            assert_expecting(&format!("{ratio}{other}"), &[]);
        }
        assert_expecting("difference(recall across sex with at least 9 examples) <= 0.8 on holdback", &[]);
    }
}
