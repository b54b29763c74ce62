//! The values that documents give: hyperparameters, metrics, the version of the framework.

use rustc_hash::FxHashSet;

use super::describe::{spoken, spoken_field, spoken_value};
use super::fields::{items, text_of};
use super::questions::Answers;
use super::walk::Direction;
use super::{Lineage, Relation, Thing, ThingId};
use crate::documents::Kind;
use crate::workspace::{DocumentFacts, field};
use crate::yaml::NodeId;

impl Lineage<'_> {
    pub(super) fn hyperparameters(&self, subject: ThingId) -> Answers {
        let mut answers = Answers::default();
        let runs = self.runs_of(subject);
        for run in &runs {
            for member in self.members(*run) {
                for item in items(&member.tree, member.root, "hyperparameters") {
                    let name = spoken_field(&member.tree, item, "key").unwrap_or_else(|| "without a key".to_owned());
                    let value = field(&member.tree, item, "value").map(|value| spoken_value(&member.tree, value));
                    answers.add(name, value, self.because_of(*run, "of"), member.file());
                }
            }
        }
        for member in self.members(subject).filter(|member| member.kind == Kind::Model) {
            let Some(params) = member.tree.find(member.root, &["train", "training_params"]) else { continue };
            let maps = std::iter::once(params).chain(member.tree.items(params).iter().copied());
            for entry in maps.flat_map(|map| member.tree.entries(map)) {
                let name = spoken(member.tree.key_name(entry.key));
                let value = Some(spoken_value(&member.tree, entry.value));
                answers.add(name, value, self.because_of(subject, "of"), member.file());
            }
        }
        answers.or_else(|| match runs.first() {
            None => self.no_run(subject),
            Some(run) => format!("{} names no hyperparameters", self.title(*run)),
        })
    }

    pub(super) fn metrics(&self, subject: ThingId) -> Answers {
        let mut answers = Answers::default();
        // Of an artifact, also what was measured of the model that it is.
        let measured = [Relation::Measured, Relation::Performed, Relation::Version, Relation::Stored, Relation::Same];
        let later = self.walk_through(&[subject], Direction::Later, |edge| measured.contains(&edge.relation));
        let own = self.runs_of(subject).into_iter().chain(later.iter().map(|visit| visit.thing));
        let mut seen: FxHashSet<ThingId> = FxHashSet::default();
        for thing in own.filter(|thing| seen.insert(*thing)) {
            for member in self.members(thing) {
                self.add_metrics(&mut answers, thing, member);
            }
        }
        answers.or_else(|| format!("nothing that was measured of {} is documented", self.title(subject)))
    }

    fn add_metrics(&self, answers: &mut Answers, thing: ThingId, member: &DocumentFacts) {
        let is_measured = matches!(member.kind, Kind::Run | Kind::PipelineRun | Kind::Evaluation | Kind::Test);
        for item in items(&member.tree, member.root, "metrics").into_iter().filter(|_| is_measured) {
            let name = metric_name(member, item);
            let value = field(&member.tree, item, "value").map(|value| spoken_value(&member.tree, value));
            answers.add(name, value, self.because_of(thing, "measured by"), member.file());
        }
    }

    pub(super) fn framework(&self, subject: ThingId) -> Answers {
        let mut answers = Answers::default();
        let same = [Relation::Stored, Relation::Same, Relation::Version];
        let of_file = self.walk_through(&[subject], Direction::Later, |edge| same.contains(&edge.relation));
        // The documents of a model are those of its other versions, too.
        let is_other = |thing: &ThingId| {
            matches!(self.thing(subject), Some(Thing::Version { .. }))
                && matches!(self.thing(*thing), Some(Thing::Model { .. }))
        };
        let all = of_file.iter().map(|visit| visit.thing).filter(|thing| !is_other(thing)).chain(self.runs_of(subject));
        let mut seen: FxHashSet<ThingId> = FxHashSet::default();
        for thing in all.filter(|thing| seen.insert(*thing)) {
            let of_it = if thing == subject { self.describing(thing) } else { self.members(thing).collect() };
            for member in of_it {
                let paths: [&[&str]; 3] = [&["framework"], &["environment", "framework"], &["custom", "framework"]];
                for node in paths.into_iter().filter_map(|path| member.tree.find(member.root, path)) {
                    let name = spoken_field(&member.tree, node, "name");
                    let Some(name) = name.or_else(|| text_of(&member.tree, node).map(spoken)) else { continue };
                    let version = spoken_field(&member.tree, node, "version");
                    if version.is_none() {
                        answers.unknown.push(format!("{} does not say which version of {name}", self.title(thing)));
                    }
                    answers.add(name, version, self.because_of(thing, "named by"), member.file());
                }
            }
        }
        answers.or_else(|| format!("no document names the framework of {}", self.title(subject)))
    }
}

/// Returns the name of a metric with its data and slice: `recall on holdback [age_group=over-60]`.
pub(super) fn metric_name(member: &DocumentFacts, item: NodeId) -> String {
    let tree = &member.tree;
    let mut name = spoken_field(tree, item, "key").unwrap_or_else(|| "without a key".to_owned());
    let dataset = spoken_field(tree, item, "dataset").or_else(|| spoken_field(tree, member.root, "dataset"));
    if let Some(dataset) = dataset {
        name += &format!(" on {dataset}");
    }
    if let Some(slice) = field(tree, item, "slice") {
        let entries = tree.entries(slice);
        let mut parts: Vec<String> = entries
            .map(|entry| format!("{}={}", spoken(tree.key_name(entry.key)), spoken_value(tree, entry.value)))
            .collect();
        parts.sort_unstable();
        if !parts.is_empty() {
            name += &format!(" [{}]", parts.join(", "));
        }
    }
    if let Some(step) = spoken_field(tree, item, "step") {
        name += &format!(" at step {step}");
    }
    name
}
