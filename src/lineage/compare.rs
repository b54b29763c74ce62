//! Runs side by side.

use indexmap::{IndexMap, IndexSet};

use super::describe::{spoken, spoken_field, spoken_value};
use super::fields::items;
use super::values::metric_name;
use super::{Lineage, Relation, ThingId, day_of};
use crate::workspace::{DocumentFacts, field};

/// Some runs, and what they have in common.
#[derive(Clone, Debug)]
pub struct RunComparison {
    /// The runs: name and file.
    pub runs: Vec<(String, String)>,
    /// The rows, section by section.
    pub rows: Vec<ComparisonRow>,
}

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// The run itself.
    Run,
    /// Settings.
    Hyperparameters,
    /// Data that was read.
    Data,
    /// What was measured.
    Metrics,
}

impl Section {
    /// Returns its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Hyperparameters => "hyperparameters",
            Self::Data => "data",
            Self::Metrics => "metrics",
        }
    }
}

/// A value of each run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparisonRow {
    /// The section that it belongs to.
    pub section: Section,
    /// What the values are of.
    pub name: String,
    /// The value of each run, in the order of the runs; `None` if it has none.
    pub values: Vec<Option<String>>,
}

impl ComparisonRow {
    /// Returns whether the runs differ. A value that one run lacks is a difference.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.values.windows(2).any(|pair| pair.first() != pair.last())
    }
}

/// What each run says, by section and name.
type Values = IndexMap<(Section, String), Vec<IndexSet<String>>>;

/// The most values of one name that are shown of a run.
const MOST_VALUES: usize = 20;

/// Returns what a run says in one text. What it says several times is shown several times, and the same only once.
fn joined(said: &IndexSet<String>) -> Option<String> {
    let mut shown: Vec<&str> = said.iter().take(MOST_VALUES).map(String::as_str).collect();
    let more = said.len() - shown.len();
    let more = format!("and {more} more");
    if said.len() > shown.len() {
        shown.push(&more);
    }
    (!shown.is_empty()).then(|| shown.join("; "))
}

impl Lineage<'_> {
    /// Compares runs.
    #[must_use]
    pub fn compare(&self, runs: &[ThingId]) -> RunComparison {
        let mut values = Values::new();
        for (column, run) in runs.iter().enumerate() {
            let mut add = |section: Section, name: String, value: Option<String>| {
                let Some(value) = value else { return };
                let row = values.entry((section, name)).or_insert_with(|| vec![IndexSet::new(); runs.len()]);
                if let Some(said) = row.get_mut(column) {
                    said.insert(value);
                }
            };
            self.add_run(*run, &mut add);
        }
        let mut rows: Vec<ComparisonRow> = values
            .into_iter()
            .map(|((section, name), said)| ComparisonRow { section, name, values: said.iter().map(joined).collect() })
            .collect();
        rows.sort_by_key(|row| row.section);
        let named = |run: &ThingId| (self.label(*run), self.path(*run).unwrap_or_default().to_owned());
        RunComparison { runs: runs.iter().map(named).collect(), rows }
    }

    fn add_run(&self, run: ThingId, add: &mut dyn FnMut(Section, String, Option<String>)) {
        for member in self.members(run) {
            let (tree, root) = (&member.tree, member.root);
            add(Section::Run, "status".to_owned(), spoken_field(tree, root, "status"));
            add(Section::Run, "date".to_owned(), day_of(member).map(|day| day.to_string()));
            let commit = tree.find(root, &["code"]).and_then(|code| spoken_field(tree, code, "commit"));
            add(Section::Run, "commit".to_owned(), commit);
            for item in items(tree, root, "hyperparameters") {
                let name = spoken_field(tree, item, "key").unwrap_or_else(|| "without a key".to_owned());
                let value = field(tree, item, "value").map(|value| spoken_value(tree, value));
                add(Section::Hyperparameters, name, value);
            }
            for item in items(tree, root, "datasets") {
                self.add_data_of(member, item, add);
            }
            add_measured(member, add);
        }
        let performed = self.out_of(run).filter(|edge| edge.relation == Relation::Performed);
        for member in performed.flat_map(|edge| self.members(edge.to)) {
            add_measured(member, add);
        }
    }

    fn add_data_of(
        &self,
        member: &DocumentFacts,
        item: crate::yaml::NodeId,
        add: &mut dyn FnMut(Section, String, Option<String>),
    ) {
        let tree = &member.tree;
        let named = spoken_field(tree, item, "role").or_else(|| spoken_field(tree, item, "key"));
        let name = named.unwrap_or_else(|| "without a role".to_owned());
        let place = || {
            let node = field(tree, item, "path")?;
            super::place::place(self.workspace(), tree, node).map(|place| spoken(&place))
        };
        let value = spoken_field(tree, item, "dataset").or_else(place);
        let digest = format!("{name} digest");
        add(Section::Data, name, value);
        add(Section::Data, digest, spoken_field(tree, item, "digest"));
    }
}

fn add_measured(member: &DocumentFacts, add: &mut dyn FnMut(Section, String, Option<String>)) {
    let tree = &member.tree;
    for item in items(tree, member.root, "metrics") {
        let value = field(tree, item, "value").map(|value| spoken_value(tree, value));
        let value = match spoken_field(tree, item, "count") {
            Some(count) => value.map(|value| format!("{value} (n = {count})")),
            None => value,
        };
        add(Section::Metrics, metric_name(member, item), value);
    }
}
