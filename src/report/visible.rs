//! Text from documents made safe to print: nothing in it moves a cursor, changes colours, hides, or reorders what follows.

use std::borrow::Cow;
use std::fmt::Write;

/// The text on one line, with every character that a terminal would act on, or not show, escaped as in Rust.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    text.chars().for_each(|character| push_visible(&mut out, character));
    Cow::Owned(out)
}

/// The same for text that may have several lines.
pub(super) fn visible_lines(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    text.lines().map(visible)
}

/// The first `limit` characters of a text, made visible; a mark shows that something was left out.
///
/// A document may hold a key of megabytes, and a message may quote it.
pub(super) fn start_of(text: &str, limit: usize) -> Cow<'_, str> {
    match text.char_indices().nth(limit) {
        None => visible(text),
        Some((cut, _)) => Cow::Owned(format!("{}...", visible(text.get(..cut).unwrap_or(text)))),
    }
}

/// The last `limit` characters of a text, made visible; a mark shows that something was left out.
#[cfg(any(feature = "cli", test))]
pub(super) fn end_of(text: &str, limit: usize) -> Cow<'_, str> {
    match text.char_indices().rev().nth(limit) {
        None => visible(text),
        Some((at, character)) => {
            Cow::Owned(format!("...{}", visible(text.get(at + character.len_utf8()..).unwrap_or(text))))
        }
    }
}

/// Appends a character, escaped where it must be.
pub(super) fn push_visible(out: &mut String, character: char) {
    match character {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        _ if is_invisible(character) => {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(character));
        }
        _ => out.push(character),
    }
}

/// Control characters, and the format characters of Unicode: those that show nothing, and those that reorder text, by
/// which a document can look different from what it is (CVE-2021-42574).
pub(super) fn is_invisible(character: char) -> bool {
    character.is_control()
        || (character > '~'
            && matches!(character,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_a_terminal_acts_on_and_nothing_else() {
        assert!(matches!(visible("naïve 日本 e\u{301} 🚀"), Cow::Borrowed(_)));
        assert_eq!(visible("a\u{1b}[31mb\u{9b}2J\r\n\t\u{7f}"), "a\\u{1b}[31mb\\u{9b}2J\\r\\n\\t\\u{7f}");
        assert_eq!(visible("x\u{202e}y\u{200b}z\u{e0041}"), "x\\u{202e}y\\u{200b}z\\u{e0041}");
    }

    #[test]
    fn cuts_by_characters() {
        assert_eq!(start_of("äöü", 3), "äöü");
        assert_eq!(start_of("äöü", 2), "äö...");
        assert_eq!(end_of("äöü", 3), "äöü");
        assert_eq!(end_of("äöü", 2), "...öü");
        assert_eq!(end_of("äöü", 0), "...");
    }
}
