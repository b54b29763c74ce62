//! No input crashes the tool, makes it hang, or makes it use excessive memory or write excessive output: tests of the binary, on malicious
//! files.
//!
//! On Linux every run gets an address space of [`MEMORY`] KiB, so that excessive use is a crash and not just slow. That is a third of what
//! an unbounded tree of the largest input here would take, and several times what the binary maps before it begins.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use assert_fs::TempDir;
use serde_json::Value;

/// KiB of address space. The threads' stacks and the allocator's arenas take 150,000 of them before any file is read.
const MEMORY: u32 = 700_000;

/// The greatest output of a run, in bytes: a report is read by people, or by programs that hold it in memory.
const OUTPUT: usize = 2_000_000;

/// The beginning of a valid run.
const RUN: &str =
    "mlSpecVersion: 0.1.0\nkind: run\nid: 5c5c2205-a089-4e3b-9a02-72ded4e6de1e\nname: fit\nexperiment_id: card\n";

/// Returns this many runs in one text, each with an id of its own.
fn runs(count: usize) -> String {
    (0..count).map(|number| format!("---\n{}", RUN.replace("5c5c2205", &format!("{number:08x}")))).collect()
}

/// The result of a run of the binary.
struct Outcome {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Outcome {
    /// Returns `path:line:column rule` for every finding.
    fn places(&self) -> Vec<String> {
        let report: Value =
            serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stderr));
        let place = |finding: &Value| {
            let start = &finding["span"]["start"];
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            format!("{}:{}:{} {}", text(&finding["path"]), start["line"], start["column"], text(&finding["rule"]))
        };
        report["findings"].as_array().unwrap().iter().map(place).collect()
    }
}

/// Runs `check` in a folder, in every format that shows parts of the text or of the findings; returns the JSON report.
fn check(folder: &Path, arguments: &[&str]) -> Outcome {
    let [json, human, concise] = ["json", "human", "concise"].map(|format| {
        let outcome = run(folder, &[&["check", "--isolated", "--format", format], arguments].concat());
        assert!(outcome.stdout.len() < OUTPUT, "{format} wrote {} bytes", outcome.stdout.len());
        assert!(outcome.stderr.len() < OUTPUT, "{format} wrote {} bytes to stderr", outcome.stderr.len());
        assert!((0..=3).contains(&outcome.code), "{format} ended with {}: {}", outcome.code, outcome.stderr);
        outcome
    });
    assert_eq!((human.code, concise.code), (json.code, json.code));
    json
}

/// Like [`check_file`], in one format: for texts that take long to read, and of which no format shows more than a line.
fn check_large_file(name: &str, content: impl AsRef<[u8]>) -> (i32, Vec<String>) {
    let folder = folder_with(name, content);
    let outcome = run(folder.path(), &["check", "--isolated", "--format", "json", name]);
    (outcome.code, outcome.places())
}

/// Runs the binary in a folder, with limited memory if the system supports it.
fn run(folder: &Path, arguments: &[&str]) -> Outcome {
    let binary = env!("CARGO_BIN_EXE_mlspec-lint");
    let mut command = Command::new("sh");
    // macOS and others have the limit but do not enforce it.
    let limit = if cfg!(target_os = "linux") { format!("ulimit -v {MEMORY} && ") } else { String::new() };
    command.arg("-c").arg(format!("{limit}exec \"$0\" \"$@\"")).arg(binary).args(arguments);
    let output = command.current_dir(folder).stdin(Stdio::null()).env_remove("GITHUB_ACTIONS").output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("all output is UTF-8");
    Outcome { code: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// Returns a folder with one file.
fn folder_with(name: &str, content: impl AsRef<[u8]>) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(name), content).unwrap();
    folder
}

/// Checks one file, which is named; returns the exit code and the places of the findings.
fn check_file(name: &str, content: impl AsRef<[u8]>) -> (i32, Vec<String>) {
    let folder = folder_with(name, content);
    let outcome = check(folder.path(), &[name]);
    (outcome.code, outcome.places())
}

/// Copies an example with each of its numbers replaced.
fn with_numbers(example: &str, number: &str) -> TempDir {
    let numbers = regex::Regex::new(r"(?m)([:,\[] ?)-?\d+(?:\.\d+)?( *(?:[,\]}#]|$))").unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(example);
    let folder = TempDir::new().unwrap();
    let mut open = vec![from.clone()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if let Ok(text) = fs::read_to_string(&path) {
            let to = folder.path().join(path.strip_prefix(&from).unwrap());
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            let is_document = path.extension().is_some_and(|extension| extension == "yml");
            // Twice: two numbers share the comma between them.
            let change = |text: &str| numbers.replace_all(text, format!("${{1}}{number}$2")).into_owned();
            fs::write(to, if is_document { change(&change(&text)) } else { text }).unwrap();
        }
    }
    folder
}

