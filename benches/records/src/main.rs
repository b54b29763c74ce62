//! What it costs to check a log, in relation to parsing it: `cargo run --release --manifest-path benches/records/Cargo.toml [MEBIBYTES [ROUNDS]]`.
//!
//! The unit is the fastest parser of JSON known to us, sonic-rs, which reads each line into a borrowed struct that denies unknown fields, and
//! checks nothing else. Each number is the processor time of all threads in the best of several rounds, which take turns, so that all of them see
//! the same machine. How much sooner two threads are done is told by the time on the clock, which means something on an idle machine only.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use mlspec_lint::analysis::{Beside, Options, examine};
use mlspec_lint::records::{LineKind, Log, Recogniser, TextHasher};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[expect(dead_code, reason = "only parsed")]
struct Record<'a> {
    #[serde(borrow)]
    ml_spec_version: Cow<'a, str>,
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    application_info: Application<'a>,
    #[serde(borrow)]
    request_info: Request<'a>,
    #[serde(borrow)]
    model_info: Models<'a>,
    #[serde(borrow)]
    input_features: BTreeMap<&'a str, &'a str>,
    prediction: f64,
    result_info: Outcome,
    #[serde(borrow)]
    provenance: Provenance<'a>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[expect(dead_code, reason = "only parsed")]
struct Application<'a> {
    application_id: &'a str,
    application_endpoint: &'a str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[expect(dead_code, reason = "only parsed")]
struct Request<'a> {
    request_id: &'a str,
    request_timestamp: &'a str,
    request_latency_ms: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[expect(dead_code, reason = "only parsed")]
struct Models<'a> {
    #[serde(borrow)]
    models: Vec<&'a str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[expect(dead_code, reason = "only parsed")]
struct Outcome {
    result_code: u32,
    result_size_in_bytes: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[expect(dead_code, reason = "only parsed")]
struct Provenance<'a> {
    pipeline_version: &'a str,
    pipeline_digest: &'a str,
    dataset_digest: &'a str,
}

/// Returns a clean log of at least so many bytes. Ids, times, latencies and features differ from line to line.
fn log_of(bytes: usize) -> String {
    let digest = format!("sha256:{}", "9f86d081884c7d65".repeat(4));
    let mut text = String::with_capacity(bytes + 1024);
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    while text.len() < bytes {
        let (a, b) = (random(), random());
        let features = [
            "income",
            "age",
            "employment_years",
            "debt_ratio",
            "zip",
            "product",
            "tenure",
            "open_accounts",
            "delinquencies",
        ];
        let features: Vec<String> =
            features.iter().map(|name| format!("\"{name}\": \"{}\"", random() % 100_000)).collect();
        text.push_str(&format!(
            "{{\"mlSpecVersion\": \"0.1.0\", \"kind\": \"inference-log\", \"applicationInfo\": {{\"applicationId\": \"credit-portal\", \"applicationEndpoint\": \"https://credit.example.com/score\"}}, \"requestInfo\": {{\"requestId\": \"{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}\", \"requestTimestamp\": \"2026-09-{:02}T{:02}:{:02}:{:02}.{:03}Z\", \"requestLatencyMs\": {}.{}}}, \"modelInfo\": {{\"models\": [\"credit-default/2.1.0\"]}}, \"inputFeatures\": {{{}, \"channel\": \"{}\"}}, \"prediction\": 0.{}, \"resultInfo\": {{\"resultCode\": 200, \"resultSizeInBytes\": {}}}, \"provenance\": {{\"pipelineVersion\": \"7\", \"pipelineDigest\": \"{digest}\", \"datasetDigest\": \"{digest}\"}}}}\n",
            a as u32, (a >> 32) as u16, (a >> 48) & 0xfff, b & 0xfff, (b >> 16) & 0xffff_ffff_ffff,
            1 + a % 28, a % 24, b % 60, (a >> 7) % 60, b % 1000, a % 200, b % 1000, features.join(", "), ["web", "branch", "phone"][(a % 3) as usize], b % 1_000_000, 80 + a % 120,
        ));
    }
    text
}

