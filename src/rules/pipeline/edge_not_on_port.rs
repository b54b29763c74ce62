//! `pipeline/edge-not-on-port`

use rustc_hash::FxHashSet;

use crate::diagnostics::{Finding, Fix};
use crate::documents::Document;
use crate::documents::pipeline::{EdgeKind, Step};
use crate::graph::{End, Graph, NameField, NameTarget, PortDirection, StepId, written_steps};
use crate::rules::Linked;
use crate::rules::pipeline::{SUGGESTION_EFFORT, ends, is_source, nearest, port_names, quoted, step_name};
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::Member;
use crate::yaml::{NodeId, edit};

declare_rule! {
    /// An edge that carries data must lead from an output of a step to an input of another one.
    ///
    /// Data flows between ports: the executor hands the content of the output `features` of one step to the input of the next one. An edge
    /// that ends at a step itself, or at a port that the step does not have, carries nothing, and the step after it fails or reads old
    /// files. The outputs of a step without a module are those under its `outputs`; those of a module are the ones of its module version,
    /// as far as that is known. If only the order matters, use `after` or `kind: control`; what these name must exist, too.
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
    /// ```yaml
    /// kind: module-version
    /// mlSpecVersion: 0.1.0
    /// id: f1eea1ca-a2af-47c0-9133-2dd89bab5a74
    /// module: e9ed696e-33d1-44e9-aae2-e905bdbe2d5e
    /// version: 2.1.0
    /// status: Active
    /// snapshot_id: 125c2f223594251c0be1ef0c65cf78400c38ee5c
    /// createdUtc: 2026-08-12T15:47:00Z
    /// outputs:
    ///   model: { type: lightgbm }
    /// ---
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   fit:
    ///     moduleName: f1eea1ca-a2af-47c0-9133-2dd89bab5a74
    ///   report:
    ///     cmd: python src/report.py
    ///     inputs:
    ///       scores: { from: fit.scores } # the module gives a model
    /// ```
    ///
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   report:
    ///     steps:
    ///       measure: { cmd: python src/measure.py }
    ///       render: { cmd: python src/render.py, after: [measure] }
    ///   publish:
    ///     cmd: python src/publish.py
    ///     after: [report.render] # report
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
    /// `--unsafe-fixes` replaces a name with that of the port that differs from it in a letter or two.
    pub EDGE_NOT_ON_PORT = {
        id: "pipeline/edge-not-on-port",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "pipelines/pipeline.md, “Edges not associated with inputs and outputs are not allowed.”",
        kinds: [Pipeline],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let (Some(Document::Pipeline(pipeline)), Some(graph)) = (cx.typed(), cx.graph()) else { return };
    let steps: Vec<Interface<'_>> = written_steps(pipeline).map(|step| Interface::of(step, workspace)).collect();
    let mut effort = SUGGESTION_EFFORT;
    let mut source: Option<&End<'_>> = None;
    for (graph, end) in ends(cx).filter(|(_, end)| end.role != NameField::Order && !is_of_unknown_kind(cx, end)) {
        let finding = match end.target {
            // A control edge connects steps.
            NameTarget::Step(_) if end.kind == EdgeKind::Control => None,
            // An entry without any ports is one fault.
            NameTarget::Step(_) if end.role == NameField::To && source.is_some_and(is_step) => None,
            NameTarget::Step(step) => Some(without_port(graph, end, step, cx)),
            NameTarget::Port(step, port) => {
                let direction = if is_source(end) { PortDirection::Out } else { PortDirection::In };
                let interface = steps.get(step.0 as usize);
                let is_missing = interface.is_some_and(|step| step.lacks(direction, port));
                let is_missing = is_missing && !has(graph, end, step, port);
                is_missing.then(|| unknown_port(graph, end, (step, direction, port), cx, &mut effort))
            }
            _ => None,
        };
        source = (end.role == NameField::From).then_some(end);
        finding.into_iter().for_each(|finding| out.push(finding));
    }
    for ((id, own), interface) in graph.steps().zip(&steps) {
        for (direction, field) in [(PortDirection::In, "inputs"), (PortDirection::Out, "outputs")] {
            undeclared(cx, workspace, (id, graph), interface, (direction, field, own.node), out);
        }
    }
}

/// Reports the ports that a step declares and its module does not have.
fn undeclared(
    cx: &Context<'_>,
    workspace: &Linked<'_>,
    (id, graph): (StepId, &Graph<'_>),
    interface: &Interface<'_>,
    (direction, field, step): (PortDirection, &str, NodeId),
    out: &mut Findings<'_>,
) {
    let (Some(ports), Some(member)) = (interface.module(direction), interface.member) else { return };
    let Some(written) = cx.tree.find(step, &[field]) else { return };
    for entry in cx.tree.entries(written) {
        let name = cx.tree.key_name(entry.key);
        if !ports.contains(name) {
            let kind = if direction == PortDirection::In { "input" } else { "output" };
            let message = format!("the module of the step {} has no {kind} {}", step_name(graph, id), quoted(name));
            let finding = cx.at_key(&EDGE_NOT_ON_PORT, entry.value, message);
            let near = crate::text::nearest(name, ports.iter().copied().filter(|name| name.len() < 256).take(100));
            let finding = match near {
                Some(near) => finding.help(format!("did you mean {}?", quoted(near))),
                None => finding,
            };
            out.push(workspace.relate(finding, member, None, "the version of the module"));
        }
    }
}

/// The ports of a step, as far as they are known.
struct Interface<'a> {
    has_module: bool,
    declares_inputs: bool,
    declares_outputs: bool,
    /// The version of its module, if it is in the workspace.
    member: Option<&'a Member>,
    inputs: Option<FxHashSet<&'a str>>,
    outputs: Option<FxHashSet<&'a str>>,
}

impl<'a> Interface<'a> {
    fn of(step: &Step, workspace: &Linked<'a>) -> Self {
        let module = step.module_name.get().and_then(|module| workspace.module_version(module));
        Self {
            has_module: step.module_name.node().is_some(),
            declares_inputs: step.inputs.get().is_some_and(|ports| ports.iter().next().is_some()),
            declares_outputs: step.outputs.get().is_some_and(|ports| ports.iter().next().is_some()),
            member: module.map(|(_, member)| member),
            inputs: module.and_then(|(version, _)| port_names(version, &version.inputs)),
            outputs: module.and_then(|(version, _)| port_names(version, &version.outputs)),
        }
    }

    fn module(&self, direction: PortDirection) -> Option<&FxHashSet<&'a str>> {
        match direction {
            PortDirection::In => self.inputs.as_ref(),
            PortDirection::Out => self.outputs.as_ref(),
        }
    }

    /// Whether the step certainly does not have a port that it does not declare. A module may have more ports than the step declares, and
    /// the inputs of a step may be written only as `edges`.
    fn lacks(&self, direction: PortDirection, port: &str) -> bool {
        if let Some(ports) = self.module(direction) {
            return !ports.contains(port);
        }
        match direction {
            PortDirection::Out => !self.has_module || self.declares_outputs,
            PortDirection::In => !self.has_module && self.declares_inputs,
        }
    }
}

