//! Credentials recognized by the name before them, in a text that is more than a single value.

use std::ops::Range;

use super::names::{self, Held};
use super::placeholder::{self, is_stand_in};
use super::shapes::Credential;
use super::tokens::{is_token, window_before};
use crate::text::Words;

/// Names of URL parameters that carry a credential, besides those that [`names::held_by`] knows.
const PARAMETERS: &[(&str, &str)] = &[
    ("sig", "a signature"),
    ("signature", "a signature"),
    ("x-amz-signature", "a signature"),
    ("x-goog-signature", "a signature"),
];

/// The maximum number of bytes of an option's name that are examined.
const LONGEST_NAME: usize = 64;

/// The maximum number of bytes of a value that are examined.
const LONGEST_LOOK: usize = 256;

/// What begins the name of an option.
static OPTION: Words = Words::new(&["--"]);

/// Finds the word after an option: `--password tulip`.
pub(super) fn behind_options(text: &str, found: &mut Vec<Credential>) {
    for (at, _) in OPTION.places(text) {
        let rest = text.get(at + 2..).unwrap_or("");
        let name = rest.get(..rest.bytes().take_while(is_token).take(LONGEST_NAME).count()).unwrap_or("");
        let Some(argument) = rest.get(name.len()..).and_then(|rest| rest.strip_prefix(' ')) else { continue };
        let is_inside = text.as_bytes().get(..at).and_then(<[u8]>::last).is_some_and(is_token);
        let held = names::held_by(name).filter(|_| !is_inside && !name.starts_with('-'));
        if let Some((range, held)) = held.and_then(|held| Some((value(argument, held)?, held))) {
            let start = at + 2 + name.len() + 1;
            found.push(Credential { range: start + range.start..start + range.end, what: what(held), in_url: false });
        }
    }
}

/// Describes what a field, variable or option holds, with an article.
fn what(held: Held) -> &'static str {
    match held {
        Held::Password => "a password",
        Held::Key | Held::Header => "a credential",
    }
}

/// Finds the values of entries in a text that has several: a line `password: tulip`, `"password": "tulip"` in JSON, `password = "tulip"`.
pub(super) fn entries(text: &str, found: &mut Vec<Credential>) {
    for at in memchr::memchr2_iter(b':', b'=', text.as_bytes()) {
        let before = text.get(..at).unwrap_or("");
        let after = text.get(at + 1..).unwrap_or("");
        let name_end = before.trim_end_matches([' ', '"', '\'']);
        let is_spaced = name_end.len() < before.len() && before.ends_with(' ') || after.starts_with(' ');
        let is_json = after.starts_with(['"', '\'']) && text.as_bytes().get(at) == Some(&b':');
        // `assigned` finds values after `=` without a space.
        if before.len() - name_end.len() > 3 || !(is_spaced || is_json) {
            continue;
        }
        let name = names::before(name_end, name_end.len());
        let Some(held) = names::held_by(name) else { continue };
        let start = after.len() - after.trim_start_matches(' ').len();
        let rest = after.get(start..).unwrap_or("");
        // In YAML, a plain scalar cannot begin with these.
        if rest.starts_with(['*', '&', '!', '|', '>']) {
            continue;
        }
        let is_quoted = rest.starts_with(['"', '\'']);
        let line_start = name_end.get(..name_end.len() - name.len()).unwrap_or("");
        // In a command, a header is quoted as a whole: `-H "X-Api-Key: …"`.
        let quote = line_start.chars().next_back().filter(|c| matches!(c, '"' | '\''));
        let mut before_name = line_start.bytes().rev().take(LONGEST_LOOK).take_while(|byte| *byte != b'\n');
        let is_line = before_name.all(|byte| matches!(byte, b' ' | b'-' | b'"' | b'\''));
        let line = placeholder::start(rest).lines().next().unwrap_or("");
        let line = quote.and_then(|quote| line.split(quote).next()).unwrap_or(line).trim();
        let scheme = if held == Held::Header { scheme(line) } else { 0 };
        if !is_quoted && (!(is_line || quote.is_some()) || line.get(scheme..).unwrap_or("").contains(' ')) {
            continue;
        }
        let held = if scheme > 0 { Held::Key } else { held };
        if let Some(range) = rest.get(scheme..).and_then(|rest| value(rest, held)) {
            let first = at + 1 + start + scheme;
            found.push(Credential { range: first + range.start..first + range.end, what: what(held), in_url: false });
        }
    }
}

