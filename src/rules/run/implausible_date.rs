//! `run/implausible-date`

use crate::documents::Kind;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::day;

declare_rule! {
    /// The date of a record should be plausible.
    ///
    /// Records are ordered by their dates: the newest test is the one that is judged, and monitoring windows end with it. A typo, such as
    /// 2062 for 2026, makes a record the newest for decades, and a clock that was never set writes 1970. The rule does not use the clock,
    /// so that a check gives the same result on any day: a date is implausible before 1971, and later than ten years after this version of
    /// the tool. Data may be older than computers: the dates of a dataset are implausible only if they are too late.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: evaluation
    /// mlSpecVersion: 0.1.0
    /// id: 0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32
    /// name: credit-evaluation
    /// model: credit-default
    /// dataset: loans-validation@1.0.0
    /// performedOn: 2062-08-20T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.73}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: evaluation
    /// mlSpecVersion: 0.1.0
    /// id: 0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32
    /// name: credit-evaluation
    /// model: credit-default
    /// dataset: loans-validation@1.0.0
    /// performedOn: 2026-08-20T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.73}
    /// ```
    pub IMPLAUSIBLE_DATE = {
        id: "run/implausible-date",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "experiment_tracking/run.md, “submittedDate”; README.md, step 13, timestamps",
        kinds: [
            Dataset, Evaluation, InferenceLog, InferencePrediction, InferenceRequest, Ingestion, Module, ModuleVersion,
            PipelineRun, Profile, Run, Split, Test, Transformation, Validation
        ],
        check: Any(check),
    }
}

/// The last year in which a record can have been made: ten years after this version of the tool.
pub const LAST_YEAR: i16 = 2036;

/// The years in which a record can have been made.
const YEARS: std::ops::RangeInclusive<i16> = 1971..=LAST_YEAR;

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let recorded = cx.member.recorded_on().map(|(_, node)| node);
    let own: &[&str] = match cx.kind {
        // Data may be older than computers, but not from the future.
        Kind::Dataset => &["dateGenerated", "versionedOn"],
        Kind::Module | Kind::ModuleVersion => &["createdUtc"],
        _ => &[],
    };
    let nodes = recorded.into_iter().chain(own.iter().filter_map(|name| cx.find(cx.root, &[name])));
    for node in nodes.filter(|node| !cx.is_faulty(*node)) {
        let Some(year) = cx.tree.text(node).and_then(day).map(jiff::civil::Date::year) else { continue };
        if year > *YEARS.end() || (year < *YEARS.start() && cx.kind != Kind::Dataset) {
            let what = if year > *YEARS.end() { "in the future" } else { "before there were such records" };
            let finding = cx.at_value(&IMPLAUSIBLE_DATE, node, format!("{} is {what}", cx.shown(node)));
            out.push(finding.help("correct the year"));
        }
    }
}
