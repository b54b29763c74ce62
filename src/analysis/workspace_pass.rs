//! Checks of all documents together: the rules that compare a document with others, and the final list of findings.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::limit::limit;
use super::{Examined, FileReport, Options, configure, renames, suppression};
use crate::config::Config;
use crate::diagnostics::{Finding, RuleMeta};
use crate::rules::document::yaml_syntax::YAML_SYNTAX;
use crate::rules::{self, Check, Context, Findings};
use crate::rules::{ComparedDocument, Executed, Linked, Vanished};
use crate::secrets;
use crate::workspace::{AcrossRecords, DocId, FileFacts, Index, Member, Reads, Revision, Unread, UnreadId, Workspace};
use crate::yaml::{Tree, pointer};

/// Returns the reports about texts that were checked one by one, in their order. `context` are documents that they may refer to and about
/// which nothing is reported.
#[must_use]
pub fn conclude<'a>(
    examined: impl IntoIterator<Item = &'a Examined>,
    context: &[Member],
    options: &Options<'_>,
) -> Vec<FileReport> {
    conclude_with(examined, context, options, AcrossRecords::default())
}

/// Like [`conclude`], with what is known of records among all records of all logs.
#[must_use]
pub fn conclude_with<'a>(
    examined: impl IntoIterator<Item = &'a Examined>,
    context: &[Member],
    options: &Options<'_>,
    across: AcrossRecords,
) -> Vec<FileReport> {
    let mut next = 0;
    let mut files: Vec<(&Examined, usize)> = Vec::new();
    for examined in examined {
        files.push((examined, next));
        next += examined.members.len();
    }
    let absent = absent(options, files.iter().map(|(examined, _)| examined.source.name()));
    files.extend(absent.iter().map(|absent| (absent, next)));
    let facts = files.iter().map(|(examined, _)| facts(examined)).chain(surroundings(context, options)).collect();
    let mut index = Index::load(facts, options.partial);
    index.set_across(across);
    let executed = Executed::default();
    let report = |(examined, first): &(&Examined, usize)| {
        let documents = (*first..).map(DocId::from_index).take(examined.members.len());
        report(examined, documents, (index.workspace(), &executed), index.unread_of(examined.source.name()), options)
    };
    // For a single file, starting threads takes longer than checking it.
    if files.len() == 1 { files.iter().map(report).collect() } else { files.par_iter().map(report).collect() }
}

/// Documents beside which the lines of logs are checked, some at a time and from several threads. What the lines say of each other is not
/// looked at: that takes all of them.
pub struct Beside<'c> {
    options: Options<'c>,
    index: Mutex<Index>,
}

impl<'c> Beside<'c> {
    /// Creates what stands beside logs: texts that were checked by themselves, and documents around them.
    #[must_use]
    pub fn new<'a>(examined: impl IntoIterator<Item = &'a Examined>, context: &[Member], options: Options<'c>) -> Self {
        let facts = examined.into_iter().map(facts).chain(surroundings(context, &options)).collect();
        let mut index = Index::tracking(facts, options.partial);
        index.set_across(AcrossRecords::Elsewhere);
        Self { options, index: Mutex::new(index) }
    }

    /// Returns the report about some lines of a log.
    #[must_use]
    pub fn report(&self, lines: &Examined) -> FileReport {
        // A panic of another thread ends the check; until then, its lines may still be in the index.
        let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        let name = lines.source.name();
        index.set(facts(lines));
        index.settle();
        let documents: Vec<DocId> = index.documents_of(name).to_vec();
        let executed = Executed::default();
        let workspace = (index.workspace(), &executed);
        let report = report(lines, documents.into_iter(), workspace, None, &self.options);
        index.set(FileFacts { name: name.into(), ..FileFacts::default() });
        index.settle();
        report
    }
}

/// Texts that are checked together and change one by one. The cost of a change depends on what it affects: the text itself, and the reports
/// about texts that refer to it or are compared with it. The reports are those that [`conclude`] returns for the current texts.
pub struct Analysis<'c> {
    pub(super) options: Options<'c>,
    pub(super) index: Index,
    pub(super) files: BTreeMap<Arc<str>, File>,
}

/// A text and its report; `None` until it is requested.
pub(super) struct File {
    pub examined: Examined,
    pub report: Option<FileReport>,
}

impl<'c> Analysis<'c> {
    /// Creates an analysis of checked texts. `context` are documents that they may refer to and about which nothing is reported.
    #[must_use]
    pub fn new(examined: Vec<Examined>, context: &[Member], options: Options<'c>) -> Self {
        let facts = examined.iter().map(facts).chain(surroundings(context, &options)).collect();
        let index = Index::tracking(facts, options.partial);
        let absent = absent(&options, examined.iter().map(|examined| examined.source.name()));
        let file = |examined: Examined| (examined.source.name().into(), File { examined, report: None });
        Self { options, index, files: examined.into_iter().chain(absent).map(file).collect() }
    }

