//! `LogFormat` of Apache httpd (`mod_log_config`, <https://httpd.apache.org/docs/2.4/mod/mod_log_config.html>).

use super::conversion::FieldForm;
use super::directive::{Directive, MICROSECONDS, MILLISECONDS, SECONDS, by_name, time};
use super::escapes::Escapes;
use super::line_field::LineField;
use super::split::PartsBuilder;
use super::{FormatError, LineFormat};

/// Whether a format has directives of Apache.
pub(super) fn has_directives(format: &str) -> bool {
    let begins = |c: char| c.is_ascii_alphabetic() || matches!(c, '{' | '>' | '<' | '!' | '^');
    format.match_indices('%').any(|(at, _)| format.get(at + 1..).is_some_and(|rest| rest.starts_with(begins)))
}

/// Compiles a format as it stands in a configuration, with or without its escapes of quotes.
pub(super) fn compile(format: &str) -> Result<LineFormat, FormatError> {
    let mut parts = PartsBuilder::default();
    let mut rest = format.trim_matches(['\r', '\n']);
    while let Some(first) = rest.chars().next() {
        let after = rest.get(first.len_utf8()..).unwrap_or("");
        let next = after.chars().next();
        rest = match (first, next) {
            ('%', Some('%')) => parts.literal('%', after),
            ('%', _) => directive(rest, after, &mut parts)?,
            ('\\', Some('"')) => parts.literal('"', after),
            ('\\', Some('\\')) => parts.literal('\\', after),
            ('\\', Some('t')) => parts.literal('\t', after),
            ('\n' | '\r', _) | ('\\', Some('n' | 'r')) => return Err(FormatError::LineBreak),
            _ => {
                parts.push(first);
                after
            }
        };
    }
    parts.finish(Escapes::Backslash)
}

/// Reads a directive, and returns what is behind it.
fn directive<'f>(whole: &'f str, rest: &'f str, parts: &mut PartsBuilder) -> Result<&'f str, FormatError> {
    let is_condition = |c: char| c.is_ascii_digit() || matches!(c, ',' | '!' | '<' | '>');
    let body = rest.trim_start_matches(is_condition);
    let (argument, body) = match body.strip_prefix('{') {
        Some(inner) => inner.split_once('}').map(|(own, rest)| (Some(own), rest)).ok_or_else(|| unfinished(whole))?,
        None => (None, body),
    };
    // A condition may also stand behind the argument.
    let body = body.trim_start_matches(is_condition);
    let length = if body.starts_with('^') { 3 } else { 1 };
    let (letters, after) = body.split_at_checked(length).ok_or_else(|| unfinished(whole))?;
    let spelt = whole.get(..whole.len() - after.len()).unwrap_or(whole);
    let own = meaning(letters, argument).ok_or_else(|| FormatError::UnknownDirective(spelt.to_owned()))?;
    // What `%U` leaves out of an address stands behind it.
    if letters == "q" && parts.ends_with("U") {
        return Ok(after);
    }
    let is_common_time = letters == "t" && argument.is_none_or(str::is_empty);
    if is_common_time {
        parts.push('[');
    }
    parts.value(spelt, own)?;
    if is_common_time {
        parts.push(']');
    }
    Ok(after)
}

fn unfinished(rest: &str) -> FormatError {
    FormatError::Unfinished(rest.chars().take(20).collect())
}

/// Returns what a directive holds; `None` if there is none of these letters.
fn meaning(letters: &str, argument: Option<&str>) -> Option<Directive> {
    let own = Directive::of;
    Some(match letters {
        "t" => own(LineField::RequestTimestamp, time(argument.unwrap_or(""))),
        "D" => own(LineField::RequestLatencyMs, MICROSECONDS),
        "T" => own(
            LineField::RequestLatencyMs,
            match argument {
                Some("ms") => MILLISECONDS,
                Some("us") => MICROSECONDS,
                _ => SECONDS,
            },
        ),
        "s" => own(LineField::ResultCode, FieldForm::Code),
        "b" | "B" => own(LineField::ResultSizeInBytes, FieldForm::Count),
        "u" => own(LineField::UserId, FieldForm::Text),
        "r" => own(LineField::ApplicationEndpoint, FieldForm::RequestLine),
        "U" => own(LineField::ApplicationEndpoint, FieldForm::Text),
        // The id that the error log has, too.
        "L" => own(LineField::RequestId, FieldForm::Text),
        "i" | "o" | "n" | "e" | "C" | "x" | "c" => by_name(argument?),
        "a" | "A" | "f" | "h" | "H" | "I" | "k" | "l" | "m" | "O" | "p" | "P" | "R" | "S" | "v" | "V" | "X" => {
            Directive::other(letters != "f" && letters != "R")
        }
        "q" => Directive::other(false),
        "^FU" | "^FB" => Directive::other(true),
        "^ti" | "^to" => by_name(argument?),
        _ => return None,
    })
}
