//! How the keys of documents are spelt: the canonical spelling, other case styles, and the specification's own misspellings.

/// Two spellings of one field that the specification uses side by side; either is accepted silently.
const SYNONYMS: &[(&str, &str)] = &[
    ("id", "Id"),
    ("name", "Name"),
    ("description", "Description"),
    ("status", "state"),
    ("status", "Status"),
    ("state", "Status"),
];

/// Spellings of the specification's text that its canonical spelling replaces: (as written, canonical).
pub const MISSPELT: &[(&str, &str)] = &[
    ("endpoing", "endpoint"),
    ("secorable_model_local", "scorable_model_local"),
    ("model_feature_schema_source", "model_features_schema_source"),
    ("data_stores_file_paths", "data_store_file_paths"),
    ("training_data_url", "url"),
    ("metrics_type", "type"),
    ("directory", "in"),
    ("requestLatency", "requestLatencyMs"),
    ("inferenceLatency", "requestLatencyMs"),
];

/// The field that a key means: itself, the same words in another case style, or a known synonym or misspelling.
#[must_use]
pub fn field_for(key: &str, fields: &'static [&'static str]) -> Option<&'static str> {
    let known = |name: &str| fields.iter().copied().find(|field| *field == name);
    known(key)
        .or_else(|| fields.iter().copied().find(|field| same_words(field, key)))
        .or_else(|| synonyms_of(key).find_map(known))
        .or_else(|| MISSPELT.iter().filter(|(wrong, _)| *wrong == key).find_map(|(_, canonical)| known(canonical)))
}

/// The spellings that the specification uses for a field beside this one.
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

/// Whether two keys are the same words in possibly different case styles: `dateGenerated` and `date_generated`.
#[must_use]
pub fn same_words(a: &str, b: &str) -> bool {
    fn letters(key: &str) -> impl Iterator<Item = u8> + '_ {
        key.bytes().filter(|byte| !matches!(byte, b'_' | b'-')).map(|byte| byte.to_ascii_lowercase())
    }
    // Most keys differ in their first letter.
    letters(a).next() == letters(b).next() && letters(a).eq(letters(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn synonyms_begin_with_the_same_letter() {
        for (a, b) in SYNONYMS {
            assert!(a[..1].eq_ignore_ascii_case(&b[..1]), "{a} and {b}");
        }
    }

    #[test]
    fn keys_find_their_field_in_any_case_style() {
        const FIELDS: &[&str] = &["mlSpecVersion", "experiment_id", "state", "endpoint"];
        assert_eq!(field_for("mlspec_version", FIELDS), Some("mlSpecVersion"));
        assert_eq!(field_for("ExperimentId", FIELDS), Some("experiment_id"));
        assert_eq!(field_for("Status", FIELDS), Some("state"));
        assert_eq!(field_for("status", FIELDS), Some("state"));
        assert_eq!(field_for("endpoing", FIELDS), Some("endpoint"));
        assert_eq!(field_for("other", FIELDS), None);
    }
}
