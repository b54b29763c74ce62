//! What was measured: the newest evaluations and tests of some objectives or of a model, and the metrics that are logged at all.

use std::collections::hash_map::Entry;

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::document::field;
use super::index::{MemberId, Target, Workspace, target};
use crate::documents::Kind;
use crate::yaml::NodeId;

/// The newest evaluations and tests, by what they belong to: the objectives that they name, else their model. Several where they are
/// equally new.
pub(super) type Newest<'a> = FxHashMap<(Target<'a>, Kind), (Option<Timestamp>, Vec<MemberId>)>;

/// The metrics that runs, evaluations and tests log.
#[derive(Debug, Default)]
pub struct Logged<'a> {
    /// By name, where the metric is logged first.
    pub by_name: FxHashMap<&'a str, (MemberId, NodeId)>,
    /// Names by themselves without case and separators.
    pub by_letters: FxHashMap<String, &'a str>,
}

/// A name without case and separators: `val/F1-Score` is `valf1score`.
#[must_use]
pub fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl<'a> Workspace<'a> {
    /// The metrics that runs, evaluations and tests log.
    pub fn logged(&self) -> &Logged<'a> {
        self.logged.get_or_init(|| {
            let mut logged = Logged::default();
            for kind in [Kind::Evaluation, Kind::Test, Kind::Run, Kind::PipelineRun] {
                for id in self.of_kind(kind) {
                    let Some(member) = self.member(*id) else { continue };
                    let metrics = field(&member.tree, member.root, "metrics");
                    for metric in metrics.map_or(&[][..], |metrics| member.tree.items(metrics)) {
                        let key = field(&member.tree, *metric, "key");
                        let Some((name, node)) = key.and_then(|key| Some((member.tree.text(key)?, key))) else {
                            continue;
                        };
                        if let Entry::Vacant(entry) = logged.by_name.entry(name) {
                            entry.insert((*id, node));
                            logged.by_letters.entry(letters(name)).or_insert(name);
                        }
                    }
                }
            }
            logged
        })
    }

    /// The newest documents of a kind, an evaluation or a test, that name some objectives; where none does, the newest ones of their
    /// model that name no objectives at all. Several where they are equally new.
    pub fn newest_measured(&self, objectives: MemberId, kind: Kind) -> &[MemberId] {
        let newest = self.newest.get_or_init(|| self.index_newest());
        let found = |target: Target<'a>| newest.get(&(target, kind)).map(|(_, members)| members.as_slice());
        let of_model = || self.named(objectives, Kind::Model).and_then(found);
        found(Target::Object(objectives)).or_else(of_model).unwrap_or_default()
    }

    fn index_newest(&self) -> Newest<'a> {
        let mut newest = Newest::default();
        for kind in [Kind::Evaluation, Kind::Test] {
            for id in self.of_kind(kind) {
                let is_said = self.member(*id).is_some_and(|member| member.has("objectives"));
                let belongs_to = if is_said { Kind::Objectives } else { Kind::Model };
                let Some(target) = self.named(*id, belongs_to) else { continue };
                let date = self.member(*id).and_then(|member| member.recorded_on()?.0.parse().ok());
                let (best, members) = newest.entry((target, kind)).or_insert_with(|| (date, Vec::new()));
                if date > *best {
                    *best = date;
                    members.clear();
                }
                if date == *best {
                    members.push(*id);
                }
            }
        }
        newest
    }

    /// What a document's reference to an object of a kind means.
    fn named(&self, id: MemberId, kind: Kind) -> Option<Target<'a>> {
        let member = self.member(id)?;
        let is_meant = |targets: &[Kind]| targets.first() == Some(&kind) && targets.len() == 1;
        let mut references = self.references_of(id);
        let (reference, resolution) = references.find(|(reference, _)| is_meant(reference.field.targets))?;
        Some(target(member, reference, resolution))
    }
}
