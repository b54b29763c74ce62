//! Differences, for `--diff`.

use similar::TextDiff;

/// The change as a unified diff; empty when nothing changed.
#[must_use]
pub fn diff(name: &str, before: &str, after: &str) -> String {
    if before == after {
        return String::new();
    }
    TextDiff::from_lines(before, after).unified_diff().context_radius(3).header(name, name).to_string()
}
