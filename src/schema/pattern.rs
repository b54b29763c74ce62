//! The keyword `pattern`, without a regular expression where a text obviously has the form.
//!
//! Nearly all values are fine, and a few comparisons show it. To compile the expressions takes longer than to check a small file, and to
//! run them a third of validation.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jsonschema::json::Node;
use jsonschema::paths::Location;
use jsonschema::{Keyword, ValidationError, Validator};
use serde_json::{Map, Value, json};

use super::validate::SMALLEST_DIALECT;
use crate::documents::common::patterns;
use crate::yaml::json::{TreeJson, View};

/// The name of the keyword, by which violations are known.
pub(super) const KEYWORD: &str = "pattern";

/// Whether a text obviously matches a pattern. `false` means that the expression decides.
type Form = fn(&[u8]) -> bool;

const FORMS: &[(&str, Form)] = &[
    (patterns::NOT_BLANK, |text| text.first().is_some_and(u8::is_ascii_graphic)),
    (patterns::REFERENCE, is_word_without_at),
    (patterns::PERSON, is_word_without_at),
    (patterns::NAME, |text| {
        text.first().is_some_and(u8::is_ascii_alphanumeric)
            && text.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    }),
    (patterns::TIMESTAMP, is_timestamp),
    (patterns::DATE, |text| is_day(text) || is_timestamp(text)),
    (patterns::DIGEST, |text| {
        text.strip_prefix(b"sha256:").is_some_and(|hex| hex.len() == 64 && hex.iter().all(u8::is_ascii_hexdigit))
    }),
];

fn is_word_without_at(text: &[u8]) -> bool {
    text.first().is_some_and(u8::is_ascii_graphic) && !text.contains(&b'@')
}

fn is_day(text: &[u8]) -> bool {
    match *text {
        [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] => {
            [y1, y2, y3, y4].iter().all(u8::is_ascii_digit)
                && matches!((m1, m2), (b'0', b'1'..=b'9') | (b'1', b'0'..=b'2'))
                && matches!((d1, d2), (b'0', b'1'..=b'9') | (b'1' | b'2', b'0'..=b'9') | (b'3', b'0' | b'1'))
        }
        _ => false,
    }
}

/// Whether a text is a date and a time to the second in UTC, as most are written.
fn is_timestamp(text: &[u8]) -> bool {
    let Some((day, time)) = text.split_at_checked(10) else { return false };
    match *time {
        [b'T', h1, h2, b':', m1, m2, b':', s1, s2, b'Z'] => {
            matches!((h1, h2), (b'0' | b'1', b'0'..=b'9') | (b'2', b'0'..=b'3'))
                && matches!((m1, m2), (b'0'..=b'5', b'0'..=b'9'))
                && matches!((s1, s2), (b'0'..=b'5', b'0'..=b'9'))
                && is_day(day)
        }
        _ => false,
    }
}

/// A pattern of the schemas.
struct Pattern {
    form: Option<Form>,
    pattern: String,
    /// Compiled when a text needs it.
    validator: OnceLock<Option<Validator<TreeJson>>>,
}

impl Pattern {
    /// Returns a pattern, which all schemas share.
    fn shared(pattern: &str) -> Arc<Self> {
        static PATTERNS: Mutex<BTreeMap<String, Arc<Pattern>>> = Mutex::new(BTreeMap::new());
        let mut patterns = PATTERNS.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || {
            let form = FORMS.iter().find(|(own, _)| *own == pattern).map(|(_, form)| *form);
            Arc::new(Self { form, pattern: pattern.to_owned(), validator: OnceLock::new() })
        };
        Arc::clone(patterns.entry(pattern.to_owned()).or_insert_with(new))
    }

    fn matches(&self, value: View<'_>) -> bool {
        let Some(text) = value.as_string() else { return true };
        self.form.is_some_and(|form| form(text.as_bytes())) || {
            let compiled = self.validator.get_or_init(|| {
                let schema = json!({"$schema": SMALLEST_DIALECT, KEYWORD: self.pattern});
                jsonschema::options_for::<TreeJson>().offline().build(&schema).ok()
            });
            compiled.as_ref().is_none_or(|validator| validator.is_valid(value))
        }
    }
}

/// The keyword in one place of a schema.
struct PatternKeyword(Arc<Pattern>);

impl<'i> Keyword<'i, TreeJson> for PatternKeyword {
    fn validate(&self, value: View<'i>) -> Result<(), ValidationError<'i>> {
        match self.0.matches(value) {
            true => Ok(()),
            false => Err(ValidationError::custom("the pattern does not match")),
        }
    }

    fn is_valid(&self, value: View<'i>) -> bool {
        self.0.matches(value)
    }
}

/// Returns the keyword with the value that a schema gives it.
pub(super) fn keyword<'a>(
    _: &'a Map<String, Value>,
    pattern: &'a Value,
    _: Location,
) -> Result<Box<dyn for<'i> Keyword<'i, TreeJson>>, ValidationError<'a>> {
    match pattern.as_str() {
        Some(pattern) => Ok(Box::new(PatternKeyword(Pattern::shared(pattern)))),
        None => Err(ValidationError::custom("a pattern is a string")),
    }
}

/// Whether a text is a regular expression for those who validate with JSON Schema, which reads those of JavaScript.
#[must_use]
pub fn is_regular_expression(text: &str) -> bool {
    jsonschema::options().offline().build(&json!({"pattern": text})).is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Returns whether a text matches a pattern, as any validator of JSON Schema says.
    fn matches(pattern: &str, text: &str) -> bool {
        jsonschema::is_valid(&json!({"pattern": pattern}), &json!(text))
    }

    #[test]
    fn usual_values_need_no_expression() {
        for (pattern, text) in [
            (patterns::NOT_BLANK, "credit"),
            (patterns::REFERENCE, "card-holdback"),
            (patterns::PERSON, "Risk models"),
            (patterns::NAME, "card-default_2"),
            (patterns::TIMESTAMP, "2026-08-22T09:30:00Z"),
            (patterns::DATE, "2026-08-22"),
            (patterns::DIGEST, "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        ] {
            let form = FORMS.iter().find(|(own, _)| *own == pattern).unwrap().1;
            assert!(form(text.as_bytes()) && matches(pattern, text), "{pattern} {text}");
        }
    }

    proptest! {
        #[test]
        fn what_obviously_has_a_form_matches_its_pattern(
            text in prop_oneof![
                "[ a@\u{a0}\n<]{0,6}",
                "[0-9]{4}-[0-3][0-9]-[0-4][0-9]",
                "[0-9]{4}-[0-1][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9]:[0-6][0-9][Zz]",
                "sha256:[0-9a-fA-Fg]{63,65}",
                "[a-c_ é-]{0,6}",
            ]
        ) {
            for (pattern, form) in FORMS {
                prop_assert!(!form(text.as_bytes()) || matches(pattern, &text), "{} {:?}", pattern, text);
            }
        }
    }
}
