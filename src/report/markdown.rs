//! Text in GitHub's Markdown.

use crate::text::visible;

/// Escapes text for a table cell: nothing in it is markup, and it stays in its cell.
pub(super) fn cell(text: &str) -> String {
    let mut out = String::new();
    for c in visible(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '#' | '~' | '@' | '!' => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out
}

/// Formats code in a table cell. Entities do not work within backticks, so the element is written out.
pub(super) fn code(text: &str) -> String {
    format!("<code>{}</code>", cell(text))
}
