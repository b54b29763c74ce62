//! `pipeline/isolated-step`

use crate::documents::Document;
use crate::documents::pipeline::Pipeline;
use crate::graph::{Graph, StepId, Vertex, written_steps};
use crate::rules::pipeline::step_name;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A step should be connected to the others: by data, a path, an order or an edge.
    ///
    /// A step without any connection can be executed at any time, before the data that its command reads is written as well as after. That
    /// may be intended, so this is only advice; usually an edge was forgotten, and the pipeline works as long as its steps happen to be
    /// executed in the order of the file.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   prepare:
    ///     cmd: python src/prepare.py
    ///     outs:
    ///       - path: work/features.parquet
    ///   fit:
    ///     cmd: python src/fit.py
    ///     deps:
    ///       - path: work/features.parquet
    ///   report:
    ///     cmd: python src/report.py
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   prepare:
    ///     cmd: python src/prepare.py
    ///     outs:
    ///       - path: work/features.parquet
    ///   fit:
    ///     cmd: python src/fit.py
    ///     deps:
    ///       - path: work/features.parquet
    ///   report:
    ///     cmd: python src/report.py
    ///     after: [fit]
    /// ```
    pub ISOLATED_STEP = {
        id: "pipeline/isolated-step",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "pipelines/pipeline.md, Edges",
        kinds: [Pipeline],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let (Document::Pipeline(pipeline), Some(graph)) = (document, cx.graph()) else { return };
    // The only step of a graph has nothing to be connected to, and an order says when each step is executed.
    if graph.steps().len() < 2 || pipeline.pipeline.node().is_some_and(|order| !cx.tree.is_null(order)) {
        return;
    }
    let is_connected = connected(graph, pipeline);
    for ((id, step), is_connected) in graph.steps().zip(is_connected) {
        if !is_connected && graph.within(step.parent).nth(1).is_some() {
            let message = format!("the step {} is connected to nothing", step_name(graph, id));
            let help = "say what it reads (`inputs`, `deps`), what it writes, or which steps come before it (`after`)";
            out.push(cx.at_key(&ISOLATED_STEP, step.node, message).help(help));
        }
    }
}

/// Returns for each step whether it, or a step in it, is connected to others.
fn connected(graph: &Graph<'_>, pipeline: &Pipeline) -> Vec<bool> {
    let mut is_connected = vec![false; graph.steps().len()];
    let mut connect = |step: StepId| {
        let mut next = Some(step);
        while let Some(step) = next
            && let Some(known @ false) = is_connected.get_mut(step.0 as usize)
        {
            *known = true;
            next = graph.step(step).parent;
        }
    };
    for edge in graph.edges() {
        connect(edge.to);
        if let Vertex::Step(from) = edge.from {
            connect(from);
        }
    }
    // An edge may be filled in later, or name a vertex that does not exist, which is another fault.
    graph.ends().iter().filter_map(|end| end.within).for_each(&mut connect);
    for end in graph.ends() {
        if let Some(Vertex::Step(step)) = end.target.vertex() {
            connect(step);
        }
    }
    for ((id, _), step) in graph.steps().zip(written_steps(pipeline)) {
        if [step.deps.node(), step.outs.node(), step.inputs.node(), step.outputs.node(), step.after.node()] != [None; 5]
        {
            connect(id);
        }
    }
    is_connected
}
