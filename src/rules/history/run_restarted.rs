//! `history/run-restarted`

use super::run_status;
use crate::documents::Document;
use crate::documents::run::RunStatus;
use crate::rules::{ComparedDocument, Context, Findings, declare_rule};

declare_rule! {
    /// A run that has ended must not be executed again.
    ///
    /// A run is the record of one execution. If it is executed again under the same id, its first results are lost, and whoever cites it
    /// cites something else. The metrics of a completed run are what it measured: they do not change either.
    ///
    /// ## Fails
    /// ```yaml before
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 5c5c2205-a089-4e3b-9a02-72ded4e6de1e
    /// name: fit-card-model-2026-06-09
    /// submittedDate: 2026-06-09T06:11:30Z
    /// status: failed
    /// hyperparameters:
    ///   - key: epochs
    ///     value: 25
    /// metrics:
    ///   - key: accuracy
    ///     value: 0.80
    /// tags:
    ///   - key: release
    ///     value: july
    /// ```
    /// ```yaml after
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 5c5c2205-a089-4e3b-9a02-72ded4e6de1e
    /// name: fit-card-model-2026-06-09
    /// submittedDate: 2026-06-09T06:11:30Z
    /// status: running
    /// hyperparameters:
    ///   - key: epochs
    ///     value: 25
    /// metrics:
    ///   - key: accuracy
    ///     value: 0.80
    /// tags:
    ///   - key: release
    ///     value: july
    /// ```
    ///
    /// ## Passes
    /// ```yaml before
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 5c5c2205-a089-4e3b-9a02-72ded4e6de1e
    /// name: fit-card-model-2026-06-09
    /// submittedDate: 2026-06-09T06:11:30Z
    /// status: running
    /// hyperparameters:
    ///   - key: epochs
    ///     value: 25
    /// metrics:
    ///   - key: accuracy
    ///     value: 0.80
    /// tags:
    ///   - key: release
    ///     value: july
    /// ```
    /// ```yaml after
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 5c5c2205-a089-4e3b-9a02-72ded4e6de1e
    /// name: fit-card-model-2026-06-09
    /// submittedDate: 2026-06-09T06:11:30Z
    /// status: completed
    /// hyperparameters:
    ///   - key: epochs
    ///     value: 25
    /// metrics:
    ///   - key: accuracy
    ///     value: 0.80
    /// tags:
    ///   - key: release
    ///     value: july
    /// ```
    pub RUN_RESTARTED = {
        id: "history/run-restarted",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "pipelines/pipeline.md, “Once executed, it can't execute again”",
        kinds: [Run, PipelineRun],
        check: History(check),
    }
}

fn check(cx: &Context<'_>, compared: &ComparedDocument<'_, '_>, out: &mut Findings<'_>) {
    let Some(old) = compared.changed() else { return };
    let has_ended =
        |status: RunStatus| matches!(status, RunStatus::Completed | RunStatus::Failed | RunStatus::Cancelled);
    let Some(before) = run_status(old).filter(|status| has_ended(*status)) else { return };
    let now = match cx.typed() {
        Some(Document::Run(run)) => run.status.get().copied(),
        Some(Document::PipelineRun(run)) => run.status.get().copied(),
        _ => None,
    };
    let help = "record the new execution as a run with an id of its own";
    // A status that cannot be read is another finding.
    if now.map_or_else(|| !compared.linked.own.has("status"), |now| now != before)
        && let Some(difference) = compared.difference(cx, "status")
    {
        let again = now.is_some_and(|now| !has_ended(now));
        let message = if again { "the run had ended, and is executed again" } else { "the run had ended otherwise" };
        out.push(compared.at(&RUN_RESTARTED, cx, difference, message).help(help));
    } else if before == RunStatus::Completed
        && let Some(difference) = compared.difference(cx, "metrics")
    {
        let message = "the metrics changed, but the run was completed before";
        out.push(compared.at(&RUN_RESTARTED, cx, difference, message).help(help));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::history::testing::assert_changes;

    #[test]
    fn what_has_ended_stays_as_it_ended() {
        let run = |status: &str, value: &str| {
            format!(
                "kind: run\nmlSpecVersion: 0.1.0\nid: r-1\nname: fit\nstatus: {status}\nmetrics: [{{key: a, value: {value}}}]\n"
            )
        };
        for (before, now, found) in [
            (run("completed", "1"), run("queued", "1"), Some("status")),
            (run("cancelled", "1"), run("completed", "2"), Some("status")),
            (run("completed", "0.5"), run("completed", "0.6"), Some("value")),
            (run("completed", "0.5"), run("COMPLETED", "0.50"), None),
            (run("failed", "0.5"), run("failed", "0.6"), None),
            (run("running", "0.5"), run("completed", "0.6"), None),
        ] {
            let expected: Vec<_> = found.map(|place| (super::RUN_RESTARTED.id, place)).into_iter().collect();
            assert_changes(&before, &now, &expected);
        }
    }
}
