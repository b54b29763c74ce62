//! Renders a Markdown page for a terminal. Supports the Markdown that the pages of rules use: headings, paragraphs, lists, tables
//! with two columns, fenced code, and inline code and links.

use super::Style;
use super::summary::{BOLD, CYAN, paint};
use super::wrap::wrapped;

/// The indentation of code and of the facts of a rule.
const INDENT: usize = 2;
/// The maximum width of the names of a table; wider names have their value on the next line.
const WIDEST_NAME: usize = 20;
/// The style of secondary text.
const DIM: &str = "2";

/// Returns the page with its markup replaced by colors and indentation, wrapped to fit.
#[must_use]
pub fn terminal_page(markdown: &str, style: Style) -> String {
    let mut page = Page { style, out: String::new(), paragraph: Vec::new(), table: Vec::new() };
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            page.end_block();
            lines.by_ref().take_while(|line| !line.starts_with("```")).for_each(|line| page.code(line));
        } else {
            page.line(line);
        }
    }
    page.end_block();
    page.out
}

struct Page {
    style: Style,
    out: String,
    /// The lines of the current paragraph or list item.
    paragraph: Vec<String>,
    /// The rows of the current table.
    table: Vec<(String, String)>,
}

impl Page {
    fn line(&mut self, line: &str) {
        if let Some(row) = line.strip_prefix("| ") {
            self.row(row);
        } else if let Some(title) = line.trim_start_matches('#').strip_prefix(' ').filter(|_| line.starts_with('#')) {
            self.end_block();
            self.push(&paint(self.style.color, BOLD, title));
        } else if line.is_empty() {
            self.end_block();
            self.push("");
        } else {
            if is_item(line) {
                self.end_block();
            }
            if !line.starts_with('|') {
                self.paragraph.push(line.trim().to_owned());
            }
        }
    }

    fn row(&mut self, row: &str) {
        if let Some((name, value)) = row.trim_end().trim_end_matches('|').split_once(" | ") {
            self.table.push((name.to_owned(), value.trim_end().replace("\\|", "|")));
        }
    }

    fn code(&mut self, line: &str) {
        let line = if line.is_empty() { String::new() } else { format!("{}{line}", " ".repeat(2 * INDENT)) };
        self.push(&paint(self.style.color && !line.is_empty(), CYAN, &line));
    }

    /// Writes the current paragraph, list item or table.
    fn end_block(&mut self) {
        if !self.paragraph.is_empty() {
            let text = std::mem::take(&mut self.paragraph).join(" ");
            let hang = if is_item(&text) { "  " } else { "" };
            self.push(&wrapped("", hang, &self.inline(&text), self.style.width));
        }
        let table = std::mem::take(&mut self.table);
        let width = table.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (name, value) in table {
            let name = format!("{}{name:width$}  ", " ".repeat(INDENT));
            // Next to a wide name there would be no room: the value then goes below it.
            let hang = " ".repeat(name.len().min(WIDEST_NAME));
            let head = paint(self.style.color, DIM, &name);
            self.push(&wrapped(&head, &hang, &self.inline(&value), self.style.width));
        }
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// Renders code in color, and links by their text. Without color, code keeps its backticks.
    fn inline(&self, text: &str) -> String {
        let mut shown = String::new();
        for (index, part) in text.split('`').enumerate() {
            match index % 2 {
                0 => shown.push_str(&without_links(part)),
                _ if self.style.color => shown.push_str(&paint(true, CYAN, part)),
                _ => shown.extend(["`", part, "`"]),
            }
        }
        shown
    }
}

fn is_item(line: &str) -> bool {
    line.starts_with("- ")
}

/// Replaces `[text](target)` by `text`.
fn without_links(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        shown.push_str(before);
        match link.split_once("](").and_then(|(name, after)| after.split_once(')').map(|(_, after)| (name, after))) {
            Some((name, after)) => {
                shown.push_str(name);
                rest = after;
            }
            None => {
                shown.push('[');
                rest = link;
            }
        }
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{self, page};

    const PAGE: &str = "# a/b\n\nOne `sentence`.\n\n| | |\n|---|---|\n| fix | `--fix` |\n| severity | a \\| b |\n\nWords that are \
        more than fit\non one line, see [a/c](../a/c.md) or [x].\n\n- an item that is longer than\n  a line can be\n- two\n\n\
        ## Fails\n```yaml\na: `1`\n\n- [b](c)\n```\nand `this`\n";

    #[test]
    fn marks_become_layout() {
        let shown = terminal_page(PAGE, Style { width: 40, ..Style::default() });
        let expected = "a/b\n\nOne `sentence`.\n\n  fix       `--fix`\n  severity  a | b\n\nWords that are more than fit on one\n\
            line, see a/c or [x].\n\n- an item that is longer than a line can\n  be\n- two\n\nFails\n    a: `1`\n\n    - [b](c)\nand \
            `this`\n";
        assert_eq!(shown, expected);
        let colored = terminal_page(PAGE, Style { color: true, ..Style::default() });
        assert!(colored.starts_with("\u{1b}[1ma/b\u{1b}[0m\n\nOne \u{1b}[36msentence\u{1b}[0m.\n"), "{colored:?}");
    }

    #[test]
    fn every_page_fits_and_shows_no_mark() {
        for rule in rules::all() {
            for width in [60, 80, 120] {
                let shown = terminal_page(&page::markdown(rule), Style { width, ..Style::default() });
                assert!(!shown.contains("```") && !shown.contains("](") && !shown.contains("\n| "), "{shown}");
                for line in shown.lines().filter(|line| !line.starts_with("    ")) {
                    let is_one_word = !line.trim().contains(' ');
                    assert!(line.chars().count() <= width || is_one_word, "{}: {line}", rule.id);
                }
            }
        }
    }
}
