//! `evidence/too-few-for-percentile`

use rustc_hash::FxHashSet;

use crate::objectives::number::Exact;
use crate::rules::evidence::related_record;
use crate::rules::expression::at;
use crate::rules::{Context, Findings, declare_rule};
use crate::rules::{Linked, Reviewed};

declare_rule! {
    /// A percentile should be computed from enough values for one of them to lie beyond it.
    ///
    /// One value in a hundred lies above the 99th percentile. Of twenty measured latencies none is expected there, so `p99` is little more
    /// than their maximum: it says nothing about the slow requests that the objective is about, and a single outlier decides. The rule
    /// reports a percentile `pNN` of a list with fewer than 1 / (1 − q) values in the newest measurement of these objectives: 20 for `p95`,
    /// 100 for `p99`, 1000 for `p999`. For percentiles below the median, the limit is 1 / q.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch,credit-test
    /// metrics:
    ///   latency: {unit: ms, type: array, better: lower}
    /// objectives:
    ///   - id: fast-enough
    ///     why: the counter waits for the answer
    ///     expect: p99(latency) <= 150ms on holdback
    /// ---
    /// kind: test
    /// metrics:
    ///   - {key: latency, value: [38, 41, 36, 44, 52, 39, 47, 40, 37, 61, 43, 45, 38, 42, 55, 49, 40, 46, 39, 73], unit: ms}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch,credit-test
    /// metrics:
    ///   latency: {unit: ms, type: array, better: lower}
    /// objectives:
    ///   - id: fast-enough
    ///     why: the counter waits for the answer
    ///     expect: p95(latency) <= 150ms on holdback
    /// ---
    /// kind: test
    /// metrics:
    ///   - {key: latency, value: [38, 41, 36, 44, 52, 39, 47, 40, 37, 61, 43, 45, 38, 42, 55, 49, 40, 46, 39, 73], unit: ms}
    /// ```
    pub TOO_FEW_FOR_PERCENTILE = {
        id: "evidence/too-few-for-percentile",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, steps 8 and 9: evaluation, and test on hold-back data",
        kinds: [Objectives],
        check: Evidence(check),
    }
}

fn check((policy, review): Reviewed<'_, '_>, cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    // A definition is reported once, regardless of how many objectives use it.
    let mut reported = FxHashSet::default();
    for (_, demand) in policy.demands() {
        for quantile in demand.condition.iter().flat_map(|condition| review.quantiles(condition)) {
            let definition = quantile.definition.and_then(|id| policy.definitions.get(id));
            let node = definition.map_or(demand.node, |definition| definition.node);
            let Some(needed) = needed(quantile.order).filter(|needed| quantile.values < *needed) else { continue };
            if reported.insert((node, quantile.value.span)) {
                let message =
                    format!("this percentile needs at least {needed} values, and there are {}", quantile.values);
                let finding = at(&TOO_FEW_FOR_PERCENTILE, node, quantile.value.span, cx, message);
                let finding = finding.help("measure more often, or use a percentile closer to the median");
                out.push(related_record(finding, workspace, quantile.origin, quantile.record));
            }
        }
    }
}

/// Returns the number of values at which one of them is expected beyond a quantile.
fn needed(order: &Exact) -> Option<usize> {
    let above = &Exact::ONE - order;
    let tail = if above < *order { &above } else { order };
    // Rounded up: `p97` needs 33.3 values.
    let values = -&Exact::ONE.divided_by(tail)?;
    usize::try_from(values.floor()?.checked_neg()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::objective::testing::{changed, tested};
    use crate::rules::testing::found;

    #[test]
    fn one_value_is_expected_beyond_the_percentile() {
        for (order, values) in [("0.95", 20), ("0.99", 100), ("0.999", 1000), ("0.97", 34), ("0.5", 2), ("0.05", 20)] {
            assert_eq!(needed(&Exact::parse(order).unwrap()), Some(values), "{order}");
        }
        assert_eq!(needed(&Exact::ZERO), None);
    }

    #[test]
    fn a_percentile_is_found_in_slices_and_in_definitions_once() {
        let values = |count: usize| vec!["120"; count].join(", ");
        let records = |count: usize| {
            let sliced = |slice: &str| {
                format!("  - {{key: latency, value: [{}], unit: ms, slice: {{region: {slice}}}}}\n", values(count))
            };
            format!(
                "  - {{key: latency, value: [{}], unit: ms}}\n{}{}",
                values(count),
                sliced("north"),
                sliced("south")
            )
        };
        let declared = ("metrics:\n", "metrics:\n  latency: {unit: ms, type: array, better: lower}\n");
        let defined = ("objectives:\n", "definitions:\n  slow: p95(latency)\nobjectives:\n");
        for (expect, place) in [
            ("slow <= 150ms on holdback and slow >= 1ms on holdback", "p95(latency)"),
            ("difference(p95(latency) across region) <= 150ms on holdback", "p95(latency)"),
            ("for each slice of region, p95(latency) <= 150ms on holdback", "p95(latency)"),
        ] {
            let expect = format!("expect: {expect}");
            let text = changed(&[
                ("expect: recall >= 65% on holdback with at least 1000 examples", &expect),
                declared,
                defined,
            ]);
            let places = |count: usize| -> Vec<String> {
                let found = found(&(text.clone() + &tested(&records(count))));
                let own = found.into_iter().filter(|(rule, ..)| *rule == "evidence/too-few-for-percentile");
                own.map(|(_, place, _)| place).collect()
            };
            assert_eq!(places(19), [place], "{expect}");
            assert_eq!(places(20), [""; 0], "{expect}");
        }
    }
}
