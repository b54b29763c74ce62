//! `pipeline/output-is-own-input`

use rustc_hash::FxHashMap;

use crate::documents::Document;
use crate::graph::normal;
use crate::rules::pipeline::{quoted, step_name};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A step must not write a path that it reads.
    ///
    /// A step that changes its own input in place gives something else each time it is executed: a retry after a failure
    /// reads what the failed attempt has left, and nobody can tell any more what the model was trained on. Tools that
    /// cache by content, such as DVC, reject it as a cycle.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   clean:
    ///     cmd: python src/clean.py --in-place work/loans.csv
    ///     deps:
    ///       - path: work/loans.csv
    ///     outs:
    ///       - path: ./work/loans.csv
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   clean:
    ///     cmd: python src/clean.py work/loans.csv work/clean.csv
    ///     deps:
    ///       - path: work/loans.csv
    ///     outs:
    ///       - path: work/clean.csv
    /// ```
    pub OUTPUT_IS_OWN_INPUT = {
        id: "pipeline/output-is-own-input",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "pipelines/pipeline.md, “The core abstraction for Machine Learning Pipelines is DAG”; the same in DVC",
        kinds: [Pipeline],
        check: Typed(check),
    }
}

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(graph) = cx.graph() else { return };
    let reads: FxHashMap<_, _> =
        graph.reads().iter().rev().map(|read| ((read.step, normal(read.text)), read)).collect();
    for write in graph.writes() {
        if let Some(read) = reads.get(&(write.step, normal(write.text))) {
            let message =
                format!("the step {} writes {}, which it reads", step_name(graph, write.step), quoted(write.text));
            let finding = cx.at_value(&OUTPUT_IS_OWN_INPUT, write.node, message);
            let finding = finding.related(cx.tree.span(cx.tree.resolve(read.node)), "read here");
            out.push(finding.help("write to another path"));
        }
    }
}
