//! Runs side by side.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use indexmap::{IndexMap, IndexSet};
use serde_json::Value;

use super::describe::{spoken, spoken_field, spoken_node, spoken_value};
use super::fields::items;
use super::values::metric_name;
use super::{Lineage, Relation, ThingId, day_of};
use crate::documents::objectives::Better;
use crate::documents::{Document, Kind};
use crate::workspace::{DocumentFacts, field};
use crate::yaml::json::to_value;
use crate::yaml::{NodeId, Number, Tree};

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
    /// What each run measured, in the order of the runs; `None` if that is not one number.
    pub numbers: Vec<Option<MeasuredNumber>>,
    /// Which values are better, if objectives declare it and do not contradict each other.
    pub better: Option<Better>,
    /// What each run says in full, credentials included, whatever it looks like: only to be compared.
    contents: Vec<BTreeSet<Content>>,
}

/// A value, and what is said beside it, such as the number of examples, in a form that is equal for equal values.
type Content = (String, String);

/// A number that was measured.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MeasuredNumber {
    /// The number, as the document writes it.
    pub number: String,
    /// Its unit: of the record, or else as objectives declare it.
    pub unit: Option<String>,
}

impl ComparisonRow {
    /// Returns whether the runs differ. A value that one run lacks is a difference; another way to write the same value is none.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.contents.windows(2).any(|pair| pair.first() != pair.last())
    }

    /// Returns whether the runs differ in what is said beside the values.
    #[must_use]
    pub fn differs_beside_values(&self) -> bool {
        let beside = |own: &BTreeSet<Content>| own.iter().map(|(_, beside)| beside.clone()).collect::<BTreeSet<_>>();
        self.contents.windows(2).any(|pair| pair.first().map(beside) != pair.last().map(beside))
    }
}

/// What runs say, by section and name.
#[derive(Default)]
struct Rows {
    rows: IndexMap<(Section, String), RowValues>,
    columns: usize,
    /// The run that is being entered.
    column: usize,
}

/// What each run says in a row.
#[derive(Clone, Default)]
struct RowValues {
    said: Vec<IndexSet<String>>,
    numbers: Vec<IndexSet<MeasuredNumber>>,
    contents: Vec<BTreeSet<Content>>,
    better: Option<Better>,
}

impl Rows {
    /// Adds what stands in a field.
    fn add_field(&mut self, section: Section, name: String, tree: &Tree, node: Option<NodeId>) {
        let Some(node) = node else { return };
        let shown =
            if section == Section::Hyperparameters { Some(spoken_value(tree, node)) } else { spoken_node(tree, node) };
        self.add(section, name, shown, (content(tree, node), String::new()));
    }

    fn add(
        &mut self,
        section: Section,
        name: String,
        value: Option<String>,
        content: Content,
    ) -> Option<&mut RowValues> {
        let value = value?;
        let columns = self.columns;
        let row = self.rows.entry((section, name)).or_insert_with(|| RowValues {
            said: vec![IndexSet::new(); columns],
            numbers: vec![IndexSet::new(); columns],
            contents: vec![BTreeSet::new(); columns],
            better: None,
        });
        row.contents.get_mut(self.column)?.insert(content);
        row.said.get_mut(self.column)?.insert(value);
        Some(row)
    }

    fn add_metrics(&mut self, member: &DocumentFacts, declared: &HashMap<&str, Declared<'_>>) {
        let (tree, column) = (&member.tree, self.column);
        for item in items(tree, member.root, "metrics") {
            let Some(node) = field(tree, item, "value") else { continue };
            let number = spoken_value(tree, node);
            let key = field(tree, item, "key").and_then(|key| tree.text(key)).unwrap_or_default();
            let declared = declared.get(key).copied().unwrap_or_default();
            let unit = spoken_field(tree, item, "unit").or_else(|| declared.unit.map(spoken));
            let count = spoken_field(tree, item, "count");
            let value = count.as_ref().map_or_else(|| number.clone(), |count| format!("{number} (n = {count})"));
            let own =
                (format!("{} {}", content(tree, node), unit.as_deref().unwrap_or_default()), count.unwrap_or_default());
            let row = self.add(Section::Metrics, metric_name(member, item), Some(value), own);
            if let Some(row) = row {
                row.better = declared.better;
                let numbers = row.numbers.get_mut(column);
                numbers.into_iter().for_each(|numbers| {
                    numbers.insert(MeasuredNumber { number: number.clone(), unit: unit.clone() });
                });
            }
        }
    }
}

/// Returns a value in a form that is equal for equal values, whatever they look like.
fn content(tree: &Tree, node: NodeId) -> String {
    match tree.number(tree.resolve(node)) {
        Some(Number::Float(number)) => number.to_string(),
        Some(Number::Signed(number)) => number.to_string(),
        Some(Number::Unsigned(number)) => number.to_string(),
        // In quotes it is a text, and stays one.
        None => sorted(to_value(tree, node)).to_string(),
    }
}

/// Sorts the keys of all objects.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(entries) => {
            let entries: BTreeMap<String, Value> = entries.into_iter().map(|(key, own)| (key, sorted(own))).collect();
            Value::Object(entries.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        value => value,
    }
}

