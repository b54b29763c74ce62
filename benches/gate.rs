//! The cost of judging a thousand conditions by ten thousand records, beyond merely parsing the same documents; and a check that an
//! expression of a megabyte is rejected at once.
//!
//! All figures are ratios of times in one run, so that they do not depend on the machine: each stage compared with the bare parser on both
//! texts. The target: judging, including the indexes that it needs, takes less than 1.3 times the bare parse.
//!
//! ```text
//! cargo bench --bench gate
//! ```

#[path = "support/parser.rs"]
mod parser;
#[path = "support/time.rs"]
mod time;

use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;

use mlspec_lint::documents::objectives::Language;
use mlspec_lint::documents::{Document, Kind};
use mlspec_lint::objectives::evaluate::{VerdictContext, judge};
use mlspec_lint::objectives::measurements::{Evidence, Measurements};
use mlspec_lint::objectives::policy::Policy;
use mlspec_lint::objectives::syntax;
use mlspec_lint::objectives::verdict::GateMode;
use mlspec_lint::text::Source;
use mlspec_lint::yaml::{Framing, Limits, Tree, parse};
use time::{spread, time};

const METRICS: usize = 100;
const SLICES: usize = 100;
const CONDITIONS: usize = 1000;
const ROUNDS: usize = 9;

/// The stages, in their order.
const STAGES: [&str; 5] = ["tree and types", "objectives read", "records read", "judged", "verdict with every claim"];

/// A kind of condition: its name, and the condition with a number.
type Shape = (&'static str, fn(usize) -> String);

const SHAPES: &[Shape] = &[
    ("one value", |number| format!("m{} >= 0.1 on holdback", number % METRICS)),
    ("each slice", |number| {
        format!("for each slice of region with at least 10 examples, m{} >= 0.1 on holdback", number % METRICS)
    }),
    ("across slices", |number| format!("ratio(m{} across region) >= 0.1 on holdback", number % METRICS)),
    ("change", |number| format!("m{} drops by at most 50pp vs baseline on holdback", number % METRICS)),
    ("all of these", |number| (SHAPES[number % 4].1)(number)),
];

fn main() {
    let measured = measured();
    println!("{:16} {:>6}  {}", "", "", STAGES.map(|stage| format!("{stage:>26}")).concat());
    for (name, condition) in SHAPES {
        let objectives = objectives(*condition);
        let mut costs: [Vec<f64>; STAGES.len()] = Default::default();
        for round in 0..=ROUNDS {
            let bare = time(|| black_box(parser::events(&objectives) + parser::events(&measured))).0;
            let stages = stages(&objectives, &measured);
            // The first round warms up.
            if round > 0 {
                costs.iter_mut().zip(stages).for_each(|(costs, stage)| costs.push(stage / bare));
            }
        }
        println!("{name:16} {:>6}  {}", "", costs.map(|ratios| format!("{:>26}", spread(ratios))).concat());
    }
    refuse();
}

/// Returns the cost of each stage.
fn stages(objectives: &str, measured: &str) -> [f64; STAGES.len()] {
    let (types, (policy, evidence)) = time(|| (read(objectives), read(measured)));
    let (own, (conditions, faults)) = time(|| match &policy.1 {
        Document::Objectives(document) => Policy::of(document, &policy.0),
        _ => panic!("these are objectives"),
    });
    assert!(faults.is_empty(), "{:?}", faults.first());
    let key_of = |reference: &str| reference.to_lowercase();
    let (records, given) = time(|| {
        let mut candidate = Measurements::default();
        candidate.add(1, &evidence.1, &evidence.0, &key_of);
        Evidence { baseline: Some(candidate.clone()), candidate, history: Vec::new(), points: Vec::new() }
    });
    let as_of = given.newest();
    let (judged, judgement) =
        time(|| judge(&conditions, &[], &given, &key_of, as_of, None).expect("they can be judged"));
    let about = VerdictContext {
        mode: GateMode::Enforce,
        inputs: Vec::new(),
        log: None,
        subject: Vec::new(),
        concerns: Vec::new(),
    };
    let (verdict, _) = time(|| black_box(judgement.verdict(&policy.0, about)));
    [types, own, records, judged, verdict]
}

fn read(text: &str) -> (Tree, Document) {
    let tree = parse(Arc::new(Source::new("a.yml", text)), Limits::default(), Framing::Stream);
    let root = tree.documents()[0].root.expect("a document");
    let kind = if text.starts_with("kind: test") { Kind::Test } else { Kind::Objectives };
    let document = Document::read(kind, &tree, root).expect("a mapping").0;
    (tree, document)
}

/// Prints the time for an expression of a megabyte, as a multiple of that for one of a kilobyte that is parsed completely.
fn refuse() {
    let sum = |bytes: usize| format!("{}a >= 1", "a + ".repeat(bytes / 4));
    let (small, large) = (sum(1000), sum(1_000_000));
    let ratios = (0..ROUNDS).map(|_| {
        let once = time(|| black_box(syntax::parse(&small, Language::First))).0;
        time(|| black_box(syntax::parse(&large, Language::First))).0 / once
    });
    println!("\nan expression of 1 MB is refused in {} times what one of 1 kB takes", spread(ratios.collect()));
}

fn objectives(condition: fn(usize) -> String) -> String {
    let mut text = "kind: objectives\nmlSpecVersion: 0.1.0\nid: o\nname: large\ndatasets:\n  holdback: {dataset: data@1.0.0, stage: test}\ndimensions:\n  region: {}\nmetrics:\n".to_owned();
    for metric in 0..METRICS {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  m{metric}: {{unit: fraction, range: [0, 1], better: higher}}");
    }
    text.push_str("objectives:\n");
    for number in 0..CONDITIONS {
        let _ =
            writeln!(text, "- id: objective-{number}\n  why: so that it is measured\n  expect: {}", condition(number));
    }
    text
}

/// Returns each metric on all of the data and in each slice.
fn measured() -> String {
    let mut text =
        "kind: test\nmlSpecVersion: 0.1.0\nid: t\nname: large\nmodel: m\ndataset: data@1.0.0\nperformedOn: 2026-09-01T00:00:00Z\nmetrics:\n".to_owned();
    for metric in 0..METRICS {
        for slice in 0..SLICES {
            let value = 5000 + (metric * 31 + slice * 17) % 4000;
            let slice = if slice == 0 { String::new() } else { format!("\n  slice: {{region: r{slice:03}}}") };
            let _ = writeln!(text, "- key: m{metric}\n  value: 0.{value}\n  unit: fraction\n  count: 1200{slice}");
        }
    }
    text
}
