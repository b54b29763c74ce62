//! `pipeline/output-written-twice`

use rustc_hash::FxHashSet;

use crate::documents::Document;
use crate::graph::normal;
use crate::rules::pipeline::{quoted, step_name};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// Two steps must not write the same path.
    ///
    /// The step that happens to be executed last decides what is in the file, and every step that reads it depends on that accident.
    /// Nothing says which of the two a reader waits for, so such a path implies no order at all. Paths are compared as a file system would:
    /// `./work//model.txt` is `work/model.txt`. A complex step may name as its own output what a step inside it writes.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   prepare:
    ///     cmd: python src/prepare.py
    ///     outs:
    ///       - path: work/features.parquet
    ///   balance:
    ///     cmd: python src/balance.py
    ///     outs: { path: ./work/features.parquet, cache: true }
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   prepare:
    ///     cmd: python src/prepare.py
    ///     outs:
    ///       - path: work/features.parquet
    ///   balance:
    ///     cmd: python src/balance.py
    ///     deps:
    ///       - path: work/features.parquet
    ///     outs: { path: work/balanced.parquet, cache: true }
    /// ```
    pub OUTPUT_WRITTEN_TWICE = {
        id: "pipeline/output-written-twice",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "pipelines/pipeline.yml has the form of DVC, which forbids it; there, preprocess and train both write data/Posts.xml",
        kinds: [Pipeline],
        check: Typed(check),
    }
}

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(graph) = cx.graph() else { return };
    let reads: FxHashSet<_> = graph.reads().iter().map(|read| (read.step, normal(read.text))).collect();
    for clash in graph.clashes() {
        let (Some(first), Some(again)) = (graph.writes().get(clash.first), graph.writes().get(clash.again)) else {
            continue;
        };
        // A step that writes over what it reads is a finding of its own.
        if first.step != again.step && reads.contains(&(again.step, normal(again.text))) {
            continue;
        }
        let (path, writer) = (quoted(again.text), step_name(graph, again.step));
        let message = match first.step == again.step {
            true => format!("the step {writer} writes {path} twice"),
            false => format!("{path} is written by {} and by {writer}", step_name(graph, first.step)),
        };
        let finding = cx.at_value(&OUTPUT_WRITTEN_TWICE, again.node, message);
        let finding = finding.related(cx.tree.span(cx.tree.resolve(first.node)), "written here, too");
        out.push(finding.help("give each output a path of its own, or read it with `deps` if it is an input"));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn a_step_that_writes_over_what_it_reads_is_told_once() {
        let rules = |read: &str| {
            let text = format!(
                "kind: pipeline\nmlSpecVersion: 0.1.0\nname: a\nsteps:\n  one: {{cmd: a, outs: [{{path: a.csv}}]}}\n  \
                 two: {{cmd: b, deps: [{{path: {read}}}], outs: [{{path: a.csv}}]}}\n"
            );
            let rules = found(&text).into_iter().map(|(rule, ..)| rule);
            rules.filter(|rule| rule.starts_with("pipeline/out")).collect::<Vec<_>>()
        };
        assert_eq!(rules("a.csv"), ["pipeline/output-is-own-input"]);
        assert_eq!(rules("./a.csv"), ["pipeline/output-is-own-input"]);
        assert_eq!(rules("b.csv"), ["pipeline/output-written-twice"]);
    }
}
