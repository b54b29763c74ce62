//! The example of the gate does what its page describes; and a deployment that it permits can be verified, as long as nothing was changed.

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_fs::TempDir;
use assert_fs::prelude::*;
use mlspec_lint::objectives::attest::{SigningKey, Statement, VerifyingKey, open, sign};
use mlspec_lint::objectives::verdict::json_schema;
use serde_json::Value;

/// Candidate, exit code, the last line of the report, and the deciding message.
const CANDIDATES: &[(&str, i32, &str, &str)] = &[
    (
        "meets-all",
        0,
        "gate: pass (6 pass, 0 warn, 0 unknown, 0 fail, 0 waived)",
        "0.941 [0.935, 0.947] (95% two-sided, Wilson, n = 6000) ≥ 0.92",
    ),
    (
        "fails-one-language",
        1,
        "gate: fail (3 pass, 2 warn, 0 unknown, 1 fail, 0 waived)",
        "✗ first_language vietnamese  0.868   ≥ 0.9  -0.032",
    ),
    (
        "too-few-calls",
        3,
        "gate: unknown (3 pass, 1 warn, 2 unknown, 0 fail, 0 waived)",
        "0.9381 [0.911, 0.957] (95% two-sided, Wilson, n = 420) straddles 0.92",
    ),
    ("reuses-data", 2, "error: the evidence has an error; nothing was judged", "split/holdout-reused"),
];

/// Private keys that are public knowledge: the seeds of tests 1 and 2 in RFC 8032, section 7.1, as PKCS#8.
pub const KEYS: [&str; 2] = [
    "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g",
    "MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7",
];
/// Their public keys, as `SubjectPublicKeyInfo`.
pub const PUBLIC_KEYS: [&str; 2] = [
    "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    "MCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns a copy of the example in a folder whose name has a space, with keys.
fn example() -> (TempDir, assert_fs::fixture::ChildPath) {
    let temporary = TempDir::new().unwrap();
    let folder = temporary.child("a gate");
    folder.copy_from(root().join("examples/gate"), &["**/*"]).unwrap();
    for (number, (private, public)) in KEYS.iter().zip(PUBLIC_KEYS).enumerate() {
        let pem = |kind: &str, text: &str| format!("-----BEGIN {kind} KEY-----\n{text}\n-----END {kind} KEY-----\n");
        folder.child(format!("{number}.pem")).write_str(&pem("PRIVATE", private)).unwrap();
        folder.child(format!("{number}.pub")).write_str(&pem("PUBLIC", public)).unwrap();
    }
    (temporary, folder)
}

/// Runs `mlspec-lint gate`; returns the exit code and all output, which must not contain a key.
fn gate(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .arg("gate")
        .args(arguments)
        .current_dir(folder)
        .envs([("GITHUB_ACTIONS", "false"), ("NO_COLOR", "1"), ("LC_ALL", "C.UTF-8")])
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    for key in KEYS {
        assert!(!printed.contains(&key[24..]), "{arguments:?} prints a key");
    }
    (output.status.code().unwrap(), printed)
}

fn files_of(candidate: &str) -> [String; 5] {
    let file = |name: &str| format!("candidates/{candidate}/{name}.yml");
    ["objectives.yml".into(), "--evaluation".into(), file("evaluation"), "--test".into(), file("test")]
}

fn judge(folder: &Path, candidate: &str, more: &[&str]) -> (i32, String) {
    let files = files_of(candidate);
    gate(folder, &files.iter().map(String::as_str).chain(more.iter().copied()).collect::<Vec<_>>())
}

#[test]
fn each_candidate_gets_the_verdict_that_the_pages_promise() {
    let (_keep, folder) = example();
    let pages = ["README.md", "examples/gate/README.md"].map(|page| fs::read_to_string(root().join(page)).unwrap());
    for (candidate, code, result, decisive) in CANDIDATES {
        let (found, printed) = judge(&folder, candidate, &[]);
        assert_eq!((found, printed.lines().last()), (*code, Some(*result)), "{printed}");
        assert!(printed.contains(decisive), "{printed}");
        let command = format!("gate {}", files_of(candidate).join(" "));
        let promise = format!("exit code {code}");
        for page in &pages {
            let lines: Vec<_> =
                page.lines().filter(|line| line.contains(&format!("candidates/{candidate}/test.yml"))).collect();
            let is_promised = |line: &&str| line.contains(&promise);
            assert!(lines.iter().any(is_promised), "{command} is not said to end with {promise}: {lines:?}");
        }
    }
}

#[test]
fn the_policy_is_tested_and_every_objective_can_block() {
    let (_keep, folder) = example();
    let (code, printed) = gate(&folder, &["objectives.yml", "--self-test", "--mutate"]);
    assert_eq!(code, 0, "{printed}");
    assert!(printed.contains("3 policy tests, 0 failed\neach required objective fails"), "{printed}");
    // A waiver lets a model pass today, but does not change what the objectives demand.
    let waived = fs::read_to_string(folder.join("objectives.yml")).unwrap()
        + "waivers:\n  - {objective: for-every-language, until: 2027-01-31, by: jane, reason: a new line for Spanish}\n";
    fs::write(folder.join("objectives.yml"), waived).unwrap();
    assert_eq!(judge(&folder, "fails-one-language", &[]).0, 0);
    assert_eq!(gate(&folder, &["objectives.yml", "--self-test", "--mutate"]), (0, printed));
}

#[test]
fn verdicts_are_valid_under_the_published_schema_and_the_same_every_time() {
    let (_keep, folder) = example();
    let validator = jsonschema::validator_for(&json_schema()).unwrap();
    for (candidate, code, ..) in CANDIDATES.iter().filter(|(_, code, ..)| *code != 2) {
        let [(found, first), (_, again)] = [(); 2].map(|()| judge(&folder, candidate, &["--format", "json"]));
        let verdict: Value = serde_json::from_str(&first).unwrap();
        let errors: Vec<_> = validator.iter_errors(&verdict).map(|error| error.to_string()).collect();
        assert_eq!((found, errors), (*code, Vec::new()));
        assert_eq!(first, again);
    }
}

#[test]
fn a_slice_with_too_few_examples_is_not_marked_as_met() {
    let (_keep, folder) = example();
    let (_, printed) = judge(&folder, "too-few-calls", &["--format", "json"]);
    let verdict: Value = serde_json::from_str(&printed).unwrap();
    let claims = verdict["objectives"][1]["claims"].as_array().unwrap();
    let found: Vec<_> =
        claims.iter().map(|claim| [&claim["slice"]["first_language"], &claim["truth"], &claim["reason"]]).collect();
    let few = "too-few-examples";
    let expected = [["english", "true", ""], ["spanish", "unknown", few], ["vietnamese", "unknown", few]];
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!(found.map(|value| value.as_str().unwrap_or_default()), expected);
    }
    assert_eq!(found.len(), expected.len());
}

