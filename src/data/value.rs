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
            CellForm::Text | CellForm::String if missing.iter().any(|own| own == text) => Self::Missing,
            // What JSON has no number for is written so (Protocol Buffers, "ProtoJSON format").
            CellForm::String => match text {
                "NaN" => Self::Nan,
                "Infinity" | "-Infinity" => Self::Infinite,
                _ => timely(text),
            },
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
    text.len() > 10 && iso_moment(text).is_some()
}

/// Returns a day, or a day and a time, in nanoseconds since the beginning of 1970; what has no offset is taken for UTC. `format` is that of its
/// field, in the way of `strptime`; one without `%` says nothing.
#[must_use]
pub fn moment(text: &str, format: Option<&str>) -> Option<i128> {
    let Some(format) = format.filter(|format| format.contains('%')) else {
        return iso_moment(text).or_else(|| Some(since_1970(text.parse::<Date>().ok()?.into())));
    };
    if let Ok(time) = Timestamp::strptime(format, text) {
        return Some(time.as_nanosecond());
    }
    let civil = DateTime::strptime(format, text).or_else(|_| Date::strptime(format, text).map(DateTime::from));
    civil.ok().map(since_1970)
}

fn since_1970(civil: DateTime) -> i128 {
    civil.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0)).as_nanos()
}

/// Returns a day and a time as RFC 3339 and ISO 8601 write it.
fn iso_moment(text: &str) -> Option<i128> {
    // A zone may be named behind the offset (RFC 9557).
    let (civil, offset) = without_offset(text.split_once('[').map_or(text, |(time, _)| time))?;
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time.as_nanosecond());
    }
    // The library ends a day before the year does, and reads nine digits of a second.
    let nine = civil.find('.').map_or(civil.len(), |point| civil.len().min(point + 10));
    let (kept, more) = civil.split_at_checked(nine)?;
    let is_time = more.bytes().all(|byte| byte.is_ascii_digit()) && kept.len() > 10;
    let civil = kept.parse::<DateTime>().ok().filter(|_| is_time)?;
    Some(since_1970(civil) - i128::from(offset) * 1_000_000_000)
}

/// Takes the offset from the end of a time: the text before it, and the seconds east of UTC.
fn without_offset(text: &str) -> Option<(&str, i64)> {
    if let Some(civil) = text.strip_suffix(['Z', 'z']) {
        return Some((civil, 0));
    }
    let time = text.get(10..)?;
    let Some(at) = time.find(['+', '-']) else { return Some((text, 0)) };
    let (civil, offset) = text.split_at_checked(10 + at)?;
    let (hours, minutes) = match offset.as_bytes() {
        [_, h0, h1] => ([*h0, *h1], [b'0', b'0']),
        [_, h0, h1, m0, m1] | [_, h0, h1, b':', m0, m1] => ([*h0, *h1], [*m0, *m1]),
        _ => return None,
    };
    let two = |[tens, ones]: [u8; 2]| {
        (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
    };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    let seconds = (hours * 60 + minutes) * 60;
    (hours < 24 && minutes < 60).then_some((civil, if offset.starts_with('-') { -seconds } else { seconds }))
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
    // A string of JSON is none of what JSON has a form for.
    let (is_text, may_be_any) = (cell.form.is_text(), cell.form == CellForm::Text);
    match wanted {
        ValueType::Any => true,
        // In CSV, `00123` and `true` may be texts.
        ValueType::String => is_text,
        ValueType::Number => {
            matches!(value, CellValue::Integer(_) | CellValue::Number(_) | CellValue::Nan | CellValue::Infinite)
        }
        ValueType::Integer => matches!(value, CellValue::Integer(_)),
        ValueType::Boolean => cell.form == CellForm::Boolean || (may_be_any && boolean(text).is_some()),
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
        ValueType::List => cell.form == CellForm::List || (may_be_any && is_json(text, b'[')),
        ValueType::Object => cell.form == CellForm::Object || (may_be_any && is_json(text, b'{')),
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
    fn a_string_of_json_is_no_number_and_no_truth_value() {
        let of = |form: CellForm, value: &'static str| {
            let cell = TableCell { column: 0, form, value, raw: (0, 0) };
            let is = |wanted| is_of_type(CellValue::of(&cell, &[]), &cell, wanted, None);
            [ValueType::Number, ValueType::Integer, ValueType::Boolean, ValueType::String, ValueType::Date].map(is)
        };
        assert_eq!(of(CellForm::Text, "5"), [true, true, false, true, false]);
        assert_eq!(of(CellForm::String, "5"), [false, false, false, true, false]);
        assert_eq!(of(CellForm::String, "1"), [false, false, false, true, false]);
        assert_eq!(of(CellForm::String, "true"), [false, false, false, true, false]);
        assert_eq!(of(CellForm::String, "2026-08-22"), [false, false, false, true, true]);
        assert_eq!(of(CellForm::String, "NaN"), [true, false, false, true, false]);
    }

    #[test]
    fn times_are_read_to_the_end_of_the_calendar_and_offsets_are_looked_at() {
        for (text, is_time) in [
            ("2026-08-22T09:30:00+25:00", false),
            ("2026-08-22T09:30:00+02:75", false),
            ("2026-08-22T09:30:00+2", false),
            ("2026-08-22T09:30:00-05:30", true),
            ("2026-08-22 09:30:00", true),
            ("2026-08-22T09:30:00.1234567890123Z", true),
            ("2026-08-22T09:30:00.123456789x", false),
            ("9999-12-31T23:59:59Z", true),
            ("9999-12-31T23:59:59", true),
            ("2026-08-22Z", false),
            ("2026-08-22T09:30:00+02:00[Europe/Berlin]", true),
        ] {
            assert_eq!(is_datetime(text), is_time, "{text}");
        }
        let noon = moment("2026-08-22T12:00:00Z", None);
        for same in ["2026-08-22T14:00:00+02:00", "2026-08-22 12:00:00", "2026-08-22T12:00:00.000000000000"] {
            assert_eq!(moment(same, None), noon, "{same}");
        }
        assert!(moment("9999-12-31T23:59:59Z", None) > noon && noon.is_some());
        assert_eq!(moment("22/08/2026", Some("%d/%m/%Y")), moment("2026-08-22", None));
        assert_eq!(moment("22/08/2026", None), None);
    }

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
