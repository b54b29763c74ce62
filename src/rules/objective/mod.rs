//! Rules about the objectives of a document: what they promise together, and what they leave out. No measurement is needed.

pub mod accuracy_on_rare_labels;
pub mod aim_not_stricter;
pub mod contradiction;
pub mod duplicate_id;
pub mod empty_gate;
pub mod error_without_objective;
pub mod exact_equality;
pub mod four_fifths;
pub mod impossible;
pub mod impossible_range;
pub mod impossible_test;
pub mod language;
pub mod long_waiver;
pub mod never_blocks;
pub mod no_baseline;
pub mod no_floor;
pub mod no_holdback_objective;
pub mod no_monitoring;
pub mod no_owner;
pub mod no_sample_size;
pub mod no_why;
pub mod output_threshold;
pub mod redundant;
pub mod reference_incomplete;
pub mod relative_near_zero;
pub mod sensitive_dimension_unused;
pub mod tautology;
pub mod test_uses_evaluation_data;
pub mod training_data;
pub mod unbound_claim;
pub mod unused_definition;
pub mod vacuous_or;
pub mod waiver_expired;
pub mod waiver_incomplete;
pub mod wrong_direction;

use jiff::civil::Date;

use crate::documents::field::List;
use crate::documents::objectives::Objectives;
use crate::objectives::diagnostic::{DiagnosticKind, Fault};
use crate::objectives::hir::Condition;
use crate::objectives::policy::{Demand, Policy};
use crate::rules::{Context, Rule};
use crate::text::Span;
use crate::workspace::day;
use crate::yaml::NodeId;

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &accuracy_on_rare_labels::ACCURACY_ON_RARE_LABELS,
    &aim_not_stricter::AIM_NOT_STRICTER,
    &contradiction::CONTRADICTION,
    &duplicate_id::DUPLICATE_ID,
    &empty_gate::EMPTY_GATE,
    &error_without_objective::ERROR_WITHOUT_OBJECTIVE,
    &exact_equality::EXACT_EQUALITY,
    &four_fifths::FOUR_FIFTHS,
    &impossible::IMPOSSIBLE,
    &impossible_range::IMPOSSIBLE_RANGE,
    &impossible_test::IMPOSSIBLE_TEST,
    &language::LANGUAGE,
    &long_waiver::LONG_WAIVER,
    &never_blocks::NEVER_BLOCKS,
    &no_baseline::NO_BASELINE,
    &no_floor::NO_FLOOR,
    &no_holdback_objective::NO_HOLDBACK_OBJECTIVE,
    &no_monitoring::NO_MONITORING,
    &no_owner::NO_OWNER,
    &no_sample_size::NO_SAMPLE_SIZE,
    &no_why::NO_WHY,
    &output_threshold::OUTPUT_THRESHOLD,
    &redundant::REDUNDANT,
    &reference_incomplete::REFERENCE_INCOMPLETE,
    &relative_near_zero::RELATIVE_NEAR_ZERO,
    &sensitive_dimension_unused::SENSITIVE_DIMENSION_UNUSED,
    &tautology::TAUTOLOGY,
    &test_uses_evaluation_data::TEST_USES_EVALUATION_DATA,
    &training_data::TRAINING_DATA,
    &unbound_claim::UNBOUND_CLAIM,
    &unused_definition::UNUSED_DEFINITION,
    &vacuous_or::VACUOUS_OR,
    &waiver_expired::WAIVER_EXPIRED,
    &waiver_incomplete::WAIVER_INCOMPLETE,
    &wrong_direction::WRONG_DIRECTION,
];

/// Whether a claim is part of an inconsistency that is reported already: one fault gets one finding.
pub(super) fn is_inconsistent(demand: &Demand, claim: Span, cx: &Context<'_>) -> bool {
    let faults = cx.consistency().map_or(&[][..], |consistency| &consistency.faults);
    let first = faults.partition_point(|fault| fault.node < demand.node);
    let own = faults.iter().skip(first).take_while(|fault| fault.node == demand.node);
    own.into_iter().any(|fault| fault.span.overlaps(claim))
}

/// Returns the objectives if all names in them are known: only then is it certain that something is *not* used.
fn fully_read<'c>(cx: &'c Context<'_>) -> Option<&'c Policy> {
    let hides_names = |fault: &Fault| {
        matches!(
            fault.check,
            DiagnosticKind::Syntax
                | DiagnosticKind::Language
                | DiagnosticKind::TooLarge
                | DiagnosticKind::UnknownMetric
                | DiagnosticKind::UnknownDataset
                | DiagnosticKind::UnknownReference
                | DiagnosticKind::UnknownDimension
        )
    };
    let policy = cx.policy()?;
    let items = cx.find(cx.root, &["objectives"]).map_or(0, |node| cx.tree.items(cx.tree.resolve(node)).len());
    let is_whole = cx.is_complete()
        && items == policy.objectives.len()
        && policy.demands().all(|(_, demand)| demand.expression.is_some())
        && policy.objectives.iter().all(|objective| objective.expect.is_some());
    (is_whole && !policy.objectives.is_empty() && !cx.faults().iter().any(hides_names)).then_some(policy)
}

