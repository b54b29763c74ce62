//! Files that are meant as MLSpec and cannot be read are never skipped silently.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const STORE: &str = "mlSpecVersion: 0.1.0\nkind: datastore\nid: 7c10aa67-6d41-42e3-a027-4815b4ea5ec0\nname: lake\n\
                     type: s3\nstatus: Active\nbucket: cards\n";

fn check(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .args(["check", "--isolated", "--format", "concise"])
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.code().unwrap(), printed)
}

/// Checks a file beside a good one.
fn beside(name: &str, bytes: &[u8]) -> (i32, String) {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("good.yml"), STORE).unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    check(folder.path(), &["."])
}

fn other(text: &str) -> String {
    text.replace("4ea5ec0", "4ea5ec1").replace("lake", "pond")
}

#[test]
fn a_comment_does_not_say_whether_a_file_was_read() {
    for comment in ["ignore-file[document/yaml-syntax]", "ignore-file[document]"] {
        let (code, printed) = beside("b.yml", format!("# mlspec: {comment} x\n{}tags: [\n", other(STORE)).as_bytes());
        assert!(code == 1 && printed.contains("error[document/yaml-syntax]"), "{printed}");
    }
    let (code, printed) =
        beside("b.json", format!("# mlspec: ignore-file[document/not-json] x\n{}", other(STORE)).as_bytes());
    assert!(code == 1 && printed.contains("error[document/not-json]"), "{printed}");
}

#[test]
fn what_no_rule_may_say_is_counted() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("good.yml"), STORE).unwrap();
    fs::write(folder.path().join("b.yml"), format!("{}tags: [\n", other(STORE))).unwrap();
    for off in ["document", "document/yaml-syntax"] {
        let (code, printed) = check(folder.path(), &[".", "-v", "--ignore", off]);
        assert!(code == 0 && printed.contains("1 not YAML"), "{printed}");
        assert!(printed.contains("skipped b.yml: an MLSpec document that cannot be read"), "{printed}");
    }
}

#[test]
fn utf_16_is_read_as_far_as_to_know_what_it_is() {
    for to_bytes in [u16::to_le_bytes, u16::to_be_bytes] {
        let encoded =
            |text: &str| "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(to_bytes).collect::<Vec<u8>>();
        let (code, printed) = beside("b.yml", &encoded(&other(STORE)));
        assert!(code == 1 && printed.contains("error[document/not-utf8] the file is UTF-16"), "{printed}");
        let (code, printed) = beside("b.yml", &encoded("services: {web: {image: nginx}}\n"));
        assert!(code == 0 && printed.contains("1 not UTF-8"), "{printed}");
    }
}

#[test]
fn utf_32_is_called_by_its_name() {
    for to_bytes in [u32::to_le_bytes, u32::to_be_bytes] {
        let encoded = |text: &str| {
            "\u{feff}".chars().chain(text.chars()).flat_map(|c| to_bytes(u32::from(c))).collect::<Vec<u8>>()
        };
        let (code, printed) = beside("b.yml", &encoded(&other(STORE)));
        assert!(code == 1 && printed.contains("error[document/not-utf8] the file is UTF-32"), "{printed}");
        let (code, printed) = beside("b.yml", &encoded("services: {web: {image: nginx}}\n"));
        assert!(code == 0 && printed.contains("1 not UTF-8"), "{printed}");
    }
}

#[test]
fn what_is_no_mapping_beside_documents_or_around_them_is_told() {
    let line = "{\"mlSpecVersion\": \"0.1.0\", \"kind\": \"datastore\", \"id\": \"7c10aa67-6d41-42e3-a027-4815b4ea5ec1\", \
                \"name\": \"pond\", \"type\": \"s3\", \"status\": \"Active\"}";
    for (odd, rule) in [
        ("5", "not-a-mapping"),
        ("[1]", "not-a-mapping"),
        ("null", "not-a-mapping"),
        ("\"text\"", "not-a-mapping"),
        ("hello", "not-json"),
    ] {
        let (code, printed) = beside("b.jsonl", format!("{line}\n{odd}\n").as_bytes());
        assert!(code == 1 && printed.contains(&format!("b.jsonl:2:1: error[document/{rule}]")), "{odd}: {printed}");
    }
    for (name, list) in
        [("b.yml", format!("- {}", other(STORE).trim_end().replace('\n', "\n  "))), ("b.json", format!("[{line}]"))]
    {
        let (code, printed) = beside(name, list.as_bytes());
        assert!(code == 1 && printed.contains("error[document/not-a-mapping]"), "{printed}");
    }
    // Lists in files of other tools are ignored.
    let (code, printed) = beside("b.yml", b"- hosts: all\n  tasks: []\n");
    assert!(code == 0 && printed.contains("1 skipped"), "{printed}");
}

