//! Whether an execution did what its pipeline says, as far as documents tell: steps, code, parameters, data, artifacts.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{PipelineExecution, listed, quoted, targets_of, text_in};
use crate::documents::roles::ReferenceRole;
use crate::documents::run::RunStatus;
use crate::documents::{Document, Kind};
use crate::graph::{StepId, written_steps};
use crate::rules::{own_status, status_name};
use crate::workspace::{DocId, Member, field};

/// The maximum number of faults of one sort that are told.
const MOST_TOLD: usize = 20;

impl<'a> PipelineExecution<'a> {
    /// Returns in what the execution does not conform to its pipeline. Without any, it may be attested.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let parts = [
            self.unfinished(),
            self.other_runs(),
            self.other_code(),
            self.other_values(),
            self.other_data(),
            self.other_artifacts(),
            self.contradictions(),
        ];
        parts.into_iter().flat_map(|faults| faults.into_iter().take(MOST_TOLD)).collect()
    }

    /// "Only if the run conforms": each step was executed, and ended as intended.
    fn unfinished(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let whole = own_status(self.linked.own).map(|(status, _)| status);
        if whole != Some(RunStatus::Completed) {
            faults.push(format!("the run {} {}", quoted(self.linked.own.label()), said(whole)));
        }
        let Some(told) = self.told() else { return faults };
        let mut done: FxHashSet<StepId> = FxHashSet::default();
        for entry in &told.entries {
            let name = quoted(entry.name);
            let Some(step) = entry.step else {
                faults.push(format!("the pipeline has no step {name}"));
                continue;
            };
            if entry.run.is_some() || !told.steps.graph.is_complex(step) {
                done.insert(step);
            }
            let own = entry.run.and_then(|(_, run)| own_status(run)).map(|(status, _)| status);
            let of_entry = entry.status.map(|(status, _)| status);
            let run = entry.run.map(|(_, run)| quoted(run.label()));
            let is_executed_by_parts = told.steps.graph.is_complex(step);
            // Whoever says that it failed is believed.
            let failed = [of_entry, own].into_iter().flatten().find(|status| *status != RunStatus::Completed);
            match failed {
                Some(status) => faults.push(format!("the step {name} {}", said(Some(status)))),
                None if of_entry.or(own).is_none() => faults.push(format!("the step {name} {}", said(None))),
                None => match run {
                    Some(run) if own.is_none() => {
                        faults.push(format!("the run {run} of the step {name} {}", said(None)));
                    }
                    None if self.names_run(entry.node) => {
                        faults.push(format!("the run of the step {name} is not here"))
                    }
                    // Its steps have runs, or are missed below.
                    None if !is_executed_by_parts => faults.push(format!("the step {name} has no run of its own")),
                    _ => {}
                },
            }
        }
        let graph = &told.steps.graph;
        let is_done = |step: StepId| {
            std::iter::successors(Some(step), |step| graph.step(*step).parent).any(|step| done.contains(&step))
        };
        let missing = graph.steps().map(|(id, _)| id).filter(|id| !graph.is_complex(*id) && !is_done(*id));
        faults.extend(missing.map(|id| format!("the run says nothing of the step {}", quoted(&graph.path_of(id)))));
        faults
    }

    /// Whatever names this run as its parent must be the run of one of its steps: nothing else was to be executed.
    fn other_runs(&self) -> Vec<String> {
        let workspace = self.workspace();
        let known: FxHashSet<DocId> = self.runs.iter().map(|run| run.id).collect();
        let other = self.children().filter(|id| !known.contains(id)).filter_map(|id| workspace.member(id));
        other
            .map(|run| {
                format!(
                    "the run {} names this one as its parent, and is the run of none of its steps",
                    quoted(run.label())
                )
            })
            .collect()
    }

    /// Returns the runs that name this one as their parent.
    pub(super) fn children(&self) -> impl Iterator<Item = DocId> + use<'a> {
        let (workspace, id) = (self.workspace(), self.linked.id);
        let of_kind = move |kind| workspace.referring_to(id, ReferenceRole::Parent, kind);
        [Kind::Run, Kind::PipelineRun].into_iter().flat_map(of_kind).map(|(id, _)| id)
    }

    /// The run of a step that has no output makes nothing. Which artifact is which output, no document says.
    fn other_artifacts(&self) -> Vec<String> {
        let Some(graph) = self.graph() else { return Vec::new() };
        let modules: FxHashMap<StepId, &Member> =
            self.modules().into_iter().map(|(step, _, module)| (step, module)).collect();
        let is_unknown = |step: &crate::documents::pipeline::Step, id: StepId| {
            step.module_name.node().is_some() && !modules.contains_key(&id)
        };
        let steps = graph.steps().map(|(id, _)| id).zip(written_steps(self.pipeline.typed));
        let without: FxHashSet<StepId> = steps
            .filter(|(id, step)| {
                let of_module = modules.get(id).is_some_and(|module| module.has("outputs"));
                let has_outputs = step.outputs.node().is_some() || step.outs.node().is_some() || of_module;
                !has_outputs && !is_unknown(step, *id) && !graph.is_complex(*id)
            })
            .map(|(id, _)| id)
            .collect();
        let mut faults = Vec::new();
        for run in &self.runs {
            let Some((_, path)) = run.step.as_ref().filter(|(step, _)| without.contains(step)) else { continue };
            let made = listed(run.member).filter_map(|item| item.key.get().map(|key| key.to_string()));
            let documents = self.artifact_documents(run).map(|(_, document)| document.label().to_owned());
            let names: BTreeSet<String> = made.chain(documents).collect();
            faults.extend(names.iter().map(|name| {
                let (run, name, step) = (quoted(run.member.label()), quoted(name), quoted(path));
                format!("the run {run} made {name}, and the step {step} has no output")
            }));
        }
        faults
    }

    fn names_run(&self, entry: crate::yaml::NodeId) -> bool {
        text_in(self.linked.own, entry, "run").is_some()
    }

    /// A version of a module pins its code; the run of a step that says which code it executed must say that one.
    fn other_code(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let modules: FxHashMap<StepId, &Member> =
            self.modules().into_iter().map(|(step, _, module)| (step, module)).collect();
        for run in &self.runs {
            let Some((step, path)) = &run.step else { continue };
            let Some(module) = modules.get(step).copied() else { continue };
            let source = field(&module.tree, module.root, "snapshot_source");
            let code = field(&run.member.tree, run.member.root, "code");
            let (Some(source), Some(code)) = (source, code) else { continue };
            let pinned = (text_in(module, source, "repository"), text_in(module, source, "commit"));
            let executed = (text_in(run.member, code, "repository"), text_in(run.member, code, "commit"));
            let (Some(wanted), Some(own)) = (pinned.1, executed.1) else { continue };
            let is_same_repository = pinned.0.zip(executed.0).is_none_or(|(a, b)| repository(a) == repository(b));
            if is_same_repository && !is_same_commit(wanted, own) {
                let (step, wanted, own) = (quoted(path), quoted(wanted), quoted(own));
                faults.push(format!(
                    "the run of the step {step} executed the commit {own}, and its module is that of {wanted}"
                ));
            }
        }
        faults
    }

    /// Two documents about one artifact must agree on its content, and two artifacts have two names.
    fn contradictions(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut names = FxHashSet::default();
        for artifact in self.artifacts() {
            let algorithms: Vec<&str> =
                artifact.digests.iter().map(|digest| digest.split_once(':').map_or("", |(name, _)| name)).collect();
            let distinct: FxHashSet<&str> = algorithms.iter().copied().collect();
            if distinct.len() < algorithms.len() {
                faults.push(format!("documents give two digests of the artifact {}", quoted(&artifact.name)));
            }
            if !names.insert(artifact.name.clone()) {
                faults.push(format!("two artifacts are called {}", quoted(&artifact.name)));
            }
        }
        faults
    }

    /// Returns the version of the module of each step that has one here.
    pub(super) fn modules(&self) -> Vec<(StepId, DocId, &'a Member)> {
        let Some(graph) = self.graph() else { return Vec::new() };
        let workspace = self.workspace();
        let found = targets_of(workspace, self.pipeline.id);
        let module = |(step, written): (StepId, &crate::documents::pipeline::Step)| {
            let id = *found.get(&written.module_name.node()?)?;
            let member = workspace.member(id)?;
            matches!(member.typed()?, Document::ModuleVersion(_)).then_some((step, id, member))
        };
        let steps = graph.steps().map(|(id, _)| id).zip(written_steps(self.pipeline.typed));
        steps.filter_map(module).collect()
    }
}

fn said(status: Option<RunStatus>) -> String {
    match status {
        Some(status) => format!("is {}, not completed", status_name(status)),
        None => "does not say that it is completed".to_owned(),
    }
}

fn repository(url: &str) -> String {
    url.trim_end_matches('/').trim_end_matches(".git").to_lowercase()
}

/// Whether two commits are one: an abbreviation is the beginning of the whole.
fn is_same_commit(a: &str, b: &str) -> bool {
    const SHORTEST: usize = 7;
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    a == b || (a.len().min(b.len()) >= SHORTEST && (a.starts_with(&b) || b.starts_with(&a)))
}
