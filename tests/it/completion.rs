//! Completion: what is accepted can be read, and the schema finds nothing wrong with it; what stands in an expression is offered there.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use mlspec_lint::analysis::{Analysis, Options, examine, read_text};
use mlspec_lint::documents::detect::DetectedAs;
use mlspec_lint::ide::{MOST_OFFERS, Offer, OfferKind, Typed, completions};
use mlspec_lint::schema::{SchemaDemand, violations};
use mlspec_lint::text::Source;
use mlspec_lint::yaml::{NodeId, NodeStyle, Tree, pointer};
use proptest::prelude::*;

/// The examples of all kinds.
fn documents() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/documents");
    let mut found: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|own| own == "yml"))
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap()))
        .collect();
    found.sort();
    assert!(found.len() > 20);
    found
}

/// A workspace of texts in which one of them is being typed.
struct Desk {
    analysis: Analysis<'static>,
}

impl Desk {
    fn new(texts: &[(String, String)]) -> Self {
        let examined = texts.iter().map(|(name, text)| examine(name, text.as_str(), &Options::default())).collect();
        let mut analysis = Analysis::new(examined, &[], Options::default());
        analysis.settle();
        Self { analysis }
    }

    fn offers(&mut self, name: &str, text: &str, offset: usize) -> Vec<Offer> {
        let options = Options::default();
        let (source, offset) = (Arc::new(Source::new(name, text)), u32::try_from(offset).unwrap());
        let (tree, _) = read_text(Arc::clone(&source), &options);
        let findings = self.analysis.report(name).map(|report| report.findings.clone()).unwrap_or_default();
        let typed = Typed {
            source: &source,
            tree: Some(&tree),
            findings: &findings,
            options: &options,
            is_beyond_schema: false,
        };
        completions(self.analysis.index().workspace(), &typed, offset).0
    }
}

/// The text after an offer is accepted, as an editor does it: further lines are indented as that of the cursor is.
fn accepted(text: &str, offer: &Offer) -> String {
    let (start, end) = (offer.replaced.start as usize, offer.replaced.end as usize);
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let indent: String = text[line..start].chars().take_while(|c| *c == ' ').collect();
    let written = offer.text().replace('\n', &format!("\n{indent}"));
    format!("{}{written}{}", &text[..start], &text[end..])
}

fn tree(name: &str, text: &str) -> Arc<Tree> {
    read_text(Arc::new(Source::new(name, text)), &Options::default()).0
}

/// What the schema says of the values of a text, each with its place; of keys that it does not know or wants in one spelling, and of those that
/// it wants, the place is that of the key. `None` if the text cannot be read.
fn faults(name: &str, text: &str) -> Option<Vec<String>> {
    let (tree, detections) = read_text(Arc::new(Source::new(name, text)), &Options::default());
    let mut found = Vec::new();
    for (document, detection) in tree.documents().iter().zip(&detections) {
        if !document.problems.is_empty() {
            return None;
        }
        let Some(DetectedAs::Kind(kind)) = detection.as_ref().map(|own| own.verdict.clone()) else { return None };
        violations(kind, &tree, document.root?, |violation| {
            let at = pointer::of(&tree, violation.node);
            match &violation.demand {
                // Those that the schema does not know, or knows in another spelling.
                SchemaDemand::KnownKeys(names) | SchemaDemand::OneSpelling(names) => {
                    found.extend(names.iter().map(|name| format!("{at}/{name}: not known")));
                }
                SchemaDemand::Key(name) => found.push(format!("{at}: lacks {name}")),
                demand => found.push(format!("{at}: {demand:?}")),
            }
        });
    }
    Some(found)
}

/// Checks that an accepted offer brings no fault at a place or below it.
fn assert_fits(name: &str, before: &str, offer: &Offer, place: &str) -> Result<(), TestCaseError> {
    let after = accepted(before, offer);
    let Some(found) = faults(name, &after) else {
        return Err(TestCaseError::fail(format!("{name}: '{}' cannot be read:\n{after}", offer.label)));
    };
    let own = |fault: &&String| fault.strip_prefix(place).is_some_and(|rest| rest.starts_with(['/', ':']));
    let bad: Vec<&String> = found.iter().filter(own).collect();
    prop_assert!(bad.is_empty(), "{}: '{}' at {}: {:?}\n{}", name, offer.label, place, bad, after);
    Ok(())
}