/// Attests a candidate; returns the attestation's bytes.
fn attest(folder: &Path, candidate: &str) -> Vec<u8> {
    let subject = format!("candidates/{candidate}/model.onnx");
    let (code, printed) = judge(folder, candidate, &["--attest", "a.json", "--subject", &subject, "--key", "0.pem"]);
    assert_ne!(code, 2, "{printed}");
    fs::read(folder.join("a.json")).unwrap()
}

/// The verifier has a clock: measurements from the future are not believed.
#[test]
fn evidence_from_the_future_denies() {
    let candidate = ["candidates/meets-all/evaluation.yml", "candidates/meets-all/test.yml"];
    for (files, key) in [(&candidate[..], "performedOn: "), (&["production.run.yml"], "submittedDate: ")] {
        let (_keep, folder) = example();
        for file in files {
            let path = folder.join(file);
            let text = fs::read_to_string(&path).unwrap();
            let year = text.split_once(key).unwrap().1[..4].to_owned();
            fs::write(&path, text.replace(&format!("{key}{year}"), &format!("{key}2999"))).unwrap();
        }
        attest(&folder, "meets-all");
        let (code, printed) = gate(&folder, &["verify", "a.json", "--key", "0.pub"]);
        assert!(code == 1 && printed.contains("dated in the future"), "{files:?}, exit {code}: {printed}");
    }
}

