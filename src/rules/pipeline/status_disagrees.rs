//! `pipeline/status-disagrees`

use crate::documents::run::RunStatus;
use crate::rules::Linked;
use crate::rules::pipeline::quoted;
use crate::rules::step_runs::{own_status, status_name};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A pipeline run, its steps and their runs must agree on how they ended.
    ///
    /// A pipeline run that is completed although a step failed, or that calls a step completed whose own run says that it failed, makes a
    /// model that was never finished a candidate. The steps of a pipeline run that is still queued cannot have been started.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   prepare: { cmd: python src/prepare.py }
    ///   fit: { cmd: python src/fit.py, after: [prepare] }
    /// ---
    /// kind: pipeline-run
    /// mlSpecVersion: 0.1.0
    /// id: 32e22e6c-45c7-4d3c-b7d4-c3ed8df00605
    /// name: train-credit-default-7
    /// pipeline: train-credit-default
    /// status: completed
    /// steps:
    ///   prepare: { status: completed }
    ///   fit: { status: failed }
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   prepare: { cmd: python src/prepare.py }
    ///   fit: { cmd: python src/fit.py, after: [prepare] }
    /// ---
    /// kind: pipeline-run
    /// mlSpecVersion: 0.1.0
    /// id: 32e22e6c-45c7-4d3c-b7d4-c3ed8df00605
    /// name: train-credit-default-7
    /// pipeline: train-credit-default
    /// status: failed
    /// steps:
    ///   prepare: { status: completed }
    ///   fit: { status: failed }
    /// ```
    pub STATUS_DISAGREES = {
        id: "pipeline/status-disagrees",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "experiment_tracking/run.md, “status”; pipelines/pipeline.md, “Pipeline run”",
        kinds: [PipelineRun],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(runs) = workspace.step_runs() else { return };
    let whole = own_status(workspace.own);
    for entry in &runs.entries {
        let name = quoted(entry.name);
        let of_run = entry.run.and_then(|(_, run)| Some((run, own_status(run)?)));
        if let (Some((said, node)), Some((run, (own, own_node)))) = (entry.status, of_run)
            && said != own
        {
            let (said, own) = (status_name(said), status_name(own));
            let message = format!("the step {name} is called {said} here, and {own} by its run");
            let finding = cx.at_value(&STATUS_DISAGREES, node, message);
            out.push(workspace.relate(finding, run, Some(own_node), "the status of its run"));
            continue;
        }
        // A step without a status here has the status of its run.
        let run_node = entry.run.map(|(node, _)| node);
        let said = entry.status.or_else(|| Some((of_run?.1.0, run_node?)));
        if let (Some((whole, whole_node)), Some((said, node))) = (whole, said)
            && contradicts(whole, said)
        {
            let (whole, said) = (status_name(whole), status_name(said));
            let message = format!("the run is {whole}, but its step {name} is {said}");
            let finding = cx.at_value(&STATUS_DISAGREES, node, message);
            out.push(finding.related(cx.tree.span(cx.tree.resolve(whole_node)), "the status of the run"));
        }
    }
}

/// Whether a run with the status `whole` cannot have a step with the status `step`.
fn contradicts(whole: RunStatus, step: RunStatus) -> bool {
    match whole {
        RunStatus::Completed => step != RunStatus::Completed,
        RunStatus::Queued => step != RunStatus::Queued,
        RunStatus::Running | RunStatus::Failed | RunStatus::Cancelled => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    /// Returns the rule and the place of all findings in a pipeline run.
    fn run(body: &str, others: &str) -> Vec<(&'static str, String)> {
        let text = format!(
            "kind: pipeline\nmlSpecVersion: 0.1.0\nname: p\nsteps:\n  a: {{cmd: x, outs: {{path: w/a}}}}\n  b:\n    \
             steps:\n      c: {{cmd: y, deps: {{path: w/a}}}}\n---\nkind: pipeline-run\nmlSpecVersion: 0.1.0\n\
             id: 32e22e6c-45c7-4d3c-b7d4-c3ed8df00605\nname: r\npipeline: P\n{body}{others}"
        );
        let of_runs =
            ["pipeline/run-order", "pipeline/status-disagrees", "pipeline/step-not-run", "pipeline/unknown-step"];
        found(&text)
            .into_iter()
            .filter(|(rule, ..)| of_runs.contains(rule))
            .map(|(rule, place, _)| (rule, place))
            .collect()
    }

    #[test]
    fn steps_are_called_by_their_names_or_paths() {
        for name in ["b", "c", "b/c", "b.c"] {
            let body =
                format!("status: completed\nsteps: {{a: {{status: completed}}, {name}: {{status: completed}}}}\n");
            assert_eq!(run(&body, ""), [], "{name}");
        }
        let unknown = ("pipeline/unknown-step", "cc".to_owned());
        assert_eq!(run("steps: {a: {}, cc: {}}\n", ""), [unknown]);
        let missing = ("pipeline/step-not-run", "completed".to_owned());
        assert_eq!(run("status: completed\nsteps: {c: {status: completed}}\n", ""), [missing]);
        assert_eq!(run("status: failed\nsteps: {a: {status: failed}}\n", ""), []);
    }

    #[test]
    fn statuses_agree() {
        let disagrees = |place: &str| ("pipeline/status-disagrees", place.to_owned());
        let of_step =
            "---\nkind: run\nmlSpecVersion: 0.1.0\nid: 5c5c2205-a089-4e3b-9a02-72ded4e6de1e\nname: s\nstatus: failed\n";
        let id = "run: 5c5c2205-a089-4e3b-9a02-72ded4e6de1e";
        assert_eq!(run(&format!("steps: {{a: {{{id}, status: running}}}}\n"), of_step), [disagrees("running")]);
        assert_eq!(run(&format!("steps: {{a: {{{id}, status: failed}}}}\n"), of_step), []);
        let body = format!("status: completed\nsteps: {{a: {{{id}}}, b: {{status: completed}}}}\n");
        assert_eq!(run(&body, of_step), [disagrees("5c5c2205-a089-4e3b-9a02-72ded4e6de1e")]);
        assert_eq!(run("status: queued\nsteps: {a: {status: running}}\n", ""), [disagrees("running")]);
        assert_eq!(run("status: cancelled\nsteps: {a: {status: completed}}\n", ""), []);
    }

    #[test]
    fn steps_are_executed_in_the_order_of_the_graph() {
        let order = |place: &str| ("pipeline/run-order", place.to_owned());
        assert_eq!(run("steps: {a: {status: failed}, b: {status: completed}}\n", ""), [order("completed")]);
        assert_eq!(run("steps: {a: {status: running}, b: {status: queued}}\n", ""), []);
        let of = |id: &str, date: &str| {
            format!("---\nkind: run\nmlSpecVersion: 0.1.0\nid: {id}\nname: s\nsubmittedDate: {date}T00:00:00Z\n")
        };
        let body = "submittedDate: 2026-02-01T00:00:00Z\nsteps: {a: {run: x-a}, b: {run: x-b}}\n";
        let runs = |a: &str, b: &str| run(body, &(of("x-a", a) + &of("x-b", b)));
        assert_eq!(runs("2026-02-01", "2026-02-02"), []);
        assert_eq!(runs("2026-02-03", "2026-02-02"), [order("x-b")]);
        assert_eq!(runs("2026-02-01", "2026-01-31"), [order("x-b")]);
    }
}
