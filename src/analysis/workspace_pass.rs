//! All documents together: the rules that look at a document beside the others, and the last word on every finding.

use rayon::prelude::*;

use super::limit::limit;
use super::{Examined, FileReport, Options, configure, suppression};
use crate::diagnostics::Finding;
use crate::rules::context::Faults;
use crate::rules::document::yaml_syntax::YAML_SYNTAX;
use crate::rules::{self, Check, Context, Findings};
use crate::rules::{Executed, Linked};
use crate::secrets;
use crate::workspace::{Member, MemberId, Unread, Workspace};
use crate::yaml::{Tree, pointer};

/// The reports about texts that were looked at one by one, in their order. `context` are documents that they may refer to and that
/// nothing is reported about.
#[must_use]
pub fn conclude<'a>(
    examined: impl IntoIterator<Item = &'a Examined>,
    context: &'a [Member],
    options: &Options<'_>,
) -> Vec<FileReport> {
    let mut members: Vec<&Member> = Vec::new();
    let mut files: Vec<(&Examined, MemberId)> = Vec::new();
    for examined in examined {
        files.push((examined, members.len()));
        members.extend(&examined.members);
    }
    members.extend(context);
    let broken: Vec<&Examined> = files.iter().map(|(file, _)| *file).filter(|file| file.is_broken).collect();
    let around = options.unread.iter().map(|source| Unread { source, is_reported: false });
    let unread = broken.iter().map(|file| Unread { source: &file.source, is_reported: true }).chain(around).collect();
    let workspace = Workspace::beside(members, options.partial, unread);
    let executed = Executed::default();
    let report = |(examined, first): &(&Examined, MemberId)| {
        let unread = broken.iter().position(|file| std::ptr::eq(*file, *examined));
        report(examined, *first, &workspace, &executed, unread, options)
    };
    // One file needs no threads, and they take longer to start than it takes to check.
    if files.len() == 1 { files.iter().map(report).collect() } else { files.par_iter().map(report).collect() }
}

/// The report about one file. `unread` is its number among the texts that could not be read, if it is one.
fn report<'a>(
    examined: &Examined,
    first: MemberId,
    workspace: &Workspace<'a>,
    executed: &Executed<'a>,
    unread: Option<usize>,
    options: &Options<'_>,
) -> FileReport {
    let mut findings = examined.findings.clone();
    if let Some(unread) = unread {
        say_what_is_missed(&mut findings.kept, workspace.references_to_unread(unread).count());
    }
    let mut suppressed = examined.hidden;
    for (index, (member, faults)) in examined.members.iter().zip(&examined.faults).enumerate() {
        let mut linked = check(member, first + index, workspace, executed, faults);
        suppressed += configure(examined.source.name(), options, &examined.guesses, &mut linked);
        limit(&member.tree, member.position, &mut linked);
        findings.append(&mut linked);
    }
    let mut secrets = Vec::new();
    if let Some(tree) = &examined.tree {
        if options.suppressions {
            let (hidden, mut about_comments) = suppression::suppress(tree, &mut findings.kept);
            suppressed += hidden + configure(examined.source.name(), options, &examined.guesses, &mut about_comments);
            findings.append(&mut about_comments);
        }
    }
    let mut findings = findings.into_findings();
    // Only the text around a finding is ever shown.
    if let Some(tree) = examined.tree.as_ref().filter(|_| !findings.is_empty()) {
        secrets = secrets::spans(tree);
    }
    if let Some(tree) = &examined.tree {
        findings.iter_mut().for_each(|finding| finding.identity = identity(tree, finding));
    }
    findings.iter_mut().for_each(|finding| secrets::redact_finding(finding, &examined.source, &secrets));
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    findings.dedup();
    let report = FileReport::new(examined.source.clone(), examined.documents.clone(), findings);
    let (format, guesses) = (examined.format, examined.guesses.clone());
    FileReport { suppressed, secrets, format, guesses, unread: examined.unread, ..report }
}

fn identity(tree: &Tree, finding: &Finding) -> Option<String> {
    let root = tree.documents().get(finding.place.document as usize)?.root?;
    pointer::by_names(tree, root, &finding.place.pointer)
}

/// Adds to the finding about a text that could not be read that others refer to what may be in it: one note in the place of a finding in
/// each of them.
fn say_what_is_missed(findings: &mut [Finding], references: usize) {
    let syntax = findings.iter_mut().find(|finding| *finding.rule == *YAML_SYNTAX);
    let Some(finding) = syntax.filter(|_| references > 0) else { return };
    let what = if references == 1 { "1 reference".to_owned() } else { format!("{references} references") };
    let help = finding.help.take().map(|help| format!("{help}; ")).unwrap_or_default();
    finding.help = Some(format!("{help}{what} to names in this file cannot be checked until it can be read"));
}

/// Applies the rules of the workspace to one of its documents, whose values that are not what their field takes are `faults`.
fn check<'a>(
    member: &Member,
    id: MemberId,
    workspace: &Workspace<'a>,
    executed: &Executed<'a>,
    faults: &Faults,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(linked) = Linked::new(workspace, executed, id) else { return findings };
    let context = Context::new(member, faults.clone());
    for rule in rules::of_workspace(member.kind) {
        if let Check::Workspace(check) = rule.check {
            context.enter(rule);
            check(&context, &linked, &mut Findings::new(&mut findings));
        }
    }
    findings
}
