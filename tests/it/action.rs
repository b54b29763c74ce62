//! The script of the GitHub Action, run as a runner runs it, and the problem matcher.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use assert_fs::TempDir;
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What a run of the action left: its exit code, what it printed, its outputs, and the summary of the job.
struct Ran {
    code: i32,
    printed: String,
    outputs: String,
    summary: String,
    _folder: TempDir,
    folder: PathBuf,
}

/// Runs the action with some inputs. `None`, with a message, where there is no bash.
fn ran(inputs: &[(&str, &str)]) -> Option<Ran> {
    if Command::new("bash").arg("--version").output().is_err() {
        eprintln!("skipped: there is no bash");
        return None;
    }
    let temporary = TempDir::new().unwrap();
    let folder = temporary.path().to_owned();
    fs::write(folder.join("good.yml"), "mlSpecVersion: 0.1.0\nkind: metadata\n").unwrap();
    let bad = "mlSpecVersion: 0.1.0\nkind: run\nid: 8d1c6b52-7e0f-4a39-b1d4-2f96c35e7a08\nname: fit\nexperiment_id: e\nmetrics: [{key: '<b>`a', value: '0.8'}]\n";
    fs::write(folder.join("bad file; touch pwned.yml"), bad).unwrap();
    for name in ["outputs", "summary"] {
        fs::write(folder.join(name), "").unwrap();
    }
    let programs = Path::new(env!("CARGO_BIN_EXE_mlspec-lint")).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let output = Command::new("bash")
        .arg(root().join(".github/check.sh"))
        .current_dir(&folder)
        .env("PATH", path)
        .env("RUNNER_TEMP", &folder)
        .env("GITHUB_OUTPUT", folder.join("outputs"))
        .env("GITHUB_STEP_SUMMARY", folder.join("summary"))
        .envs(inputs.iter().copied())
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let (outputs, summary) = (read("outputs"), read("summary"));
    Some(Ran { code: output.status.code().unwrap(), printed, outputs, summary, _folder: temporary, folder })
}

#[test]
fn the_action_annotates_sums_up_and_fails() {
    let inputs = [
        ("INPUT_PATHS", "good.yml\r\nbad file; touch pwned.yml\n"),
        ("INPUT_ARGS", "--isolated"),
        ("INPUT_SARIF", "out.sarif"),
    ];
    let Some(ran) = ran(&inputs) else { return };
    assert_eq!(ran.code, 1, "{}", ran.printed);
    assert!(ran.printed.contains("::error file=bad file; touch pwned.yml,line=6"), "{}", ran.printed);
    assert_eq!(ran.outputs, "exit-code=1\nsarif-file=out.sarif\n");
    assert!(
        ran.summary.starts_with("### mlspec-lint\n\n<pre>\n") && ran.summary.ends_with("</pre>\n"),
        "{}",
        ran.summary
    );
    assert!(ran.summary.contains("run/metric-value-mismatch") && !ran.summary.contains("<b>"), "{}", ran.summary);
    let sarif: Value = serde_json::from_str(&fs::read_to_string(ran.folder.join("out.sarif")).unwrap()).unwrap();
    assert!(!sarif["runs"][0]["results"].as_array().unwrap().is_empty());
    // A path is no command.
    assert!(!ran.folder.join("pwned.yml").exists() && !ran.folder.join("pwned").exists());
}

#[test]
fn the_action_passes_where_nothing_is_found_and_says_what_is_wrong_with_its_inputs() {
    let good = [("INPUT_PATHS", "good.yml"), ("INPUT_ARGS", "--isolated\n--select\nrun")];
    let Some(found) = ran(&good) else { return };
    assert_eq!((found.code, found.outputs.as_str()), (0, "exit-code=0\nsarif-file=\n"), "{}", found.printed);
    for (inputs, why) in [
        (&[("INPUT_VERSION", "0.1; touch pwned")][..], "version must be exact"),
        (&[("INPUT_VERSION", ">=0")], "version must be exact"),
        (&[("INPUT_ARGS", "--unheard-of")], "--unheard-of"),
        (&[("INPUT_PATHS", "--fix")], "--fix"),
    ] {
        let ran = ran(inputs).unwrap();
        assert_eq!((ran.code, ran.outputs.as_str()), (2, "exit-code=2\nsarif-file=\n"), "{}", ran.printed);
        assert!(ran.printed.contains(why) && !ran.folder.join("pwned").exists(), "{}", ran.printed);
    }
}

#[test]
fn the_problem_matcher_reads_what_is_printed() {
    let matcher: Value =
        serde_json::from_str(&fs::read_to_string(root().join(".github/problem-matcher.json")).unwrap()).unwrap();
    let pattern = &matcher["problemMatcher"][0]["pattern"][0];
    let expression = regex::Regex::new(pattern["regexp"].as_str().unwrap()).unwrap();
    let (out, _, _) = crate::lineage::run(&root().join("examples/broken"), &["check", "--format", "concise"]);
    let found = out.lines().filter(|line| !line.starts_with("Checked ")).map(|line| {
        let found = expression.captures(line).unwrap_or_else(|| panic!("{line}"));
        let group = |name: &str| found[usize::try_from(pattern[name].as_u64().unwrap()).unwrap()].to_owned();
        assert!(group("file").ends_with(".yml") || group("file").ends_with(".jsonl"), "{line}");
        assert!(["error", "warning", "info"].contains(&&*group("severity")) && group("code").contains('/'), "{line}");
        group("line").parse::<u32>().unwrap()
    });
    assert!(found.count() > 20);
}
