//! One value against its field.

use super::schema::{NumberBounds, PreparedField};
use crate::data::read::TableCell;
use crate::data::value::{CellValue, boolean, is_of_type, type_name};
use crate::documents::data_schema::ValueType;
use crate::rules::Rule;
use crate::rules::data;
use crate::secrets;
use crate::text::{nearest, with_article};

/// The greatest number of characters of a value in a message.
const LONGEST: usize = 60;

/// What is wrong with a value.
pub(super) struct CellFault {
    pub rule: &'static Rule,
    /// What the value is, such as "9 is below the minimum 18".
    pub said: String,
}

/// Returns what is wrong with a value that may be missing; the first thing, since the others follow from it.
pub(super) fn violation(field: &PreparedField, value: CellValue<'_>, cell: &TableCell<'_>) -> Option<CellFault> {
    let of = |rule: &'static Rule, said: String| Some(CellFault { rule, said });
    let shown = || shown(cell.value, field.is_personal);
    if value == CellValue::Missing {
        return if field.required { of(&data::missing_value::MISSING_VALUE, MISSING.to_owned()) } else { None };
    }
    if field.finite && wants_number(field.value_type) && matches!(value, CellValue::Nan | CellValue::Infinite) {
        let why =
            if is_overflow(cell.value) { "too great for a double, and infinite to its readers" } else { "not finite" };
        return of(&data::not_finite::NOT_FINITE, format!("{} is {why}", shown()));
    }
    if !is_of_type(value, cell, field.value_type, field.format.as_deref()) {
        let wanted = match (field.value_type, field.format.as_deref()) {
            (ValueType::Date | ValueType::Datetime | ValueType::Time, Some(format)) if format.contains('%') => {
                format!("{} as {format} writes it", with_article(type_name(field.value_type)))
            }
            (own, _) => with_article(type_name(own)).to_string(),
        };
        return of(&data::wrong_type::WRONG_TYPE, format!("{} is not {wanted}", shown()));
    }
    let number = value.as_number();
    if let Some(number) = number.filter(|_| wants_number(field.value_type))
        && let Some(why) = out_of(field.bounds, number)
    {
        return of(&data::out_of_range::OUT_OF_RANGE, format!("{} is {why}", shown()));
    }
    if let Some(categories) = &field.categories
        && !categories.contain(
            cell.value,
            number.filter(|_| wants_number(field.value_type)),
            (field.value_type == ValueType::Boolean).then(|| boolean(cell.value)).flatten(),
        )
    {
        let mut said = format!("{} is none of the categories", shown());
        // What a value nearly is would tell it.
        let near = nearest(cell.value, categories.texts.iter().map(String::as_str)).filter(|_| !field.is_personal);
        if let Some(near) = near {
            said.push_str(&format!("; did you mean '{near}'?"));
        }
        return of(&data::not_in_domain::NOT_IN_DOMAIN, said);
    }
    if !cell.form.is_text() || field.value_type != ValueType::String {
        return None;
    }
    let length = || cell.value.chars().count() as u64;
    match field.lengths {
        (Some(least), _) if length() < least => {
            return of(&data::wrong_length::WRONG_LENGTH, format!("{} is shorter than {least} characters", shown()));
        }
        (_, Some(most)) if length() > most => {
            return of(&data::wrong_length::WRONG_LENGTH, format!("{} is longer than {most} characters", shown()));
        }
        _ => {}
    }
    if field.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(cell.value)) {
        return of(&data::pattern_mismatch::PATTERN_MISMATCH, format!("{} does not match the pattern", shown()));
    }
    let format = field.format.as_deref()?;
    let form = form_of(format, cell.value)?;
    (!form).then(|| CellFault {
        rule: &data::pattern_mismatch::PATTERN_MISMATCH,
        said: format!("{} is not of the format '{format}'", shown()),
    })
}

/// Says that a field has no value.
pub(super) const MISSING: &str = "there is no value";

/// Returns a value for a message: not at all if it is about a person.
pub(super) fn shown(value: &str, is_personal: bool) -> String {
    if is_personal || crate::data::personal::is_personal_value(value) {
        return "a value".to_owned();
    }
    format!("'{}'", secrets::shortened(value, LONGEST))
}

/// Whether values are numbers.
pub(super) fn wants_number(own: ValueType) -> bool {
    matches!(own, ValueType::Number | ValueType::Integer)
}

fn is_overflow(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

fn out_of(bounds: NumberBounds, number: f64) -> Option<String> {
    let NumberBounds { minimum, maximum, exclusive_minimum, exclusive_maximum } = bounds;
    if let Some(least) = minimum.filter(|least| number < *least) {
        return Some(format!("below the minimum {least}"));
    }
    if let Some(most) = maximum.filter(|most| number > *most) {
        return Some(format!("above the maximum {most}"));
    }
    if let Some(least) = exclusive_minimum.filter(|least| number <= *least) {
        return Some(format!("not greater than {least}"));
    }
    exclusive_maximum.filter(|most| number >= *most).map(|most| format!("not smaller than {most}"))
}

/// Returns whether a text is of a format that can be checked; `None` if the format is for people.
fn form_of(format: &str, text: &str) -> Option<bool> {
    match format {
        "uuid" => Some(is_uuid(text)),
        "email" => Some(crate::data::personal::is_personal_value(text) && !text.contains(' ')),
        "uri" | "url" => Some(text.split_once(':').is_some_and(|(scheme, rest)| {
            let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
            scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.bytes().all(is_letter)
                && !rest.is_empty()
                && !text.contains(char::is_whitespace)
        })),
        _ => None,
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