#[test]
fn numbers_beyond_what_can_be_added() {
    for number in
        ["18446744073709551615", "9223372036854775807", "-9223372036854775808", "1.7976931348623157e308", "1e999"]
    {
        for (example, objectives) in
            [("documents", "objectives.yml"), ("credit-default", "objectives/credit-default-launch.yml")]
        {
            let folder = with_numbers(example, number);
            check(folder.path(), &["."]);
            for arguments in [&["gate", objectives][..], &["report", "--format", "json"], &["coverage"]] {
                let outcome = run(folder.path(), arguments);
                let is_told = outcome.code == 101 || outcome.stderr.contains("panicked");
                assert!((0..=3).contains(&outcome.code) && !is_told, "{number} {arguments:?}: {}", outcome.stderr);
            }
        }
    }
}

#[test]
fn ten_megabytes_of_brackets() {
    let (code, places) = check_file("a.yml", "[".repeat(10_000_000));
    assert_eq!(code, 1);
    assert_eq!(places, ["a.yml:1:129 document/too-deep"]);
}

#[test]
fn nesting_in_a_document_is_reported_where_it_becomes_too_deep() {
    let text = format!("{RUN}x-deep: {}", "[".repeat(100_000));
    let (code, places) = check_file("a.yml", text);
    assert_eq!((code, places), (1, vec!["a.yml:6:137 document/too-deep".to_owned()]));
}

#[test]
fn nesting_through_aliases() {
    let mut text = format!("{RUN}x-0: &a0 [1]\n");
    for level in 1..1000 {
        let _ = writeln!(text, "x-{level}: &a{level} [*a{}]", level - 1);
    }
    let (code, places) = check_file("a.yml", text);
    assert_eq!(code, 1);
    assert!(places.iter().any(|place| place.ends_with(" document/too-deep")), "{places:?}");
    assert!(places.len() < 10, "{places:?}");
}

#[test]
fn aliases_that_multiply() {
    let mut text = format!("{RUN}x-0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..20 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        let _ = writeln!(text, "x-{level}: &a{level} [{aliases}]");
    }
    let (code, places) = check_file("a.yml", text);
    assert_eq!(code, 1);
    // The alias that exceeds the limit; those after it are not resolved at all.
    assert_eq!(places, ["a.yml:11:11 document/undefined-alias", "a.yml:25:7 document/unused-anchor"]);
}

#[test]
fn an_anchor_in_itself() {
    let (code, places) = check_file("a.yml", format!("{RUN}x-self: &a [*a]\n"));
    assert_eq!((code, places), (1, vec!["a.yml:6:13 document/undefined-alias".to_owned()]));
}

#[test]
fn a_scalar_of_four_megabytes() {
    let long = "word ".repeat(800_000);
    let (code, places) = check_file("a.yml", format!("{RUN}description: {long}\n"));
    assert_eq!((code, places), (1, vec!["a.yml:6:14 naming/description-too-long".to_owned()]));
}

#[test]
fn a_name_of_four_megabytes_is_not_repeated_in_the_report() {
    let (code, places) = check_file("a.yml", RUN.replace("fit", &"ä".repeat(2_000_000)));
    assert_eq!(code, 1);
    assert!(places.contains(&"a.yml:4:7 naming/name-too-long".to_owned()), "{places:?}");
}

#[test]
fn one_line_of_four_megabytes() {
    let metrics = vec!["{key: a, value: 1}"; 200_000].join(", ");
    let line =
        format!("{{kind: run, mlSpecVersion: 0.1.0, name: fit, experiment_id: card, metrics: [{metrics}], cout: 1}}\n");
    let place = format!("a.yml:1:{} document/unknown-field", line.find("cout").unwrap() + 1);
    let (code, places) = check_file("a.yml", line);
    assert_eq!(code, 1);
    assert!(places.contains(&place) || places.len() > 1000, "{place} is not in {:?}", places.iter().take(5));
}

#[test]
fn two_hundred_thousand_keys() {
    let mut text = RUN.to_owned();
    (0..200_000).for_each(|key| writeln!(text, "unknown_{key}: {key}").unwrap());
    let (code, places) = check_file("a.yml", text);
    assert_eq!((code, places.len()), (1, 1001));
    assert_eq!(places[0], "a.yml:1:1 document/too-many-findings");
    assert_eq!(places[1000], "a.yml:1005:1 document/unknown-field");
}

