//! Forty acceptance criteria as projects use them: each is written in the objectives language, met by one candidate, and not by another.

use std::fmt::Write;

use crate::support::gate::{As, first, verdict_on, word};

/// The common head of the criteria, without the metrics of each.
const HEAD: &str = "\
mlSpecVersion: 0.1.0
kind: objectives
id: 6d5f0c1e-1f57-4b7f-9f0b-4b8d2a6f0e01
name: criteria
language: mlspec-objectives/2
datasets:
  holdback: {dataset: holdback@1, stage: test}
  noisy: {dataset: noisy@1, stage: test}
  live: {stage: monitoring}
baseline: {run: production}
";

/// A criterion: the requirement, the declarations of its metrics, and the measurements.
struct Criterion {
    number: u32,
    says: &'static str,
    expect: &'static str,
    declared: &'static str,
    /// The records of a test for the model that meets it, and for the one that does not; after `|` those of the baseline.
    meets: &'static str,
    fails: &'static str,
}

/// Criteria that cannot be expressed in the language, and why.
const NOT_EXPRESSIBLE: &[(u32, &str)] = &[];

macro_rules! criteria {
    ($($number:literal $says:literal $expect:literal $declared:literal $meets:literal $fails:literal)*) => {
        &[$(Criterion { number: $number, says: $says, expect: $expect, declared: $declared, meets: $meets, fails: $fails }),*]
    };
}

