//! What the recogniser of records accepts has no finding: `cargo fuzz run records`. A dictionary of the fields helps it to find records.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlspec_lint::analysis::{Options, lint_text};
use mlspec_lint::records::Recogniser;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut recogniser = Recogniser::default();
    for line in text.lines().filter(|line| !line.contains('\r')) {
        if recogniser.recognise(line).is_some() {
            let report = lint_text("a.jsonl", line, &Options::default());
            assert!(report.findings.is_empty(), "{line}: {:?}", report.findings);
        }
    }
});
