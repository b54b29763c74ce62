//! `pipeline/holdback-in-training`

use crate::documents::roles::ReferenceRole;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::documents::pipeline::{EdgeKind, Step};
use crate::documents::{Document, Kind};
use crate::graph::{DataId, Graph, StepId, Vertex, Written, written_steps};
use crate::rules::divided::{Divided, divided};
use crate::rules::pipeline::step_name;
use crate::rules::split::SplitPart;
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::{DataUse, DocId, Member, Reference, Resolution};
use crate::yaml::NodeId;

declare_rule! {
    /// A step that trains must not read the data that a test was performed on, nor data that contains it.
    ///
    /// Data is held back so that the test says how the model does on what it has never seen. Once a step that trains reads it, the test
    /// measures how well it was remembered. The data is the same if the digest is the same, or else the location or the name. The `source` of a
    /// split contains the set that was held back. The rule checks data that enters a step that trains, according to the name of the step, its
    /// module or its command: `train`, `fit`, `tune` and the like; and what other steps made of nothing but such data.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// data: {loans: loans-2026@1.0.0}
    /// steps:
    ///   fit:
    ///     cmd: python src/fit.py
    ///     inputs: {loans: {from: data.loans}}
    ///     outputs: {model: {path: work/model.onnx}}
    /// ---
    /// kind: test
    /// mlSpecVersion: 0.1.0
    /// id: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test
    /// model: credit-default
    /// dataset: loans-2026@1.0.0
    /// performedOn: 2026-08-24T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.72}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// data: {loans: loans-2025@1.0.0, holdback: loans-2026@1.0.0}
    /// steps:
    ///   fit:
    ///     cmd: python src/fit.py
    ///     inputs: {loans: {from: data.loans}}
    ///     outputs: {model: {path: work/model.onnx}}
    ///   test:
    ///     cmd: python src/test.py
    ///     inputs: {model: {from: fit.model}, loans: {from: data.holdback}}
    /// ---
    /// kind: test
    /// mlSpecVersion: 0.1.0
    /// id: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test
    /// model: credit-default
    /// dataset: loans-2026@1.0.0
    /// performedOn: 2026-08-24T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.72}
    /// ```
    pub HOLDBACK_IN_TRAINING = {
        id: "pipeline/holdback-in-training",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 9: the test is performed on a “hold back data set”",
        kinds: [Pipeline],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let (Some(Document::Pipeline(pipeline)), Some(graph)) = (cx.typed(), cx.graph()) else { return };
    let datasets: FxHashMap<NodeId, (&Reference, Option<DocId>)> = workspace
        .references()
        .filter(|(reference, _)| reference.role == ReferenceRole::PipelineData)
        .map(|(reference, resolution)| match resolution {
            Resolution::Found(found) => (reference.node, (reference, Some(*found))),
            _ => (reference.node, (reference, None)),
        })
        .collect();
    let held_back: FxHashMap<NodeId, HeldBack<'_>> = graph
        .data()
        .filter_map(|(_, data)| {
            let named = datasets.get(&data.node);
            let own = workspace.data_named(workspace.id, data.node, named.and_then(|(_, found)| *found))?;
            let reference = named.map(|(reference, _)| *reference);
            Some((data.node, tested_on(workspace, &own, reference).or_else(|| source_of(workspace, reference?))?))
        })
        .collect();
    if held_back.is_empty() {
        return;
    }
    let steps: Vec<&Step> = written_steps(pipeline).collect();
    let data: Vec<NodeId> = graph.data().map(|(_, data)| data.node).collect();
    let through = derived(graph, &steps, |vertex| {
        let node = data.get(vertex.0 as usize)?;
        held_back.get(node).filter(|data| !data.is_divided).map(|_| *node)
    });
    for edge in graph.edges().iter().filter(|edge| edge.kind == EdgeKind::Data) {
        let (node, by) = match edge.from {
            Vertex::Data(vertex) => (data.get(vertex.0 as usize), None),
            Vertex::Step(step) => (through.get(&step), Some(step)),
        };
        let Some((node, own)) = node.and_then(|node| Some((node, held_back.get(node)?))) else { continue };
        let HeldBack { member, node: used, what, why, .. } = own;
        let step = graph.step(edge.to);
        if steps.get(edge.to.0 as usize).is_some_and(|own| trains(step.name, own)) && !cx.is_faulty(edge.node) {
            let name = step_name(graph, edge.to);
            let made = by.map_or_else(String::new, |by| format!("what {} made of ", step_name(graph, by)));
            let message = format!("the step {name} trains on {made}{}, {what}", cx.shown(*node));
            let finding = cx.at_value(&HOLDBACK_IN_TRAINING, edge.node, message);
            let finding = finding.related(cx.tree.span(cx.tree.resolve(*node)), "the data");
            let finding = workspace.relate(finding, member, Some(*used), *why);
            out.push(finding.help("train on other data, or test on data that is held back"));
        }
    }
}

/// The maximum number of uses of the same data that are checked.
const MOST_LOOKED_AT: usize = 200;

/// Returns a test that was performed on some data, and the node that says so.
fn tested_on<'a>(workspace: &Linked<'a>, own: &DataUse<'_>, reference: Option<&Reference>) -> Option<HeldBack<'a>> {
    let same = |reference| workspace.meaning_the_same(workspace.id, reference, ReferenceRole::MeasuredData, Kind::Test);
    let by_name = reference.into_iter().flat_map(same).map(|(id, reference)| (id, reference.node));
    let by_digest = own.digest.as_deref().into_iter().flat_map(|digest| workspace.with_digest(digest));
    let by_place = own.place.as_deref().into_iter().flat_map(|place| workspace.with_place(place));
    let uses = by_name.take(MOST_LOOKED_AT);
    let uses = uses.chain(by_digest.take(MOST_LOOKED_AT).chain(by_place.take(MOST_LOOKED_AT)));
    uses.filter_map(|(id, node)| Some((id, node, workspace.member(id).filter(|member| member.kind == Kind::Test)?)))
        .find(|(id, node, _)| workspace.data_at(*id, *node).is_some_and(|data| own.is_same(&data)))
        .map(|(_, node, member)| HeldBack {
            member,
            node,
            what: "the data of a test",
            why: "the test was performed on it",
            is_divided: false,
        })
}

/// Returns a split of some data that holds a part of it back.
fn source_of<'a>(workspace: &Linked<'a>, reference: &Reference) -> Option<HeldBack<'a>> {
    let Divided { split, node, .. } = divided(workspace, reference, SplitPart::is_last)?;
    Some(HeldBack {
        member: split,
        node,
        what: "the source of a split that holds data back",
        why: "the split divides it",
        is_divided: true,
    })
}