#[test]
fn a_list_in_a_record_is_no_template() {
    let record = "mlSpecVersion: 0.1.0\nkind: inference-log\napplicationInfo: {applicationId: loan}\n";
    let template =
        "mlSpecVersion: 0.1.0\nkind: inference-log\napplicationInfo: [applicationId]\nrequestInfo: [requestId]\n";
    for wrong in ["requestInfo: [0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90]\n", "modelInfo: [models]\n"] {
        let (code, printed) = beside("b.yml", format!("{record}{wrong}").as_bytes());
        assert!(code == 1 && printed.contains("error[document/wrong-type]"), "{printed}");
    }
    let (code, printed) = beside("b.yml", template.as_bytes());
    assert!(code == 0 && printed.contains("info[document/template]"), "{printed}");
}

#[test]
fn a_prediction_that_is_a_list_of_labels_is_no_template() {
    let record =
        "mlSpecVersion: 0.1.0\nkind: inference-prediction\nrequestId: r-1\nrequestTimestamp: yesterday\nmodelId: m/1\n";
    for list in ["prediction: [cat]\n", "prediction:\n  - cat\n  - dog\n", "requestInfo: [requestId]\n"] {
        let (code, printed) = beside("b.yml", format!("{record}{list}").as_bytes());
        assert!(code == 1 && !printed.contains("document/template") && printed.contains("yesterday"), "{printed}");
    }
}

#[test]
fn whether_a_suppression_is_of_use_is_not_known_of_a_document_that_is_not_checked() {
    let ignore = "id: lake-1 # mlspec: ignore[naming/id-form] old platform\n";
    for (unchecked, what) in [
        (format!("mlSpecVersion: 0.1.0\nkind: datastore\n{ignore}endpoint: [https://a.b\n"), "yaml-syntax"),
        (format!("mlSpecVersion: 0.1.0\nkind: data-store\n{ignore}"), "unknown-kind"),
        (format!("mlSpecVersion: 0.1.0\n{ignore}"), "unknown-kind"),
        (
            "mlSpecVersion: 0.1.0\nkind: inference-log # mlspec: ignore[inference/missing-attribute] a template\n\
             applicationInfo: [applicationId]\n"
                .to_owned(),
            "template",
        ),
    ] {
        let (_, printed) = beside("b.yml", unchecked.as_bytes());
        assert!(printed.contains(what) && !printed.contains("suppression/unused"), "{what}: {printed}");
    }
    // The document beside it is checked, and an unknown rule is always one.
    let text = format!(
        "{}{ignore}---\nmlSpecVersion: 0.1.0\nkind: data-store\nid: a # mlspec: ignore[naming/id-frm] why\n",
        "mlSpecVersion: 0.1.0\nkind: datapath\nDataStore: lake\nRelativePath: a\n# mlspec: ignore[naming/id-form] why\n"
    );
    let (_, printed) = beside("b.yml", text.as_bytes());
    assert!(printed.contains("suppression/unused") && printed.contains("unknown rule 'naming/id-frm'"), "{printed}");
}

#[test]
fn a_kind_that_is_null_is_absent() {
    for null in ["", "~", "null"] {
        let text = STORE.replace("kind: datastore", &format!("kind: {null}"));
        let (code, printed) = beside("b.yml", other(&text).as_bytes());
        assert!(code == 0 && !printed.contains("error"), "{printed}");
    }
}

#[test]
fn a_report_among_the_documents_is_written_again() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("good.yml"), STORE).unwrap();
    for arguments in [
        &["--write-baseline", "baseline.json"][..],
        &["--format", "gitlab", "-o", "quality.json"],
        &["--format", "json", "-o", "report.json"],
        &["--format", "jsonl", "-o", "report.jsonl"],
        &["--format", "sarif", "-o", "report.sarif.json"],
    ] {
        for time in 1..=2 {
            let (code, printed) = check(folder.path(), arguments);
            assert_eq!(code, 0, "{arguments:?}, time {time}: {printed}");
        }
    }
    let (code, printed) = check(folder.path(), &["--format", "json", "-o", "good.yml"]);
    assert!(code == 2 && printed.contains("good.yml is an input"), "{printed}");
    assert_eq!(fs::read_to_string(folder.path().join("good.yml")).unwrap(), STORE);
}

