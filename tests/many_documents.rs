//! Many documents at once: what the generator of the benchmarks makes is what it says, and the report does not depend
//! on how many threads made it.

#[path = "../benches/support/generate.rs"]
mod generate;

use std::path::Path;
use std::process::Command;

use mlspec_lint::lint::{Options, lint_text};

/// An unoptimized build takes its time.
const COUNT: u64 = if cfg!(debug_assertions) { 2_000 } else { 10_000 };

#[test]
fn clean_documents_have_no_findings_and_faulty_ones_have() {
    let mut wrong = Vec::new();
    for document in (0..1000).map(generate::document) {
        let report = lint_text(&document.path, &document.text, &Options::default());
        let found: Vec<_> =
            report.findings.iter().map(|finding| format!("{}: {}", finding.rule.id, finding.message)).collect();
        if found.is_empty() == document.fault.is_some() {
            wrong.push(format!("{} ({:?}): {found:#?}\n{}", document.path, document.fault, document.text));
        }
        let is_readable = document.fault != Some(generate::Fault::Syntax);
        let kinds: Vec<_> = report.documents.iter().flatten().map(|kind| kind.name()).collect();
        if is_readable && kinds != [document.kind] {
            wrong.push(format!("{} is {kinds:?}\n{}", document.path, document.text));
        }
    }
    assert!(wrong.is_empty(), "{} are wrong, first {}", wrong.len(), wrong[0]);
}

#[test]
fn the_report_does_not_depend_on_the_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    generate::write_tree(folder.path(), COUNT).expect("the folder can be written to");
    let report = |threads: &str| check(folder.path(), threads);
    let one = report("1");
    assert!(one.len() > 10_000, "the report tells the faults of a document in twenty");
    assert!(one == report("2"), "the report of two threads differs from that of one");
}

fn check(folder: &Path, threads: &str) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .args(["check", "--isolated", "--format", "json", "--threads", threads, "."])
        .current_dir(folder)
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}
