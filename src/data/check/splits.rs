//! The sets of a split beside each other: none shares rows, identities or times with another.

use super::report::FieldFinding;
use super::schema::PreparedSchema;
use crate::data::overlap::{OverlapKey, OverlapSearch, Overlaps, TimeField};
use crate::data::read::TablePlace;
use crate::data::sorted::NewSpill;
use crate::documents::data_schema::DataFieldRole;
use crate::rules::{Rule, data};
use crate::secrets::shortened;

/// The greatest number of characters of a name in a message.
const LONGEST: usize = 60;

/// Something that is wrong with a set of a split, beside another.
#[derive(Clone, Debug)]
pub struct SplitFinding {
    /// The position of the set.
    pub table: usize,
    rule: &'static Rule,
    field: String,
    said: String,
    line: u64,
    related: Vec<(u64, String)>,
}

impl SplitFinding {
    pub(super) fn as_field(&self) -> FieldFinding {
        let place = |line: u64| TablePlace { line, column: 1, offset: 0, text: String::new() };
        let mut own = FieldFinding::new(self.rule, &self.field, place(self.line), self.said.clone());
        own.related = self.related.iter().map(|(line, said)| (place(*line), said.clone())).collect();
        own
    }
}

/// Returns the search for what sets share, by the roles of fields: whole rows without ids, each id and the primary key, and the time.
#[must_use]
pub fn split_search<'a>(schema: &PreparedSchema, new_spill: NewSpill<'a>) -> OverlapSearch<'a> {
    let time = schema.fields.iter().find(|field| field.role == Some(DataFieldRole::Timestamp));
    let time = time.map(|field| TimeField { name: field.name.clone(), format: field.format.clone() });
    OverlapSearch::new(keys(schema), time, new_spill)
}

/// Rows are compared without what identifies them: the same example under another number is the same.
fn keys(schema: &PreparedSchema) -> Vec<OverlapKey> {
    let of_role = |roles: &[DataFieldRole]| -> Vec<String> {
        let own = schema.fields.iter().filter(|field| field.role.is_some_and(|role| roles.contains(&role)));
        own.map(|field| field.name.clone()).collect()
    };
    let mut left_out = of_role(&[DataFieldRole::Id, DataFieldRole::Ignore]);
    left_out.extend(schema.primary_key.iter().cloned());
    let mut keys = vec![OverlapKey::RowsWithout(left_out)];
    let mut ids: Vec<Vec<String>> = of_role(&[DataFieldRole::Id]).into_iter().map(|name| vec![name]).collect();
    if !schema.primary_key.is_empty() && !ids.contains(&schema.primary_key) {
        ids.push(schema.primary_key.clone());
    }
    keys.extend(ids.into_iter().map(OverlapKey::Fields));
    keys
}

/// Returns what is wrong with the sets. `names` are those of the files.
#[must_use]
pub fn findings_of_splits(schema: &PreparedSchema, names: &[String], found: &Overlaps) -> Vec<SplitFinding> {
    let keys = keys(schema);
    let name = |table: usize| names.get(table).map_or("", String::as_str);
    let rows = |table: usize| found.rows.get(table).copied().unwrap_or(0);
    let mut findings = Vec::new();
    for own in &found.found {
        let (earlier, later) = own.between;
        let Some((first, second)) = own.first.first() else { continue };
        let share = super::report::share_of(own.rows, rows(later));
        let (rule, field, what): (&'static Rule, _, _) = match keys.get(own.key) {
            Some(OverlapKey::Fields(fields)) => {
                let shown: Vec<_> = fields.iter().map(|name| format!("'{}'", shortened(name, LONGEST))).collect();
                let what = if own.values == 1 { "a value" } else { &format!("{} values", own.values) };
                let field = fields.first().cloned().unwrap_or_default();
                (&data::group_overlap::GROUP_OVERLAP, field, format!("{what} of {}", shown.join(" and ")))
            }
            _ => (&data::row_overlap::ROW_OVERLAP, String::new(), "the same examples".to_owned()),
        };
        let said = format!(
            "{share} hold {what} that {} has, too; first row {}, which is row {} there",
            name(earlier),
            second.row,
            first.row
        );
        let related = own
            .first
            .iter()
            .skip(1)
            .map(|(one, other)| (other.line, format!("row {} is row {} of {}", other.row, one.row, name(earlier))));
        let related = related.collect();
        findings.push(SplitFinding { table: later, rule, field, said, line: second.line, related });
    }
    let time = schema.fields.iter().find(|field| field.role == Some(DataFieldRole::Timestamp));
    for own in &found.older {
        let field = time.map_or_else(String::new, |field| field.name.clone());
        let share = super::report::share_of(own.rows, rows(own.table));
        let said = format!(
            "{share} are older by '{}' than the newest of {}; the first is row {}",
            shortened(&field, LONGEST),
            name(0),
            own.first.0
        );
        let rule = &data::time_overlap::TIME_OVERLAP;
        findings.push(SplitFinding { table: own.table, rule, field, said, line: own.first.1, related: Vec::new() });
    }
    for own in &found.untimed {
        let field = time.map_or_else(String::new, |field| field.name.clone());
        let share = super::report::share_of(own.rows, rows(own.table));
        let said = format!(
            "{share} have a '{}' that is no time, and are not compared by it; the first is row {}",
            shortened(&field, LONGEST),
            own.first.0
        );
        let rule = &data::not_compared::NOT_COMPARED;
        findings.push(SplitFinding { table: own.table, rule, field, said, line: own.first.1, related: Vec::new() });
    }
    findings
}
