//! `pipeline/input-unconnected`

use rustc_hash::FxHashSet;

use crate::documents::Document;
use crate::documents::field::Map;
use crate::documents::pipeline::EdgeKind;
use crate::graph::{End, Graph, NameField, NameTarget, StepId, written_steps};
use crate::rules::Linked;
use crate::rules::pipeline::{ModulePort, module_ports, quoted, step_name};
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// Every input of a step must be connected, unless it is optional.
    ///
    /// A step with an unconnected input starts without its data. It fails when it opens the file, or reads what an earlier run left there,
    /// which is worse: the pipeline is green and the model was trained on something else. An input is connected by its `from`, or by an
    /// entry of `edges`. If the module version that a step names is in the workspace, its inputs count, whether the step lists them or not.
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
    /// ```yaml
    /// kind: module-version
    /// mlSpecVersion: 0.1.0
    /// id: f1eea1ca-a2af-47c0-9133-2dd89bab5a74
    /// module: e9ed696e-33d1-44e9-aae2-e905bdbe2d5e
    /// version: 2.1.0
    /// status: Active
    /// snapshot_id: 125c2f223594251c0be1ef0c65cf78400c38ee5c
    /// createdUtc: 2026-08-12T15:47:00Z
    /// inputs:
    ///   features: { type: parquet }
    ///   weights: { type: csv, optional: true }
    /// ---
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   fit:
    ///     moduleName: f1eea1ca-a2af-47c0-9133-2dd89bab5a74 # features come from nowhere
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
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let (Some(Document::Pipeline(pipeline)), Some(graph)) = (cx.typed(), cx.graph()) else { return };
    let connected = inputs_of_entries(graph);
    for ((id, _), step) in graph.steps().zip(written_steps(pipeline)) {
        let module = step.module_name.get().and_then(|module| workspace.module_version(module));
        let inputs: Vec<ModulePort<'_>> = module.iter().flat_map(|(module, _)| module_ports(&module.inputs)).collect();
        for (name, node, input) in step.inputs.get().into_iter().flat_map(Map::iter) {
            let is_open = input.from.node().is_none_or(|from| cx.tree.is_blank(from));
            // A step cannot do without what its module requires.
            let is_optional = match inputs.iter().find(|port| port.name == name) {
                Some(port) => port.is_optional,
                // What cannot be read may be true.
                None => {
                    input.optional.get() == Some(&true) || input.optional.node().is_some_and(|node| cx.is_faulty(node))
                }
            };
            if is_open && !is_optional && !connected.contains(&(id, name)) {
                let message =
                    format!("the input {} of the step {} is not connected", quoted(name), step_name(graph, id));
                let help =
                    "say where it comes `from`: `data.<name>` or `<step>.<output>`; or that it is `optional: true`";
                out.push(cx.at_key(&INPUT_UNCONNECTED, node, message).help(help));
            }
        }
        let Some((_, member)) = module else { continue };
        let is_entered = inputs.iter().any(|port| connected.contains(&(id, port.name)));
        if step.inputs.node().is_some_and(|node| cx.is_faulty(node)) {
            continue;
        }
        // The older form passes data by path, without naming ports.
        if step.inputs.node().is_none_or(|node| cx.tree.is_null(node)) && !is_entered && step.deps.node().is_some() {
            continue;
        }
        let mut given: FxHashSet<&str> = step.inputs.node().map(|node| keys(cx, node)).unwrap_or_default();
        given.extend(meant(&given, &inputs));
        let is_missing = |port: &&ModulePort<'_>| {
            !port.is_optional && !given.contains(port.name) && !connected.contains(&(id, port.name))
        };
        for port in inputs.iter().filter(is_missing) {
            let message =
                format!("the input {} of the step {} is not connected", quoted(port.name), step_name(graph, id));
            let place = step.inputs.node().unwrap_or(graph.step(id).node);
            let finding = cx.at_key(&INPUT_UNCONNECTED, place, message);
            let finding = finding.help("its module requires it: add it to the `inputs` of the step");
            out.push(workspace.relate(finding, member, Some(port.node), "the input of the module"));
        }
    }
}

/// Returns the inputs of a module that misspelled ones most likely mean: those have findings already.
fn meant<'p>(given: &FxHashSet<&str>, inputs: &[ModulePort<'p>]) -> Vec<&'p str> {
    let names = || inputs.iter().map(|port| port.name).filter(|name| name.len() < 256).take(100);
    let unknown = given.iter().filter(|name| name.len() < 256 && !inputs.iter().any(|port| port.name == **name));
    unknown.take(100).filter_map(|name| crate::text::nearest(name, names())).collect()
}

/// Returns the keys of a mapping, whether well-formed or not.
fn keys<'t>(cx: &Context<'t>, mapping: NodeId) -> FxHashSet<&'t str> {
    let tree = cx.tree;
    tree.entries(mapping).map(|entry| tree.key_name(entry.key)).collect()
}

/// Returns the inputs that entries of `edges` lead to. Other rules check the source of such an edge.
fn inputs_of_entries<'g>(graph: &'g Graph<'_>) -> FxHashSet<(StepId, &'g str)> {
    // A control edge carries nothing, even if it leads to a port.
    let ends = graph.ends().iter().filter(|end| end.role == NameField::To && end.kind == EdgeKind::Data);
    let port = |end: &End<'g>| match end.target {
        NameTarget::Port(step, port) => Some((step, port)),
        _ => None,
    };
    ends.filter_map(port).collect()
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    /// The messages of this rule about a text.
    fn messages(text: &str) -> Vec<String> {
        let own = found(text).into_iter().filter(|(rule, ..)| *rule == super::INPUT_UNCONNECTED.id);
        own.map(|(.., message)| message).collect()
    }

    #[test]
    fn a_control_edge_connects_no_input() {
        let pipeline = |kind: &str| {
            format!(
                "kind: pipeline\nmlSpecVersion: 0.1.0\nname: p\nsteps:\n  a: {{cmd: x, outputs: {{o: {{path: w/o}}}}}}\n  \
                 b: {{cmd: y, inputs: {{i: {{}}}}}}\nedges: [{{from: a.o, to: b.i{kind}}}]\n"
            )
        };
        assert_eq!(messages(&pipeline("")), [""; 0]);
        assert_eq!(messages(&pipeline(", kind: control")), ["the input 'i' of the step 'b' is not connected"]);
    }

    #[test]
    fn a_step_cannot_do_without_what_its_module_requires() {
        let id = "f1eea1ca-a2af-47c0-9133-2dd89bab5a74";
        let text = |required: &str, own: &str| {
            format!(
                "kind: module-version\nmlSpecVersion: 0.1.0\nid: {id}\nmodule: m\nversion: 1.0.0\nstatus: Active\n\
                 snapshot_id: s\ncreatedUtc: 2026-08-12T15:47:00Z\ninputs: {{x: {{type: csv{required}}}}}\n---\n\
                 kind: pipeline\nmlSpecVersion: 0.1.0\nname: p\nsteps: {{a: {{moduleName: {id}, inputs: {{{own}}}}}}}\n"
            )
        };
        let open = ["the input 'x' of the step 'a' is not connected"];
        assert_eq!(messages(&text("", "x: {optional: true}")), open);
        assert_eq!(messages(&text(", optional: true", "x: {}")), [""; 0]);
    }
}
