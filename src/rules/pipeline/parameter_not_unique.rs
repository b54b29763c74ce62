//! `pipeline/parameter-not-unique`

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::one_of::Named;
use crate::rules::pipeline::quoted;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// A parameter, an input and an output must be defined once.
    ///
    /// The parameters of a pipeline are set by their names when it is submitted, those of a module, and its ports, by the step that uses it.
    /// If two definitions have the same name, one decides the type, the bounds and the default, and which one depends on the reader. It is
    /// easily overlooked, since the names are in a list and no YAML parser objects.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// parameters:
    ///   - { name: seed, type: integer, default: 17 }
    ///   - { name: seed, type: integer, default: 42 }
    /// steps:
    ///   fit:
    ///     cmd: python src/fit.py --seed {seed}
    ///     parameters:
    ///       seed: ${seed}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// parameters:
    ///   - { name: seed, type: integer, default: 17 }
    /// steps:
    ///   fit:
    ///     cmd: python src/fit.py --seed {seed}
    ///     parameters:
    ///       seed: ${seed}
    /// ```
    pub PARAMETER_NOT_UNIQUE = {
        id: "pipeline/parameter-not-unique",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "pipelines/pipeline.md, “Graph parameter names are unique within the graph.”",
        kinds: [ModuleVersion, Pipeline],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    match document {
        Document::Pipeline(pipeline) => {
            let parameters = pipeline.parameters.get().into_iter().flat_map(List::iter);
            let names = parameters.filter_map(|(_, parameter)| parameter.name.located());
            check_names("parameter", "pipeline", names.map(|(name, node)| (&**name, node)), cx, out);
        }
        Document::ModuleVersion(module) => {
            let parameters = module.params.get().into_iter().flat_map(List::iter);
            let names = parameters.filter_map(|(_, parameter)| parameter.name.located());
            check_names("parameter", "module", names.map(|(name, node)| (&**name, node)), cx, out);
            for (what, ports) in [("input", &module.inputs), ("output", &module.outputs)] {
                // In a map, the keys are the names.
                let listed = ports.get().into_iter().flat_map(Named::iter).filter(|(key, ..)| key.is_none());
                let names = listed.filter_map(|(.., port)| port.name.located());
                check_names(what, "module", names.map(|(name, node)| (&**name, node)), cx, out);
            }
        }
        _ => {}
    }
}

fn check_names<'n>(
    what: &str,
    owner: &str,
    names: impl Iterator<Item = (&'n str, NodeId)>,
    cx: &Context<'_>,
    out: &mut Findings<'_>,
) {
    let mut first: FxHashMap<&str, NodeId> = FxHashMap::default();
    for (name, node) in names {
        match first.entry(name) {
            Entry::Vacant(entry) => drop(entry.insert(node)),
            Entry::Occupied(entry) if !cx.is_faulty(node) => {
                let message = format!("the {what} {} of this {owner} is defined twice", quoted(name));
                let earlier = cx.tree.span(cx.tree.resolve(*entry.get()));
                out.push(cx.at_value(&PARAMETER_NOT_UNIQUE, node, message).related(earlier, "the first definition"));
            }
            Entry::Occupied(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn a_port_is_defined_once() {
        let about = |ports: &str| {
            let text = format!(
                "kind: module-version\nmlSpecVersion: 0.1.0\nid: f1eea1ca-a2af-47c0-9133-2dd89bab5a74\n\
                 module: e9ed696e-33d1-44e9-aae2-e905bdbe2d5e\nversion: 2.1.0\nstatus: Active\n\
                 snapshot_id: 125c2f223594251c0be1ef0c65cf78400c38ee5c\ncreatedUtc: 2026-08-12T15:47:00Z\n{ports}\n"
            );
            found(&text).into_iter().map(|(.., message)| message).collect::<Vec<_>>()
        };
        let twice = |what: &str| [format!("the {what} 'i' of this module is defined twice")];
        assert_eq!(about("inputs: [{name: i}, {name: j}, {name: i}]"), twice("input"));
        assert_eq!(about("outputs: [{name: i}, {name: i}]"), twice("output"));
        for fine in ["inputs: [{name: i}]\noutputs: [{name: i}]", "inputs: {i: {name: i}, j: {name: i}}"] {
            assert_eq!(about(fine), [""; 0], "{fine}");
        }
    }
}
