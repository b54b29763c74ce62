//! `pipeline/control-edge-on-data`

use crate::documents::Document;
use crate::documents::pipeline::EdgeKind;
use crate::graph::{NameField, Vertex};
use crate::rules::pipeline::{ends, quoted};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A control edge must connect steps, not data.
    ///
    /// A control edge says that one step starts when another one is complete. Data is never executed: it exists before the first step
    /// starts, so nothing can wait for it to end. Whoever writes such an edge usually means that the step reads the data, which is an input
    /// with `from: data.<name>`.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// data:
    ///   applications: credit-train@1.2.0
    /// steps:
    ///   prepare:
    ///     cmd: python src/prepare.py
    ///     after: [applications]
    /// ```
    ///
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// data: [credit-train@1.2.0]
    /// steps:
    ///   prepare:
    ///     cmd: python src/prepare.py
    /// edges:
    ///   - { from: data.credit-train, to: prepare, kind: control }
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// data:
    ///   applications: credit-train@1.2.0
    /// steps:
    ///   prepare:
    ///     cmd: python src/prepare.py
    ///     inputs:
    ///       applications:
    ///         from: data.applications
    /// ```
    pub CONTROL_EDGE_ON_DATA = {
        id: "pipeline/control-edge-on-data",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "pipelines/pipeline.md, Control dependency: “This edge is not applicable to data verteces”",
        kinds: [Pipeline],
        check: Typed(check),
    }
}

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    for (graph, end) in ends(cx) {
        let Some(vertex @ Vertex::Data(_)) = end.target.vertex() else { continue };
        if end.kind != EdgeKind::Control || end.role == NameField::Order {
            continue;
        }
        let name = graph.vertex_name(vertex);
        let message = format!("{} is data, and nothing waits for data to end", quoted(end.text));
        let help = match end.role {
            NameField::To => "a control edge connects two steps".to_owned(),
            _ => format!("to read it, give the step an input with `from: {name}`"),
        };
        out.push(cx.at_value(&CONTROL_EDGE_ON_DATA, end.node, message).help(help));
    }
}
