//! Files of data through the binary: compressed or not, beside logs, and in every format of the report.

use std::fs;
use std::path::Path;

use assert_fs::TempDir;
use serde_json::Value;

use super::logs::{gzip, zstd};
use super::records::clean;
use crate::support::program::run;

const SCHEMA: &str = "mlSpecVersion: 0.2.0\nkind: data-schema\nid: 0b6f3f8e-5f0b-4a0d-9a40-1c7c2e5d9a05\nname: loans\nversion: 1.0.0\n\
                      status: Active\nfields: [{name: income, type: number, constraints: {minimum: 0}}, {name: age, type: integer}]\n";

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("loans.data-schema.yml"), SCHEMA).unwrap();
    folder
}

fn check(folder: &Path, format: &str, arguments: &[&str]) -> (i32, String, String) {
    run(folder, &[&["check", "--isolated", "--format", format][..], arguments].concat(), b"")
}

/// Returns the report as JSON, and the exit code.
fn report(folder: &Path, arguments: &[&str]) -> (i32, Value) {
    let (code, out, err) = check(folder, "json", arguments);
    (code, serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}")))
}

const BY_SCHEMA: [&str; 2] = ["--schema", "loans.data-schema.yml"];

fn faulty_csv(rows: usize) -> String {
    "income,age\n".to_owned() + &"100,31\n-5,x\n".repeat(rows / 2)
}

/// Returns place, document and message of each finding, and the tables without their names.
fn facts(report: &Value) -> (Vec<String>, Value) {
    let of = |own: &Value| format!("{} {} {}", own["span"], own["document"], own["message"]);
    let mut tables = report["tables"].clone();
    tables.as_array_mut().unwrap().iter_mut().for_each(|own| own["path"] = Value::Null);
    (report["findings"].as_array().unwrap().iter().map(of).collect(), tables)
}

#[test]
fn compressed_tables_are_reported_as_others_are() {
    let folder = folder();
    let own = |name: &str| folder.path().join(name);
    let csv = faulty_csv(60);
    let lines = "{\"income\": 4, \"age\": 31}\n{\"age\": 3.5, \"income\": 1}\n";
    for (name, text) in [("a.csv", csv.as_str()), ("a.tsv", &csv.replace(',', "\t")), ("a.jsonl", lines)] {
        fs::write(own(name), text).unwrap();
        fs::write(own(&format!("{name}.gz")), gzip(text.as_bytes())).unwrap();
        fs::write(own(&format!("{name}.zst")), zstd(text.as_bytes())).unwrap();
        let (code, plain) = report(folder.path(), &[&[name][..], &BY_SCHEMA].concat());
        assert_eq!((code, plain["summary"]["tables"].as_u64()), (1, Some(1)), "{plain}");
        for ending in ["gz", "zst"] {
            let packed = format!("{name}.{ending}");
            let (code, other) = report(folder.path(), &[&[packed.as_str()][..], &BY_SCHEMA].concat());
            assert_eq!((code, facts(&other)), (1, facts(&plain)), "{packed}");
            // Standard input tells by its first bytes.
            let bytes = fs::read(own(&packed)).unwrap();
            let arguments =
                [&["check", "--isolated", "--format", "json", "-", "--stdin-filename", name][..], &BY_SCHEMA].concat();
            let (_, out, _) = run(folder.path(), &arguments, &bytes);
            assert_eq!(facts(&serde_json::from_str(&out).unwrap()), facts(&plain), "{packed}");
        }
        // A profile and a schema say the same, but for the digest of the file.
        let profile = |name: &str| {
            let (code, out, err) = run(folder.path(), &["profile", name, "--dataset", "loans"], b"");
            assert_eq!(code, 0, "{err}");
            let is_same =
                |line: &&str| !["datasetDigest", "id:", "performedOn"].iter().any(|own| line.starts_with(own));
            (out.lines().filter(is_same).collect::<Vec<_>>().join("\n"), out)
        };
        for ending in [".gz", ".zst"] {
            let packed = profile(&format!("{name}{ending}"));
            assert_eq!(packed.0, profile(name).0);
            let digest = mlspec_lint::digest::bytes_digest(&fs::read(own(&format!("{name}{ending}"))).unwrap());
            assert!(packed.1.contains(&digest), "{digest} {}", packed.1);
        }
        let (code, out, _) = run(folder.path(), &["infer", &format!("{name}.gz")], b"");
        assert_eq!((code, out.contains("name: \"a\"")), (0, true), "{out}");
    }
    let (code, out, _) = run(folder.path(), &["overlap", "a.csv", "a.csv.zst"], b"");
    assert_eq!((code, out.contains("100.00 %")), (1, true), "{out}");
}

