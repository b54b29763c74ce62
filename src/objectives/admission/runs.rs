//! The runs that made or measured the model: which they are, and whether they came to their end.

use rustc_hash::FxHashSet;

use super::separation::is_named;
use super::{Admission, Inadmissible, is_run, run_of};
use crate::documents::Document;
use crate::documents::field::Map;
use crate::documents::run::RunStatus;
use crate::objectives::measurements::instant;
use crate::objectives::provenance::{MeasuredModels, RUNS, children, parents, reached, relatives};
use crate::objectives::verdict::InputRole;
use crate::workspace::{DocId, Member};

impl<'a> Admission<'_, 'a> {
    /// The runs that made the model file or version that was measured, whether or not a measurement names them.
    pub(super) fn makers(&self) -> Vec<&'a Member> {
        let models = MeasuredModels::of(self.workspace, self.candidate());
        let is_made = |own: &Member| models.are_made_by(self.workspace, own);
        let runs = self.with_role(InputRole::Context).filter(|member| is_run(member));
        runs.filter(|run| is_made(run) || self.produced(run).any(is_made)).collect()
    }

    /// The runs that belong to those that made the model: those that started them, or were started by them, and the other steps of their
    /// pipeline runs. Not those that belong to a test: one pipeline run may start all of them.
    pub(super) fn relatives_of_makers(&self) -> Vec<&'a Member> {
        let workspace = self.workspace;
        let makers = MeasuredModels::of(workspace, self.candidate()).runs(workspace);
        if makers.is_empty() {
            return Vec::new();
        }
        let tests = self.with_role(InputRole::Test).filter_map(run_of).map(|name| workspace.lookup(name, &RUNS));
        let tests: Vec<DocId> = tests.filter_map(|test| test.found()).collect();
        let mut of_tests: FxHashSet<DocId> = reached(&tests, |run| parents(workspace, run)).into_iter().collect();
        let started = reached(&tests, |run| children(workspace, run));
        // A run that also started the training makes none of its steps a test.
        if !started.iter().any(|run| makers.contains(run)) {
            of_tests.extend(started);
        }
        let near: FxHashSet<DocId> =
            makers.iter().flat_map(|run| [parents(workspace, *run), children(workspace, *run)].concat()).collect();
        // What was submitted after the tests made no model that they are of.
        let newest = self.with_role(InputRole::Test).map(submitted).max().flatten();
        let is_later = |run: &Member| newest.is_some_and(|newest| submitted(run).is_some_and(|own| own > newest));
        let found: FxHashSet<DocId> = makers.iter().flat_map(|run| relatives(workspace, *run)).collect();
        let found: Vec<&Member> = found
            .into_iter()
            .filter(|run| !makers.contains(run) && !of_tests.contains(run))
            .filter_map(|id| workspace.member(id).filter(|run| near.contains(&id) || !is_later(run)))
            .collect();
        let runs = self.with_role(InputRole::Context).filter(|member| is_run(member));
        runs.filter(|run| found.iter().any(|own| own.is(run))).collect()
    }

    /// Checks that the runs that made or measured the model came to their end, as they say themselves and as the pipeline runs say whose
    /// steps they are.
    pub(super) fn runs_are_completed(&self) -> Result<(), Inadmissible> {
        let makers = self.makers();
        let measuring: Vec<&str> =
            self.candidate().chain(self.with_role(InputRole::Baseline)).filter_map(run_of).collect();
        let part_of = |run: &Member, role: InputRole| match role {
            InputRole::Run => Some("is judged"),
            InputRole::Baseline => Some("is the baseline"),
            _ if makers.iter().any(|maker| maker.is(run)) => Some("made the model that is judged"),
            // A sweep may have started runs that failed.
            _ => measuring.iter().any(|name| is_named(run, name)).then_some("measured the model"),
        };
        let roles = [InputRole::Run, InputRole::Baseline, InputRole::Context];
        let of_roles = || roles.into_iter().flat_map(|role| self.with_role(role).map(move |member| (member, role)));
        let runs: Vec<(&Member, &'static str)> = of_roles()
            .filter(|(member, _)| is_run(member))
            .filter_map(|(run, role)| Some((run, part_of(run, role)?)))
            .collect();
        for (run, part) in &runs {
            if let Some(status) = unfinished(run) {
                return Err(not_completed(run, run, part, status));
            }
        }
        for (pipeline_run, _) in of_roles() {
            for (name, status) in unfinished_steps(pipeline_run) {
                if let Some((run, part)) = runs.iter().find(|(run, _)| is_named(run, name)) {
                    return Err(not_completed(run, pipeline_run, part, status));
                }
            }
        }
        Ok(())
    }
}

fn not_completed(run: &Member, said_in: &Member, part: &'static str, status: &'static str) -> Inadmissible {
    Inadmissible::NotCompleted { run: run.label().to_owned(), file: said_in.file().to_owned(), part, status }
}

/// Returns the runs of the steps that did not come to their end, as a pipeline run names them, and their status.
fn unfinished_steps(member: &Member) -> impl Iterator<Item = (&str, &'static str)> {
    let steps = match member.typed() {
        Some(Document::PipelineRun(run)) => run.steps.get(),
        _ => None,
    };
    let steps = steps.into_iter().flat_map(Map::iter);
    steps.filter_map(|(_, _, step)| Some((&**step.run.get()?, unfinished_status(*step.status.get()?)?)))
}

/// Returns whether a pipeline run says of one of its steps that it did not come to its end.
pub(in crate::objectives) fn has_unfinished_steps(member: &Member) -> bool {
    unfinished_steps(member).next().is_some()
}

/// Returns the status of a run that is not completed.
pub(in crate::objectives) fn unfinished(member: &Member) -> Option<&'static str> {
    let status = match member.typed()? {
        Document::Run(run) => run.status.get(),
        Document::PipelineRun(run) => run.status.get(),
        _ => None,
    };
    unfinished_status(*status?)
}

/// Returns a status, unless it is that of a completed run.
fn unfinished_status(status: RunStatus) -> Option<&'static str> {
    match status {
        RunStatus::Queued => Some("queued"),
        RunStatus::Running => Some("running"),
        RunStatus::Failed => Some("failed"),
        RunStatus::Cancelled => Some("cancelled"),
        RunStatus::Completed => None,
    }
}

/// Returns when a run was submitted, or a measurement made.
fn submitted(member: &Member) -> Option<jiff::Timestamp> {
    member.recorded_on().and_then(|(text, _)| instant(text))
}
