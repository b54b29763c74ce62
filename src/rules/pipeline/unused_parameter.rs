//! `pipeline/unused-parameter`

use rustc_hash::FxHashSet;

use crate::documents::Document;
use crate::rules::pipeline::{each_placeholder, quoted};
use crate::rules::{Bytes, Context, Findings, declare_rule};

declare_rule! {
    /// A parameter of the pipeline should be used by a step.
    ///
    /// Whoever submits the pipeline sets the parameter and expects it to matter. If no step refers to it as `${name}`, the value goes
    /// nowhere: the run says `learning_rate: 0.1`, and the model was trained with the default of the module. Any mention counts, as
    /// `${name}`, `{name}`, `{{name}}` or `$name`, in any field of the document.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// parameters:
    ///   - name: learning_rate
    ///     type: float
    ///     default: 0.05
    /// steps:
    ///   fit:
    ///     cmd: python src/fit.py --learning-rate {learning-rate}
    ///     parameters:
    ///       learning-rate: 0.05
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// parameters:
    ///   - name: learning_rate
    ///     type: float
    ///     default: 0.05
    /// steps:
    ///   fit:
    ///     cmd: python src/fit.py --learning-rate {learning-rate}
    ///     parameters:
    ///       learning-rate: ${learning_rate}
    /// ```
    pub UNUSED_PARAMETER = {
        id: "pipeline/unused-parameter",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "pipelines/pipeline.md, Parametrization",
        kinds: [Pipeline],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let (Document::Pipeline(pipeline), Some(graph)) = (document, cx.graph()) else { return };
    let Some(parameters) = pipeline.parameters.get().filter(|_| graph.steps().len() > 0) else { return };
    let definitions = pipeline.parameters.node().map(|node| cx.tree.span(cx.tree.resolve(node)));
    let mut taken: FxHashSet<&str> = FxHashSet::default();
    for (node, text) in cx.strings_with(Bytes::PLACEHOLDER) {
        if !definitions.is_some_and(|span| span.contains(cx.tree.span(node))) {
            each_placeholder(text, |name| {
                taken.insert(name);
            });
        }
    }
    let mut told: FxHashSet<&str> = FxHashSet::default();
    for (name, node) in parameters.iter().filter_map(|(_, parameter)| parameter.name.located()) {
        if !taken.contains(&**name) && told.insert(name) && !cx.is_faulty(node) {
            let message = format!("no step uses the parameter {}", quoted(name));
            let help = format!(
                "a step takes it as `${{{name}}}` under its `parameters`",
                name = quoted(name).trim_matches('\'')
            );
            out.push(cx.at_value(&UNUSED_PARAMETER, node, message).help(help));
        }
    }
}
