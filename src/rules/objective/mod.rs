//! Rules about objectives: their expressions, what they promise, and what they are judged on.

pub mod aim_not_stricter;
pub mod bad_amount;
pub mod baseline_failed_gate;
pub mod baseline_is_candidate;
pub mod baseline_other_data;
pub mod circular_definition;
pub mod contradiction;
pub mod definition_shadows_metric;
pub mod drops_too_much;
pub mod duplicate_id;
pub mod empty_gate;
pub mod exact_equality;
pub mod finer_than_sample;
pub mod four_fifths;
pub mod holdback_reused;
pub mod impossible;
pub mod many_comparisons;
pub mod margin_in_noise;
pub mod needs_aggregate;
pub mod never_blocks;
pub mod never_logged;
pub mod no_baseline;
pub mod no_direction;
pub mod no_floor;
pub mod no_holdback_objective;
pub mod no_interval;
pub mod no_monitoring;
pub mod no_owner;
pub mod no_sample_size;
pub mod no_why;
pub mod notation;
pub mod percent_or_fraction;
pub mod redundant;
pub mod relative_near_zero;
pub mod relative_or_points;
pub mod sensitive_dimension_unused;
pub mod split_by_yaml;
pub mod syntax;
pub mod tautology;
pub mod test_not_separate_run;
pub mod test_uses_evaluation_data;
pub mod too_few_for_percentile;
pub mod too_large;
pub mod training_data;
pub mod unbound_claim;
pub mod unit_mismatch;
pub mod unit_missing;
pub mod unknown_dataset;
pub mod unknown_dimension;
pub mod unknown_field;
pub mod unknown_function;
pub mod unknown_metric;
pub mod unused_definition;
pub mod vacuous_or;
pub mod waiver_expired;
pub mod waiver_incomplete;
pub mod window_not_monitoring;
pub mod wrong_direction;

use rustc_hash::FxHashSet;

use crate::diagnostics::{Finding, Fix, Place};
use crate::objectives::diagnostic::{Check, Fault};
use crate::objectives::hir::Condition;
use crate::objectives::policy::{Demand, Policy};
use crate::rules::{Context, Findings, Rule};
use crate::text::Edit;
use crate::text::Span;
use crate::yaml::{NodeId, Origin, edit};

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &aim_not_stricter::AIM_NOT_STRICTER,
    &bad_amount::BAD_AMOUNT,
    &baseline_failed_gate::BASELINE_FAILED_GATE,
    &baseline_is_candidate::BASELINE_IS_CANDIDATE,
    &baseline_other_data::BASELINE_OTHER_DATA,
    &circular_definition::CIRCULAR_DEFINITION,
    &contradiction::CONTRADICTION,
    &definition_shadows_metric::DEFINITION_SHADOWS_METRIC,
    &drops_too_much::DROPS_TOO_MUCH,
    &duplicate_id::DUPLICATE_ID,
    &empty_gate::EMPTY_GATE,
    &exact_equality::EXACT_EQUALITY,
    &finer_than_sample::FINER_THAN_SAMPLE,
    &four_fifths::FOUR_FIFTHS,
    &holdback_reused::HOLDBACK_REUSED,
    &impossible::IMPOSSIBLE,
    &many_comparisons::MANY_COMPARISONS,
    &margin_in_noise::MARGIN_IN_NOISE,
    &needs_aggregate::NEEDS_AGGREGATE,
    &never_blocks::NEVER_BLOCKS,
    &never_logged::NEVER_LOGGED,
    &no_baseline::NO_BASELINE,
    &no_direction::NO_DIRECTION,
    &no_floor::NO_FLOOR,
    &no_holdback_objective::NO_HOLDBACK_OBJECTIVE,
    &no_interval::NO_INTERVAL,
    &no_monitoring::NO_MONITORING,
    &no_owner::NO_OWNER,
    &no_sample_size::NO_SAMPLE_SIZE,
    &no_why::NO_WHY,
    &notation::NOTATION,
    &percent_or_fraction::PERCENT_OR_FRACTION,
    &redundant::REDUNDANT,
    &relative_near_zero::RELATIVE_NEAR_ZERO,
    &relative_or_points::RELATIVE_OR_POINTS,
    &sensitive_dimension_unused::SENSITIVE_DIMENSION_UNUSED,
    &split_by_yaml::SPLIT_BY_YAML,
    &syntax::SYNTAX,
    &tautology::TAUTOLOGY,
    &test_not_separate_run::TEST_NOT_SEPARATE_RUN,
    &test_uses_evaluation_data::TEST_USES_EVALUATION_DATA,
    &too_few_for_percentile::TOO_FEW_FOR_PERCENTILE,
    &too_large::TOO_LARGE,
    &training_data::TRAINING_DATA,
    &unbound_claim::UNBOUND_CLAIM,
    &unit_mismatch::UNIT_MISMATCH,
    &unit_missing::UNIT_MISSING,
    &unknown_dataset::UNKNOWN_DATASET,
    &unknown_dimension::UNKNOWN_DIMENSION,
    &unknown_field::UNKNOWN_FIELD,
    &unknown_function::UNKNOWN_FUNCTION,
    &unknown_metric::UNKNOWN_METRIC,
    &unused_definition::UNUSED_DEFINITION,
    &vacuous_or::VACUOUS_OR,
    &waiver_expired::WAIVER_EXPIRED,
    &waiver_incomplete::WAIVER_INCOMPLETE,
    &window_not_monitoring::WINDOW_NOT_MONITORING,
    &wrong_direction::WRONG_DIRECTION,
];

