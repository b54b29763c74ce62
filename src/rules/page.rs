//! The page of a rule: its doc comment as Markdown, with the metadata of its declaration.

use std::fmt::Write;

use super::{Rule, bases, is_about_reading};
use crate::diagnostics::{FixKind, RuleMeta};

/// The parts of a rule's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<'a> {
    /// The first paragraph: one sentence.
    pub summary: &'a str,
    /// The Markdown below it, examples included.
    pub body: String,
}

/// A code block of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Example {
    /// The first word after the opening fence: `yaml`, or `text` where YAML cannot show it.
    pub language: String,
    /// The names of the documents that complete it, separated by commas: see [`bases`]. Empty if it is complete.
    pub bases: String,
    /// The lines that matter, as written on the page.
    pub shown: String,
    /// The complete code. If a base does not exist, only the lines that matter.
    pub text: String,
    /// Its side of a change, for rules that compare revisions.
    pub side: Side,
    /// For the later side of a change, the complete code of the earlier one.
    pub before: Option<String>,
}

/// A side of a change: the word `before` or `after` behind the language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// The code is about no change.
    #[default]
    None,
    /// What was.
    Before,
    /// What is.
    After,
}

impl Side {
    /// Returns the line above the code on a page.
    fn caption(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Before => "Before:\n",
            Self::After => "After:\n",
        }
    }
}

/// Whether the findings of a rule cannot be suppressed by a comment: the text has no readable comments, as tables have
/// none, or the finding is about one.
#[must_use]
pub fn is_beyond_comments(rule: &RuleMeta) -> bool {
    is_about_reading(rule) || matches!(rule.family(), "data" | "suppression")
}

/// Splits the page of a rule into its parts.
#[must_use]
pub fn page(rule: &RuleMeta) -> Page<'_> {
    let docs = rule.docs.trim();
    let (summary, body) = docs.split_once('\n').unwrap_or((docs, ""));
    let body: Vec<&str> = body.lines().map(dedented).collect();
    Page { summary: summary.trim(), body: body.join("\n").trim().to_owned() }
}

/// Returns the first sentence of a rule's page: what the rule demands.
#[must_use]
pub fn summary(rule: &RuleMeta) -> &str {
    page(rule).summary
}

/// Returns the page for a terminal, with complete examples.
#[must_use]
pub fn markdown(rule: &Rule) -> String {
    written(rule, |example| fenced(&example.language, &example.text))
}

/// Returns the page that is published as `spec/rules/<family>/<name>.md`. An example shows the lines that matter; the complete documents,
/// which can be copied and run, are folded away below it.
#[must_use]
pub fn published(rule: &Rule) -> String {
    written(rule, |example| {
        let shown = fenced(&example.language, &example.shown);
        if example.bases.is_empty() {
            return shown;
        }
        let complete = fenced(&example.language, &example.text);
        format!("{shown}\n<details><summary>The complete example</summary>\n\n{complete}\n</details>\n\n")
    })
}

fn fenced(language: &str, code: &str) -> String {
    format!("```{language}\n{code}```\n")
}

fn written(rule: &Rule, example: impl Fn(&Example) -> String) -> String {
    let Page { summary, body } = page(rule);
    let mut text = String::new();
    for part in parts(&body) {
        match part {
            // One blank line is enough.
            PagePart::Line("") if text.ends_with("\n\n") => {}
            PagePart::Line(line) => text.extend([line, "\n"]),
            PagePart::Example(own) => text.extend([own.side.caption(), &example(&own)]),
        }
    }
    let body = text.trim_end();
    let kinds = match rule.kinds.is_all() {
        true => "all".to_owned(),
        false => rule.kinds.named().iter().map(|kind| format!("`{kind}`")).collect::<Vec<_>>().join(", "),
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

/// Explains how to silence the rule, in one place and everywhere.
fn silencing(rule: &RuleMeta) -> String {
    let id = rule.id;
    let config = format!("in `mlspec-lint.toml`:\n```toml\n[rules]\n\"{id}\" = \"off\"\n```\n");
    if is_beyond_comments(rule) {
        return format!("## Silence\nA comment cannot suppress this finding. Switch the rule off {config}");
    }
    format!(
        "## Silence\nFor one place, with the reason:\n```yaml\n# mlspec: ignore[{id}] why this is right here\n```\n\
         Everywhere, {config}"
    )
}

/// Returns the code blocks under a heading such as `Fails`, in order. Of a change, the later side knows the earlier one.
#[must_use]
pub fn examples(rule: &RuleMeta, heading: &str) -> Vec<Example> {
    let body = page(rule).body;
    let mut examples = Vec::new();
    let mut is_below = false;
    let mut before = None;
    for part in parts(&body) {
        match part {
            PagePart::Example(example) if example.side == Side::Before => before = Some(example.text),
            PagePart::Example(example) => {
                let before = before.take().filter(|_| example.side == Side::After);
                examples.extend(is_below.then_some(Example { before, ..example }));
            }
            PagePart::Line(line) => {
                if let Some(name) = line.strip_prefix("## ") {
                    is_below = name.trim() == heading;
                }
            }
        }
    }
    examples
}

/// A part of a page.
enum PagePart<'p> {
    Line(&'p str),
    Example(Example),
}

fn parts(body: &str) -> Vec<PagePart<'_>> {
    let mut parts = Vec::new();
    let mut open: Option<Example> = None;
    for line in body.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(example), None) => {
                example.shown.push_str(line);
                example.shown.push('\n');
            }
            (Some(example), Some(_)) => {
                let complete = bases::complete(&example.shown, &example.bases);
                example.text = complete.unwrap_or_else(|| example.shown.clone());
                parts.extend(open.take().map(PagePart::Example));
            }
            (None, Some(info)) => {
                let mut words = info.split_whitespace();
                let mut example = Example { language: words.next().unwrap_or("").to_owned(), ..Example::default() };
                for word in words {
                    match word {
                        "before" => example.side = Side::Before,
                        "after" => example.side = Side::After,
                        // A colon, since rustdoc reads these fences as well and refuses an equals sign.
                        _ => example.bases = word.strip_prefix("base:").unwrap_or("").to_owned(),
                    }
                }
                open = Some(example);
            }
            (None, None) => parts.push(PagePart::Line(line)),
        }
    }
    parts
}

/// Returns a line of a doc comment without the space after its slashes.
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
    fn an_example_with_a_base_is_complete_in_a_terminal_and_folded_where_it_is_published() {
        let rule = &crate::rules::objective::no_owner::NO_OWNER;
        let (shown, complete) = ("```yaml\nowner:\n```\n", "```yaml\nmlSpecVersion: 0.1.0\n");
        let markdown = markdown(rule);
        assert!(!markdown.contains(shown) && markdown.contains(complete), "{markdown}");
        let published = published(rule);
        let folded = format!("{shown}\n<details><summary>The complete example</summary>\n\n{complete}");
        assert!(published.contains(&folded) && published.contains("```\n\n</details>\n\n## Passes\n"), "{published}");
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
