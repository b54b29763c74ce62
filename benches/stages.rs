//! What each stage of a check costs, one after another on the same documents in memory. Compare the throughputs with
//! each other; how fast the machine is does not matter.
//!
//! ```text
//! cargo bench --bench stages
//! ```

#[path = "support/generate.rs"]
mod generate;
#[path = "support/parser.rs"]
mod parser;

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use generate::Generated;
use mlspec_lint::analysis::{Options, lint_text};
use mlspec_lint::documents::detect::detect;
use mlspec_lint::documents::{Document, Kind};
use mlspec_lint::text::Source;
use mlspec_lint::yaml::json::TreeJson;
use mlspec_lint::yaml::{Framing, Limits, Tree, parse};

/// Enough for the mix of kinds to be that of the whole tree.
const COUNT: u64 = 500;

criterion_group!(benches, stages, first_document_of_a_kind, one_document);
criterion_main!(benches);

fn stages(criterion: &mut Criterion) {
    let documents: Vec<Generated> = (0..COUNT).map(generate::document).collect();
    let bytes = documents.iter().map(|document| document.text.len() as u64).sum();
    let trees: Vec<(&Generated, Tree)> = documents.iter().map(|document| (document, tree(document))).collect();
    let mut group = criterion.benchmark_group("stages");
    group.throughput(Throughput::Bytes(bytes)).sample_size(30);
    group.bench_function("1 parser events", |bencher| {
        bencher.iter(|| documents.iter().map(|document| parser::events(&document.text)).sum::<u64>());
    });
    group.bench_function("2 tree", |bencher| {
        bencher.iter(|| documents.iter().for_each(|document| drop(black_box(tree(document)))));
    });
    group.bench_function("3 detect the kind", |bencher| {
        bencher.iter(|| {
            for (document, tree) in &trees {
                for root in tree.documents().iter().filter_map(|document| document.root) {
                    black_box(detect(tree, root, &document.path, None));
                }
            }
        });
    });
    let roots = || {
        trees
            .iter()
            .filter_map(|(document, tree)| Some((Kind::by_name(document.kind)?, tree, tree.documents()[0].root?)))
    };
    group.bench_function("4 validate against the schema", |bencher| {
        bencher.iter(|| {
            roots().for_each(|(kind, tree, root)| {
                drop(black_box(mlspec_lint::rules::schema::findings(kind, tree, root, 0)))
            })
        });
    });
    group.bench_function("5 read the type", |bencher| {
        bencher.iter(|| roots().for_each(|(kind, tree, root)| drop(black_box(Document::read(kind, tree, root)))));
    });
    group.bench_function("the whole check", |bencher| {
        let options = Options { explicit: false, ..Options::default() };
        bencher.iter(|| {
            documents.iter().for_each(|document| drop(black_box(lint_text(&document.path, &document.text, &options))));
        });
    });
    group.finish();
}

/// What a process pays once for each kind that it meets.
fn first_document_of_a_kind(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("schemas of all kinds");
    group.throughput(Throughput::Elements(Kind::ALL.len() as u64)).sample_size(20);
    group.bench_function("generate", |bencher| {
        bencher.iter(|| Kind::ALL.iter().for_each(|kind| drop(black_box(schema::generate(*kind)))));
    });
    let schemas: Vec<_> = Kind::ALL.iter().map(|kind| schema::generate(*kind)).collect();
    group.bench_function("compile", |bencher| {
        bencher.iter(|| {
            for schema in &schemas {
                black_box(jsonschema::options_for::<TreeJson>().offline().build(schema).is_ok());
            }
        });
    });
    group.finish();
}

fn one_document(criterion: &mut Criterion) {
    let clean = |document: &Generated| document.kind == "model" && document.fault.is_none();
    let Some(document) = (0..COUNT).map(generate::document).find(clean) else { return };
    let mut group = criterion.benchmark_group("one model package");
    group.throughput(Throughput::Bytes(document.text.len() as u64));
    group.bench_function("parser events", |bencher| bencher.iter(|| parser::events(&document.text)));
    group.bench_function("the whole check", |bencher| {
        bencher.iter(|| lint_text(&document.path, &document.text, &Options::default()));
    });
    group.finish();
}

fn tree(document: &Generated) -> Tree {
    let source = Arc::new(Source::new(document.path.as_str(), document.text.as_str()));
    parse(source, Limits::default(), Framing::Stream)
}
