//! `reference/missing-file`

use super::path_escapes_workspace::is_absolute;
use crate::rules::naming::is_given_later;
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::FileFault;

declare_rule! {
    /// A file that a test of objectives is given must exist and hold what a gate can judge.
    ///
    /// The tests that come with objectives show that they block what they should. A test whose `given` names no file shows nothing, and
    /// nobody notices before `gate --self-test` runs. The path is relative to the document. It must lead to a file in the workspace, and to
    /// a run, an evaluation or a test in it. Problems inside the file are reported there. A document from standard input is in no folder,
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
        kinds: [Objectives],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, _: &Linked<'_>, out: &mut Findings<'_>) {
    for (path, node) in cx.member.named_files() {
        // An absolute path is another fault, wherever it leads.
        if is_absolute(path) || is_given_later(path) || cx.is_faulty(node) {
            continue;
        }
        let Some(fault) = cx.named_files().and_then(|files| files.fault(path)) else { continue };
        let shown = cx.shown(node);
        let (message, help) = match fault {
            FileFault::Missing => (
                format!("file {shown} is not found"),
                "write it, beginning with `mlspec-lint init test`, or name another file; the path is relative to the folder of this document",
            ),
            FileFault::Folder => (format!("{shown} is a folder"), "name a file in it"),
            FileFault::Outside => (
                format!("file {shown} is outside of the workspace, and is not read"),
                "name a file in the workspace, relative to the folder of this document",
            ),
            FileFault::Unreadable(why) => (format!("file {shown} cannot be read: {why}"), "make it readable"),
            FileFault::NotYaml => {
                (format!("file {shown} is not valid YAML"), "check it by itself, which tells where it is broken")
            }
            FileFault::NoEvidence => (
                format!("file {shown} holds no run, evaluation or test"),
                "name a file with what was measured of the model, which the gate judges as it would a candidate",
            ),
        };
        out.push(cx.at_value(&MISSING_FILE, node, message).help(help));
    }
}
