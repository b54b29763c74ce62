//! A log is judged as an evaluation that reports the same values, claim by claim, and exactly at the bound.

use mlspec_lint::analysis::{Beside, Options};
use mlspec_lint::documents::Document;
use mlspec_lint::monitored::{LogAnswers, LogFile, LogObserver, LogQuestions, LogTally, stand_in};
use mlspec_lint::objectives::evaluate::{VerdictContext, judge};
use mlspec_lint::objectives::log::MeasuredLog;
use mlspec_lint::objectives::measurements::{Evidence, MeasuredIn};
use mlspec_lint::objectives::policy::Policy;
use mlspec_lint::objectives::verdict::{GateMode, JudgedClaim, JudgedObjective, ObjectiveVerdict};
use mlspec_lint::records::{LineKind, Log, TextHasher};
use proptest::prelude::*;

use crate::support::gate::{As, read, verdict_on, word};

const NEWEST: &str = "2026-05-06T08:00:00Z";

fn objectives(expect: &str) -> String {
    format!(
        "mlSpecVersion: 0.2.0\nkind: objectives\nlanguage: mlspec-objectives/3\nname: o\ndatasets: {{live: {{stage: monitoring}}}}\n\
         metrics:\n  latency: {{unit: ms, type: array, from: requestInfo.requestLatencyMs, range: [-100000, 100000]}}\n\
         dimensions: {{plan: {{from: metadata.plan, values: [a, b]}}}}\n\
         objectives:\n  - {{id: o, why: w, expect: {}}}\n",
        serde_json::to_string(expect).unwrap()
    )
}

/// Returns a log with these latencies, and this many answers with the code 503, of plans in turn.
fn log(latencies: &[String], failed: usize) -> String {
    let line = |(number, latency): (usize, &String)| {
        let code = if number < failed { 503 } else { 200 };
        let plan = ["a", "b"][number % 2];
        format!(
            "{{\"mlSpecVersion\":\"0.2.0\",\"kind\":\"inference-request\",\"applicationId\":\"s\",\"requestId\":\"r{number}\",\
             \"requestTimestamp\":\"{NEWEST}\",\"requestLatencyMs\":{latency},\"modelId\":\"m/1\",\
             \"resultInfo\":{{\"resultCode\":{code}}},\"metadata\":{{\"plan\":\"{plan}\"}}}}\n"
        )
        .replace("inference-request", "inference-log")
    };
    latencies.iter().enumerate().map(line).collect()
}

/// Counts the records of a log in parts that end at these lines.
fn measured(policy: &Policy, text: &str, cuts: &[usize]) -> (MeasuredLog, String) {
    let questions = LogQuestions::of(policy, &Default::default()).unwrap();
    let observer = LogObserver::new(
        &questions,
        Some(NEWEST.parse::<jiff::Timestamp>().unwrap() + jiff::SignedDuration::from_nanos(1)),
    );
    let options = Options { partial: true, explicit: true, ..Options::default() };
    let (alone, hasher) = (Beside::new([], &[], options), TextHasher::default());
    let log = Log {
        name: "live.jsonl",
        kind: &LineKind::Json,
        options,
        beside: &alone,
        hasher: &hasher,
        is_compared: true,
        has_mlspec: true,
        refuses_others: true,
        is_from_start: true,
        is_fixable: false,
    };
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut tally = LogTally::default();
    let mut parts = Vec::new();
    let mut start = 0;
    for cut in cuts.iter().copied().chain([lines.len()]) {
        let part = lines[start..cut.max(start)].concat();
        start = cut.max(start);
        let mut own = Vec::new();
        log.observe(part.as_bytes(), 1, &alone, &observer, &mut |part| {
            own.push(part.part);
            Ok(())
        })
        .unwrap();
        parts.extend(own);
    }
    // In the order opposite to that of the log.
    parts.into_iter().rev().for_each(|part| tally.merge(part, &observer));
    let file = LogFile {
        name: "live.jsonl".to_owned(),
        sha256: "0".repeat(64),
        records: tally.records,
        damage: None,
        is_cut_off: false,
    };
    let answers = LogAnswers { questions: &questions, observer: &observer, tally, files: vec![file], duplicated: 0 };
    (answers.measured().unwrap(), stand_in(&answers))
}

