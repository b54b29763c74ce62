//! Rules about objectives: their expressions, what they promise, and what they are judged on.

use crate::documents::Kind;
use crate::findings::{Edit, Finding, Fix, Place};
use crate::objectives::evaluate::{ClaimInSlice, Review};
use crate::objectives::evidence::{self, Evidence, Record};
use crate::objectives::fault::{Check, Fault};
use crate::objectives::number::Exact;
use crate::objectives::policy::Policy;
use crate::objectives::unit::MetricUnit;
use crate::rules::{Context, Findings, Rule, family};
use crate::text::Span;
use crate::workspace::{Linked, letters};
use crate::yaml::{NodeId, Origin, edit};

family! {
    bad_amount::BAD_AMOUNT,
    baseline_failed_gate::BASELINE_FAILED_GATE,
    baseline_is_candidate::BASELINE_IS_CANDIDATE,
    baseline_other_data::BASELINE_OTHER_DATA,
    circular_definition::CIRCULAR_DEFINITION,
    definition_shadows_metric::DEFINITION_SHADOWS_METRIC,
    drops_too_much::DROPS_TOO_MUCH,
    duplicate_id::DUPLICATE_ID,
    empty_gate::EMPTY_GATE,
    finer_than_sample::FINER_THAN_SAMPLE,
    four_fifths::FOUR_FIFTHS,
    holdback_reused::HOLDBACK_REUSED,
    many_comparisons::MANY_COMPARISONS,
    margin_in_noise::MARGIN_IN_NOISE,
    needs_aggregate::NEEDS_AGGREGATE,
    never_blocks::NEVER_BLOCKS,
    never_logged::NEVER_LOGGED,
    no_baseline::NO_BASELINE,
    no_direction::NO_DIRECTION,
    no_floor::NO_FLOOR,
    no_holdback_objective::NO_HOLDBACK_OBJECTIVE,
    no_interval::NO_INTERVAL,
    no_monitoring::NO_MONITORING,
    no_owner::NO_OWNER,
    no_sample_size::NO_SAMPLE_SIZE,
    no_why::NO_WHY,
    notation::NOTATION,
    sensitive_dimension_unused::SENSITIVE_DIMENSION_UNUSED,
    split_by_yaml::SPLIT_BY_YAML,
    syntax::SYNTAX,
    test_not_separate_run::TEST_NOT_SEPARATE_RUN,
    test_uses_evaluation_data::TEST_USES_EVALUATION_DATA,
    too_few_for_percentile::TOO_FEW_FOR_PERCENTILE,
    too_large::TOO_LARGE,
    training_data::TRAINING_DATA,
    unbound_claim::UNBOUND_CLAIM,
    unit_mismatch::UNIT_MISMATCH,
    unit_missing::UNIT_MISSING,
    unknown_dataset::UNKNOWN_DATASET,
    unknown_dimension::UNKNOWN_DIMENSION,
    unknown_field::UNKNOWN_FIELD,
    unknown_function::UNKNOWN_FUNCTION,
    unknown_metric::UNKNOWN_METRIC,
    unused_definition::UNUSED_DEFINITION,
    waiver_expired::WAIVER_EXPIRED,
    waiver_incomplete::WAIVER_INCOMPLETE,
    window_not_monitoring::WINDOW_NOT_MONITORING,
}

/// Reports what reading the expressions found wrong with them.
fn report(rule: &'static Rule, check: Check, cx: &Context<'_>, out: &mut Findings<'_>) {
    out.extend(cx.faults().iter().filter(|fault| fault.check == check).map(|fault| finding(rule, fault, cx)));
}

/// The same, with what to write instead for a person to look at.
fn report_suggested(rule: &'static Rule, check: Check, cx: &Context<'_>, out: &mut Findings<'_>) {
    let faults = cx.faults().iter().filter(|fault| fault.check == check);
    out.extend(faults.map(|fault| finding(rule, fault, cx).fix(suggested(fault, cx))));
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
        && policy.objectives.iter().all(|objective| objective.expect.is_some());
    (is_whole && !policy.objectives.is_empty() && !cx.faults().iter().any(hides_names)).then_some(policy)
}

