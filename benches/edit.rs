//! The cost of a change of one file in a workspace of ten thousand documents, compared with a check of all of them.
//!
//! All figures are ratios of times in one run, so that they do not depend on the machine.
//!
//! ```text
//! cargo bench --bench edit
//! ```

#[path = "support/generate.rs"]
mod generate;
#[path = "support/time.rs"]
mod time;

use std::hint::black_box;

use generate::Generated;
use mlspec_lint::analysis::{Analysis, Examined, Options, conclude, examine};
use rayon::prelude::*;
use time::{spread, time};

const COUNT: u64 = 10_000;
const EDITS: usize = 400;
const ROUNDS: usize = 7;

fn main() {
    let documents: Vec<Generated> = (0..COUNT).map(generate::document).collect();
    let whole = || {
        let examined = look_at_all(&documents);
        black_box(conclude(&examined, &[], &Options::default())).len()
    };
    whole();
    let full: Vec<f64> = (0..ROUNDS).map(|_| time(whole).0).collect();
    let median = |times: &[f64]| {
        let mut times = times.to_vec();
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let whole_time = median(&full);
    println!("{COUNT} documents");
    let (first, mut analysis) = time(|| {
        let mut analysis = Analysis::new(look_at_all(&documents), &[], Options::default());
        analysis.settle();
        analysis
    });
    println!("  a first look that can be kept up to date / a check   {:.2}", first / whole_time);
    // A comment at the start of every 25th document: all places move.
    let mut ratios = Vec::new();
    let mut renewed = 0;
    for document in documents.iter().step_by(COUNT as usize / EDITS) {
        let text = format!("# edited\n{}", document.text);
        let (edit, count) = time(|| {
            analysis.update(look(&document.path, &text));
            analysis.settle()
        });
        renewed += count;
        ratios.push(whole_time / edit);
    }
    println!("  a check / an edit                                     {}", spread(ratios.clone()));
    let mean = 1.0 / (ratios.iter().map(|ratio| 1.0 / ratio).sum::<f64>() / ratios.len() as f64);
    println!("  a check / an edit on average                          {mean:.0}");
    println!("  reports renewed by an edit on average                 {:.1}", renewed as f64 / EDITS as f64);
    let mut removals = Vec::new();
    for document in documents.iter().step_by(COUNT as usize / EDITS) {
        let (removal, _) = time(|| {
            analysis.remove(&document.path);
            analysis.settle();
            analysis.update(look(&document.path, &document.text));
            analysis.settle()
        });
        removals.push(whole_time * 2.0 / removal);
    }
    println!("  a check / a removal or addition                       {}", spread(removals));
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started");
    let (one, two) = (pool(1), pool(2));
    let speedups = (0..ROUNDS).map(|_| one.install(|| time(whole).0) / two.install(|| time(whole).0));
    println!("  one thread / two threads                              {}", spread(speedups.collect()));
}

fn look(name: &str, text: &str) -> Examined {
    examine(name, text, &Options { explicit: false, ..Options::default() })
}

fn look_at_all(documents: &[Generated]) -> Vec<Examined> {
    documents.par_iter().map(|document| look(&document.path, &document.text)).collect()
}