/// The mappings of a text on lines of their own, with the first key of each.
fn mappings(tree: &Tree) -> Vec<(NodeId, NodeId)> {
    let roots = tree.documents().iter().filter_map(|own| own.root);
    let nodes = (0..tree.documents().len()).flat_map(|at| tree.nodes(at));
    let block = roots.chain(nodes).filter(|node| tree.is_mapping(*node) && tree.style(*node) == NodeStyle::Block);
    block.filter_map(|node| Some((node, tree.entries(node).next()?.key))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// A key in any mapping of any kind: with nothing typed, and with the beginning of what is offered.
    #[test]
    fn accepted_fields_fit_the_schema(
        document in any::<prop::sample::Index>(), mapping in any::<prop::sample::Index>(),
        chosen in prop::collection::vec(any::<prop::sample::Index>(), 4), letters in 0..4_usize,
    ) {
        let all = documents();
        let (name, text) = document.get(&all);
        let own = tree(name, text);
        let mappings = mappings(&own);
        let (mapping, first) = *mapping.get(&mappings);
        let at = own.span(first).start as usize;
        let column = at - text[..at].rfind('\n').map_or(0, |at| at + 1);
        let place = pointer::of(&own, mapping);
        let mut desk = Desk::new(&all);
        let open = |typed: &str| format!("{}{typed}\n{}{}", &text[..at], " ".repeat(column), &text[at..]);
        let offers = desk.offers(name, &open(""), at);
        prop_assert!(offers.iter().all(|own| own.kind == OfferKind::Field), "{:?}", offers);
        if offers.is_empty() {
            return Ok(());
        }
        for chosen in chosen {
            let offer = chosen.get(&offers);
            let place = format!("{place}/{}", pointer::escape(&offer.label));
            assert_fits(name, &open(""), offer, &place)?;
            // Who has typed some letters is offered the same.
            let typed = &offer.label[..letters.min(offer.label.len())];
            let again = desk.offers(name, &open(typed), at + typed.len());
            let same = again.iter().find(|own| own.label == offer.label);
            let Some(same) = same else { return Err(TestCaseError::fail(format!("{name}: {} is not offered at '{typed}'", offer.label))) };
            assert_fits(name, &open(typed), same, &place)?;
        }
    }

    /// A value in the place of another: all of it, or what is behind its beginning, is gone.
    #[test]
    fn accepted_values_fit_the_schema(
        document in any::<prop::sample::Index>(), scalar in any::<prop::sample::Index>(),
        chosen in prop::collection::vec(any::<prop::sample::Index>(), 4), is_kept in any::<bool>(),
    ) {
        let all = documents();
        let (name, text) = document.get(&all);
        let own = tree(name, text);
        let is_key = |node: NodeId| own.keys(0).any(|key| key == node);
        let scalars: Vec<NodeId> = own.scalars(0).filter(|node| !is_key(*node) && own.style(*node) == NodeStyle::Plain).collect();
        let node = *scalar.get(&scalars);
        let (span, place) = (own.span(node), pointer::of(&own, node));
        let begun = if is_kept { text.clone() } else { format!("{}{}", &text[..span.start as usize], &text[span.end as usize..]) };
        let mut desk = Desk::new(&all);
        let offers = desk.offers(name, &begun, span.start as usize);
        let is_value = |own: &&Offer| matches!(own.kind, OfferKind::Value | OfferKind::Reference);
        let offers: Vec<Offer> = offers.iter().filter(is_value).cloned().collect();
        if !offers.is_empty() {
            for chosen in chosen {
                assert_fits(name, &begun, chosen.get(&offers), &place)?;
            }
        }
    }
}

/// How many of the scalars of the examples whose values a schema lists, or that refer to others, are offered what stands there.
#[test]
fn what_stands_in_the_examples_is_offered_there() {
    let all = documents();
    let mut desk = Desk::new(&all);
    for (name, field, expected) in [
        ("pipeline.yml", "stage", vec!["draft", "published"]),
        ("run.yml", "kind", vec!["run", "dataset", "pipeline"]),
        ("objectives.yml", "model", vec!["card-default"]),
        ("objectives.yml", "dataset", vec!["card-validation@1.1.0", "card-holdback@1.1.0", "card-holdback"]),
        ("pipeline.yml", "moduleName", vec![]),
    ] {
        let text = &all.iter().find(|(own, _)| own == name).unwrap().1;
        let Some(at) = text.find(&format!("{field}: ")).map(|at| at + field.len() + 2) else {
            assert!(expected.is_empty(), "{name} has no {field}");
            continue;
        };
        let end = at + text[at..].find([',', '}', '\n', ' ']).unwrap();
        let begun = format!("{}{}", &text[..at], &text[end..]);
        let labels: Vec<String> = desk.offers(name, &begun, at).into_iter().map(|own| own.label).collect();
        for own in expected {
            assert!(labels.iter().any(|label| label == own), "{name}, {field}: {own} is not in {labels:?}");
        }
    }
}

/// However many objects there are, a list is as long as an editor can show, and says that it goes on.
#[test]
fn of_many_objects_a_part_is_offered() {
    let dataset = |number: usize| {
        let text = format!(
            "mlSpecVersion: 0.1.0\nkind: dataset\nname: data-{number}\nversion: 1.0.0\nlocation: s3://b/{number}\n"
        );
        (format!("data-{number}.yml"), text)
    };
    let all: Vec<(String, String)> = (0..1200).map(dataset).collect();
    let mut desk = Desk::new(&all);
    let text = "mlSpecVersion: 0.1.0\nkind: run\nname: a\ndatasets:\n  - {dataset: data-}\n";
    let at = text.find("data-}").unwrap() + 5;
    assert_eq!(desk.offers("a.yml", text, at).len(), MOST_OFFERS);
    // Who types on gets what fits.
    let typed = text.replace("data-}", "data-1199}");
    let labels: Vec<String> = desk.offers("a.yml", &typed, at + 4).into_iter().map(|own| own.label).collect();
    assert_eq!(labels, ["data-1199", "data-1199@1.0.0"]);
}

const POLICY: &str = "mlSpecVersion: 0.2.0\nkind: objectives\nname: launch\nlanguage: mlspec-objectives/1\ndatasets:\n  holdback: {dataset: a@1.0.0, stage: test}\nmetrics:\n  recall: {unit: fraction, range: [0, 1], better: higher}\n  latency: {type: array, unit: ms, better: lower}\ndimensions:\n  sex: {values: [female, male]}\ndefinitions:\n  miss: 1 - recall\nobjectives:\n  - id: one\n    why: because\n    expect: ";

fn words(begun: &str) -> Vec<String> {
    let text = format!("{POLICY}{begun}\n");
    let name = "objectives.yml";
    let mut desk = Desk::new(&[(name.to_owned(), text.clone())]);
    let at = POLICY.len() + begun.len();
    let offers = desk.offers(name, &text, at);
    offers.into_iter().map(|own| own.label).collect()
}

#[test]
fn expressions_are_offered_what_their_grammar_expects() {
    let has = |begun: &str, expected: &[&str], not: &[&str]| {
        let found = words(begun);
        for own in expected {
            assert!(found.iter().any(|word| word == own), "'{begun}': {own} is not in {found:?}");
        }
        for own in not {
            assert!(!found.iter().any(|word| word == own), "'{begun}': {own} is in {found:?}");
        }
    };
    has("", &["recall", "latency", "miss", "for", "p95(", "not"], &["holdback", ">=", "on"]);
    has("re", &["recall"], &[">="]);
    has("recall ", &[">=", "<=", "on", "drops by at most"], &["recall", "holdback"]);
    has("recall >= 90", &["%"], &["ms"]);
    has("p95(latency) <= 400", &["ms", "s"], &["%"]);
    has("recall >= 90% ", &["on", "and", "or", "implies"], &["recall"]);
    has("recall >= 90% on ", &["holdback"], &["recall", "sex"]);
    has("for each slice of ", &["sex"], &["recall", "holdback"]);
    has("p95(", &["latency"], &[">="]);
    // Nothing begins like this.
    assert_eq!(words("recall >= >= "), [""; 0]);
}

/// At every word of an expression, that word is offered, and so are names and words that follow signs.
#[test]
fn every_word_of_the_expressions_of_the_examples_is_offered() {
    let all = documents();
    let (name, text) = all.iter().find(|(name, _)| name == "objectives.yml").unwrap();
    let mut desk = Desk::new(&all);
    let own = tree(name, text);
    let mut count = 0;
    let mut missing = Vec::new();
    for node in own.scalars(0) {
        let is_expression = own.key_of(node).is_some_and(|key| ["expect", "aim"].contains(&own.key_name(key)));
        if !is_expression || own.style(node) != NodeStyle::Plain {
            continue;
        }
        let span = own.span(node);
        let expression = own.text(node).unwrap();
        if text[span.start as usize..span.end as usize] != *expression {
            continue;
        }
        let mut at = 0;
        while let Some(start) = expression[at..].find(|c: char| c.is_ascii_alphabetic()).map(|found| at + found) {
            let end = expression[start..]
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .map_or(expression.len(), |found| start + found);
            at = end;
            let word = &expression[start..end];
            let offset = span.start as usize + start;
            let begun = format!("{}{}", &text[..offset], &text[span.end as usize..]);
            let labels: Vec<String> = desk.offers(name, &begun, offset).into_iter().map(|own| own.label).collect();
            let is_it = |label: &String| {
                label == word || label.starts_with(&format!("{word} ")) || *label == format!("{word}(")
            };
            // The rest of a change such as `drops by at most` is offered with its first word.
            let is_of_change = ["by", "at", "most", "least"].contains(&word);
            count += 1;
            if !labels.iter().any(is_it) && !is_of_change {
                missing.push(format!("{word} behind '{}': {labels:?}", &expression[..start]));
            }
        }
    }
    assert!(count > 40, "{count}");
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn rules_are_offered_in_comments_that_suppress() {
    let text =
        "mlSpecVersion: 0.1.0\nkind: run\nname: a\nmetrics:\n  - {key: a, value: \"1\"} # mlspec: ignore[run/]\n";
    let mut desk = Desk::new(&[("a.yml".to_owned(), text.to_owned())]);
    let at = text.find("run/]").unwrap();
    let offers = desk.offers("a.yml", text, at + 4);
    assert!(offers.len() > 50 && offers.iter().all(|own| own.kind == OfferKind::Rule), "{offers:?}");
    let own = offers.iter().find(|own| own.label == "run/metric-value-mismatch").unwrap();
    assert!(accepted(text, own).contains("ignore[run/metric-value-mismatch]"));
    // Other comments, and the reason behind the list, are prose.
    assert_eq!(desk.offers("a.yml", &text.replace("mlspec: ignore", "see"), at + 2), []);
    assert_eq!(desk.offers("a.yml", &text.replace("run/]", "run/x] b"), at + 8), []);
}

#[test]
fn a_new_text_begins_with_a_document() {
    let mut desk = Desk::new(&[]);
    for begun in ["", "mls", "# a comment\n"] {
        let offers = desk.offers("a.yml", begun, begun.len());
        let own = offers.iter().find(|own| own.label == "mlspec run").unwrap_or_else(|| panic!("{begun}: {offers:?}"));
        assert!(accepted(begun, own).ends_with("mlSpecVersion: 0.1.0\nkind: run\n"), "{begun}");
    }
    // What is not MLSpec is left alone.
    let text = "on: push\njobs:\n  a:\n    \n";
    assert_eq!(desk.offers("ci.yml", text, text.len() - 1), []);
}
