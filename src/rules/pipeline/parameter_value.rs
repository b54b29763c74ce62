//! `pipeline/parameter-value`

use rustc_hash::FxHashMap;

use crate::diagnostics::Finding;
use crate::documents::Document;
use crate::graph::written_steps;
use crate::rules::Linked;
use crate::rules::parameters::{self, DefinedParameter};
use crate::rules::pipeline::parameter_unset::graph_parameter;
use crate::rules::pipeline::{quoted, step_name};
use crate::rules::step_runs::executed;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::Member;
use crate::yaml::NodeId;

declare_rule! {
    /// The value of a parameter must be one that its module or pipeline allows.
    ///
    /// A module says which type its parameters have and which values they accept, and a pipeline says so for those of its graph. Any other
    /// value fails when the step starts, after all steps before it. A step parameter set to `${name}` is checked against the type and the
    /// default of that pipeline parameter.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: module-version
    /// mlSpecVersion: 0.1.0
    /// id: f1eea1ca-a2af-47c0-9133-2dd89bab5a74
    /// module: e9ed696e-33d1-44e9-aae2-e905bdbe2d5e
    /// version: 2.1.0
    /// status: Active
    /// snapshot_id: 125c2f223594251c0be1ef0c65cf78400c38ee5c
    /// createdUtc: 2026-08-12T15:47:00Z
    /// params:
    ///   - { name: learning_rate, type: float, constraints: { min: 0.0001, max: 0.5 } }
    /// ---
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   fit:
    ///     moduleName: f1eea1ca-a2af-47c0-9133-2dd89bab5a74
    ///     parameters:
    ///       learning_rate: 5
    /// ```
    ///
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// parameters:
    ///   - { name: seed, type: integer, default: 17 }
    /// steps:
    ///   fit:
    ///     cmd: python src/fit.py --seed {seed}
    ///     parameters: { seed: "${seed}" }
    /// ---
    /// kind: pipeline-run
    /// mlSpecVersion: 0.1.0
    /// id: 32e22e6c-45c7-4d3c-b7d4-c3ed8df00605
    /// name: train-credit-default-7
    /// pipeline: train-credit-default
    /// parameters: { seed: today }
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: module-version
    /// mlSpecVersion: 0.1.0
    /// id: f1eea1ca-a2af-47c0-9133-2dd89bab5a74
    /// module: e9ed696e-33d1-44e9-aae2-e905bdbe2d5e
    /// version: 2.1.0
    /// status: Active
    /// snapshot_id: 125c2f223594251c0be1ef0c65cf78400c38ee5c
    /// createdUtc: 2026-08-12T15:47:00Z
    /// params:
    ///   - { name: learning_rate, type: float, constraints: { min: 0.0001, max: 0.5 } }
    /// ---
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   fit:
    ///     moduleName: f1eea1ca-a2af-47c0-9133-2dd89bab5a74
    ///     parameters:
    ///       learning_rate: 0.05
    /// ```
    pub PARAMETER_VALUE = {
        id: "pipeline/parameter-value",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "pipelines/pipeline.md, “Graph level parameters have names, types (string, float, etc.), default values and constrains defined.”",
        kinds: [Pipeline, PipelineRun],
        check: Workspace(check),
    }
}

type ByName<'a> = FxHashMap<&'a str, DefinedParameter<'a>>;

fn by_name<'a>(parameters: impl Iterator<Item = DefinedParameter<'a>>) -> ByName<'a> {
    parameters.map(|parameter| (parameter.name, parameter)).collect()
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    match cx.typed() {
        Some(Document::Pipeline(pipeline)) => {
            let Some(graph) = cx.graph() else { return };
            let of_graph = by_name(parameters::of_pipeline(pipeline, cx.tree));
            for ((id, _), step) in graph.steps().zip(written_steps(pipeline)) {
                let Some(given) = step.parameters.node() else { continue };
                let module = step.module_name.get().and_then(|module| workspace.module_version(module));
                let Some((version, member)) = module else { continue };
                let wanted = by_name(parameters::of_version(version, &member.tree));
                let of = || format!(" of the step {}", step_name(graph, id));
                for (wanted, value) in values(cx, given, &wanted) {
                    let taken = cx.tree.string(value).and_then(graph_parameter).and_then(|name| of_graph.get(name));
                    let message = match taken {
                        Some(taken) => taking(wanted, taken, &of, cx),
                        None => having(wanted, value, &of, cx),
                    };
                    out.extend(message.map(|message| finding((cx, workspace), (wanted, value), message, member)));
                }
            }
        }
        Some(Document::PipelineRun(run)) => {
            let (Some(given), Some((_, pipeline, member))) = (run.parameters.node(), executed(workspace)) else {
                return;
            };
            let wanted = by_name(parameters::of_pipeline(pipeline, &member.tree));
            for (wanted, value) in values(cx, given, &wanted) {
                let message = having(wanted, value, &String::new, cx);
                out.extend(message.map(|message| finding((cx, workspace), (wanted, value), message, member)));
            }
        }
        _ => {}
    }
}

