//! Access logs through the binary: lines of NCSA httpd and its successors are records, with the exact place of what is wrong, in whatever format,
//! however they are compressed, and on however many threads.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::Path;

use assert_fs::TempDir;
use flate2::write::GzEncoder;
use mlspec_lint::records::{LineField, LineFormat, NAMED_FORMATS};

use super::logs::{Outcome, check_from, check_with};

const DIGEST: &str = "sha256:6f2b1d0c9e8a7f5b4c3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a1b";

/// Returns a line in the format `mlspec`, number `number` of its log.
fn line(number: usize) -> String {
    format!(
        "10.0.0.7 - u-{} [01/Sep/2026:08:{:02}:{:02} +0000] \"POST /v1/predict HTTP/1.1\" 200 {} \"-\" \"curl/8.5 (\\\"x\\\")\" \"req-{number}\" \"portal\" \"credit-default/1.2.0\" {} \"{DIGEST}\" \"{DIGEST}\" \"{DIGEST}\"",
        number % 50,
        number / 60 % 60,
        number % 60,
        100 + number % 900,
        1000 + number * 37 % 90_000,
    )
}

fn log(lines: usize) -> String {
    (0..lines).fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "{}", line(number));
        text
    })
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// Checks a file of this name and content.
fn check_file(name: &str, content: impl AsRef<[u8]>, arguments: &[&str]) -> Outcome {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(name), content).unwrap();
    check_with(folder.path(), &[&[name], arguments].concat(), b"")
}

/// Checks a file with a format that the configuration names.
fn check_configured(folder: &Path, format: &str, content: &str) -> Outcome {
    fs::write(folder.join("mlspec-lint.toml"), format!("[records]\nformat = '''{format}'''\n")).unwrap();
    fs::write(folder.join("access.log"), content).unwrap();
    check_from(folder, &["--config", "mlspec-lint.toml"], &["access.log"], b"")
}

#[test]
fn a_log_that_carries_everything_has_no_finding() {
    let found = check_file("access.log", log(500), &[]);
    assert_eq!((found.code, found.findings.len()), (0, 0), "{found:?}");
    assert_eq!((&found.summary["documents"], &found.logs[0]["lines"]), (&500.into(), &500.into()), "{found:?}");
}

#[test]
fn what_is_wrong_stands_at_its_bytes() {
    let lines = [
        line(0),
        line(1).replace(" 1037 ", " -5 "),
        line(2).replace("2026:08", "2026:25"),
        line(3).replace("\"req-3\"", "\"-\""),
        line(4).replace("\"credit-default/1.2.0\"", "\"-\""),
        line(5).replace("u-5", "jo@example.com"),
        "10.0.0.7 - - [01/Sep/2026:08:00:06 +0000] \"POST /v1/pre".to_owned(),
        line(7),
    ];
    let text = lines.join("\n");
    let found = check_file("access.log", &text, &[]);
    let short = |finding: &String| {
        let parts: Vec<&str> = finding.split(' ').collect();
        parts[..4].join(" ").replace('"', "")
    };
    let column = |line: usize, part: &str| lines[line].find(part).unwrap() + 1;
    assert_eq!(
        found.findings.iter().map(short).collect::<Vec<_>>(),
        [
            format!("2:{} inference/latency-negative-or-unitless error /requestInfo/requestLatencyMs", column(1, "-5")),
            format!("3:{} document/invalid-timestamp error /requestInfo/requestTimestamp", column(2, "01/Sep")),
            format!("4:{} inference/missing-attribute error /requestInfo/requestId", column(3, "-\" \"portal")),
            "5:1 inference/missing-attribute warning ".to_owned(),
            format!("6:{} inference/personal-user-id warning /userId", column(5, "jo@")),
            format!("7:{} inference/malformed-line error ", lines[6].len() + 1),
        ],
        "{found:?}"
    );
    assert_eq!(found.logs[0]["lines"], 8);
    // The bytes of the whole log.
    let offset = text.find("-5 ").unwrap();
    assert!(found.findings[0].contains(&format!("@{offset} {} ", offset + 2)), "{found:?}");
}

