//! How often a claim with confidence passes by chance, for a model that is exactly as good as the bound: the interval should pass it as
//! often as its level states, and not more often. A hundred thousand candidates are drawn for each row, from the same seed each time, and
//! judged by the code of the gate.
//!
//! Counts are whole numbers, so the rate varies with the bound. The power is also shown: how often a model passes that is better than the
//! bound.
//!
//! ```text
//! cargo bench --bench error_rates
//! ```

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use mlspec_lint::documents::{Document, Kind};
use mlspec_lint::objectives::evaluate::{VerdictContext, judge};
use mlspec_lint::objectives::measurements::{Evidence, Measurements};
use mlspec_lint::objectives::policy::Policy;
use mlspec_lint::objectives::verdict::{ClaimTruth, GateMode};
use mlspec_lint::text::Source;
use mlspec_lint::yaml::{Framing, Limits, Tree, parse};

const DRAWS: usize = 100_000;
const SEED: u64 = 20_261_129;
/// The greatest excess over the nominal rate at which a claim may pass by chance.
const TOLERANCE: f64 = 0.005;

/// A claim, the worst model that meets it, and how often it should pass.
struct Row {
    claim: &'static str,
    nominal: f64,
    /// The number of examples.
    count: u64,
    model: Model,
    /// A model that should pass.
    better: Model,
}

#[derive(Clone, Copy)]
enum Model {
    /// The proportion of right answers.
    One(f64),
    /// The proportions of candidate and baseline, on different examples.
    Two(f64, f64),
    /// The proportions of two slices.
    Slices(f64, f64),
    /// The probabilities that an example is right with both, the candidate only, and the baseline only.
    Pairs(f64, f64, f64),
}

fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (share, better, two, one) in [
        (0.5, 0.6, "m >= 0.5 with 95% confidence", "m >= 0.5 with 95% one-sided confidence"),
        (0.8, 0.88, "m >= 0.8 with 95% confidence", "m >= 0.8 with 95% one-sided confidence"),
        (0.9, 0.95, "m >= 0.9 with 95% confidence", "m >= 0.9 with 95% one-sided confidence"),
        (0.05, 0.15, "m >= 0.05 with 95% confidence", "m >= 0.05 with 95% one-sided confidence"),
        (0.02, 0.1, "m >= 0.02 with 95% confidence", "m >= 0.02 with 95% one-sided confidence"),
        (0.03, 0.005, "m <= 0.03 with 95% confidence", "m <= 0.03 with 95% one-sided confidence"),
        (0.97, 0.995, "m >= 0.97 with 95% confidence", "m >= 0.97 with 95% one-sided confidence"),
    ] {
        for count in [30, 100, 1000] {
            let (model, better) = (Model::One(share), Model::One(better));
            rows.push(Row { claim: two, nominal: 0.025, count, model, better });
            rows.push(Row { claim: one, nominal: 0.05, count, model, better });
        }
    }
    for (claim, nominal, candidate, baseline) in [
        ("m drops by at most 5pp vs baseline with 95% confidence", 0.025, 0.75, 0.8),
        ("m drops by at most 5pp vs baseline with 95% one-sided confidence", 0.05, 0.75, 0.8),
        ("m drops by at most 0pp vs baseline with 95% confidence", 0.025, 0.5, 0.5),
        ("m drops by at most 2pp vs baseline with 95% one-sided confidence", 0.05, 0.95, 0.97),
        ("m rises by at least 10pp vs baseline with 95% confidence", 0.025, 0.6, 0.5),
        ("m rises by at least 0pp vs baseline with 95% confidence", 0.025, 0.03, 0.03),
        ("m drops by at most 10% relative vs baseline with 95% confidence", 0.025, 0.72, 0.8),
    ] {
        for count in [30, 60, 300] {
            let better = Model::Two(candidate + (1.0 - candidate) / 4.0, baseline);
            rows.push(Row { claim, nominal, count, model: Model::Two(candidate, baseline), better });
        }
    }
    for claim in ["difference(m across g) <= 40pp with 95% confidence", "ratio(m across g) >= 0.5 with 95% confidence"]
    {
        for count in [30, 100] {
            let (model, better) = (Model::Slices(0.8, 0.4), Model::Slices(0.8, 0.7));
            rows.push(Row { claim, nominal: 0.025, count, model, better });
        }
    }
    for (claim, nominal, pairs) in [
        ("m drops by at most 5pp vs baseline with 95% confidence paired", 0.025, [0.7, 0.05, 0.1]),
        ("m drops by at most 5pp vs baseline with 95% one-sided confidence paired", 0.05, [0.7, 0.05, 0.1]),
        ("m drops by at most 2pp vs baseline with 95% confidence paired", 0.025, [0.5, 0.005, 0.025]),
        ("m drops by at most 2pp vs baseline with 95% one-sided confidence paired", 0.05, [0.6, 0.01, 0.03]),
    ] {
        for count in [30, 60, 300] {
            let [both, candidate, baseline] = pairs;
            let better = Model::Pairs(both + baseline / 2.0, candidate, baseline / 2.0);
            rows.push(Row { claim, nominal, count, model: Model::Pairs(both, candidate, baseline), better });
        }
    }
    rows
}

