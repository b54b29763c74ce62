//! Rules about ingestions of data.

pub mod connector_does_not_fit;
pub mod more_written_than_read;
pub mod no_agreement;
pub mod query_not_reproducible;
pub mod sampling_without_seed;
pub mod select_all;
pub mod sharding_without_key;
pub mod synthetic_in_holdback;

use crate::rules::Rule;

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &connector_does_not_fit::CONNECTOR_DOES_NOT_FIT,
    &more_written_than_read::MORE_WRITTEN_THAN_READ,
    &no_agreement::NO_AGREEMENT,
    &query_not_reproducible::QUERY_NOT_REPRODUCIBLE,
    &sampling_without_seed::SAMPLING_WITHOUT_SEED,
    &select_all::SELECT_ALL,
    &sharding_without_key::SHARDING_WITHOUT_KEY,
    &synthetic_in_holdback::SYNTHETIC_IN_HOLDBACK,
];

/// Returns a query in lower case without its comments, and without what stands in its quotes.
fn code(query: &str) -> String {
    let mut code = String::with_capacity(query.len());
    let mut rest = query;
    while let Some(c) = rest.chars().next() {
        let (shown, length) = match c {
            '\'' | '"' | '`' => ("''", quoted(rest, c)),
            '-' if rest.starts_with("--") => (" ", rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => (" ", rest.find("*/").map_or(rest.len(), |end| end + 2)),
            _ => ("", c.len_utf8()),
        };
        code.push_str(shown);
        if shown.is_empty() {
            code.extend(c.to_lowercase());
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    code
}

/// Returns the length of what stands in quotes at the beginning of a text, with the quotes. A quote that is doubled ends one text and
/// begins the next.
fn quoted(text: &str, quote: char) -> usize {
    text.get(1..).and_then(|rest| rest.find(quote)).map_or(text.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn code_is_what_is_neither_text_nor_comment() {
        for (query, expected) in [
            ("Select a", "select a"),
            ("a -- now()\nb", "a  \nb"),
            ("a /* now()\n*/ b", "a   b"),
            ("a -- b", "a  "),
            ("a /* b", "a  "),
            ("'it''s -- now()' b", "'''' b"),
            ("\"now()\" `rand()` b", "'' '' b"),
            ("a 'b", "a ''"),
            ("a - b / c", "a - b / c"),
            ("ä 'ö' Ü", "ä '' ü"),
        ] {
            assert_eq!(code(query), expected, "{query}");
        }
    }
}
