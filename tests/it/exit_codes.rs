//! The findings decide the exit code, regardless of the output: a closed pipe or a full disk never turns a failure into success.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use assert_fs::TempDir;
use assert_fs::prelude::*;

/// The seed of test 1 in RFC 8032, section 7.1, as PKCS#8, and its public key.
const KEY: &str = "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g";
const PUBLIC_KEY: &str = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

/// The destination of the output.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Sink {
    /// A reader.
    Read,
    /// A pipe without a reader.
    ClosedPipe,
    /// A full disk.
    Full,
    /// A closed descriptor.
    NoDescriptor,
}

impl Sink {
    fn stdio(self) -> Stdio {
        match self {
            Self::Read | Self::NoDescriptor => Stdio::piped(),
            Self::ClosedPipe => std::io::pipe().unwrap().1.into(),
            Self::Full => File::options().write(true).open("/dev/full").unwrap().into(),
        }
    }
}

const SINKS: [Sink; 3] = [Sink::ClosedPipe, Sink::Full, Sink::NoDescriptor];

fn run(folder: &Path, arguments: &[&str], stdout: Sink, stderr: Sink) -> Option<i32> {
    let binary = env!("CARGO_BIN_EXE_mlspec-lint");
    let mut command = Command::new("sh");
    let closed =
        |sink: Sink, number: u8| if sink == Sink::NoDescriptor { format!(" {number}>&-") } else { String::new() };
    command.args(["-c", &format!("exec \"$0\" \"$@\"{}{}", closed(stdout, 1), closed(stderr, 2)), binary]);
    command.args(arguments).current_dir(folder).env_remove("GITHUB_ACTIONS").env("NO_COLOR", "1");
    command.stdin(Stdio::null()).stdout(stdout.stdio()).stderr(stderr.stdio());
    command.output().unwrap().status.code()
}

fn is_full_device_here() -> bool {
    Path::new("/dev/full").exists()
}

/// Asserts the exit code of a command for each destination of its output. A report that cannot be written is a failure if the command would
/// have succeeded otherwise.
#[track_caller]
fn assert_exit(folder: &Path, arguments: &[&str], expected: i32) {
    for (stdout, stderr) in SINKS.iter().flat_map(|sink| [(*sink, Sink::Read), (Sink::Read, *sink), (*sink, *sink)]) {
        if !is_full_device_here() && (stdout == Sink::Full || stderr == Sink::Full) {
            continue;
        }
        let lost = stdout == Sink::Full && expected == 0;
        let code = run(folder, arguments, stdout, stderr);
        assert_eq!(code, Some(if lost { 3 } else { expected }), "{arguments:?}, {stdout:?}, {stderr:?}");
    }
}