/// Data that no step may train on, and why.
struct HeldBack<'a> {
    member: &'a Member,
    node: NodeId,
    what: &'static str,
    why: &'static str,
    /// Whether a part of it may be trained on: a step may divide it again.
    is_divided: bool,
}

/// Returns the steps that read nothing but data that is held back, or what such steps made of it, and the data. What measures is no
/// preparation, and what a step reads beside it may be what it passes on.
fn derived(
    graph: &Graph<'_>,
    steps: &[&Step],
    held_back: impl Fn(DataId) -> Option<NodeId>,
) -> FxHashMap<StepId, NodeId> {
    let passes_on = |step: StepId| steps.get(step.0 as usize).is_some_and(|own| !measures(graph.step(step).name, own));
    let mut others: FxHashMap<StepId, usize> = FxHashMap::default();
    let mut next: FxHashMap<StepId, Vec<StepId>> = FxHashMap::default();
    let mut open: Vec<(StepId, NodeId)> = Vec::new();
    for edge in graph.edges().iter().filter(|edge| edge.kind == EdgeKind::Data) {
        *others.entry(edge.to).or_default() += 1;
        match edge.from {
            Vertex::Data(data) => open.extend(held_back(data).map(|node| (edge.to, node))),
            Vertex::Step(step) => next.entry(step).or_default().push(edge.to),
        }
    }
    let read: FxHashSet<NodeId> =
        graph.edges().iter().filter(|edge| edge.written == Written::Path).map(|edge| edge.node).collect();
    // Code that a step depends on is no data.
    let is_code = |path: &str| path.rsplit_once('.').is_some_and(|(_, end)| CODE.contains(&end));
    for path in graph.reads().iter().filter(|path| !read.contains(&path.node) && !is_code(path.text)) {
        *others.entry(path.step).or_default() += 1;
    }
    let mut derived = FxHashMap::default();
    while let Some((step, node)) = open.pop() {
        let Some(left) = others.get_mut(&step) else { continue };
        *left = left.saturating_sub(1);
        if *left == 0 && passes_on(step) && derived.insert(step, node).is_none() {
            open.extend(next.get(&step).into_iter().flatten().map(|next| (*next, node)));
        }
    }
    derived
}

/// How the names of files with code or settings end.
const CODE: &[&str] = &["cfg", "ipynb", "jl", "json", "py", "r", "R", "scala", "sh", "sql", "toml", "yaml", "yml"];

const TRAINS: &[&str] =
    &["train", "training", "trainer", "retrain", "fit", "fitting", "finetune", "finetuning", "tune", "tuning"];
const MEASURES: &[&str] = &[
    "eval",
    "evaluate",
    "evaluation",
    "holdback",
    "holdout",
    "measure",
    "predict",
    "report",
    "score",
    "scoring",
    "test",
    "testing",
    "val",
    "validate",
    "validation",
];

