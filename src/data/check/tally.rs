//! What was found in the rows: exact counts, and the first places of each.

use rustc_hash::FxHashMap;

use crate::data::read::TablePlace;
use crate::diagnostics::KeptPlaces;
use crate::rules::Rule;

/// A place where something was found.
#[derive(Clone, Debug)]
pub(super) struct Sighting {
    pub row: u64,
    pub place: TablePlace,
    /// What is wrong there.
    pub said: String,
    /// Whether the text of the place may not be shown.
    pub is_secret: bool,
}

/// All that one rule has found in one field.
#[derive(Debug)]
pub(super) struct Group {
    pub rule: &'static Rule,
    /// The column; `None` for the row as a whole.
    pub column: Option<usize>,
    pub count: u64,
    pub sightings: Vec<Sighting>,
}

/// Counts what is found.
#[derive(Debug, Default)]
pub(super) struct Tally {
    groups: Vec<Group>,
    /// The group of a rule, a column and a variant.
    known: FxHashMap<(&'static str, Option<usize>, usize), usize>,
    places: KeptPlaces,
}

impl Tally {
    /// Counts something that a rule has found. `sighting` is only asked for one of the first places. `variant` tells apart what one rule says
    /// in different ways.
    pub fn add(
        &mut self,
        rule: &'static Rule,
        column: Option<usize>,
        variant: usize,
        sighting: impl FnOnce() -> Sighting,
    ) {
        let key = (rule.meta.id, column, variant);
        let groups = &mut self.groups;
        let index = *self.known.entry(key).or_insert_with(|| {
            groups.push(Group { rule, column, count: 0, sightings: Vec::new() });
            groups.len() - 1
        });
        let Some(group) = groups.get_mut(index) else { return };
        group.count += 1;
        if self.places.takes(&[index], 0) {
            group.sightings.push(sighting());
        }
    }

    /// Returns how often a rule has found something in a column.
    pub fn count(&self, rule: &'static Rule, column: usize) -> u64 {
        let own = |group: &&Group| group.rule == rule && group.column == Some(column);
        self.groups.iter().filter(own).map(|group| group.count).sum()
    }

    /// Removes what a rule has found in a column, and returns it.
    pub fn take(&mut self, rule: &'static Rule, column: usize) -> Vec<Group> {
        let is_own = |group: &Group| group.rule == rule && group.column == Some(column);
        let (own, others) = std::mem::take(&mut self.groups).into_iter().partition(is_own);
        self.groups = others;
        self.known.clear();
        own
    }

    /// Returns what was found, in the order of the file.
    pub fn finish(self) -> Vec<Group> {
        self.groups
    }
}
