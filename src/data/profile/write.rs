//! The text of a profile, as JSON and as YAML.

use std::fmt::Write;

use serde_json::{Value as Json, to_value};

use super::{ProfileDocument, ProfileError};

/// Writes a profile as JSON.
///
/// # Errors
/// If it holds what JSON has no form for; that does not happen.
pub fn to_json(profile: &ProfileDocument) -> Result<String, ProfileError> {
    let json = value_of(profile)?;
    let text = serde_json::to_string_pretty(&json).map_err(|error| ProfileError::NotAProfile(error.to_string()))?;
    Ok(escaped(&text) + "\n")
}

/// Writes a profile as YAML, a field per line.
///
/// # Errors
/// If it holds what JSON has no form for; that does not happen.
pub fn to_yaml(profile: &ProfileDocument) -> Result<String, ProfileError> {
    let Json::Object(entries) = value_of(profile)? else {
        return Err(ProfileError::NotAProfile("it is no mapping".to_owned()));
    };
    let mut text = String::new();
    for (name, value) in &entries {
        match (name.as_str(), value) {
            ("fields", Json::Object(fields)) => {
                text.push_str("fields:\n");
                for (field, statistics) in fields {
                    // JSON is YAML, and needs no knowledge of what a plain text may be.
                    let _ = writeln!(text, "  {}: {}", quoted(field), flow(statistics));
                }
            }
            ("slices", Json::Array(slices)) => {
                text.push_str("slices:\n");
                slices.iter().for_each(|slice| write_slice(slice, &mut text));
            }
            // These are known to be plain.
            ("mlSpecVersion" | "kind" | "id" | "performedOn", Json::String(own)) => {
                let _ = writeln!(text, "{name}: {own}");
            }
            _ => {
                let _ = writeln!(text, "{name}: {}", flow(value));
            }
        }
    }
    Ok(text)
}

/// Writes a slice as an entry of a list, a field per line.
fn write_slice(slice: &Json, text: &mut String) {
    let mut start = "  - ";
    for (name, value) in slice.as_object().into_iter().flatten() {
        match (name.as_str(), value) {
            ("fields", Json::Object(fields)) => {
                let _ = writeln!(text, "{start}fields:");
                for (field, statistics) in fields {
                    let _ = writeln!(text, "      {}: {}", quoted(field), flow(statistics));
                }
            }
            _ => {
                let _ = writeln!(text, "{start}{name}: {}", flow(value));
            }
        }
        start = "    ";
    }
}

fn value_of(profile: &ProfileDocument) -> Result<Json, ProfileError> {
    to_value(profile).map_err(|error| ProfileError::NotAProfile(error.to_string()))
}

/// Writes a value on one line, in the flow style of YAML, which is JSON with spaces.
fn flow(value: &Json) -> String {
    match value {
        Json::Object(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| {
                    let is_word = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphabetic());
                    let key = if is_word { key.clone() } else { quoted(key) };
                    format!("{key}: {}", flow(value))
                })
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        Json::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Json::Number(number) => plain(&number.to_string()),
        other => escaped(&other.to_string()),
    }
}

/// Returns a number as YAML 1.1 reads it, too: with a point and a sign before an exponent.
fn plain(number: &str) -> String {
    let Some((digits, exponent)) = number.split_once('e') else { return number.to_owned() };
    let point = if digits.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['-', '+']) { "" } else { "+" };
    format!("{digits}{point}e{sign}{exponent}")
}

/// Returns a text between double quotes, as JSON and YAML read it.
#[must_use]
pub fn quoted(text: &str) -> String {
    escaped(&Json::String(text.to_owned()).to_string())
}

/// Escapes the characters that JSON allows in a text and YAML does not; they stand in texts only.
fn escaped(json: &str) -> String {
    let is_refused =
        |c: char| matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    if !json.contains(is_refused) {
        return json.to_owned();
    }
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if is_refused(c) {
            let _ = write!(text, "\\u{:04x}", u32::from(c));
        } else {
            text.push(c);
        }
    }
    text
}