/// Records are `metric=value`, then others separated by `;`. A metric may be followed by `#count`, `@dataset`, `[dimension:value]`, and by
/// `^` and the text before the closing brace, such as an interval.
#[rustfmt::skip]
const CRITERIA: &[Criterion] = criteria! {
    1 "macro F1 of at least 0.65" "macro_f1 >= 0.65 on holdback" "macro_f1: {unit: fraction}" "macro_f1=0.7" "macro_f1=0.6"
    2 "one named class" "precision >= 95% on holdback where class = 'BreakIdle' and recall >= 90% on holdback where class = 'BreakIdle'"
      "precision: {unit: fraction}\n  recall: {unit: fraction}"
      "precision[class:BreakIdle]=0.96;recall[class:BreakIdle]=0.91;precision[class:Meet]=0.1"
      "precision[class:BreakIdle]=0.96;recall[class:BreakIdle]=0.89"
    3 "every class but one" "for each slice of class except 'Meet', precision >= 50% on holdback" "precision: {unit: fraction}"
      "precision[class:Idle]=0.6;precision[class:Meet]=0.1" "precision[class:Idle]=0.4;precision[class:Meet]=0.9"
    4 "a bound per slice" "for each slice of user, macro_f1 >= floor on holdback"
      "macro_f1: {unit: fraction}\ndefinitions: {floor: {bounds: {by: user, seen: 0.7, else: 60%}}}"
      "macro_f1[user:seen]=0.71;macro_f1[user:unseen]=0.61" "macro_f1[user:seen]=0.71;macro_f1[user:unseen]=0.59"
    5 "improves by 5% of the raw model" "brier improves by at least 5% relative vs baseline on holdback" "brier: {unit: fraction, better: lower}"
      "brier=0.18|brier=0.2" "brier=0.195|brier=0.2"
    6 "a share within bounds" "reject_rate between 5% and 30% on holdback" "reject_rate: {unit: fraction}" "reject_rate=0.2" "reject_rate=0.31"
    7 "80% last 2 minutes" "p20(block) >= 2min on holdback" "block: {unit: min, type: array}" "block=[2, 3, 3, 4, 9]" "block=[1, 1, 3, 4, 9]"
    8 "drops by less than 10%" "macro_f1 drops by at most 10% relative vs baseline on holdback" "macro_f1: {unit: fraction}"
      "macro_f1=0.65|macro_f1=0.7" "macro_f1=0.62|macro_f1=0.7"
    9 "every feature" "for each slice of feature, psi <= 0.2 on holdback" "psi: {}" "psi[feature:a]=0.1;psi[feature:b]=0.2" "psi[feature:a]=0.1;psi[feature:b]=0.21"
    10 "latency rises by at most 10%" "p99(latency) rises by at most 10% relative vs baseline on holdback" "latency: {unit: ms, type: array}"
      "latency=[100, 108]|latency=[100, 100]" "latency=[100, 120]|latency=[100, 100]"
    11 "one rule for several metrics" "for each metric of [precision, recall, f1], value drops by at most 2pp vs baseline on holdback"
      "precision: {unit: fraction}\n  recall: {unit: fraction}\n  f1: {unit: fraction}"
      "precision=0.8;recall=0.8;f1=0.79|precision=0.8;recall=0.8;f1=0.8" "precision=0.8;recall=0.8;f1=0.77|precision=0.8;recall=0.8;f1=0.8"
    12 "calibration" "ece < 0.05 on holdback" "ece: {unit: fraction}" "ece=0.04" "ece=0.05"
    13 "better than the prevalence" "pr_auc >= 1.2 * prevalence on holdback" "pr_auc: {unit: fraction}\n  prevalence: {unit: fraction}"
      "pr_auc=0.25;prevalence=0.2" "pr_auc=0.23;prevalence=0.2"
    14 "lower bound of the interval of a proportion" "sensitivity > 80% on holdback with 95% confidence" "sensitivity: {unit: fraction, of: positives}"
      "sensitivity#400=0.85" "sensitivity#400=0.7"
    15 "lower bound of a logged interval" "wafroc > 0.6 on holdback with 95% confidence" "wafroc: {unit: fraction}"
      "wafroc^ci: {level: 0.95, lower: 0.61, upper: 0.7}^=0.65" "wafroc^ci: {level: 0.95, lower: 0.5, upper: 0.59}^=0.55"
    16 "not inferior, on the same examples" "accuracy drops by at most 5pp vs baseline on holdback with 95% confidence paired" "accuracy: {unit: fraction}"
      "accuracy#400^pairs: {both: 330, only_candidate: 10, only_baseline: 10, neither: 50}^=0.85|accuracy#400=0.85"
      "accuracy#400^pairs: {both: 240, only_candidate: 10, only_baseline: 100, neither: 50}^=0.625|accuracy#400=0.85"
    17 "at least 3 sites" "at least 3 slices of site with at least 30 examples satisfy sensitivity >= 80% on holdback" "sensitivity: {unit: fraction}"
      "sensitivity#30[site:a]=0.8;sensitivity#40[site:b]=0.9;sensitivity#50[site:c]=0.8;sensitivity#90[site:d]=0.5"
      "sensitivity#30[site:a]=0.8;sensitivity#40[site:b]=0.9;sensitivity#50[site:c]=0.7;sensitivity#90[site:d]=0.5"
    18 "not worse at all" "accuracy drops by at most 0pp vs baseline on holdback" "accuracy: {unit: fraction}" "accuracy=0.9|accuracy=0.9" "accuracy=0.899|accuracy=0.9"
    19 "one slice by its value" "accuracy >= 0.7 on holdback where trip_start_hour = '9'" "accuracy: {unit: fraction}"
      "accuracy[trip_start_hour:9]=0.7;accuracy[trip_start_hour:10]=0.1" "accuracy[trip_start_hour:9]=0.6"
    20 "gap to a reference group" "difference(fnr across sex with at least 100 examples relative to 'm') <= 5pp on holdback" "fnr: {unit: fraction}"
      "fnr#200[sex:m]=0.1;fnr#200[sex:f]=0.14" "fnr#200[sex:m]=0.1;fnr#200[sex:f]=0.16"
    21 "a significant impact ratio" "ratio(selected across sex with at least 30 examples) >= 0.8 on holdback with 95% confidence" "selected: {unit: fraction, of: applicants}"
      "selected#2000[sex:m]=0.5;selected#2000[sex:f]=0.48" "selected#2000[sex:m]=0.5;selected#2000[sex:f]=0.3"
    22 "equalised odds" "difference(tpr across sex) <= 0.1 on holdback and difference(fpr across sex) <= 0.1 on holdback" "tpr: {unit: fraction}\n  fpr: {unit: fraction}"
      "tpr[sex:m]=0.8;tpr[sex:f]=0.9;fpr[sex:m]=0.1;fpr[sex:f]=0.2" "tpr[sex:m]=0.8;tpr[sex:f]=0.9;fpr[sex:m]=0.1;fpr[sex:f]=0.21"
    23 "a weighted score" "0.5 * faith + 0.3 * rel + 0.2 * corr >= 0.8 on holdback" "faith: {}\n  rel: {}\n  corr: {}" "faith=0.9;rel=0.8;corr=0.7" "faith=0.7;rel=0.8;corr=0.7"
    24 "the worst of several trials" "p05(case_min) >= 90 on holdback" "case_min: {type: array}" "case_min=[90, 95, 99]" "case_min=[80, 95, 99]"
    25 "lower bound against the baseline" "acc drops by at most 8% relative vs baseline on holdback with 95% confidence" "acc: {unit: fraction, of: examples}"
      "acc#2000=0.9|acc#2000=0.9" "acc#2000=0.7|acc#2000=0.9"
    26 "within two standard errors of the baseline" "acc >= (acc of baseline) - 2 * (acc_stderr of baseline) on holdback" "acc: {unit: fraction}\n  acc_stderr: {unit: fraction}"
      "acc=0.88|acc=0.9;acc_stderr=0.01" "acc=0.87|acc=0.9;acc_stderr=0.01"
    27 "a paired test, or no step back" "acc drops by at most 0pp vs baseline on holdback or mcnemar_p > 0.05 on holdback" "acc: {unit: fraction}\n  mcnemar_p: {unit: fraction}"
      "acc=0.89;mcnemar_p=0.2|acc=0.9" "acc=0.89;mcnemar_p=0.01|acc=0.9"
    28 "cost" "cost <= 0.05 on holdback" "cost: {unit: USD}" "cost=0.04" "cost=0.06"
    29 "burn rate of two windows" "(burn over last 1 hour) < 14.4 on live and (burn over last 5 minutes) < 14.4 on live" "burn: {}" "burn@live=2" "burn@live=15"
    30 "errors by requests" "sum(errors over last 30 days) / sum(requests over last 30 days) <= 0.1% on live" "errors: {unit: count}\n  requests: {unit: count}"
      "errors@live=9;requests@live=10000" "errors@live=11;requests@live=10000"
    31 "a rolling average" "mean(psi over last 7 days) < 0.2 on live" "psi: {}" "psi@live=0.1" "psi@live=0.2"
    32 "cross-validation" "mean(cv) >= 85% on holdback and std(cv) <= 2pp on holdback" "cv: {unit: fraction, type: array}" "cv=[0.86, 0.87]" "cv=[0.8, 0.95]"
    33 "order of score bands" "bad_rate falls along band on holdback"
      "bad_rate: {unit: fraction}\ndimensions: {band: {values: [1, 2, 3]}}" "bad_rate[band:1]=0.3;bad_rate[band:2]=0.2;bad_rate[band:3]=0.1" "bad_rate[band:1]=0.3;bad_rate[band:2]=0.1;bad_rate[band:3]=0.2"
    34 "a mean weighted by revenue" "weighted mean(wape across store by revenue) <= 20% on holdback" "wape: {unit: fraction, range: [0, 9]}\n  revenue: {unit: EUR}"
      "wape[store:a]=0.1;revenue[store:a]=900;wape[store:b]=0.5;revenue[store:b]=100"
      "wape[store:a]=0.1;revenue[store:a]=100;wape[store:b]=0.5;revenue[store:b]=900"
    35 "a macro average" "mean(f1 across class) >= 0.7 on holdback" "f1: {unit: fraction}" "f1[class:a]=0.9;f1[class:b]=0.5" "f1[class:a]=0.9;f1[class:b]=0.4"
    36 "evaluated lately" "evaluated within 30 days on holdback and accuracy >= 0.5 on holdback" "accuracy: {unit: fraction}" "accuracy=0.9" "accuracy=0.9"
    37 "robust on perturbed data" "(acc on holdback) - (acc on noisy) <= 5pp" "acc: {unit: fraction}" "acc=0.9;acc@noisy@1=0.86" "acc=0.9;acc@noisy@1=0.84"
    38 "stability" "psi <= 0.25 on holdback" "psi: {}" "psi=0.2" "psi=0.3"
    39 "two of three judges" "(j1 >= 80% on holdback and j2 >= 80% on holdback) or (j1 >= 80% on holdback and j3 >= 80% on holdback) or (j2 >= 80% on holdback and j3 >= 80% on holdback)"
      "j1: {unit: fraction}\n  j2: {unit: fraction}\n  j3: {unit: fraction}" "j1=0.9;j2=0.1;j3=0.9" "j1=0.9;j2=0.1;j3=0.2"
    40 "one-sided 95%" "acc >= 85% on holdback with 95% one-sided confidence" "acc: {unit: fraction, of: examples}" "acc#2000=0.864" "acc#2000=0.82"
};

