//! Rules about ids, names and other identifiers.

pub mod artifact_name_not_unique;
pub mod description_too_long;
pub mod duplicate_id;
pub mod id_form;
pub mod id_too_long;
pub mod invalid_bucket_or_path;
pub mod invalid_uri;
pub mod model_identifier;
pub mod name_characters;
pub mod name_not_unique;
pub mod name_too_long;

use crate::rules::Rule;
use crate::rules::document::placeholder_value::is_placeholder;

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &artifact_name_not_unique::ARTIFACT_NAME_NOT_UNIQUE,
    &description_too_long::DESCRIPTION_TOO_LONG,
    &duplicate_id::DUPLICATE_ID,
    &id_form::ID_FORM,
    &id_too_long::ID_TOO_LONG,
    &invalid_bucket_or_path::INVALID_BUCKET_OR_PATH,
    &invalid_uri::INVALID_URI,
    &model_identifier::MODEL_IDENTIFIER,
    &name_characters::NAME_CHARACTERS,
    &name_not_unique::NAME_NOT_UNIQUE,
    &name_too_long::NAME_TOO_LONG,
];

/// Whether a part of a value is filled in later: `${…}`, `$NAME`, `{{…}}`, `{…}`, `<…>`. The schemas use the same criterion.
fn is_template(text: &str) -> bool {
    text.contains(['$', '<', '{'])
}

/// Whether a value is not final yet: empty, a placeholder, or filled in by a tool.
pub(crate) fn is_given_later(text: &str) -> bool {
    text.is_empty() || is_placeholder(text) || is_template(text)
}

/// Replaces each run of characters that a name may not contain with a hyphen. `None` if no letter or digit is left.
fn slug(text: &str, is_allowed: fn(char) -> bool) -> Option<String> {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars() {
        if is_allowed(c) && (c != '-' || !slug.ends_with('-')) {
            slug.push(c);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_start_matches(['-', '_']).trim_end_matches('-');
    (!slug.is_empty()).then(|| slug.to_owned())
}
