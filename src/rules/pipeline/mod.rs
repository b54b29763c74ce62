//! Rules about pipelines: their graphs, ports, parameters and paths.

pub mod command_placeholder;
pub mod control_edge_on_data;
pub mod cycle;
pub mod data_vertex_ports;
pub mod edge_not_on_port;
pub mod holdback_in_training;
pub mod input_multiple_sources;
pub mod input_unconnected;
pub mod isolated_step;
pub mod module_and_command;
pub mod module_recursion;
pub mod order_mismatch;
pub mod output_is_own_input;
pub mod output_written_twice;
pub mod overlapping_outputs;
pub mod parameter_not_unique;
pub mod parameter_type_or_default;
pub mod parameter_unset;
pub mod parameter_value;
pub mod repeated_after;
pub mod run_order;
pub mod status_disagrees;
pub mod step_not_run;
pub mod unknown_parameter;
pub mod unknown_step;
pub mod unknown_vertex;
pub mod unused_parameter;

use rustc_hash::FxHashSet;

use crate::documents::field::Optional;
use crate::documents::module_version::{ModuleVersion, Port};
use crate::documents::one_of::Named;
use crate::graph::{End, Graph, NameField, StepId};
use crate::rules::{Context, Rule};
use crate::secrets::shortened;
use crate::yaml::NodeId;

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &command_placeholder::COMMAND_PLACEHOLDER,
    &control_edge_on_data::CONTROL_EDGE_ON_DATA,
    &cycle::CYCLE,
    &data_vertex_ports::DATA_VERTEX_PORTS,
    &edge_not_on_port::EDGE_NOT_ON_PORT,
    &holdback_in_training::HOLDBACK_IN_TRAINING,
    &input_multiple_sources::INPUT_MULTIPLE_SOURCES,
    &input_unconnected::INPUT_UNCONNECTED,
    &isolated_step::ISOLATED_STEP,
    &module_and_command::MODULE_AND_COMMAND,
    &module_recursion::MODULE_RECURSION,
    &order_mismatch::ORDER_MISMATCH,
    &output_is_own_input::OUTPUT_IS_OWN_INPUT,
    &output_written_twice::OUTPUT_WRITTEN_TWICE,
    &overlapping_outputs::OVERLAPPING_OUTPUTS,
    &parameter_not_unique::PARAMETER_NOT_UNIQUE,
    &parameter_type_or_default::PARAMETER_TYPE_OR_DEFAULT,
    &parameter_unset::PARAMETER_UNSET,
    &parameter_value::PARAMETER_VALUE,
    &repeated_after::REPEATED_AFTER,
    &run_order::RUN_ORDER,
    &status_disagrees::STATUS_DISAGREES,
    &step_not_run::STEP_NOT_RUN,
    &unknown_parameter::UNKNOWN_PARAMETER,
    &unknown_step::UNKNOWN_STEP,
    &unknown_vertex::UNKNOWN_VERTEX,
    &unused_parameter::UNUSED_PARAMETER,
];

/// A port of a module version.
struct ModulePort<'a> {
    name: &'a str,
    node: NodeId,
    is_optional: bool,
}

/// The named ports of a module version, written as a map or as a list.
fn module_ports(ports: &Optional<Named<Port>>) -> impl Iterator<Item = ModulePort<'_>> {
    ports.get().into_iter().flat_map(Named::iter).filter_map(|(key, node, port)| {
        let name = key.or_else(|| port.name.get().map(|name| &**name))?;
        Some(ModulePort { name, node, is_optional: port.optional.get() == Some(&true) })
    })
}

/// Returns the names of the ports on one side of a module. `None` if the version does not say. A version that declares no inputs, outputs
/// or parameters may have any; one that declares some of them has no others.
fn port_names<'a>(version: &'a ModuleVersion, ports: &'a Optional<Named<Port>>) -> Option<FxHashSet<&'a str>> {
    let is_readable = ports.get().is_some() || ports.node().is_none();
    (is_readable && has_interface(version)).then(|| module_ports(ports).map(|port| port.name).collect())
}

/// Whether a version of a module declares inputs, outputs or parameters.
fn has_interface(version: &ModuleVersion) -> bool {
    version.inputs.get().is_some() || version.outputs.get().is_some() || version.params.get().is_some()
}

/// The maximum number of characters of a name in a message.
const LONGEST_NAME: usize = 60;

/// Formats a name for a message: quoted and shortened.
fn quoted(name: &str) -> String {
    format!("'{}'", shortened(name, LONGEST_NAME))
}

/// Formats the name of a step for a message, with the names of the complex steps around it.
fn step_name(graph: &Graph<'_>, step: StepId) -> String {
    quoted(&graph.path_of(step))
}

/// Returns the vertex names to check: those that are not empty and that the schema accepts.
fn ends<'c, 'a>(cx: &'c Context<'a>) -> impl Iterator<Item = (&'c Graph<'a>, &'c End<'a>)> {
    let graph = cx.graph();
    let ends = graph.into_iter().flat_map(move |graph| graph.ends().iter().map(move |end| (graph, end)));
    ends.filter(|(_, end)| !end.text.is_empty() && !cx.is_faulty(end.node))
}

/// Whether an end of an edge is its source.
fn is_source(end: &End<'_>) -> bool {
    matches!(end.role, NameField::Input | NameField::After | NameField::From)
}

/// The maximum number of name comparisons for the suggestions in one document: thousands of unknown names are not typos.
const SUGGESTION_EFFORT: usize = 100_000;

/// Returns the name that a misspelled one most likely means, as long as `effort` lasts.
fn nearest<'n>(wrong: &str, names: impl Iterator<Item = &'n str>, effort: &mut usize) -> Option<&'n str> {
    let counted = names.take_while(|_| {
        let goes_on = *effort > 0;
        *effort = effort.saturating_sub(1);
        goes_on
    });
    crate::text::nearest(wrong, counted.filter(|name| name.len() <= 2 * wrong.len() + 3 && name.len() < 256))
}

/// Visits every name by which a text may refer to a parameter: the text between braces, the words in it, and what follows a `$`.
fn each_placeholder<'t>(text: &'t str, mut visit: impl FnMut(&'t str)) {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    for (at, _) in text.match_indices('$') {
        let rest = text.get(at + 1..).unwrap_or("");
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        visit(rest.get(..end).unwrap_or(""));
    }
    for part in text.split('{').skip(1) {
        let inner = part.split('}').next().unwrap_or("");
        visit(inner.trim());
        inner.split(|c: char| !is_word(c)).for_each(&mut visit);
    }
}

/// Whether a text, or a part of it, is filled in later.
pub(crate) fn is_template(text: &str) -> bool {
    text.contains("${") || text.contains("{{") || text.starts_with(['$', '<', '{'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_taken_by_name_in_many_ways() {
        let names = |text: &str| {
            let mut names = Vec::new();
            each_placeholder(text, |name| names.push(name.to_owned()));
            names
        };
        for text in [
            "${seed}",
            "{seed}",
            "--seed={seed} x",
            "{{ seed }}",
            "${params.seed}",
            "a$seed/b",
            "${{ parameters.seed }}",
        ] {
            assert!(names(text).contains(&"seed".to_owned()), "{text}: {:?}", names(text));
        }
        assert!(!names("seed {other} $seeds").contains(&"seed".to_owned()));
    }

    #[test]
    fn long_names_are_cut_at_a_character() {
        assert_eq!(quoted(&"é".repeat(61)), format!("'{}…'", "é".repeat(60)));
        assert_eq!(quoted("prepare"), "'prepare'");
    }
}