fn examples() -> TempDir {
    let folder = TempDir::new().unwrap();
    folder.copy_from(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"), &["**"]).unwrap();
    for (name, label, key) in [("key.pem", "PRIVATE", KEY), ("key.pub", "PUBLIC", PUBLIC_KEY)] {
        folder
            .child(name)
            .write_str(&format!("-----BEGIN {label} KEY-----\n{key}\n-----END {label} KEY-----\n"))
            .unwrap();
    }
    folder
}

fn candidate(name: &str) -> [String; 6] {
    let folder = format!("gate/candidates/{name}");
    [
        "gate",
        "gate/objectives.yml",
        "--evaluation",
        &format!("{folder}/evaluation.yml"),
        "--test",
        &format!("{folder}/test.yml"),
    ]
    .map(str::to_owned)
}

#[test]
fn a_check_ends_as_it_found() {
    let folder = examples();
    assert_exit(&folder, &["check", "credit-default"], 0);
    assert_exit(&folder, &["check", "broken"], 1);
    assert_exit(&folder, &["check", "broken", "--diff"], 1);
    assert_exit(&folder, &["check", "broken", "--format", "json"], 1);
    assert_exit(&folder, &["check", "broken", "nowhere.yml"], 1);
    assert_exit(&folder, &["check", "nowhere.yml"], 2);
    assert_exit(&folder, &["check", "broken", "--no-such-option"], 2);
}

#[test]
fn a_gate_ends_as_its_verdict() {
    let folder = examples();
    for (name, expected) in [("meets-all", 0), ("fails-one-language", 1), ("too-few-calls", 3), ("reuses-data", 2)] {
        let arguments = candidate(name);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        assert_exit(&folder, &arguments, expected);
    }
}

#[test]
fn a_verification_ends_as_what_it_verified() {
    let folder = examples();
    for (name, expected) in [("meets-all", 0), ("fails-one-language", 1), ("too-few-calls", 3)] {
        let arguments = candidate(name);
        let subject = format!("gate/candidates/{name}/model.onnx");
        let attested = ["--attest", "a.json", "--key", "key.pem", "--subject", &subject];
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(attested).collect();
        // The attestation is written even if nobody reads the report.
        assert_eq!(run(&folder, &arguments, Sink::ClosedPipe, Sink::ClosedPipe), Some(expected));
        assert_exit(&folder, &["gate", "verify", "a.json", "--key", "key.pub"], expected);
        fs::remove_file(folder.join("a.json")).unwrap();
    }
    let arguments = candidate("meets-all");
    let attested = ["--attest", "a.json", "--key", "key.pem", "--subject", "gate/candidates/meets-all/model.onnx"];
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(attested).collect();
    assert_eq!(run(&folder, &arguments, Sink::Read, Sink::Read), Some(0));
    let changed = folder.child("gate/candidates/meets-all/test.yml");
    fs::write(&changed, format!("{}# changed\n", fs::read_to_string(&changed).unwrap())).unwrap();
    assert_exit(&folder, &["gate", "verify", "a.json", "--key", "key.pub"], 1);
}

#[test]
fn what_goes_to_files_is_written_whatever_becomes_of_standard_output() {
    let folder = examples();
    let sinks: &[Sink] = if is_full_device_here() { &[Sink::ClosedPipe, Sink::Full] } else { &[Sink::ClosedPipe] };
    for sink in sinks {
        let arguments = ["check", "broken", "--format", "concise", "--format", "json", "-o", "report.json"];
        assert_eq!(run(&folder, &arguments, *sink, Sink::Read), Some(1), "{sink:?}");
        assert!(fs::read_to_string(folder.join("report.json")).unwrap().starts_with('{'), "{sink:?}");
        fs::remove_file(folder.join("report.json")).unwrap();
        let arguments = candidate("fails-one-language");
        let verdict = ["--format", "human", "--format", "json", "-o", "verdict.json"];
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(verdict).collect();
        assert_eq!(run(&folder, &arguments, *sink, Sink::Read), Some(1), "{sink:?}");
        assert!(fs::read_to_string(folder.join("verdict.json")).unwrap().contains("\"verdict\": \"fail\""), "{sink:?}");
        fs::remove_file(folder.join("verdict.json")).unwrap();
    }
}

#[test]
fn commands_that_only_tell_something_fail_when_it_cannot_be_written() {
    let folder = examples();
    for arguments in [
        &["rules"][..],
        &["explain", "document/yaml-syntax"],
        &["schema", "dataset"],
        &["kinds", "credit-default"],
        &["init", "dataset"],
        &["completions", "bash"],
        &["man"],
    ] {
        assert_exit(&folder, arguments, 0);
    }
}

#[test]
fn a_file_that_cannot_be_fixed_keeps_no_other_from_being_fixed() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let text = "mlSpecVersion: 0.1.0\nkind: dataset\nid: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11\nname: loans\nstate: Active\nisReadOnly: \"true\"\nlocation: https://example.com/loans\nversion: 1.0.0\n";
    for name in ["a", "b", "c"] {
        let text = text.replace("3f0f3a0a", &name.repeat(8)).replace("loans", &format!("loans-{name}"));
        folder.child(format!("{name}.yml")).write_str(&text).unwrap();
    }
    fs::set_permissions(folder.join("b.yml"), fs::Permissions::from_mode(0o444)).unwrap();
    assert_eq!(run(&folder, &["check", "--fix", "."], Sink::Read, Sink::Read), Some(3));
    let is_fixed = |name: &str| fs::read_to_string(folder.join(name)).unwrap().contains("isReadOnly: true");
    assert_eq!(["a.yml", "b.yml", "c.yml"].map(is_fixed), [true, false, true]);
}