fn finding(rule: &'static Rule, fault: &Fault, cx: &Context<'_>) -> Finding {
    let finding = at(rule, fault.node, fault.span, cx, &fault.message);
    match &fault.help {
        Some(help) => finding.help(help),
        None => finding,
    }
}

/// A finding about a part of an expression; about all of it where the part is nothing.
fn at(rule: &'static Rule, node: NodeId, span: Span, cx: &Context<'_>, message: impl Into<String>) -> Finding {
    let whole = cx.place(node, crate::findings::Part::Value);
    let own = Origin::of(cx.tree, node).map(|origin| origin.span(span)).filter(|own| !own.is_empty());
    Finding::new(rule, Place { span: own.unwrap_or(whole.span), ..whole }, message)
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

/// What was measured for the objectives, looked at as a gate does; nothing when nothing was measured.
fn review<'c>(cx: &'c Context<'_>, workspace: &'c Linked<'_, '_>) -> Option<(&'c Policy, Review<'c>)> {
    let policy = cx.policy()?;
    let evidence = workspace.evidence()?;
    Some((policy, review_of(policy, evidence, workspace)))
}

/// Of all documents of objectives together, no more parts of expressions than these are evaluated by one rule: slices times objectives
/// may be many.
const MOST_STEPS: u64 = 1 << 22;

fn review_of<'c>(policy: &'c Policy, evidence: &'c Evidence<'c>, workspace: &Linked<'_, '_>) -> Review<'c> {
    let documents = workspace.of_kind(Kind::Objectives).len().max(1) as u64;
    Review::of(policy, evidence, &|text| workspace.dataset_key(text), MOST_STEPS / documents)
}

/// Words in the names of metrics that lie between 0 and 1 and are no shares of examples.
const NO_SHARES: &[&str] = &[
    "auc",
    "auroc",
    "roc",
    "auprc",
    "f1",
    "fbeta",
    "fscore",
    "dice",
    "iou",
    "jaccard",
    "kappa",
    "mcc",
    "matthews",
    "gini",
    "brier",
    "loss",
    "r2",
    "rsquared",
    "ndcg",
    "map",
    "mrr",
    "bleu",
    "rouge",
    "correlation",
    "pearson",
    "spearman",
    "ks",
    "averageprecision",
    "similarity",
    "distance",
    "divergence",
    "psi",
    "drift",
    "probability",
    "score",
    "mean",
    "mae",
    "rmse",
    "mse",
    "silhouette",
    "ratio",
    "disparity",
    "gap",
];

/// The number of examples of which a value is a share. Nothing where the value cannot be one: by its unit, by the name of its metric, or
/// because no whole number of examples gives it.
fn examples_of_share(judged: &ClaimInSlice<'_>, policy: &Policy) -> Option<u64> {
    let count = judged.record.count.filter(|count| *count > 0 && judged.is_fraction)?;
    let name = letters(&policy.metrics.get(judged.metric)?.name);
    if NO_SHARES.iter().any(|word| name.contains(word)) {
        return None;
    }
    // The value is rounded: a share of the examples lies within half a unit of its last digit.
    let text = judged.origin.tree.text(judged.record.node)?;
    let decimals = text.split_once('.').map_or("", |(_, decimals)| decimals);
    if !decimals.bytes().all(|byte| byte.is_ascii_digit()) || text.contains(['e', 'E']) {
        return None;
    }
    let whole = Exact::whole(i64::try_from(count).ok()?);
    let scale = judged.record.unit.map_or_else(
        || policy.metrics.get(judged.metric).map(|own| own.unit.factor.clone()),
        |unit| Some(MetricUnit::named(unit).factor),
    )?;
    let rounding = &(&Exact::parse(&format!("0.{}5", "0".repeat(decimals.len())))? * &scale) * &whole;
    let hits = &judged.value * &whole;
    let nearest = Exact::whole((&hits + &Exact::fraction(1, 2)?).floor()?);
    ((&hits - &nearest).abs() <= rounding).then_some(count)
}

/// The finding with the place of a record.
fn related_record(
    finding: Finding,
    workspace: &Linked<'_, '_>,
    origin: &evidence::Origin<'_>,
    record: &Record<'_>,
) -> Finding {
    match workspace.member(origin.source) {
        Some(member) => workspace.relate(finding, member, Some(record.node), "measured here"),
        None => finding,
    }
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
