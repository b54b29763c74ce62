//! What has changed since an earlier report.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{GovernanceReport, ModelVerdict, said};

/// What is read of an earlier report.
#[derive(Clone, Debug, Deserialize)]
pub struct EarlierReport {
    /// The version of its format.
    pub version: u8,
    as_of: Option<String>,
    summary: EarlierSummary,
    models: Vec<EarlierModel>,
    findings: Vec<EarlierFinding>,
}

#[derive(Clone, Debug, Deserialize)]
struct EarlierSummary {
    errors: usize,
    warnings: usize,
    infos: usize,
}

#[derive(Clone, Debug, Deserialize)]
struct EarlierModel {
    kind: String,
    name: String,
    verdict: ModelVerdict,
    documented: usize,
}

#[derive(Clone, Debug, Deserialize)]
struct EarlierFinding {
    fingerprint: String,
}

/// The changes since an earlier report.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Trend {
    /// The day of the earlier report.
    #[schemars(extend("format" = "date"))]
    pub since: Option<String>,
    /// The errors that it counted.
    pub errors: usize,
    /// The warnings that it counted.
    pub warnings: usize,
    /// The infos that it counted.
    pub infos: usize,
    /// The findings that it did not have.
    pub new_findings: usize,
    /// The findings that it had and this one has not.
    pub gone_findings: usize,
    /// The models whose verdict or coverage has changed, and those that are new or gone.
    pub models: Vec<ModelTrend>,
}

/// The changes of a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ModelTrend {
    /// What it is: `model` or `objectives`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its verdict in the earlier report; null if it was not there.
    pub verdict_before: Option<ModelVerdict>,
    /// Its verdict; null if it is no longer there.
    pub verdict: Option<ModelVerdict>,
    /// The number of steps that were documented.
    pub documented_before: Option<usize>,
    /// The number of steps that are documented.
    pub documented: Option<usize>,
}

impl Trend {
    pub(super) fn of(earlier: &EarlierReport, report: &GovernanceReport) -> Self {
        let (gone_findings, new_findings) = differences(earlier, report);
        Self {
            since: earlier.as_of.as_deref().map(said::said),
            errors: earlier.summary.errors,
            warnings: earlier.summary.warnings,
            infos: earlier.summary.infos,
            new_findings,
            gone_findings,
            models: models(earlier, report),
        }
    }
}

/// Returns how many findings are gone, and how many are new.
fn differences(earlier: &EarlierReport, report: &GovernanceReport) -> (usize, usize) {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    earlier.findings.iter().for_each(|finding| *counts.entry(&finding.fingerprint).or_default() -= 1);
    report.findings.iter().for_each(|finding| *counts.entry(&finding.fingerprint).or_default() += 1);
    let sum = |numbers: &mut dyn Iterator<Item = i64>| usize::try_from(numbers.sum::<i64>()).unwrap_or(0);
    let gone = sum(&mut counts.values().map(|count| (-count).max(0)));
    (gone, sum(&mut counts.values().map(|count| (*count).max(0))))
}

fn models(earlier: &EarlierReport, report: &GovernanceReport) -> Vec<ModelTrend> {
    let mut all: BTreeMap<(&str, &str), ModelTrend> = BTreeMap::new();
    fn entry<'m, 'a>(
        all: &'m mut BTreeMap<(&'a str, &'a str), ModelTrend>,
        kind: &'a str,
        name: &'a str,
    ) -> &'m mut ModelTrend {
        all.entry((kind, name)).or_insert_with(|| ModelTrend {
            kind: said::said(kind),
            name: said::said(name),
            verdict_before: None,
            verdict: None,
            documented_before: None,
            documented: None,
        })
    }
    for model in &earlier.models {
        let own = entry(&mut all, &model.kind, &model.name);
        (own.verdict_before, own.documented_before) = (Some(model.verdict), Some(model.documented));
    }
    for model in &report.models {
        let own = entry(&mut all, model.kind, &model.name);
        (own.verdict, own.documented) = (Some(model.verdict), Some(model.documented));
    }
    let is_same = |own: &ModelTrend| own.verdict == own.verdict_before && own.documented == own.documented_before;
    all.into_values().filter(|own| !is_same(own)).collect()
}
