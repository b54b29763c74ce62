//! Any other file in a folder of good documents is read, or counted as skipped, and does not change the findings about the others, except
//! those about their references.

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_fs::TempDir;
use mlspec_lint::rules::{self, Check};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

/// Returns the report on a folder.
fn check(folder: &Path) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"));
    command.current_dir(folder).args(["check", ".", "--isolated", "--workspace", ".", "--format", "json"]);
    let output = command.output().expect("the binary runs");
    assert!(matches!(output.status.code(), Some(0 | 1)), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("the report is JSON")
}

/// Returns good documents, and some with unresolved references, so that there are findings.
fn good() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/documents");
    let mut files: Vec<(String, String)> = fs::read_dir(folder)
        .expect("the examples are there")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yml"))
        .map(|path| (name(&path), fs::read_to_string(&path).expect("a text")))
        .collect();
    files.push((
        "wrong.yml".to_owned(),
        "mlSpecVersion: 0.1.0\nkind: datapath\nDataStore: nowhere-lake\nRelativePath: /a\n".to_owned(),
    ));
    files
}

fn name(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

/// Generates unexpected contents of a file.
fn content() -> impl Strategy<Value = Vec<u8>> {
    let cut = (any::<Index>(), any::<Index>()).prop_map(|(file, at)| {
        let files = good();
        let text = &files[file.index(files.len())].1;
        text.as_bytes()[..at.index(text.len())].to_vec()
    });
    let words = prop::sample::select(
        &[
            "kind: dataset\nmlSpecVersion: 0.1.0\nname: [\n",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n",
            "experiment_id: '1'\nlifecycle_stage: active\nrun_uuid: a\n",
            "---\n---\n---\n",
            "- a\n- b: *c\n",
            "{{ .Values.x }}\n",
            "kind: run\nmetrics: {a: 1}\n",
            "",
        ][..],
    );
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        cut,
        words.prop_map(|text| text.as_bytes().to_vec()),
        "[ -~\n]{0,120}".prop_map(String::into_bytes),
    ]
}

/// Generates names of files that are checked, and may be hard to write.
fn file_name() -> impl Strategy<Value = String> {
    ("[a-zA-Zé #%&'\\[\\]{}!~$^-]{1,12}", prop::sample::select(&["yml", "yaml", "json", "jsonl", "YML"][..]))
        .prop_map(|(stem, extension)| format!("{stem}.{extension}"))
}

/// Returns the findings about a file, except those about its references.
fn said(report: &Value, is_meant: impl Fn(&str) -> bool) -> Vec<String> {
    // Findings of workspace rules may be about the intruder: a copy of a document has its id and its name.
    let speaks_of_others = |rule: &str| {
        rules::by_id(rule).is_some_and(|rule| matches!(rule.check, Check::Workspace(_) | Check::Evidence(_)))
    };
    let findings = report["findings"].as_array().expect("findings");
    let own = findings.iter().filter(|finding| is_meant(finding["path"].as_str().unwrap_or_default()));
    let own = own.filter(|finding| !speaks_of_others(finding["rule"].as_str().unwrap_or_default()));
    own.map(|finding| format!("{} {} {} {}", finding["path"], finding["rule"], finding["message"], finding["span"]))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_lies_beside_documents_is_read_or_counted(intruders in prop::collection::btree_map(file_name(), content(), 1..4)) {
        let folder = TempDir::new().unwrap();
        let good = good();
        for (name, text) in &good {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let before = check(folder.path());
        let mut added = 0;
        for (name, bytes) in &intruders {
            // The file system may not distinguish the name from another, or not permit it.
            added += u64::from(fs::write(folder.path().join("in ").with_file_name(format!("in {name}")), bytes).is_ok());
        }
        let after = check(folder.path());
        let is_good = |path: &str| good.iter().any(|(name, _)| name == path);
        prop_assert_eq!(said(&before, is_good), said(&after, is_good));
        let number = |report: &Value, what: &str| report["summary"][what].as_u64().expect("a number");
        prop_assert_eq!(number(&after, "files"), number(&before, "files") + added);
        // Each of the others is read, has a finding, or is counted as skipped.
        let mut faulty: Vec<&str> = after["findings"].as_array().expect("findings").iter()
            .filter_map(|finding| finding["path"].as_str())
            .filter(|path| !is_good(path))
            .collect();
        faulty.dedup();
        let read = number(&after, "documents") - number(&before, "documents");
        let skipped = number(&after, "skipped") - number(&before, "skipped");
        prop_assert!(read + skipped + faulty.len() as u64 >= added, "{read} {skipped} {faulty:?} of {added}");
        // An empty document does not count, and no file is both skipped and read.
        prop_assert!(skipped <= added);
    }
}
