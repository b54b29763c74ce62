//! A line as the JSON of an inference record.

use std::ops::Range;

use super::LineFormat;
use super::conversion::{FieldForm, LastTime, TimeForm, essence, push_string, write};
use super::line_field::LineField;
use super::split::LineMismatch;
use crate::text::Span;

/// A line, written as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrittenLine {
    /// The record, on one line.
    pub json: String,
    /// For each field, where its key and value stand in the JSON, and where its value in the line.
    pub fields: Vec<(Span, Span)>,
    /// Whether its format carries the id of the request, so that it can be compared with others.
    pub has_request: bool,
    /// Whether its format carries the time of the request.
    pub has_time: bool,
}

impl WrittenLine {
    /// Whether it has a time that was understood.
    pub(super) fn has_converted_time(&self) -> bool {
        const KEY: &str = "\"requestTimestamp\":\"";
        let time = self.json.find(KEY).and_then(|at| self.json.get(at + KEY.len()..));
        time.is_some_and(|time| time.as_bytes().get(4) == Some(&b'-'))
    }
}

/// Writes lines as JSON, and uses its memory again.
#[derive(Debug, Default)]
pub struct JsonWriter {
    written: WrittenLine,
    values: Vec<Range<usize>>,
    last_time: LastTime,
}

/// What stands for a text that no line of a format carries: that is told once, of the format, and not of each line. It is nothing that a rule
/// has anything to say about, and no other record is compared with it.
const STAND_IN: &str = "not-in-this-format";

/// Likewise of a time.
const STAND_IN_TIME: &str = "2000-01-01T00:00:00Z";

impl JsonWriter {
    /// Writes a line, without its break, as JSON.
    ///
    /// # Errors
    /// If the line does not follow the format.
    pub fn write(&mut self, format: &LineFormat, line: &str) -> Result<&WrittenLine, LineMismatch> {
        format.split(line, &mut self.values)?;
        let WrittenLine { json, fields, has_request, has_time } = &mut self.written;
        *has_request = format.carries(LineField::RequestId);
        *has_time = format.carries(LineField::RequestTimestamp);
        json.clear();
        fields.clear();
        let is_newer = format.carried.iter().any(|(field, _)| field.is_newer());
        json.push_str(if is_newer { "{\"mlSpecVersion\":\"0.2.0\"" } else { "{\"mlSpecVersion\":\"0.1.0\"" });
        json.push_str(",\"kind\":\"inference-log\"");
        let mut section = None;
        for field in LineField::ALL {
            let carried = format.carried.iter().find(|(own, _)| *own == field);
            let Some((_, candidates)) = carried else {
                if LineField::DEMANDED.contains(&field) {
                    let text = if field == LineField::RequestTimestamp { STAND_IN_TIME } else { STAND_IN };
                    begin(field, &mut section, json);
                    push_string(text, json);
                }
                continue;
            };
            let text = |value: usize| {
                let range = self.values.get(value).cloned().unwrap_or_default();
                Some((range.clone(), line.get(range)?))
            };
            // Of several values, the first that says anything.
            let mut given = candidates.iter().filter_map(|(value, form)| Some((text(*value)?, form)));
            let is_given = |((_, text), _): &((Range<usize>, &str), &FieldForm)| *text != "-";
            let Some(((range, value), form)) = given.clone().find(is_given) else {
                if let Some(((range, _), _)) = given.next().filter(|_| field.identifies()) {
                    let start = begin(field, &mut section, json);
                    json.push_str("null");
                    fields.push((Span::from_usize(start, json.len()), Span::from_usize(range.start, range.end)));
                }
                continue;
            };
            let start = begin(field, &mut section, json);
            let essence = essence(form, value);
            let mut place = range.start + essence.start..range.start + essence.end;
            let time = match form {
                FieldForm::Time(TimeForm::DateAndTime { time }) => text(*time),
                _ => None,
            };
            if let Some((own, _)) = &time {
                place = place.start.min(own.start)..place.end.max(own.end);
            }
            let value = format.escapes.undone(value.get(essence).unwrap_or(value));
            write(form, &value, time.map(|(_, text)| text), &mut self.last_time, json);
            fields.push((Span::from_usize(start, json.len()), Span::from_usize(place.start, place.end)));
        }
        json.push_str(if section.is_some() { "}}" } else { "}" });
        Ok(&self.written)
    }
}

/// Begins a field, and its section if it is the first one there. Returns where its key begins.
fn begin(field: LineField, section: &mut Option<&'static str>, json: &mut String) -> usize {
    let (own, key) = field.path();
    if *section != own && section.is_some() {
        json.push('}');
    }
    if *section != own
        && let Some(own) = own
    {
        json.push_str(",\"");
        json.push_str(own);
        json.push_str("\":{");
    } else {
        json.push(',');
    }
    *section = own;
    let start = json.len();
    json.push('"');
    json.push_str(key);
    json.push_str("\":");
    start
}
