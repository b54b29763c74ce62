//! What was found, as findings with places in an excerpt of the file.

use std::collections::BTreeMap;

use crate::data::personal::is_personal_value;
use crate::data::read::TablePlace;
use crate::data::statistics::TableStatistics;
use crate::diagnostics::{Finding, Part, Place, UnlistedFindings};
use crate::rules::Rule;
use crate::secrets::shortened;
use crate::text::{LineOrigin, Source, Span, thousands};
use crate::yaml::pointer;

use super::tally::{Group, Sighting};

/// The result of checking a table.
#[derive(Debug)]
pub struct DataReport {
    /// The places of the findings, and what stands there: the file itself may be larger than memory.
    pub source: Source,
    /// The findings that are listed, in the order of the file.
    pub findings: Vec<Finding>,
    /// Those that are only counted, since many like them are listed.
    pub unlisted: Vec<UnlistedFindings>,
    /// The parts of the source that must not be shown.
    pub secrets: Vec<Span>,
    /// The statistics of the rows that could be read.
    pub statistics: TableStatistics,
    /// The number of rows that could not be read.
    pub unread: u64,
}

/// Something that is wrong with a field as a whole.
#[derive(Debug)]
pub(super) struct FieldFinding {
    pub rule: &'static Rule,
    pub field: String,
    pub place: TablePlace,
    pub said: String,
    pub help: Option<String>,
    pub related: Vec<(TablePlace, String)>,
}

impl FieldFinding {
    pub fn new(rule: &'static Rule, field: &str, place: TablePlace, said: String) -> Self {
        Self { rule, field: field.to_owned(), place, said, help: None, related: Vec::new() }
    }

    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// What a check has gathered.
pub(super) struct Parts {
    pub groups: Vec<Group>,
    pub found: Vec<FieldFinding>,
    pub columns: Vec<String>,
    pub statistics: TableStatistics,
    pub unread: u64,
}

/// The greatest number of characters of a name in a message.
const LONGEST: usize = 60;

pub(super) fn build(name: &str, parts: Parts) -> DataReport {
    let Parts { groups, found, columns, statistics, unread } = parts;
    let mut excerpt = Excerpt::default();
    let name_of = |group: &Group| group.column.and_then(|column| columns.get(column)).map_or("", String::as_str);
    let unlisted: Vec<UnlistedFindings> = groups.iter().filter_map(|group| group.unlisted(name_of(group))).collect();
    if !unlisted.is_empty() {
        // What is not listed is said of the file.
        excerpt.add(&TablePlace { line: 1, column: 1, offset: 0, text: String::new() }, 0, false);
    }
    for group in &groups {
        group.sightings.iter().for_each(|own| excerpt.add(&own.place, own.row, own.is_secret));
    }
    for own in &found {
        excerpt.add(&own.place, 0, false);
        own.related.iter().for_each(|(place, _)| excerpt.add(place, 0, false));
    }
    let written = excerpt.write(name);
    let mut findings = Vec::new();
    for group in &groups {
        findings.extend(group.sightings.iter().map(|own| of_sighting(group, own, name_of(group), &written)));
    }
    for own in found {
        let mut finding = written.finding(own.rule, &own.field, &own.place, own.said);
        finding.help = own.help;
        for (place, said) in own.related {
            finding = finding.related(written.span(&place), said);
        }
        findings.push(finding);
    }
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    DataReport { source: written.source, findings, unlisted, secrets: written.secrets, statistics, unread }
}

fn of_sighting(group: &Group, own: &Sighting, field: &str, written: &WrittenExcerpt) -> Finding {
    let message = match (own.row, field) {
        // The header has no row.
        (0, _) => own.said.clone(),
        (row, "") => format!("{} (row {row})", own.said),
        (row, _) => format!("{} ('{}', row {row})", own.said, shortened(field, LONGEST)),
    };
    written.finding(group.rule, field, &own.place, message)
}

impl Group {
    fn unlisted(&self, field: &str) -> Option<UnlistedFindings> {
        let count = self.count.saturating_sub(self.sightings.len() as u64);
        (count > 0).then(|| UnlistedFindings { rule: &self.rule.meta, pointer: pointer_to(field), count })
    }
}

fn pointer_to(field: &str) -> String {
    if field.is_empty() { String::new() } else { format!("/{}", pointer::escape(field)) }
}

/// "41 of 30,000 rows (0.14 %)".
pub(super) fn share_of(count: u64, all: u64) -> String {
    format!("{} of {} rows ({})", thousands(count), thousands(all), percent(count, all))
}

/// Returns a share in percent, with two digits that count.
pub(super) fn percent(count: u64, all: u64) -> String {
    let share = 100.0 * count as f64 / all.max(1) as f64;
    let digits = if share >= 10.0 || share == 0.0 {
        0
    } else if share >= 0.1 {
        2
    } else {
        4
    };
    // All but one is not all.
    let share = if count < all && format!("{share:.digits$}") == "100" { 99.99 } else { share };
    let digits = if share == 99.99 { 2 } else { digits };
    format!("{share:.digits$} %")
}

/// The places that findings point at.
#[derive(Default)]
struct Excerpt {
    places: BTreeMap<(u64, u64), ExcerptPlace>,
}

/// What stands at a place, and whether it may not be shown.
#[derive(Default)]
struct ExcerptPlace {
    /// The number of the row, from 1; 0 if it is in none.
    row: u64,
    offset: u64,
    text: String,
    is_secret: bool,
}

impl Excerpt {
    fn add(&mut self, place: &TablePlace, row: u64, is_secret: bool) {
        let own = self.places.entry((place.line, place.column)).or_default();
        if own.text.is_empty() {
            (own.offset, own.text) = (place.offset, place.text.clone());
        }
        own.row = own.row.max(row);
        own.is_secret |= is_secret || is_personal_value(&place.text) || !crate::secrets::find(&place.text).is_empty();
    }