#[test]
fn a_hundred_thousand_keys_that_are_the_same() {
    let (code, places) = check_file("a.yml", format!("{RUN}{}", "x-a: 1\n".repeat(100_000)));
    assert_eq!((code, places.len()), (1, 1001));
    assert_eq!(places[0], "a.yml:1:1 document/too-many-findings");
    assert_eq!(places[1], "a.yml:7:1 document/duplicate-key");
}

/// YAML allows keys of 1024 characters.
#[test]
fn a_very_long_key() {
    for (length, rule) in [(1024, "unknown-field"), (1025, "yaml-syntax"), (1_000_000, "yaml-syntax")] {
        let (_, places) = check_file("a.yml", format!("{RUN}{}: 1\n", "k".repeat(length)));
        assert_eq!(places, [format!("a.yml:6:1 document/{rule}")]);
    }
}

#[test]
fn a_hundred_thousand_documents_in_one_file() {
    let (code, places) = check_large_file("a.yml", runs(100_000));
    assert_eq!((code, places), (0, Vec::new()));
}

#[test]
fn many_documents_with_findings_in_one_file() {
    let (code, places) = check_file("a.yml", runs(1500).replace("fit", "f i t"));
    assert_eq!((code, places.len()), (1, 1500));
    assert_eq!(places.last().map(String::as_str), Some("a.yml:8999:7 naming/name-characters"));
}

/// Each artifact of a run is compared with few of those that are the same document again.
#[test]
fn a_document_that_is_there_twenty_thousand_times() {
    let run = "592f0c1c-72ae-4236-9202-7e6aff1954f4";
    let artifact = format!(
        "kind: artifact\nmlSpecVersion: 0.1.0\nid: b1d8c50c-5748-49d7-bbbf-858eff5fe5bf\nname: a\nstatus: Active\n\
         artifact_type: MODEL\ncreated_by_run_id: {run}\n---\n"
    );
    let other = artifact.replace("fe5bf", "fe5b0");
    let (code, places) = check_large_file("a.yml", other + &artifact.repeat(20_000));
    let is_named = |place: &&String| place.ends_with("naming/artifact-name-not-unique");
    assert_eq!((code, places.iter().filter(is_named).count() > 600), (1, true), "{:?}", places.get(..9));
}

/// The first record is not read again for each of the others.
#[test]
fn a_record_of_four_megabytes_before_many_others() {
    let record = |rest: &str| format!("{{\"kind\": \"inference-log\", \"mlSpecVersion\": \"0.1.0\"{rest}}}\n");
    let long = record(&format!(", \"x-a\": \"{}\"", "a".repeat(4 << 20)));
    let (code, places) = check_large_file("a.jsonl", long + &record("").repeat(20_000));
    assert_eq!(code, 1);
    // Of a log, a thousand findings are listed, beside the first twenty of each rule and field; the others are counted.
    assert!((1000..1050).contains(&places.len()), "{}", places.len());
    assert!(places.iter().any(|place| place == "a.jsonl:1:1 document/too-many-findings"), "{:?}", places.first());
}

/// Millions of documents would take gigabytes as a tree.
#[test]
fn nothing_but_marks_of_documents() {
    let (code, places) = check_large_file("a.yml", "---\n".repeat(201_000));
    assert_eq!(
        (code, places),
        (1, vec!["a.yml:1:3 document/not-a-mapping".to_owned(), "a.yml:200002:1 document/too-large".to_owned()])
    );
}

#[test]
fn more_findings_in_one_file_than_anybody_reads() {
    let (code, places) = check_file("a.yml", runs(4500).replace("fit", "f i t"));
    assert_eq!((code, places.len()), (1, 2001));
    assert!(places.iter().any(|place| place == "a.yml:1:1 document/too-many-findings"), "{:?}", places.first());
}

/// Checking each comment for each finding, all nodes for each comment, or all names for each name would take minutes.
#[test]
fn comments_that_suppress_by_the_thousand() {
    let names = "a,".repeat(60_000);
    let (code, places) = check_file("a.yml", format!("{RUN}x-a: 1 # mlspec: ignore[{names}]\n"));
    assert_eq!((code, places.len()), (1, 1001));
    assert_eq!(places.first().map(String::as_str), Some("a.yml:1:1 document/too-many-findings"));
    let comments: String = (0..4000).map(|number| format!("# mlspec: ignore[naming]\nx-{number}: 1\n")).collect();
    let (code, places) = check_file("a.yml", format!("{RUN}{comments}"));
    assert_eq!((code, places.len()), (1, 1001));
    let twice = "# mlspec: ignore-file[document/unknown-field]\n".repeat(3000);
    let unknown: String = (0..3000).map(|number| format!("unknown{number}: 1\n")).collect();
    let (code, places) = check_file("a.yml", format!("{twice}{RUN}{unknown}"));
    assert_eq!((code, places), (1, vec!["a.yml:3001:1 document/too-many-findings".to_owned()]));
}

