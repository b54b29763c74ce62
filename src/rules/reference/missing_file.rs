//! `reference/missing-file`

use super::path_escapes_workspace::is_absolute;
use crate::rules::naming::is_given_later;
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::{FileFault, NamedContent};

declare_rule! {
    /// A file that a document names must exist, and what a test of objectives is given must be judgeable.
    ///
    /// The tests that come with objectives show that they block what they should. A test whose `given` names no file shows nothing, and
    /// nobody notices before `gate --self-test` runs. It must be a file with a run, an evaluation or a test. A signature or an attestation
    /// that is not there was never verified by anybody. The path is relative to the document, and must lead to a file in the workspace. Problems inside the file are reported there. A document from standard input is in no folder,
    /// so its files are not checked.
    ///
    /// ## Fails
    /// ```text
    /// $ ls launch
    /// objectives.yml
    /// $ grep given launch/objectives.yml
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail}
    /// ```
    ///
    /// ## Passes
    /// ```text
    /// $ ls launch launch/fixtures
    /// launch:
    /// fixtures  objectives.yml
    ///
    /// launch/fixtures:
    /// weak.yml
    /// ```
    pub MISSING_FILE = {
        id: "reference/missing-file",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README #1: what a model must achieve is codified; a test without its file shows nothing",
        kinds: [Evaluation, Ingestion, Model, Objectives, Rollout, Test],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, _: &Linked<'_>, out: &mut Findings<'_>) {
    for named in cx.member.named_files() {
        // An absolute path is another fault, wherever it leads.
        if is_absolute(named.path) || is_given_later(named.path) || cx.is_faulty(named.node) {
            continue;
        }
        let fault = cx.named_files().and_then(|files| files.fault(&named));
        let Some(fault) = fault.filter(|fault| !fault.is_of_statement()) else { continue };
        let is_evidence = named.content == NamedContent::Evidence;
        let help = match fault {
            FileFault::Missing if is_evidence => {
                "write it, beginning with `mlspec-lint init test`, or name another file; the path is relative to the folder of this document"
            }
            FileFault::Missing => {
                "put it there, or name another file; the path is relative to the folder of this document"
            }
            FileFault::Folder => "name a file in it",
            FileFault::Outside => "name a file in the workspace, relative to the folder of this document",
            FileFault::NotYaml => "check it by itself, which tells where it is broken",
            FileFault::NoEvidence => {
                "name a file with what was measured of the model, which the gate judges as it would a candidate"
            }
            _ => "make it readable",
        };
        let what = if *fault == FileFault::Folder { "" } else { "file " };
        let message = format!("{what}{} {fault}", cx.shown(named.node));
        out.push(cx.at_value(&MISSING_FILE, named.node, message).help(help));
    }
}
