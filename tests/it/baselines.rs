//! The findings that a baseline records stay hidden: no matter in which folder the tool is started, what is written above them, and where
//! the files are moved. Reports for CI name files relative to the root of the repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use assert_fs::TempDir;

const RUN: &str = "mlSpecVersion: 0.1.0\nkind: run\nid: 592f0c1c-72ae-4236-9202-7e6aff1954f4\nname: f i t\nexperiment_id: card\nmetrics:\n\
    - key: auc\n  value: \"0.5\"\n- key: recall\n  value: \"0.8\"\n";

/// Runs `check` in a folder; returns its exit code and output.
fn check(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .arg("check")
        .args(arguments)
        .current_dir(folder)
        .env_remove("GITHUB_ACTIONS")
        .output()
        .unwrap();
    (output.status.code().unwrap(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

/// Returns a repository with known findings, and its real path.
fn repository() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let root = fs::canonicalize(folder.path()).unwrap();
    fs::create_dir(root.join(".git")).unwrap();
    fs::create_dir_all(root.join("sub/deep")).unwrap();
    fs::write(root.join("sub/a.yml"), RUN).unwrap();
    let (code, said) = check(&root, &[".", "--write-baseline", "known.json"]);
    assert_eq!((code, said.as_str()), (0, "Recorded 3 findings in known.json.\n"));
    (folder, root)
}

#[test]
fn a_baseline_holds_in_every_folder() {
    let (_guard, root) = repository();
    let known = root.join("known.json");
    let (known, sub) = (known.to_str().unwrap(), root.join("sub"));
    let absolute = sub.join("a.yml");
    for (folder, path) in [
        (root.as_path(), "."),
        (&root, "sub"),
        (&root, "./sub/../sub/a.yml"),
        (&root, absolute.to_str().unwrap()),
        (&sub, "."),
        (&sub, "a.yml"),
        (&sub.join("deep"), "../a.yml"),
        (root.parent().unwrap(), absolute.to_str().unwrap()),
        (root.parent().unwrap(), root.file_name().unwrap().to_str().unwrap()),
    ] {
        let (code, said) = check(folder, &[path, "--baseline", known, "--format", "concise"]);
        assert!(
            code == 0 && said.contains("3 suppressed") && !said.contains("note"),
            "{} {path}: {said}",
            folder.display()
        );
    }
}

#[test]
fn a_baseline_outlives_what_is_written_above_and_where_files_are_moved() {
    let (guard, root) = repository();
    let path = root.join("sub/a.yml");
    let all_hidden = |folder: &Path| {
        let (code, said) = check(folder, &[".", "--baseline", "known.json", "--format", "concise"]);
        assert!(code == 0 && said.contains("3 suppressed") && !said.contains("note"), "{said}");
    };
    fs::write(&path, RUN.replace("metrics:\n", "metrics:\n- key: first\n  value: 0.1\n")).unwrap();
    all_hidden(&root);
    fs::rename(root.join("sub"), root.join("moved")).unwrap();
    all_hidden(&root);
    // A new file beside the known ones is not treated as moved.
    fs::create_dir(root.join("sub")).unwrap();
    fs::write(root.join("sub/a.yml"), RUN).unwrap();
    let (code, said) = check(&root, &[".", "--baseline", "known.json", "--format", "concise"]);
    assert!(code == 1 && said.contains("3 suppressed") && said.contains("moved/a.yml"), "{said}");
    let elsewhere = guard.path().with_extension("renamed");
    fs::remove_dir_all(root.join("moved")).unwrap();
    fs::rename(&root, &elsewhere).unwrap();
    all_hidden(&elsewhere);
    fs::rename(&elsewhere, &root).unwrap();
}

#[test]
fn what_cannot_be_read_is_never_hidden() {
    let (_guard, root) = repository();
    let broken = format!("{RUN}tags: [\n");
    fs::write(root.join("sub/broken.yml"), &broken).unwrap();
    let (code, said) = check(&root, &[".", "--write-baseline", "known.json"]);
    assert_eq!(code, 0);
    assert!(
        said.contains("Recorded 3 findings") && said.contains("1 finding about logs, tables and what cannot be read"),
        "{said}"
    );
    let (code, said) = check(&root, &[".", "--baseline", "known.json", "--format", "concise"]);
    assert!(code == 1 && said.contains("document/yaml-syntax") && said.contains("3 suppressed"), "{said}");
    // Nor by an entry of a baseline that was written otherwise.
    let (_, report) = check(&root, &["sub/broken.yml", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(report.split("\nerror").next().unwrap()).unwrap();
    let mut entry = report["findings"][0].clone();
    entry["path"] = "sub/broken.yml".into();
    let known = serde_json::json!({"version": 1, "findings": [entry]});
    fs::write(root.join("other.json"), known.to_string()).unwrap();
    let (code, said) = check(&root, &["sub/broken.yml", "--baseline", "other.json", "--format", "concise"]);
    assert!(code == 1 && said.contains("document/yaml-syntax") && said.contains("may hold anything"), "{said}");
    // A rule that is off is the decision of whoever switched it off, but what it would have said is told.
    fs::write(root.join("sub/a.yml"), RUN.replace("f i t", "fit").replace('"', "")).unwrap();
    for arguments in [&["--ignore", "document"][..], &["--ignore", "document/yaml-syntax", "--format", "json"]] {
        let (_, said) = check(&root, &[&["."], arguments].concat());
        assert!(said.contains("not checked, since") && said.contains("sub/broken.yml"), "{said}");
    }
}

#[test]
fn a_text_in_wide_characters_is_not_passed_over() {
    let (_guard, root) = repository();
    fs::write(root.join("sub/a.yml"), RUN.replace("f i t", "fit").replace('"', "")).unwrap();
    let wide = |text: &str, unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
    let four = |text: &str, unit: fn(u32) -> [u8; 4]| text.chars().flat_map(|c| unit(c as u32)).collect::<Vec<u8>>();
    for (content, encoding) in [
        (wide(RUN, u16::to_le_bytes), "UTF-16"),
        (wide(RUN, u16::to_be_bytes), "UTF-16"),
        (wide(&RUN.replace("card", "Müller"), u16::to_le_bytes), "UTF-16"),
        (four(RUN, u32::to_le_bytes), "UTF-32"),
        (four(RUN, u32::to_be_bytes), "UTF-32"),
    ] {
        fs::write(root.join("sub/wide.yml"), content).unwrap();
        let (code, said) = check(&root, &[".", "--format", "concise"]);
        assert!(code == 1 && said.contains(&format!("the file is {encoding}, not UTF-8")), "{said}");
    }
    // What is no document is none in any encoding.
    fs::write(root.join("sub/wide.yml"), wide("a: 1\n", u16::to_le_bytes)).unwrap();
    let (code, said) = check(&root, &[".", "--format", "concise"]);
    assert!(code == 0 && said.contains("1 not UTF-8"), "{said}");
}

#[test]
fn a_finding_that_is_new_is_shown() {
    let (_guard, root) = repository();
    let more = "- key: f1\n  value: \"0.9\"\n";
    fs::write(root.join("sub/a.yml"), format!("{RUN}{more}")).unwrap();
    let (code, said) = check(&root, &[".", "--baseline", "known.json", "--format", "concise"]);
    assert!(code == 1 && said.contains("sub/a.yml:12:10") && said.contains("3 suppressed"), "{said}");
}

#[test]
fn reports_for_ci_name_files_from_the_root_of_the_repository() {
    let (_guard, root) = repository();
    for (format, expected) in
        [("github", "file=sub/a.yml,"), ("gitlab", "\"path\": \"sub/a.yml\""), ("sarif", "\"uri\": \"sub/a.yml\"")]
    {
        let (_, said) = check(&root.join("sub"), &[".", "--format", format]);
        assert!(said.replace(":\"", ": \"").contains(expected), "{format}: {said}");
        let (_, said) = check(&root.join("sub/deep"), &["../a.yml", "--format", format]);
        assert!(said.replace(":\"", ": \"").contains(expected), "{format}: {said}");
    }
    // Reports for people are relative to the current folder.
    assert!(check(&root.join("sub"), &[".", "--format", "concise"]).1.starts_with("a.yml:4:7"));
}
