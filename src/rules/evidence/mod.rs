//! Rules that compare objectives with what runs, evaluations and tests have measured for them.

pub mod baseline_failed_gate;
pub mod baseline_is_candidate;
pub mod baseline_other_data;
pub mod drops_too_much;
pub mod finer_than_sample;
pub mod holdback_reused;
pub mod many_comparisons;
pub mod margin_in_noise;
pub mod never_logged;
pub mod test_not_separate_run;
pub mod too_few_for_percentile;

use crate::diagnostics::Finding;
use crate::documents::Kind;
use crate::objectives::evaluate::{ClaimInSlice, Review};
use crate::objectives::measurements::{Evidence, MeasuredIn, MetricRecord};
use crate::objectives::number::Exact;
use crate::objectives::policy::Policy;
use crate::objectives::unit::MetricUnit;
use crate::rules::Linked;
use crate::rules::{Context, Rule};
use crate::workspace::{DocId, Reference, letters};

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &baseline_failed_gate::BASELINE_FAILED_GATE,
    &baseline_is_candidate::BASELINE_IS_CANDIDATE,
    &baseline_other_data::BASELINE_OTHER_DATA,
    &drops_too_much::DROPS_TOO_MUCH,
    &finer_than_sample::FINER_THAN_SAMPLE,
    &holdback_reused::HOLDBACK_REUSED,
    &many_comparisons::MANY_COMPARISONS,
    &margin_in_noise::MARGIN_IN_NOISE,
    &never_logged::NEVER_LOGGED,
    &test_not_separate_run::TEST_NOT_SEPARATE_RUN,
    &too_few_for_percentile::TOO_FEW_FOR_PERCENTILE,
];

/// Returns the reference to the run that objectives name as their baseline.
fn baseline_reference<'a>(workspace: &Linked<'a>) -> Option<&'a Reference> {
    workspace.own.references.iter().find(|reference| reference.path == ["baseline", "run"])
}

/// Objectives, and the review of what was measured for them.
pub(crate) type Reviewed<'r, 'c> = (&'c Policy, &'r Review<'c>);

/// Returns the objectives, judged by what was measured as a gate would judge them. `None` if nothing was measured. All rules share it,
/// because to index what was measured costs more than to look at it.
pub(crate) fn review<'c>(cx: &'c Context<'_>, workspace: &'c Linked<'_>) -> Option<(&'c Policy, Review<'c>)> {
    let policy = cx.policy()?;
    let evidence = workspace.evidence()?;
    Some((policy, review_of(policy, evidence, workspace)))
}

/// The maximum number of parts of expressions that one rule evaluates for all documents of objectives together. There may be many, since
/// slices multiply with objectives.
const MOST_STEPS: u64 = 1 << 20;

fn review_of<'c>(policy: &'c Policy, evidence: &'c Evidence<'c>, workspace: &Linked<'_>) -> Review<'c> {
    let documents = workspace.of_kind(Kind::Objectives).len().max(1) as u64;
    Review::of(policy, evidence, &|text| workspace.dataset_key(text), MOST_STEPS / documents)
}

/// Words in the names of metrics that lie between 0 and 1 without being a share of examples.
const NO_SHARES: &str = "auc auroc auprc roc averageprecision f1 fbeta fscore score dice iou jaccard kappa mcc matthews gini ks brier loss \
    r2 rsquared correlation pearson spearman mae mse rmse ndcg map mrr bleu rouge similarity distance divergence drift psi silhouette \
    probability mean macro weighted balanced ratio disparity gap";

/// Returns the number of examples of which a value is a share. `None` if the value cannot be a share: because of its unit or the name of
/// its metric, or because no whole number of examples gives it.
fn examples_of_share(judged: &ClaimInSlice<'_>, policy: &Policy) -> Option<u64> {
    let count = judged.record.count.filter(|count| *count > 0 && judged.is_fraction)?;
    let name = letters(&policy.metrics.get(judged.metric)?.name);
    if NO_SHARES.split_ascii_whitespace().any(|word| name.contains(word)) {
        return None;
    }
    // The value is rounded, so a share of the examples lies within half a unit of its last digit.
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

/// Adds the place of a record to a finding.
fn related_record(
    finding: Finding,
    workspace: &Linked<'_>,
    origin: &MeasuredIn<'_>,
    record: &MetricRecord<'_>,
) -> Finding {
    match workspace.member(DocId::from_index(origin.source)) {
        Some(member) => workspace.relate(finding, member, Some(record.node), "measured here"),
        None => finding,
    }
}
