//! Findings of the parser: problems of a text before any rule checks its content.

use rustc_hash::FxHashSet;

use crate::analysis::Options;
use crate::analysis::strict_json::{self, NotJson};
use crate::analysis::syntax_hints::{self, advice};
use crate::diagnostics::{Finding, Fix, Part, Place};
use crate::documents::Kind;
use crate::documents::detect::{DetectedAs, Detection};
use crate::documents::spelling::same_words;
use crate::rules::Rule;
use crate::rules::document::{
    duplicate_key, library_dialect, looks_like, merge_key, not_a_mapping, not_json, python_tag, template, too_deep,
    too_large, undefined_alias, unknown_kind, unused_anchor, yaml_syntax,
};
use crate::text::{Edit, Span, odd_character, offset, with_article};
use crate::yaml::type_name;
use crate::yaml::{self, Framing, Limits, NodeId, Problem, SyntaxError, Tree, TreeDocument, edit};

/// Creates a finding about a file without a text to point into.
#[must_use]
pub fn unreadable(rule: &'static Rule, message: impl Into<String>) -> Finding {
    let place = Place { document: 0, pointer: String::new(), part: Part::Value, span: Span::default() };
    Finding::new(rule, place, message)
}

/// Adds the findings about the YAML problems of a document.
pub(super) fn problems(
    tree: &Tree,
    position: u32,
    document: &TreeDocument,
    limits: Limits,
    findings: &mut Vec<Finding>,
) {
    findings.extend(document.problems.iter().map(|problem| finding(tree, position, document, problem, limits)));
}

/// Creates the only finding about two documents without a `---` between them: the top-level keys start again.
pub(super) fn missing_separator(tree: &Tree, root: NodeId, position: u32, document: &TreeDocument) -> Option<Finding> {
    let is_at_top = |key: &NodeId| {
        let span = tree.span(*key);
        tree.parent(*key) == Some(root) && tree.source().line_col(span.start).column == 1
    };
    let again = document.problems.iter().filter_map(|problem| match problem {
        Problem::DuplicateKey { again, .. } => Some(*again),
        _ => None,
    });
    let mut again: Vec<NodeId> = again.filter(is_at_top).collect();
    again.sort_by_key(|key| tree.span(*key).start);
    let begins = |key: &NodeId| matches!(tree.key_name(*key), "kind" | "mlSpecVersion");
    let first = *again.first().filter(|key| begins(key) && again.len() > 1)?;
    let place = Place { span: tree.span(first), ..Place::of(tree, position, first, Part::Key) };
    let edits = vec![Edit { span: Span::empty(tree.span(first).start), text: "---\n".to_owned() }];
    let message = "a second document begins here without a '---' line before it";
    Some(
        Finding::new(&duplicate_key::DUPLICATE_KEY, place, message)
            .help("as it stands, the two are read as one document and not checked")
            .fix(Fix::needs_review("separate the documents with '---'", edits)),
    )
}