/// What objectives declare of a metric.
#[derive(Clone, Copy, Default)]
struct Declared<'a> {
    unit: Option<&'a str>,
    better: Option<Better>,
}

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

impl<'a> Lineage<'a> {
    /// Compares runs.
    #[must_use]
    pub fn compare(&self, runs: &[ThingId]) -> RunComparison {
        let declared = self.declared(runs);
        let mut rows = Rows { columns: runs.len(), ..Rows::default() };
        for (column, run) in runs.iter().enumerate() {
            rows.column = column;
            self.add_run(*run, &declared, &mut rows);
        }
        let row = |((section, name), row): ((Section, String), RowValues)| ComparisonRow {
            section,
            name,
            values: row.said.iter().map(joined).collect(),
            // Of several numbers nobody knows which one counts.
            numbers: row.numbers.iter().map(|own| own.first().filter(|_| own.len() == 1).cloned()).collect(),
            better: row.better,
            contents: row.contents,
        };
        let mut rows: Vec<ComparisonRow> = rows.rows.into_iter().map(row).collect();
        rows.sort_by_key(|row| row.section);
        let named = |run: &ThingId| (self.label(*run), self.path(*run).unwrap_or_default().to_owned());
        RunComparison { runs: runs.iter().map(named).collect(), rows }
    }

    /// Returns what objectives declare of metrics: those that judge what was measured in the runs or compare with one of them; if there are
    /// none, all of the workspace. Where two contradict each other, nobody knows.
    fn declared(&self, runs: &[ThingId]) -> HashMap<&'a str, Declared<'a>> {
        let after = |from: ThingId, relation: Relation| {
            self.out_of(from).filter(move |edge| edge.relation == relation).map(|edge| edge.to)
        };
        let judging = |run: &ThingId| {
            let measured = after(*run, Relation::Performed).flat_map(|by| after(by, Relation::Judged));
            after(*run, Relation::Baseline).chain(measured).collect::<Vec<_>>()
        };
        let own: IndexSet<ThingId> = runs.iter().flat_map(judging).collect();
        let all = || self.workspace().of_kind(Kind::Objectives).filter_map(|id| self.of_document(id)).collect();
        let own = if own.is_empty() { all() } else { own };
        let mut declared: HashMap<&str, Declared<'_>> = HashMap::new();
        for member in own.into_iter().flat_map(|objectives| self.members(objectives)) {
            let Some(Document::Objectives(objectives)) = member.typed() else { continue };
            for (name, _, metric) in objectives.metrics.get().into_iter().flat_map(|metrics| metrics.iter()) {
                let unit = metric.unit.get().map(|unit| &**unit);
                let new = Declared { unit, better: metric.better.get().copied() };
                let known = declared.entry(name).or_insert(new);
                known.unit = known.unit.filter(|known| new.unit.is_none_or(|unit| unit == *known));
                known.better = known.better.filter(|known| new.better.is_none_or(|better| better == *known));
            }
        }
        declared
    }

    fn add_run(&self, run: ThingId, declared: &HashMap<&str, Declared<'_>>, rows: &mut Rows) {
        for member in self.members(run) {
            let (tree, root) = (&member.tree, member.root);
            rows.add_field(Section::Run, "status".to_owned(), tree, field(tree, root, "status"));
            let day = day_of(member).map(|day| day.to_string());
            rows.add(Section::Run, "date".to_owned(), day.clone(), (day.unwrap_or_default(), String::new()));
            let commit = tree.find(root, &["code"]).and_then(|code| field(tree, code, "commit"));
            rows.add_field(Section::Run, "commit".to_owned(), tree, commit);
            for item in items(tree, root, "hyperparameters") {
                let name = spoken_field(tree, item, "key").unwrap_or_else(|| "without a key".to_owned());
                rows.add_field(Section::Hyperparameters, name, tree, field(tree, item, "value"));
            }
            for item in items(tree, root, "datasets") {
                self.add_data_of(member, item, rows);
            }
            rows.add_metrics(member, declared);
        }
        let performed = self.out_of(run).filter(|edge| edge.relation == Relation::Performed);
        for member in performed.flat_map(|edge| self.members(edge.to)) {
            rows.add_metrics(member, declared);
        }
    }

    fn add_data_of(&self, member: &DocumentFacts, item: NodeId, rows: &mut Rows) {
        let tree = &member.tree;
        let named = spoken_field(tree, item, "role").or_else(|| spoken_field(tree, item, "key"));
        let name = named.unwrap_or_else(|| "without a role".to_owned());
        let place = || {
            let node = field(tree, item, "path")?;
            super::place::place(self.workspace(), tree, node).map(|place| spoken(&place))
        };
        let value = spoken_field(tree, item, "dataset").or_else(place);
        let digest = format!("{name} digest");
        let own = (value.clone().unwrap_or_default().to_lowercase(), String::new());
        rows.add(Section::Data, name, value, own);
        rows.add_field(Section::Data, digest, tree, field(tree, item, "digest"));
    }
}
