//! The lines of a document that a finding is about, as text that is safe and small enough to print.
//!
//! miette never sees the document: it gets a short text made here, and labels mapped to that text. So the cost of a finding depends
//! neither on the length of its file nor on that of its line, everything that a terminal would interpret is escaped, and secrets are
//! removed before anything is drawn.

use std::collections::BTreeMap;

use miette::{LabeledSpan, MietteError, SourceCode, SourceSpan, SpanContents};
use unicode_width::UnicodeWidthStr;

use super::fit;
use super::window::{Look, Secrets, Window, visible_part};
use super::wrap::{fitted, fitting};
use crate::text::{LineCol, Source, Span};

/// The number of lines shown before and after one with a label.
pub(super) const CONTEXT: u32 = 1;

/// The number of columns between the line that leads to a label and the label: "╰── ".
const LABEL_HEAD: usize = 4;
/// The maximum number of lines of a label.
const LABEL_LINES: usize = 3;

/// A place to label.
pub(super) struct Mark {
    pub(super) span: Span,
    pub(super) label: String,
}

/// Lines ready to be drawn, with labels.
#[derive(Debug)]
pub(super) struct Snippet {
    name: String,
    text: String,
    lines: Vec<Line>,
    labels: Vec<Label>,
}

#[derive(Debug)]
struct Line {
    /// 0-based, in the document.
    number: u32,
    /// Its bytes in `text`, with the line break.
    start: usize,
    end: usize,
}

#[derive(Debug)]
struct Label {
    /// Its bytes in `text`, on one line.
    start: usize,
    end: usize,
    /// Its position in the document.
    place: LineCol,
    /// `None` if there is no room for it next to its mark.
    text: Option<String>,
    primary: bool,
}

impl Snippet {
    /// Creates the snippet that shows the first of `marks` and as many of the others as can be distinguished; also returns whether the
    /// label of each is in it.
    pub(super) fn new(
        source: &Source,
        name: String,
        secrets: &Secrets,
        marks: &[Mark],
        look: Look,
    ) -> (Self, Vec<bool>) {
        let mut windows: BTreeMap<u32, Window> = BTreeMap::new();
        let mut shown = Vec::new();
        let mut taken: Vec<Span> = Vec::new();
        for mark in marks {
            let (line, span) = first_line_of(source, fit(source, mark.span));
            let window = windows.entry(line).or_insert_with(|| Window::new(source, secrets, line, span.start, look));
            let free = window.shows(span.start) && !taken.iter().any(|other| other.overlaps(span));
            shown.push(free);
            if free {
                taken.push(span);
            }
        }
        let labelled: Vec<u32> = windows.keys().copied().collect();
        let last = source.line_count().saturating_sub(1);
        for near in labelled.iter().flat_map(|line| line.saturating_sub(CONTEXT)..=line.saturating_add(CONTEXT)) {
            // Of an excerpt, the lines beside one need not be those before and after it.
            let is_near = |line: &u32| *line == near || source.are_near(near, *line, CONTEXT);
            if !labelled.iter().any(is_near) {
                continue;
            }
            // The text after the last line break only counts as a line if a mark is on it.
            if near < last || (near == last && !source.line_span(near).is_empty()) {
                let start = source.line_span(near).start;
                windows.entry(near).or_insert_with(|| Window::new(source, secrets, near, start, look));
            }
        }
        let mut snippet = Self { name, text: String::new(), lines: Vec::new(), labels: Vec::new() };
        let first = marks.first().map_or(0, |mark| first_line_of(source, fit(source, mark.span)).0);
        let starts = snippet.push_lines(&windows, first);
        snippet.lines.iter_mut().for_each(|line| line.number = source.line_number(line.number));
        // The gutter: a space, the largest line number, " │ ".
        let last = windows.keys().next_back().map_or(0, |last| u64::from(source.line_number(*last)) + 1);
        let gutter = last.to_string().len() + 4;
        let kept = marks.iter().zip(&mut shown).enumerate().filter(|(_, (_, shown))| **shown);
        for (index, (mark, shown)) in kept {
            let (line, span) = first_line_of(source, fit(source, mark.span));
            if let (Some(window), Some(start)) = (windows.get(&line), starts.get(&line)) {
                let place = source.line_col(fit(source, mark.span).start);
                let (from, to) = window.place(span);
                let before = gutter + vertical_bar(&window.text, from, to) + LABEL_HEAD;
                let text = fitted(&mark.label, fitting(look.width).saturating_sub(before), LABEL_LINES);
                *shown = text.is_some();
                let primary = index == 0;
                snippet.labels.push(Label { start: start + from, end: start + to, place, text, primary });
            }
        }
        (snippet, shown)
    }

