//! Nothing in a document or in the name of a file is a command to a CI runner or to a terminal, in any output.

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_fs::TempDir;

/// The hidden commands: one for each runner, sequences of a terminal, and a line break that begins a new line.
const HOSTILE: [&str; 5] =
    ["##[stop-commands]a", "##vso[task.setvariable]a", "##teamcity[message]", "::stop-commands::a", "a\u{1b}]0;b\u{7}"];

/// Returns documents that are hostile in keys and values, inside and near the parts that are found and fixed.
fn documents() -> Vec<(String, String)> {
    let document = |hostile: &str| {
        let quoted = hostile.replace('\u{1b}', "\\e").replace('\u{7}', "\\a");
        format!(
            "mlSpecVersion: 0.1.0\nkind: run\nid: 592f0c1c-72ae-4236-9202-7e6aff1954f4\nname: fit\nexperiment_id: card\n\
             description: |\n  ::stop-commands::a\n  ##[add-mask]e\n  ##vso[task.setvariable]\nmetrics: \n- key: acc\n  value: \"0.8\"\n\
             tags: [&a a, {{key: b, value: \"{quoted}\"}}]\nstatus: \"{quoted}\"\n\"{quoted}\": 1\n"
        )
    };
    HOSTILE
        .iter()
        .enumerate()
        .map(|(at, hostile)| (format!("{at} {hostile}\n::error::b.yml"), document(hostile)))
        .collect()
}

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in documents() {
        // Commands need `::` or a line break at the start of a line; names cannot contain `/`.
        fs::write(folder.path().join(&name), &text).unwrap();
        fs::write(folder.path().join(name.split_once(' ').unwrap().1), text).unwrap();
    }
    let pipeline = |name: &str| format!("  \"{name}\": {{cmd: a, moduleName: \"{name}\"}}\n");
    let steps: String = HOSTILE[..4].iter().map(|hostile| pipeline(hostile)).collect();
    fs::write(
        folder.path().join("pipeline.yml"),
        format!("mlSpecVersion: 0.1.0\nkind: pipeline\nname: a\nsteps:\n{steps}"),
    )
    .unwrap();
    let objective = |hostile: &str| format!("  - {{id: \"{hostile}\", expect: \"{hostile} >= 1\"}}\n");
    let objectives: String = HOSTILE[..4].iter().map(|hostile| objective(hostile)).collect();
    let head = "mlSpecVersion: 0.1.0\nkind: objectives\nid: b8c75094-30cf-424c-9146-6a8375736625\nname: o\nmodel: m\nobjectives:\n";
    fs::write(folder.path().join("objectives.yml"), format!("{head}{objectives}")).unwrap();
    folder
}

/// Returns what is wrong with output: a line that a runner executes, or a character that a terminal interprets.
fn fault(output: &str, has_commands: bool) -> Option<String> {
    let acts = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    let is_mark = |line: &str| {
        line.match_indices("##")
            .any(|(at, _)| line[at + 2..].trim_start_matches(|c: char| c.is_ascii_alphabetic()).starts_with('['))
    };
    let is_ours = |line: &str| {
        has_commands && ["::error file=", "::warning file=", "::notice file="].iter().any(|own| line.starts_with(own))
    };
    let is_command = |line: &str| line.trim_start().starts_with("::") && !is_ours(line);
    let bad = |line: &&str| is_mark(line) || is_command(line) || line.contains(acts);
    output.split('\n').find(bad).map(str::to_owned)
}

fn shown(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_mlspec-lint")).args(arguments).current_dir(folder).output().unwrap();
    String::from_utf8([output.stdout, b"\n".to_vec(), output.stderr].concat()).unwrap()
}

#[test]
fn no_format_lets_a_document_or_a_name_command_a_runner_or_a_terminal() {
    let folder = folder();
    for format in ["human", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit"] {
        let output = shown(folder.path(), &["check", ".", "--isolated", "--format", format]);
        assert!(output.contains("unknown-field") && output.contains("stop-commands"), "{output}");
        assert_eq!(fault(&output, format == "github"), None, "{format}");
    }
    for arguments in [
        &["check", ".", "--isolated", "--diff", "--unsafe-fixes"] as &[&str],
        &["kinds", "."],
        &["kinds", ".", "--format", "json"],
        &["graph", "pipeline.yml"],
        &["graph", "pipeline.yml", "--format", "dot"],
        &["graph", "pipeline.yml", "--format", "svg"],
        &["gate", "objectives.yml", "--isolated"],
        &["gate", "objectives.yml", "--isolated", "--explain"],
        &["check", "::warning::absent\n::error::a", "--isolated"],
        &["check", "--::warning::\u{1b}[2J\n##[error]", "--isolated"],
        &["explain", "##[group]\u{1b}[2J\n::warning::a"],
        &["check", "--config", "::warning::\n##[error]a.toml"],
    ] {
        let output = shown(folder.path(), arguments);
        assert!(output.len() > 20, "{arguments:?}: {output}");
        assert_eq!(fault(&output, false), None, "{arguments:?}");
    }
}

#[test]
fn no_verdict_lets_a_document_command_a_runner_or_a_terminal() {
    let folder = TempDir::new().unwrap();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/gate");
    let text = fs::read_to_string(examples.join("objectives.yml")).unwrap();
    for name in ["evaluation.yml", "test.yml"] {
        fs::copy(examples.join("candidates/fails-one-language").join(name), folder.path().join(name)).unwrap();
    }
    let id = text.lines().find_map(|line| line.trim_start().strip_prefix("- id: ")).unwrap();
    for hostile in HOSTILE {
        let quoted = hostile.replace('\u{1b}', "\\e").replace('\u{7}', "\\a");
        fs::write(folder.path().join("objectives.yml"), text.replacen(id, &format!("\"{quoted}\""), 1)).unwrap();
        for format in ["human", "json", "github", "markdown", "junit"] {
            let judge =
                ["gate", "objectives.yml", "--evaluation", "evaluation.yml", "--test", "test.yml", "--isolated"];
            let output = shown(folder.path(), &[judge.as_slice(), &["--workspace", ".", "--format", format]].concat());
            assert!(output.len() > 50, "{output}");
            assert_eq!(fault(&output, format == "github"), None, "{format}: {output}");
        }
    }
}