#[test]
fn a_verdict_is_verified_by_its_own_exit_code() {
    let (_keep, folder) = example();
    for (candidate, code, ..) in CANDIDATES.iter().filter(|(_, code, ..)| *code != 2) {
        assert_eq!(attest(&folder, candidate), attest(&folder, candidate), "signed twice, the same bytes");
        let (found, printed) = gate(&folder, &["verify", "a.json", "--key", "0.pub"]);
        assert_eq!(found, *code, "{printed}");
        assert!(printed.contains("the same when judged again"), "{printed}");
        let is_warning = printed.contains("verdict: warn");
        let (found, printed) = gate(&folder, &["verify", "a.json", "--key", "0.pub", "--fail-on", "warn"]);
        assert_eq!(found, if is_warning { 1 } else { *code }, "{printed}");
        assert_eq!(gate(&folder, &["verify", "a.json", "--key", "1.pub"]).0, 1, "another key");
        assert_eq!(gate(&folder, &["verify", "a.json", "--key", "0.pem"]).0, 2, "the private key");
    }
    let elsewhere = folder.join("..");
    let found = gate(&elsewhere, &["verify", "a gate/a.json", "--key", "a gate/0.pub", "--root", "a gate"]);
    assert_eq!(found.0, 3, "{}", found.1);
    assert_eq!(gate(&elsewhere, &["verify", "a gate/a.json", "--key", "a gate/0.pub"]).0, 1);
}

#[test]
fn whatever_file_is_changed_is_named() {
    let (_keep, folder) = example();
    attest(&folder, "meets-all");
    let files = [
        "objectives.yml",
        "candidates/meets-all/evaluation.yml",
        "candidates/meets-all/test.yml",
        "production.run.yml",
        "data/calls-holdback.dataset.yml",
        "data/calls-validation.dataset.yml",
        "candidates/meets-all/model.onnx",
    ];
    let verify = || gate(&folder, &["verify", "a.json", "--key", "0.pub"]);
    let (code, printed) = verify();
    let expected = format!("signature: good\ndigests: all {} files are as attested\n", files.len());
    assert!(code == 0 && printed.starts_with(&expected), "{printed}");
    for file in files {
        let path = folder.join(file);
        let before = fs::read(&path).unwrap();
        // The change may be in a comment or in the last space, which the verdict does not depend on.
        for place in [0, before.len() / 2, before.len() - 1] {
            let mut after = before.clone();
            after[place] ^= 1;
            fs::write(&path, after).unwrap();
            let (code, printed) = verify();
            assert_eq!(code, 1, "{file}, byte {place}: {printed}");
            assert!(printed.contains(&format!("not verified: {file} is not what was judged")), "{printed}");
        }
        fs::remove_file(&path).unwrap();
        let (code, printed) = verify();
        assert!(code == 1 && printed.contains(file), "{file}: {printed}");
        fs::write(&path, before).unwrap();
    }
    let attestation = fs::read(folder.join("a.json")).unwrap();
    for place in (0..attestation.len()).step_by(attestation.len() / 40) {
        let mut after = attestation.clone();
        after[place] ^= 1;
        fs::write(folder.join("a.json"), after).unwrap();
        let (code, printed) = verify();
        // A letter of a field that is not read may change; the verdict cannot.
        assert!(
            code == 1 && printed.contains("not verified: a.json: ") || code == 0 && is_hint(&attestation, place),
            "{printed}"
        );
    }
}

/// Returns whether a byte belongs to the id of the key, which is a hint: it is never read.
fn is_hint(attestation: &[u8], place: usize) -> bool {
    let text = String::from_utf8_lossy(attestation);
    let start = text.find("\"keyid\":").unwrap();
    (start..start + 80).contains(&place)
}

/// Signs the attestation again, after a change.
fn alter(folder: &Path, change: impl FnOnce(&mut Value)) {
    let pem = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let (key, public) = (SigningKey::from_pem(&pem("0.pem")).unwrap(), VerifyingKey::from_pem(&pem("0.pub")).unwrap());
    let mut statement = serde_json::to_value(open(pem("a.json").as_bytes(), &public).unwrap()).unwrap();
    change(&mut statement["predicate"]);
    let statement: Statement = serde_json::from_value(statement).unwrap();
    fs::write(folder.join("a.json"), sign(&statement, &key).unwrap()).unwrap();
}

#[test]
fn a_newer_version_verifies_what_an_older_one_attested_and_a_forged_verdict_is_found() {
    let (_keep, folder) = example();
    attest(&folder, "fails-one-language");
    let verify = || gate(&folder, &["verify", "a.json", "--key", "0.pub"]);
    alter(&folder, |predicate| predicate["mlspecVerdict"]["tool"]["version"] = "0.0.1".into());
    let (code, printed) = verify();
    assert!(code == 1 && printed.contains("verdict: fail as of 2026-10-03, the same when judged again"), "{printed}");
    // The owner of the key may sign false statements.
    for field in ["/mlspecVerdict/verdict", "/result"] {
        attest(&folder, "fails-one-language");
        let pass = if field == "/result" { "PASSED" } else { "pass" };
        alter(&folder, |predicate| *predicate.pointer_mut(field).unwrap() = pass.into());
        let (code, printed) = verify();
        assert!(code == 1 && printed.contains("judging the same documents again gives another verdict"), "{printed}");
    }
    attest(&folder, "meets-all");
    alter(&folder, |predicate| predicate["mlspecVerdict"]["mode"] = "dry-run".into());
    let (code, printed) = verify();
    assert!(code == 1 && printed.contains("a dry run, which allows nothing"), "{printed}");
}

