//! No command shows a credential, wherever a document contains it: planted in every key and every value of the examples, by its shape and
//! by the name of its field, at the start of a text and beyond where texts are cut.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use assert_fs::TempDir;

/// Meaningless letters and digits. Credentials are assembled here, so that no file contains what scanners would mistake for one.
const NOISE: &str = "Q7m2Zr9Xk4Tb8Wn5Lc3Vf6Hj1Pd0SgQ7m2Zr";

/// Parts of the planted credentials: a text that is cut may still show the start of a credential, and one that is wrapped a part of it.
const NEEDLES: [&str; 4] = ["Q7m2Zr9X", "n5Lc3Vf6Hj", "tulip-77", "anvil9"];

fn token() -> String {
    format!("gh{}{NOISE}", "p_")
}

/// Returns the planted texts: a token, one that begins where texts are cut, and a URL that works as a key as well.
fn plants() -> [String; 3] {
    [
        token(),
        format!("a name that is nearly as long as what is shown of it, {}", token()),
        "https://app:tulip-77-anvil9@h.contoso.com/x".to_owned(),
    ]
}

fn examples(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yml"));
    files.sort();
    assert!(files.len() > 2);
    files
}

/// Returns the text with each of its keys and values in turn replaced by a planted text, and with each value under the name of a
/// credential.
fn planted(text: &str) -> Vec<String> {
    use std::sync::Arc;

    use mlspec_lint::text::Source;
    use mlspec_lint::yaml::{Framing, Limits, NodeId, parse};

    let tree = parse(Arc::new(Source::new("a.yml", text)), Limits::default(), Framing::Stream);
    let nodes = || (0..tree.documents().len()).flat_map(|document| tree.nodes(document));
    let put = |node: NodeId, with: &str| {
        let range = tree.span(node).range();
        format!("{}\"{with}\"{}", &text[..range.start], &text[range.end..])
    };
    let mut all = Vec::new();
    let mut plants = plants().into_iter().cycle();
    for node in nodes().filter(|node| tree.text(*node).is_some() && tree.resolve(*node) == *node) {
        all.extend(plants.next().map(|plant| put(node, &plant)));
        if let Some(key) = tree.key_of(node).filter(|key| tree.span(*key).end <= tree.span(node).start) {
            all.extend(plants.next().map(|plant| put(key, &plant)));
            let (key, value) = (tree.span(key).range(), tree.span(node).range());
            let (before, between, after) = (&text[..key.start], &text[key.end..value.start], &text[value.end..]);
            all.push(format!("{before}db_password{between}\"tulip-77 anvil9\"{after}"));
        }
    }
    all
}

fn assert_silent(shown: &str, what: &str) {
    for needle in NEEDLES {
        if let Some(at) = shown.find(needle) {
            let start = (0..=at.saturating_sub(300)).rev().find(|start| shown.is_char_boundary(*start)).unwrap_or(0);
            let end = (at + 100..=shown.len()).find(|end| shown.is_char_boundary(*end)).unwrap_or(shown.len());
            panic!("{what} shows {needle}: …{}…", &shown[start..end]);
        }
    }
}

/// Returns the output of a command, and what it writes into the folder as `out.*`.
fn shown(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("GITHUB_ACTIONS")
        .output()
        .unwrap();
    let mut shown = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("out.") {
            shown += &fs::read_to_string(&path).unwrap();
            fs::remove_file(&path).unwrap();
        }
    }
    shown
}

#[test]
fn no_report_shows_what_is_planted_in_any_key_or_value() {
    for path in examples("documents") {
        let folder = TempDir::new().unwrap();
        let texts = planted(&fs::read_to_string(&path).unwrap());
        assert!(texts.len() > 10);
        // Several per file, since opening a file takes longer than reading a document.
        for (number, texts) in texts.chunks(25).enumerate() {
            let name = path.file_stem().unwrap().to_string_lossy();
            fs::write(folder.path().join(format!("{name}-{number}.yml")), texts.join("\n---\n")).unwrap();
        }
        // All have the same id, which would otherwise be most of the report.
        fs::write(folder.path().join("mlspec-lint.toml"), "[rules]\n\"naming/duplicate-id\" = \"off\"\n").unwrap();
        let what = path.display();
        let output = shown(folder.path(), &["check", ".", "--format", "human", "-o", "out.human", "--format", "sarif"]);
        assert!(output.contains("security/"), "{what}: {output}");
        assert_silent(&output, &format!("check of {what}"));
        assert_silent(&shown(folder.path(), &["kinds", "."]), &format!("kinds of {what}"));
        for format in ["html", "json"] {
            let report = shown(folder.path(), &["report", ".", "--format", format]);
            assert!(report.contains("security/"), "{what}: {report}");
            assert_silent(&report, &format!("the governance report of {what} as {format}"));
        }
        assert_silent(
            &shown(folder.path(), &["check", ".", "--diff", "--unsafe-fixes"]),
            &format!("the difference of {what}"),
        );
    }
}

