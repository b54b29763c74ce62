//! The findings in files, independent of how the files are written.

use std::collections::BTreeMap;
use std::sync::Arc;

use mlspec_lint::analysis::{Examined, Options, conclude, examine};
use mlspec_lint::diagnostics::{Finding, Related};
use mlspec_lint::text::{Source, Span};
use mlspec_lint::yaml::{self, Framing, Limits, NodeId, Tree, json};

/// A file: its name and its text.
pub type File = (String, String);

/// A finding, independent of the shape of the document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The rule.
    pub rule: &'static str,
    /// Its message.
    pub message: String,
    /// The text of the key or scalar that it points at, or the value of the collection.
    pub at: Option<String>,
    /// The texts of the related places, and their messages.
    pub related: Vec<(String, String)>,
}

/// Returns a text as a tree.
pub fn tree(name: &str, text: &str) -> Tree {
    yaml::parse(Arc::new(Source::new(name, text)), Limits::default(), Framing::Stream)
}

/// Returns the findings in files that refer to each other.
pub fn lint(files: &[File]) -> Vec<Found> {
    let options = Options::default();
    let examined: Vec<Examined> = files.iter().map(|(name, text)| examine(name, text, &options)).collect();
    let reports = conclude(&examined, &[], &options);
    let trees: Vec<Tree> = files.iter().map(|(name, text)| tree(name, text)).collect();
    let texts: BTreeMap<&str, Texts> = trees.iter().map(|tree| (tree.source().name(), Texts::of(tree))).collect();
    let mut found = Vec::new();
    for report in &reports {
        let own = report.source.name();
        found.extend(report.findings.iter().map(|finding| read(finding, own, &texts)));
    }
    found.sort();
    found
}

fn read(finding: &Finding, own: &str, texts: &BTreeMap<&str, Texts>) -> Found {
    let at = |path: Option<&str>, span| texts.get(path.unwrap_or(own)).map_or("?".to_owned(), |texts| texts.at(span));
    let related = |related: &Related| (at(related.path.as_deref(), related.span), related.message.clone());
    Found {
        rule: finding.rule.id,
        message: finding.message.clone(),
        at: Some(at(None, finding.place.span)),
        related: finding.related.iter().map(related).collect(),
    }
}

/// The texts at the places of a file.
struct Texts {
    source: Arc<Source>,
    by_span: BTreeMap<Span, String>,
}

impl Texts {
    fn of(tree: &Tree) -> Self {
        let mut by_span = BTreeMap::new();
        let mut add = |node: NodeId| {
            let text = match tree.text(node) {
                Some(text) => text.to_owned(),
                None => json::to_value(tree, node).to_string(),
            };
            by_span.entry(tree.span(node)).or_insert(text);
        };
        for (index, document) in tree.documents().iter().enumerate() {
            document.root.into_iter().chain(tree.nodes(index)).for_each(&mut add);
        }
        // A finding about a field that an entry requires points at the whole entry.
        for entry in (0..tree.documents().len()).flat_map(|index| tree.nodes(index)).filter_map(|it| tree.entry_of(it))
        {
            let value = json::to_value(tree, entry.value);
            let text = serde_json::json!({tree.key_name(entry.key): value}).to_string();
            by_span.entry(tree.span(entry.key).to(tree.span(entry.value))).or_insert(text);
        }
        Self { source: Arc::clone(tree.source()), by_span }
    }

    fn at(&self, span: Span) -> String {
        let text = self.by_span.get(&span).cloned();
        text.unwrap_or_else(|| self.source.slice(span).trim_matches(['"', '\'']).to_owned())
    }
}
