//! The cost of each stage of a check, one after another on the same documents in memory.
//!
//! All figures are ratios of times in one run, so that they do not depend on the machine: each stage compared with the bare parser on the
//! same texts.
//!
//! ```text
//! cargo bench --bench stages
//! ```

#[path = "support/generate.rs"]
mod generate;
#[path = "support/parser.rs"]
mod parser;
#[path = "support/time.rs"]
mod time;

use std::hint::black_box;
use std::sync::Arc;

use generate::Generated;
use mlspec_lint::analysis::{Options, lint_text};
use mlspec_lint::documents::detect::detect;
use mlspec_lint::documents::{Document, Kind};
use mlspec_lint::schema;
use mlspec_lint::text::Source;
use mlspec_lint::yaml::json::TreeJson;
use mlspec_lint::yaml::{Framing, Limits, NodeId, Tree, parse};
use time::{spread, time};

/// The number of documents, which suffices for the same mix of kinds as in the whole tree.
const COUNT: u64 = 500;
const ROUNDS: usize = 15;

/// A stage to measure: its name, and the work.
type Stage<'a> = (&'static str, &'a dyn Fn());

fn main() {
    let documents: Vec<Generated> = (0..COUNT).map(generate::document).collect();
    let trees: Vec<Tree> = documents.iter().map(tree).collect();
    let typed: Vec<(Kind, &Tree, NodeId)> =
        documents.iter().zip(&trees).filter_map(|(document, tree)| typed(document, tree)).collect();
    let options = Options { explicit: false, ..Options::default() };
    compare(
        "500 documents",
        &documents,
        &[
            ("tree", &|| documents.iter().for_each(|document| drop(black_box(tree(document))))),
            ("detect the kind", &|| {
                for (document, tree) in documents.iter().zip(&trees) {
                    for root in tree.documents().iter().filter_map(|document| document.root) {
                        black_box(detect(tree, root, &document.path, None));
                    }
                }
            }),
            ("validate against the schema", &|| {
                typed.iter().for_each(|(kind, tree, root)| {
                    drop(black_box(mlspec_lint::rules::schema::findings(*kind, tree, *root, 0)))
                });
            }),
            ("read the type", &|| {
                typed.iter().for_each(|(kind, tree, root)| drop(black_box(Document::read(*kind, tree, *root))));
            }),
            ("the whole check", &|| documents.iter().for_each(|document| check(document, &options))),
            ("schemas generated, once for each kind", &|| {
                Kind::ALL.iter().for_each(|kind| drop(black_box(schema::generate(*kind))));
            }),
            ("and compiled", &|| compile_schemas()),
        ],
    );
    let clean = |document: &&Generated| document.kind == "model" && document.fault.is_none();
    if let Some(document) = documents.iter().find(clean) {
        let whole = || check(document, &options);
        compare("one model package", std::slice::from_ref(document), &[("the whole check", &whole)]);
    }
}

/// Prints the cost of each stage, as a multiple of the bare parser on the same documents.
fn compare(title: &str, documents: &[Generated], stages: &[Stage<'_>]) {
    println!("{title:40} {:>24}", "stage / bare parse");
    for (name, stage) in stages {
        // The first call does the initialization, which is not part of any round.
        stage();
        let ratios = (0..ROUNDS).map(|_| {
            let bare = time(|| documents.iter().map(|document| parser::events(&document.text)).sum::<u64>()).0;
            time(stage).0 / bare
        });
        println!("  {name:38} {:>24}", spread(ratios.collect()));
    }
}

fn check(document: &Generated, options: &Options<'_>) {
    drop(black_box(lint_text(&document.path, &document.text, options)));
}

fn compile_schemas() {
    for kind in Kind::ALL {
        let schema = schema::generate(*kind);
        black_box(jsonschema::options_for::<TreeJson>().offline().build(&schema).is_ok());
    }
}

fn tree(document: &Generated) -> Tree {
    let source = Arc::new(Source::new(document.path.as_str(), document.text.as_str()));
    parse(source, Limits::default(), Framing::Stream)
}

fn typed<'a>(document: &Generated, tree: &'a Tree) -> Option<(Kind, &'a Tree, NodeId)> {
    Some((Kind::by_name(document.kind)?, tree, tree.documents().first()?.root?))
}
