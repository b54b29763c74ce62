//! Values of cells: which type a text stands for, as Table Schema defines types and their texts.

use jiff::civil::{Date, DateTime, Time};
use jiff::{Span, Timestamp};

use super::read::{CellForm, TableCell};
use crate::documents::data_schema::ValueType;

/// What a value is, by its own form.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CellValue<'a> {
    /// There is none.
    Missing,
    /// A whole number, as a double; beyond 2^53 the nearest.
    Integer(f64),
    /// A number with a fraction or an exponent. It is finite.
    Number(f64),
    /// What a double cannot hold, or says of infinity: infinite.
    Infinite,
    /// What says that it is not a number.
    Nan,
    /// `true` or `false`, in any of the spellings that [`boolean`] reads except those of numbers.
    Boolean(bool),
    /// A day.
    Date(&'a str),
    /// A day and a time.
    Datetime(&'a str),
    /// Any other text.
    Text(&'a str),
    /// A list, as JSON.
    List(&'a str),
    /// An object, as JSON.
    Object(&'a str),
}

impl<'a> CellValue<'a> {
    /// Reads a cell. `missing` are the texts that stand for a missing value.
    #[must_use]
    pub fn of(cell: &TableCell<'a>, missing: &[String]) -> Self {
        let text = cell.value;
        match cell.form {
            CellForm::Null => Self::Missing,
            CellForm::Boolean => Self::Boolean(text == "true"),
            CellForm::List => Self::List(text),
            CellForm::Object => Self::Object(text),
            // `1.0` is a whole number of JSON (JSON Schema, "integer").
            CellForm::Number => match number(text) {
                Self::Number(value) if value.fract() == 0.0 => Self::Integer(value),
                value => value,
            },
            CellForm::Text if missing.iter().any(|own| own == text) => Self::Missing,
            CellForm::Text => Self::of_text(text),
        }
    }

    /// Reads a text. Spaces around a number do not count.
    #[must_use]
    pub fn of_text(text: &'a str) -> Self {
        let own = text.trim_matches([' ', '\t']);
        match own.as_bytes().first() {
            Some(b'0'..=b'9' | b'+' | b'-' | b'.') => match number(own) {
                Self::Text(_) => timely(text),
                value => value,
            },
            Some(b't' | b'f' | b'T' | b'F' | b'y' | b'n' | b'Y' | b'N' | b'i' | b'I') => {
                match own.to_ascii_lowercase().as_str() {
                    "true" | "yes" => Self::Boolean(true),
                    "false" | "no" => Self::Boolean(false),
                    "nan" => Self::Nan,
                    "inf" | "infinity" => Self::Infinite,
                    _ => Self::Text(text),
                }
            }
            _ => Self::Text(text),
        }
    }

    /// Returns the number, if it is a finite one.
    #[must_use]
    pub fn as_number(self) -> Option<f64> {
        match self {
            Self::Integer(value) | Self::Number(value) => Some(value),
            _ => None,
        }
    }
}

/// Reads a number: digits, with a sign, a fraction and an exponent as they may be.
fn number(text: &str) -> CellValue<'_> {
    let is_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
    if !text.bytes().all(|byte| is_number(&byte)) || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return match text.trim_start_matches(['+', '-']).to_ascii_lowercase().as_str() {
            "inf" | "infinity" => CellValue::Infinite,
            "nan" => CellValue::Nan,
            _ => CellValue::Text(text),
        };
    }
    match text.parse::<f64>() {
        Ok(value) if !value.is_finite() => CellValue::Infinite,
        Ok(value) if text.trim_start_matches(['+', '-']).bytes().all(|byte| byte.is_ascii_digit()) => {
            CellValue::Integer(value)
        }
        Ok(value) => CellValue::Number(value),
        Err(_) => CellValue::Text(text),
    }
}

/// Reads a day, or a day and a time.
fn timely(text: &str) -> CellValue<'_> {
    let is_day = |bytes: &[u8]| matches!(bytes, [_, _, _, _, b'-', _, _, b'-', _, _, ..]);
    if !is_day(text.as_bytes()) {
        return CellValue::Text(text);
    }
    if is_date(text) {
        return CellValue::Date(text);
    }
    if is_datetime(text) { CellValue::Datetime(text) } else { CellValue::Text(text) }
}

/// Returns whether a text is a day: `2026-08-22`.
#[must_use]
pub fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<Date>().is_ok()
}

