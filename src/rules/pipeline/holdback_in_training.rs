//! `pipeline/holdback-in-training`

use crate::documents::roles::ReferenceRole;
use rustc_hash::FxHashMap;

use crate::documents::pipeline::Step;
use crate::documents::{Document, Kind};
use crate::graph::{Vertex, written_steps};
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
    /// split contains the set that was held back. The rule checks data that enters a step that trains, according to the name of the step, its module or its command: `train`, `fit`, `tune` and
    /// the like.
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
    for edge in graph.edges() {
        let Vertex::Data(vertex) = edge.from else { continue };
        let Some(node) = data.get(vertex.0 as usize) else { continue };
        let Some(HeldBack { member, node: used, what, why }) = held_back.get(node) else { continue };
        let step = graph.step(edge.to);
        if steps.get(edge.to.0 as usize).is_some_and(|own| trains(step.name, own)) && !cx.is_faulty(edge.node) {
            let name = step_name(graph, edge.to);
            let message = format!("the step {name} trains on {}, {what}", cx.shown(*node));
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
    })
}

/// Data that no step may train on, and why.
struct HeldBack<'a> {
    member: &'a Member,
    node: NodeId,
    what: &'static str,
    why: &'static str,
}

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

/// Whether a step trains, according to its name or that of its module, or else its command.
fn trains(name: &str, step: &Step) -> bool {
    let module = step.module_name.get().map_or("", |module| module.split('@').next().unwrap_or(""));
    let command = step.cmd.get().map_or("", |command| command);
    let has = |text: &str, words: &[&str]| {
        text.split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| words.iter().any(|own| word.eq_ignore_ascii_case(own)))
    };
    for text in [name, module, command] {
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