/// Returns the log with a fault in each line of so many.
fn with_faults(log: &str, every: usize) -> String {
    let line = |(number, line): (usize, &str)| match number % every == every / 2 {
        true => line.replace("\"requestLatencyMs\": ", "\"requestLatencyMs\": -1"),
        false => line.to_owned(),
    };
    log.lines().enumerate().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

fn whole_check(log: &str, threads: usize) -> u64 {
    let options = Options::default();
    let beside = Beside::new([], &[], options);
    let hasher = TextHasher::default();
    let check = Log {
        name: "a.jsonl",
        kind: &LineKind::Json,
        options,
        beside: &beside,
        hasher: &hasher,
        is_compared: true,
        has_mlspec: true,
        refuses_others: true,
        is_from_start: true,
        is_fixable: false,
    };
    let mut records = 0;
    let checked = check.check(log.as_bytes(), threads, &mut |entries| records += entries.len() as u64, &|_| {});
    assert_eq!(records, checked.counts.records);
    checked.counts.groups.total()
}

fn main() {
    let mebibytes: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(64);
    let rounds: usize = std::env::args().nth(2).and_then(|text| text.parse().ok()).unwrap_or(7);
    let log = log_of(mebibytes << 20);
    let few: String = log.lines().take(4000).map(|line| format!("{line}\n")).collect();
    let faulty = with_faults(&log, 100);
    let lines = log.lines().count();
    println!("{lines} records, {} bytes each", log.len() / lines);
    let mut recogniser = Recogniser::default();
    let share = few.len() as f64 / log.len() as f64;
    type Task<'t> = (&'static str, f64, Box<dyn FnMut() + 't>);
    let mut tasks: Vec<Task<'_>> = vec![
        ("split into lines", 1.0, Box::new(|| drop(black_box(memchr_lines(&log))))),
        ("validate UTF-8", 1.0, Box::new(|| drop(black_box(std::str::from_utf8(log.as_bytes()).is_ok())))),
        (
            "sonic-rs, typed",
            1.0,
            Box::new(|| log.lines().for_each(|line| drop(black_box(sonic_rs::from_str::<Record<'_>>(line).unwrap())))),
        ),
        (
            "serde_json, typed",
            1.0,
            Box::new(|| {
                log.lines().for_each(|line| drop(black_box(serde_json::from_str::<Record<'_>>(line).unwrap())))
            }),
        ),
        (
            "recogniser",
            1.0,
            Box::new(|| log.lines().for_each(|line| assert!(black_box(recogniser.recognise(line)).is_some()))),
        ),
        ("whole check, 1 thread", 1.0, Box::new(|| assert_eq!(whole_check(&log, 1), 0))),
        ("whole check, 2 threads", 1.0, Box::new(|| assert_eq!(whole_check(&log, 2), 0))),
        ("whole check, 1 % faults", 1.0, Box::new(|| assert!(whole_check(&faulty, 1) > 0))),
        ("document path", share, Box::new(|| drop(black_box(examine("a.jsonl", few.as_str(), &Options::default()))))),
    ];
    let mut best = vec![(Duration::MAX, Duration::MAX); tasks.len()];
    for _ in 0..rounds {
        for ((_, _, task), best) in tasks.iter_mut().zip(&mut best) {
            let (start, on_clock) = (ProcessTime::now(), Instant::now());
            task();
            *best = (best.0.min(start.elapsed()), best.1.min(on_clock.elapsed()));
        }
    }
    let seconds: Vec<f64> = best.iter().zip(&tasks).map(|(best, (_, share, _))| best.0.as_secs_f64() / share).collect();
    let unit = seconds[2];
    println!("{:28} {:>8} {:>10} {:>12} {:>8}", "", "CPU s", "GB/s", "x sonic-rs", "clock s");
    for (((name, ..), seconds), (_, on_clock)) in tasks.iter().zip(&seconds).zip(&best) {
        let on_clock = on_clock.as_secs_f64();
        println!(
            "{name:28} {seconds:8.3} {:10.3} {:12.2} {on_clock:8.3}",
            log.len() as f64 / seconds / 1e9,
            unit / seconds
        );
    }
}

fn memchr_lines(log: &str) -> usize {
    log.split('\n').map(str::len).sum()
}
