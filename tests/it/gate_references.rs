//! Changes against what people, papers and other runs achieve: `vs human`.

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_fs::TempDir;

use crate::support::candidate::{NAMED, OBJECTIVES, folder, gate};

/// Returns the exit code of the gate, and what it prints, for one objective and these references.
fn judged(references: &str, expect: &str) -> (i32, String) {
    let folder = with(references, expect);
    gate(folder.path(), NAMED)
}

fn with(references: &str, expect: &str) -> TempDir {
    let folder = folder();
    let (head, _) = OBJECTIVES.split_once("objectives:\n").unwrap();
    let head = head.replace("mlSpecVersion: 0.1.0", "mlSpecVersion: 0.2.0\nlanguage: mlspec-objectives/2");
    let text = format!(
        "{head}references:\n{references}objectives:\n  - {{id: a, why: people did it before, expect: \"{expect}\"}}\n"
    );
    fs::write(folder.path().join("objectives.yml"), text).unwrap();
    folder
}

fn check(folder: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .args(["check", "--format", "concise", "objectives.yml"])
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

const HUMAN: &str = "  human: {source: two agents on 400 calls, values: {recall: 0.88}, count: 400}\n";

#[test]
fn a_change_is_measured_against_the_values_of_a_reference() {
    // The test has a recall of 0.9.
    for (expect, code) in [
        ("recall rises by at least 2pp vs human on holdback", 0),
        ("recall rises by at least 3pp vs human on holdback", 1),
        ("recall drops by at most 1pp vs human on holdback", 0),
        ("recall improves by at least 2% vs 'human' on holdback", 0),
        ("recall >= (recall of human) + 2pp on holdback", 0),
        ("recall >= (recall of human) + 3pp on holdback", 1),
    ] {
        let (found, printed) = judged(HUMAN, expect);
        assert_eq!(found, code, "{expect}\n{printed}");
    }
}

#[test]
fn the_examples_of_a_reference_count() {
    let expect = "recall rises by at least 0pp vs literature on holdback with 95% confidence";
    // 0.9 of 4,000 against 0.88 of 400 may be chance, and is hardly any against 0.88 of 40,000.
    for (count, code) in [(Some(400), 3), (Some(40_000), 0), (None, 3)] {
        let count = count.map_or(String::new(), |count: u32| format!(", count: {count}"));
        let (found, printed) =
            judged(&format!("  literature: {{source: a paper, values: {{recall: 0.88}}{count}}}\n"), expect);
        assert_eq!(found, code, "{count}\n{printed}");
    }
}

#[test]
fn a_reference_to_a_run_is_that_run() {
    // The run has a recall of 0.92.
    let production = "  production: {run: churn-production}\n";
    for (expect, code) in [
        ("recall drops by at most 2pp vs production on holdback", 0),
        ("recall drops by at most 1pp vs production on holdback", 1),
    ] {
        let (found, printed) = judged(production, expect);
        assert_eq!(found, code, "{expect}\n{printed}");
    }
}

#[test]
fn what_a_reference_does_not_say_is_no_pass() {
    for (references, expect, message) in [
        (HUMAN, "recall drops by at most 1pp vs humans on holdback", "no reference is called 'humans'"),
        (HUMAN, "log_loss rises by at most 1 vs human on holdback", "the reference 'human' has no value of 'log_loss'"),
    ] {
        let folder = with(references, expect);
        let found = check(folder.path());
        assert!(found.contains("expression/unknown-reference") && found.contains(message), "{found}");
        assert_eq!(gate(folder.path(), NAMED).0, 2, "{expect}");
    }
    // People were measured on all calls, not by plan.
    let (code, printed) = judged(HUMAN, "for each slice of plan, recall drops by at most 5pp vs human on holdback");
    assert_eq!(code, 3, "{printed}");
    // A value that cannot be is none.
    let impossible = HUMAN.replace("0.88", "88");
    let (code, printed) = judged(&impossible, "recall drops by at most 1pp vs human on holdback");
    assert!([2, 3].contains(&code), "{printed}");
}

#[test]
fn the_first_version_has_no_such_form() {
    let folder = with(HUMAN, "recall drops by at most 1pp vs human on holdback");
    let file = folder.path().join("objectives.yml");
    let text = fs::read_to_string(&file).unwrap().replace("language: mlspec-objectives/2\n", "");
    fs::write(&file, text).unwrap();
    assert!(check(folder.path()).contains("expression/"), "{}", check(folder.path()));
    assert_eq!(gate(folder.path(), NAMED).0, 2);
}
