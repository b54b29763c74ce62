//! Fields as a whole: what their statistics show.

use super::ReferenceData;
use std::collections::BTreeMap;

use super::cell::wants_number;
use super::report::{FieldFinding, percent, share_of};
use super::schema::{PreparedField, PreparedSchema};
use super::tally::Tally;
use crate::data::read::TablePlace;
use crate::data::statistics::{FieldStatistics, TableStatistics};
use crate::diagnostics::FIRST_PLACES;
use crate::documents::data_schema::Classification;
use crate::rules::{Rule, data};
use crate::secrets::shortened;
use crate::text::thousands;

/// The greatest number of characters of a name in a message.
const LONGEST: usize = 60;
/// Fewer rows do not show that a field is constant, or always missing.
const FEWEST_ROWS: u64 = 20;
/// A stand-in for a missing value occurs in at least this share of the rows.
const SENTINEL_SHARE: f64 = 0.01;
/// So do values about persons that a name does not tell.
const PERSONAL_SHARE: f64 = 0.01;
/// Numbers that often stand for a missing value.
const SENTINELS: &[f64] =
    &[-9.0, -99.0, -999.0, -9999.0, -99999.0, -999_999.0, 99.0, 999.0, 9999.0, 99999.0, 999_999.0, -1.0];
/// Days that often do.
const SENTINEL_DAYS: &[&str] = &["1970-01-01", "1900-01-01", "9999-12-31", "0001-01-01"];

/// The fields of a table.
pub(super) struct Columns<'a> {
    pub statistics: &'a TableStatistics,
    pub schema: Option<&'a PreparedSchema>,
    pub references: &'a [ReferenceData],
    /// The fields of the schema by column.
    pub fields: &'a [Option<usize>],
    pub places: &'a [TablePlace],
}

/// A field with its statistics.
#[derive(Clone, Copy)]
struct Column<'a> {
    name: &'a str,
    own: &'a FieldStatistics,
    field: Option<&'a PreparedField>,
    place: &'a TablePlace,
    rows: u64,
}

impl Columns<'_> {
    pub fn check(&self, tally: &mut Tally, found: &mut Vec<FieldFinding>) {
        let rows = self.statistics.rows;
        self.count_rows(rows, found);
        self.limits(found);
        let fields = self.statistics.fields.iter().zip(self.places).enumerate();
        for (index, ((name, own), place)) in fields {
            let field = self.fields.get(index).copied().flatten();
            let field = field.and_then(|field| self.schema?.fields.get(field));
            let column = Column { name, own, field, place, rows };
            column.presence(found);
            column.domain(index, tally, found);
            column.same_everywhere(found);
            column.sentinel(found);
            column.formats(found);
            column.personal(found);
            for reference in self.references {
                super::super::drift::check_field(name, own, field, reference, |rule, said| {
                    found.push(column.finding(rule, said));
                });
            }
        }
    }

    /// Reports limits of distances that there is nothing to compare for.
    fn limits(&self, found: &mut Vec<FieldFinding>) {
        let Some(schema) = self.schema else { return };
        let limits = |of: fn(&PreparedField) -> &Vec<(&'static str, f64)>| {
            schema
                .fields
                .iter()
                .filter(|field| !of(field).is_empty())
                .map(|field| field.name.as_str())
                .collect::<Vec<_>>()
        };
        let wanted = [
            ("drift", limits(|field| &field.drift), true, "a profile of the data that the schema was made for"),
            ("skew", limits(|field| &field.skew), false, "a profile of another environment than that of --environment"),
        ];
        for (what, names, is_same, needed) in wanted {
            let is_there = self.references.iter().any(|own| own.is_same_environment == is_same);
            let Some(first) = names.first().filter(|_| !is_there) else { continue };
            let others = if names.len() > 1 { format!(" and {} more", names.len() - 1) } else { String::new() };
            let said = format!(
                "the schema limits the {what} of '{}'{others}, and there is nothing to compare with: {needed}",
                shortened(first, LONGEST)
            );
            let at = self.statistics.fields.get_index_of(*first).and_then(|index| self.places.get(index));
            let place = at.cloned().unwrap_or_else(beginning);
            let help = "write one with `mlspec-lint profile`, and name it with --reference";
            found.push(FieldFinding::new(&data::not_compared::NOT_COMPARED, first, place, said).help(help));
        }
    }

    fn count_rows(&self, rows: u64, found: &mut Vec<FieldFinding>) {
        let Some(schema) = self.schema else { return };
        let (least, most) = schema.rows;
        if rows == 0 && least.is_none() {
            let place = self.places.first().cloned().unwrap_or_else(beginning);
            let help = "get the data; if there may be none, the schema says so by `rows: {minimum: 0}`";
            let said = "there is no row, so that nothing is checked".to_owned();
            found.push(FieldFinding::new(&data::row_count::ROW_COUNT, "", place, said).help(help));
        }
        let bound = least.filter(|least| rows < *least).map(|least| ("at least", least));
        let bound = bound.or_else(|| most.filter(|most| rows > *most).map(|most| ("at most", most)));
        if let Some((word, bound)) = bound {
            let place = self.places.first().cloned().unwrap_or_else(beginning);
            let said = format!("the data has {} rows; {word} {} are expected", thousands(rows), thousands(bound));
            found.push(FieldFinding::new(&data::row_count::ROW_COUNT, "", place, said));
        }
    }
}

