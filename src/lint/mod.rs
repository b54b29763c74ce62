//! From one text to its findings: the library's front door. Pure: no file, clock or environment is touched.

mod advice;
mod outline;
mod reader;
mod result;
mod verify;

use std::cell::OnceCell;
use std::sync::Arc;

pub use reader::unreadable;
pub use result::{FileReport, Report, Summary};

use crate::config::Config;
use crate::documents::Kind;
use crate::documents::detect::{Detection, Verdict, detect};
use crate::findings::{self, Finding, Part};
use crate::rules::{self, Check, Context, Findings, context};
use crate::schema;
use crate::secrets;
use crate::text::Source;
use crate::yaml::{self, Framing, Limits, NodeId, Tree};

/// How many findings of one document are listed.
const MOST_FINDINGS: usize = 1000;

/// How a text is checked.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// Severities, kinds by path, ignores by path.
    pub config: &'a Config,
    /// The kind of every document that does not say its own.
    pub kind: Option<Kind>,
    /// Whether the user named this very file: then what is not MLSpec is a finding, not skipped.
    pub explicit: bool,
    /// Whether suppression comments count.
    pub suppressions: bool,
    /// Bounds on hostile input.
    pub limits: Limits,
}

impl Default for Options<'static> {
    fn default() -> Self {
        static CONFIG: std::sync::OnceLock<Config> = std::sync::OnceLock::new();
        let config = CONFIG.get_or_init(Config::default);
        Self { config, kind: None, explicit: true, suppressions: true, limits: Limits::default() }
    }
}

impl Options<'_> {
    fn kind_for(&self, name: &str) -> Option<Kind> {
        self.kind.or_else(|| self.config.kind_of(name.as_ref()))
    }
}

/// Whether a file holds one document per line.
fn framing(name: &str) -> Framing {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension.eq_ignore_ascii_case("jsonl") || extension.eq_ignore_ascii_case("ndjson") {
        true => Framing::Lines,
        false => Framing::Stream,
    }
}

/// Finds everything that is wrong with a text. `name` is what reports call it.
#[must_use]
pub fn lint_text(name: &str, text: &str, options: &Options<'_>) -> FileReport {
    let mut report = find(name, text, options);
    verify::safe_fixes(&mut report, |text| find(name, text, options).findings);
    report
}

/// The findings of a text, with fixes as their rules offer them.
fn find(name: &str, text: &str, options: &Options<'_>) -> FileReport {
    let source = Arc::new(Source::new(name, text));
    let tree = yaml::parse(Arc::clone(&source), options.limits, framing(name));
    let mut findings = Vec::new();
    let mut documents = Vec::with_capacity(tree.documents().len());
    for index in 0..tree.documents().len() {
        documents.push(lint_document(&tree, index, options, &mut findings));
    }
    let suppressed = settle(&tree, options, &mut findings);
    // Only the text around a finding is ever shown.
    let secrets = if findings.is_empty() { Vec::new() } else { secrets::spans(&tree) };
    findings.iter_mut().for_each(|finding| secrets::redact_finding(finding, &secrets));
    FileReport { suppressed, secrets, ..FileReport::new(source, documents, findings) }
}

/// The text with every credential masked, for a person to look at.
#[must_use]
pub fn masked(name: &str, text: &str, options: &Options<'_>) -> String {
    secrets::masked(&yaml::parse(Arc::new(Source::new(name, text)), options.limits, framing(name)))
}

/// What every document of a text is, and how one can tell; nothing where a document is not YAML.
#[must_use]
pub fn detect_text(name: &str, text: &str, options: &Options<'_>) -> Vec<Option<Detection>> {
    let tree = yaml::parse(Arc::new(Source::new(name, text)), options.limits, framing(name));
    let root = |document: &yaml::Document| document.root.map(|root| detect(&tree, root, name, options.kind_for(name)));
    tree.documents().iter().map(root).collect()
}

fn lint_document(tree: &Tree, index: usize, options: &Options<'_>, findings: &mut Vec<Finding>) -> Option<Kind> {
    let name = tree.source().name();
    let document = &tree.documents()[index];
    let position = crate::text::offset(index);
    let Some(root) = document.root else {
        let relevant = options.explicit || options.kind_for(name).is_some();
        if !document.problems.is_empty() && (relevant || outline::is_mlspec(tree.source(), document.span, name)) {
            reader::problems(tree, position, document, options.limits, findings);
        }
        return None;
    };
    let detection = detect(tree, root, name, options.kind_for(name));
    let before = findings.len();
    let kind = reader::verdict(tree, root, position, &detection, options, findings);
    if detection.verdict == Verdict::Other && findings.len() == before {
        return None;
    }
    reader::problems(tree, position, document, options.limits, findings);
    if let (Some(kind), Verdict::Kind(_)) = (kind, &detection.verdict) {
        check(tree, root, position, kind, before, findings);
    }
    limit(tree, root, position, before, findings);
    kind
}

/// Keeps the first [`MOST_FINDINGS`] of a document, whose findings are those from `first` on: a few bytes of text can be a fault, and
/// a report must not be a hundred times as long as what it is about.
fn limit(tree: &Tree, root: NodeId, position: u32, first: usize, findings: &mut Vec<Finding>) {
    let own = findings.len() - first;
    // The schema's findings are limited already, and one of them says so.
    if own <= MOST_FINDINGS + 1 {
        return;
    }
    findings[first..].sort_by(|a, b| a.order().cmp(&b.order()));
    findings.truncate(first + MOST_FINDINGS);
    let message = format!("{} more findings in this document are not shown", own - MOST_FINDINGS);
    let place = context::place(tree, position, root, Part::Key);
    findings.push(Finding::new(&rules::document::too_many_findings::TOO_MANY_FINDINGS, place, message));
}

/// The published schema first, then the rules that have code. The findings from `first` on are those of this document: to look at
/// all would take time that grows with the square of the number of documents.
fn check(tree: &Tree, root: NodeId, position: u32, kind: Kind, first: usize, findings: &mut Vec<Finding>) {
    findings.extend(schema::validate(kind, tree, root, position));
    let faulty = findings[first..].iter().map(|finding| finding.place.span).collect();
    let context =
        Context { tree, typed: OnceCell::new(), suspicious: OnceCell::new(), root, document: position, kind, faulty };
    for rule in rules::with_code(kind) {
        let mut out = Findings::new(findings);
        match rule.check {
            Check::Any(check) => check(&context, &mut out),
            Check::Typed(check) => {
                if let Some(typed) = context.typed() {
                    check(typed, &context, &mut out);
                }
            }
            Check::Reader | Check::Schema(_) | Check::Suppression => {}
        }
    }
}

/// Applies the configuration and the suppression comments, and sorts. Gives the number of findings that were suppressed.
fn settle(tree: &Tree, options: &Options<'_>, findings: &mut Vec<Finding>) -> usize {
    if findings.is_empty() && tree.comments().is_empty() {
        return 0;
    }
    let name = tree.source().name();
    let mut hidden = 0;
    let mut keep = |finding: &mut Finding| match options.config.severity_of(finding.rule, finding.severity) {
        None => false,
        Some(severity) => {
            finding.severity = severity;
            let ignored = options.config.is_ignored(name.as_ref(), finding.rule);
            hidden += usize::from(ignored);
            !ignored
        }
    };
    findings.retain_mut(&mut keep);
    if options.suppressions {
        let (suppressed, mut about_comments) = findings::suppress(tree, findings);
        about_comments.retain_mut(keep);
        findings.extend(about_comments);
        hidden += suppressed;
    }
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    findings.dedup();
    hidden
}
