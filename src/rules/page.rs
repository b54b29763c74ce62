//! The page of a rule: its doc comment as Markdown, with what the declaration says of the rule.

use std::fmt::Write;

use super::Rule;
use crate::diagnostics::{FixKind, RuleMeta};

/// The page of a rule, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<'a> {
    /// The first paragraph: one sentence.
    pub summary: &'a str,
    /// Everything below it, examples included, as Markdown.
    pub body: String,
}

/// A code block of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// What stands behind the opening fence: `yaml`, or `text` where YAML cannot show it.
    pub language: String,
    /// The code.
    pub text: String,
}

/// Rules whose findings no comment can suppress: there is no comment to read, or they are about the comments.
const BEYOND_COMMENTS: &[&str] = &[
    "document/not-utf8",
    "document/too-large",
    "document/unreadable",
    "document/yaml-syntax",
    "suppression/unknown-rule",
    "suppression/unused",
];

/// Takes the page of a rule apart.
#[must_use]
pub fn page(rule: &RuleMeta) -> Page<'_> {
    let docs = rule.docs.trim();
    let (summary, body) = docs.split_once('\n').unwrap_or((docs, ""));
    let body: Vec<&str> = body.lines().map(dedented).collect();
    Page { summary: summary.trim(), body: body.join("\n").trim().to_owned() }
}

/// What a rule demands, in one sentence.
#[must_use]
pub fn summary(rule: &RuleMeta) -> &str {
    page(rule).summary
}

/// The whole page, as it is published in `spec/rules/<family>/<name>.md`.
#[must_use]
pub fn markdown(rule: &Rule) -> String {
    let Page { summary, body } = page(rule);
    let kinds = match rule.kinds {
        [] => "all".to_owned(),
        kinds => kinds.iter().map(|kind| format!("`{kind}`")).collect::<Vec<_>>().join(", "),
    };
    let fix = match rule.fix {
        FixKind::None => "none",
        FixKind::Safe => "`--fix`",
        FixKind::Unsafe => "`--unsafe-fixes`",
    };
    let facts = [
        ("severity", rule.severity.name()),
        ("kinds", &kinds),
        ("fix", fix),
        ("since", rule.since),
        ("source", &rule.source.replace('|', "\\|")),
    ];
    let mut text = format!("# {}\n\n{summary}\n\n| | |\n|---|---|\n", rule.id);
    for (name, value) in facts {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| {name} | {value} |");
    }
    let _ = write!(text, "\n{body}\n\n{}", silencing(rule));
    text
}

/// How the rule is silenced, in one place and everywhere.
fn silencing(rule: &RuleMeta) -> String {
    let id = rule.id;
    let config = format!("in `mlspec-lint.toml`:\n```toml\n[rules]\n\"{id}\" = \"off\"\n```\n");
    if BEYOND_COMMENTS.contains(&id) {
        return format!("## Silence\nA comment cannot suppress this finding. Switch the rule off {config}");
    }
    format!(
        "## Silence\nFor one place, with the reason:\n```yaml\n# mlspec: ignore[{id}] why this is right here\n```\n\
         Everywhere, {config}"
    )
}

/// The code blocks under a heading such as `Fails`, in their order.
#[must_use]
pub fn examples(rule: &RuleMeta, heading: &str) -> Vec<Example> {
    let body = page(rule).body;
    let mut examples = Vec::new();
    let mut is_below = false;
    let mut open: Option<Example> = None;
    for line in body.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(example), None) => {
                example.text.push_str(line);
                example.text.push('\n');
            }
            (Some(_), Some(_)) => examples.extend(open.take().filter(|_| is_below)),
            (None, Some(language)) => {
                open = Some(Example { language: language.trim().to_owned(), text: String::new() })
            }
            (None, None) => {
                if let Some(name) = line.strip_prefix("## ") {
                    is_below = name.trim() == heading;
                }
            }
        }
    }
    examples
}

/// A line of a doc comment without the space behind its slashes.
fn dedented(line: &str) -> &str {
    line.strip_prefix(' ').unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::declare_rule;

    declare_rule! {
        /// A field must stand somewhere.
        ///
        /// It really must.
        ///
        /// ## Fails
        /// ```yaml
        /// a:
        ///   b: 1
        /// ```
        /// Or nothing at all:
        /// ```text
        /// ## Passes
        /// ```
        ///
        /// ## Passes
        /// ```yaml
        /// a: 1
        /// ```
        pub SAMPLE = {
            id: "document/too-large",
            severity: Warning,
            since: "0.1.0",
            fix: Safe,
            source: "a | b",
            kinds: [Run],
            check: Reader,
        }
    }

    #[test]
    fn a_page_is_taken_apart_and_put_together() {
        assert_eq!(summary(&SAMPLE), "A field must stand somewhere.");
        let texts = |heading| examples(&SAMPLE, heading).into_iter().map(|example| example.text).collect::<Vec<_>>();
        assert_eq!(texts("Fails"), ["a:\n  b: 1\n", "## Passes\n"]);
        assert_eq!(texts("Passes"), ["a: 1\n"]);
        assert_eq!(texts("Fix"), [""; 0]);
        let markdown = markdown(&SAMPLE);
        assert!(markdown.starts_with("# document/too-large\n\nA field must stand somewhere.\n\n| | |\n"), "{markdown}");
        assert!(
            markdown.contains(
                "| kinds | `run` |\n| fix | `--fix` |\n| since | 0.1.0 |\n| source | a \\| b |\n\nIt really must.\n"
            ),
            "{markdown}"
        );
        assert!(markdown.contains("```yaml\na:\n  b: 1\n```"), "{markdown}");
    }
}