fn of_log(expect: &str, text: &str, cuts: &[usize]) -> JudgedObjective {
    let objectives = read("objectives.yml", &objectives(expect));
    let Document::Objectives(document) = &objectives.document else { panic!() };
    let (policy, faults) = Policy::of(document, &objectives.tree);
    assert!(faults.is_empty(), "{expect}: {:?}", faults.iter().map(|own| &own.message).collect::<Vec<_>>());
    let (measured, stand_in) = measured(&policy, text, cuts);
    let stand_in = read("live.jsonl", &stand_in);
    let mut evidence = Evidence::default();
    let root = stand_in.tree.documents()[0].root.unwrap();
    let own = MeasuredIn::of(0, &stand_in.document, &stand_in.tree).unwrap();
    evidence.candidate.add_log(&measured, own, root, &str::to_lowercase);
    let as_of = evidence.newest();
    let judgement = judge(&policy, &[], &evidence, &|text: &str| text.to_lowercase(), as_of, None).unwrap();
    let about = VerdictContext {
        mode: GateMode::Enforce,
        inputs: Vec::new(),
        log: None,
        subject: Vec::new(),
        concerns: Vec::new(),
    };
    judgement.verdict(&objectives.tree, about).objectives.remove(0)
}

fn of_run(expect: &str, metrics: &str) -> JudgedObjective {
    let text = format!("kind: evaluation\nname: e\ndataset: live\nperformedOn: {NEWEST}\nmetrics:\n{metrics}");
    verdict_on(&objectives(expect), &[(As::Candidate, &text)], None).unwrap().objectives.remove(0)
}

/// Returns what decides, and the values that are exact: those of estimates are shown and do not decide.
fn decided(judged: &JudgedObjective, has_values: bool) -> Vec<String> {
    let claim = |claim: &JudgedClaim| {
        let value = if has_values { claim.value.clone() } else { None };
        format!("{:?} {} {:?} {:?} {:?}", claim.slice, word(claim.truth), value, claim.threshold, claim.interval)
    };
    std::iter::once(word(judged.verdict)).chain(judged.claims.iter().map(claim)).collect()
}

/// A number in thousandths, as it is written.
fn written(thousandths: i64) -> String {
    let sign = if thousandths < 0 { "-" } else { "" };
    let (whole, rest) = (thousandths.abs() / 1000, thousandths.abs() % 1000);
    match rest {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{rest:03}").trim_end_matches('0').to_owned(),
    }
}

/// Returns a quantile of order `percent` of numbers in thousandths, exactly: in units of 10^-5.
fn quantile(numbers: &[i64], percent: usize) -> i64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() - 1) * percent;
    let (low, share) = (rank / 100, i64::try_from(rank % 100).unwrap());
    let high = sorted[(low + 1).min(sorted.len() - 1)];
    sorted[low] * (100 - share) + high * share
}

/// Returns a number of units of 10^-5 and one a little beside it, as it is written.
fn beside(units: i64, little: i64) -> String {
    let scaled = i128::from(units) * 10_i128.pow(15) + i128::from(little);
    let digits = scaled.unsigned_abs();
    let (whole, rest) = (digits / 10_u128.pow(20), digits % 10_u128.pow(20));
    format!("{}{whole}.{rest:020}", if scaled < 0 { "-" } else { "" })
}

fn latencies() -> impl Strategy<Value = Vec<i64>> {
    let number = prop_oneof![0..100_000_i64, Just(0), Just(1000), Just(67_125), (0..40_i64).prop_map(|own| own * 1000)];
    prop::collection::vec(number, 1..50)
}