fn main() {
    println!("{:74} {:>6} {:>8} {:>8} {:>8}", "claim", "n", "nominal", "passed", "power");
    let mut exceeded = Vec::new();
    for row in rows() {
        let (rate, power) = (rate(&row, &row.model), rate(&row, &row.better));
        println!("{:74} {:>6} {:>8.3} {rate:>8.4} {power:>8.4}", row.claim, row.count, row.nominal);
        if rate > row.nominal + TOLERANCE {
            exceeded.push(format!("{} (n = {}): {rate}", row.claim, row.count));
        }
    }
    assert!(exceeded.is_empty(), "passed by luck too often: {exceeded:#?}");
}

/// Returns how often a model passes a claim.
fn rate(row: &Row, model: &Model) -> f64 {
    let mut random = Random(SEED);
    let mut drawn: BTreeMap<[u64; 4], usize> = BTreeMap::new();
    for _ in 0..DRAWS {
        *drawn.entry(model.draw(row.count, &mut random)).or_default() += 1;
    }
    let outcomes: Vec<[u64; 4]> = drawn.keys().copied().collect();
    let passed = passed(row, &outcomes);
    let lucky: usize = outcomes.iter().zip(passed).filter(|(_, passes)| *passes).map(|(own, _)| drawn[own]).sum();
    lucky as f64 / DRAWS as f64
}

impl Model {
    /// Draws an outcome: the numbers of examples that are right with both, the candidate only, the baseline only, and neither; or, for
    /// different examples, the right ones of each.
    fn draw(&self, count: u64, random: &mut Random) -> [u64; 4] {
        let mut of = |share: f64| (0..count).filter(|_| random.next() < share).count() as u64;
        match self {
            Self::One(share) => [of(*share), 0, 0, 0],
            Self::Two(candidate, baseline) | Self::Slices(candidate, baseline) => [of(*candidate), of(*baseline), 0, 0],
            Self::Pairs(both, candidate, baseline) => {
                let mut table = [0; 4];
                for _ in 0..count {
                    let at = random.next();
                    let ends = [*both, both + candidate, both + candidate + baseline];
                    table[ends.iter().position(|end| at < *end).unwrap_or(3)] += 1;
                }
                table
            }
        }
    }
}

/// Returns which outcomes the gate passes: each is a slice, so that all are judged at once.
fn passed(row: &Row, outcomes: &[[u64; 4]]) -> Vec<bool> {
    let (mut candidate, mut baseline) = (String::new(), String::new());
    for (index, outcome) in outcomes.iter().enumerate() {
        let record = |right: u64, more: &str| {
            let count = row.count;
            format!(
                "- {{key: m, value: {:.15}, count: {count}, slice: {{o: '{index}'}}{more}}}\n",
                right as f64 / count as f64
            )
        };
        let [a, b, c, d] = *outcome;
        match row.model {
            Model::One(_) => candidate += &record(a, ""),
            Model::Two(..) => {
                candidate += &record(a, "");
                baseline += &record(b, "");
            }
            Model::Slices(..) => {
                // The enclosing slice of both.
                candidate += &record((a + b) / 2, "")
                    .replace(&format!("count: {}", row.count), &format!("count: {}", 2 * row.count));
                for (name, right) in [("a", a), ("b", b)] {
                    let slice = format!("{{o: '{index}'");
                    candidate += &record(right, "").replace(&slice, &format!("{slice}, g: {name}"));
                }
            }
            Model::Pairs(..) => {
                let pairs = format!(", pairs: {{both: {a}, only_candidate: {b}, only_baseline: {c}, neither: {d}}}");
                candidate += &record(a + b, &pairs);
                baseline += &record(a + c, "");
            }
        }
    }
    let mut objectives =
        String::from("kind: objectives\nlanguage: mlspec-objectives/2\nmetrics: {m: {unit: fraction, of: examples}}\n");
    write!(objectives, "objectives:\n- id: a\n  expect: for each slice of o, {}\n", row.claim).unwrap();
    let document = |metrics: &str| format!("kind: run\nid: r\nname: r\nmetrics:\n{metrics}");
    let texts = [objectives, document(&candidate), document(&baseline).replace("id: r\nname: r", "id: b\nname: b")];
    let read: Vec<(Tree, Document)> = texts.iter().map(|text| read(text)).collect();
    let Document::Objectives(own) = &read[0].1 else { panic!("objectives") };
    let policy = Policy::of(own, &read[0].0).0;
    let mut evidence = Evidence::default();
    let key_of = |text: &str| text.to_owned();
    evidence.candidate.add(0, &read[1].1, &read[1].0, &key_of);
    let against = evidence.baseline.get_or_insert_with(Measurements::default);
    against.add(1, &read[2].1, &read[2].0, &key_of);
    let judgement = judge(&policy, &[], &evidence, &key_of, None, None).unwrap();
    let about = VerdictContext {
        mode: GateMode::DryRun,
        inputs: Vec::new(),
        log: None,
        subject: Vec::new(),
        concerns: Vec::new(),
    };
    let verdict = judgement.verdict(&read[0].0, about);
    let mut passed = vec![false; outcomes.len()];
    for claim in &verdict.objectives[0].claims {
        passed[claim.slice["o"].parse::<usize>().unwrap()] = claim.truth == ClaimTruth::True;
    }
    passed
}

fn read(text: &str) -> (Tree, Document) {
    let tree = parse(Arc::new(Source::new("a.yml", text)), Limits::default(), Framing::Stream);
    let root = tree.documents()[0].root.unwrap();
    let kind = tree.find(root, &["kind"]).and_then(|node| tree.text(node)).and_then(Kind::by_name).unwrap();
    let document = Document::read(kind, &tree, root).unwrap().0;
    (tree, document)
}

/// `SplitMix64` (Steele, Lea, Flood 2014), as numbers between 0 and 1.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}
