//! Whether an execution did what its pipeline says, as far as documents tell: steps, code, parameters, data, artifacts.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{PipelineExecution, quoted, targets_of, text_in};
use crate::documents::Document;
use crate::documents::run::RunStatus;
use crate::graph::{StepId, written_steps};
use crate::rules::{own_status, status_name};
use crate::workspace::{DocId, Member, field};

/// The maximum number of faults of one sort that are told.
const MOST_TOLD: usize = 20;

impl<'a> PipelineExecution<'a> {
    /// Returns in what the execution does not conform to its pipeline. Without any, it may be attested.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let parts =
            [self.unfinished(), self.other_code(), self.other_values(), self.other_data(), self.contradictions()];
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
            done.insert(step);
            let own = entry.run.and_then(|(_, run)| own_status(run)).map(|(status, _)| status);
            let of_entry = entry.status.map(|(status, _)| status);
            let is_unresolved = entry.run.is_none() && self.names_run(entry.node);
            // Whoever says that it failed is believed.
            let failed = [of_entry, own].into_iter().flatten().find(|status| *status != RunStatus::Completed);
            match failed {
                Some(status) => faults.push(format!("the step {name} {}", said(Some(status)))),
                None if of_entry.or(own).is_none() => faults.push(format!("the step {name} {}", said(None))),
                None if is_unresolved => faults.push(format!("the run of the step {name} is not here")),
                None => {}
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
