//! `history/deleted`

use super::{is_object, is_other_id};
use crate::diagnostics::{Finding, Part, Place};
use crate::rules::compared::relate;
use crate::rules::{Findings, Vanished, declare_rule};
use crate::workspace::{Member, field};

declare_rule! {
    /// An object must be archived, not deleted.
    ///
    /// What was trained on a dataset, or deployed from a pipeline, must be explained years later: the document that a run or a report
    /// refers to has to be there still. An archived object frees its name, and its document may be removed later, once nothing needs it.
    /// The document may move to another file; it is recognized by its id or, without one, by its kind, name and version. One that has
    /// neither, such as a model card, is missed when no document of its kind is left in its file, and none is in a file that had none.
    /// A document that has another kind under the same id is another object: what the former one said is gone. Inference records are not
    /// objects: logs are rotated.
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
    if old.is_archived() || !is_object(old.kind) || workspace.may_hold(old).unwrap_or_else(|| may_be_held(vanished)) {
        return;
    }
    // That its id changed is another finding. A document without an id may have another name now.
    let has_become = |now: &Member| {
        let is_namesake = || now.id().is_some() && revision.namesake_in_file(now).is_some_and(|found| found.is(old));
        let is_renamed = || old.id().is_none() && now.kind == old.kind;
        (is_namesake() || is_renamed()) && revision.counterpart(now).is_none()
    };
    if members.iter().any(has_become) {
        return;
    }
    let label = revision.label();
    let version = old.version().map(|version| format!("@{version}")).unwrap_or_default();
    let (kind, called) = (old.kind.name(), old.label());
    let of_other_kind = members.iter().find(|now| has_id_of(now, old));
    let message = match of_other_kind {
        Some(now) => {
            format!("the {kind} '{called}{version}' of {label} is gone: under its id is a {} now", now.kind.name())
        }
        None => format!("the {kind} '{called}{version}' of {label} was deleted"),
    };
    // A comment above the first key hides it.
    let place = match of_other_kind.or(members.first()) {
        Some(now) => {
            let node = of_other_kind.and_then(|now| field(&now.tree, now.root, "kind")).unwrap_or(now.root);
            Place::of(&now.tree, now.position, node, Part::Key)
        }
        None => Place { document: 0, pointer: String::new(), part: Part::Key, span: source.line_span(0) },
    };
    let help = match old.object.status {
        _ if of_other_kind.is_some() => "restore the document; another object has an id of its own",
        Some(_) => "restore the document, with the status Archived, or Deprecated while it is still used",
        None => "restore the document",
    };
    let finding = Finding::new(&DELETED, place, message).help(help);
    out.push(relate(finding, old, None, format!("the document in {label}")));
}

fn has_id_of(now: &Member, old: &Member) -> bool {
    now.id().zip(old.id()).is_some_and(|(own, former)| !is_other_id(own, former))
}

/// Returns whether a document without id and name may still be there: its file holds one of its kind, or a file does that held none.
fn may_be_held(vanished: &Vanished<'_>) -> bool {
    let Vanished { old, revision, workspace, members, .. } = vanished;
    let is_of_kind = |member: &Member| member.kind == old.kind;
    let is_new = |now: &Member| !revision.documents_of(now.file()).any(is_of_kind);
    members.iter().any(is_of_kind) || workspace.of_kind(old.kind).filter_map(|id| workspace.member(id)).any(is_new)
}

#[cfg(test)]
mod tests {
    use crate::rules::history::testing::assert_changes;

    #[test]
    fn a_document_of_another_kind_is_another_object() {
        let run =
            "kind: run\nmlSpecVersion: 0.1.0\nid: r-1\nname: fit\nstatus: completed\nmetrics: [{key: a, value: 1}]\n";
        let other = "kind: pipeline-run\nmlSpecVersion: 0.1.0\nid: R-1\nname: fit\nstatus: completed\npipeline: train\nsteps: {}\n";
        assert_changes(run, other, &[("history/deleted", "kind")]);
        assert_changes(run, &format!("{other}---\n{run}"), &[]);
        let late = other.replace("kind: pipeline-run\n", "") + "kind: pipeline-run\n";
        assert_changes(run, &late, &[("history/deleted", "kind")]);
    }

    #[test]
    fn documents_without_an_id_are_missed_too() {
        let kept = "kind: datastore\nmlSpecVersion: 0.1.0\nid: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11\nname: lake\ntype: s3\nstatus: Active\n\
                    bucket: a\n";
        let model =
            "---\nkind: model\nmlSpecVersion: 0.1.0\nname: cards\nmodel_identifier: cards\nframework: {name: onnx}\n";
        let card = "---\nkind: model-card\nmlSpecVersion: 0.1.0\nspecVersion: 0.0.1\n";
        let metadata = "---\nkind: metadata\nmlSpecVersion: 0.1.0\ntraining_params: {epochs: 20}\n";
        let datapath = "---\nkind: datapath\nmlSpecVersion: 0.1.0\nDataStore: lake\nRelativePath: a.csv\n";
        let log = "---\nkind: inference-log\nmlSpecVersion: 0.1.0\n";
        for (text, is_missed) in [(model, true), (card, true), (metadata, true), (datapath, true), (log, false)] {
            let expected: &[_] = if is_missed { &[("history/deleted", "kind")] } else { &[] };
            assert_changes(&format!("{kept}{text}"), kept, expected);
            assert_changes(&format!("{kept}{text}"), &format!("{kept}{text}"), &[]);
        }
        let renamed = |text: &str| text.replace("cards", "loans").replace("a.csv", "b.csv");
        for text in [model, datapath] {
            assert_changes(&format!("{kept}{text}"), &format!("{kept}{}", renamed(text)), &[]);
        }
        let both = format!("{kept}{model}{}", renamed(model));
        assert_changes(&both, &format!("{kept}{}", renamed(model)), &[("history/deleted", "kind")]);
    }
}