/// Returns the documents of records: one for each dataset.
fn documents(records: &str, is_baseline: bool, date: &str) -> Vec<String> {
    let mut lines: Vec<(String, String)> = Vec::new();
    for record in records.split(';') {
        let (left, value) = record.rsplit_once('=').unwrap();
        let (mut left, mut rest) = (left.to_owned(), String::new());
        if let Some((start, more)) = left.clone().split_once('^') {
            let (own, end) = more.split_once('^').unwrap();
            rest = format!(", {own}");
            left = format!("{start}{end}");
        }
        if let Some((start, slice)) = left.clone().trim_end_matches(']').split_once('[') {
            let (dimension, own) = slice.split_once(':').unwrap();
            write!(rest, ", slice: {{{dimension}: '{own}'}}").unwrap();
            left = start.to_owned();
        }
        let (left, dataset) = left.split_once('@').map_or((&*left, "holdback@1"), |(start, dataset)| (start, dataset));
        let (key, count) =
            left.split_once('#').map_or((left, String::new()), |(key, count)| (key, format!(", count: {count}")));
        lines.push((
            dataset.to_owned(),
            format!("  - {{key: {key}, value: {value}, dataset: {dataset}{count}{rest}}}\n"),
        ));
    }
    let mut datasets: Vec<String> = lines.iter().map(|(dataset, _)| dataset.clone()).collect();
    datasets.dedup();
    let of = |dataset: &String| {
        let own: String = lines.iter().filter(|(other, _)| other == dataset).map(|(_, line)| line.as_str()).collect();
        match is_baseline {
            true => format!("kind: run\nid: b\nname: production\nsubmittedDate: 2026-01-01T00:00:00Z\nmetrics:\n{own}"),
            false => format!("kind: test\nid: t-{dataset}\nname: t\nperformedOn: {date}\nmetrics:\n{own}"),
        }
    };
    datasets.iter().map(of).collect()
}

