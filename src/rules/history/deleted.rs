//! `history/deleted`

use super::is_object;
use crate::diagnostics::{Finding, Part, Place};
use crate::rules::compared::relate;
use crate::rules::{Findings, Vanished, declare_rule};
use crate::workspace::Member;

declare_rule! {
    /// An object must be archived, not deleted.
    ///
    /// What was trained on a dataset, or deployed from a pipeline, must be explained years later: the document that a run or a report
    /// refers to has to be there still. An archived object frees its name, and its document may be removed later, once nothing needs it.
    /// The document may move to another file; it is recognized by its id. Inference records are not objects: logs are rotated.
    ///
    /// The finding is at the beginning of the file that held the document. If the file itself is gone, the finding names its former path,
    /// and no comment can suppress it: an entry of `[[ignore]]` in the configuration, or a baseline, can.
    ///
    /// ## Fails
    /// ```yaml before
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 8d7f2d0a-5a51-4f0b-9c0e-1f8a7f3f2b10
    /// name: lake
    /// type: s3
    /// status: Active
    /// bucket: credit-default
    /// ---
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: archive
    /// type: s3
    /// status: Active
    /// bucket: credit-archive
    /// ```
    /// ```yaml after
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: archive
    /// type: s3
    /// status: Active
    /// bucket: credit-archive
    /// ```
    ///
    /// ## Passes
    /// ```yaml before
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 8d7f2d0a-5a51-4f0b-9c0e-1f8a7f3f2b10
    /// name: lake
    /// type: s3
    /// status: Active
    /// bucket: credit-default
    /// ```
    /// ```yaml after
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 8d7f2d0a-5a51-4f0b-9c0e-1f8a7f3f2b10
    /// name: lake
    /// type: s3
    /// status: Archived
    /// bucket: credit-default
    /// ```
    pub DELETED = {
        id: "history/deleted",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "common/object.md, “Hard deletion is unsupported”",
        kinds: [],
        check: Vanished(check),
    }
}

fn check(vanished: &Vanished<'_>, out: &mut Findings<'_>) {
    let Vanished { old, revision, workspace, source, members } = vanished;
    let is_elsewhere = workspace.may_hold(old);
    if is_elsewhere || old.is_archived() || !is_object(old.kind) {
        return;
    }
    // That its id changed is another finding.
    let is_namesake = |now: &&Member| {
        let has_id = now.id().is_some() && revision.namesake_in_file(now).is_some_and(|found| found.is(old));
        has_id && revision.counterpart(now).is_none()
    };
    if members.iter().any(|now| is_namesake(&now)) {
        return;
    }
    let label = revision.label();
    let version = old.version().map(|version| format!("@{version}")).unwrap_or_default();
    let message = format!("the {} '{}{version}' of {label} was deleted", old.kind.name(), old.label());
    // A comment above the first key hides it.
    let place = members.first().map_or_else(
        || Place { document: 0, pointer: String::new(), part: Part::Key, span: source.line_span(0) },
        |first| Place::of(&first.tree, first.position, first.root, Part::Key),
    );
    let help = match old.object.status {
        Some(_) => "restore the document, with the status Archived, or Deprecated while it is still used",
        None => "restore the document",
    };
    let finding = Finding::new(&DELETED, place, message).help(help);
    out.push(relate(finding, old, None, format!("the document in {label}")));
}