fn finding(tree: &Tree, position: u32, document: &TreeDocument, problem: &Problem, limits: Limits) -> Finding {
    let at = |span: Span| Place { document: position, pointer: String::new(), part: Part::Value, span };
    match problem {
        Problem::Syntax(error) => syntax(tree, document, at(visible(tree, error.span)), error, limits),
        Problem::DuplicateKey { first, again } => {
            let name = tree.key_name(*again);
            let message = format!("key '{name}' is given twice; readers keep only the last");
            Finding::new(&duplicate_key::DUPLICATE_KEY, Place::of(tree, position, *again, Part::Key), message)
                .related(tree.span(*first), "first given here")
        }
        Problem::RepeatedMerge { first, again } => {
            let place = Place::of(tree, position, *again, Part::Key);
            let place = Place { span: tree.span(*again), ..place };
            Finding::new(&merge_key::MERGE_KEY, place, "'<<' is given twice; some readers refuse that")
                .related(tree.span(*first), "first given here")
                .help("give one '<<' a list, as in <<: [*first, *second]")
        }
        Problem::UnmergeableValue { value } => {
            let got = type_name(tree, *value);
            let message = format!("'<<' merges the entries of a mapping, but this is {got}");
            let finding = Finding::new(&merge_key::MERGE_KEY, Place::of(tree, position, *value, Part::Value), message);
            let text = tree.string(*value).unwrap_or("");
            match tree.anchors().iter().any(|anchor| anchor.name == text) {
                true => finding.help(format!("did you mean '*{text}'?")),
                false => finding,
            }
        }
        Problem::UndefinedAlias { span, name, nearest } => {
            let finding = Finding::new(
                &undefined_alias::UNDEFINED_ALIAS,
                at(*span),
                format!("alias *{name} refers to an undefined anchor"),
            );
            match nearest {
                Some(near) => finding.help(format!("did you mean '*{near}'?")),
                None => finding.help(format!("define it with &{name} on an earlier value of the same document")),
            }
        }
        Problem::CyclicAlias { span, name } => {
            let message = format!("alias *{name} is inside the value that &{name} marks");
            Finding::new(&undefined_alias::UNDEFINED_ALIAS, at(*span), message)
        }
        Problem::AliasExpansion { span, limit } => {
            let message = format!("the aliases expand to more than {limit} nodes");
            Finding::new(&undefined_alias::UNDEFINED_ALIAS, at(*span), message)
                .help("the aliases beyond the limit are read as null")
        }
        Problem::TooDeep { span, limit } => {
            Finding::new(&too_deep::TOO_DEEP, at(visible(tree, *span)), format!("nested deeper than {limit} levels"))
        }
        Problem::TooManyDocuments { span, limit } => {
            let message = format!("the file has more than {limit} documents; the rest is not read");
            let start = Span::new(span.start, (span.start + 3).min(span.end));
            Finding::new(&too_large::TOO_LARGE, at(start), message).help("split the file")
        }
        Problem::CodeTag { span } => {
            let message = format!("tag {} would execute code in an unsafe loader", tree.source().slice(*span));
            Finding::new(&python_tag::PYTHON_TAG, at(*span), message)
        }
        Problem::UnusedAnchor { anchor } => unused(tree, *anchor, at),
    }
}

fn unused(tree: &Tree, anchor: usize, at: impl Fn(Span) -> Place) -> Finding {
    let (name, span) = tree.anchors().get(anchor).map_or(("", Span::default()), |anchor| (&anchor.name, anchor.span));
    let fix = Fix::safe(format!("remove &{name}"), edit::remove_anchor(tree, span));
    Finding::new(&unused_anchor::UNUSED_ANCHOR, at(span), format!("the anchor &{name} is never used")).fix(fix)
}

fn syntax(tree: &Tree, document: &TreeDocument, place: Place, error: &SyntaxError, limits: Limits) -> Finding {
    let source = tree.source();
    if let Some(fault) = json_fault(tree, document) {
        let message = format!("document is neither JSON nor YAML: {}", fault.reason);
        let place = Place { span: visible(tree, fault.span), ..place };
        let finding = Finding::new(&yaml_syntax::YAML_SYNTAX, place, message);
        return Finding { help: fault.help.map(str::to_owned), ..finding };
    }
    if let Some(marker) = syntax_hints::conflict(source, document.span) {
        let message = "document is not valid YAML: it has an unresolved merge conflict";
        return Finding::new(&yaml_syntax::YAML_SYNTAX, Place { span: marker, ..place }, message)
            .help("keep one of the two sides, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>");
    }
    let place = Place { span: syntax_hints::culprit(source, error, document.span).unwrap_or(place.span), ..place };
    let message = format!("document is not valid YAML: {}", error.reason);
    let finding = Finding::new(&yaml_syntax::YAML_SYNTAX, place, message);
    if let Some(repair) = yaml::repairs(source, document.span, limits) {
        return finding.fix(Fix::safe(repair.title, repair.edits));
    }
    match advice(source, error, document.span) {
        Some(advice) => finding.help(advice),
        None => finding,
    }
}

