//! `pipeline/data-vertex-ports`

use crate::documents::Document;
use crate::documents::pipeline::EdgeKind;
use crate::graph::{NameField, NameTarget, Vertex};
use crate::rules::pipeline::{ends, is_source, quoted};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// Data has exactly one output and no input.
    ///
    /// The vertices of `data` are what enters the graph. An edge that leads to one would have a step write a dataset version or a datapath
    /// that other steps of the same run read, and a port after its name means nothing. What a step writes is one of its own `outputs`;
    /// parts of a dataset are vertices of their own.
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
    ///     inputs:
    ///       applications:
    ///         from: data.applications.parquet
    /// ```
    ///
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// data:
    ///   applications: credit-train@1.2.0
    ///   scores: { DataStore: credit-lake, RelativePath: work/scores.csv }
    /// steps:
    ///   score:
    ///     cmd: python src/score.py
    ///     inputs:
    ///       applications: { from: data.applications }
    ///     outputs:
    ///       scores: { type: csv }
    /// edges:
    ///   - { from: score.scores, to: data.scores }
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
    ///   score:
    ///     cmd: python src/score.py
    ///     inputs:
    ///       applications:
    ///         from: data.applications
    ///     outputs:
    ///       scores:
    ///         type: csv
    ///         path: work/scores.csv
    /// ```
    pub DATA_VERTEX_PORTS = {
        id: "pipeline/data-vertex-ports",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "pipelines/pipeline.md, “Data vertex has single output port.”",
        kinds: [Pipeline],
        check: Typed(check),
    }
}

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    for (graph, end) in ends(cx).filter(|(_, end)| end.kind == EdgeKind::Data) {
        let Some(vertex @ Vertex::Data(_)) = end.target.vertex() else { continue };
        let name = graph.vertex_name(vertex);
        let finding = match end.target {
            _ if end.role == NameField::To => {
                let message = format!("{} is data, which has no input", quoted(end.text));
                cx.at_value(&DATA_VERTEX_PORTS, end.node, message)
                    .help("what a step writes is one of its own `outputs`, and says there where it goes")
            }
            NameTarget::DataPort(_, port) if is_source(end) => {
                let message = format!("{} has one output and no port {}", quoted(&name), quoted(port));
                cx.at_value(&DATA_VERTEX_PORTS, end.node, message).help(format!("write `{name}`"))
            }
            _ => continue,
        };
        out.push(finding);
    }
}
