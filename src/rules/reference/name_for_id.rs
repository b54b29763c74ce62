//! `reference/name-for-id`

use crate::diagnostics::Fix;
use crate::documents::roles::ReferenceRole;
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::text::with_article;
use crate::yaml::edit;

declare_rule! {
    /// A field that holds the id of an object should not hold its name.
    ///
    /// A name may be given to another object once its own is archived, and several runs may have one name; an id always means the same
    /// object. Records of what has happened (which run produced an artifact, which one started another or measured a model, which module a
    /// version is of) hold ids for that reason. The object is found by its name here, but other tools look for the id and find nothing.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: artifact
    /// mlSpecVersion: 0.1.0
    /// id: 0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32
    /// name: credit-model
    /// created_by_run_id: fit-credit-model
    /// data_path: {DataStore: credit-lake, RelativePath: models/credit.onnx}
    /// artifact_type: MODEL
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: fit-credit-model
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: artifact
    /// mlSpecVersion: 0.1.0
    /// id: 0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32
    /// name: credit-model
    /// created_by_run_id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// data_path: {DataStore: credit-lake, RelativePath: models/credit.onnx}
    /// artifact_type: MODEL
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: fit-credit-model
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` replaces the name of the object with its id.
    pub NAME_FOR_ID = {
        id: "reference/name-for-id",
        severity: Warning,
        since: "0.1.0",
        fix: Unsafe,
        source: "common/object.md, “Id”: unique and immutable; runs/artifact.md, “Created By Run Id”",
        kinds: [Artifact, Evaluation, Module, ModuleVersion, PipelineRun, Run, Test],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    for (reference, object, _) in workspace.found() {
        let by_id = matches!(
            reference.role,
            ReferenceRole::Producer
                | ReferenceRole::Parent
                | ReferenceRole::Child
                | ReferenceRole::OwnModule
                | ReferenceRole::ListedVersion
                | ReferenceRole::StepRun
                | ReferenceRole::MeasuringRun
        );
        let text = cx.tree.text(reference.node).map(str::trim);
        let Some(id) = object.id().filter(|id| by_id && text != Some(*id) && !cx.is_faulty(reference.node)) else {
            continue;
        };
        let message =
            format!("{} is the name of {}, not its id", cx.shown(reference.node), with_article(object.kind.name()));
        let fix = edit::replace_scalar(cx.tree, reference.node, id)
            .map(|edits| Fix::needs_review(format!("use the id '{id}'"), edits));
        let finding = cx.at_value(&NAME_FOR_ID, reference.node, message).help(format!("use its id, '{id}'")).fix(fix);
        out.push(workspace.relate(finding, object, object.object.id, "its id"));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    const TEST: &str = "kind: test\nmlSpecVersion: 0.1.0\nid: 7c1f0c1c-72ae-4236-9202-7e6aff1954f4\nname: t\nmodel: m\n\
        dataset: d\nperformedOn: 2026-07-01T09:30:00Z\nmetrics: [{key: auc, value: 0.9}]\n";

    fn run(id: &str, name: &str) -> String {
        format!("---\nkind: run\nmlSpecVersion: 0.1.0\nid: {id}\nname: {name}\nexperiment_id: e\n")
    }

    /// Returns the findings about the reference of a test to a run, which it calls by this text.
    fn about_run(called: &str, runs: &str) -> Vec<(&'static str, String)> {
        let found = found(&format!("{TEST}run: {called}\n{runs}"));
        let of_references = found.into_iter().filter(|(rule, ..)| rule.starts_with("reference/"));
        of_references.filter(|(_, place, _)| place == called).map(|(rule, _, message)| (rule, message)).collect()
    }

    #[test]
    fn the_run_that_measured_is_named_by_its_id() {
        let [one, two] = ["1c1f0c1c-72ae-4236-9202-7e6aff1954f4", "2c1f0c1c-72ae-4236-9202-7e6aff1954f4"];
        let runs = run(one, "fit") + &run(two, "night") + &run("3c1f0c1c-72ae-4236-9202-7e6aff1954f4", "night");
        assert_eq!(about_run(one, &runs), []);
        let by_name = ("reference/name-for-id", "'fit' is the name of a run, not its id".to_owned());
        assert_eq!(about_run("fit", &runs), [by_name]);
        let several = ("reference/ambiguous-object", "'night' is the name of 2 objects: run 2c1f0c1c-72ae-4236-9202-7e6aff1954f4, run 3c1f0c1c-72ae-4236-9202-7e6aff1954f4".to_owned());
        assert_eq!(about_run("night", &runs), [several]);
        assert_eq!(about_run("fit", ""), []);
    }
}
