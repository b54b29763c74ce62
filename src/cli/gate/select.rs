//! Which documents of the workspace a gate judges by, besides those that are named; and what could be among them, but cannot be seen.

use std::path::Path;

use jiff::Timestamp;
use rustc_hash::FxHashSet;

use crate::analysis::{Options, conclude, examine, members};
use crate::cli::Error;
use crate::cli::args::{FileArgs, GateArgs};
use crate::cli::workspace_context;
use crate::config::Config;
use crate::diagnostics::Severity;
use crate::documents::{Document, Kind};
use crate::files::{self, DiscoverOptions};
use crate::objectives::gate_inputs::Candidates;
use crate::objectives::policy::Policy;
use crate::objectives::verdict::Role;
use crate::text::visible;
use crate::workspace::{DocId, Index, Member};

/// A document of the workspace, and what it is read as.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Selected {
    pub role: Role,
    /// Its file.
    pub path: String,
    /// 0-based position of the document in its file.
    pub position: u32,
}

/// The documents of the workspace that belong to those that are named. With `unseen` the candidate is looked up as well.
pub(super) fn select(
    named: &[&Member],
    around: &[Member],
    unseen: Option<&Unseen>,
    args: &GateArgs,
) -> Result<Vec<Selected>, Error> {
    let members: Vec<Member> = named.iter().copied().chain(around).cloned().collect();
    let own = members.iter().position(|member| member.kind == Kind::Objectives).map(DocId::from_index);
    let candidate: Vec<&Member> = named.iter().copied().filter(|member| member.kind != Kind::Objectives).collect();
    let is_known = |member: &Member| candidate.iter().any(|own| own.is(member));
    let hidden = unseen.iter().flat_map(|unseen| &unseen.hidden);
    let all = Index::of(members.iter().chain(hidden).cloned().collect(), true);
    let index = Index::of(members, true);
    let workspace = index.workspace();
    let Some(candidates) = own.and_then(|own| Candidates::of(workspace, own)) else { return Ok(Vec::new()) };
    let mut selected = Selection { documents: Vec::new(), members: candidate.clone() };
    if let Some(unseen) = unseen {
        // What is hidden is looked at only to see that nothing newer is.
        let workspace = all.workspace();
        let Some(candidates) = own.and_then(|own| Candidates::of(workspace, own)) else { return Ok(Vec::new()) };
        for (role, kind) in [(Role::Evaluation, Kind::Evaluation), (Role::Test, Kind::Test)] {
            selected.add(role, newest(&candidates, kind, unseen)?);
        }
        if let Some(doubt) = &unseen.doubt {
            return Err(Error::Usage(doubt.clone()));
        }
    }
    let judged = selected.members.clone();
    if args.baseline.is_empty() {
        selected.add(Role::Baseline, candidates.baseline());
    }
    let objectives = own.and_then(|own| workspace.member(own));
    let Some(Document::Objectives(document)) = objectives.and_then(|member| member.typed()) else {
        return Ok(Vec::new());
    };
    let policy = objectives.map(|member| Policy::of(document, &member.tree).0).unwrap_or_default();
    // What is explained is measured against the baseline as if it were the candidate.
    let judged = if args.explain { selected.members.clone() } else { judged };
    let known: Vec<&Member> = selected.members.clone();
    let is_new = |run: &&Member| !is_known(run) && !known.iter().any(|own| own.is(run));
    selected.add(Role::History, candidates.history(&policy, &judged).into_iter().filter(is_new));
    let measured = selected.members.clone();
    selected.add(Role::Dataset, candidates.datasets(&policy, &measured));
    let compared = match args.baseline.is_empty() {
        true => measured.iter().copied().filter(|member| !matches!(member.kind, Kind::Dataset)).collect(),
        false => judged,
    };
    selected.add(Role::Context, candidates.context(&compared));
    Ok(selected.documents)
}

/// What was selected so far, as documents and as members.
struct Selection<'a> {
    documents: Vec<Selected>,
    members: Vec<&'a Member>,
}

impl<'a> Selection<'a> {
    fn add(&mut self, role: Role, members: impl IntoIterator<Item = &'a Member>) {
        for member in members {
            self.documents.push(Selected { role, path: member.file().to_owned(), position: member.position });
            self.members.push(member);
        }
    }
}

