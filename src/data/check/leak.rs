//! Fields that are missing exactly where the label has one of its values: what they hold was written after the label was known.

use rustc_hash::FxHashMap;

use super::report::FieldFinding;
use super::schema::PreparedField;
use crate::data::read::TablePlace;
use crate::data::value::CellValue;
use crate::documents::data_schema::DataFieldRole;
use crate::rules::data;
use crate::secrets::shortened;

/// A label with more values is no class.
const MOST_CLASSES: usize = 20;
/// The fewest rows of a class from which something is concluded.
const FEWEST_ROWS: u64 = 20;
/// The longest value of a class, in bytes.
const LONGEST_CLASS: usize = 60;

/// Counts how often each field is missing, by class.
#[derive(Debug, Default)]
pub(super) struct LabelLeak {
    label: Option<usize>,
    columns: usize,
    is_personal: bool,
    /// By class: its rows, and the missing values of each column.
    classes: FxHashMap<String, (u64, Vec<u64>)>,
    is_given_up: bool,
    current: Option<String>,
}

impl LabelLeak {
    pub fn see_column(&mut self, field: Option<&PreparedField>) {
        if let Some(field) = field.filter(|field| field.role == Some(DataFieldRole::Label))
            && self.label.is_none()
        {
            self.label = Some(self.columns);
            self.is_personal = field.is_personal;
        }
        self.columns += 1;
    }

    pub fn begin_row(&mut self) {
        self.current = None;
    }

    pub fn see(&mut self, column: usize, value: CellValue<'_>, text: &str) {
        if self.label == Some(column) && value != CellValue::Missing && !self.is_given_up {
            self.is_given_up |= text.len() > LONGEST_CLASS;
            self.current = Some(text.to_owned());
        }
    }

    pub fn end_row(&mut self, has_cell: &[bool]) {
        let Some(class) = self.current.take().filter(|_| !self.is_given_up) else { return };
        let (rows, missing) = self.classes.entry(class).or_default();
        *rows += 1;
        missing.resize(has_cell.len(), 0);
        missing.iter_mut().zip(has_cell).for_each(|(count, has_cell)| *count += u64::from(!has_cell));
        if self.classes.len() > MOST_CLASSES {
            self.is_given_up = true;
            self.classes.clear();
        }
    }

    pub fn finish(self, columns: &[String], places: &[TablePlace], found: &mut Vec<FieldFinding>) {
        let Some(label) = self.label.filter(|_| !self.is_given_up && self.classes.len() > 1) else { return };
        if self.classes.values().any(|(rows, _)| *rows < FEWEST_ROWS) {
            return;
        }
        let label_name = columns.get(label).map_or("", String::as_str);
        for (column, (name, place)) in columns.iter().zip(places).enumerate().filter(|(column, _)| *column != label) {
            let missing = |(_, counts): &(u64, Vec<u64>)| counts.get(column).copied().unwrap_or(0);
            let (without, with): (Vec<_>, Vec<_>) = self.classes.iter().partition(|(_, own)| missing(own) == own.0);
            let is_clean = with.iter().all(|(_, own)| missing(own) == 0);
            if without.is_empty() || with.is_empty() || !is_clean {
                continue;
            }
            let (name, label_name) = (shortened(name, LONGEST_CLASS), shortened(label_name, LONGEST_CLASS));
            let said = match without.as_slice() {
                [(class, _)] if !self.is_personal => {
                    format!("'{name}' is missing exactly where '{label_name}' is {}", shortened(class, LONGEST_CLASS))
                }
                _ => format!("whether '{name}' is missing tells the value of '{label_name}'"),
            };
            found.push(FieldFinding::new(&data::label_leak::LABEL_LEAK, &name, place.clone(), said));
        }
    }
}
