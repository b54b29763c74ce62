//! `pipeline/input-unconnected`

use rustc_hash::FxHashSet;

use crate::documents::Document;
use crate::documents::field::Map;
use crate::graph::{Graph, StepId, Written, written_steps};
use crate::rules::pipeline::{quoted, step_name};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// Every input of a step must be connected, unless it is optional.
    ///
    /// A step whose input nothing leads to starts without its data. It fails when it opens the file, or reads what an
    /// earlier run left there, which is worse: the pipeline is green and the model was trained on something else. An
    /// input is connected by its `from`, or by an entry of `edges`.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// data:
    ///   applications: credit-train@1.2.0
    /// steps:
    ///   fit:
    ///     cmd: python src/fit.py
    ///     inputs:
    ///       applications:
    ///         from: data.applications
    ///       weights:
    ///         optional: false
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// data:
    ///   applications: credit-train@1.2.0
    ///   labels: credit-labels@1.2.0
    /// steps:
    ///   fit:
    ///     cmd: python src/fit.py
    ///     inputs:
    ///       applications:
    ///         from: data.applications
    ///       weights:
    ///         optional: true
    ///       labels: {} # connected below
    /// edges:
    ///   - { from: data.labels, to: fit.labels }
    /// ```
    pub INPUT_UNCONNECTED = {
        id: "pipeline/input-unconnected",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "pipelines/pipeline.md, “Step must have every non-optional input connected through edge to another vertex.”",
        kinds: [Pipeline],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let (Document::Pipeline(pipeline), Some(graph)) = (document, cx.graph()) else { return };
    let mut connected = None;
    for ((id, _), step) in graph.steps().zip(written_steps(pipeline)) {
        for (name, node, input) in step.inputs.get().into_iter().flat_map(Map::iter) {
            let is_open = input.from.node().is_none_or(|from| cx.tree.is_null(from));
            if !is_open || input.optional.get() == Some(&true) {
                continue;
            }
            if connected.get_or_insert_with(|| inputs_of_entries(graph)).contains(&(id, name)) {
                continue;
            }
            let message = format!("the input {} of the step {} is not connected", quoted(name), step_name(graph, id));
            let help = "say where it comes `from`: `data.<name>` or `<step>.<output>`; or that it is `optional: true`";
            out.push(cx.at_key(&INPUT_UNCONNECTED, node, message).help(help));
        }
    }
}

/// The inputs that entries of `edges` lead to. What such an edge begins at is for other rules to look at.
fn inputs_of_entries<'g>(graph: &'g Graph<'_>) -> FxHashSet<(StepId, &'g str)> {
    let entries = graph.edges().iter().filter(|edge| edge.written == Written::Entry);
    entries.filter_map(|edge| Some((edge.to, edge.to_port?))).collect()
}
