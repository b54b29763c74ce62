//! Terminal output: lines that fit, words that are not broken, colors if they are wanted.

use std::path::Path;
use std::process::Command;

use unicode_width::UnicodeWidthStr;

/// Returns the output of a command in the folder of the examples; of the variables about color and width, only `variables` are set.
fn printed(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlspec-lint"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"));
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "GITHUB_ACTIONS"] {
        command.env_remove(variable);
    }
    let output = command.args(arguments).env("LC_ALL", "C.UTF-8").envs(variables.iter().copied()).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Returns a text as one line, without the prefixes of continued lines.
fn unwrapped(text: &str) -> String {
    let lines = text.lines().map(|line| line.trim_start().trim_start_matches("│ ").trim());
    lines.collect::<Vec<_>>().join(" ")
}

#[test]
fn reports_fit_the_terminal_and_part_no_word() {
    let json = printed(&["check", "broken", "--format", "json"], &[]);
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.len() > 20);
    for width in [60, 80, 120] {
        let text = printed(&["check", "broken", "--format", "human"], &[("COLUMNS", &width.to_string())]);
        // Paths are copied from the head of a snippet, so they are not broken either.
        for line in text.lines().filter(|line| !line.contains("╭─[")) {
            let words = line.trim_start_matches([' ', '│']).trim_start_matches("note: ");
            assert!(line.width() <= width || !words.contains(' '), "{width}: {line}");
        }
        let whole = unwrapped(&text);
        for finding in findings {
            for part in ["message", "help"].iter().filter_map(|part| finding[part].as_str()) {
                assert!(whole.contains(&unwrapped(part)), "{width}: {part}\n{text}");
            }
            for fix in finding["fixes"].as_array().unwrap().iter().take(1) {
                assert!(whole.contains(fix["title"].as_str().unwrap()), "{width}: {fix}\n{text}");
            }
            for related in finding["related"].as_array().unwrap().iter() {
                let message = related["message"].as_str().unwrap();
                let words: Vec<&str> = message.split(' ').collect();
                assert!(words.iter().all(|word| whole.contains(word)), "{width}: {message}\n{text}");
            }
        }
    }
}

#[test]
fn without_a_terminal_and_columns_there_are_eighty() {
    let report = |columns: &[(&str, &str)]| printed(&["check", "broken", "--format", "human"], columns);
    assert_eq!(report(&[]), report(&[("COLUMNS", "80")]));
    assert_eq!(report(&[("COLUMNS", "wide")]), report(&[("COLUMNS", "80")]));
    assert_eq!(report(&[("COLUMNS", "0")]), report(&[("COLUMNS", "80")]));
    assert_ne!(report(&[("COLUMNS", "100")]), report(&[("COLUMNS", "80")]));
}

/// Returns the verdict on a candidate of the examples; the width is that of the environment, if it is set.
fn verdict(variables: &[(&str, &str)]) -> String {
    let folder = "gate/candidates/fails-one-language";
    let [evaluation, test] = ["evaluation", "test"].map(|name| format!("{folder}/{name}.yml"));
    printed(
        &["gate", "gate/objectives.yml", "--evaluation", &evaluation, "--test", &test, "--color", "never"],
        variables,
    )
}

#[test]
fn verdicts_fit_the_terminal() {
    let piped = verdict(&[]);
    assert!(piped.lines().any(|line| line.width() > 100), "{piped}");
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    for width in [60, 80, 120] {
        let text = verdict(&[("COLUMNS", &width.to_string())]);
        for line in text.lines() {
            // Paths are copied, so they are not broken.
            assert!(
                line.width() <= width || !line.trim_start().contains(' ') || line.contains("candidates/"),
                "{width}: {line}"
            );
        }
        assert_eq!(words(&text), words(&piped), "{width}");
    }
}

#[test]
fn lists_of_rules_fit_the_terminal_and_have_a_line_for_each_where_they_are_piped() {
    let piped = printed(&["rules"], &[]);
    assert_eq!(piped.lines().count(), mlspec_lint::rules::all().len());
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    for width in [40, 60, 80, 120] {
        for command in [&["rules"] as &[&str], &["explain", "objective", "--format", "human"]] {
            let text = printed(command, &[("COLUMNS", &width.to_string())]);
            // The columns of a long id are wider than 40.
            let wide = text.lines().find(|line| line.width() > width.max(60) && line.contains(' '));
            assert_eq!(wide, None, "{width}");
            assert_eq!(words(&text), words(&printed(command, &[])), "{width}");
        }
    }
}

#[test]
fn errors_come_before_warnings_and_those_before_infos() {
    let text = printed(&["check", "broken/objectives", "--format", "human"], &[]);
    let rank = |line: &str| ["  error[", "  warning[", "  info["].iter().position(|head| line.starts_with(head));
    let mut ranks: Vec<(String, usize)> = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(rank) = rank(line) {
            let head = lines.find(|line| line.contains("╭─[")).unwrap();
            let file = head.split('[').nth(1).unwrap().split(':').next().unwrap();
            ranks.push((file.to_owned(), rank));
        }
    }
    assert!(ranks.len() > 4 && ranks.iter().any(|(_, rank)| *rank > 0), "{ranks:?}");
    assert!(ranks.is_sorted(), "{ranks:?}");
}

#[test]
fn colour_is_used_where_it_is_wanted() {
    let commands: [&[&str]; 6] = [
        &["check", "broken", "--format", "concise"],
        &["check", "broken", "--format", "human"],
        &["check", "broken", "--diff"],
        &["check", "broken", "--statistics"],
        &["explain", "naming", "--format", "human"],
        &["explain", "naming/id-too-long", "--format", "human"],
    ];
    for command in commands {
        let has_color = |more: &[&str], variables: &[(&str, &str)]| {
            let text = printed(&[command, more].concat(), variables);
            assert!(text.len() > 100, "{command:?}");
            text.contains('\u{1b}')
        };
        assert!(!has_color(&[], &[]), "{command:?}");
        assert!(has_color(&[], &[("CLICOLOR_FORCE", "1")]), "{command:?}");
        // The decision is made by the same code for all of them.
        if command != commands[0] {
            continue;
        }
        assert!(has_color(&["--color", "always"], &[]), "{command:?}");
        assert!(has_color(&["--color", "always"], &[("NO_COLOR", "1")]), "{command:?}");
        assert!(!has_color(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]), "{command:?}");
        assert!(!has_color(&[], &[("NO_COLOR", "1")]), "{command:?}");
    }
}

#[test]
fn a_page_is_markdown_where_it_is_piped() {
    let page = printed(&["explain", "naming/id-too-long"], &[]);
    assert_eq!(page, printed(&["explain", "naming/id-too-long", "--format", "markdown"], &[]));
    assert!(page.starts_with("# naming/id-too-long\n") && page.contains("```yaml\n"), "{page}");
    let shown = printed(&["explain", "naming/id-too-long", "--format", "human"], &[]);
    assert!(shown.starts_with("naming/id-too-long\n") && !shown.contains("```"), "{shown}");
}

#[test]
fn a_family_is_explained_by_its_rules() {
    let shown = printed(&["explain", "document", "--format", "human"], &[]);
    let count = mlspec_lint::rules::select("document").len();
    assert!(shown.starts_with(&format!("'document' is a family of {count} rules:\n\n")), "{shown}");
    for rule in mlspec_lint::rules::select("document") {
        assert!(shown.contains(rule.id), "{}", rule.id);
    }
    let json = printed(&["explain", "document", "--format", "json"], &[]);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap().as_array().unwrap().len(), count);
}