/// Adds the finding for a document of a JSON file that is YAML, but not JSON. Other findings about the place where JSON ends are
/// removed: if YAML reads something odd there, that has the same cause.
pub(super) fn not_json(
    tree: &Tree,
    position: u32,
    document: &TreeDocument,
    has_mlspec: bool,
    findings: &mut Vec<Finding>,
) {
    // Invalid YAML is reported already: that of a later document of the file if any of them is known to be MLSpec.
    let is_broken =
        |document: &TreeDocument| document.problems.iter().any(|problem| matches!(problem, Problem::Syntax(_)));
    if is_broken(document) {
        return;
    }
    let Some(fault) = json_fault(tree, document) else { return };
    let source = tree.source();
    let is_on_line =
        |other: &&TreeDocument| source.line_index(other.span.start) == source.line_index(document.span.start);
    let is_reported = match tree.framing() {
        Framing::Stream => tree.documents().iter().any(is_broken),
        Framing::Lines => tree.documents().get(position as usize + 1).filter(is_on_line).is_some_and(is_broken),
    };
    if has_mlspec && is_reported {
        return;
    }
    findings.retain(|other| other.place.span.start != fault.span.start);
    let span = visible(tree, fault.span);
    let place = Place { document: position, pointer: String::new(), part: Part::Value, span };
    let removed = |span| Fix::safe("remove it", vec![Edit { span, text: String::new() }]);
    let finding = Finding::new(&not_json::NOT_JSON, place, format!("this is not JSON: {}", fault.reason));
    let finding = finding.fix(fault.surplus.map(removed));
    findings.push(Finding { help: fault.help.map(str::to_owned), ..finding });
}

fn is_json(tree: &Tree, position: u32) -> bool {
    let document = tree.documents().get(position as usize);
    document.is_some_and(|document| strict_json::fault(tree.source(), document.span).is_none())
}

/// Adds the findings about lines of a JSON Lines file that hold no document, such as comments and separators, at which readers of such a file
/// stop. `kinds` are those of its documents.
pub(super) fn lines_not_json(tree: &Tree, kinds: &[Option<Kind>], findings: &mut Vec<Finding>) {
    let source = tree.source();
    if tree.framing() != Framing::Lines || tree.is_placed() {
        return;
    }
    let is_judged = |(document, kind): &(&TreeDocument, &Option<Kind>)| document.root.is_none() || kind.is_some();
    let judged = tree.documents().iter().zip(kinds).filter(is_judged);
    let judged: FxHashSet<u32> = judged.map(|(document, _)| source.line_index(document.span.start)).collect();
    let mut start = 0;
    for text in source.text().split_inclusive(['\n', '\r']) {
        let line = source.line_index(offset(start));
        let part = Span::from_usize(start, start + text.trim_end().len());
        start += text.len();
        if judged.contains(&line) || text.trim_matches(['\u{feff}', ' ', '\t', '\r', '\n']).is_empty() {
            continue;
        }
        let Some(fault) = strict_json::fault(source, part) else { continue };
        let begins_before = |other: &TreeDocument| source.line_index(other.span.start) <= line;
        let document = tree.documents().iter().rposition(begins_before).map_or(0, offset);
        let place = Place { document, pointer: String::new(), part: Part::Value, span: visible(tree, fault.span) };
        let finding = Finding::new(&not_json::NOT_JSON, place, format!("this is not JSON: {}", fault.reason));
        findings.push(finding.help("every line of such a file is one document, in JSON"));
    }
}

/// Adds to a finding about a short text that one of its characters is not what it looks like. Such a text looks correct, so no other
/// help is given.
pub(super) fn name_odd_character(tree: &Tree, finding: &mut Finding) {
    let text = tree.source().slice(finding.place.span);
    if finding.rule.family() != "document" || text.len() > LONGEST_WORD || text.contains('\n') {
        return;
    }
    if let Some(odd) = odd_character(text) {
        let help = finding.help.take().map(|help| format!("; {help}")).unwrap_or_default();
        finding.help = Some(format!("it contains {odd}{help}"));
    }
}