fn metrics(numbers: &[i64]) -> String {
    let list = |numbers: Vec<&i64>| numbers.iter().map(|own| written(**own)).collect::<Vec<_>>().join(", ");
    let of = |at: usize| list(numbers.iter().skip(at).step_by(2).collect());
    let mut text = format!("  - {{key: latency, value: [{}]}}\n", list(numbers.iter().collect()));
    for (at, plan) in ["a", "b"].iter().enumerate().filter(|(at, _)| *at < numbers.len()) {
        text += &format!("  - {{key: latency, value: [{}], slice: {{plan: {plan}}}}}\n", of(at));
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn quantiles_are_exact_at_the_bound(
        numbers in latencies(),
        percent in prop_oneof![Just(1_usize), Just(50), Just(75), Just(95), Just(99), 2..99_usize],
        operator in prop_oneof![Just("<="), Just("<"), Just(">="), Just(">"), Just("=="), Just("!=")],
        little in prop_oneof![Just(0_i64), Just(1), Just(-1), Just(1_000_000), Just(-1_000_000)],
        cuts in prop::collection::vec(0..50_usize, 0..4),
    ) {
        let bound = beside(quantile(&numbers, percent), little);
        let expect = format!("p{percent:02}(latency) {operator} {bound}ms on live");
        let texts: Vec<String> = numbers.iter().map(|own| written(*own)).collect();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(numbers.len())).collect();
        cuts.sort_unstable();
        let own = of_log(&expect, &log(&texts, 0), &cuts);
        let other = of_run(&expect, &metrics(&numbers));
        prop_assert_eq!(decided(&own, false), decided(&other, false), "{} of {:?}", expect, texts);
        prop_assert!(own.verdict != ObjectiveVerdict::Unknown, "{} of {:?}: {:?}", expect, texts, own);
    }

    #[test]
    fn other_functions_have_the_same_values(
        numbers in latencies(),
        function in prop_oneof![Just("min"), Just("max"), Just("mean"), Just("sum"), Just("count"), Just("std")],
        bound in 0..100_i64,
        is_sliced in any::<bool>(),
        is_windowed in any::<bool>(),
        cuts in prop::collection::vec(0..50_usize, 0..4),
    ) {
        let unit = if function == "count" { "" } else { "ms" };
        let each = if is_sliced { "for each slice of plan, " } else { "" };
        let window = if is_windowed { " over last 2 days" } else { "" };
        let expect = format!("{each}{function}(latency) <= {bound}{unit} on live{window}");
        let texts: Vec<String> = numbers.iter().map(|own| written(*own)).collect();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(numbers.len())).collect();
        cuts.sort_unstable();
        let own = of_log(&expect, &log(&texts, 0), &cuts);
        let other = of_run(&expect, &metrics(&numbers));
        // A standard deviation is rounded, here from exact sums.
        let has_values = function != "std";
        prop_assert_eq!(decided(&own, has_values), decided(&other, has_values), "{} of {:?}", expect, texts);
    }

    #[test]
    fn shares_are_those_of_an_evaluation(
        failed in 0..100_usize,
        percent in 0..101_usize,
        operator in prop_oneof![Just("<="), Just("<"), Just(">="), Just(">")],
        has_confidence in any::<bool>(),
        is_negated in any::<bool>(),
    ) {
        let test = if is_negated { "share(not resultCode >= 500)" } else { "share(resultCode >= 500)" };
        let confidence = if has_confidence { " with 95% confidence" } else { "" };
        let expect = format!("{test} {operator} {percent}% on live{confidence}");
        let texts = vec!["5".to_owned(); 100];
        let share = if is_negated { 100 - failed } else { failed };
        let metrics = format!("  - {{key: '{test}', value: {}.{:02}, count: 100}}\n", share / 100, share % 100);
        let own = of_log(&expect, &log(&texts, failed), &[40]);
        let other = of_run(&expect, &metrics);
        prop_assert_eq!(decided(&own, true), decided(&other, true), "{} of {}", expect, failed);
    }
}

#[test]
fn a_bound_that_no_double_holds_is_told_from_its_neighbours() {
    for (bound, verdict) in [("0.30000000000000004", "pass"), ("0.3", "pass"), ("0.29999999999999999", "fail")] {
        let text = log(&["0.3".to_owned(), "0.3".to_owned(), "0.3".to_owned()], 0);
        let expect = format!("p95(latency) <= {bound}ms on live");
        assert_eq!(word(of_log(&expect, &text, &[]).verdict), verdict, "{bound}");
    }
    // Two numbers that are one double.
    let text = log(&["0.1".to_owned(), "0.10000000000000000001".to_owned()], 0);
    assert_eq!(word(of_log("max(latency) <= 0.1ms on live", &text, &[]).verdict), "fail");
    assert_eq!(word(of_log("p99(latency) <= 0.1ms on live", &text, &[]).verdict), "fail");
}
