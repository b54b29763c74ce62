//! Any bytes give findings inside the text, and fixes that apply to it: `cargo fuzz run lint examples/documents`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlspec_lint::analysis::fix_text;
use mlspec_lint::analysis::{Options, lint_text};
use mlspec_lint::diagnostics::Applicability;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for name in ["a.yml", "a.jsonl"] {
        let report = lint_text(name, text, &Options::default());
        for finding in &report.findings {
            assert!(text.get(finding.place.span.range()).is_some(), "{finding:?}");
            for edit in finding.fixes.iter().flat_map(|fix| &fix.edits) {
                assert!(text.get(edit.span.range()).is_some(), "{finding:?}");
            }
        }
        let fixed = fix_text(name, text, &Options::default(), Applicability::Safe);
        let again = fix_text(name, &fixed.text, &Options::default(), Applicability::Safe);
        assert_eq!(fixed.text, again.text, "fixing is idempotent");
    }
});