/// Longer texts are prose, in which an unusual space or letter may be intended.
const LONGEST_WORD: usize = 100;

/// Returns why the text of a document is not JSON, if its file must be JSON.
fn json_fault(tree: &Tree, document: &TreeDocument) -> Option<NotJson> {
    let source = tree.source();
    if tree.is_placed() || !strict_json::is_expected(source) {
        return None;
    }
    let part = match tree.framing() {
        Framing::Lines => source.line_span(source.line_index(document.span.start)),
        // For a stream of several documents, this is reported once: of the first, or of the one that is no YAML either.
        Framing::Stream if document.root.is_some() && document.span != tree.documents().first()?.span => return None,
        Framing::Stream => Span::new(0, offset(source.text().len())),
    };
    let fault = strict_json::fault(source, part);
    // The whole text is read for this, so only once.
    let is_first = tree.documents().first().is_some_and(|first| first.span == document.span);
    fault.or_else(|| is_first.then(|| strict_json::record_over_lines(source)).flatten())
}

/// Returns the span, or the character at it if it is empty; at the end of a text, the last character before.
fn visible(tree: &Tree, span: Span) -> Span {
    let text = tree.source().text();
    let at = span.start as usize;
    if !span.is_empty() {
        return span;
    }
    match text.get(at..).and_then(|rest| rest.chars().next()).filter(|c| !matches!(c, '\n' | '\r')) {
        Some(c) => Span::new(span.start, span.start + offset(c.len_utf8())),
        None => match text.get(..at).and_then(|before| before.chars().next_back()) {
            Some(c) => Span::new(span.start - offset(c.len_utf8()), span.start),
            None => span,
        },
    }
}

/// Adds the findings about what a document is; returns its kind. `has_mlspec` says whether an MLSpec document is in the same text.
pub(super) fn verdict(
    tree: &Tree,
    root: NodeId,
    position: u32,
    detection: &Detection,
    has_mlspec: bool,
    options: &Options<'_>,
    findings: &mut Vec<Finding>,
) -> Option<Kind> {
    let top = || Place::of(tree, position, root, Part::Key);
    let finding = match &detection.verdict {
        DetectedAs::Kind(kind) => return Some(*kind),
        DetectedAs::Template(kind) => {
            let message = "this file lists attribute names; it is a template, not a record";
            findings.push(Finding::new(&template::TEMPLATE, top(), message));
            return Some(*kind);
        }
        DetectedAs::Library { schema_type, schema_version } => {
            let message =
                format!("this is an mlspeclib document ({schema_type}@{schema_version}); its fields are not checked");
            Finding::new(&library_dialect::LIBRARY_DIALECT, top(), message)
        }
        DetectedAs::Unclear(kinds) => unclear(top(), kinds),
        DetectedAs::LooksLike(kinds) => looks_like(top(), kinds),
        DetectedAs::UnknownKind(near) => {
            let in_any_case = || tree.entries(root).find(|entry| same_words(tree.key_name(entry.key), "kind"));
            let node = tree.get(root, "kind").or_else(in_any_case).map_or(root, |entry| entry.value);
            let name = tree.text(node).unwrap_or("");
            let finding = Finding::new(
                &unknown_kind::UNKNOWN_KIND,
                Place::of(tree, position, node, Part::Value),
                format!("'{name}' is not a kind of MLSpec document"),
            );
            match near {
                Some(near) => finding.help(format!("did you mean '{near}'?")).fix(
                    edit::replace_scalar(tree, node, near)
                        .map(|edits| Fix::needs_review(format!("use '{near}'"), edits)),
                ),
                None => finding.help(format!("the kinds are {}", kind_names(Kind::ALL))),
            }
        }
        // A `---` after the last document.
        DetectedAs::NotAMapping if position > 0 && tree.span(root).is_empty() => return None,
        // A line of a JSON Lines file that is not JSON has a finding of its own.
        DetectedAs::NotAMapping if tree.framing() == Framing::Lines && !is_json(tree, position) => return None,
        DetectedAs::NotAMapping
            if options.explicit || options.kind.is_some() || has_mlspec || holds_documents(tree, root) =>
        {
            let what = if tree.is_null(root) { "empty" } else { type_name(tree, root) };
            let place = Place::of(tree, position, root, Part::Value);
            Finding::new(&not_a_mapping::NOT_A_MAPPING, place, format!("document is {what}, expected a mapping"))
        }
        DetectedAs::Other if options.explicit => {
            let message = format!(
                "this is not an MLSpec document: {}",
                detection.evidence.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
            );
            Finding::new(&unknown_kind::UNKNOWN_KIND, top(), message)
                .help("add `mlSpecVersion` and `kind:`, or specify the kind with --kind")
        }
        DetectedAs::Neighbour(format) if options.claimed && options.explicit => {
            let message = format!("this is {}, not an MLSpec document", format.noun());
            Finding::new(&unknown_kind::UNKNOWN_KIND, top(), message).help("move it to a file of its own")
        }
        DetectedAs::NotAMapping | DetectedAs::Neighbour(_) | DetectedAs::Other => return None,
    };
    findings.push(finding);
    None
}