/// Returns the last days of the waivers that have a readable one, and their nodes.
fn last_days(document: &Objectives) -> impl Iterator<Item = (Date, NodeId)> {
    let waivers = document.waivers.get().into_iter().flat_map(List::iter);
    waivers.filter_map(|(_, waiver)| {
        let (until, node) = waiver.until.located()?;
        Some((day(until)?, node))
    })
}

/// Returns every condition that can be judged, of `expect` and `aim`.
pub(super) fn demands(policy: &Policy) -> impl Iterator<Item = (&Demand, &Condition)> {
    let demands = policy.objectives.iter().flat_map(|objective| objective.expect.iter().chain(&objective.aim));
    demands.filter_map(|demand| Some((demand, demand.condition.as_ref()?)))
}

#[cfg(test)]
pub(super) mod testing {
    use crate::rules::testing::assert_found;

    /// A document of objectives without findings.
    const GOOD: &str = include_str!("../bases/credit-launch.yml");

    const TEST: &str = "\
---
kind: test
mlSpecVersion: 0.1.0
id: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51
name: credit-test
model: credit-default
dataset: credit-holdback@1.0.0
performedOn: 2026-08-24T04:00:00Z
objectives: credit-default-launch
metrics:
";

    /// Returns `GOOD` with some changes. Each replaces the first occurrence of a text, which must exist.
    #[track_caller]
    pub(in crate::rules) fn changed(changes: &[(&str, &str)]) -> String {
        changes.iter().fold(GOOD.to_owned(), |text, (old, new)| {
            assert!(text.contains(old), "{old}");
            text.replacen(old, new, 1)
        })
    }

    /// Returns a test of the document's model on its hold-back data that logs these metrics.
    pub(in crate::rules) fn tested(metrics: &str) -> String {
        format!("{TEST}{metrics}")
    }

    /// Returns `GOOD` with an additional objective, which expects this.
    #[track_caller]
    pub(in crate::rules) fn expecting(expect: &str) -> String {
        let latency = "metrics:\n  latency: {unit: ms, type: array, better: lower}\n  precision: {unit: fraction, better: higher}\n  \
                       confusion_matrix: {type: object, unit: count, fields: [true_positive, false_negative]}\n";
        let all =
            "latency is reported on live and precision >= 1% on holdback and confusion_matrix is reported on live";
        let objectives = format!(
            "  - {{id: all, why: x, severity: advisory, expect: {all}}}\n  - {{id: a, why: x, expect: {expect}}}\ntests:"
        );
        changed(&[("metrics:\n", latency), ("tests:", &objectives)])
    }

    /// Asserts which rules report an objective that expects this, and the text that they point at.
    #[track_caller]
    pub(in crate::rules) fn assert_expecting(expect: &str, expected: &[(&str, &str)]) {
        assert_found(&expecting(expect), expected);
    }

    #[test]
    fn the_document_has_no_findings() {
        assert_found(GOOD, &[]);
        assert_expecting("precision >= 40% on holdback", &[]);
    }
}

#[cfg(test)]
pub(super) mod judged {
    use crate::analysis::{Options, lint_text};

    /// Returns a document with one objective.
    pub(in crate::rules) fn document(expect: &str) -> String {
        format!(
            "mlSpecVersion: 0.1.0
kind: objectives
id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
name: credit-default-launch
baseline: {{run: production-2026-05}}
datasets:
  holdback: {{dataset: credit-holdback@1.0.0, stage: test}}
metrics:
  recall: {{unit: fraction, range: [0, 1], better: higher}}
  error_rate: {{unit: percent, better: lower}}
  perplexity: {{unit: ratio, better: lower}}
  mcc: {{range: [-1, 1], better: higher}}
  log_likelihood: {{better: higher}}
  latency: {{type: array, unit: ms, better: lower}}
  confusion: {{type: object, unit: count, fields: [tp, fn]}}
  cost: {{unit: EUR, better: lower}}
objectives:
  - id: one
    expect: {expect}
"
        )
    }

    /// Returns the texts that a rule points at.
    pub(in crate::rules) fn places(rule: &str, expect: &str) -> Vec<String> {
        let report = lint_text("a.yml", &document(expect), &Options::default());
        let own = report.findings.iter().filter(|finding| finding.rule.id == rule);
        own.map(|finding| report.source.slice(finding.place.span).to_owned()).collect()
    }

    /// Returns the objective after each of the fixes of a rule's first finding.
    pub(in crate::rules) fn fixed(rule: &str, expect: &str) -> Vec<String> {
        let report = lint_text("a.yml", &document(expect), &Options::default());
        let finding = report.findings.iter().find(|finding| finding.rule.id == rule).unwrap();
        let apply = |fix: &crate::diagnostics::Fix| {
            let mut text = report.source.text().to_owned();
            for edit in fix.edits.iter().rev() {
                text.replace_range(edit.span.range(), &edit.text);
            }
            text.split_once("    expect: ").unwrap().1.trim_end().to_owned()
        };
        finding.fixes.iter().map(apply).collect()
    }
}
