//! Changes to a text.

use super::Span;

/// A replacement of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes to replace; empty to insert.
    pub span: Span,
    /// The replacement.
    pub text: String,
}

/// Returns the text with the edits, given in any order, applied. `None` if two of them overlap or one does not fit the text.
#[must_use]
pub fn apply<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> Option<String> {
    let mut edits: Vec<&Edit> = edits.into_iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        result.push_str(text.get(at..edit.span.start as usize)?);
        result.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    result.push_str(text.get(at..)?);
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: u32, end: u32, text: &str) -> Edit {
        Edit { span: Span::new(start, end), text: text.to_owned() }
    }

    #[test]
    fn edits_are_applied_in_the_order_of_the_text() {
        assert_eq!(apply("abcd", &[edit(3, 4, "D"), edit(0, 1, ""), edit(2, 2, "-")]).as_deref(), Some("b-cD"));
    }

    #[test]
    fn edits_that_overlap_or_do_not_fit_are_refused() {
        assert_eq!(apply("abcd", &[edit(0, 2, "x"), edit(1, 3, "y")]), None);
        assert_eq!(apply("abcd", &[edit(3, 9, "x")]), None);
        assert_eq!(apply("é", &[edit(1, 2, "x")]), None);
    }
}
