//! Pipelines of ten thousand steps: the cost of a check beyond merely parsing the same text, and its growth.
//!
//! Both are ratios of times in one run, so that they do not depend on the machine: a check compared with the bare parser, and a document
//! compared with one of half its size (2 is linear).
//!
//! ```text
//! cargo bench --bench graph
//! ```

#[path = "support/parser.rs"]
mod parser;
#[path = "support/time.rs"]
mod time;

use std::fmt::Write;
use std::hint::black_box;

use mlspec_lint::analysis::{Options, lint_text};
use time::{spread, time};

/// A shape of graphs: its name, and a function from the number of steps to the pipeline.
type Shape = (&'static str, fn(usize) -> String);

const SHAPES: &[Shape] = &[
    ("chain", chain),
    ("fan", fan),
    ("grid", grid),
    ("one path, many readers", readers),
    ("one cycle", cycle),
    ("nested", nested),
];

const STEPS: usize = 10_000;
const ROUNDS: usize = 7;

fn main() {
    println!("{:24} {:>22} {:>22}", "", "check / bare parse", "check 2n / check n");
    for (name, write) in SHAPES {
        let (small, large) = (write(STEPS), write(2 * STEPS));
        let check = |text: &str| drop(black_box(lint_text("pipeline.yml", text, &Options::default())));
        let mut cost = Vec::new();
        let mut growth = Vec::new();
        check(&small);
        for _ in 0..ROUNDS {
            let parse = time(|| black_box(parser::events(&small))).0;
            let once = time(|| check(&small)).0;
            let twice = time(|| check(&large)).0;
            cost.push(once / parse);
            growth.push(twice / once);
        }
        println!("{name:24} {:>22} {:>22}", spread(cost), spread(growth));
    }
}

fn head() -> String {
    "kind: pipeline\nmlSpecVersion: 0.1.0\nname: large\nsteps:\n".to_owned()
}

/// Writes a step with an output, and inputs from other steps.
fn step(text: &mut String, number: usize, from: &[usize]) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "  step-{number}:\n    cmd: python src/step.py\n    outputs:\n      out: {{type: parquet}}");
    if !from.is_empty() {
        text.push_str("    inputs:\n");
    }
    for (port, from) in from.iter().enumerate() {
        let _ = writeln!(text, "      in-{port}:\n        from: step-{from}.out");
    }
}

fn chain(count: usize) -> String {
    let mut text = head();
    for number in 0..count {
        let before: &[usize] = if number == 0 { &[] } else { &[number - 1] };
        step(&mut text, number, before);
    }
    text
}

fn fan(count: usize) -> String {
    let mut text = head();
    step(&mut text, 0, &[]);
    (1..count).for_each(|number| step(&mut text, number, &[0]));
    text
}

fn grid(count: usize) -> String {
    let mut text = head();
    let side = 100;
    for number in 0..count {
        let left = (number % side > 0).then(|| number - 1);
        let above = number.checked_sub(side);
        let before: Vec<usize> = left.into_iter().chain(above).collect();
        step(&mut text, number, &before);
    }
    text
}

fn readers(count: usize) -> String {
    let mut text = head();
    let _ = writeln!(text, "  first:\n    cmd: python src/first.py\n    outs:\n      - path: work/shared.csv");
    for number in 1..count {
        let _ =
            writeln!(text, "  step-{number}:\n    cmd: python src/step.py\n    deps:\n      - path: work/shared.csv");
        let _ = writeln!(text, "    outs:\n      - path: work/{number}.csv");
    }
    text
}

fn cycle(count: usize) -> String {
    let mut text = head();
    step(&mut text, 0, &[count - 1]);
    (1..count).for_each(|number| step(&mut text, number, &[number - 1]));
    text
}

/// Returns complex steps of ten steps each.
fn nested(count: usize) -> String {
    let mut text = head();
    for group in 0..count / 10 {
        let _ = writeln!(
            text,
            "  group-{group}:\n    after: [{}]\n    steps:",
            if group == 0 { String::new() } else { format!("group-{}", group - 1) }
        );
        for number in 0..9 {
            let after = if number == 0 { String::new() } else { format!("step-{}", number - 1) };
            let _ = writeln!(text, "      step-{number}:\n        cmd: python src/step.py\n        after: [{after}]");
        }
    }
    text
}
