//! `evidence/margin-in-noise`

use rustc_hash::FxHashSet;

use crate::documents::objectives::ObjectiveSeverity;
use crate::objectives::evaluate::{ClaimInSlice, ClaimInterval};
use crate::objectives::hir::{Comparison, Predicate};
use crate::objectives::number::Exact;
use crate::objectives::policy::Policy;
use crate::objectives::unit::MetricUnit;
use crate::rules::evidence::finer_than_sample::finer;
use crate::rules::evidence::{examples_of_share, related_record};
use crate::rules::expression::at;
use crate::rules::{Context, Findings, declare_rule};
use crate::rules::{Linked, Reviewed};

declare_rule! {
    /// A value should be further from its bound than its sampling error.
    ///
    /// A model with a recall of 66% on 300 examples meets `recall >= 65%`, and the next 300 examples may just as well give 62%: the draw of
    /// the data decides. The rule checks the values that the newest evaluation and test of these objectives give to required objectives
    /// without `with … confidence`. It reports a bound that lies within the 95% confidence interval of the value: the interval that was
    /// logged, or else the Wilson interval of a share of `count` examples. The help says how many examples would settle it at this value.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch,credit-test
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 100 examples
    /// ---
    /// kind: test
    /// metrics:
    ///   - {key: recall, value: 0.66, count: 300}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch,credit-test
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    /// ---
    /// kind: test
    /// metrics:
    ///   - {key: recall, value: 0.7208, count: 4800}
    /// ```
    /// ```yaml base:credit-launch,credit-test
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with 95% confidence
    /// ---
    /// kind: test
    /// metrics:
    ///   - {key: recall, value: 0.66, count: 300}
    /// ```
    pub MARGIN_IN_NOISE = {
        id: "evidence/margin-in-noise",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, steps 8 and 9: evaluation, and test on hold-back data",
        kinds: [Objectives],
        check: Evidence(check),
    }
}

/// The square of the 0.975 quantile of the normal distribution, for a 95% confidence interval.
const Z_SQUARED: f64 = 3.841_458_820_694_124;

/// The number of digits of numbers in messages.
const DIGITS: u32 = 4;

fn check((policy, review): Reviewed<'_, '_>, cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let required = policy.objectives.iter().filter(|objective| objective.severity == ObjectiveSeverity::Required);
    for demand in required.filter_map(|objective| objective.expect.as_ref()) {
        let mut reported = FxHashSet::default();
        for judged in demand.condition.iter().flat_map(|condition| review.claims(condition)) {
            if reported.contains(&judged.span) || !is_looked_at(&judged, policy) {
                continue;
            }
            let Some(bound) = in_noise(&judged, policy) else { continue };
            reported.insert(judged.span);
            let finding = at(&MARGIN_IN_NOISE, demand.node, judged.span, cx, message(&judged, bound, policy));
            let finding = finding.help(help(&judged, bound));
            out.push(related_record(finding, workspace, judged.origin, judged.record));
        }
    }
}

/// Whether the rule checks a claim. It excludes a change, because both of its values often come from the same examples, so that their
/// intervals say too little, and a comparison with `==` or `!=`, which another rule reports.
fn is_looked_at(judged: &ClaimInSlice<'_>, policy: &Policy) -> bool {
    let is_compared = match judged.claim.predicate {
        Predicate::Compare(comparison, _) => !matches!(comparison, Comparison::Equal | Comparison::NotEqual),
        Predicate::Between(..) => true,
        Predicate::Within(..) | Predicate::Change { .. } | Predicate::Reported(_) => false,
    };
    // `evidence/finer-than-sample` reports a bound that no number of examples can come close to.
    is_compared && judged.claim.confidence.is_none() && judged.holds.is_some() && finer(judged, policy).is_none()
}

/// Returns the bound that lies within the interval of the value. The ends of the metric's range do not count as bounds.
fn in_noise<'j>(judged: &'j ClaimInSlice<'_>, policy: &Policy) -> Option<&'j Exact> {
    let ClaimInterval { lower, upper, is_logged } = judged.interval.as_ref()?;
    if !is_logged && examples_of_share(judged, policy).is_none() {
        return None;
    }
    let range = policy.metrics.get(judged.metric).and_then(|metric| metric.range.as_ref());
    let is_end = |bound: &Exact| range.is_some_and(|(low, high)| bound <= low || bound >= high);
    judged.bounds.iter().find(|bound| lower < *bound && *bound < upper && !is_end(bound))
}

fn message(judged: &ClaimInSlice<'_>, bound: &Exact, policy: &Policy) -> String {
    let unit = policy.metrics.get(judged.metric).map_or_else(MetricUnit::unknown, |metric| metric.unit.clone());
    let show = |value: &Exact| unit.show(value, DIGITS);
    let interval = judged
        .interval
        .as_ref()
        .map_or_else(String::new, |own| format!("{} to {}", show(&own.lower), show(&own.upper)));
    let slice = if judged.slice.is_empty() { String::new() } else { format!(" ({})", judged.slice) };
    format!(
        "{}{slice} is within sampling error of {}: its 95% confidence interval is {interval}",
        show(&judged.value),
        show(bound)
    )
}