#[test]
fn what_a_format_lacks_is_told_once() {
    let common = |number: usize| {
        let own = line(number);
        own.split(" \"-\" \"curl").next().unwrap().to_owned()
    };
    let text: String = (0..3000).map(|number| common(number) + "\n").collect();
    let found = check_file("access.log", &text, &[]);
    assert_eq!(found.places(), ["1:1 inference/format-lacks"], "{found:?}");
    assert!(found.findings[0].contains("carries no requestId, modelId and applicationId"), "{found:?}");
    assert_eq!(found.code, 1);
    // As any other rule, it can be switched off.
    let found = check_file("access.log", &text, &["--ignore", "inference/format-lacks"]);
    assert_eq!((found.code, found.findings.len()), (0, 0), "{found:?}");
}

#[test]
fn records_are_compared_with_each_other() {
    let text = format!("{}\n{}\n{}\n", line(0), line(1), line(0));
    let found = check_file("access.log", text, &[]);
    assert_eq!(found.places(), [format!("1:{} inference/record-duplicated", line(0).find("req-0").unwrap() + 1)]);
}

#[test]
fn the_configuration_names_the_format() {
    let folder = TempDir::new().unwrap();
    let format = r#"$remote_addr [$time_iso8601] "$request" $status $request_time "$request_id" "$http_x_application_id" "$upstream_http_x_model_id""#;
    let good = r#"10.0.0.7 [2026-09-01T10:00:00+02:00] "POST /p HTTP/1.1" 200 0.125 "r-1" "portal" "m/1""#;
    let found = check_configured(
        folder.path(),
        format,
        &format!("{good}\n{}\n", good.replace("0.125", "-1").replace("r-1", "r-2")),
    );
    assert_eq!(
        found.places(),
        [format!("2:{} inference/latency-negative-or-unitless", good.find("0.125").unwrap() + 1)]
    );
    // What the log says of itself counts more.
    let found = check_configured(
        folder.path(),
        format,
        "#Fields: date time x-request-id x-model-id x-app-id\n2026-09-01 08:00:00 r m p\n",
    );
    assert_eq!((found.code, found.findings.len()), (0, 0), "{found:?}");
    let found = check_configured(folder.path(), format, "something else\n");
    assert_eq!(found.places(), ["1:10 inference/malformed-line"], "{found:?}");
}

/// Returns what is said of wrong usage.
fn refused(name: &str, content: &str, arguments: &[&str]) -> String {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(name), content).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .args(["check", name])
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    said
}

#[test]
fn a_format_that_is_none_is_refused() {
    let said = refused("mlspec-lint.toml", "[records]\nformat = \"%h %Y\"\n", &["--config", "mlspec-lint.toml"]);
    assert!(said.contains("`format` under [records]: unknown directive '%Y'"), "{said}");
}

#[test]
fn directives_tell_the_fields_and_may_change_them() {
    let text = "#Version: 1.0\n#Fields: date time cs-uri-stem x-request-id x-app-id x-model-id time-taken\n\
                2026-09-01 08:00:00 /p r-1 portal m/1 0.25\n\
                #Fields: date time x-request-id sc-status\n\
                2026-09-01 08:00:01 r-2 200\n\
                2026-09-01 08:00:02 r-3\n";
    let found = check_file("u_ex260901.log", text, &[]);
    assert_eq!(found.places(), ["4:1 inference/format-lacks", "6:24 inference/malformed-line"], "{found:?}");
    assert!(found.findings[0].contains(" warning "), "{found:?}");
    assert_eq!(found.logs[0]["lines"], 3);
    let said = refused("a.log", "#Fields: date time\n", &["--range", "0-5"]);
    assert!(said.contains("--range cannot take a log whose format its directives tell"), "{said}");
}