#[test]
fn no_drawing_shows_what_is_planted_in_a_pipeline() {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/documents/pipeline.yml")).unwrap();
    let folder = TempDir::new().unwrap();
    for (number, texts) in planted(&text).chunks(100).enumerate() {
        let name = format!("{number}.yml");
        fs::write(folder.path().join(&name), texts.join("\n---\n")).unwrap();
        for format in ["mermaid", "dot", "svg"] {
            let drawing = shown(folder.path(), &["graph", &name, "--isolated", "--format", format]);
            assert!(drawing.contains("prepare"), "{drawing}");
            assert_silent(&drawing, format);
        }
    }
}

/// Returns a folder with the evidence of a gate.
fn candidate() -> TempDir {
    let folder = TempDir::new().unwrap();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/gate");
    let all = [
        "objectives.yml",
        "production.run.yml",
        "data/calls-holdback.dataset.yml",
        "data/calls-validation.dataset.yml",
    ];
    let own = ["evaluation.yml", "test.yml"].map(|name| format!("candidates/fails-one-language/{name}"));
    for name in all.into_iter().chain(own.iter().map(String::as_str)) {
        let to = folder.path().join(name.rsplit('/').next().unwrap());
        fs::copy(examples.join(name), to).unwrap();
    }
    folder
}

#[test]
fn no_verdict_shows_what_is_planted_in_the_documents_of_a_gate() {
    let gate = [
        "gate",
        "objectives.yml",
        "--evaluation",
        "evaluation.yml",
        "--test",
        "test.yml",
        "--baseline",
        "production.run.yml",
    ];
    let formats = ["human", "json", "github", "markdown", "junit"];
    let outputs: Vec<String> = formats.iter().map(|name| format!("out.{name}")).collect();
    let formats = formats.iter().zip(&outputs).flat_map(|(name, output)| ["--format", name, "-o", output]);
    let judge: Vec<&str> = gate.into_iter().chain(["--isolated", "--workspace", "."]).chain(formats).collect();
    // Evidence in which the credential is found is refused, and the refusal names the rule.
    let mut told = 0;
    for name in ["objectives.yml", "evaluation.yml", "test.yml", "production.run.yml"] {
        let folder = candidate();
        let path = folder.path().join(name);
        let text = fs::read_to_string(&path).unwrap();
        for (number, planted) in planted(&text).iter().enumerate().step_by(4) {
            fs::write(&path, planted).unwrap();
            let verdict = shown(folder.path(), &judge);
            told += usize::from(verdict.contains("<testsuite") || verdict.contains("security/"));
            assert_silent(&verdict, &format!("the verdict with plant {number} in {name}"));
            if name == "objectives.yml" {
                assert_silent(&shown(folder.path(), &["gate", name, "--explain", "--isolated"]), "--explain");
                assert_silent(&shown(folder.path(), &["gate", name, "--self-test", "--isolated"]), "--self-test");
            }
        }
    }
    assert!(told > 20, "{told}");
}

#[test]
fn no_lineage_shows_what_is_planted_in_a_document() {
    for path in examples("documents") {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if !["run", "model", "artifact", "evaluation", "inference-log"].contains(&name.as_str()) {
            continue;
        }
        let folder = TempDir::new().unwrap();
        let mut told = 0;
        for planted in planted(&fs::read_to_string(&path).unwrap()).iter().step_by(3) {
            fs::write(folder.path().join("a.yml"), planted).unwrap();
            for format in ["human", "json", "mermaid"] {
                let lineage = shown(folder.path(), &["lineage", "a.yml", "--isolated", "--format", format]);
                told += usize::from(lineage.contains(&name));
                assert_silent(&lineage, &format!("lineage of {name}"));
            }
            let questions: &[&str] = if name == "run" { &["hyperparameters", "metrics", "locations"] } else { &[] };
            for question in questions {
                let answers = shown(folder.path(), &["lineage", "a.yml", "--isolated", "--question", question]);
                assert_silent(&answers, question);
            }
            assert_silent(&shown(folder.path(), &["coverage", "--isolated"]), &format!("coverage of {name}"));
        }
        assert!(told > 10, "{name}: {told}");
    }
}