/// Returns the texts that tell what a step does: its name, that of its module, and its command.
fn telling<'a>(name: &'a str, step: &'a Step) -> [&'a str; 3] {
    let module = step.module_name.get().map_or("", |module| module.split('@').next().unwrap_or(""));
    [name, module, step.cmd.get().map_or("", |command| command)]
}

fn has(text: &str, words: &[&str]) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| words.iter().any(|own| word.eq_ignore_ascii_case(own)))
}

/// Whether any name of a step is that of a measurement.
fn measures(name: &str, step: &Step) -> bool {
    telling(name, step).into_iter().any(|text| has(text, MEASURES))
}

/// Whether a step trains, according to its name or that of its module, or else its command.
fn trains(name: &str, step: &Step) -> bool {
    for text in telling(name, step) {
        match (has(text, TRAINS), has(text, MEASURES)) {
            (true, false) => return true,
            (_, true) => return false,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[track_caller]
    fn assert_trains(step: &str, expected: bool) {
        let text = format!(
            "kind: pipeline\nmlSpecVersion: 0.1.0\nname: a\ndata: [h@1.0.0]\nsteps:\n{step}\
             ---\nkind: test\nmlSpecVersion: 0.1.0\nid: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51\nname: t\nmodel: m\n\
             dataset: H@1.0.0\nperformedOn: 2026-08-24T04:00:00Z\nmetrics: [{{key: recall, value: 0.5}}]\n"
        );
        let found = found(&text);
        let own = found.iter().any(|(rule, ..)| *rule == "pipeline/holdback-in-training");
        assert_eq!(own, expected, "{step}{found:#?}");
    }

    #[test]
    fn the_source_of_a_split_is_not_trained_on() {
        let split = include_str!("../bases/credit-split.yml");
        for (data, step, is_found) in [
            ("loan-applications@3.0.0", "fit", true),
            ("loan-applications@3.0.0", "split", false),
            ("credit-train@1.2.0", "fit", false),
        ] {
            let text = format!(
                "kind: pipeline\nmlSpecVersion: 0.1.0\nname: a\ndata: {{x: {data}}}\nsteps:\n  {step}: {{cmd: a, inputs: {{x: {{from: data.x}}}}}}\n\
                 ---\n{split}"
            );
            let found = found(&text);
            let own = found.iter().any(|(rule, ..)| *rule == super::HOLDBACK_IN_TRAINING.id);
            assert_eq!(own, is_found, "{text}{found:#?}");
        }
    }

    #[test]
    fn what_steps_made_of_held_back_data_is_held_back() {
        let prepare = "  prepare:\n    cmd: python prepare.py\n    inputs: {x: {from: data.h}}\n    outputs: {y: {path: y.csv}}\n";
        let fit = |from: &str| format!("  fit: {{cmd: a, inputs: {{x: {{from: {from}}}}}}}\n");
        let more = "  scale: {cmd: b, inputs: {x: {from: prepare.y}}, outputs: {z: {path: z.csv}}}\n";
        assert_trains(&format!("{prepare}{}", fit("prepare.y")), true);
        assert_trains(&format!("{prepare}{more}{}", fit("scale.z")), true);
        let by_paths = "  prepare: {cmd: a, inputs: {x: {from: data.h}}, deps: [{path: a.py}], outs: [{path: y.csv}]}\n  fit: {cmd: a, deps: [{path: y.csv}]}\n";
        assert_trains(by_paths, true);
        // Something else may be what it passes on.
        assert_trains(&by_paths.replace("a.py", "a.csv"), false);
        let both = prepare.replace("{x: {from: data.h}}", "{x: {from: data.h}, z: {from: other.z}}");
        let other = "  other: {cmd: c, outputs: {z: {path: o.csv}}}\n";
        assert_trains(&format!("{other}{both}{}", fit("prepare.y")), false);
        // A measurement is none of the examples.
        let measured = prepare.replace("prepare", "evaluate");
        assert_trains(&format!("{measured}{}", fit("evaluate.y")), false);
        assert_trains(&format!("{prepare}  fit: {{cmd: a, after: [prepare]}}\n"), false);
    }

    #[test]
    fn what_trains_is_told_by_its_names() {
        let input = "inputs: {x: {from: data.h}}";
        assert_trains(&format!("  fit: {{cmd: python a.py, {input}}}\n"), true);
        assert_trains(&format!("  a: {{cmd: python src/train.py, {input}}}\n"), true);
        assert_trains(&format!("  a: {{moduleName: fit-model@1.0.0, {input}}}\n"), true);
        assert_trains(&format!("  outer: {{steps: {{fine_tune: {{cmd: a, {input}}}}}}}\n"), true);
        assert_trains(&format!("  test-fit: {{cmd: python train.py, {input}}}\n"), false);
        assert_trains(&format!("  score: {{cmd: python train.py, {input}}}\n"), false);
        assert_trains(&format!("  a: {{cmd: python outfit.py, {input}}}\n"), false);
    }
}
