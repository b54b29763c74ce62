//! `pipeline/unknown-vertex`

use crate::diagnostics::{Finding, Fix};
use crate::documents::Document;
use crate::documents::pipeline::EdgeKind;
use crate::graph::{End, Graph, NameField, NameTarget, StepId};
use crate::rules::pipeline::{SUGGESTION_EFFORT, ends, is_source, nearest, quoted};
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::edit;

declare_rule! {
    /// The names in `from`, `to`, `after` and `pipeline` must be those of steps or data of the graph.
    ///
    /// An edge to a name that does not exist is an edge that is missing: the step starts before what it waits for, or the pipeline is
    /// rejected when it is submitted. Usually the name is misspelled, or the step was renamed and this place was forgotten. Data is named
    /// `data.<name>`, an output `<step>.<output>`. A nested step can name the steps at its own level and those around it, not those inside
    /// another complex step. Names with a placeholder (`${…}`) are not checked.
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
    ///         from: data.aplications # applications
    ///   fit:
    ///     cmd: python src/fit.py
    ///     after: [prepair] # prepare
    /// pipeline: [prepare, fit]
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
    ///   prepare:
    ///     cmd: python src/prepare.py
    ///     inputs:
    ///       applications:
    ///         from: data.applications
    ///   fit:
    ///     cmd: python src/fit.py
    ///     after: [prepare]
    /// pipeline: [prepare, fit]
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` replaces a name with the one that differs from it in a letter or two, and adds `data.` before the name of data.
    pub UNKNOWN_VERTEX = {
        id: "pipeline/unknown-vertex",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "pipelines/pipeline.md, Edges; pipelines/pipeline.yml, “pipeline: [preprocess,train,validate]”",
        kinds: [Pipeline],
        check: Typed(check),
    }
}

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let mut effort = SUGGESTION_EFFORT;
    for (graph, end) in ends(cx) {
        let text = || quoted(end.text);
        let finding = match end.target {
            NameTarget::Unknown => Some(unknown(graph, end, cx, &mut effort)),
            NameTarget::BareData(_) if is_source(end) && end.kind == EdgeKind::Data => {
                let message = format!("{} is no step of this graph, but data", text());
                let name = format!("data.{}", end.text);
                Some(renamed(cx.at_value(&UNKNOWN_VERTEX, end.node, message), end, &name, cx))
            }
            NameTarget::Data(_) | NameTarget::BareData(_) | NameTarget::DataPort(..)
                if end.role == NameField::Order =>
            {
                let message = format!("{} is data, and the order is one of steps", text());
                Some(cx.at_value(&UNKNOWN_VERTEX, end.node, message).help("remove it from `pipeline`"))
            }
            NameTarget::Port(step, _) if end.role == NameField::Order => {
                let message = format!("{} is a port, and the order is one of steps", text());
                Some(renamed(cx.at_value(&UNKNOWN_VERTEX, end.node, message), end, graph.step(step).name, cx))
            }
            _ => None,
        };
        finding.into_iter().for_each(|finding| out.push(finding));
    }
}

fn unknown(graph: &Graph<'_>, end: &End<'_>, cx: &Context<'_>, effort: &mut usize) -> Finding {
    let what = match end.text.strip_prefix("data.") {
        Some(_) if end.role != NameField::Order => "names no data of this graph",
        _ => "is no step of this graph",
    };
    let finding = cx.at_value(&UNKNOWN_VERTEX, end.node, format!("{} {what}", quoted(end.text)));
    match suggestion(graph, end, effort) {
        Some(name) => renamed(finding, end, &name, cx),
        None if what.contains("data") => finding.help("data is declared under `data` of the pipeline"),
        None => finding.help("name a step beside this one or around it, or data as `data.<name>`"),
    }
}

fn renamed(finding: Finding, end: &End<'_>, name: &str, cx: &Context<'_>) -> Finding {
    let fix = edit::replace_scalar(cx.tree, end.node, name)
        .map(|edits| Fix::needs_review(format!("replace {} by {}", quoted(end.text), quoted(name)), edits));
    finding.help(format!("did you mean {}?", quoted(name))).fix(fix)
}

/// Returns the most likely name, as it has to be written.
pub(super) fn suggestion(graph: &Graph<'_>, end: &End<'_>, effort: &mut usize) -> Option<String> {
    let scope = end.within.and_then(|step| graph.step(step).parent);
    if end.role != NameField::Order
        && let Some(name) = end.text.strip_prefix("data.")
    {
        let names = graph.data().filter_map(|(_, data)| data.name);
        return nearest(name, names, effort).map(|name| format!("data.{name}"));
    }
    let mut step = |name: &str| nearest(name, visible(graph, scope).map(|step| graph.step(step).name), effort);
    match end.text.rsplit_once('.') {
        Some((name, port)) => step(name).map(|name| format!("{name}.{port}")),
        None => step(end.text).map(str::to_owned),
    }
}

/// Returns the steps that can be named in the graph of a complex step: its own, and those of the graphs around it.
fn visible(graph: &Graph<'_>, scope: Option<StepId>) -> impl Iterator<Item = StepId> {
    let around = std::iter::successors(Some(scope), |scope| scope.map(|step| graph.step(step).parent));
    around.flat_map(|scope| graph.within(scope))
}
