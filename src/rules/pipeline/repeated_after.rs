//! `pipeline/repeated-after`

use rustc_hash::FxHashMap;

use crate::documents::Document;
use crate::graph::NameField;
use crate::rules::pipeline::{ends, quoted};
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// A step should name each step that it waits for once.
    ///
    /// To wait twice for the same step changes nothing. So one of the two names is usually meant to be another one, and the step starts
    /// before the work that it needs is done.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   fit:
    ///     cmd: python src/fit.py
    ///   evaluate:
    ///     cmd: python src/evaluate.py
    ///     after: [fit]
    ///   report:
    ///     cmd: python src/report.py
    ///     after: [fit, fit]
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   fit:
    ///     cmd: python src/fit.py
    ///   evaluate:
    ///     cmd: python src/evaluate.py
    ///     after: [fit]
    ///   report:
    ///     cmd: python src/report.py
    ///     after: [fit, evaluate]
    /// ```
    pub REPEATED_AFTER = {
        id: "pipeline/repeated-after",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "pipelines/pipeline.md, Control dependency",
        kinds: [Pipeline],
        check: Typed(check),
    }
}

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let mut first: FxHashMap<(Option<NodeId>, &str), NodeId> = FxHashMap::default();
    for (_, end) in ends(cx).filter(|(_, end)| end.role == NameField::After) {
        let earlier = *first.entry((cx.tree.parent(end.node), end.text)).or_insert(end.node);
        if earlier != end.node {
            let message = format!("{} is named twice", quoted(end.text));
            out.push(cx.at_value(&REPEATED_AFTER, end.node, message).related(cx.tree.span(earlier), "the first time"));
        }
    }
}