impl Column<'_> {
    fn finding(&self, rule: &'static Rule, said: String) -> FieldFinding {
        FieldFinding::new(rule, self.name, self.place.clone(), said)
    }

    fn shown(&self) -> String {
        format!("'{}'", shortened(self.name, LONGEST))
    }

    /// The number of rows with a value.
    fn present(&self) -> u64 {
        self.own.forms.total()
    }

    fn presence(&self, found: &mut Vec<FieldFinding>) {
        let Some(least) = self.field.and_then(|field| field.presence).filter(|_| self.rows > 0) else { return };
        let share = self.present() as f64 / self.rows as f64;
        if share < least {
            let said = format!(
                "{} is missing in {}; at most {} % may lack it",
                self.shown(),
                share_of(self.own.missing, self.rows),
                in_percent(1.0 - least)
            );
            found.push(self.finding(&data::too_often_missing::TOO_OFTEN_MISSING, said));
        }
    }

    /// Where some values may be outside of the categories, the single ones are no findings.
    fn domain(&self, index: usize, tally: &mut Tally, found: &mut Vec<FieldFinding>) {
        let Some(least) = self.field.and_then(|field| field.domain) else { return };
        let rule = &data::not_in_domain::NOT_IN_DOMAIN;
        let outside = tally.count(rule, index);
        let groups = tally.take(rule, index);
        let present = self.present();
        if present == 0 || (present - outside.min(present)) as f64 / present as f64 >= least {
            return;
        }
        let said = format!(
            "{} of the values of {} are none of the categories; at most {} % may be",
            percent(outside, present),
            self.shown(),
            in_percent(1.0 - least)
        );
        let mut finding = self.finding(&data::domain_exceeded::DOMAIN_EXCEEDED, said);
        let sightings = groups.into_iter().flat_map(|group| group.sightings).take(FIRST_PLACES);
        finding.related = sightings.map(|own| (own.place, format!("{} (row {})", own.said, own.row))).collect();
        found.push(finding);
    }

    fn same_everywhere(&self, found: &mut Vec<FieldFinding>) {
        if self.rows < FEWEST_ROWS {
            return;
        }
        if self.present() == 0 {
            let said = format!("{} has no value in any of {} rows", self.shown(), thousands(self.rows));
            found.push(self.finding(&data::all_missing::ALL_MISSING, said));
        } else if self.own.values.distinct() == (1, 0.0) && self.own.missing == 0 {
            let said = format!("{} has the same value in all {} rows", self.shown(), thousands(self.rows));
            found.push(
                self.finding(&data::constant::CONSTANT, said)
                    .help("find out what has fixed it, or leave the field out"),
            );
        }
    }

    fn sentinel(&self, found: &mut Vec<FieldFinding>) {
        if self.own.is_personal || self.rows < FEWEST_ROWS {
            return;
        }
        let (count, value) = match self.sentinel_number().or_else(|| self.sentinel_day()) {
            Some(sentinel) => sentinel,
            None => return,
        };
        let said = format!(
            "{} of {} is {value}, far from all other values: it may stand for a missing one",
            percent(count, self.present()),
            self.shown()
        );
        found.push(
            self.finding(&data::sentinel::SENTINEL, said)
                .help("name it in 'missingValues', or allow it with 'categories'"),
        );
    }

    /// A number at the end of the range, apart from all others.
    fn sentinel_number(&self) -> Option<(u64, String)> {
        use crate::data::statistics::cells::{cell_of, middle_of};
        let (low, high) = self.own.range?;
        if self.field.is_some_and(|field| field.categories.is_some() || !wants_number(field.value_type)) {
            return None;
        }
        let cells = self.own.cells.sorted();
        let isolated = |value: &f64| {
            let own = cell_of(*value);
            let count = cells.get(&own).copied().unwrap_or(0);
            let others: Vec<i32> = cells.keys().copied().filter(|cell| *cell != own).collect();
            let (first, last) = (middle_of(*others.first()?, false), middle_of(*others.last()?, false));
            let near = if *value > last { value - last } else { first - value };
            let is_apart = near > 0.5 * (last - first) && near > 1.0;
            let is_frequent = count as f64 >= SENTINEL_SHARE * self.present() as f64;
            (others.len() > 2 && is_apart && is_frequent).then(|| (count, value.to_string()))
        };
        SENTINELS.iter().filter(|value| **value == low || **value == high).find_map(isolated)
    }

    fn sentinel_day(&self) -> Option<(u64, String)> {
        let values = self.own.values.by_count()?;
        let days = self.own.forms.date + self.own.forms.datetime;
        if days == 0 || values.len() < 3 {
            return None;
        }
        let is_frequent = |count: u64| count as f64 >= SENTINEL_SHARE * self.present() as f64;
        let found = values.iter().find(|(value, count)| {
            SENTINEL_DAYS.iter().any(|day| value.starts_with(day)) && is_frequent(*count) && *count > 1
        });
        found.map(|(value, count)| (*count, (*value).to_owned()))
    }

    fn formats(&self, found: &mut Vec<FieldFinding>) {
        let Some(shapes) = self.own.shapes.by_count() else { return };
        let mut days: BTreeMap<String, u64> = BTreeMap::new();
        for (shape, count) in &shapes {
            let Some(form) = day_form(shape) else { return };
            *days.entry(form).or_default() += count;
        }
        if days.len() > 1 {
            let mut forms: Vec<(u64, String)> = days.into_iter().map(|(form, count)| (count, form)).collect();
            forms.sort_by(|a, b| b.cmp(a));
            let shown: Vec<String> =
                forms.iter().take(3).map(|(count, form)| format!("{form} ({})", thousands(*count))).collect();
            let said = format!("{} writes days in {} ways: {}", self.shown(), forms.len(), shown.join(", "));
            found.push(self.finding(&data::mixed_formats::MIXED_FORMATS, said));
        }
    }

    fn personal(&self, found: &mut Vec<FieldFinding>) {
        let is_known = self.field.is_some_and(|field| field.is_personal) || self.own.is_personal;
        let addresses = self.own.addresses;
        if is_known || addresses == 0 || (addresses as f64) < PERSONAL_SHARE * self.present() as f64 {
            return;
        }
        let said = format!(
            "{} holds addresses of e-mail in {} of its values",
            self.shown(),
            percent(addresses, self.present())
        );
        let help = format!(
            "say 'classification: {}' in the schema, or leave the field out",
            name_of(Classification::Personal)
        );
        found.push(self.finding(&data::looks_personal::LOOKS_PERSONAL, said).help(help));
    }
}

