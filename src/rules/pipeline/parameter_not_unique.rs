//! `pipeline/parameter-not-unique`

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use crate::documents::Document;
use crate::documents::field::List;
use crate::rules::pipeline::quoted;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// A parameter must be defined once.
    ///
    /// The parameters of a pipeline are set by their names when it is submitted, those of a module by the step that uses it. If two
    /// definitions have the same name, one decides the type, the bounds and the default, and which one depends on the reader. It is easily
    /// overlooked, since the names are in a list and no YAML parser objects.
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
    let (names, owner): (Vec<_>, _) = match document {
        Document::Pipeline(pipeline) => {
            let parameters = pipeline.parameters.get().into_iter().flat_map(List::iter);
            (parameters.filter_map(|(_, parameter)| parameter.name.located()).collect(), "pipeline")
        }
        Document::ModuleVersion(module) => {
            let parameters = module.params.get().into_iter().flat_map(List::iter);
            (parameters.filter_map(|(_, parameter)| parameter.name.located()).collect(), "module")
        }
        _ => return,
    };
    let mut first: FxHashMap<&str, NodeId> = FxHashMap::default();
    for (name, node) in names {
        match first.entry(name) {
            Entry::Vacant(entry) => drop(entry.insert(node)),
            Entry::Occupied(entry) if !cx.is_faulty(node) => {
                let message = format!("the parameter {} of this {owner} is defined twice", quoted(name));
                let earlier = cx.tree.span(cx.tree.resolve(*entry.get()));
                out.push(cx.at_value(&PARAMETER_NOT_UNIQUE, node, message).related(earlier, "the first definition"));
            }
            Entry::Occupied(_) => {}
        }
    }
}