/// Building a graph for each rule and run, or reading all versions for each step, would take minutes.
#[test]
fn a_pipeline_with_as_many_runs_as_steps_and_a_module_with_as_many_versions() {
    let count = 600;
    let mut text = "mlSpecVersion: 0.1.0\nkind: pipeline\nname: train\nsteps:\n".to_owned();
    for step in 0..count {
        let _ = writeln!(text, "  s{step}: {{moduleName: 'fit@1.0.{step}'}}");
    }
    text += "---\nmlSpecVersion: 0.1.0\nkind: module\nid: 5c5c2205-a089-4e3b-9a02-72ded4e6de1e\nname: fit\nversions:\n";
    for version in 0..count {
        let _ = writeln!(text, "- {{id: {version:08x}-a089-4e3b-9a02-72ded4e6de1e, version: 1.0.{version}}}");
    }
    for run in 0..count {
        let _ = write!(
            text,
            "---\nmlSpecVersion: 0.1.0\nkind: pipeline-run\nname: r{run}\npipeline: train\nsteps: {{s0: {{}}}}\n"
        );
    }
    let (_, places) = check_file("a.yml", text);
    assert!(
        places.iter().any(|place| place.starts_with("a.yml"))
            && !places.iter().any(|place| place.ends_with("reference/unresolved-object"))
    );
}

/// Looking for each name among all fields costs the square of their number.
#[test]
fn as_many_steps_and_statistics_as_a_schema_has_fields() {
    const FIELDS: usize = 60_000;
    let each = |line: &dyn Fn(usize) -> String| (0..FIELDS).map(line).collect::<String>();
    let head = |kind: &str, number: u32| {
        format!(
            "kind: {kind}\nmlSpecVersion: 0.2.0\nid: 0b6f3f8e-5f0b-4a0d-9a40-1c7c2e5d9a0{number}\nname: n-{number}\n"
        )
    };
    let schema =
        head("data-schema", 5) + "version: 1.0.0\nfields:\n" + &each(&|n| format!("- {{name: f{n}, type: number}}\n"));
    let features = head("transformation", 4)
        + "version: 1.0.0\nschema: n-5\ninputs: [train@1.0.0]\nfittedOn: train@1.0.0\nsteps:\n"
        + &each(&|n| format!("- {{field: f{n}, method: log, output: g{n}}}\n"))
        + "- {field: h, method: log, output: i}\n";
    let profile = head("profile", 3)
        + "dataset: train@1.0.0\nschema: n-5\nperformedOn: 2026-08-02T05:00:00Z\nrows: 100\nfields:\n"
        + &each(&|n| format!("  f{n}: {{mean: 1}}\n"));
    let text = [schema, features, profile].join("---\n");
    let (code, places) = check_large_file("a.yml", text);
    assert_eq!((code, places), (1, vec![format!("a.yml:{}:11 reference/unknown-data-field", 2 * FIELDS + 17)]));
}

#[test]
fn what_is_not_utf8() {
    let mut latin = RUN.replace("fit", "f?t").into_bytes();
    let at = latin.iter().position(|byte| *byte == b'?').unwrap();
    latin[at] = 0xef;
    assert_eq!(check_file("a.yml", latin), (1, vec!["a.yml:4:8 document/not-utf8".to_owned()]));
    let utf16: Vec<u8> = "\u{feff}kind: run\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(check_file("a.yml", utf16), (1, vec!["a.yml:1:1 document/not-utf8".to_owned()]));
}

#[test]
fn bytes_that_are_not_text() {
    let (code, places) = check_file("a.yml", format!("{RUN}description: a\0b\n"));
    assert_eq!((code, places), (1, vec!["a.yml:6:15 document/yaml-syntax".to_owned()]));
    let (code, places) = check_file("a.yml", vec![0; 1_000_000]);
    assert_eq!((code, places), (1, vec!["a.yml:1:1 document/yaml-syntax".to_owned()]));
}