/// Whether an edge has a kind that cannot be read, which is a finding of its own.
fn is_of_unknown_kind(cx: &Context<'_>, end: &End<'_>) -> bool {
    let kind = |edge| Some(cx.tree.get(edge, "kind")?.value);
    matches!(end.role, NameField::From | NameField::To)
        && cx.tree.parent(end.node).and_then(kind).is_some_and(|kind| cx.is_faulty(kind))
}

fn is_step(end: &End<'_>) -> bool {
    matches!(end.target, NameTarget::Step(_))
}

/// Whether a port is declared. An input of a complex step may be passed on to the steps in it.
fn has(graph: &Graph<'_>, end: &End<'_>, step: StepId, port: &str) -> bool {
    let declared = |direction| graph.port(step, direction, port).is_some();
    if !is_source(end) {
        return declared(PortDirection::In);
    }
    let is_inside = end.within.is_some_and(|within| within != step && graph.contains(step, within));
    declared(PortDirection::Out) || (is_inside && declared(PortDirection::In))
}

fn without_port(graph: &Graph<'_>, end: &End<'_>, step: StepId, cx: &Context<'_>) -> Finding {
    let port = if is_source(end) { "output" } else { "input" };
    let message = format!("{} is a step, not an {port} of one", quoted(end.text));
    let help = match end.role {
        NameField::Input => format!("write `{}.<output>`; for order alone, use `after`", graph.step(step).name),
        _ => format!("write `{}.<{port}>`; for order alone, add `kind: control`", graph.step(step).name),
    };
    cx.at_value(&EDGE_NOT_ON_PORT, end.node, message).help(help)
}

fn unknown_port(
    graph: &Graph<'_>,
    end: &End<'_>,
    (step, direction, port): (StepId, PortDirection, &str),
    cx: &Context<'_>,
    effort: &mut usize,
) -> Finding {
    let (kind, field) = match direction {
        PortDirection::Out => ("output", "outputs"),
        PortDirection::In => ("input", "inputs"),
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
        None if end.kind == EdgeKind::Control => {
            let step = end.text.strip_suffix(port).and_then(|step| step.strip_suffix('.')).unwrap_or(end.text);
            finding.help(format!("for order alone, name the step: `{step}`"))
        }
        None => finding.help(format!("declare it under `{field}` of the step")),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    /// The messages of this rule about a pipeline.
    fn messages(text: &str) -> Vec<String> {
        let own = found(text).into_iter().filter(|(rule, ..)| *rule == super::EDGE_NOT_ON_PORT.id);
        own.map(|(.., message)| message).collect()
    }

    #[test]
    fn a_kind_that_is_none_is_one_fault() {
        let text = "kind: pipeline\nmlSpecVersion: 0.1.0\nname: p\nsteps: {a: {cmd: x}, b: {cmd: y}}\n\
                    edges: [{from: a, to: b, kind: Control}]\n";
        let found: Vec<_> = found(text).into_iter().map(|(rule, ..)| rule).collect();
        assert_eq!(found, ["document/not-allowed-value"]);
    }

    #[test]
    fn what_waits_for_a_port_waits_for_one_that_is_there() {
        let pipeline = |after: &str, edge: &str| {
            format!(
                "kind: pipeline\nmlSpecVersion: 0.1.0\nname: train\nsteps:\n  report:\n    outputs: {{page: {{path: page.html}}}}\n    \
                 steps:\n      measure: {{cmd: python m.py}}\n      render: {{cmd: python r.py, after: [{after}]}}\n  \
                 publish: {{cmd: python p.py}}\nedges:\n- {{from: {edge}, to: publish, kind: control}}\n"
            )
        };
        for (after, edge, step) in [
            ("measure.zzz", "report", "report/measure"),
            ("measure", "report.zzz", "report"),
            ("measure", "report.measure", "report"),
            ("measure.zzz.y", "report.page", "report/measure"),
        ] {
            let found = messages(&pipeline(after, edge));
            assert!(
                found.len() == 1 && found[0].contains(&format!("'{step}' has no output")),
                "{after} {edge}: {found:?}"
            );
        }
        for (after, edge) in [("measure", "report"), ("measure", "report.page"), ("${first}.zzz", "report")] {
            assert_eq!(messages(&pipeline(after, edge)), [""; 0], "{after} {edge}");
        }
    }
}