#[test]
fn an_attestation_is_of_one_subject() {
    let (_keep, folder) = example();
    attest(&folder, "meets-all");
    fs::copy(folder.join("candidates/meets-all/model.onnx"), folder.join("renamed.onnx")).unwrap();
    fs::write(folder.join("other.onnx"), "another model").unwrap();
    let verify = |subject: &str| gate(&folder, &["verify", "a.json", "--key", "0.pub", "--subject", subject]);
    let (code, printed) = verify("renamed.onnx");
    assert!(
        code == 0 && printed.contains("subject: renamed.onnx is what was judged as candidates/meets-all/model.onnx")
    );
    let (code, printed) = verify("other.onnx");
    assert!(code == 1 && printed.contains("not verified: other.onnx is not what was judged"), "{printed}");
    let more = ["--attest", "b.json", "--key", "0.pem", "--subject", "candidates"];
    let (code, printed) = judge(&folder, "meets-all", &more);
    assert_eq!(code, 2, "{printed}");
    assert!(printed.ends_with("error: candidates is not a file; pack its content into a single file\n"), "{printed}");
    assert!(!folder.join("b.json").exists());
}

#[test]
fn digests_are_of_the_bytes_of_files_that_windows_wrote() {
    let (_keep, folder) = example();
    for file in
        ["objectives.yml", "candidates/meets-all/test.yml", "production.run.yml", "data/calls-holdback.dataset.yml"]
    {
        let text = fs::read_to_string(folder.join(file)).unwrap();
        fs::write(folder.join(file), format!("\u{feff}{}", text.replace('\n', "\r\n"))).unwrap();
    }
    let (code, printed) = judge(&folder, "meets-all", &["--format", "json"]);
    assert_eq!(code, 0);
    let verdict: Value = serde_json::from_str(&printed).unwrap();
    for input in verdict["inputs"].as_array().unwrap() {
        let bytes = fs::read(folder.join(input["path"].as_str().unwrap())).unwrap();
        assert_eq!(input["sha256"], mlspec_lint::objectives::gate::sha256(&bytes), "{input}");
    }
    attest(&folder, "meets-all");
    assert_eq!(gate(&folder, &["verify", "a.json", "--key", "0.pub"]).0, 0);
}

#[test]
fn no_report_shows_a_credential_or_moves_the_cursor() {
    let (_keep, folder) = example();
    // The token is assembled here, so that no file contains what other scanners would mistake for one.
    let token = format!("gh{}", "p_Q7m2Zr9Xk4Tb8Wn5Lc3Vf6Hj1Pd0SgQ7m2Zr9");
    let path = folder.join("candidates/meets-all/test.yml");
    let hostile = format!("\"\\e[31m\\u202E{token}\"");
    let text = fs::read_to_string(&path).unwrap().replace("value: 0.926", &format!("value: {token}"));
    fs::write(&path, text.replace("first_language: spanish", &format!("first_language: {hostile}"))).unwrap();
    let objectives = fs::read_to_string(folder.join("objectives.yml")).unwrap();
    let objectives = objectives.replace("values: [english, spanish, vietnamese]", "x-values: any");
    fs::write(folder.join("objectives.yml"), objectives).unwrap();
    for format in ["human", "json", "github", "markdown", "junit"] {
        let (code, printed) = judge(&folder, "meets-all", &["--format", format]);
        // Credentials are errors: nothing is judged, and the finding does not show them either.
        assert_eq!(code, 2, "{printed}");
        assert!(!printed.contains(&token[..20]), "{format}: {printed}");
        assert!(!printed.contains('\u{1b}') && !printed.contains('\u{202e}'), "{format}: {printed}");
        assert!(printed.contains("********"), "{format}: {printed}");
    }
}

#[test]
fn a_candidate_is_not_held_against_itself() {
    let (_keep, folder) = example();
    let (code, printed) = judge(&folder, "meets-all", &["--baseline", "candidates/meets-all/test.yml"]);
    let last = "error: the baseline is the candidate itself";
    assert_eq!(code, 2, "{printed}");
    assert!(printed.lines().last().is_some_and(|line| line.starts_with(last)), "{printed}");
}