#[test]
fn what_is_left_out_is_counted_by_reason_in_every_mode() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let broken = STORE.replace("Active", "Gone");
    write("good.yml", STORE);
    for name in ["models/a.yml", "b.yml", ".cards/c.yml", "venv/d.yml", "old/e.yml", "notes.txt", ".env"] {
        write(name, &broken);
    }
    write(".gitignore", "models/\n");
    write(".ignore", "b.yml\n");
    // Outside of a repository, no git ignores anything.
    let (code, printed) = check(folder.path(), &["--exclude", "old"]);
    assert!(code == 1 && printed.contains("models/a.yml:"), "{printed}");
    assert!(printed.contains("(4 passed over: 1 excluded, 1 hidden, 1 ignored, 1 installed)"), "{printed}");
    fs::create_dir(folder.path().join(".git")).unwrap();
    let counts = "(5 passed over: 1 excluded, 1 hidden, 2 ignored, 1 installed)";
    for arguments in [&[][..], &["--fix"], &["--statistics"], &["-v"]] {
        let (code, printed) = check(folder.path(), &[&["--exclude", "old"], arguments].concat());
        let printed = printed.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(code == 0 && printed.contains(counts), "{arguments:?}: {printed}");
    }
    check(folder.path(), &["--exclude", "old", "--format", "json", "-o", ".report.json"]);
    let report = fs::read_to_string(folder.path().join(".report.json")).unwrap();
    fs::remove_file(folder.path().join(".report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let expected = serde_json::json!({"excluded": 1, "hidden": 1, "ignored": 2, "installed": 1});
    assert_eq!(report["summary"]["passed_over"], expected);
    // When nothing else is there, the counts say why; a file that is named is not passed over, unless exclusions are forced.
    fs::remove_file(folder.path().join("good.yml")).unwrap();
    let (code, printed) = check(folder.path(), &["--exclude", "old"]);
    assert!(code == 2 && printed.contains(&counts[1..counts.len() - 1]), "{printed}");
    let (code, printed) = check(folder.path(), &["--exclude", "old", "old/e.yml", "models"]);
    assert!(code == 1 && printed.contains("old/e.yml:") && printed.contains("models/a.yml:"), "{printed}");
    assert!(!printed.contains("passed over"), "{printed}");
    let (code, printed) = check(folder.path(), &["--exclude", "old", "--force-exclude", "old/e.yml"]);
    assert!(code == 2 && printed.contains("(1 passed over: 1 excluded)"), "{printed}");
}

#[test]
fn a_carriage_return_ends_a_line() {
    let wrong =
        other(STORE).replace("type: s3", "type: s4 # mlspec: ignore[document/not-allowed-value] x") + "foo: 1\n";
    let (code, printed) = beside("b.yml", wrong.replace('\n', "\r").as_bytes());
    assert!(code == 0 && printed.contains("b.yml:8:1: warning[document/unknown-field]"), "{printed}");
    assert!(printed.contains("1 suppressed"), "{printed}");
    // Also where it cannot be read.
    let broken = format!("x-note: a\n{}tags: [\n", other(STORE)).replace('\n', "\r");
    let (code, printed) = beside("b.yml", broken.as_bytes());
    assert!(code == 1 && printed.contains("error[document/yaml-syntax]"), "{printed}");
    let line = "{\"mlSpecVersion\": \"0.1.0\", \"kind\": \"inference-log\", \"requestInfo\": {\"requestId\": \"r-1\", \
                \"requestTimestamp\": \"2026-06-01T09:00:00Z\"}, \"x-a\": NaN}";
    let (_, printed) = beside("b.jsonl", format!("{line}\r{line}\r").as_bytes());
    assert!(printed.contains("b.jsonl:1:") && printed.contains("b.jsonl:2:"), "{printed}");
}

#[test]
fn a_slip_in_the_key_of_the_version_hides_no_document() {
    for key in ["mlSpecVerson", "mlSpecVersoin", "mSpecVersion"] {
        let (code, printed) = beside("b.yml", other(STORE).replace("mlSpecVersion", key).as_bytes());
        assert!(
            code == 1 && printed.contains(&format!("unknown field '{key}'; did you mean 'mlSpecVersion'?")),
            "{printed}"
        );
        let broken = format!("{}tags: [\n", other(STORE).replace("mlSpecVersion", key));
        let (code, printed) = beside("b.yml", broken.as_bytes());
        assert!(code == 1 && printed.contains("error[document/yaml-syntax]"), "{printed}");
    }
    let (code, printed) = beside("b.yml", b"openspecVersion: 0.1.0\nkind: model\nname: a\n");
    assert!(code == 0 && printed.contains("1 skipped"), "{printed}");
}

#[test]
fn a_document_beside_mlspec_ones_that_is_left_alone_is_listed() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.yml"), format!("{STORE}---\nfoo: bar\n---\n")).unwrap();
    let (code, printed) = check(folder.path(), &["-v", "."]);
    assert!(code == 0 && printed.contains("skipped document 2 of a.yml: no MLSpec document"), "{printed}");
    assert!(!printed.contains("document 3"), "{printed}");
}