    fn write(self, name: &str) -> WrittenExcerpt {
        let narrow = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let mut spans = BTreeMap::new();
        let mut secrets = Vec::new();
        let (mut excerpt, mut origins) = (String::new(), Vec::new());
        for ((line, column), ExcerptPlace { row, offset, text, is_secret }) in self.places {
            if !origins.is_empty() {
                excerpt.push('\n');
            }
            let text = text.split(['\n', '\r']).next().unwrap_or("");
            let span = Span::from_usize(excerpt.len(), excerpt.len() + text.len());
            excerpt.push_str(text);
            spans.insert((line, column), span);
            if is_secret && !span.is_empty() {
                secrets.push(span);
            }
            origins.push(LineOrigin {
                line: line.saturating_sub(1),
                record: row.saturating_sub(1),
                offset,
                column: Some(narrow(column.saturating_sub(1))),
            });
        }
        WrittenExcerpt { source: Source::excerpt(name, excerpt, origins), spans, secrets }
    }
}

/// An excerpt, and where in it the places are.
struct WrittenExcerpt {
    source: Source,
    spans: BTreeMap<(u64, u64), Span>,
    secrets: Vec<Span>,
}

impl WrittenExcerpt {
    fn span(&self, place: &TablePlace) -> Span {
        self.spans.get(&(place.line, place.column)).copied().unwrap_or_default()
    }

    fn finding(&self, rule: &'static Rule, field: &str, place: &TablePlace, said: String) -> Finding {
        let place = Place { document: 0, pointer: pointer_to(field), part: Part::Value, span: self.span(place) };
        Finding::new(&rule.meta, place, said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_told_with_digits_that_count() {
        assert_eq!(share_of(41, 30_000), "41 of 30,000 rows (0.14 %)");
        assert_eq!(percent(1, 1_000_000), "0.0001 %");
        assert_eq!(percent(999_999, 1_000_000), "99.99 %");
        assert_eq!(percent(5, 5), "100 %");
        assert_eq!(percent(0, 0), "0 %");
    }
}
