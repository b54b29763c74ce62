//! `run/project-disagrees`

use crate::documents::Kind;
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::{Resolution, field};

declare_rule! {
    /// A run must belong to the project of its experiment.
    ///
    /// Runs are found by their project, and compared within their experiment. A run that names one project and an experiment of another
    /// is missing in one of the two, and counts for both.
    ///
    /// ## Fails
    /// ```yaml base:credit-fit
    /// project_id: fraud
    /// experiment_id: longer-history
    /// ---
    /// kind: experiment
    /// mlSpecVersion: 0.2.0
    /// id: 3eb00c1e-e06a-4a50-b911-54e6fd4d5746
    /// name: longer-history
    /// project: credit
    /// ---
    /// kind: project
    /// mlSpecVersion: 0.2.0
    /// id: 5999460a-86e4-4b3e-b48d-b4c73b9d73b0
    /// name: credit
    /// ---
    /// kind: project
    /// mlSpecVersion: 0.2.0
    /// id: 6aaa460a-86e4-4b3e-b48d-b4c73b9d73b1
    /// name: fraud
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-fit
    /// project_id: credit
    /// experiment_id: longer-history
    /// ---
    /// kind: experiment
    /// mlSpecVersion: 0.2.0
    /// id: 3eb00c1e-e06a-4a50-b911-54e6fd4d5746
    /// name: longer-history
    /// project: credit
    /// ---
    /// kind: project
    /// mlSpecVersion: 0.2.0
    /// id: 5999460a-86e4-4b3e-b48d-b4c73b9d73b0
    /// name: credit
    /// ```
    pub PROJECT_DISAGREES = {
        id: "run/project-disagrees",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "experiment_tracking/experiment_example.yml, “project_id” and “experiment_id”",
        kinds: [PipelineRun, Run],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let of = |kind: Kind| workspace.found().find(move |(own, ..)| own.targets == [kind]);
    let (Some((reference, _, project)), Some((_, experiment, id))) = (of(Kind::Project), of(Kind::Experiment)) else {
        return;
    };
    let named = workspace.references_of(id).find(|(own, _)| own.targets == [Kind::Project]);
    let Some((_, Resolution::Found(other))) = named else { return };
    if *other != project {
        let message = format!(
            "the experiment '{}' belongs to another project than {}",
            experiment.label(),
            cx.shown(reference.node)
        );
        let finding = cx.at_value(&PROJECT_DISAGREES, reference.node, message);
        let place = field(&experiment.tree, experiment.root, "project");
        out.push(workspace.relate(finding, experiment, place, "the project of the experiment"));
    }
}