/// Compression, threads, ranges and standard input change nothing.
#[test]
fn it_is_the_same_log_in_whatever_way_it_is_read() {
    let mut lines: Vec<String> = (0..9000).map(line).collect();
    for number in (13..9000).step_by(611) {
        lines[number] = lines[number].replace("\"POST", "\"POST\" \"");
        lines[number + 1] = lines[number + 1].replace("[01/Sep", "[31/Sep");
    }
    let text = lines.join("\n");
    assert!(text.len() > 3 << 20);
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    fs::write(path.join("access.log"), &text).unwrap();
    fs::write(path.join("access.log.2.gz"), gzip(&text)).unwrap();
    let whole = check_with(path, &["access.log", "-j", "1"], b"");
    assert_eq!(whole.findings.len(), 30, "{whole:?}");
    let findings = |outcome: Outcome| outcome.findings;
    assert_eq!(findings(check_with(path, &["access.log", "-j", "3"], b"")), whole.findings);
    assert_eq!(findings(check_with(path, &["access.log.2.gz"], b"")), whole.findings);
    assert_eq!(findings(check_with(path, &["-", "--stdin-filename", "access.log"], text.as_bytes())), whole.findings);
    assert_eq!(findings(check_with(path, &["-"], text.as_bytes())), whole.findings);
    let parts: usize = ["0-1000000", "1000000-2000001", "2000001-90000000"]
        .iter()
        .map(|range| check_with(path, &["access.log", "--range", range], b"").findings.len())
        .sum();
    assert_eq!(parts, whole.findings.len());
}

#[test]
fn no_log_passes_unread() {
    for (text, expected) in [
        ("2026-09-01 08:00:00 INFO started\n", "1:1 document/unreadable"),
        ("", "1:1 document/unreadable"),
        ("\u{0}\u{1}\u{2}", "1:1 document/unreadable"),
    ] {
        let found = check_file("server.log", text, &[]);
        assert_eq!((found.code, found.places()), (1, vec![expected.to_owned()]), "{text:?} {found:?}");
        assert!(found.findings[0].contains("no format of logs that is known"), "{found:?}");
    }
    // JSON objects are records, whatever the file is called.
    let record = r#"{"mlSpecVersion": "0.1.0", "kind": "inference-request", "requestInfo": {"requestId": "r", "requestTimestamp": "2026-09-01T08:00:00Z", "requestLatencyMs": -1}}"#;
    let found = check_file("server.log", format!("{record}\n"), &[]);
    assert_eq!(
        found.places(),
        [format!("1:{} inference/latency-negative-or-unitless", record.find("-1}").unwrap() + 1)]
    );
    // In a folder, logs of servers are left alone, and so are those that others name.
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("server.log"), "x\n").unwrap();
    assert_eq!(check_with(folder.path(), &[".", "--allow-empty"], b"").findings.len(), 0);
    assert_eq!(check_with(folder.path(), &["server.log", "--skip-unrelated", "--allow-empty"], b"").findings.len(), 0);
}

/// A credential in an address is found, and is shown nowhere.
#[test]
fn credentials_are_found_and_masked() {
    let token = format!("ghp_{}", "a1B2c3D4e5F6g7H8i9".repeat(2));
    let text = line(0).replace("/v1/predict", &format!("/v1/predict?token={token}"));
    let found = check_file("access.log", format!("{text}\n"), &[]);
    assert_eq!(found.places().len(), 1, "{found:?}");
    assert!(found.findings[0].contains("security/secret-in-url"), "{found:?}");
    assert!(!format!("{found:?}").contains(&token));
}