fn judged(criterion: &Criterion, measured: &str, date: &str) -> (String, String) {
    let (candidate, baseline) = measured.split_once('|').map_or((measured, None), |(own, other)| (own, Some(other)));
    let text =
        format!("{HEAD}metrics:\n  {}\nobjectives:\n- id: a\n  expect: {}\n", criterion.declared, criterion.expect);
    let given: Vec<(As, String)> = documents(candidate, false, date)
        .into_iter()
        .map(|text| (As::Candidate, text))
        .chain(baseline.into_iter().flat_map(|own| documents(own, true, date)).map(|text| (As::Baseline, text)))
        .collect();
    let given: Vec<(As, &str)> = given.iter().map(|(role, text)| (*role, text.as_str())).collect();
    let found = verdict_on(&text, &given, Some("2026-09-02T08:01:00Z"))
        .unwrap_or_else(|error| panic!("{}: {error}", criterion.says));
    (word(first(&found).verdict), first(&found).message.clone())
}

#[test]
fn forty_criteria_are_said_or_counted_as_missing() {
    let mut wrong = Vec::new();
    for criterion in CRITERIA {
        let (found, message) = judged(criterion, criterion.meets, "2026-09-02T08:00:00Z");
        if found != "pass" {
            wrong.push(format!("{}: {} should pass: {found}: {message}", criterion.number, criterion.expect));
        }
        let date = if criterion.number == 36 { "2026-07-01T08:00:00Z" } else { "2026-09-02T08:00:00Z" };
        let (found, message) = judged(criterion, criterion.fails, date);
        if found != "fail" {
            wrong.push(format!("{}: {} should fail: {found}: {message}", criterion.number, criterion.expect));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let mut numbers: Vec<u32> =
        CRITERIA.iter().map(|own| own.number).chain(NOT_EXPRESSIBLE.iter().map(|(number, _)| *number)).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=40).collect::<Vec<_>>());
    assert_eq!(NOT_EXPRESSIBLE.len(), 0, "{NOT_EXPRESSIBLE:?}");
}

