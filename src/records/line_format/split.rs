//! From a format to its parts, and from a line to its values.

use std::ops::Range;

use super::conversion::{FieldForm, TimeForm};
use super::directive::Directive;
use super::escapes::Escapes;
use super::{Candidate, FormatError, Layout, LineFormat, LinePart, ValueBlanks, ValuePart};

/// Why a line is none of a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineMismatch {
    /// The number of bytes before the place.
    pub at: usize,
    /// What is wrong, as a clause.
    pub reason: String,
}

/// The parts of a format that is being read.
#[derive(Default)]
pub(super) struct PartsBuilder {
    parts: Vec<LinePart>,
    candidates: Vec<Candidate>,
    literal: String,
    values: usize,
}

impl PartsBuilder {
    /// Adds a character that stands in every line.
    pub fn push(&mut self, character: char) {
        self.literal.push(character);
    }

    /// Adds a character that is announced by another one, and returns what is behind both.
    pub fn literal<'f>(&mut self, character: char, announced: &'f str) -> &'f str {
        self.push(character);
        announced.get(1..).unwrap_or("")
    }

    /// Whether the last part is the value of a directive with these letters.
    pub fn ends_with(&self, letters: &str) -> bool {
        let last = self.parts.last().filter(|_| self.literal.is_empty());
        matches!(last, Some(LinePart::Value(value)) if value.directive.ends_with(letters))
    }

    /// Adds a value.
    pub fn value(&mut self, spelt: &str, directive: Directive) -> Result<(), FormatError> {
        let is_quoted = self.literal.ends_with('"');
        self.end_literal();
        if let Some(LinePart::Value(before)) = self.parts.last() {
            return Err(FormatError::Adjacent(before.directive.to_string(), spelt.to_owned()));
        }
        let blanks = match &directive.holds {
            _ if directive.is_word => ValueBlanks::Never,
            Some((_, FieldForm::Time(TimeForm::Strftime(format)))) => ValueBlanks::Exactly(format.matches(' ').count()),
            Some((_, FieldForm::SumOfSeconds)) => ValueBlanks::OfLists,
            _ => ValueBlanks::Unknown,
        };
        self.candidates.extend(directive.holds.map(|(field, form)| (field, self.values, form)));
        self.values += 1;
        self.parts.push(LinePart::Value(ValuePart { directive: spelt.into(), is_quoted, blanks }));
        Ok(())
    }

    fn end_literal(&mut self) {
        if !self.literal.is_empty() {
            self.parts.push(LinePart::Literal(std::mem::take(&mut self.literal).into()));
        }
    }

    pub fn finish(mut self, escapes: Escapes) -> Result<LineFormat, FormatError> {
        self.end_literal();
        match self.values {
            0 => Err(FormatError::NoDirective),
            _ => Ok(LineFormat::new(Layout::Parts(self.parts), escapes, self.candidates)),
        }
    }
}

impl LineFormat {
    /// Splits a line into the ranges of its values.
    pub(super) fn split(&self, line: &str, values: &mut Vec<Range<usize>>) -> Result<(), LineMismatch> {
        values.clear();
        match &self.layout {
            Layout::Parts(parts) => split_by_parts(parts, line, values),
            Layout::Columns(count) => split_by_blanks(*count, line, values),
        }
    }
}

fn split_by_parts(parts: &[LinePart], line: &str, values: &mut Vec<Range<usize>>) -> Result<(), LineMismatch> {
    let mut at = 0;
    let mut rest = parts.iter().peekable();
    while let Some(part) = rest.next() {
        match part {
            LinePart::Literal(text) => {
                let Some(behind) = line.get(at..).filter(|rest| rest.starts_with(&**text)) else {
                    return Err(expected(text, line, at));
                };
                at = line.len() - behind.len() + text.len();
            }
            LinePart::Value(value) => {
                let next = match rest.peek() {
                    Some(LinePart::Literal(text)) => Some(&**text),
                    _ => None,
                };
                let end = value_end(value, next, line, at)?;
                values.push(at..end);
                at = end;
            }
        }
    }
    match at < line.len() {
        true => Err(LineMismatch { at, reason: "the line goes on where its format ends".to_owned() }),
        false => Ok(()),
    }
}