/// Returns whether a text is a day and a time, with `T` or a space between them, and an offset or none: RFC 3339 and ISO 8601.
#[must_use]
pub fn is_datetime(text: &str) -> bool {
    text.len() > 10 && (text.parse::<Timestamp>().is_ok() || text.parse::<DateTime>().is_ok())
}

/// Reads a truth value: `true`, `false`, `yes`, `no` in any case, or `1` and `0`.
#[must_use]
pub fn boolean(text: &str) -> Option<bool> {
    match text.trim_matches([' ', '\t']).to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

/// Returns whether a value is of a type. `format` is that of its field: a date may be written as it says, in the way of `strptime`.
#[must_use]
pub fn is_of_type(value: CellValue<'_>, cell: &TableCell<'_>, wanted: ValueType, format: Option<&str>) -> bool {
    let text = cell.value;
    let pattern = format.filter(|format| format.contains('%'));
    let is_text = cell.form == CellForm::Text;
    match wanted {
        ValueType::Any => true,
        // In CSV, `00123` and `true` may be texts.
        ValueType::String => is_text,
        ValueType::Number => {
            matches!(value, CellValue::Integer(_) | CellValue::Number(_) | CellValue::Nan | CellValue::Infinite)
        }
        ValueType::Integer => matches!(value, CellValue::Integer(_)),
        ValueType::Boolean => cell.form == CellForm::Boolean || (is_text && boolean(text).is_some()),
        ValueType::Date => match pattern {
            Some(pattern) => Date::strptime(pattern, text).is_ok(),
            None => is_date(text),
        },
        ValueType::Datetime => match pattern {
            Some(pattern) => DateTime::strptime(pattern, text).is_ok() || Timestamp::strptime(pattern, text).is_ok(),
            None => is_datetime(text),
        },
        ValueType::Time => match pattern {
            Some(pattern) => Time::strptime(pattern, text).is_ok(),
            None => is_text && text.parse::<Time>().is_ok(),
        },
        ValueType::Duration => is_text && text.starts_with(['P', '-', '+']) && text.parse::<Span>().is_ok(),
        ValueType::List => cell.form == CellForm::List || (is_text && is_json(text, b'[')),
        ValueType::Object => cell.form == CellForm::Object || (is_text && is_json(text, b'{')),
    }
}

fn is_json(text: &str, first: u8) -> bool {
    text.trim_start().as_bytes().first() == Some(&first) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// Returns the name of a type, as schemas spell it.
#[must_use]
pub fn type_name(value_type: ValueType) -> &'static str {
    match value_type {
        ValueType::String => "string",
        ValueType::Number => "number",
        ValueType::Integer => "integer",
        ValueType::Boolean => "boolean",
        ValueType::Date => "date",
        ValueType::Datetime => "datetime",
        ValueType::Time => "time",
        ValueType::Duration => "duration",
        ValueType::List => "list",
        ValueType::Object => "object",
        ValueType::Any => "any",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stand_for_what_they_say() {
        for (text, value) in [
            ("42", CellValue::Integer(42.0)),
            (" -7 ", CellValue::Integer(-7.0)),
            ("1.5e3", CellValue::Number(1500.0)),
            ("1e999", CellValue::Infinite),
            ("-inf", CellValue::Infinite),
            ("NaN", CellValue::Nan),
            ("TRUE", CellValue::Boolean(true)),
            ("no", CellValue::Boolean(false)),
            ("none", CellValue::Text("none")),
            ("2026-08-22", CellValue::Date("2026-08-22")),
            ("2026-02-30", CellValue::Text("2026-02-30")),
            ("2026-08-22T09:30:00Z", CellValue::Datetime("2026-08-22T09:30:00Z")),
            ("2026-08-22 09:30:00", CellValue::Datetime("2026-08-22 09:30:00")),
            ("1-2", CellValue::Text("1-2")),
            ("+", CellValue::Text("+")),
            ("1,5", CellValue::Text("1,5")),
            ("0x1F", CellValue::Text("0x1F")),
            ("", CellValue::Text("")),
        ] {
            assert_eq!(CellValue::of_text(text), value, "{text}");
        }
    }
}
