//! How the keys of documents are spelled: the canonical spelling, other case styles, and the specification's own misspellings.

use std::borrow::Cow;

/// Two spellings of one field that the specification uses side by side; either is accepted silently.
const SYNONYMS: &[(&str, &str)] = &[
    ("id", "Id"),
    ("name", "Name"),
    ("description", "Description"),
    ("status", "state"),
    ("status", "Status"),
    ("state", "Status"),
];

/// Spellings in the specification's text that its canonical spelling replaces: (as written, canonical).
pub const MISSPELT: &[(&str, &str)] = &[
    ("endpoing", "endpoint"),
    ("secorable_model_local", "scorable_model_local"),
    ("model_feature_schema_source", "model_features_schema_source"),
    ("data_stores_file_paths", "data_store_file_paths"),
    ("training_data_url", "url"),
    ("metrics_type", "type"),
    ("directory", "in"),
    ("requestLatency", "requestLatencyMs"),
    ("inferenceLatency", "inferenceLatencyMs"),
];

/// Returns the other spellings that the specification uses for a field.
pub fn synonyms_of(name: &str) -> impl Iterator<Item = &'static str> {
    SYNONYMS.iter().filter_map(move |(a, b)| {
        if *a == name {
            Some(*b)
        } else if *b == name {
            Some(*a)
        } else {
            None
        }
    })
}

/// Returns whether two keys consist of the same words, ignoring case style: `dateGenerated` and `date_generated`.
#[must_use]
pub fn same_words(a: &str, b: &str) -> bool {
    letter_bytes(a).eq(letter_bytes(b))
}

/// Returns the letters of a key without case and separators, for comparing spellings.
#[must_use]
pub fn letters(key: &str) -> Cow<'_, str> {
    match key.bytes().any(|byte| matches!(byte, b'_' | b'-') || byte.is_ascii_uppercase()) {
        false => Cow::Borrowed(key),
        true => {
            let mut letters = String::with_capacity(key.len());
            letters.extend(key.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase()));
            letters.into()
        }
    }
}

fn letter_bytes(key: &str) -> impl Iterator<Item = u8> + '_ {
    key.bytes().filter(|byte| !matches!(byte, b'_' | b'-')).map(|byte| byte.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_the_same_words_have_the_same_letters() {
        for (a, b) in [("dateGenerated", "date_generated"), ("ID", "id"), ("ml-spec-version", "mlSpecVersion")] {
            assert!(same_words(a, b), "{a} and {b}");
            assert_eq!(letters(a), letters(b));
        }
        assert!(!same_words("dates", "date"));
        assert_ne!(letters("dates"), letters("date"));
    }
}
