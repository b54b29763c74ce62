//! All documents together: the rules that look at a document beside the others, and the last word on every finding.

use rayon::prelude::*;

use super::{Examined, FileReport, Options, configure, limit, suppression};
use crate::diagnostics::Finding;
use crate::rules::Linked;
use crate::rules::context::Faults;
use crate::rules::{self, Check, Context, Findings};
use crate::secrets;
use crate::workspace::{Member, MemberId, Workspace};

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
    let workspace = Workspace::new(members, options.partial);
    let report = |(examined, first): &(&Examined, MemberId)| report(examined, *first, &workspace, options);
    // One file needs no threads, and they take longer to start than it takes to check.
    if files.len() == 1 { files.iter().map(report).collect() } else { files.par_iter().map(report).collect() }
}

fn report(examined: &Examined, first: MemberId, workspace: &Workspace<'_>, options: &Options<'_>) -> FileReport {
    let mut findings = examined.findings.clone();
    let mut suppressed = examined.hidden;
    for (index, (member, faults)) in examined.members.iter().zip(&examined.faults).enumerate() {
        let mut linked = check(member, first + index, workspace, faults);
        suppressed += configure(examined.source.name(), options, &mut linked);
        limit(&member.tree, member.position, &mut linked);
        findings.append(&mut linked);
    }
    let mut secrets = Vec::new();
    if let Some(tree) = &examined.tree {
        if options.suppressions {
            let (hidden, mut about_comments) = suppression::suppress(tree, &mut findings);
            suppressed += hidden + configure(examined.source.name(), options, &mut about_comments);
            findings.append(&mut about_comments);
        }
        // Only the text around a finding is ever shown.
        if !findings.is_empty() {
            secrets = secrets::spans(tree);
        }
    }
    findings.iter_mut().for_each(|finding| secrets::redact_finding(finding, &secrets));
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    findings.dedup();
    let report = FileReport::new(examined.source.clone(), examined.documents.clone(), findings);
    FileReport { suppressed, secrets, unread: examined.unread, ..report }
}

/// Applies the rules of the workspace to one of its documents, whose values that are not what their field takes are `faults`.
fn check(member: &Member, id: MemberId, workspace: &Workspace<'_>, faults: &Faults) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(linked) = Linked::new(workspace, id) else { return findings };
    let context = Context::new(member, faults.clone());
    for rule in rules::of_workspace(member.kind) {
        if let Check::Workspace(check) = rule.check {
            context.enter(rule);
            check(&context, &linked, &mut Findings::new(&mut findings));
        }
    }
    findings
}
