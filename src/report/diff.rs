//! Differences, for `--diff`.

use similar::TextDiff;

use super::summary::{CYAN, GREEN, RED, paint};

/// The change as a unified diff; empty when nothing changed.
#[must_use]
pub fn diff(name: &str, before: &str, after: &str) -> String {
    if before == after {
        return String::new();
    }
    TextDiff::from_lines(before, after).unified_diff().context_radius(3).header(name, name).to_string()
}

/// A unified diff in the usual colours: red for what goes, green for what comes.
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
    fn what_goes_is_red_and_what_comes_is_green() {
        let diff = diff("a.yml", "a: 1\nb: 2\n", "a: 1\nb: 3\n");
        assert_eq!(colored_diff(&diff, false), diff);
        let colored = colored_diff(&diff, true);
        for part in ["\u{1b}[36m@@ -1,2 +1,2 @@\u{1b}[0m\n a: 1\n", "\u{1b}[31mb: 2", "\u{1b}[32m+b: 3\u{1b}[0m\n"] {
            assert!(colored.contains(&part.replace("[31m", "[31m-")), "{colored:?}");
        }
    }
}