/// Reports what reading the expressions found wrong with them.
fn report(rule: &'static Rule, check: Check, cx: &Context<'_>, out: &mut Findings<'_>) {
    out.extend(cx.faults().iter().filter(|fault| fault.check == check).map(|fault| finding(rule, fault, cx)));
}

/// The conditions that make no sense in some way, each with the rest of what is wrong with it.
fn inconsistencies<'c>(check: Check, cx: &'c Context<'_>) -> impl Iterator<Item = &'c Fault> {
    let faults = cx.consistency().map_or(&[][..], |consistency| &consistency.faults);
    faults.iter().filter(move |fault| fault.check == check)
}

/// Whether a claim is part of what makes no sense: one fault gets one finding.
fn is_inconsistent(demand: &Demand, claim: Span, cx: &Context<'_>) -> bool {
    let faults = cx.consistency().map_or(&[][..], |consistency| &consistency.faults);
    let first = faults.partition_point(|fault| fault.node < demand.node);
    let own = faults.iter().skip(first).take_while(|fault| fault.node == demand.node);
    own.into_iter().any(|fault| fault.span.overlaps(claim))
}

/// The same, with what to write instead for a person to look at.
fn report_suggested(rule: &'static Rule, check: Check, cx: &Context<'_>, out: &mut Findings<'_>) {
    let mut faults = cx.faults().iter().filter(|fault| fault.check == check).peekable();
    if faults.peek().is_none() {
        return;
    }
    let declared = declared_names(check, cx);
    let is_declared = |fault: &Fault| {
        let name = cx.tree.text(fault.node).and_then(|text| text.get(fault.span.range()));
        name.is_some_and(|name| declared.contains(name.trim_matches(['\'', '"'])))
    };
    // What a malformed declaration declares is no other fault.
    let faults = faults.filter(|fault| !is_declared(fault));
    out.extend(faults.map(|fault| finding(rule, fault, cx).fix(suggested(fault, cx))));
}

/// The names that the document declares where a check looks them up, in whatever form.
fn declared_names<'c>(check: Check, cx: &'c Context<'_>) -> FxHashSet<&'c str> {
    let sections: &[&str] = match check {
        Check::UnknownMetric => &["metrics", "definitions"],
        Check::UnknownDataset => &["datasets"],
        Check::UnknownDimension => &["dimensions"],
        _ => &[],
    };
    let sections = sections.iter().filter_map(|section| cx.find(cx.root, &[section]));
    sections.flat_map(|section| cx.tree.entries(section)).map(|entry| cx.tree.key_name(entry.key)).collect()
}

