//! What was found, as findings with places in an excerpt of the file.

use std::collections::BTreeMap;

use crate::data::personal::is_personal_value;
use crate::data::read::TablePlace;
use crate::data::statistics::TableStatistics;
use crate::diagnostics::{Finding, Part, Place};
use crate::rules::Rule;
use crate::secrets::shortened;
use crate::text::{Origin, Source, Span, thousands};
use crate::yaml::pointer;

use super::tally::{Group, MOST_PLACES};

/// The result of checking a table.
#[derive(Debug)]
pub struct DataReport {
    /// The places of the findings, and what stands there: the file itself may be larger than memory.
    pub source: Source,
    /// The findings, in the order of the file.
    pub findings: Vec<Finding>,
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
    let all = statistics.rows + unread;
    let mut excerpt = Excerpt::default();
    for group in &groups {
        group.sightings.iter().for_each(|own| excerpt.add(&own.place, own.is_secret));
    }
    for own in &found {
        excerpt.add(&own.place, false);
        own.related.iter().for_each(|(place, _)| excerpt.add(place, false));
    }
    let written = excerpt.write(name);
    let mut findings = Vec::new();
    for group in groups {
        findings.extend(of_group(group, &columns, all, &written));
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
    DataReport { source: written.source, findings, secrets: written.secrets, statistics, unread }
}

fn of_group(group: Group, columns: &[String], rows: u64, written: &WrittenExcerpt) -> Option<Finding> {
    let field = group.column.and_then(|column| columns.get(column)).map_or("", String::as_str);
    let mut sightings = group.sightings.into_iter();
    let first = sightings.next()?;
    let shown = shortened(field, LONGEST);
    let message = match (first.row, group.count, field) {
        // The header has no row.
        (0, ..) => first.said,
        (row, 1, "") => format!("{} (row {row})", first.said),
        (row, 1, _) => format!("{} ('{shown}', row {row})", first.said),
        (row, count, "") => format!("{} (row {row}); {} are like it", first.said, share_of(count, rows)),
        (row, count, _) => format!("{} ('{shown}', row {row}); {} are like it", first.said, share_of(count, rows)),
    };
    let mut finding = written.finding(group.rule, field, &first.place, message);
    for own in sightings {
        finding = finding.related(written.span(&own.place), format!("{} (row {})", own.said, own.row));
    }
    if group.count > MOST_PLACES as u64 {
        finding =
            finding.help(format!("there are {} such places, of which the first are listed", thousands(group.count)));
    }
    Some(finding)
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
    /// What stands at each place, and whether it may not be shown.
    places: BTreeMap<(u64, u64), (u64, String, bool)>,
}

impl Excerpt {
    fn add(&mut self, place: &TablePlace, is_secret: bool) {
        let own = self.places.entry((place.line, place.column)).or_default();
        if own.1.is_empty() {
            (own.0, own.1) = (place.offset, place.text.clone());
        }
        own.2 |= is_secret || is_personal_value(&place.text) || !crate::secrets::find(&place.text).is_empty();
    }

    fn write(self, name: &str) -> WrittenExcerpt {
        let narrow = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let mut spans = BTreeMap::new();
        let mut secrets = Vec::new();
        let mut lines = Vec::new();
        let mut at = 0;
        for ((line, column), (offset, text, is_secret)) in self.places {
            let text = text.split(['\n', '\r']).next().unwrap_or("").to_owned();
            let span = Span::from_usize(at, at + text.len());
            at += text.len() + 1;
            spans.insert((line, column), span);
            if is_secret && !span.is_empty() {
                secrets.push(span);
            }
            lines.push((Origin { line: narrow(line), column: narrow(column), offset }, text));
        }
        WrittenExcerpt { source: Source::excerpt(name, lines), spans, secrets }
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
        let pointer = if field.is_empty() { String::new() } else { format!("/{}", pointer::escape(field)) };
        let place = Place { document: 0, pointer, part: Part::Value, span: self.span(place) };
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