#[test]
fn a_damaged_table_is_checked_up_to_the_damage() {
    let folder = folder();
    let whole = gzip(faulty_csv(200_000).as_bytes());
    for (name, bytes) in [("cut.csv.gz", &whole[..whole.len() / 2]), ("not.csv.gz", &faulty_csv(4).into_bytes()[..])] {
        fs::write(folder.path().join(name), bytes).unwrap();
        let (code, found) = report(folder.path(), &[&[name][..], &BY_SCHEMA].concat());
        let findings = found["findings"].as_array().unwrap();
        let damage: Vec<_> = findings.iter().filter(|own| own["rule"] == "document/unreadable").collect();
        assert_eq!((code, damage.len()), (1, 1), "{found}");
        let message = damage[0]["message"].as_str().unwrap();
        assert!(message.starts_with("the table cannot be read beyond byte "), "{message}");
        let rows = found["summary"]["rows"].as_u64().unwrap();
        assert_eq!(rows > 1000, name == "cut.csv.gz", "{rows}");
        // What is checked needs all of it.
        let (code, _, err) = run(folder.path(), &["profile", name], b"");
        assert_eq!((code, err.contains(name)), (3, true), "{err}");
    }
}

#[test]
fn json_lines_are_a_log_or_a_table_and_neither_takes_what_is_of_the_other() {
    let folder = folder();
    let records = clean().swap_remove(0).to_string() + "\n";
    let rows = "{\"income\": -4, \"age\": 31}\n";
    for (name, text) in [("log.jsonl", records.as_str()), ("rows.jsonl", rows)] {
        fs::write(folder.path().join(name), text).unwrap();
        fs::write(folder.path().join(format!("{name}.gz")), gzip(text.as_bytes())).unwrap();
    }
    let paths = |report: &Value, list: &str| {
        let all = report[list].as_array().cloned().unwrap_or_default();
        all.iter().map(|own| own["path"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let names = ["log.jsonl", "rows.jsonl", "log.jsonl.gz", "rows.jsonl.gz"];
    let (code, both) = report(folder.path(), &[&names[..], &BY_SCHEMA, &["--no-cross-records"]].concat());
    assert_eq!(paths(&both, "logs"), ["log.jsonl", "log.jsonl.gz"], "{both}");
    assert_eq!(paths(&both, "tables"), ["rows.jsonl", "rows.jsonl.gz"]);
    assert_eq!((code, both["summary"]["documents"].as_u64(), both["summary"]["rows"].as_u64()), (1, Some(2), Some(2)));
    let rules: Vec<_> = both["findings"].as_array().unwrap().iter().map(|own| own["rule"].as_str().unwrap()).collect();
    assert_eq!(rules, ["data/out-of-range"; 2]);
    // Of a log alone, a schema says nothing, and that is told.
    let (code, _, err) = check(folder.path(), "concise", &[&["log.jsonl"][..], &BY_SCHEMA].concat());
    assert_eq!((code, err.contains("MLSpec records are none")), (2, true), "{err}");
    // In a folder, rows are nobody's, with a schema or without.
    let (code, all) = report(folder.path(), &[".", "--no-cross-records"]);
    assert_eq!((code, paths(&all, "logs"), paths(&all, "tables").len()), (0, paths(&both, "logs"), 0), "{all}");
    // Without a schema, a named file is asked for records, and has none.
    let (code, found) = report(folder.path(), &["rows.jsonl"]);
    assert_eq!((code, paths(&found, "tables").len()), (1, 0), "{found}");
}

#[test]
fn many_findings_are_counted_in_every_format_and_the_first_are_listed() {
    let folder = folder();
    let mut csv = faulty_csv(5200);
    csv.push_str("7,8,9\n");
    fs::write(folder.path().join("a.csv"), csv).unwrap();
    let arguments = [&["a.csv", "--no-cross-records"][..], &BY_SCHEMA].concat();
    let (code, found) = report(folder.path(), &arguments);
    let groups = found["tables"][0]["groups"].as_array().unwrap();
    let group = |pointer: &str| groups.iter().find(|own| own["pointer"] == pointer).unwrap();
    for pointer in ["/income", "/age"] {
        let own = group(pointer);
        assert_eq!((&own["count"], &own["listed"]), (&2600.into(), &500.into()), "{own}");
        assert!((own["share"].as_f64().unwrap() - 2600.0 / 5201.0).abs() < 1e-12, "{own}");
    }
    assert_eq!(
        (code, found["tables"][0]["rows"].as_u64(), found["summary"]["errors"].as_u64()),
        (1, Some(5201), Some(5202))
    );
    let all = found["findings"].as_array().unwrap();
    // The rare one is listed, too, the row is told, and what is not listed is said.
    assert_eq!(all.len(), 1002);
    let rare = all.iter().find(|own| own["rule"] == "data/malformed-row").unwrap();
    assert_eq!((&rare["span"]["start"]["line"], &rare["document"]), (&5202.into(), &5200.into()), "{rare}");
    let said = "4200 more findings in this table are not listed: 2100 of data/out-of-range at /income, 2100 of data/wrong-type at /age";
    let is_said = |text: &str| text.contains(said) || (text.contains("4200 more findings") && text.contains("2100 of"));
    assert!(all.iter().any(|own| own["message"] == said), "{:?}", all.last());
    let (_, lines, _) = check(folder.path(), "jsonl", &arguments);
    let last: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    assert_eq!((lines.lines().count(), &last["tables"]), (1003, &found["tables"]));
    let (_, sarif, _) = check(folder.path(), "sarif", &arguments);
    let results: Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!((results["runs"][0]["results"].as_array().unwrap().len(), is_said(&sarif)), (1002, true));
    let (_, gitlab, _) = check(folder.path(), "gitlab", &arguments);
    let issues: Value = serde_json::from_str(&gitlab).unwrap();
    assert_eq!((issues.as_array().unwrap().len(), is_said(&gitlab)), (1002, true));
    for format in ["junit", "concise", "github", "grouped", "rdjson"] {
        let (_, text, _) = check(folder.path(), format, &arguments);
        assert!(is_said(&text), "{format}");
        assert!(text.matches("data/wrong-type").count() >= 500, "{format}");
    }
    // Reviewdog counts columns in bytes, which are not known of a cell.
    let (_, rdjson, _) = check(folder.path(), "rdjson", &arguments);
    let own: Value = serde_json::from_str(&rdjson).unwrap();
    let start = |own: &Value| own["location"]["range"]["start"].clone();
    let diagnostics = own["diagnostics"].as_array().unwrap();
    let cell = diagnostics.iter().find(|own| own["code"]["value"] == "data/wrong-type").unwrap();
    assert_eq!(start(cell), serde_json::json!({"line": 3}));
    let (_, human, _) = check(folder.path(), "human", &arguments);
    assert_eq!(human.matches("error[data/wrong-type]:").count(), 20, "{human}");
    let words = human.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("a.csv, 5201 rows:"), "{words}");
    assert!(words.contains("2600 at /age, 49.99 % of the rows; the first 20 are shown"), "{words}");
}

#[test]
fn rules_that_are_off_or_ignored_are_not_counted_as_found() {
    let folder = folder();
    fs::write(folder.path().join("a.csv"), faulty_csv(5200)).unwrap();
    let only = [&["a.csv", "--ignore", "data/wrong-type"][..], &BY_SCHEMA].concat();
    let (_, found) = report(folder.path(), &only);
    assert_eq!((&found["summary"]["errors"], &found["summary"]["suppressed"]), (&2601.into(), &0.into()), "{found}");
    let settings = "[[ignore]]\nrules = [\"data/wrong-type\"]\nfiles = [\"a.csv\"]\nreason = \"known\"\n\
                    [rules]\n\"data/out-of-range\" = \"warning\"\n";
    fs::write(folder.path().join("mlspec-lint.toml"), settings).unwrap();
    let arguments = [&["check", "--format", "json", "a.csv"][..], &BY_SCHEMA].concat();
    let (code, out, err) = run(folder.path(), &arguments, b"");
    let found: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {err}"));
    let summary = &found["summary"];
    assert_eq!((code, &summary["errors"], &summary["suppressed"]), (0, &0.into(), &2600.into()), "{found}");
    assert_eq!(summary["warnings"], 2601);
}