/// Returns whether a list holds MLSpec documents instead of being parted into them.
fn holds_documents(tree: &Tree, root: NodeId) -> bool {
    tree.items(root).iter().any(|item| tree.get(*item, "mlSpecVersion").is_some())
}

fn looks_like(place: Place, kinds: &[Kind]) -> Finding {
    let kinds: Vec<_> = kinds.iter().map(|kind| kind.name()).collect();
    let message = format!("this looks like {}; it is not checked", with_article(&kinds.join(" or ")));
    let help = format!("add `mlSpecVersion` and `kind: {}` to have it checked", kinds.join("` or `kind: "));
    Finding::new(&looks_like::LOOKS_LIKE, place, message).help(help)
}

fn unclear(place: Place, kinds: &[Kind]) -> Finding {
    let message = match kinds {
        [] => "cannot determine the kind of this MLSpec document; no kind fits its keys".to_owned(),
        kinds => format!("cannot determine the kind of this MLSpec document: {} fit equally well", kind_names(kinds)),
    };
    Finding::new(&unknown_kind::UNKNOWN_KIND, place, message).help("add `kind:` next to `mlSpecVersion`, or use --kind")
}

fn kind_names(kinds: &[Kind]) -> String {
    kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use crate::analysis::{fix_text, lint_text};
    use crate::diagnostics::Applicability;

    use super::*;

    fn dataset(id: u8, name: &str) -> String {
        format!(
            "kind: dataset\nmlSpecVersion: 0.1.0\nid: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c1{id}\nname: {name}\nstate: Active\n\
             version: 1.0.0\nlocation: s3://credit/{name}.csv\n\
             digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a0{id}\n"
        )
    }

    #[test]
    fn a_missing_separator_is_one_finding_and_is_put_in() {
        let text = dataset(1, "loans") + &dataset(2, "cards");
        let report = lint_text("a.yml", &text, &Options::default());
        let found: Vec<_> = report.findings.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(found, ["a second document begins here without a '---' line before it"]);
        let fixed = fix_text("a.yml", &text, &Options::default(), Applicability::Unsafe);
        assert_eq!(fixed.text, dataset(1, "loans") + "---\n" + &dataset(2, "cards"));
        assert!(fixed.report.findings.is_empty(), "{:?}", fixed.report.findings);
    }

    #[test]
    fn a_key_that_is_given_twice_is_no_second_document() {
        let text = dataset(1, "loans") + "state: Archived\nkind: dataset\n";
        let report = lint_text("a.yml", &text, &Options::default());
        let found: Vec<_> = report.findings.iter().map(|finding| finding.message.as_str()).collect();
        assert!(found.iter().all(|message| message.contains("is given twice")), "{found:?}");
        assert_eq!(found.len(), 2);
    }
}
