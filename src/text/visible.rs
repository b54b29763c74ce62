//! Text from documents made safe to print: nothing in it moves the cursor, changes colors, hides, or reorders what follows.

use std::borrow::Cow;
use std::fmt::Write;

/// Returns the text on one line, with every character that a terminal would interpret, or not show, escaped as in Rust.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    text.chars().for_each(|character| push_visible(&mut out, character));
    Cow::Owned(out)
}

/// Like [`visible`], line by line.
pub fn visible_lines(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    text.lines().map(visible)
}

/// Returns the first `limit` characters of a text, made visible; `...` marks omitted text.
///
/// A document may contain a key of several megabytes, and a message may quote it.
pub fn start_of(text: &str, limit: usize) -> Cow<'_, str> {
    match text.char_indices().nth(limit) {
        None => visible(text),
        Some((cut, _)) => Cow::Owned(format!("{}...", visible(text.get(..cut).unwrap_or(text)))),
    }
}

/// Returns the last `limit` characters of a text, made visible; `...` marks omitted text.
pub fn end_of(text: &str, limit: usize) -> Cow<'_, str> {
    match text.char_indices().rev().nth(limit) {
        None => visible(text),
        Some((at, character)) => {
            Cow::Owned(format!("...{}", visible(text.get(at + character.len_utf8()..).unwrap_or(text))))
        }
    }
}

/// Appends a character, escaped if necessary.
pub fn push_visible(out: &mut String, character: char) {
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

/// Returns the name of the first character that looks like a space but is none to YAML and most programs.
pub fn odd_space(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let name = |c: char| match c {
        '\u{a0}' | '\u{202f}' => Some("a no-break space"),
        '\u{200b}' => Some("a zero-width space"),
        '\u{feff}' => Some("a byte order mark"),
        '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{205f}' | '\u{3000}' => Some("a space of unusual width"),
        _ => None,
    };
    text.chars().find_map(|c| name(c).map(|name| format!("{name} (U+{:04X})", u32::from(c))))
}

/// Returns the name of the first deceptive character of a word: an odd space, or a letter of another script among Latin ones.
pub fn odd_character(text: &str) -> Option<String> {
    let is_look_alike = |c: &char| matches!(c, '\u{370}'..='\u{52f}') && c.is_alphabetic();
    let letter = || {
        let letter =
            text.chars().find(is_look_alike).filter(|_| text.bytes().any(|byte| byte.is_ascii_alphabetic()))?;
        let script = if letter < '\u{400}' { "Greek" } else { "Cyrillic" };
        Some(format!("a {script} letter (U+{:04X}) among Latin ones", u32::from(letter)))
    };
    if text.is_ascii() { None } else { odd_space(text).or_else(letter) }
}

/// Returns whether a character is a control character, a format character of Unicode, or a space other than the common one. Some of these
/// are not shown, and some reorder text, so that a document looks different from what it is (CVE-2021-42574).
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || (character > '~'
            && matches!(character,
                '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
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
    fn what_looks_like_something_else_is_named() {
        assert_eq!(odd_character("run\u{a0}").as_deref(), Some("a no-break space (U+00A0)"));
        assert_eq!(odd_character("st\u{430}tus").as_deref(), Some("a Cyrillic letter (U+0430) among Latin ones"));
        assert_eq!(odd_character("статус"), None);
        assert_eq!(odd_character("naïve 日本"), None);
        assert_eq!(visible("run\u{a0}"), "run\\u{a0}");
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