fn beginning() -> TablePlace {
    TablePlace { line: 1, column: 1, offset: 0, text: String::new() }
}

/// Returns a share in percent, without zeros at its end.
fn in_percent(share: f64) -> String {
    let text = format!("{:.4}", share * 100.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn name_of(own: Classification) -> &'static str {
    match own {
        Classification::Public => "public",
        Classification::Internal => "internal",
        Classification::Personal => "personal",
        Classification::Sensitive => "sensitive",
    }
}

/// Returns the form of a day that texts of a shape have, such as `9999-9-9`; a digit or two make no difference. `None` if they are no days: three
/// groups of digits, of which one has four.
fn day_form(shape: &str) -> Option<String> {
    let day = shape.split([' ', 'T', 'A']).next().unwrap_or(shape);
    let separator = day.chars().find(|c| *c != '9').filter(|c| matches!(c, '-' | '/' | '.'))?;
    let groups: Vec<&str> = day.split(separator).collect();
    let is_group = |group: &&str| matches!(group.len(), 1 | 2 | 4) && group.bytes().all(|byte| byte == b'9');
    let is_day = groups.len() == 3 && groups.iter().all(is_group);
    let years = groups.iter().filter(|group| group.len() == 4).count();
    let short = |group: &&str| if group.len() == 4 { "9999" } else { "9" };
    let form: Vec<&str> = groups.iter().map(short).collect();
    (is_day && years == 1).then(|| form.join(&separator.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_forms_and_other_texts_none() {
        for (shape, form) in [
            ("9999-99-99", Some("9999-9-9")),
            ("9/99/9999", Some("9/9/9999")),
            ("99.99.9999 99:99", Some("9.9.9999")),
            ("9999-99-99T99:99:99A", Some("9999-9-9")),
            ("99-99-99", None),
            ("9999-9999-99", None),
            ("aaa", None),
            ("", None),
        ] {
            assert_eq!(day_form(shape).as_deref(), form, "{shape}");
        }
    }
}
