//! Files in Parquet, as pyarrow and Polars write them (`tests/parquet/write.py`): records and tables are checked as those of other formats are.

use std::path::Path;
use std::process::{Command, Output};

use assert_fs::TempDir;

/// Runs a command in a folder with the files of `tests/parquet`.
fn run(arguments: &[&str], others: &[(&str, &[u8])]) -> Output {
    let folder = TempDir::new().unwrap();
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parquet");
    for name in ["nested.parquet", "dotted.parquet", "loans.parquet"] {
        std::fs::copy(files.join(name), folder.path().join(name)).unwrap();
    }
    for (name, content) in others {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    Command::new(env!("CARGO_BIN_EXE_mlspec-lint")).args(arguments).current_dir(folder.path()).output().unwrap()
}

#[cfg(not(feature = "parquet"))]
#[test]
fn a_build_without_parquet_says_which_has_it() {
    for command in [&["check"][..], &["profile"], &["infer"], &["overlap", "dotted.parquet"]] {
        let output = run(&[command, &["loans.parquet"]].concat(), &[]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{command:?} {said}");
        assert!(said.contains("does not read Parquet") && said.contains("--features parquet"), "{said}");
    }
}

#[cfg(feature = "parquet")]
mod with_parquet {
    use serde_json::Value;

    use super::run;

    const SCHEMA: &[u8] = b"mlSpecVersion: 0.2.0\nkind: data-schema\nid: 0b6f3f8e-5f0b-4a0d-9a40-1c7c2e5d9a05\nname: loans\nversion: 1.0.0\n\
        status: Active\nfieldsMatch: exact\nfields:\n\
        \x20 - {name: id, type: string, constraints: {unique: true}}\n  - {name: income, type: number, constraints: {minimum: 0}}\n\
        \x20 - {name: age, type: integer, constraints: {minimum: 18}, presence: {minimum: 0.9}}\n  - {name: rate, type: number}\n\
        \x20 - {name: opened_on, type: date}\n  - {name: changed_at, type: datetime}\n  - {name: defaulted, type: boolean}\n\
        \x20 - {name: tags, type: list}\n";

    /// Returns `line rule pointer` of each finding, and the whole report.
    fn found(arguments: &[&str], others: &[(&str, &[u8])]) -> (Vec<String>, Value) {
        let output = run(&[&["check", "--format", "json"], arguments].concat(), others);
        let report: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
        let line = |own: &Value| {
            let text = |name: &str| own[name].as_str().unwrap_or_default();
            format!("{} {} {}", own["span"]["start"]["line"], text("rule"), text("pointer"))
        };
        (report["findings"].as_array().unwrap().iter().map(line).collect(), report)
    }

    #[test]
    fn parquet_of_records_is_a_log_whose_lines_are_its_rows() {
        let (places, report) = found(&["nested.parquet"], &[]);
        assert_eq!(
            places,
            [
                "14 inference/latency-negative-or-unitless /requestInfo/requestLatencyMs",
                "18 inference/missing-attribute /requestInfo"
            ],
            "{report}"
        );
        assert_eq!((&report["summary"]["documents"], &report["logs"][0]["lines"]), (&20.into(), &20.into()));
        let (places, report) = found(&["dotted.parquet"], &[]);
        assert_eq!(places, ["4 inference/latency-negative-or-unitless /requestInfo/requestLatencyMs"], "{report}");
        // A schema does not make a table of them.
        let (places, _) =
            found(&["nested.parquet", "loans.parquet", "--schema", "schema.yml"], &[("schema.yml", SCHEMA)]);
        assert!(places.iter().any(|own| own.starts_with("14 inference/")), "{places:?}");
    }

    #[test]
    fn parquet_of_data_is_a_table_with_its_own_types() {
        let (places, report) = found(&["loans.parquet", "--schema", "schema.yml"], &[("schema.yml", SCHEMA)]);
        assert_eq!(places, ["8 data/out-of-range /age", "12 data/not-finite /rate"], "{report}");
        assert_eq!(report["summary"]["rows"], 30);
        // Without a schema, that is said.
        assert_eq!(found(&["loans.parquet"], &[]).0, ["1 data/no-schema "]);
        let output = run(&["infer", "loans.parquet"], &[]);
        let text = String::from_utf8(output.stdout).unwrap();
        for field in ["name: \"id\"", "name: \"opened_on\"", "name: \"tags\""] {
            assert!(text.contains(field), "{text}");
        }
        let output = run(&["profile", "loans.parquet", "--format", "json"], &[]);
        let profile: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(profile["rows"], 30, "{profile}");
        let digest = profile["datasetDigest"].as_str().unwrap_or_default();
        assert!(digest.starts_with("sha256:"), "{profile}");
        let output = run(&["overlap", "loans.parquet", "loans.parquet"], &[]);
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    }

    #[test]
    fn parquet_that_cannot_be_read_is_a_finding() {
        let nested = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/parquet/nested.parquet")).unwrap();
        let cut = &nested[..nested.len() / 2];
        for (name, content) in [("a.parquet", cut), ("a.parquet", b"kind: run\n"), ("a.parquet", b"")] {
            let (places, report) = found(&[name], &[(name, content)]);
            assert_eq!(places, ["1 document/unreadable "], "{report}");
        }
        // The first row group is checked.
        let mut damaged = nested.clone();
        let second = memchr::memmem::find(&damaged, b"req-10").unwrap_or(damaged.len() / 2);
        damaged[second..second + 40].fill(0xff);
        let (places, report) = found(&["a.parquet"], &[("a.parquet", &damaged)]);
        assert!(places.iter().any(|own| own.contains("document/unreadable")), "{report}");
        assert!(report.to_string().contains("row group 1, column "), "{report}");
    }
}
