//! The first version of a data schema, from a sample.
//!
//! A sample shows what there is, and not what there is not. What is written holds for further rows of the same source: a constraint is active only
//! if it raises a false alarm on less than one in a hundred data sets. What the sample shows and does not support is a comment, with its
//! number, for a person who knows more.

mod field;
pub mod support;

use std::fmt::Write;
use std::io::{self, Read};

use super::profile::quoted;
use super::read::{BadRow, NextRow, Table, TableFormat};
use super::statistics::TableStatistics;
use super::summary::{TableSummary, add_row, default_missing};

/// What a schema says besides what is inferred.
#[derive(Clone, Debug)]
pub struct InferHead {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The dataset that it describes, if there is one.
    pub dataset: Option<String>,
}

/// An inferred schema.
#[derive(Debug)]
pub struct Inferred {
    /// The document, as YAML.
    pub text: String,
    /// The rows that it was inferred from.
    pub rows: u64,
    /// The rows among them that could not be read, and the first of them.
    pub unread: u64,
    /// The first row that could not be read.
    pub first_unread: Option<BadRow>,
}

/// What may stand for a missing number where nobody says so: what R and pandas write.
const MARKERS: &[&str] = &["NA", "NaN", "N/A", "NULL", "null", "None", "nan", "?", "-"];
/// Those that a sample need not show.
const USUAL_MARKERS: usize = 2;

/// Infers the schema of a table from its first rows, or from all.
///
/// # Errors
/// If the input cannot be read.
pub fn infer<R: Read>(format: TableFormat, input: R, limit: Option<u64>, head: &InferHead) -> io::Result<Inferred> {
    let mut table = Table::new(format, input);
    let default = default_missing(&table);
    let is_keyed = table.is_keyed();
    let mut missing = default.clone();
    missing.extend(MARKERS.iter().map(|marker| (*marker).to_owned()));
    // With markers taken for missing values, and without: which of them are some is known at the end.
    let (mut with, mut without) = (TableSummary::default(), TableSummary::default());
    let (mut unread, mut first_unread) = (0, None);
    while limit.is_none_or(|limit| with.rows() + unread < limit) {
        match table.next_row()? {
            NextRow::Row(row) => {
                add_row(&mut with, row, &missing);
                add_row(&mut without, row, &default);
            }
            NextRow::Bad(bad) => {
                unread += 1;
                first_unread.get_or_insert(bad);
            }
            NextRow::End => break,
        }
    }
    let columns = table.columns().to_vec();
    let (with, without) = (with.finish(&columns), without.finish(&columns));
    let markers = markers(&with, &without);
    let rows = with.rows;
    let statistics = chosen(with, without, &markers);
    let missing: Vec<String> = default.into_iter().chain(markers).collect();
    Ok(Inferred { text: written(head, &statistics, &missing, is_keyed), rows, unread, first_unread })
}

/// Returns the markers of missing values: those that stand among numbers or days, and the usual ones, unless they are values of a field of texts.
fn markers(with: &TableStatistics, without: &TableStatistics) -> Vec<String> {
    let is_usual = |at: usize| at < USUAL_MARKERS;
    let stands_in = |marker: &str, wanted: bool| {
        with.fields.iter().zip(&without.fields).any(|((_, with), (_, without))| {
            let is_other = with.forms.total() > 0 && with.forms.string == 0;
            let values = without.values.by_count().unwrap_or_default();
            is_other == wanted && values.iter().any(|(value, _)| *value == marker)
        })
    };
    let own = MARKERS
        .iter()
        .enumerate()
        .filter(|(at, marker)| !stands_in(marker, false) && (is_usual(*at) || stands_in(marker, true)));
    own.map(|(_, marker)| (*marker).to_owned()).collect()
}

/// Returns for each field the statistics in which the markers are missing values, if it has none but those that were chosen.
fn chosen(with: TableStatistics, without: TableStatistics, markers: &[String]) -> TableStatistics {
    let mut statistics = TableStatistics { rows: with.rows, ..TableStatistics::default() };
    for ((name, with), (_, without)) in with.fields.into_iter().zip(without.fields) {
        let values = without.values.by_count().unwrap_or_default();
        let is_other = |marker: &str| !markers.iter().any(|own| own == marker);
        let has_others = values.iter().any(|(value, _)| MARKERS.contains(value) && is_other(value));
        statistics.fields.insert(name, if has_others { without } else { with });
    }
    statistics
}

fn written(head: &InferHead, statistics: &TableStatistics, missing: &[String], is_keyed: bool) -> String {
    let rows = statistics.rows;
    let mut text = String::new();
    let mut line = |content: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{content}");
    };
    line(format!("# Inferred from {rows} rows. Correct it: what the rows do not show, nobody but you knows."));
    line("mlSpecVersion: 0.2.0".to_owned());
    line("kind: data-schema".to_owned());
    line(format!("id: {}", head.id));
    line(format!("name: {}", quoted(&head.name)));
    line("status: Active".to_owned());
    line("version: 0.1.0".to_owned());
    if let Some(dataset) = &head.dataset {
        line(format!("dataset: {}", quoted(dataset)));
    }
    if rows > 0 {
        line(format!("inferredFrom: {{numExamples: {rows}}} # add 'reviewedBy' once you have corrected it"));
    }
    if is_keyed {
        line("fieldsMatch: superset # an object may have fields that no row of the sample has".to_owned());
    }
    if !missing.is_empty() {
        let texts: Vec<String> = missing.iter().map(|text| quoted(text)).collect();
        line(format!("missingValues: [{}] # texts that stand for no value", texts.join(", ")));
    }
    line("fields:".to_owned());
    for (name, field) in &statistics.fields {
        field::write(name, field, rows, &mut line);
    }
    text
}
