//! `evidence/finer-than-sample`

use rustc_hash::FxHashSet;

use crate::objectives::evaluate::ClaimInSlice;
use crate::objectives::hir::Predicate;
use crate::objectives::number::Exact;
use crate::objectives::policy::Policy;
use crate::rules::evidence::{examples_of_share, related_record};
use crate::rules::expression::at;
use crate::rules::{Context, Findings, declare_rule};
use crate::rules::{Linked, Reviewed};

declare_rule! {
    /// A bound should not be finer than one example of the data that it is judged on.
    ///
    /// On 200 examples a share moves in steps of 0.5 percentage points. `recall >= 99.95%` then means that not one example is missed, and
    /// `drops by at most 0.1pp` that not one more is missed than before. Both read like a tolerance and demand perfection, so the first
    /// unlucky example blocks the model. The rule checks shares that the newest measurement of these objectives computed from n examples.
    /// It reports a bound closer to 0 or 1 than 1/n, unless it is 0 or 1 itself, and an allowed change of less than 1/n.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch,credit-test
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 99.95% on holdback with at least 100 examples
    /// ---
    /// kind: test
    /// metrics:
    ///   - {key: recall, value: 1.0, count: 200}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch,credit-test
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 99% on holdback with at least 100 examples
    /// ---
    /// kind: test
    /// metrics:
    ///   - {key: recall, value: 1.0, count: 2000}
    /// ```
    pub FINER_THAN_SAMPLE = {
        id: "evidence/finer-than-sample",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, steps 8 and 9: evaluation, and test on hold-back data",
        kinds: [Objectives],
        check: Evidence(check),
    }
}

fn check((policy, review): Reviewed<'_, '_>, cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    for (_, demand) in policy.demands() {
        let mut reported = FxHashSet::default();
        for judged in demand.condition.iter().flat_map(|condition| review.claims(condition)) {
            let Some((what, count, one)) = finer(&judged, policy).filter(|_| !reported.contains(&judged.span)) else {
                continue;
            };
            reported.insert(judged.span);
            let step = (&one * &Exact::whole(100)).to_decimal(3);
            let message = format!("{what}: one of {count} examples is {step}pp");
            let finding = at(&FINER_THAN_SAMPLE, demand.node, judged.span, cx, message);
            let finding = finding.help("measure on more examples, or choose a bound that this many examples can show");
            out.push(related_record(finding, workspace, judged.origin, judged.record));
        }
    }
}

/// Returns what is finer than one example, the number of examples, and the share that one example is.
pub(super) fn finer(judged: &ClaimInSlice<'_>, policy: &Policy) -> Option<(&'static str, u64, Exact)> {
    let count = examples_of_share(judged, policy)?;
    let one = Exact::fraction(1, i64::try_from(count).ok()?)?;
    let is_less = |distance: &Exact| !distance.is_zero() && *distance < one;
    let is_change = matches!(judged.claim.predicate, Predicate::Change { .. });
    let what = match &judged.reference {
        Some(reference) => judged
            .bounds
            .iter()
            .any(|bound| is_less(&(bound - reference).abs()))
            .then_some("the allowed change is smaller than one example"),
        None => {
            let is_near = |bound: &Exact| is_less(&bound.abs()) || is_less(&(&Exact::ONE - bound).abs());
            (!is_change && judged.bounds.iter().any(is_near))
                .then_some("the bound leaves room for less than one example")
        }
    };
    Some((what?, count, one))
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::{changed, tested};
    use crate::rules::testing::found;

    const RULE: &str = "evidence/finer-than-sample";

    #[track_caller]
    fn assert_finer(claim: &str, record: &str, is_finer: bool) {
        let expect = format!("expect: {claim}");
        let metric = ("metrics:\n", "metrics:\n  auc: {unit: fraction, range: [0, 1], better: higher}\n");
        let text = changed(&[("expect: recall >= 65% on holdback with at least 1000 examples", &expect), metric]);
        let text = text + &tested(&format!("  - {{key: {record}}}\n"));
        let own: Vec<_> = found(&text).into_iter().filter(|(rule, ..)| *rule == RULE).collect();
        assert_eq!(!own.is_empty(), is_finer, "{claim}, {record}: {own:#?}");
        assert!(own.len() < 2, "{own:#?}");
    }

    #[test]
    fn a_bound_is_held_against_the_number_of_examples() {
        for (claim, record, is_finer) in [
            ("recall >= 99.95% on holdback", "recall, value: 0.995, count: 200", true),
            ("recall >= 99.5% on holdback", "recall, value: 0.995, count: 200", false),
            ("recall >= 0.1% on holdback", "recall, value: 0.995, count: 200", true),
            ("recall > 0 on holdback", "recall, value: 0.995, count: 200", false),
            ("recall >= 99.95% on holdback", "recall, value: 99.5, unit: '%', count: 200", true),
            ("recall between 10% and 99.9% on holdback", "recall, value: 0.995, count: 200", true),
            ("recall >= 99.95% on holdback", "recall, value: 0.995", false),
            ("recall >= 99.95% on holdback", "recall, value: 0.995, unit: ms, count: 200", false),
            // 199.42 of 200 examples is not a share.
            ("recall >= 99.95% on holdback", "recall, value: 0.9971, count: 200", false),
            ("auc >= 99.95% on holdback", "auc, value: 0.995, count: 200", false),
            ("not recall < 99.95% on holdback", "recall, value: 0.995, count: 200", true),
        ] {
            assert_finer(claim, record, is_finer);
        }
    }

    #[test]
    fn a_change_is_held_against_the_number_of_examples() {
        let run = "---\nkind: run\nmlSpecVersion: 0.1.0\nid: e6ac09bf-5225-49c0-9c6d-95f8c293ee73\nname: production-2026-05\nmetrics:\n  - {key: recall, value: 0.99, dataset: credit-holdback@1.0.0, count: 200}\n";
        for (amount, is_finer) in [("0.1pp", true), ("0.5pp", false), ("0.1% relative", true), ("1% relative", false)] {
            let expect = format!("expect: recall drops by at most {amount} vs baseline on holdback");
            let baseline = ("metrics:\n", "baseline: {run: production-2026-05}\nmetrics:\n");
            let text = changed(&[("expect: recall >= 65% on holdback with at least 1000 examples", &expect), baseline]);
            let text = text + &tested("  - {key: recall, value: 0.995, count: 200}\n") + run;
            let is_found = found(&text).iter().any(|(rule, ..)| *rule == RULE);
            assert_eq!(is_found, is_finer, "{amount}");
        }
    }
}
