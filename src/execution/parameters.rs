//! The parameters of an execution: what the run gives, what the pipeline and its modules add, and what the runs of the steps say.

use rustc_hash::FxHashMap;

use super::{PipelineExecution, quoted};
use crate::digest::canonical;
use crate::documents::Document;
use crate::documents::field::{List, Map};
use crate::documents::module_version::ModuleVersion;
use crate::documents::run::Hyperparameter;
use crate::graph::{StepId, written_steps};
use crate::rules::graph_parameter;
use crate::workspace::Member;
use crate::yaml::{NodeId, Tree};

/// A value, with the tree that holds it.
pub(super) type GivenValue<'a> = (&'a Tree, NodeId);

impl<'a> PipelineExecution<'a> {
    /// Returns the parameters that the run gives, in the order of the document.
    pub(super) fn given(&self) -> Vec<(&'a str, GivenValue<'a>)> {
        let tree: &'a Tree = &self.linked.own.tree;
        let entries = self.run.parameters.node().into_iter().flat_map(|node| tree.entries(node));
        entries
            .filter(|entry| !tree.is_null(entry.value))
            .map(|entry| (tree.key_name(entry.key), (tree, entry.value)))
            .collect()
    }

    /// Returns the parameters of the graph that the run leaves at their defaults, in the order of the pipeline.
    pub(super) fn defaults(&self) -> Vec<(&'a str, GivenValue<'a>)> {
        let tree: &'a Tree = &self.pipeline.member.tree;
        let given: FxHashMap<&str, GivenValue<'_>> = self.given().into_iter().collect();
        let parameters = self.pipeline.typed.parameters.get().into_iter().flat_map(List::iter);
        let defaults =
            parameters.filter_map(|(_, parameter)| Some((&**parameter.name.get()?, parameter.default.node()?)));
        let is_left = |(name, node): &(&str, NodeId)| !given.contains_key(name) && !tree.is_null(*node);
        defaults.filter(is_left).map(|(name, node)| (name, (tree, node))).collect()
    }

    /// What a run says of a setting must be what the pipeline gives it.
    pub(super) fn other_values(&self) -> Vec<String> {
        let of_graph: FxHashMap<&str, GivenValue<'a>> = self.given().into_iter().chain(self.defaults()).collect();
        let mut faults = Vec::new();
        let modules: FxHashMap<StepId, &Member> =
            self.modules().into_iter().map(|(step, _, module)| (step, module)).collect();
        let mut of_steps: FxHashMap<StepId, FxHashMap<&str, GivenValue<'a>>> = FxHashMap::default();
        let Some(graph) = self.graph() else { return faults };
        for ((step, _), written) in graph.steps().zip(written_steps(self.pipeline.typed)) {
            let mut values: FxHashMap<&str, GivenValue<'a>> = FxHashMap::default();
            if let Some(module) = modules.get(&step).copied()
                && let Some(Document::ModuleVersion(typed)) = module.typed()
            {
                values.extend(defaults_of(typed, &module.tree));
            }
            let tree: &'a Tree = &self.pipeline.member.tree;
            for (name, node, _) in written.parameters.get().into_iter().flat_map(Map::iter) {
                match tree.string(node) {
                    Some(text) if text.contains("${") => {
                        values.remove(name);
                        values.extend(
                            graph_parameter(text).and_then(|taken| of_graph.get(taken)).map(|value| (name, *value)),
                        );
                    }
                    _ => drop(values.insert(name, (tree, node))),
                }
            }
            of_steps.insert(step, values);
        }
        for run in &self.runs {
            let expected = match &run.step {
                Some((step, _)) => of_steps.get(step),
                None => Some(&of_graph),
            };
            let Some(expected) = expected else { continue };
            let tree = &run.member.tree;
            for (name, node) in settings(run.member) {
                if let Some((of, value)) = expected.get(name)
                    && canonical(of, *value) != canonical(tree, node)
                {
                    let (run, name) = (quoted(run.member.label()), quoted(name));
                    faults.push(format!("the run {run} says another value of {name} than the pipeline gives it"));
                }
            }
        }
        faults
    }
}

fn defaults_of<'a>(module: &'a ModuleVersion, tree: &'a Tree) -> impl Iterator<Item = (&'a str, GivenValue<'a>)> {
    let parameters = module.params.get().into_iter().flat_map(List::iter);
    parameters.filter_map(move |(_, parameter)| {
        let default = parameter.default.node().filter(|node| !tree.is_null(*node))?;
        Some((&**parameter.name.get()?, (tree, default)))
    })
}

/// Returns the settings that a run says it had.
fn settings(run: &Member) -> impl Iterator<Item = (&str, NodeId)> {
    let settings = match run.typed() {
        Some(Document::Run(run)) => run.hyperparameters.get(),
        Some(Document::PipelineRun(run)) => run.hyperparameters.get(),
        _ => None,
    };
    let of = |(_, setting): (NodeId, &'_ Hyperparameter)| Some((setting.key.node()?, setting.value.node()?));
    let nodes: Vec<(NodeId, NodeId)> = settings.into_iter().flat_map(List::iter).filter_map(of).collect();
    nodes.into_iter().filter_map(|(key, value)| Some((run.tree.text(key)?, value)))
}