/// The measurements that a criterion does not read: number of the criterion, and of the record.
const UNREAD: [(u32, usize); 3] = [(2, 2), (3, 1), (19, 1)];

/// Each value of a candidate that meets a criterion is made invalid in turn: a value that is not a number, or is impossible for its metric,
/// never passes cleanly.
#[test]
fn no_criterion_is_met_by_a_value_that_is_none() {
    let mut wrong = Vec::new();
    for criterion in CRITERIA {
        let (candidate, baseline) =
            criterion.meets.split_once('|').map_or((criterion.meets, None), |(own, other)| (own, Some(other)));
        let records: Vec<&str> = candidate.split(';').collect();
        for (index, record) in
            records.iter().enumerate().filter(|(index, _)| !UNREAD.contains(&(criterion.number, *index)))
        {
            let (left, _) = record.rsplit_once('=').unwrap();
            let name = left.split(['[', '#', '@', '^']).next().unwrap();
            let is_share = criterion.declared.contains(&format!("{name}: {{unit: fraction"));
            for broken in
                [".nan", "null", "text"].iter().chain(is_share.then_some(&"90")).chain(is_share.then_some(&"-0.1"))
            {
                let mut changed = records.clone();
                let own = format!("{left}={broken}");
                changed[index] = &own;
                let measured = changed.join(";") + &baseline.map_or_else(String::new, |own| format!("|{own}"));
                let (found, message) = judged(criterion, &measured, "2026-09-02T08:00:00Z");
                if found == "pass" {
                    wrong.push(format!("{}: {} by {measured}: {message}", criterion.number, criterion.expect));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const BANDS: &str = "recall: {unit: fraction, of: examples}\ndimensions: {band: {values: [1, 2, 10]}}";
const FLOORS: &str = "recall: {unit: fraction}\ndefinitions: {floor: {bounds: {by: band, 1: 0.1, else: 0.15}}}";
const COSTS: &str = "confusion: {type: object, unit: count, fields: [fn, fp, all]}\nerrors:
  missed: {rate: confusion.fn / confusion.all, cost: 50 EUR}
  false-alarm: {rate: confusion.fp / confusion.all, cost: 1 EUR}";

#[test]
fn newer_forms_leave_open_what_is_not_known() {
    let of = |expect: &'static str, declared: &'static str, measured: &'static str| {
        let criterion = Criterion { number: 0, says: expect, expect, declared, meets: measured, fails: measured };
        judged(&criterion, measured, "2026-09-02T08:00:00Z")
    };
    let recall = "recall: {unit: fraction, of: examples}";
    for (expect, declared, measured, verdict, says) in [
        (
            "recall >= 0.8 on holdback where site = 'b'",
            recall,
            "recall[site:a]=0.9;recall=0.9",
            "unknown",
            "b is not reported",
        ),
        ("recall >= 0.8 on holdback where site = 'a'", recall, "recall[site:a]=.nan;recall=0.9", "unknown", "NaN"),
        ("recall is not reported on holdback where site = 'a'", recall, "recall[site:a]=0.9", "fail", ""),
        ("recall is reported on holdback where site = 'b'", recall, "recall[site:a]=0.9", "fail", ""),
        (
            "for each slice of site except 'a', recall >= 0.8 on holdback",
            recall,
            "recall[site:a]=0.9",
            "unknown",
            "no slice",
        ),
        (
            "mean(recall across site) >= 0.8 on holdback",
            recall,
            "recall[site:a]=0.9;recall[site:b]=.nan",
            "unknown",
            "NaN",
        ),
        (
            "mean(recall across site) >= 0.8 on holdback",
            recall,
            "recall[site:a]=0.9;recall[site:b]=90",
            "unknown",
            "outside",
        ),
        ("mean(recall across site) >= 0.8 on holdback", recall, "recall=0.9", "unknown", "no slice"),
        (
            "weighted mean(recall across site by count) >= 0.8 on holdback",
            recall,
            "recall#9[site:a]=0.9;recall[site:b]=0.9",
            "unknown",
            "number of examples",
        ),
        (
            "weighted mean(recall across site by loss) >= 0.8 on holdback",
            "recall: {unit: fraction}\n  loss: {}",
            "recall[site:a]=0.9;loss[site:a]=-1",
            "unknown",
            "below 0",
        ),
        (
            "weighted mean(recall across site by loss) >= 0.8 on holdback",
            "recall: {unit: fraction}\n  loss: {}",
            "recall[site:a]=0.9;loss[site:a]=0",
            "unknown",
            "zero",
        ),
        (
            "weighted mean(recall across site by loss) >= 0.8 on holdback",
            "recall: {unit: fraction}\n  loss: {}",
            "recall[site:a]=0.9",
            "unknown",
            "not reported",
        ),
        (
            "at least 2 slices of site satisfy recall >= 0.8 on holdback",
            recall,
            "recall[site:a]=0.9;recall[site:b]=.nan",
            "unknown",
            "1 of 2 slices, and 2 are needed",
        ),
        (
            "at least 2 slices of site satisfy recall >= 0.8 on holdback",
            recall,
            "recall[site:a]=0.9;recall[site:b]=0.1",
            "fail",
            "1 of 2 slices, and 2 are needed",
        ),
        (
            "at least 1 slice of site satisfies recall >= 0.8 on holdback",
            recall,
            "recall[site:a]=0.9;recall[site:b]=0.1",
            "pass",
            "1 of 2",
        ),
        (
            "at least 2 slices of site with at least 9 examples satisfy recall >= 0.8 on holdback",
            recall,
            "recall#9[site:a]=0.9;recall#8[site:b]=0.9",
            "unknown",
            "8 examples",
        ),
        ("recall >= (recall of baseline) on holdback", recall, "recall=0.9", "unknown", "not known"),
        ("recall >= (recall of baseline) - 1pp", recall, "recall=0.9|recall=0.9", "unknown", "other data"),
        (
            "recall >= (recall of baseline) - 1pp on holdback with 95% confidence",
            recall,
            "recall#90=0.9|recall#90=0.1",
            "pass",
            "Newcombe)",
        ),
        (
            "recall >= (recall of baseline) - 1pp on holdback with 95% confidence",
            recall,
            "recall#90=0.9|recall#90=0.9",
            "unknown",
            "may be missed",
        ),
        (
            "recall >= 0.9 * (recall of baseline) on holdback with 95% confidence",
            recall,
            "recall#90=0.2|recall#90=0.9",
            "fail",
            "Newcombe)",
        ),
        (
            "recall >= (recall of baseline) - 5pp on holdback with 95% confidence paired",
            recall,
            "recall#400^pairs: {both: 350, only_candidate: 10, only_baseline: 0, neither: 40}^=0.9|recall#400=0.875",
            "pass",
            "(95% two-sided, Newcombe, paired)",
        ),
        (
            "recall >= (recall of baseline) - 5pp on holdback with 95% confidence paired",
            recall,
            "recall#400=0.9|recall#400=0.875",
            "unknown",
            "without 'pairs'",
        ),
        (
            "recall >= (recall of baseline) - 2 * (spread of baseline) on holdback with 95% confidence",
            "recall: {unit: fraction}\n  spread: {unit: fraction}",
            "recall#90=0.9|recall#90=0.9;spread=0.1",
            "unknown",
            "",
        ),
        (
            "recall drops by at most 5pp vs baseline on holdback with 95% confidence paired",
            recall,
            "recall#400=0.9|recall#400=0.9",
            "unknown",
            "without 'pairs'",
        ),
        (
            "recall drops by at most 5pp vs baseline on holdback with 95% confidence paired",
            recall,
            "recall#400^pairs: {both: 350, only_candidate: 10, only_baseline: 0, neither: 40}^=0.9|recall#400=0.95",
            "unknown",
            "are not those of the values",
        ),
        (
            "recall drops by at most 5pp vs baseline on holdback with 95% confidence paired",
            recall,
            "recall#500^pairs: {both: 350, only_candidate: 10, only_baseline: 0, neither: 40}^=0.9|recall#400=0.875",
            "unknown",
            "are not those of the values",
        ),
        (
            "recall drops by at most 5pp vs baseline on holdback with 95% confidence paired",
            recall,
            "recall#400^pairs: {both: 350, only_candidate: 10, only_baseline: 0, neither: 40}^=0.9|recall#400=0.875",
            "pass",
            "(95% two-sided, Newcombe, paired)",
        ),
        (
            "recall >= 0.88 on holdback with 95% one-sided confidence",
            recall,
            "recall#2000=0.892",
            "pass",
            "95% one-sided, Wilson, n = 2000",
        ),
        (
            "recall >= 0.88 on holdback with 95% confidence",
            recall,
            "recall#2000=0.892",
            "unknown",
            "95% two-sided, Wilson, n = 2000",
        ),
        (
            "recall >= 0.5 on holdback with 97.5% one-sided confidence",
            recall,
            "recall^ci: {level: 0.95, lower: 0.85, upper: 0.95}^=0.9",
            "pass",
            "97.5% one-sided, as logged",
        ),
        (
            "difference(recall across site) <= 10pp on holdback with 95% confidence",
            recall,
            "recall#2000[site:a]=0.9;recall#2000[site:b]=0.88",
            "pass",
            "all pairs of slices together",
        ),
        (
            "difference(recall across site) <= 10pp on holdback with 95% confidence",
            recall,
            "recall#20[site:a]=0.9;recall#20[site:b]=0.88",
            "unknown",
            "straddles",
        ),
        (
            "difference(recall across site) <= 10pp on holdback with 95% confidence",
            recall,
            "recall#2000[site:a]=0.9;recall#2000[site:b]=0.6",
            "fail",
            "",
        ),
        (
            "difference(recall across site relative to 'a') <= 10pp on holdback with 95% confidence",
            recall,
            "recall#2000[site:a]=0.8;recall#2000[site:b]=0.86;recall#2000[site:c]=0.75",
            "pass",
            "",
        ),
        (
            "ratio(recall across site) >= 0.8 on holdback with 95% confidence",
            recall,
            "recall#20[site:a]=0.9;recall#20[site:b]=0.88",
            "unknown",
            "straddles",
        ),
        (
            "ratio(recall across site) >= 0.8 on holdback with 95% confidence",
            recall,
            "recall#20[site:a]=0;recall#20[site:b]=0",
            "unknown",
            "zero",
        ),
        (
            "ratio(recall across site) >= 0.8 on holdback with 95% confidence",
            recall,
            "recall[site:a]=0.9;recall#20[site:b]=0.9",
            "unknown",
            "number of examples",
        ),
        (
            "ratio(loss across site) >= 0.8 on holdback with 95% confidence",
            "loss: {unit: fraction}",
            "loss#90[site:a]=0.9;loss#90[site:b]=0.9",
            "unknown",
            "proportion",
        ),
        (
            "worst(recall across site) >= 0.5 on holdback with 95% confidence",
            "recall: {unit: fraction, of: examples, better: higher}",
            "recall#2000[site:a]=0.9",
            "unknown",
            "no confidence interval",
        ),
        ("mean(recall over last 7 days) >= 0.8 on live", recall, "recall@live=.nan", "unknown", "NaN"),
        ("mean(recall over last 7 days) >= 0.8 on live", recall, "recall=0.9", "unknown", "not reported"),
        ("for each metric of [recall], value >= 0.8 on holdback", recall, "recall=90", "unknown", "outside"),
        ("for each metric matching 'rec*', value >= 0.8 on holdback", recall, "recall=0.9", "pass", "0.9 ≥ 0.8"),
        (
            "for each metric matching '*@1', value >= 0.8 on holdback",
            "recall@1: {unit: fraction}\n  f1@1: {unit: fraction}\n  recall@10: {unit: fraction}",
            "recall@1=0.9",
            "unknown",
            "not reported",
        ),
        (
            "recall rises along band on holdback",
            BANDS,
            "recall[band:1]=0.1;recall[band:2]=0.2;recall[band:10]=0.3",
            "pass",
            "> 0",
        ),
        (
            "recall rises along band on holdback",
            BANDS,
            "recall[band:1]=0.1;recall[band:2]=0.2;recall[band:10]=0.2",
            "fail",
            "2 0.2 → 10 0.2",
        ),
        (
            "recall rises along band on holdback",
            BANDS,
            "recall[band:1]=0.1;recall[band:2]=0.2",
            "unknown",
            "band 10 is not reported",
        ),
        (
            "recall rises along band on holdback",
            BANDS,
            "recall[band:1]=0.1;recall[band:2]=.nan;recall[band:10]=0.3",
            "unknown",
            "NaN",
        ),
        (
            "recall rises along band except '2' on holdback",
            BANDS,
            "recall[band:1]=0.1;recall[band:2]=0;recall[band:10]=0.3",
            "pass",
            "",
        ),
        (
            "recall rises along band on holdback with 95% confidence",
            BANDS,
            "recall#900[band:1]=0.1;recall#900[band:2]=0.2;recall#900[band:10]=0.3",
            "pass",
            "",
        ),
        (
            "recall rises along band on holdback with 95% confidence",
            BANDS,
            "recall#9[band:1]=0.1;recall#900[band:2]=0.2;recall#900[band:10]=0.3",
            "unknown",
            "straddles",
        ),
        (
            "for each slice of band, recall >= floor on holdback",
            FLOORS,
            "recall[band:1]=0.1;recall[band:2]=0.2",
            "pass",
            "",
        ),
        (
            "for each slice of band, recall >= floor on holdback",
            FLOORS,
            "recall[band:1]=0.1;recall[band:2]=0.1",
            "fail",
            "2 0.1 < 0.15",
        ),
        (
            "recall >= floor on holdback where band = '2'",
            FLOORS,
            "recall[band:1]=0.1;recall[band:2]=0.1",
            "fail",
            "0.1 < 0.15",
        ),
        ("recall >= floor on holdback", FLOORS, "recall[band:1]=0.1;recall=0.9", "unknown", "no bound for this band"),
        (
            "for each slice of site, recall >= floor on holdback",
            FLOORS,
            "recall[site:1]=0.9",
            "unknown",
            "no bound for this band",
        ),
        ("evaluated within 30 days and recall >= 0.5 on holdback", recall, "recall=0.9", "pass", ""),
        (
            "evaluated within 30 days on live and recall >= 0.5 on holdback",
            recall,
            "recall=0.9",
            "unknown",
            "not reported",
        ),
        (
            "expected_cost <= 120 EUR per 1000 on holdback",
            COSTS,
            "confusion={fn: 2, fp: 10, all: 1000}",
            "pass",
            "110 EUR per 1000 ≤ 120 EUR per 1000",
        ),
        (
            "expected_cost <= 120 EUR per 1000 on holdback",
            COSTS,
            "confusion={fn: 3, fp: 10, all: 1000}",
            "fail",
            "160 EUR per 1000 > 120 EUR per 1000",
        ),
        (
            "expected_cost <= 120 EUR per 1000 on holdback",
            COSTS,
            "confusion={fn: 3, fp: .nan, all: 1000}",
            "unknown",
            "NaN",
        ),
        (
            "expected_cost <= 120 EUR per 1000 on holdback",
            COSTS,
            "confusion={fn: 30, fp: 1, all: 9}",
            "unknown",
            "not between 0 and 1",
        ),
        (
            "expected_cost <= 120 EUR per 1000 on holdback",
            COSTS,
            "confusion={fn: 3, all: 1000}",
            "unknown",
            "not reported",
        ),
    ] {
        let (found, message) = of(expect, declared, measured);
        assert!(found == verdict && message.contains(says), "{expect} by {measured}: {found}: {message}");
    }
}