    /// Adds the lines, those around `first` before the others: the finding's own place is read first.
    fn push_lines(&mut self, windows: &BTreeMap<u32, Window>, first: u32) -> BTreeMap<u32, usize> {
        let mut top = first;
        while top > 0 && windows.contains_key(&(top - 1)) {
            top -= 1;
        }
        let mut bottom = first;
        while windows.contains_key(&bottom.saturating_add(1)) && bottom < u32::MAX {
            bottom += 1;
        }
        let mut order: Vec<_> = windows.iter().collect();
        order.sort_by_key(|(number, _)| !(top..=bottom).contains(*number));
        let mut starts = BTreeMap::new();
        for (&number, window) in order {
            let start = self.text.len();
            starts.insert(number, start);
            self.text.push_str(&window.text);
            self.text.push('\n');
            self.lines.push(Line { number, start, end: self.text.len() });
        }
        starts
    }

    /// Returns the labels, in the order of the text, and whether each is the primary one.
    pub(super) fn labels(&self) -> Vec<LabeledSpan> {
        let span = |label: &Label| {
            let text = label.text.clone();
            let bytes = (label.start, label.end - label.start);
            if label.primary {
                LabeledSpan::new_primary_with_span(text, bytes)
            } else {
                LabeledSpan::new_with_span(text, bytes)
            }
        };
        let mut labels: Vec<_> = self.labels.iter().map(span).collect();
        labels.sort_by_key(LabeledSpan::offset);
        labels
    }
}

/// Returns the column of the line that leads from a mark to its label: the middle of the mark.
fn vertical_bar(text: &str, from: usize, to: usize) -> usize {
    let width = |end: usize| text.get(..end).map_or(0, UnicodeWidthStr::width);
    let (start, end) = (width(from), width(to));
    (start + end.max(start + 1)) / 2
}

/// Returns the line on which a span begins, and the part of the span on it: underlining 200 lines would not help.
fn first_line_of(source: &Source, span: Span) -> (u32, Span) {
    let number = source.line_index(span.start);
    let line = visible_part(source, number);
    let start = span.start.clamp(line.start, line.end);
    (number, Span::new(start, span.end.min(line.end)))
}

impl SourceCode for Snippet {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let line_of = |at: usize| self.lines.partition_point(|line| line.end <= at);
        let first = line_of(span.offset());
        let last = line_of(span.offset() + span.len()).max(first);
        let number = |index: usize| self.lines.get(index).map(|line| line.number as usize);
        let follows = |index: usize| number(index + 1) == number(index).map(|number| number + 1);
        // Lines that are not adjacent in the document do not share a text: miette then draws two snippets.
        if !(first..last).all(follows) {
            return Err(MietteError::OutOfBounds);
        }
        let top =
            (first.saturating_sub(before)..first).rev().take_while(|&index| follows(index)).last().unwrap_or(first);
        let bottom =
            (last + 1..=last.saturating_add(after)).take_while(|&index| follows(index - 1)).last().unwrap_or(last);
        let (Some(top), Some(end)) = (self.lines.get(top), self.lines.get(bottom)) else {
            return Err(MietteError::OutOfBounds);
        };
        let data = self.text.get(top.start..end.end).ok_or(MietteError::OutOfBounds)?;
        // The head of the snippet shows the place of its label, which miette requests without context.
        let label = self.labels.iter().find(|label| label.start == span.offset() && before == 0);
        let (line, column) = match label {
            Some(Label { place, .. }) => {
                (place.line.saturating_sub(1) as usize, place.column.saturating_sub(1) as usize)
            }
            None => (top.number as usize, 0),
        };
        let span = SourceSpan::from((top.start, data.len()));
        let count = bottom + 1 - self.lines.partition_point(|line| line.start < top.start);
        Ok(Box::new(Contents { data, span, name: &self.name, line, column, count }))
    }
}

struct Contents<'a> {
    data: &'a str,
    span: SourceSpan,
    name: &'a str,
    line: usize,
    column: usize,
    count: usize,
}