    /// Adds a text, or replaces the previous text of that name.
    pub fn update(&mut self, examined: Examined) {
        self.index.set(facts(&examined));
        self.files.insert(examined.source.name().into(), File { examined, report: None });
    }

    /// Removes a text.
    pub fn remove(&mut self, name: &str) {
        if self.files.remove(name).is_some() {
            self.index.set(FileFacts { name: name.into(), ..FileFacts::default() });
            let is_missed = self.options.against.is_some_and(|revision| revision.expects(name));
            if is_missed {
                self.files.insert(name.into(), File { examined: Examined::absent(name), report: None });
            }
        }
    }

    /// Returns the documents of all texts, and those around them.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Returns the result of checking a text by itself.
    #[must_use]
    pub fn examined(&self, name: &str) -> Option<&Examined> {
        Some(&self.files.get(name)?.examined)
    }

    /// Returns the report about a text.
    pub fn report(&mut self, name: &str) -> Option<&FileReport> {
        self.settle();
        self.files.get(name)?.report.as_ref()
    }

    /// Returns the reports about all texts, by their names.
    pub fn reports(&mut self) -> impl Iterator<Item = &FileReport> {
        self.settle();
        self.files.values().filter_map(|file| file.report.as_ref())
    }

    /// Returns all texts by name, with their reports.
    pub fn texts(&mut self) -> impl Iterator<Item = (&Examined, &FileReport)> {
        self.settle();
        self.files.values().filter_map(|file| Some((&file.examined, file.report.as_ref()?)))
    }

    /// Creates the reports that are missing or may be outdated. Returns their number.
    pub fn settle(&mut self) -> usize {
        for name in self.index.settle() {
            if let Some(file) = self.files.get_mut(&name) {
                file.report = None;
            }
        }
        let (index, options) = (&self.index, &self.options);
        let missing: Vec<(&Arc<str>, &mut File)> =
            self.files.iter_mut().filter(|(_, file)| file.report.is_none()).collect();
        let renew = |(name, file): (&Arc<str>, &mut File)| {
            let (reads, executed) = (Reads::default(), Executed::default());
            let documents = index.documents_of(name).iter().copied();
            let report =
                report(&file.examined, documents, (index.noting(&reads), &executed), index.unread_of(name), options);
            file.report = Some(report);
            (Arc::clone(name), reads)
        };
        let renewed: Vec<(Arc<str>, Reads)> = match missing.len() {
            0..8 => missing.into_iter().map(renew).collect(),
            _ => missing.into_par_iter().map(renew).collect(),
        };
        let count = renewed.len();
        renewed.into_iter().for_each(|(name, reads)| self.index.record_report(&name, reads));
        count
    }
}

/// Returns what stands for the files that the other revision has and that are not among those with these `names`.
fn absent<'n>(options: &Options<'_>, names: impl Iterator<Item = &'n str>) -> Vec<Examined> {
    let Some(revision) = options.against else { return Vec::new() };
    let present: FxHashSet<&str> = names.collect();
    let missed = revision.expected_files().filter(|name| !present.contains(&***name));
    missed.map(|name| Examined::absent(name)).collect()
}

/// Returns the facts about a text that others may query.
pub(super) fn facts(examined: &Examined) -> FileFacts {
    let unread = examined.is_broken.then(|| Unread { source: Arc::clone(&examined.source), is_reported: true });
    FileFacts { name: examined.source.name().into(), members: examined.members.clone(), unread }
}

/// Returns the files around the checked texts.
fn surroundings<'a>(context: &'a [Member], options: &'a Options<'_>) -> impl Iterator<Item = FileFacts> + 'a {
    let files = context.chunk_by(|a, b| a.file() == b.file());
    let read = files.filter_map(|members| {
        Some(FileFacts { name: members.first()?.file().into(), members: members.to_vec(), unread: None })
    });
    let unread = options.unread.iter().map(|source| {
        let unread = Unread { source: Arc::clone(source), is_reported: false };
        FileFacts { name: source.name().into(), members: Vec::new(), unread: Some(unread) }
    });
    read.chain(unread)
}

