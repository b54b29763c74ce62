//! `pipeline/command-placeholder`

use rustc_hash::FxHashSet;

use crate::documents::Document;
use crate::documents::field::{List, Map};
use crate::documents::pipeline::Step;
use crate::graph::written_steps;
use crate::rules::pipeline::{each_placeholder, quoted, step_name};
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// The placeholders of a command must be parameters of its step, and its parameters must be used.
    ///
    /// `{name}` in `cmd` stands for the value of the step's parameter `name`. A placeholder that is not a parameter reaches the program as
    /// it is, braces and all, and a parameter that the command does not mention changes nothing. Inputs and outputs can be named, too:
    /// `{inputs.loans}`. Other uses of braces are ignored: `${HOME}`, `{a,b}`, JSON, and whatever is in single quotes, such as an `awk`
    /// program. A step with a module has the parameters of the module, so that only likely typos are reported for it.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   validate:
    ///     cmd: python src/validate.py {data_fle}
    ///     parameters:
    ///       data_file: work/validation.csv
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// data: credit-validation
    /// steps:
    ///   validate:
    ///     cmd: >-
    ///       python src/validate.py {data_file} --loans {inputs.loans}
    ///       --config '{"bins": 20}' --out ${HOME}/{a,b}.json
    ///     inputs:
    ///       loans: { from: data.credit-validation }
    ///     parameters:
    ///       data_file: work/validation.csv
    /// ```
    pub COMMAND_PLACEHOLDER = {
        id: "pipeline/command-placeholder",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "pipelines/pipeline.yml, “cmd: 'python validate.py {data_file}'” beside “parameters: data_file: 'path'”",
        kinds: [Pipeline],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let (Document::Pipeline(pipeline), Some(graph)) = (document, cx.graph()) else { return };
    let of_graph = pipeline.parameters.get().into_iter().flat_map(List::iter);
    let of_graph: FxHashSet<&str> = of_graph.filter_map(|(_, parameter)| Some(&**parameter.name.get()?)).collect();
    for ((id, _), step) in graph.steps().zip(written_steps(pipeline)) {
        let Some((command, node)) = step.cmd.located() else { continue };
        if cx.is_faulty(node) {
            continue;
        }
        let has_module = step.module_name.node().is_some();
        let known = names_of(step);
        let mut wrong: Vec<&str> = placeholders(command);
        wrong.retain(|name| !is_known(name, &known) && !of_graph.contains(name));
        wrong.dedup();
        let is_misspelt = !wrong.is_empty();
        for name in wrong.into_iter().take(MOST_PER_STEP) {
            let near = crate::text::nearest(name, known.iter().copied().filter(|name| name.len() < 64).take(100));
            // A module may have parameters that the step leaves at their defaults.
            if has_module && near.is_none() {
                continue;
            }
            let message =
                format!("the command uses {{{name}}}, but the step {} has no such parameter", step_name(graph, id));
            let help = match near {
                Some(near) => format!("did you mean {{{near}}}?"),
                None => "add it to the `parameters` of the step".to_owned(),
            };
            out.push(cx.at_value(&COMMAND_PLACEHOLDER, node, message).help(help));
        }
        // A parameter that is misspelled in the command is one fault.
        if !is_misspelt && !has_module && step.steps.node().is_none_or(|node| cx.tree.is_null(node)) {
            for (name, parameter) in unused(command, step) {
                let message = format!(
                    "the command of the step {} does not use the parameter {}",
                    step_name(graph, id),
                    quoted(name)
                );
                let finding = cx.at_key(&COMMAND_PLACEHOLDER, parameter, message);
                out.push(finding.help("name it in `cmd` in braces, or remove it"));
            }
        }
    }
}

/// The maximum number of findings per command. A command with more wrong placeholders probably uses braces for something else.
const MOST_PER_STEP: usize = 20;

/// Returns the names that a command may use as placeholders.
fn names_of(step: &Step) -> FxHashSet<&str> {
    let parameters = step.parameters.get().into_iter().flat_map(Map::iter).map(|(name, ..)| name);
    let inputs = step.inputs.get().into_iter().flat_map(Map::iter).map(|(name, ..)| name);
    let outputs = step.outputs.get().into_iter().flat_map(Map::iter).map(|(name, ..)| name);
    parameters.chain(inputs).chain(outputs).collect()
}

fn is_known(name: &str, known: &FxHashSet<&str>) -> bool {
    match name.split_once('.') {
        Some(("inputs" | "outputs" | "parameters" | "params", name)) => known.contains(name),
        Some(_) => true,
        None => known.contains(name),
    }
}

/// Returns the parameters that a command does not mention.
fn unused<'s>(command: &'s str, step: &'s Step) -> Vec<(&'s str, NodeId)> {
    let Some(parameters) = step.parameters.get() else { return Vec::new() };
    let mut taken: FxHashSet<&str> = FxHashSet::default();
    each_placeholder(command, |name| {
        taken.insert(name);
    });
    parameters.iter().filter(|(name, ..)| !taken.contains(name)).map(|(name, node, _)| (name, node)).collect()
}

/// Returns the names that are alone in braces, outside of single quotes.
fn placeholders(command: &str) -> Vec<&str> {
    let mut names = Vec::new();
    // Programs of awk are in braces, regardless of the quotes.
    if !command.contains('{') || command.contains("awk") {
        return names;
    }
    let mut is_quoted = false;
    let mut before = ' ';
    for (at, c) in command.char_indices() {
        if c == '\'' && before != '\\' {
            is_quoted = !is_quoted;
        }
        if c == '{' && !is_quoted && !matches!(before, '$' | '{' | '%' | '@' | '#' | '\\') {
            let rest = command.get(at + 1..).unwrap_or("");
            let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))).unwrap_or(rest.len());
            let (name, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
            let is_name = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
            if is_name && behind.starts_with('}') && !behind.starts_with("}}") {
                names.push(name);
            }
        }
        before = c;
    }
    names
}

#[cfg(test)]
mod tests {
    use super::placeholders;

    #[test]
    fn only_names_in_braces_of_their_own_are_placeholders() {
        assert_eq!(placeholders("python x.py {data_file} --out={outputs.model}"), ["data_file", "outputs.model"]);
        for command in [
            "echo ${HOME} {{name}} {a,b} {1..5} {} %{http_code} HEAD@{upstream}",
            "awk '{print}' loans.csv",
            "gawk \"{print}\" loans.csv",
            "python x.py --config '{\"a\": {b}}' --json '{name}'",
            "f() { ls; }; {",
        ] {
            assert_eq!(placeholders(command), [""; 0], "{command}");
        }
    }
}
