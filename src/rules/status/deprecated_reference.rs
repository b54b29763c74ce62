//! `status/deprecated-reference`

use super::deprecated_dataset_used::replacement;
use crate::documents::Kind;
use crate::documents::common::Status;
use crate::documents::roles::ReferenceRole;
use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::Member;

declare_rule! {
    /// A module, datastore or data schema that is deprecated should not be used in new work.
    ///
    /// It still works, but a replacement exists: once it is archived, the pipeline can no longer be executed. A step uses the version of
    /// its module that it names, or else the newest one that is not archived. Datasets have a rule of their own,
    /// `status/deprecated-dataset-used`. Profiles and validations record what was done with a schema, and may keep it.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: module
    /// mlSpecVersion: 0.1.0
    /// id: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21
    /// name: fit-credit-model
    /// status: Active
    /// createdUtc: 2026-07-01T09:30:00Z
    /// versions:
    ///   - {version: 2.0.0, id: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66}
    /// ---
    /// kind: module-version
    /// mlSpecVersion: 0.1.0
    /// id: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66
    /// module: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21
    /// version: 2.0.0
    /// status: Deprecated
    /// snapshot_id: snapshot-114
    /// createdUtc: 2026-07-01T09:30:00Z
    /// ---
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   fit:
    ///     moduleName: fit-credit-model@2.0.0
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: module
    /// mlSpecVersion: 0.1.0
    /// id: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21
    /// name: fit-credit-model
    /// status: Active
    /// createdUtc: 2026-07-01T09:30:00Z
    /// versions:
    ///   - {version: 2.1.0, id: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66}
    /// ---
    /// kind: module-version
    /// mlSpecVersion: 0.1.0
    /// id: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66
    /// module: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21
    /// version: 2.1.0
    /// status: Active
    /// snapshot_id: snapshot-114
    /// createdUtc: 2026-07-01T09:30:00Z
    /// ---
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   fit:
    ///     moduleName: fit-credit-model@2.1.0
    /// ```
    pub DEPRECATED_REFERENCE = {
        id: "status/deprecated-reference",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "common/object.md, “Deprecated”: still usable, with a warning that a replacement is available",
        kinds: [Datapath, Dataset, Monitoring, Pipeline, Transformation],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    // A document that is not active itself need not be moved.
    if workspace.own.object.status.is_some_and(|status| status != Status::Active) {
        return;
    }
    for (reference, object, id) in workspace.found() {
        let is_step = reference.role == ReferenceRole::StepModule;
        if !is_step && !matches!(object.kind, Kind::Datastore | Kind::DataSchema) {
            continue;
        }
        let of_module = || if is_step { workspace.module_of(id) } else { None };
        let is_deprecated = |object: &&Member| object.object.status == Some(Status::Deprecated);
        let deprecated = Some(object).filter(is_deprecated).or_else(|| of_module().filter(is_deprecated));
        if let Some(deprecated) = deprecated.filter(|_| !object.is_archived()) {
            let what = if is_step { "module" } else { object.kind.name() };
            let message = format!("the {what} {} is deprecated", cx.shown(reference.node));
            let finding = cx.at_value(&DEPRECATED_REFERENCE, reference.node, message);
            let finding = match replacement(workspace, id) {
                Some(replacement) => finding.help(format!("use {replacement}, which replaces it")),
                None => finding.help("use what replaces it, before it is archived"),
            };
            out.push(workspace.relate(finding, deprecated, deprecated.object.status_node, "deprecated here"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn deprecated_schemas_and_data_are_not_for_new_work() {
        let schema = |status: &str| {
            let schema = include_str!("../bases/credit-schema.yml").replace("Active", status);
            let newer = schema.replace("9a05", "9a15").replace("1.0.0", "1.1.0").replace(status, "Active");
            format!("---\n{schema}replacedBy: loans@1.1.0\n---\n{newer}")
        };
        let dataset = |state: &str| {
            format!(
                "---\nkind: dataset\nmlSpecVersion: 0.1.0\nid: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11\nname: credit-train\nstate: {state}\n\
                 version: 1.2.0\nlocation: s3://credit/train\n"
            )
        };
        let features = include_str!("../bases/credit-features.yml").replace("inputs:", "schema: loans@1.0.0\ninputs:");
        let monitoring =
            include_str!("../bases/credit-monitoring.yml").replace("signals:", "schema: loans@1.0.0\nsignals:");
        let validation = include_str!("../bases/credit-validation.yml");
        let by_schema = ("status/deprecated-reference", "loans@1.0.0");
        let by_data = ("status/deprecated-dataset-used", "credit-train@1.2.0");
        for (text, is_by_schema, is_by_data) in
            [(&*features, true, true), (&*monitoring, true, false), (validation, false, false)]
        {
            for status in ["Active", "Deprecated"] {
                let found = found(&format!("{text}{}{}", schema(status), dataset(status)));
                for ((rule, place), is_meant) in [(by_schema, is_by_schema), (by_data, is_by_data)] {
                    let own = found.iter().filter(|(own, at, _)| *own == rule && at == place).count();
                    assert_eq!(own, usize::from(is_meant && status == "Deprecated"), "{text}{status}{found:?}");
                }
            }
        }
    }
}