/// Returns the report about one file, with the ids of its documents. `unread` is its own id if it could not be read.
fn report<'a>(
    examined: &Examined,
    documents: impl Iterator<Item = DocId>,
    (workspace, executed): (Workspace<'a>, &Executed<'a>),
    unread: Option<UnreadId>,
    options: &Options<'_>,
) -> FileReport {
    let mut findings = examined.findings.clone();
    if let Some(unread) = unread {
        say_what_is_missed(&mut findings.kept, workspace.count_references_to_unread(unread));
    }
    let mut suppressed = examined.hidden;
    for (id, (member, checked)) in documents.zip(examined.members.iter().zip(&examined.checked)) {
        let context = Context::new(member, checked.clone()).with_named_files(&examined.named_files);
        let Some(view) = Linked::new(workspace, executed, id) else { continue };
        renames::withhold(&mut findings.kept, &context, &view);
        let mut linked = check(&context, &view, options.config);
        if let Some(revision) = options.against {
            compare(&context, &view, revision, options.config, &mut linked);
        }
        suppressed += configure(examined.source.name(), options, &examined.guesses, &mut linked);
        limit(&member.tree, member.position, &mut linked);
        findings.append(&mut linked);
    }
    if let Some(revision) = options.against {
        let mut vanished = vanished(examined, revision, workspace);
        suppressed += configure(examined.source.name(), options, &examined.guesses, &mut vanished);
        findings.append(&mut vanished);
    }
    let mut secrets = Vec::new();
    if let Some(tree) = examined.tree.as_ref().filter(|_| options.suppressions) {
        // Rules that did not run cannot tell that a comment is unused.
        let ran = |rule: &RuleMeta| options.against.is_some() || rule.family() != rules::history::FAMILY;
        let (hidden, mut about_comments) =
            suppression::suppress(tree, &mut findings.kept, &examined.unchecked, |rule| {
                ran(rule) && options.config.is_on(rule)
            });
        suppressed += hidden + configure(examined.source.name(), options, &examined.guesses, &mut about_comments);
        findings.append(&mut about_comments);
    }
    let mut findings = findings.into_findings();
    if let Some(tree) = examined.tree.as_ref().filter(|_| !findings.is_empty()) {
        // Reports only show the text around findings.
        secrets = secrets::spans(tree);
        findings.iter_mut().for_each(|finding| finding.identity = identity(tree, finding));
        // A fix would write YAML into a line that is none.
        if tree.is_placed() {
            findings.iter_mut().for_each(|finding| finding.fixes.clear());
        }
    }
    findings.iter_mut().for_each(|finding| secrets::redact_finding(finding, &examined.source, &secrets));
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    findings.dedup();
    let report = FileReport::new(examined.source.clone(), examined.documents.clone(), findings);
    let stream = examined.stream.clone();
    let (format, guesses) = (examined.format, examined.guesses.clone());
    let left_alone = examined.left_alone.clone();
    let (unread, is_absent) = (examined.unread, examined.is_absent);
    FileReport { suppressed, secrets, format, guesses, left_alone, unread, is_absent, stream, ..report }
}

fn identity(tree: &Tree, finding: &Finding) -> Option<String> {
    let root = tree.documents().get(finding.place.document as usize)?.root?;
    pointer::by_names(tree, root, &finding.place.pointer)
}

/// Adds to the finding about an unreadable text how many references to names in it cannot be checked: one note instead of a finding in
/// each of the referring documents.
fn say_what_is_missed(findings: &mut [Finding], references: usize) {
    let syntax = findings.iter_mut().find(|finding| *finding.rule == *YAML_SYNTAX);
    let Some(finding) = syntax.filter(|_| references > 0) else { return };
    let what = if references == 1 { "1 reference".to_owned() } else { format!("{references} references") };
    let help = finding.help.take().map(|help| format!("{help}; ")).unwrap_or_default();
    finding.help = Some(format!("{help}{what} to names in this file cannot be checked until it can be read"));
}

/// Applies the workspace rules to one of its documents.
fn check(context: &Context<'_>, linked: &Linked<'_>, config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    let review = OnceCell::new();
    for rule in rules::of_workspace(context.kind).filter(|rule| !config.is_off(rule)) {
        if !context.enter(rule) {
            continue;
        }
        let mut out = Findings::new(&mut findings);
        match rule.check {
            Check::Workspace(check) => check(context, linked, &mut out),
            Check::Evidence(check) => {
                if let Some((policy, review)) = review.get_or_init(|| rules::evidence::review(context, linked)) {
                    review.start_anew();
                    check((policy, review), context, linked, &mut out);
                }
            }
            _ => {}
        }
    }
    findings
}

/// Applies the rules that compare one of its documents with another revision.
fn compare(
    context: &Context<'_>,
    linked: &Linked<'_>,
    revision: &Revision,
    config: &Config,
    findings: &mut Vec<Finding>,
) {
    let compared = ComparedDocument::new(linked, revision);
    for rule in rules::of_history(context.kind).filter(|rule| !config.is_off(rule)) {
        if let Check::History(check) = rule.check {
            context.enter(rule);
            check(context, &compared, &mut Findings::new(findings));
        }
    }
}

/// Applies the rules about the documents that another revision has in a file. What cannot be read may still hold them.
fn vanished(examined: &Examined, revision: &Revision, workspace: Workspace<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if examined.is_broken {
        return findings;
    }
    for old in revision.documents_of(examined.source.name()) {
        let vanished = Vanished { old, revision, workspace, source: &examined.source, members: &examined.members };
        for rule in rules::of_vanished(old.kind) {
            if let Check::Vanished(check) = rule.check {
                check(&vanished, &mut Findings::new(&mut findings));
            }
        }
    }
    findings
}