/// The newest document of a kind, unless nobody can tell that it is the newest.
fn newest<'a>(candidates: &Candidates<'a>, kind: Kind, unseen: &Unseen) -> Result<Option<&'a Member>, Error> {
    let what = kind.name();
    let name = |member: &Member| visible(member.file()).into_owned();
    let all = candidates.measured(kind);
    if let Some((_, undated)) = all.iter().find(|(date, _)| date.is_none()) {
        let why = format!("{} has no date that can be read, and could be the newest {what}", name(undated));
        return Err(Error::Usage(format!("{why}; correct it, or name the {what} that is to be judged with --{what}")));
    }
    let newest: Option<Timestamp> = all.iter().filter_map(|(date, _)| *date).max();
    let mut unattributed = candidates.unattributed(kind).into_iter();
    let could_be_newest = |(date, _): &(Option<Timestamp>, &Member)| date.is_none() || *date >= newest;
    if let Some((_, other)) = unattributed.find(could_be_newest) {
        let why = format!("{} does not say which model it is about, and could be the newest {what}", name(other));
        return Err(Error::Usage(format!(
            "{why}; give it a 'model', or name the {what} that is to be judged with --{what}"
        )));
    }
    let newest: Vec<&'a Member> =
        all.into_iter().filter(|(date, _)| *date == newest).map(|(_, member)| member).collect();
    if let Some(hidden) = newest.iter().find(|member| unseen.is_hidden(member)) {
        let why = format!("{} is the newest {what}, and git or the configuration ignores it", name(hidden));
        return Err(Error::Usage(format!("{why}; name the {what} that is to be judged with --{what}")));
    }
    match newest.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(only)),
        several => {
            let files: Vec<_> = several.iter().map(|member| name(member)).collect();
            let meant = format!("several documents could be meant as the {what}: {}", files.join(", "));
            Err(Error::Usage(format!("{meant}; name one of them")))
        }
    }
}

/// What a workspace holds beside the documents that `check` finds in it.
#[derive(Debug, Default)]
pub(super) struct Unseen {
    /// Documents of files that git or the configuration ignores.
    hidden: Vec<Member>,
    /// Why it cannot be told which evaluation or test is the newest.
    doubt: Option<String>,
}

impl Unseen {
    /// Looks through the whole workspace for evaluations and tests.
    pub(super) fn of(files: &FileArgs, workspace: Option<&Path>, config: &Config) -> Result<Self, Error> {
        let Some(root) = workspace_context::root(files, workspace, config)? else { return Ok(Self::default()) };
        let kinds_only = config.kinds_only();
        let discover = |config: &Config, respect_gitignore| {
            let options = DiscoverOptions { config, respect_gitignore, force_exclude: false };
            files::discover(std::slice::from_ref(&root), &options)
        };
        let seen: FxHashSet<String> = discover(config, true).files.into_iter().map(|file| file.name).collect();
        let all = discover(&kinds_only, false);
        let mut unseen = Self::default();
        for problem in &all.problems {
            unseen.doubt(&problem.name, "cannot be read");
        }
        let named: Vec<_> = files.paths.iter().map(|path| files::same_file(path)).collect();
        for candidate in &all.files {
            // What is wrong with a named file is told with its place.
            if named.contains(&files::same_file(&candidate.path)) {
                continue;
            }
            let text = match files::read(candidate, files.max_file_size).map(String::from_utf8) {
                Ok(Ok(text)) => text,
                Ok(Err(error)) => {
                    // In UTF-16 there is a zero beside each letter.
                    if may_measure(&String::from_utf8_lossy(error.as_bytes()).replace('\0', "")) {
                        unseen.doubt(&candidate.name, "is not UTF-8");
                    }
                    continue;
                }
                Err(problem) => {
                    unseen.doubt(&candidate.name, &problem.kind.to_string());
                    continue;
                }
            };
            if !may_measure(&text) {
                continue;
            }
            let options = Options {
                config: &kinds_only,
                explicit: false,
                claimed: true,
                suppressions: false,
                ..Options::default()
            };
            if is_broken(&candidate.name, &text, &options) {
                unseen.doubt(&candidate.name, "holds a document that cannot be read");
            }
            if !seen.contains(&candidate.name) {
                unseen.hidden.extend(members(&candidate.name, &text, &options));
            }
        }
        Ok(unseen)
    }

    /// The first doubt is told.
    fn doubt(&mut self, file: &str, why: &str) {
        let advice = "name the evaluation and test that are to be judged with --evaluation and --test";
        let doubt = || format!("{}: {why}, and could hold the newest evaluation or test; {advice}", visible(file));
        self.doubt.get_or_insert_with(doubt);
    }

    fn is_hidden(&self, member: &Member) -> bool {
        self.hidden.iter().any(|own| own.is(member))
    }
}

/// Whether a text, read or not, may hold an evaluation or a test.
fn may_measure(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    // A measurement says when it was performed, or is one by its kind.
    lower.contains("performed") || ["test", "evaluation"].iter().any(|kind| is_kind(&lower, kind))
}

/// Whether `kind` has this value somewhere in a text, which is in lower case.
fn is_kind(text: &str, kind: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find("kind") {
        rest = rest.get(at + "kind".len()..).unwrap_or_default();
        let value = rest.trim_start_matches(['"', '\'', ' ', ':']);
        if value.len() < rest.len() && value.starts_with(kind) {
            return true;
        }
    }
    false
}

/// Whether a file holds something that is meant as a document and is none.
fn is_broken(name: &str, text: &str, options: &Options<'_>) -> bool {
    let examined = examine(name, text, options);
    let positions: Vec<u32> = examined.members().iter().map(|member| member.position).collect();
    let reports = conclude([&examined], &[], &Options { partial: true, ..*options });
    reports.iter().flat_map(|report| &report.findings).any(|finding| {
        let is_no_document = !positions.contains(&finding.place.document);
        finding.severity == Severity::Error && (is_no_document || finding.rule.id == "document/yaml-syntax")
    })
}