/// Returns the length of the scheme at the beginning of an authorization header, including the space; 0 if there is none.
fn scheme(header: &str) -> usize {
    const SCHEMES: [&str; 4] = ["Basic ", "Bearer ", "Token ", "ApiKey "];
    let is_it = |scheme: &&&str| header.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    SCHEMES.iter().find(is_it).map_or(0, |scheme| scheme.len())
}

/// Finds `Password=…` in a connection string, `?access_token=…` in a URL, and `TOKEN=…` and `--token=…` in a command.
pub(super) fn assigned(text: &str, found: &mut Vec<Credential>) {
    let mut done = 0;
    for at in memchr::memchr_iter(b'=', text.as_bytes()) {
        if at < done {
            continue;
        }
        let name = names::before(text, at);
        let first = at - name.len();
        let is_parameter =
            text.as_bytes().get(..first).and_then(<[u8]>::last).is_some_and(|byte| matches!(byte, b'?' | b'&'));
        let parameter =
            || PARAMETERS.iter().find(|(parameter, _)| is_parameter && name.eq_ignore_ascii_case(parameter));
        let (held, what) = match (
            names::held_by(name).or_else(|| names::held_behind_user(name, window_before(text, first))),
            parameter(),
        ) {
            (Some(Held::Password), _) => (Held::Password, "a password"),
            (Some(Held::Key), _) if is_parameter => (Held::Key, "an access token"),
            (Some(held), _) => (held, "a credential"),
            (None, Some((_, what))) => (Held::Key, *what),
            (None, None) => continue,
        };
        let rest = text.get(at + 1..).unwrap_or("");
        if let Some(range) = value(rest, held) {
            let range = at + 1 + range.start..at + 1 + range.end;
            done = range.end;
            found.push(Credential { range, what, in_url: is_parameter });
        }
    }
}

/// Returns the range of the value at the start of a text, without quotes. `None` if it cannot be a credential.
fn value(text: &str, held: Held) -> Option<Range<usize>> {
    if let Some(range) = quoted(text) {
        return is_credential(text.get(range.clone()).unwrap_or(""), held).then_some(range);
    }
    let start = usize::from(text.starts_with(['"', '\'']));
    let body = text.get(start..)?;
    let is_end = |c: char| c.is_whitespace() || matches!(c, ';' | '&' | '"' | '\'' | '`' | '|' | '<' | '>' | ',' | ')');
    let looked_at = body.char_indices().take(LONGEST_LOOK).find(|(_, c)| is_end(*c)).map(|(end, _)| end);
    let seen = looked_at.map_or_else(|| placeholder::start(body), |end| body.get(..end).unwrap_or(""));
    if !is_credential(seen, held) {
        return None;
    }
    let end = looked_at.unwrap_or_else(|| body.find(is_end).unwrap_or(body.len()));
    Some(start..start + end)
}

/// Returns the range of the text in quotes at the start of a text. It may contain what ends a word: `password='a b;c'` of libpq and ODBC.
fn quoted(text: &str) -> Option<Range<usize>> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut is_escaped = false;
    let is_end = |(_, c): &(usize, char)| {
        let is_end = *c == quote && !is_escaped;
        is_escaped = *c == '\\' && !is_escaped;
        is_end
    };
    let (end, _) = text.char_indices().skip(1).take(LONGEST_LOOK).find(is_end)?;
    let is_one_line = text.get(1..end).is_some_and(|body| !body.contains('\n'));
    is_one_line.then_some(1..end)
}

/// Whether the value of a field that holds a password or a key is a credential: not a placeholder or reference and, for a key, not a word.
#[must_use]
pub fn is_credential(value: &str, held: Held) -> bool {
    let start = placeholder::start(value.trim());
    if is_stand_in(start) {
        return false;
    }
    let words = start.split_whitespace().count();
    match held {
        Held::Header => match scheme(start) {
            0 => false,
            scheme => is_credential(start.get(scheme..).unwrap_or(""), Held::Key),
        },
        // A text of more words is a sentence about a password.
        Held::Password => words <= 4,
        Held::Key => {
            let has = |is: fn(&u8) -> bool| start.bytes().any(|byte| is(&byte));
            let mixed = has(u8::is_ascii_digit) || (has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase));
            // No generated key contains `12345`.
            words == 1 && start.len() >= 8 && (mixed || start.len() >= 32) && !start.contains("12345")
        }
    }
}
