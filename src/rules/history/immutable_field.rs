//! `history/immutable-field`

use super::run_status;
use crate::documents::Kind;
use crate::documents::run::RunStatus;
use crate::rules::{ComparedDocument, Context, Findings, declare_rule};
use crate::yaml::Difference;

declare_rule! {
    /// A field that never changes must stay what it was.
    ///
    /// Others have recorded what these fields say: when a module was created, what a version of it executes, where the file is that a run
    /// produced, with which settings a completed run was executed. Of a module, `createdUtc` never changes; of a version of it, everything
    /// but its description and status; of an artifact, `created_by_run_id`, `data_path` and `digest`; of a completed run, everything but
    /// its tags and description. A change of its metrics is another finding.
    ///
    /// ## Fails
    /// ```yaml before
    /// kind: module-version
    /// mlSpecVersion: 0.1.0
    /// id: 7771c7dc-1764-4ad6-98dd-e9ec58cf935b
    /// module: e855f1ae-3c56-4645-b15d-38b0d904bab2
    /// version: 1.4.0
    /// status: Active
    /// createdUtc: 2026-06-08T13:40:00Z
    /// snapshot_id: 238f76fcde1e4f7e3682c43f9dbda6432888c734
    /// ```
    /// ```yaml after
    /// kind: module-version
    /// mlSpecVersion: 0.1.0
    /// id: 7771c7dc-1764-4ad6-98dd-e9ec58cf935b
    /// module: e855f1ae-3c56-4645-b15d-38b0d904bab2
    /// version: 1.4.0
    /// status: Active
    /// createdUtc: 2026-06-08T13:40:00Z
    /// snapshot_id: faa10b1cde1e4f7e3682c43f9dbda6432888c734
    /// ```
    ///
    /// ## Passes
    /// ```yaml before
    /// kind: module-version
    /// mlSpecVersion: 0.1.0
    /// id: 7771c7dc-1764-4ad6-98dd-e9ec58cf935b
    /// module: e855f1ae-3c56-4645-b15d-38b0d904bab2
    /// version: 1.4.0
    /// status: Active
    /// createdUtc: 2026-06-08T13:40:00Z
    /// snapshot_id: 238f76fcde1e4f7e3682c43f9dbda6432888c734
    /// description: Fits a network.
    /// ```
    /// ```yaml after
    /// kind: module-version
    /// mlSpecVersion: 0.1.0
    /// id: 7771c7dc-1764-4ad6-98dd-e9ec58cf935b
    /// module: e855f1ae-3c56-4645-b15d-38b0d904bab2
    /// version: 1.4.0
    /// status: Active
    /// createdUtc: 2026-06-08T13:40:00Z
    /// snapshot_id: 238f76fcde1e4f7e3682c43f9dbda6432888c734
    /// description: Fits a network, and stops early.
    /// ```
    pub IMMUTABLE_FIELD = {
        id: "history/immutable-field",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "modules/module.md, Mutability: “immutable”; modules/moduleversion.md; runs/artifact.md; pipelines/pipeline.md, “Once executed, it can't execute again”",
        kinds: [Module, ModuleVersion, Artifact, Run, PipelineRun],
        check: History(check),
    }
}

/// The fields of every kind that say how a document is to be read, or what it is.
const ABOUT_THE_DOCUMENT: &[&str] = &["mlSpecVersion", "kind", "id"];

fn check(cx: &Context<'_>, compared: &ComparedDocument<'_, '_>, out: &mut Findings<'_>) {
    let Some(old) = compared.changed() else { return };
    let all_but =
        |free: &[&str]| compared.differences(cx, |name| !free.contains(&name) && !ABOUT_THE_DOCUMENT.contains(&name));
    let among = |fixed: &[&str]| compared.differences(cx, |name| fixed.contains(&name));
    let (changes, why) = match cx.kind {
        Kind::Module => (among(&["createdUtc"]), "it never changes"),
        Kind::ModuleVersion => (
            all_but(&["description", "status"]),
            "a version of a module never changes, except its description and status: publish a new version",
        ),
        Kind::Artifact => {
            let mut changes = among(&["created_by_run_id", "data_path", "digest"]);
            // What was not known before contradicts nothing.
            changes.retain(|(_, found)| !matches!(found, Difference::Added(_)));
            (changes, "what a run produced never changes: another file is another artifact")
        }
        _ if run_status(old) == Some(RunStatus::Completed) => (
            all_but(&["description", "tags", "metrics", "status"]),
            "a completed run never changes, except its tags and description: record another run",
        ),
        _ => return,
    };
    for (name, difference) in changes {
        let message = format!("{name} of the {} '{}' changed", cx.kind.name(), compared.linked.own.label());
        out.push(compared.at(&IMMUTABLE_FIELD, cx, difference, message).help(format!("restore it; {why}")));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::history::testing::assert_changes;

    #[test]
    fn each_kind_has_fields_that_never_change() {
        let artifact = "kind: artifact\nmlSpecVersion: 0.1.0\nid: b1d8c50c-5748-49d7-bbbf-858eff5fe5bf\nname: card-model\n\
             created_by_run_id: r-1\ndata_path: {DataStore: lake, RelativePath: model.keras}\n";
        let module = "kind: module\nmlSpecVersion: 0.1.0\nid: e855f1ae-3c56-4645-b15d-38b0d904bab2\nname: fit\nstatus: Active\n\
             createdUtc: 2026-05-04T08:15:00Z\nversions: [{version: 1.0.0, id: v-1}]\n";
        let run = |status: &str| {
            format!(
                "kind: run\nmlSpecVersion: 0.1.0\nid: r-1\nname: fit\nstatus: {status}\ncode: {{commit: abc}}\ntags: [{{key: a, value: b}}]\n"
            )
        };
        let (completed, running) = (run("completed"), run("running"));
        for (text, from, to, found) in [
            (artifact, "r-1", "r-2", Some("created_by_run_id")),
            (artifact, "model.keras", "other.keras", Some("RelativePath")),
            (artifact, "card-model", "other", None),
            (module, "05-04", "05-05", Some("createdUtc")),
            // The same instant, in another zone.
            (module, "05-04T08:15:00Z", "05-04T10:15:00+02:00", None),
            (module, "name: fit", "name: other", None),
            (&completed, "abc", "abd", Some("commit")),
            (&completed, "name: fit", "name: other", Some("name")),
            (&completed, "value: b", "value: c", None),
            (&running, "abc", "abd", None),
        ] {
            let expected: Vec<_> = found.map(|place| ("history/immutable-field", place)).into_iter().collect();
            assert_changes(text, &text.replace(from, to), &expected);
        }
    }
}
