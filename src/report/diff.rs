//! Diffs, for `--diff`.

use std::borrow::Cow;

use similar::TextDiff;

use super::summary::{CYAN, GREEN, RED, paint};
use crate::text::{is_invisible, visible};

/// Returns the change as a unified diff; empty if nothing changed.
#[must_use]
pub fn diff(name: &str, before: &str, after: &str) -> String {
    if before == after {
        return String::new();
    }
    let name = visible(name);
    let diff = TextDiff::from_lines(before, after).unified_diff().context_radius(3).header(&name, &name).to_string();
    diff.split_inclusive('\n').map(shown).collect()
}

/// Escapes everything in a line that a terminal would interpret. Tabs and line breaks are kept.
fn shown(line: &str) -> Cow<'_, str> {
    let body = line.trim_end_matches(['\r', '\n']);
    if !body.contains(|c| c != '\t' && is_invisible(c)) {
        return Cow::Borrowed(line);
    }
    let parts: Vec<_> = body.split('\t').map(visible).collect();
    Cow::Owned(parts.join("\t") + line.get(body.len()..).unwrap_or(""))
}

/// Colors a unified diff as usual: red for removed lines, green for added ones.
#[must_use]
pub fn colored_diff(diff: &str, color: bool) -> String {
    let line = |line: &str| {
        let code = match line.bytes().next() {
            Some(b'-') => RED,
            Some(b'+') => GREEN,
            Some(b'@') => CYAN,
            _ => return line.to_owned(),
        };
        let (text, end) = line.strip_suffix('\n').map_or((line, ""), |text| (text, "\n"));
        paint(color, code, text) + end
    };
    if color { diff.split_inclusive('\n').map(line).collect() } else { diff.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_acts_on_is_escaped() {
        let shown = diff("a\u{1b}]0;x\n.yml", "a: 1\u{1b}[2J\r\n\tb\n", "a: 2\r\n\tb\n");
        assert_eq!(
            shown,
            "--- a\\u{1b}]0;x\\n.yml\n+++ a\\u{1b}]0;x\\n.yml\n@@ -1,2 +1,2 @@\n-a: 1\\u{1b}[2J\r\n+a: 2\r\n \tb\n"
        );
    }

    #[test]
    fn what_goes_is_red_and_what_comes_is_green() {
        let diff = diff("a.yml", "a: 1\nb: 2\n", "a: 1\nb: 3\n");
        assert_eq!(colored_diff(&diff, false), diff);
        let colored = colored_diff(&diff, true);
        for part in ["\u{1b}[36m@@ -1,2 +1,2 @@\u{1b}[0m\n a: 1\n", "\u{1b}[31mb: 2", "\u{1b}[32m+b: 3\u{1b}[0m\n"] {
            assert!(colored.contains(&part.replace("[31m", "[31m-")), "{colored:?}");
        }
    }
}
