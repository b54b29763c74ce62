//! The line of the cursor, and what can be a key there.

use crate::text::{Source, Span, offset as to_offset};

/// The line of the cursor.
pub(super) struct CursorLine<'s> {
    /// What is before the cursor.
    pub before: &'s str,
    /// What is behind the cursor.
    pub after: &'s str,
    /// The byte of the cursor in the text.
    pub offset: u32,
}

/// What can be a key at the cursor.
pub(super) struct KeyWord {
    pub span: Span,
    pub is_quoted: bool,
    pub has_colon: bool,
    pub is_in_braces: bool,
    /// How many columns behind the first character of its line it begins.
    pub beyond: usize,
}

impl<'s> CursorLine<'s> {
    pub fn of(source: &'s Source, offset: u32) -> Self {
        let line = source.line_span(source.line_index(offset));
        let before = source.slice(Span::new(line.start, offset.min(line.end)));
        Self { before, after: source.slice(Span::new(offset.min(line.end), line.end)), offset }
    }

    /// Returns the part of the line before the cursor that `is_part`, and the part behind it.
    pub fn word(&self, is_part: impl Fn(char) -> bool) -> Span {
        let before = self.before.len() - self.before.trim_end_matches(&is_part).len();
        let after = self.after.len() - self.after.trim_start_matches(&is_part).len();
        Span::new(self.offset.saturating_sub(to_offset(before)), self.offset + to_offset(after))
    }

    pub fn key(&self) -> Option<KeyWord> {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let mut start = self.before.trim_end_matches(is_part).len();
        // `-` of an item is no part of a name.
        let word = self.before.get(start..)?;
        start += word.len() - word.trim_start_matches('-').len();
        let after = self.after.len() - self.after.trim_start_matches(is_part).len();
        let (mut rest, mut end) = (self.after.get(after..)?, self.offset + to_offset(after));
        let mut lead = self.before.get(..start)?;
        let is_quoted = lead.ends_with('"');
        if is_quoted {
            lead = lead.get(..lead.len() - 1)?;
            start -= 1;
            if let Some(behind) = rest.strip_prefix('"') {
                rest = behind;
                end += 1;
            }
        }
        let indent = lead.len() - lead.trim_start_matches(' ').len();
        let dashes = lead.get(indent..)?;
        let is_block = dashes.split(' ').all(|part| part.is_empty() || part == "-");
        let is_in_braces = lead.trim_end().ends_with(['{', ',']);
        if !is_block && !is_in_braces {
            return None;
        }
        let has_colon = rest.trim_start().starts_with(':');
        let ends = rest.trim_start().is_empty() || rest.trim_start().starts_with('#');
        let is_key = has_colon || ends || is_in_braces && rest.trim_start().starts_with(['}', ',']);
        let span = Span::new(self.offset - to_offset(self.before.len() - start), end);
        is_key.then_some(KeyWord { span, is_quoted, has_colon, is_in_braces, beyond: dashes.len() })
    }
}
