//! Values that may occur once, and do not. Exact for any number of rows: digests are sorted, outside of memory if need be.

use std::io;

use super::report::FieldFinding;
use super::schema::PreparedSchema;
use crate::data::overlap::canonical;
use crate::data::read::{Row, TableCell, TablePlace};
use crate::data::sorted::{NewSpill, SortedEntry, Sorter};
use crate::data::value::CellValue;
use crate::diagnostics::FIRST_PLACES;
use crate::rules::data;
use crate::secrets::shortened;

/// The greatest number of characters of a name in a message.
const LONGEST: usize = 60;

/// One or more fields that together may occur once.
struct UniqueKey<'a> {
    fields: Vec<String>,
    /// The columns of the fields, as far as they were seen.
    columns: Vec<Option<usize>>,
    is_primary: bool,
    sorter: Sorter<'a>,
    /// The values of the current row.
    current: Vec<Option<String>>,
    place: Option<(u64, u32)>,
}

/// The keys of a schema.
pub(super) struct Uniqueness<'a> {
    keys: Vec<UniqueKey<'a>>,
    columns: usize,
}

impl<'a> Uniqueness<'a> {
    pub fn new(schema: Option<&PreparedSchema>, new_spill: NewSpill<'a>) -> Self {
        let key = |fields: Vec<String>, is_primary| UniqueKey {
            columns: vec![None; fields.len()],
            current: vec![None; fields.len()],
            fields,
            is_primary,
            sorter: Sorter::new(new_spill),
            place: None,
        };
        let mut keys = Vec::new();
        if let Some(schema) = schema {
            keys.extend(
                schema.fields.iter().filter(|field| field.unique).map(|field| key(vec![field.name.clone()], false)),
            );
            let is_known = keys.iter().any(|own: &UniqueKey<'_>| own.fields == schema.primary_key);
            if !schema.primary_key.is_empty() && !is_known {
                keys.push(key(schema.primary_key.clone(), true));
            }
        }
        Self { keys, columns: 0 }
    }

    pub fn see_column(&mut self, name: &str) {
        for key in &mut self.keys {
            for (field, column) in key.fields.iter().zip(&mut key.columns) {
                if field == name {
                    *column = Some(self.columns);
                }
            }
        }
        self.columns += 1;
    }

    pub fn begin_row(&mut self) {
        for key in &mut self.keys {
            key.current.iter_mut().for_each(|value| *value = None);
            key.place = None;
        }
    }

    pub fn see(&mut self, cell: &TableCell<'_>, value: CellValue<'_>, row: Row<'_>) {
        if value == CellValue::Missing {
            return;
        }
        for key in &mut self.keys {
            for (column, current) in key.columns.iter().zip(&mut key.current) {
                if *column == Some(cell.column) {
                    // Numbers are equal however they are written.
                    let text = canonical(cell);
                    *current = Some(text);
                    if key.place.is_none() {
                        let place = row.place(cell.raw);
                        key.place = Some((place.line, u32::try_from(place.column).unwrap_or(u32::MAX)));
                    }
                }
            }
        }
    }

    pub fn end_row(&mut self, row: Row<'_>) -> io::Result<()> {
        for key in &mut self.keys {
            // Rows without a value are not alike, but those of a primary key must have one.
            let Some((line, column)) = key.place else { continue };
            if key.columns.iter().any(Option::is_none) || (!key.is_primary && key.current.iter().any(Option::is_none)) {
                continue;
            }
            let key_of = SortedEntry::key_of(key.current.iter().map(Option::as_deref));
            key.sorter.push(SortedEntry { key: key_of, table: 0, column, row: row.number, line })?;
        }
        Ok(())
    }

    pub fn finish(self, columns: &[String], found: &mut Vec<FieldFinding>) -> io::Result<()> {
        for key in self.keys {
            let (mut values, mut rows) = (0_u64, 0_u64);
            // The repeated values whose first rows come first.
            let mut first: Vec<Vec<SortedEntry>> = Vec::new();
            key.sorter.finish()?.groups(FIRST_PLACES, |group, count| {
                if count < 2 {
                    return;
                }
                values += 1;
                rows += count;
                let at = |group: &[SortedEntry]| group.first().map_or(u64::MAX, |entry| entry.row);
                let position = first.partition_point(|own| at(own) < at(group));
                if position < FIRST_PLACES {
                    first.insert(position, group.to_vec());
                    first.truncate(FIRST_PLACES);
                }
            })?;
            let Some([one, other]) = first.first().and_then(|group| group.get(..2)) else { continue };
            let names: Vec<_> = key.fields.iter().map(|name| format!("'{}'", shortened(name, LONGEST))).collect();
            let names = names.join(" and ");
            let what = match values {
                1 => format!("a value of {names} occurs {rows} times"),
                _ => format!("{values} values of {names} occur more than once, in {rows} rows"),
            };
            let said = format!("{what}; first in rows {} and {}", one.row, other.row);
            let place = |entry: &SortedEntry| TablePlace {
                line: entry.line,
                column: u64::from(entry.column),
                offset: 0,
                text: String::new(),
            };
            let column = key.fields.first().filter(|name| columns.contains(name)).map_or("", String::as_str);
            let mut finding = FieldFinding::new(&data::not_unique::NOT_UNIQUE, column, place(other), said);
            let again =
                first.iter().flat_map(|group| group.iter().enumerate()).filter(|(_, entry)| entry.row != other.row);
            finding.related = again
                .take(FIRST_PLACES - 1)
                .map(|(number, entry)| {
                    let said = if number == 0 { "the value stands here, too" } else { "and here" };
                    (place(entry), format!("{said} (row {})", entry.row))
                })
                .collect();
            found.push(finding);
        }
        Ok(())
    }
}