/// Returns where the value that begins at a byte ends, before the text that follows in the format.
fn value_end(value: &ValuePart, next: Option<&str>, line: &str, start: usize) -> Result<usize, LineMismatch> {
    let rest = line.get(start..).unwrap_or("");
    let directive = &value.directive;
    let is_word = value.blanks == ValueBlanks::Never;
    let end = match next {
        Some(next) if value.is_quoted && next.starts_with('"') => closing_quote(rest),
        Some(next) => {
            let own = length_of_blanks(value.blanks, rest);
            memchr::memmem::find(rest.as_bytes().get(own..).unwrap_or_default(), next.as_bytes()).map(|at| own + at)
        }
        None => Some(rest.len()),
    };
    let Some(end) = end else {
        let next = next.unwrap_or("");
        let next = if next.trim_end().is_empty() { next } else { next.trim_end() };
        // Most values without quotes have no blanks.
        let at = rest.find(' ').filter(|_| !value.is_quoted).unwrap_or(rest.len());
        return Err(LineMismatch {
            at: start + at,
            reason: format!("expected '{next}' behind the value of {directive}"),
        });
    };
    let text = rest.get(..end).unwrap_or(rest);
    if is_word && let Some(blank) = text.find([' ', '\t']) {
        return Err(LineMismatch { at: start + blank, reason: format!("the value of {directive} has no blanks") });
    }
    if is_word && text.is_empty() {
        return Err(LineMismatch { at: start, reason: format!("expected the value of {directive}") });
    }
    Ok(start + end)
}

/// Returns the length of the part of a value that has blanks of its own, which do not end it.
fn length_of_blanks(blanks: ValueBlanks, rest: &str) -> usize {
    let mut positions = memchr::memchr_iter(b' ', rest.as_bytes());
    match blanks {
        ValueBlanks::Never | ValueBlanks::Unknown | ValueBlanks::Exactly(0) => 0,
        ValueBlanks::Exactly(count) => positions.nth(count - 1).map_or(0, |at| at + 1),
        ValueBlanks::OfLists => {
            let byte = |at: usize| rest.as_bytes().get(at).copied();
            let joins = |at: usize| matches!(byte(at.wrapping_sub(1)), Some(b',' | b':')) || byte(at + 1) == Some(b':');
            positions.take_while(|at| joins(*at)).last().map_or(0, |at| at + 1)
        }
    }
}

/// Returns the position of the first double quote that no backslash announces.
fn closing_quote(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let found = at + memchr::memchr2(b'"', b'\\', text.as_bytes().get(at..)?)?;
        match text.as_bytes().get(found) {
            Some(b'"') => return Some(found),
            _ => at = found + 2,
        }
    }
}

fn expected(text: &str, line: &str, at: usize) -> LineMismatch {
    // Of a longer text, what still fits need not be looked at.
    let rest = line.get(at..).unwrap_or("");
    let fits = text.char_indices().zip(rest.chars()).take_while(|((_, own), other)| own == other);
    let length: usize = fits.map(|(_, other)| other.len_utf8()).sum();
    let missing = text.get(length..).unwrap_or(text);
    LineMismatch { at: at + length, reason: format!("expected '{missing}'") }
}

fn split_by_blanks(count: usize, line: &str, values: &mut Vec<Range<usize>>) -> Result<(), LineMismatch> {
    let bytes = line.as_bytes();
    let is_blank = |at: usize| matches!(bytes.get(at), Some(b' ' | b'\t'));
    let mut at = 0;
    loop {
        while is_blank(at) {
            at += 1;
        }
        if at >= bytes.len() {
            break;
        }
        if values.len() == count {
            return Err(LineMismatch { at, reason: format!("the line goes on behind its {count} fields") });
        }
        let start = at;
        if bytes.get(at) == Some(&b'"') {
            let inner = line.get(at + 1..).unwrap_or("");
            let Some(end) = doubled_quote_end(inner) else {
                return Err(LineMismatch { at, reason: "this quote is not closed".to_owned() });
            };
            values.push(start + 1..start + 1 + end);
            at = start + end + 2;
        } else {
            let rest = bytes.get(at..).unwrap_or_default();
            at += memchr::memchr2(b' ', b'\t', rest).unwrap_or(rest.len());
            values.push(start..at);
        }
    }
    match values.len() < count {
        true => {
            Err(LineMismatch { at: line.len(), reason: format!("the line has {} of {count} fields", values.len()) })
        }
        false => Ok(()),
    }
}

/// Returns the position of the quote that ends a value in which quotes are doubled.
fn doubled_quote_end(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let found = at + memchr::memchr(b'"', text.as_bytes().get(at..)?)?;
        match text.as_bytes().get(found + 1) {
            Some(b'"') => at = found + 2,
            _ => return Some(found),
        }
    }
}