impl<'a> SpanContents<'a> for Contents<'a> {
    fn data(&self) -> &'a [u8] {
        self.data.as_bytes()
    }
    fn span(&self) -> &SourceSpan {
        &self.span
    }
    fn name(&self) -> Option<&str> {
        Some(self.name)
    }
    fn line(&self) -> usize {
        self.line
    }
    fn column(&self) -> usize {
        self.column
    }
    fn line_count(&self) -> usize {
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: Look = Look { width: 60, unicode: true };

    /// Returns the shown lines, each followed by a line of carets under its labels.
    fn draw(text: &str, secrets: &[Span], marks: &[(u32, u32)]) -> String {
        let source = Source::new("a.yml", text);
        let marks: Vec<_> = marks
            .iter()
            .map(|(start, end)| Mark { span: Span { start: *start, end: *end }, label: String::new() })
            .collect();
        let secrets = Secrets::new(&source, secrets);
        let (snippet, _) = Snippet::new(&source, "a.yml".into(), &secrets, &marks, LOOK);
        let mut out = String::new();
        for line in &snippet.lines {
            out.push_str(&format!("{}|{}", line.number + 1, &snippet.text[line.start..line.end]));
            for label in snippet.labels.iter().filter(|label| (line.start..line.end).contains(&label.start)) {
                let before = snippet.text[line.start..label.start].chars().count();
                let width = snippet.text[label.start..label.end].chars().count().max(1);
                out.push_str(&format!(" |{}{}\n", " ".repeat(before), "^".repeat(width)));
            }
        }
        out
    }

    #[test]
    fn labels_follow_their_text_through_tabs_escapes_and_masks() {
        assert_eq!(draw("a:\tb\n", &[], &[(3, 4)]), "1|a:→ b\n |    ^\n");
        assert_eq!(draw("a\u{1b}: b\r\nc\n", &[], &[(4, 5)]), "1|a\\u{1b}: b\n |         ^\n2|c\n");
        assert_eq!(
            draw("key: s3cr3t # x\n", &[Span::new(5, 11)], &[(5, 11)]),
            "1|key: ******** # x\n |     ^^^^^^^^\n"
        );
        assert_eq!(
            draw("key: s3cr3t # x\n", &[Span::new(5, 11)], &[(14, 15)]),
            "1|key: ******** # x\n |                ^\n"
        );
        assert_eq!(
            draw("key: s3\n", &[Span::new(5, 6), Span::new(6, 7)], &[(6, 7)]),
            "1|key: ********\n |     ^^^^^^^^\n"
        );
    }

    #[test]
    fn secrets_of_several_lines_are_masked_on_each() {
        let text = "a: |\n  one\n  two\nb: 1\n";
        assert_eq!(draw(text, &[Span::new(7, 17)], &[(7, 17)]), "1|a: |\n2|  ********\n |  ^^^^^^^^\n3|********\n");
    }

    #[test]
    fn empty_spans_ends_of_files_and_empty_files_have_a_place() {
        assert_eq!(draw("", &[], &[(0, 0)]), "1|\n |^\n");
        assert_eq!(draw("a: 1", &[], &[(4, 4)]), "1|a: 1\n |    ^\n");
        assert_eq!(draw("a: 1\n", &[], &[(5, 5)]), "1|a: 1\n2|\n |^\n");
        assert_eq!(draw("a:\r\nb: 1\r\n", &[], &[(2, 2)]), "1|a:\n |  ^\n2|b: 1\n");
        assert_eq!(draw("\u{feff}a: 1\n", &[], &[(3, 4)]), "1|a: 1\n |^\n");
        assert_eq!(draw("\u{feff}a: 1\n", &[], &[(0, 0)]), "1|a: 1\n |^\n");
    }

    #[test]
    fn long_spans_are_marked_on_their_first_line() {
        assert_eq!(draw("a:\n  b: 1\n  c: 2\n  d: 3\n", &[], &[(5, 23)]), "1|a:\n2|  b: 1\n |  ^^^^\n3|  c: 2\n");
    }

    #[test]
    fn long_lines_are_cut_around_the_span() {
        let text = format!("{}needle{}", "x".repeat(2_000_000), "y".repeat(2_000_000));
        let drawn = draw(&text, &[], &[(2_000_000, 2_000_006)]);
        let line = drawn.lines().next().unwrap();
        assert_eq!(line, format!("1|…{}needle{}…", "x".repeat(18), "y".repeat(29)));
        assert_eq!(drawn.lines().nth(1).unwrap().trim_start_matches([' ', '|']), "^^^^^^");
        assert!(draw(&"e\u{301}\u{301}\u{301}".repeat(1_000_000), &[], &[(0, 7_000_000)]).len() < 2000);
        // A window that would begin within a secret begins before it.
        let secret = Span::new(10, 1_999_990);
        assert!(draw(&text, &[secret], &[(2_000_000, 2_000_006)]).starts_with("1|…********xxxxxxxxxxneedleyyy"));
    }

    #[test]
    fn labels_that_cannot_be_told_apart_are_left_out() {
        let source = Source::new("a.yml", "a: bcd\n");
        let marks =
            [(3, 6), (0, 6), (0, 1)].map(|(start, end)| Mark { span: Span { start, end }, label: String::new() });
        let (_, shown) = Snippet::new(&source, String::new(), &Secrets::new(&source, &[]), &marks, LOOK);
        assert_eq!(shown, [true, false, true]);
    }
}
