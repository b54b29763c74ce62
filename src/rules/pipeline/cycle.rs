//! `pipeline/cycle`

use crate::documents::Document;
use crate::documents::pipeline::EdgeKind;
use crate::graph::{Cycle, Graph, GraphEdge, Vertex, Written};
use crate::rules::pipeline::{quoted, step_name};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// No step may wait for itself, directly or through other steps.
    ///
    /// A pipeline is a directed acyclic graph. Steps that wait for each other in a cycle can never start, and an orchestrator finds that
    /// out only when everything before them has been paid for. All four ways to write an edge count: `inputs`, `after`, `edges`, and a path
    /// that one step writes (`outs`, or `path` of an output) and another reads (`deps`). The finding names the shortest cycle and points at
    /// the edge that closes it; the other edges are shown with it. The steps of a complex step are checked in the same way.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   prepare:
    ///     cmd: python src/prepare.py
    ///     deps:
    ///       - path: work/weights.csv # written by fit
    ///     outs:
    ///       - path: work/features.parquet
    ///   fit:
    ///     cmd: python src/fit.py
    ///     deps:
    ///       - path: work/features.parquet
    ///     outs:
    ///       - path: work/weights.csv
    /// ```
    ///
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: report-credit-default
    /// steps:
    ///   report:
    ///     steps:
    ///       measure: { cmd: python src/measure.py, after: [render] }
    ///       render: { cmd: python src/render.py, after: [measure] }
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
    ///     outs:
    ///       - path: work/weights.csv
    /// ```
    pub CYCLE = {
        id: "pipeline/cycle",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "pipelines/pipeline.md, “The core abstraction for Machine Learning Pipelines is DAG”",
        kinds: [Pipeline],
        check: Typed(check),
    }
}

/// The maximum number of steps of a cycle that are named.
const MOST_NAMED: usize = 64;

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(graph) = cx.graph() else { return };
    for cycle in graph.cycles() {
        // The edge back to the first step is the one that runs against document order.
        let Some((closing, others)) = cycle.edges.split_last() else { continue };
        let Some(last) = graph.edges().get(closing.edge as usize) else { continue };
        let mut finding = cx.at_value(&CYCLE, last.node, message(graph, &cycle, last));
        for edge in others.iter().take(MOST_NAMED).filter_map(|edge| graph.edges().get(edge.edge as usize)) {
            finding = finding.related(cx.place(edge.node, crate::diagnostics::Part::Value).span, told(graph, edge));
        }
        let help = match others {
            [] => "remove this edge",
            _ => "remove one of these edges, or split a step in two",
        };
        out.push(finding.help(help));
    }
}

fn message(graph: &Graph<'_>, cycle: &Cycle, last: &GraphEdge<'_>) -> String {
    let names: Vec<String> = cycle.steps().take(MOST_NAMED).map(|step| step_name(graph, step)).collect();
    let [only] = names.as_slice() else {
        let left_out = cycle.edges.len() - names.len();
        let more = if left_out > 0 { format!(" -> … {left_out} more …") } else { String::new() };
        let first = names.first().map_or("", String::as_str);
        return format!("the steps {}{more} -> {first} form a cycle", names.join(" -> "));
    };
    let reader = step_name(graph, last.to);
    match last.from {
        Vertex::Step(from) if from != last.to => format!("the step {reader} waits for {only}, which it is a part of"),
        _ => format!("the step {reader} waits for itself"),
    }
}

/// Describes an edge.
fn told(graph: &Graph<'_>, edge: &GraphEdge<'_>) -> String {
    let Vertex::Step(from) = edge.from else { return String::new() };
    let (from, to) = (step_name(graph, from), step_name(graph, edge.to));
    match (edge.written, edge.kind, edge.from_port) {
        (Written::Path, _, Some(path)) => format!("{to} reads {}, which {from} writes", quoted(path)),
        (_, EdgeKind::Data, _) => format!("{to} reads what {from} gives"),
        _ => format!("{to} comes after {from}"),
    }
}
