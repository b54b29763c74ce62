//! The documents of the benchmarks are as their generator describes them: together, the clean ones have no findings, the faulty ones have
//! some, and the kind of each is recognized.

use mlspec_lint::analysis::{Examined, Options, conclude, examine};

use crate::support::generate::{self, Fault};

#[test]
fn clean_documents_have_no_findings_and_faulty_ones_have() {
    let mut wrong = Vec::new();
    // The last ones refer to a few that come after them, which are not checked.
    let documents: Vec<_> = (0..1100).map(generate::document).collect();
    let options = Options::default();
    let examined: Vec<Examined> =
        documents.iter().map(|document| examine(&document.path, &document.text, &options)).collect();
    for (document, report) in documents.iter().zip(conclude(&examined, &[], &options)).take(1000) {
        let message = |finding: &mlspec_lint::diagnostics::Finding| format!("{}: {}", finding.rule.id, finding.message);
        let found: Vec<_> = report.findings.iter().map(message).collect();
        if found.is_empty() == document.fault.is_some() {
            wrong.push(format!("{} ({:?}): {found:#?}\n{}", document.path, document.fault, document.text));
        }
        let kinds: Vec<_> = report.documents.iter().flatten().map(|kind| kind.name()).collect();
        if document.fault != Some(Fault::Syntax) && kinds != [document.kind] {
            wrong.push(format!("{} is {kinds:?}\n{}", document.path, document.text));
        }
    }
    assert!(wrong.is_empty(), "{} are wrong, first {}", wrong.len(), wrong[0]);
}