/// Whatever stands in a line: no fix, and nothing but findings.
#[test]
fn hostile_lines_are_findings() {
    let mut bytes = log(2).into_bytes();
    bytes.extend_from_slice(b"\xff\xfe\x00\n");
    bytes.extend_from_slice("\"".repeat(5000).as_bytes());
    bytes.extend_from_slice(b"\n");
    bytes.extend_from_slice(line(3).replace("/v1/predict", "/\\x00\\xe2\\x80\\xa8\\u2028\\\\").as_bytes());
    let found = check_file("access.log", &bytes, &["--fix"]);
    let places: Vec<_> = found.places().into_iter().filter(|place| !place.starts_with("5:")).collect();
    assert_eq!(places, ["3:1 document/not-utf8", "4:5001 inference/malformed-line"], "{found:?}");
}

/// The tables of `spec/logs.md` say what the program does: every directive that they list carries its field.
#[test]
fn directives_carry_the_fields_that_the_page_lists() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("spec/logs.md")).unwrap();
    let table = page.split("| field of the record |").nth(1).unwrap().split("\n\n").next().unwrap();
    let spelt = |cell: &str| -> Vec<String> { cell.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    let mut fields = Vec::new();
    for row in table.lines().skip(2) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
        let [field, apache, nginx, w3c] = cells[..] else { panic!("{row}") };
        let field = spelt(field).remove(0);
        let own = LineField::ALL.into_iter().find(|own| {
            let (section, key) = own.path();
            section.map_or_else(|| key.to_owned(), |section| format!("{section}.{key}")) == field
        });
        let own = own.unwrap_or_else(|| panic!("{field}"));
        for directive in spelt(apache).into_iter().chain(spelt(nginx)) {
            assert!(LineFormat::compile(&directive).unwrap().carries(own), "{directive} {own:?}");
        }
        let columns = spelt(w3c);
        let formats = if own == LineField::RequestTimestamp { vec![columns.join(" ")] } else { columns };
        for fields in formats {
            assert!(LineFormat::of_w3c(&fields, false).carries(own), "{fields} {own:?}");
        }
        fields.push(own);
    }
    fields.sort_unstable();
    assert_eq!(fields, LineField::ALL.into_iter().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>());
    // The formats that have a name.
    let start = page.split("| name | format |").nth(1).unwrap();
    let rows: Vec<Vec<String>> = start.lines().skip(2).take(3).map(spelt).collect();
    let mut format = String::new();
    for row in &rows {
        format = if row[0] == "mlspec" { format!("{format} {}", row[1]) } else { row[1].clone() };
        assert_eq!(NAMED_FORMATS.iter().find(|(name, _)| *name == row[0]).unwrap().1, format);
    }
    assert_eq!(rows.len(), NAMED_FORMATS.len());
}

/// What is in a format that is not read gets a finding that names those that are.
#[test]
fn other_formats_are_named() {
    for (name, content, format) in [
        ("logs.zip", &b"PK\x03\x04"[..], "a Zip archive"),
        ("day.jsonl.bz2", b"BZh91AY", "compressed with bzip2"),
        ("day.avro", b"Obj\x01", "in Avro"),
        ("day.orc", b"ORC", "in ORC"),
        ("day.dat", b"PK\x03\x04", "a Zip archive"),
    ] {
        let found = check_file(name, content, &[]);
        assert_eq!((found.code, found.places()), (1, vec!["1:1 document/unreadable".to_owned()]), "{name} {found:?}");
        let said = &found.findings[0];
        assert!(said.contains(format) && said.contains("are read from .jsonl"), "{said}");
        let found = check_file(name, content, &["--skip-unrelated", "--allow-empty"]);
        assert!(!found.findings.iter().any(|own| own.contains("document/unreadable")), "{name} {found:?}");
    }
}

/// Records in CSV are told for what they are, and what to do with them.
#[test]
fn records_in_csv_are_no_table_without_a_word() {
    let csv = "requestInfo.requestId,requestInfo.requestTimestamp\nr-1,2026-09-01T08:00:00Z\n";
    let found = check_file("log.csv", csv, &[]);
    assert_eq!(found.places(), ["1:1 data/no-schema"], "{found:?}");
    assert!(found.findings[0].contains("its columns are those of inference records"), "{found:?}");
}
