//! `pipeline/edge-not-on-port`

use crate::documents::Document;
use crate::documents::pipeline::{EdgeKind, Step};
use crate::findings::{Finding, Fix};
use crate::graph::{Direction, End, Graph, Role, StepId, Target, written_steps};
use crate::rules::pipeline::{SUGGESTION_EFFORT, ends, is_source, nearest, quoted, step_name};
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::edit;

declare_rule! {
    /// An edge that carries data must lead from an output of a step to an input of another one.
    ///
    /// Data flows between ports: the executor hands what the output `features` of one step holds to the input of the next
    /// one. An edge that ends at a step as such, or at a port that the step does not have, carries nothing, and the step
    /// behind it fails or reads old files. The outputs of a step without a module are those under its `outputs`; those of
    /// a module are the ones of its module version, as far as that is known. Where only the order matters, `after` or
    /// `kind: control` say so.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   prepare:
    ///     cmd: python src/prepare.py
    ///     outputs:
    ///       features: { type: parquet, path: work/features.parquet }
    ///   fit:
    ///     cmd: python src/fit.py
    ///     inputs:
    ///       features:
    ///         from: prepare.feature
    /// ```
    ///
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   prepare:
    ///     cmd: python src/prepare.py
    ///   fit:
    ///     cmd: python src/fit.py
    /// edges:
    ///   - from: prepare
    ///     to: fit
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
    ///     outputs:
    ///       features: { type: parquet, path: work/features.parquet }
    ///   fit:
    ///     cmd: python src/fit.py
    ///     inputs:
    ///       features:
    ///         from: prepare.features
    ///   report:
    ///     cmd: python src/report.py
    /// edges:
    ///   - from: fit
    ///     to: report
    ///     kind: control
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` puts the name of the port in place that differs from it in a letter or two.
    pub EDGE_NOT_ON_PORT = {
        id: "pipeline/edge-not-on-port",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "pipelines/pipeline.md, “Edges not associated with inputs and outputs are not allowed.”",
        kinds: [Pipeline],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Pipeline(pipeline) = document else { return };
    let steps: Vec<&Step> = written_steps(pipeline).collect();
    let mut effort = SUGGESTION_EFFORT;
    let mut source: Option<&End<'_>> = None;
    for (graph, end) in ends(cx).filter(|(_, end)| end.kind == EdgeKind::Data) {
        let finding = match end.target {
            // One entry without ports is one fault.
            Target::Step(_) if end.role == Role::To && source.is_some_and(is_step) => None,
            Target::Step(step) => Some(without_port(graph, end, step, cx)),
            Target::Port(step, port) => {
                let direction = if is_source(end) { Direction::Out } else { Direction::In };
                let written = steps.get(step.0 as usize);
                let is_missing = written.is_some_and(|step| lacks(step, direction)) && !has(graph, end, step, port);
                is_missing.then(|| unknown_port(graph, end, (step, direction, port), cx, &mut effort))
            }
            _ => None,
        };
        source = (end.role == Role::From).then_some(end);
        finding.into_iter().for_each(|finding| out.push(finding));
    }
}

fn is_step(end: &End<'_>) -> bool {
    matches!(end.target, Target::Step(_))
}

/// Whether a step can be said not to have a port that it does not declare. A module may have more than the step writes down; the inputs
/// of a step may be written as `edges` alone.
fn lacks(step: &Step, direction: Direction) -> bool {
    let has_module = step.module_name.node().is_some();
    match direction {
        Direction::Out => !has_module || step.outputs.get().is_some_and(|ports| ports.iter().next().is_some()),
        Direction::In => !has_module && step.inputs.get().is_some_and(|ports| ports.iter().next().is_some()),
    }
}

/// Whether a port is declared. What enters a complex step may be passed on to the steps in it.
fn has(graph: &Graph<'_>, end: &End<'_>, step: StepId, port: &str) -> bool {
    let declared = |direction| graph.port(step, direction, port).is_some();
    if !is_source(end) {
        return declared(Direction::In);
    }
    let is_inside = end.within.is_some_and(|within| within != step && graph.contains(step, within));
    declared(Direction::Out) || (is_inside && declared(Direction::In))
}

fn without_port(graph: &Graph<'_>, end: &End<'_>, step: StepId, cx: &Context<'_>) -> Finding {
    let port = if is_source(end) { "output" } else { "input" };
    let message = format!("{} is a step, not an {port} of one", quoted(end.text));
    let help = match end.role {
        Role::Input => format!("write `{}.<output>`; for order alone, use `after`", graph.step(step).name),
        _ => format!("write `{}.<{port}>`; for order alone, add `kind: control`", graph.step(step).name),
    };
    cx.at_value(&EDGE_NOT_ON_PORT, end.node, message).help(help)
}

fn unknown_port(
    graph: &Graph<'_>,
    end: &End<'_>,
    (step, direction, port): (StepId, Direction, &str),
    cx: &Context<'_>,
    effort: &mut usize,
) -> Finding {
    let (kind, field) = match direction {
        Direction::Out => ("output", "outputs"),
        Direction::In => ("input", "inputs"),
    };
    let message = format!("the step {} has no {kind} {}", step_name(graph, step), quoted(port));
    let finding = cx.at_value(&EDGE_NOT_ON_PORT, end.node, message);
    let declared = cx.tree.get(graph.step(step).node, field).map(|entry| entry.value);
    let names = declared.into_iter().flat_map(|ports| cx.tree.entries(ports)).map(|entry| cx.tree.key_name(entry.key));
    match nearest(port, names, effort) {
        Some(near) => {
            let name = format!("{}{near}", end.text.strip_suffix(port).unwrap_or_default());
            let fix = edit::replace_scalar(cx.tree, end.node, &name)
                .map(|edits| Fix::needs_review(format!("replace {} by {}", quoted(port), quoted(near)), edits));
            finding.help(format!("did you mean {}?", quoted(near))).fix(fix)
        }
        None => finding.help(format!("declare it under `{field}` of the step")),
    }
}