#[test]
fn no_path_is_checked_with_the_configuration_of_another() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    fs::create_dir_all(root.join("sub/deep")).unwrap();
    fs::write(root.join("mlspec-lint.toml"), "").unwrap();
    fs::write(root.join("sub/mlspec-lint.toml"), "[rules]\ndocument = \"off\"\n").unwrap();
    for (name, text) in [("b.yml", STORE.to_owned()), ("sub/a.yml", other(STORE)), ("sub/deep/c.yml", other(STORE))] {
        fs::write(root.join(name), format!("{text}extra: 1\n")).unwrap();
    }
    let check = |paths: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"));
        let output = command.arg("check").args(paths).current_dir(root).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    for paths in [["b.yml", "sub/a.yml"], ["sub/a.yml", "b.yml"], ["sub/deep", "."]] {
        let (code, said) = check(&paths);
        assert!(code == 2 && said.contains("different configurations"), "{paths:?}: {said}");
    }
    for paths in [&["sub/a.yml", "sub/deep/c.yml"][..], &["."], &["b.yml", "sub/a.yml", "--config", "mlspec-lint.toml"]]
    {
        assert_ne!(check(paths).0, 2, "{paths:?}");
    }
}

#[test]
fn a_byte_that_is_not_utf_8_is_pointed_at_and_moves_no_other() {
    let folder = TempDir::new().unwrap();
    let name = b"caf\xe9 au lait, na\xefve, \xff\xfe\xfd";
    let text = [STORE.as_bytes(), b"description: ", name, b"\n"].concat();
    let at = STORE.len() + "description: caf".len();
    fs::write(folder.path().join("a.yml"), text).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .args(["check", "--isolated", "--format", "json", "a.yml"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let finding = &report["findings"][0];
    assert_eq!(finding["rule"], "document/not-utf8");
    let place = |end: &str| ["offset", "line", "column"].map(|part| finding["span"][end][part].as_u64().unwrap());
    let line = STORE.lines().count() as u64 + 1;
    assert_eq!(place("start"), [at as u64, line, 17]);
    assert_eq!(place("end"), [at as u64 + 1, line, 18]);
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .args(["check", "--isolated", "--format", "human", "a.yml"])
        .current_dir(folder.path())
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains("description: caf? au lait, na?ve, ???"), "{printed}");
}

#[test]
fn a_document_that_is_none_beside_others_is_counted() {
    let (code, printed) = beside("b.yml", format!("{}---\nservices: {{}}\n---\nx: 1\n", other(STORE)).as_bytes());
    let expected = "Checked 2 documents in 2 files (2 other documents skipped): no findings";
    assert!(code == 0 && printed.contains(expected), "{printed}");
}

#[test]
fn fixes_that_are_withheld_are_told_with_their_reason() {
    let folder = TempDir::new().unwrap();
    // Quoting the id would bring another error.
    fs::write(folder.path().join("mlspec-lint.toml"), "[rules]\n\"naming/id-form\" = \"error\"\n").unwrap();
    let numbered = |id: &str| other(STORE).replace("7c10aa67-6d41-42e3-a027-4815b4ea5ec1", id);
    fs::write(folder.path().join("a.yml"), STORE.replace("7c10aa67-6d41-42e3-a027-4815b4ea5ec0", "12345")).unwrap();
    fs::write(folder.path().join("b.yml"), numbered("54321")).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"));
        let output =
            command.arg("check").args(arguments).current_dir(folder.path()).env("NO_COLOR", "1").output().unwrap();
        [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat()
    };
    let withheld = "Withheld 2 fixes, each of which would bring another finding as severe: a.yml:3:5 (document/wrong-type), \
                    b.yml:3:5 (document/wrong-type).\n";
    for arguments in [&["--fix"][..], &["--fix", "--unsafe-fixes"], &["--diff"]] {
        let printed = run(arguments);
        assert!(printed.contains(withheld) && !printed.contains("fixable with --fix"), "{printed}");
    }
    assert!(!run(&["--fix", "--quiet"]).contains("Withheld"));
    fs::remove_file(folder.path().join("b.yml")).unwrap();
    assert!(run(&["--fix"]).contains("Withheld 1 fix, which would bring another finding as severe: a.yml:3:5 ("));
    // Without that rule, the fixes keep their promise.
    fs::remove_file(folder.path().join("mlspec-lint.toml")).unwrap();
    let printed = run(&["--fix"]);
    assert!(printed.contains("Fixed 1 finding.") && !printed.contains("Withheld"), "{printed}");
}
