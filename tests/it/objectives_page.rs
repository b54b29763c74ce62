//! The examples of the language on the page about objectives are correct.
//!
//! In a ```` ```objective ```` block a line is an expression, and the indented line under it the verdict and its message.

use std::fs;
use std::path::Path;

use mlspec_lint::documents::objectives::Language;
use mlspec_lint::objectives::hir::Aggregate;
use mlspec_lint::objectives::syntax;
use mlspec_lint::objectives::unit::Unit;

use crate::support::gate::{As, first, verdict, word};

fn parse(text: &str) -> syntax::Parsed {
    syntax::parse(text, Language::Second)
}

fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("spec").join(name);
    fs::read_to_string(path).unwrap().replace("\r\n", "\n")
}

/// Returns the fenced blocks of a text in a language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    let blocks = text.split(&fence).skip(1).filter_map(|rest| rest.split_once("```\n"));
    blocks.map(|(block, _)| block.to_owned()).collect()
}

/// Returns the part of the page from a heading on.
fn from(heading: &str) -> String {
    let page = page("objectives.md");
    let start = page.find(heading).unwrap_or_else(|| panic!("{heading}"));
    page[start..].to_owned()
}

#[test]
fn every_example_has_the_verdict_that_is_shown() {
    let part = from("### Examples that are run");
    let [objectives, evaluation, test, run] = blocks(&part, "yaml").try_into().unwrap();
    let given = [(As::Candidate, evaluation.as_str()), (As::Candidate, test.as_str()), (As::Baseline, run.as_str())];
    let mut count = 0;
    for block in blocks(&part, "objective") {
        let lines: Vec<&str> = block.lines().collect();
        for pair in lines.chunks(2) {
            let [expression, shown] = pair else { panic!("{pair:?}: an expression, and its verdict") };
            let shown = shown.strip_prefix("  ").expect("the verdict is indented");
            assert_eq!(parse(expression).slips, [], "{expression}");
            let text = format!("{objectives}objectives:\n- id: a\n  expect: {expression}\n");
            let found = verdict(&text, &given);
            let own = first(&found);
            assert_eq!(format!("{}: {}", word(own.verdict), own.message), shown, "{expression}");
            assert_eq!(own.expression, *expression, "this is the canonical spelling");
            count += 1;
        }
    }
    assert!(count >= 10, "{count}");
}

#[test]
fn the_grammar_names_every_unit_and_function() {
    let [grammar] = blocks(&from("### Grammar"), "ebnf").try_into().unwrap();
    let units = Unit::symbols();
    let functions = Aggregate::NAMES.iter().map(|(name, _)| *name);
    let others = ["ratio", "difference", "worst", "best", "rises", "drops", "changes", "improves", "worsens"];
    for word in units.chain(functions).chain(others) {
        assert!(grammar.contains(&format!("\"{word}\"")), "{word}");
    }
}

#[test]
fn the_limits_are_those_of_the_page() {
    let limits = from("### Limits");
    let nested = |levels: usize| format!("{}1{} > 0", "(".repeat(levels), ")".repeat(levels));
    let long = |parts: usize| format!("1{} > 0", " + 1".repeat(parts));
    for (fits, does_not, words) in [
        (nested(32), nested(33), "32 levels"),
        (long(254), long(256), "512 parts"),
        (format!("a > {}", "1".repeat(200)), format!("a > {}", "1".repeat(201)), "200 digits"),
        ("a > 1e400".to_owned(), "a > 1e401".to_owned(), "at most 400"),
        (format!("{}a > 1", " ".repeat(16 * 1024 - 5)), format!("{}a > 1", " ".repeat(16 * 1024 - 4)), "16 KiB"),
    ] {
        assert!(limits.contains(words), "{words}");
        assert!(parse(&fits).expression.is_ok(), "{words}: {:?}", parse(&fits).expression);
        assert!(
            parse(&does_not)
                .expression
                .is_err_and(|fault| fault.kind == mlspec_lint::objectives::syntax::FaultKind::Limit),
            "{words}"
        );
    }
}