/// The document, when all names in it are known: only then can it be said that something is *not* named.
fn fully_read<'c>(cx: &'c Context<'_>) -> Option<&'c Policy> {
    let hides_names = |fault: &Fault| {
        matches!(
            fault.check,
            Check::Syntax | Check::TooLarge | Check::UnknownMetric | Check::UnknownDataset | Check::UnknownDimension
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

fn finding(rule: &'static Rule, fault: &Fault, cx: &Context<'_>) -> Finding {
    let finding = at(rule, fault.node, fault.span, cx, &fault.message);
    let finding = fault.related.iter().fold(finding, |finding, (node, span, message)| {
        let place = place(*node, *span, cx).span;
        finding.related(place, message)
    });
    match &fault.help {
        Some(help) => finding.help(help),
        None => finding,
    }
}

/// Every condition of a document that can be judged: what is expected, and what is aimed at.
fn demands(policy: &Policy) -> impl Iterator<Item = (&Demand, &Condition)> {
    let demands = policy.objectives.iter().flat_map(|objective| objective.expect.iter().chain(&objective.aim));
    demands.filter_map(|demand| Some((demand, demand.condition.as_ref()?)))
}

/// A finding about a part of an expression; about all of it where the part is nothing.
fn at(rule: &'static Rule, node: NodeId, span: Span, cx: &Context<'_>, message: impl Into<String>) -> Finding {
    Finding::new(rule, place(node, span, cx), message)
}

fn place(node: NodeId, span: Span, cx: &Context<'_>) -> Place {
    let whole = cx.place(node, crate::diagnostics::Part::Value);
    let own = Origin::of(cx.tree, node).map(|origin| origin.span(span)).filter(|own| !own.is_empty());
    Place { span: own.unwrap_or(whole.span), ..whole }
}

/// A safe fix that puts another text in the place of a part of an expression.
fn mended(fault: &Fault, cx: &Context<'_>) -> Option<Fix> {
    let (span, text) = fault.replacement.as_ref()?;
    let value = cx.tree.text(fault.node)?;
    let old = value.get(span.range())?;
    let title = if old.is_empty() { format!("write '{text}'") } else { format!("replace '{old}' by '{text}'") };
    Some(Fix::safe(title, replaced(fault.node, *span, text, cx)?))
}

/// A fix for a person to look at that puts the name that is most likely meant in the place of another.
fn suggested(fault: &Fault, cx: &Context<'_>) -> Option<Fix> {
    let (span, name) = fault.replacement.as_ref()?;
    let is_quoted = cx.tree.text(fault.node)?.get(span.range())?.starts_with(['\'', '"']);
    // A name that is not plain is written as `metric('…')`.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    if !name.chars().all(|c| is_plain(c) || is_quoted && !matches!(c, '\'' | '"' | '\\')) {
        return None;
    }
    let text = if is_quoted { format!("'{name}'") } else { name.clone() };
    let fix = mended(&Fault { replacement: Some((*span, text)), ..fault.clone() }, cx)?;
    Some(Fix::needs_review(fix.title, fix.edits))
}

/// The edits that put another text in the place of a part of an expression. Where the part is not written as it reads, the whole
/// scalar is written anew, if it stands on one line.
fn replaced(node: NodeId, span: Span, text: &str, cx: &Context<'_>) -> Option<Vec<Edit>> {
    let node = cx.tree.resolve(node);
    let value = cx.tree.text(node)?;
    let place = Origin::of(cx.tree, node)?.span(span);
    if cx.tree.source().slice(place) == value.get(span.range())? && !text.contains(['\'', '"', '\\', '#', ':']) {
        return Some(vec![Edit { span: place, text: text.to_owned() }]);
    }
    let mut whole = value.to_owned();
    whole.replace_range(span.range(), text);
    edit::replace_scalar(cx.tree, node, &whole)
}

#[cfg(test)]
mod testing {
    use crate::rules::testing::assert_found;

    /// A document of objectives without findings.
    const GOOD: &str = "\
mlSpecVersion: 0.1.0
kind: objectives
id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
name: credit-default-launch
model: credit-default
owner: risk-ml@contoso.com
datasets:
  holdback: {dataset: credit-holdback@1.0.0, stage: test}
  live: {stage: monitoring}
metrics:
  recall: {unit: fraction, range: [0, 1], better: higher}
objectives:
  - id: recall-floor
    why: below this, losses exceed the reserve for the year
    expect: recall >= 65% on holdback with at least 1000 examples
  - id: recall-live
    why: a fall in production shows that the applicants have changed
    severity: advisory
    expect: recall >= 60% on live
tests:
  - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
rollback: {to: production-2026-05}
";

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

    /// The document without findings after some changes, each of a text that it holds.
    #[track_caller]
    pub(super) fn changed(changes: &[(&str, &str)]) -> String {
        changes.iter().fold(GOOD.to_owned(), |text, (old, new)| {
            assert!(text.contains(old), "{old}");
            text.replacen(old, new, 1)
        })
    }

    /// A test of the document's model on its hold-back data, which logs these metrics.
    pub(super) fn tested(metrics: &str) -> String {
        format!("{TEST}{metrics}")
    }

    /// The document with another objective, which demands this.
    #[track_caller]
    pub(super) fn expecting(expect: &str) -> String {
        let latency = "metrics:\n  latency: {unit: ms, type: array, better: lower}\n  precision: {unit: fraction, better: higher}\n  \
                       confusion_matrix: {type: object, unit: count, fields: [true_positive, false_negative]}\n";
        let all =
            "latency is reported on live and precision >= 1% on holdback and confusion_matrix is reported on live";
        let objectives = format!(
            "  - {{id: all, why: x, severity: advisory, expect: {all}}}\n  - {{id: a, why: x, expect: {expect}}}\ntests:"
        );
        changed(&[("metrics:\n", latency), ("tests:", &objectives)])
    }

    /// Asserts what is found about an objective that demands this: the rules, and the text that they point at.
    #[track_caller]
    pub(super) fn assert_expecting(expect: &str, expected: &[(&str, &str)]) {
        assert_found(&expecting(expect), expected);
    }

    #[test]
    fn the_document_has_no_findings() {
        assert_found(GOOD, &[]);
        assert_expecting("precision >= 40% on holdback", &[]);
    }
}

#[cfg(test)]
mod judged {
    use crate::analysis::{Options, lint_text};

    /// A document with one objective.
    pub(super) fn document(expect: &str) -> String {
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

    /// The texts that one rule points at.
    pub(super) fn places(rule: &str, expect: &str) -> Vec<String> {
        let report = lint_text("a.yml", &document(expect), &Options::default());
        let own = report.findings.iter().filter(|finding| finding.rule.id == rule);
        own.map(|finding| report.source.slice(finding.place.span).to_owned()).collect()
    }

    /// What the objective is after each of the fixes of the first finding of a rule.
    pub(super) fn fixed(rule: &str, expect: &str) -> Vec<String> {
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