/// Returns the given values that have a parameter, with the parameter.
fn values<'p, 'a>(
    cx: &'p Context<'_>,
    given: NodeId,
    wanted: &'p ByName<'a>,
) -> impl Iterator<Item = (&'p DefinedParameter<'a>, NodeId)> {
    let entries = cx.tree.entries(given).filter(|entry| !cx.tree.is_null(entry.value) && !cx.is_faulty(entry.value));
    entries.filter_map(|entry| Some((wanted.get(cx.tree.key_name(entry.key))?, entry.value)))
}

/// Describes what is wrong with a value.
fn having(wanted: &DefinedParameter<'_>, value: NodeId, of: &dyn Fn() -> String, cx: &Context<'_>) -> Option<String> {
    let problem = wanted.problem(cx.tree, value)?;
    let shown = wanted.shown(cx, value);
    Some(format!("the value{shown} of the parameter {}{} {problem}", quoted(wanted.name), of()))
}

/// Describes what is wrong with assigning a parameter of the graph.
/// `of` says of which step the parameter is; it is asked when there is something to say.
fn taking(
    wanted: &DefinedParameter<'_>,
    taken: &DefinedParameter<'_>,
    of: &dyn Fn() -> String,
    cx: &Context<'_>,
) -> Option<String> {
    let subject = || format!("the parameter {}{} takes {}", quoted(wanted.name), of(), quoted(taken.name));
    if let Some(clash) = wanted.type_clash(taken) {
        return Some(format!("{}, which {clash}", subject()));
    }
    // A default that does not match its own type is reported at its definition.
    let default = taken.default.filter(|default| taken.problem(cx.tree, *default).is_none())?;
    let problem = wanted.problem(cx.tree, default)?;
    Some(format!("{}, whose default{} {problem}", subject(), taken.shown(cx, default)))
}

fn finding(
    (cx, workspace): (&Context<'_>, &Linked<'_>),
    (wanted, value): (&DefinedParameter<'_>, NodeId),
    message: String,
    member: &Member,
) -> Finding {
    let finding = cx.at_value(&PARAMETER_VALUE, value, message);
    workspace.relate(finding, member, wanted.node, "the parameter is defined here")
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    /// Returns the places of the wrong values in a step of a module.
    fn wrong(parameter: &str, graph: &str, step: &str) -> Vec<String> {
        let text = format!(
            "kind: module-version\nmlSpecVersion: 0.1.0\nid: f1eea1ca-a2af-47c0-9133-2dd89bab5a74\n\
             module: e9ed696e-33d1-44e9-aae2-e905bdbe2d5e\nversion: 2.1.0\nstatus: Active\nsnapshot_id: s\n\
             createdUtc: 2026-08-12T15:47:00Z\nparams: [{{name: a, {parameter}}}]\n---\nkind: pipeline\n\
             mlSpecVersion: 0.1.0\nname: p\n{graph}steps:\n{step}\n"
        );
        let own = found(&text).into_iter().filter(|(rule, ..)| *rule == "pipeline/parameter-value");
        own.map(|(_, place, _)| place).collect()
    }

    fn step(value: &str) -> String {
        format!("  s: {{moduleName: f1eea1ca-a2af-47c0-9133-2dd89bab5a74, parameters: {{a: {value}}}}}")
    }

    #[test]
    fn values_obey_type_and_constraints() {
        const FLOAT: &str = "type: float, constraints: {minimum: 0.1, max: 0.5}";
        for value in ["0.05", "1", "'0.2'", "true", "[0.2]"] {
            assert_eq!(wrong(FLOAT, "", &step(value)), [value], "{value}");
        }
        for value in ["0.1", "0.5", "'${rate}'", "null", "'{{ rate }}'"] {
            assert_eq!(wrong(FLOAT, "", &step(value)), [""; 0], "{value}");
        }
        assert_eq!(wrong("type: tensor, default: 1", "", &step("x")), [""; 0]);
        assert_eq!(wrong("type: string, constraints: {enum: [adam, sgd]}", "", &step("adm")), ["adm"]);
        let nested =
            format!("  outer:\n    steps:\n    {}", step("7").trim_start()).replace("steps:\n    s", "steps:\n      s");
        assert_eq!(wrong(FLOAT, "", &nested), ["7"]);
    }

    #[test]
    fn what_is_taken_from_the_graph_obeys_too() {
        let taken = |parameter: &str, of_graph: &str| {
            wrong(parameter, &format!("parameters: [{{name: g, {of_graph}}}]\n"), &step("'${g}'"))
        };
        assert_eq!(taken("type: float", "type: integer, default: 1"), [""; 0]);
        assert_eq!(taken("type: integer", "type: float, default: 1.5"), ["'${g}'"]);
        assert_eq!(taken("type: float, constraints: {max: 1}", "type: float, default: 2"), ["'${g}'"]);
        // The default of the graph parameter is wrong itself, which is reported there.
        assert_eq!(taken("type: float", "type: float, default: fast"), [""; 0]);
    }
}
