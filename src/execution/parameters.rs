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
use crate::workspace::{Member, letters};
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

    /// What a run says of a setting must be what the pipeline gives it, and nobody else gives any.
    pub(super) fn other_values(&self) -> Vec<String> {
        let of_graph: FxHashMap<&str, GivenValue<'a>> = self.given().into_iter().chain(self.defaults()).collect();
        let of_steps = self.values_of_steps(&of_graph);
        let declared = self.pipeline.typed.parameters.get().into_iter().flat_map(List::iter);
        let mut of_whole = Expected::default();
        declared.filter_map(|(_, own)| own.name.get()).for_each(|name| of_whole.name(name));
        of_graph.iter().for_each(|(name, value)| of_whole.give(name, *value));
        let mut faults = Vec::new();
        for run in &self.runs {
            let expected = match &run.step {
                Some((step, _)) => of_steps.get(step),
                None => Some(&of_whole),
            };
            let Some(expected) = expected else { continue };
            let tree = &run.member.tree;
            let label = quoted(run.member.label());
            for (name, node) in settings(run.member) {
                match expected.value(name) {
                    Some(Some((of, value))) if canonical(of, value) != canonical(tree, node) => faults.push(format!(
                        "the run {label} says another value of {} than the pipeline gives it",
                        quoted(name)
                    )),
                    Some(_) => {}
                    None if expected.is_partial => {}
                    None => {
                        faults.push(format!("the run {label} has the setting {}, which nothing gives it", quoted(name)))
                    }
                }
            }
        }
        faults
    }

    /// Returns the settings that each step is given. Those of a step whose module is not here are known in part.
    fn values_of_steps(&self, of_graph: &FxHashMap<&str, GivenValue<'a>>) -> FxHashMap<StepId, Expected<'a>> {
        let modules: FxHashMap<StepId, &Member> =
            self.modules().into_iter().map(|(step, _, module)| (step, module)).collect();
        let mut of_steps = FxHashMap::default();
        let Some(graph) = self.graph() else { return of_steps };
        for ((step, _), written) in graph.steps().zip(written_steps(self.pipeline.typed)) {
            let mut expected = Expected::default();
            match modules.get(&step).copied().map(|module| (module, module.typed())) {
                Some((module, Some(Document::ModuleVersion(typed)))) => {
                    let parameters = typed.params.get().into_iter().flat_map(List::iter);
                    parameters.filter_map(|(_, own)| own.name.get()).for_each(|name| expected.name(name));
                    defaults_of(typed, &module.tree).for_each(|(name, value)| expected.give(name, value));
                }
                _ => expected.is_partial = written.module_name.node().is_some(),
            }
            // What is executed as a whole gives its parts settings of its own.
            expected.is_partial |= graph.is_complex(step);
            let tree: &'a Tree = &self.pipeline.member.tree;
            for (name, node, _) in written.parameters.get().into_iter().flat_map(Map::iter) {
                match tree.string(node) {
                    Some(text) if text.contains("${") => {
                        expected.forget(name);
                        if let Some(value) = graph_parameter(text).and_then(|taken| of_graph.get(taken)) {
                            expected.give(name, *value);
                        }
                    }
                    _ => expected.give(name, (tree, node)),
                }
            }
            of_steps.insert(step, expected);
        }
        of_steps
    }
}

/// The settings that a run is given, in whichever spelling it says them: a `Learning_Rate` is the `learning_rate`.
#[derive(Default)]
struct Expected<'a> {
    /// By the letters of the name; `None` where the value is not known.
    values: FxHashMap<String, Option<GivenValue<'a>>>,
    /// Whether it may be given others.
    is_partial: bool,
}

impl<'a> Expected<'a> {
    fn name(&mut self, name: &str) {
        self.values.entry(letters(name)).or_default();
    }

    fn give(&mut self, name: &str, value: GivenValue<'a>) {
        self.values.insert(letters(name), Some(value));
    }

    fn forget(&mut self, name: &str) {
        self.values.insert(letters(name), None);
    }

    /// Returns what a setting is given; `None` if nothing gives it.
    fn value(&self, name: &str) -> Option<Option<GivenValue<'a>>> {
        self.values.get(&letters(name)).copied()
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