/// Suggests how many examples are needed. With n examples the Wilson interval ends at the bound: (p − b)² n = z² b (1 − b).
fn help(judged: &ClaimInSlice<'_>, bound: &Exact) -> String {
    let (value, bound) = (judged.value.to_f64(), bound.to_f64());
    let needed = Z_SQUARED * bound * (1.0 - bound) / ((value - bound) * (value - bound));
    match judged.record.count {
        Some(count) if judged.is_fraction && needed.is_finite() && needed > 0.0 && needed < 1e15 => {
            format!(
                "at this value, {:.0} examples would settle it, and there are {count}; or add `with 95% confidence`",
                needed.ceil()
            )
        }
        _ => "measure on more examples, or add `with 95% confidence`".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::{changed, tested};
    use crate::rules::testing::found;

    #[track_caller]
    fn helps(claim: &str, records: &str) -> Vec<(String, Option<String>)> {
        let metrics =
            "metrics:\n  latency: {unit: ms, better: lower}\n  auc: {unit: fraction, range: [0, 1], better: higher}\n";
        let expect = format!("expect: {claim}");
        let text = changed(&[
            ("expect: recall >= 65% on holdback with at least 1000 examples", &expect),
            ("metrics:\n", metrics),
        ]);
        let report =
            crate::analysis::lint_text("a.yml", &(text + &tested(records)), &crate::analysis::Options::default());
        let own = report.findings.iter().filter(|finding| finding.rule.id == "evidence/margin-in-noise");
        own.map(|finding| (report.source.slice(finding.place.span).to_owned(), finding.help.clone())).collect()
    }

    #[test]
    fn it_says_how_many_examples_would_settle_it() {
        let found = helps("recall >= 65% on holdback", "  - {key: recall, value: 0.66, count: 300}\n");
        let help = "at this value, 8740 examples would settle it, and there are 300; or add `with 95% confidence`";
        assert_eq!(found, [("recall >= 65% on holdback".to_owned(), Some(help.to_owned()))]);
        // This number is enough, and one less is not.
        assert!(helps("recall >= 65% on holdback", "  - {key: recall, value: 0.66, count: 8740}\n").is_empty());
        assert_eq!(helps("recall >= 65% on holdback", "  - {key: recall, value: 0.66, count: 8700}\n").len(), 1);
    }

    #[test]
    fn a_logged_interval_counts_before_the_number_of_examples() {
        let wide = "  - {key: latency, value: 140, ci: {level: 0.95, lower: 120, upper: 160}}\n";
        let narrow = "  - {key: recall, value: 0.66, count: 300, ci: {level: 0.95, lower: 0.655, upper: 0.665}}\n";
        assert_eq!(helps("latency <= 150ms on holdback", wide).len(), 1);
        assert_eq!(helps("recall >= 65% on holdback", narrow).len(), 0);
    }

    #[test]
    fn nothing_is_said_of_what_is_no_share_of_examples_or_has_a_confidence() {
        for (claim, records) in [
            ("auc >= 65% on holdback", "  - {key: auc, value: 0.66, count: 300}\n"),
            ("latency <= 150ms on holdback", "  - {key: latency, value: 149, count: 300}\n"),
            ("recall >= 65% on holdback with 95% confidence", "  - {key: recall, value: 0.66, count: 300}\n"),
            ("recall >= 65% on holdback", "  - {key: recall, value: 0.66}\n"),
            ("recall > 0% on holdback", "  - {key: recall, value: 0.00, count: 300}\n"),
        ] {
            assert_eq!(helps(claim, records), [], "{claim}");
        }
    }

    #[test]
    fn a_claim_is_reported_once_for_all_slices() {
        let slices = "  - {key: recall, value: 0.66, count: 300, slice: {sex: f}}\n  - {key: recall, value: 0.64, count: 300, slice: {sex: m}}\n";
        let claim = "for each slice of sex with at least 100 examples, recall >= 65% on holdback";
        assert_eq!(helps(claim, slices).len(), 1);
        let small = "for each slice of sex ignoring slices under 1000 examples, recall >= 65% on holdback";
        assert_eq!(helps(small, slices).len(), 0);
    }

    #[test]
    fn advisory_objectives_only_warn_anyway() {
        let advisory = changed(&[("recall >= 60% on live", "recall >= 60% on holdback")]);
        let text = advisory + &tested("  - {key: recall, value: 0.61, count: 1500}\n");
        let own: Vec<_> = found(&text).into_iter().filter(|(rule, ..)| *rule == "evidence/margin-in-noise").collect();
        assert!(own.is_empty(), "{own:#?}");
    }
}
