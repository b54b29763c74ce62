//! `pipeline/output-is-own-input`

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::documents::Document;
use crate::graph::{PathUse, folders, normal};
use crate::rules::pipeline::{quoted, step_name};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A step must not write what it reads.
    ///
    /// A step that changes its own input in place gives a different result each time it is executed: a retry after a failure reads what the
    /// failed attempt has left, and nobody can say any more what the model was trained on. Tools that cache by content, such as DVC, reject
    /// it as a cycle. The same is true of a file in a folder that the step reads, and of a folder with its input in it that the step
    /// rewrites.
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
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// steps:
    ///   clean:
    ///     cmd: python src/clean.py
    ///     deps: { path: work }
    ///     outs: { path: work/clean }
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
    let read = |step, path: &str| reads.get(&(step, Cow::Borrowed(path))).copied();
    let mut writes = FxHashMap::default();
    let mut report = |write: &PathUse<'_>, read: &PathUse<'_>, how: &str| {
        let message =
            format!("the step {} writes {}{how}, which it reads", step_name(graph, write.step), quoted(write.text));
        let finding = cx.at_value(&OUTPUT_IS_OWN_INPUT, write.node, message);
        let finding = finding.related(cx.tree.span(cx.tree.resolve(read.node)), "read here");
        out.push(finding.help("write to another path"));
    };
    for write in graph.writes() {
        let path = normal(write.text);
        if let Some(read) = read(write.step, &path) {
            report(write, read, "");
        } else if let Some(read) =
            folders(&path).filter(|folder| !folder.is_empty()).find_map(|folder| read(write.step, folder))
        {
            report(write, read, &format!(" into {}", quoted(read.text)));
        } else {
            writes.entry((write.step, path)).or_insert(write);
        }
    }
    // A folder that is written as a whole is reported once, regardless of how many paths in it are read.
    for read in graph.reads() {
        let path = normal(read.text);
        let mut written = folders(&path).map(|folder| (read.step, Cow::Owned(folder.to_owned())));
        if let Some(write) = written.find_map(|key| writes.remove(&key)) {
            report(write, read, &format!(", and with it {}", quoted(read.text)));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    /// Returns the rules that report something in two steps.
    fn rules(first: &str, second: &str) -> Vec<&'static str> {
        let head = "kind: pipeline\nmlSpecVersion: 0.1.0\nname: p\npipeline: [b, a]\n";
        let text = format!("{head}steps:\n  a: {{cmd: x, {first}}}\n  b: {{cmd: y, {second}}}\n");
        let rules = found(&text).into_iter().map(|(rule, ..)| rule);
        rules.filter(|rule| rule.starts_with("pipeline/") && *rule != "pipeline/isolated-step").collect()
    }

    #[test]
    fn a_folder_and_what_lies_in_it_are_connected() {
        let wrong_order = ["pipeline/order-mismatch"];
        for (out, dep) in [
            ("outs: {path: data}", "deps: {path: data/x/a.csv}"),
            ("outs: {path: ./data/x/}", "deps: [{path: data/x/a.csv}]"),
            ("outs: {path: data/x/a.csv}", "deps: {path: data}"),
            ("outputs: {o: {path: data/x/a.csv}}", "deps: {path: data/x}"),
            ("outs: {path: /mnt/data}", "deps: {path: /mnt/data/a.csv}"),
            ("outs: {path: .}", "deps: {path: a.csv}"),
        ] {
            assert_eq!(rules(out, dep), wrong_order, "{out} {dep}");
        }
        for (out, dep) in [
            ("outs: {path: data}", "deps: {path: database/a.csv}"),
            ("outs: {path: data}", "deps: {path: /data/a.csv}"),
            ("outs: {path: data/a.csv}", "deps: {path: .}"),
            ("outs: {path: .}", "deps: {path: ../a.csv}"),
            ("outs: {path: .}", "deps: {path: 's3://b/k'}"),
        ] {
            assert_eq!(rules(out, dep), [""; 0], "{out} {dep}");
        }
    }

    #[test]
    fn a_step_that_reads_and_writes_one_folder_reads_what_it_writes() {
        let own = ["pipeline/output-is-own-input"];
        for step in [
            "deps: {path: data}, outs: {path: data/clean}",
            "deps: {path: data/raw.csv}, outs: {path: data}",
            "deps: [{path: data/a}, {path: data/b}], outs: {path: data}",
        ] {
            assert_eq!(rules(step, "outs: {path: z}"), own, "{step}");
        }
        assert_eq!(rules("deps: {path: data/raw}, outs: {path: data/clean}", "outs: {path: z}"), [""; 0]);
    }
}