#[test]
fn a_waiver_that_has_ended_since_denies() {
    let (_keep, folder) = example();
    let waived = fs::read_to_string(folder.join("objectives.yml")).unwrap()
        + "waivers:\n  - {objective: for-every-language, until: 2026-10-31, by: jane, reason: a new line for Vietnamese}\n";
    fs::write(folder.join("objectives.yml"), waived).unwrap();
    attest(&folder, "fails-one-language");
    let verify = |as_of: &str| gate(&folder, &["verify", "a.json", "--key", "0.pub", "--as-of", as_of]);
    assert_eq!(verify("2026-10-31").0, 0, "{}", verify("2026-10-31").1);
    let (code, printed) = verify("2026-11-01");
    assert!(code == 1 && printed.contains("the waiver of 'for-every-language' ended on 2026-10-31"), "{printed}");
    // Later than the evidence, the waiver is not in force.
    assert_eq!(judge(&folder, "fails-one-language", &["--as-of", "2026-11-01"]).0, 1);
    // A waiver that ended before the evidence is an error of the objectives, on any day.
    let objectives =
        fs::read_to_string(folder.join("objectives.yml")).unwrap().replace("until: 2026-10-31", "until: 2026-10-02");
    fs::write(folder.join("objectives.yml"), objectives).unwrap();
    assert_eq!(judge(&folder, "fails-one-language", &["--as-of", "2026-10-01"]).0, 2);
}

#[test]
fn who_deploys_can_demand_objectives_and_an_age() {
    let (_keep, folder) = example();
    attest(&folder, "meets-all");
    let verify = |more: &[&str]| gate(&folder, &[&["verify", "a.json", "--key", "0.pub"], more].concat());
    let digest = mlspec_lint::objectives::gate::sha256(&fs::read(folder.join("objectives.yml")).unwrap());
    assert_eq!(verify(&["--objectives-digest", &digest]).0, 0);
    assert_eq!(verify(&["--objectives", "objectives.yml"]).0, 0);
    for demand in [["--objectives-digest", &digest[1..]], ["--objectives", "production.run.yml"]] {
        let (code, printed) = verify(&demand);
        assert!(code == 1 && printed.contains("is not the required objectives"), "{printed}");
    }
    assert_eq!(verify(&["--max-age", "30d", "--as-of", "2026-10-20"]).0, 0);
    let (code, printed) = verify(&["--max-age", "30d", "--as-of", "2026-11-20"]);
    assert!(code == 1 && printed.contains("is older than 30d"), "{printed}");
}

#[test]
fn no_file_outside_of_the_folder_is_attested_or_verified() {
    let (keep, folder) = example();
    let inner = folder.join("inner");
    fs::create_dir(&inner).unwrap();
    let files = files_of("meets-all").map(|file| if file.starts_with("--") { file } else { format!("../{file}") });
    let subject = ["--subject", "../candidates/meets-all/model.onnx", "--attest", "a.json", "--key", "../0.pem"];
    let arguments: Vec<&str> = files.iter().map(String::as_str).chain(subject).collect();
    let (code, printed) = gate(&inner, &arguments);
    assert!(code == 2 && printed.contains("is not below the current folder"), "{printed}");
    assert!(!inner.join("a.json").exists());
    // The owner of the key can name any file, but it is not read.
    let outside = keep.path().join("outside.yml");
    fs::copy(folder.join("production.run.yml"), &outside).unwrap();
    for path in ["../outside.yml", outside.to_str().unwrap(), "a/../../outside.yml"] {
        attest(&folder, "meets-all");
        alter(&folder, |predicate| {
            let inputs = predicate["mlspecVerdict"]["inputs"].as_array_mut().unwrap();
            inputs.iter_mut().find(|input| input["role"] == "baseline").unwrap()["path"] = path.into();
        });
        let (code, printed) = gate(&folder, &["verify", "a.json", "--key", "0.pub"]);
        assert!(code == 1 && printed.contains("is outside of the folder"), "{path}: {printed}");
    }
    #[cfg(unix)]
    {
        attest(&folder, "meets-all");
        fs::remove_file(folder.join("production.run.yml")).unwrap();
        std::os::unix::fs::symlink(&outside, folder.join("production.run.yml")).unwrap();
        let (code, printed) = gate(&folder, &["verify", "a.json", "--key", "0.pub"]);
        assert!(code == 1 && printed.contains("is outside of the folder"), "{printed}");
    }
}
