//! `pipeline/input-multiple-sources`

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use crate::diagnostics::Part;
use crate::documents::Document;
use crate::documents::pipeline::EdgeKind;
use crate::graph::{Graph, GraphEdge, StepId, Written};
use crate::rules::pipeline::{quoted, step_name};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// An input must be connected to one source only.
    ///
    /// An output may feed many inputs, but an input holds one thing. If two edges lead to the same input, one decides what the step reads,
    /// and which one depends on the executor. To read both, give the step two inputs. The same edge, written under `inputs` and again under
    /// `edges`, is one edge.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// data:
    ///   train: credit-train@1.2.0
    ///   holdback: credit-holdback@1.2.0
    /// steps:
    ///   fit:
    ///     cmd: python src/fit.py
    ///     inputs:
    ///       applications:
    ///         from: data.train
    /// edges:
    ///   - from: data.holdback
    ///     to: fit.applications
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// data:
    ///   train: credit-train@1.2.0
    ///   validation: credit-validation@1.2.0
    /// steps:
    ///   fit:
    ///     cmd: python src/fit.py
    ///     inputs:
    ///       applications:
    ///         from: data.train
    ///       early_stopping:
    ///         from: data.validation
    /// ```
    pub INPUT_MULTIPLE_SOURCES = {
        id: "pipeline/input-multiple-sources",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "pipelines/pipeline.md, “Input can be connected only to single other vertex.”",
        kinds: [Pipeline],
        check: Typed(check),
    }
}

/// The edges that lead to one input.
struct Incoming<'g, 't> {
    first: &'g GraphEdge<'t>,
    /// The first edge from another source.
    other: Option<&'g GraphEdge<'t>>,
}

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(graph) = cx.graph() else { return };
    // Without entries of `edges`, an input has only its own `from`.
    if !graph.edges().iter().any(|edge| edge.written == Written::Entry) {
        return;
    }
    for ((step, port), incoming) in incoming(graph) {
        let Incoming { first, other: Some(other) } = incoming else { continue };
        let message = format!(
            "the input {} of the step {} comes from {} as well as from {}",
            quoted(port),
            step_name(graph, step),
            source(graph, first),
            source(graph, other)
        );
        let place = cx.place(first.node, Part::Value);
        let finding = cx.at_value(&INPUT_MULTIPLE_SOURCES, other.node, message);
        out.push(finding.related(place.span, "the first source").help("keep one of them, or give the step two inputs"));
    }
}

fn incoming<'g, 't>(graph: &'g Graph<'t>) -> FxHashMap<(StepId, &'t str), Incoming<'g, 't>> {
    let mut incoming: FxHashMap<(StepId, &str), Incoming<'_, '_>> = FxHashMap::default();
    for edge in graph.edges().iter().filter(|edge| edge.kind == EdgeKind::Data) {
        let Some(port) = edge.to_port else { continue };
        match incoming.entry((edge.to, port)) {
            Entry::Vacant(entry) => drop(entry.insert(Incoming { first: edge, other: None })),
            Entry::Occupied(mut entry) => {
                let known = entry.get_mut();
                if (edge.from, edge.from_port) != (known.first.from, known.first.from_port) {
                    known.other.get_or_insert(edge);
                }
            }
        }
    }
    incoming
}

fn source(graph: &Graph<'_>, edge: &GraphEdge<'_>) -> String {
    let name = graph.vertex_name(edge.from);
    match edge.from_port {
        Some(port) => quoted(&format!("{name}.{port}")),
        None => quoted(&name),
    }
}