#[test]
fn files_without_a_document() {
    for text in ["", "\u{feff}", "\n\n", "# only\n# comments\n", "---\n...\n"] {
        let folder = folder_with("a.yml", text);
        assert_eq!(check(folder.path(), &["--allow-empty"]).code, 0, "{text:?}");
        assert_eq!(check(folder.path(), &[]).code, 2, "{text:?}");
        let named = check(folder.path(), &["a.yml"]);
        assert!(matches!(named.code, 1 | 2), "{text:?}: {}", named.code);
    }
}

#[test]
fn nothing_to_check() {
    let folder = TempDir::new().unwrap();
    let empty = check(folder.path(), &[]);
    assert_eq!(empty.code, 2);
    assert!(empty.stderr.contains("nothing to check"), "{}", empty.stderr);
    let absent = check(folder.path(), &["nowhere"]);
    assert_eq!((absent.code, absent.stdout.as_str()), (2, ""));
    assert!(absent.stderr.contains("nowhere: no such file or folder"), "{}", absent.stderr);
}

#[test]
fn a_file_that_is_too_large() {
    // A file that does not declare MLSpec may be the data of any tool.
    for (text, path, code) in [("mlSpecVersion: 0.1.0\n", ".", 1), ("", ".", 2), ("", "a.yml", 1)] {
        let folder = folder_with("a.yml", format!("{text}{}", "x".repeat(2000)));
        let outcome = check(folder.path(), &[path, "--max-file-size", "1K"]);
        assert_eq!((outcome.code, outcome.places()), (code, vec!["a.yml:1:1 document/too-large".to_owned()]));
    }
}

/// Other files in its folder do not prevent a good document from being checked.
#[test]
fn a_pipe_is_not_opened() {
    let folder = folder_with("run.yml", RUN);
    let made = Command::new("mkfifo").arg(folder.path().join("pipe.yml")).status();
    if !made.is_ok_and(|status| status.success()) {
        return skip("mkfifo does not work here");
    }
    for arguments in [&["."] as &[&str], &["pipe.yml", "run.yml"]] {
        let outcome = check(folder.path(), arguments);
        assert_eq!((outcome.code, outcome.places()), (1, vec!["pipe.yml:1:1 document/unreadable".to_owned()]));
        assert!(outcome.stdout.contains("\"documents\": 1"), "{}", outcome.stdout);
    }
}

#[test]
fn links_that_lead_nowhere_or_round_in_circles() {
    let folder = folder_with("run.yml", RUN);
    let root = folder.path();
    fs::create_dir_all(root.join("a/b")).unwrap();
    symlink("../..", root.join("a/b/up")).unwrap();
    symlink("self.yml", root.join("self.yml")).unwrap();
    symlink("gone.yml", root.join("broken.yml")).unwrap();
    let outcome = check(root, &[]);
    let places = outcome.places();
    assert_eq!(outcome.code, 1);
    assert_eq!(places.len(), 3, "{places:?}");
    assert!(places.iter().all(|place| place.ends_with(":1:1 document/unreadable")), "{places:?}");
    assert!(outcome.stdout.contains("\"documents\": 1"), "{}", outcome.stdout);
}

#[test]
fn a_file_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder_with("run.yml", RUN);
    let secret = folder.path().join("secret.yml");
    fs::write(&secret, RUN).unwrap();
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&secret).is_ok() {
        return skip("this user may read everything");
    }
    let outcome = check(folder.path(), &[]);
    assert_eq!((outcome.code, outcome.places()), (1, vec!["secret.yml:1:1 document/unreadable".to_owned()]));
}

/// The file can be opened, but reading it fails, for any user.
#[test]
fn a_file_that_fails_while_it_is_read() {
    let folder = folder_with("run.yml", RUN);
    if fs::read("/proc/self/mem").is_ok() || !Path::new("/proc/self/mem").exists() {
        return skip("there is no /proc/self/mem");
    }
    symlink("/proc/self/mem", folder.path().join("memory.yml")).unwrap();
    let outcome = check(folder.path(), &[]);
    assert_eq!((outcome.code, outcome.places()), (1, vec!["memory.yml:1:1 document/unreadable".to_owned()]));
}

#[test]
fn a_folder_that_is_called_like_a_document() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("folder.yml")).unwrap();
    fs::write(folder.path().join("folder.yml/run.yml"), RUN).unwrap();
    assert_eq!(check(folder.path(), &[]).code, 0);
    assert_eq!(check(folder.path(), &["folder.yml"]).code, 0);
}

fn skip(why: &str) {
    eprintln!("skipped: {why}");
}
