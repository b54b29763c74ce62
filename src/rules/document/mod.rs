//! Rules about documents in general: YAML, the kind of a document, and the fields and values that its kind allows.

pub mod duplicate_key;
pub mod empty_string;
pub mod field_spelling;
pub mod impossible_date;
pub mod invalid_format;
pub mod invalid_timestamp;
pub mod library_dialect;
pub mod looks_like;
pub mod merge_key;
pub mod misplaced_field;
pub mod missing_required;
pub mod misspelt_in_spec;
pub mod not_a_mapping;
pub mod not_allowed_value;
pub mod not_json;
pub mod not_utf8;
pub mod numeric_version;
pub mod placeholder_value;
pub mod python_tag;
pub mod reversed_range;
pub mod single_for_list;
pub mod template;
pub mod too_deep;
pub mod too_large;
pub mod too_many_findings;
pub mod undefined_alias;
pub mod unknown_field;
pub mod unknown_kind;
pub mod unreadable;
pub mod unsupported_version;
pub mod unused_anchor;
pub mod versions_disagree;
pub mod wrong_type;
pub mod yaml11_value;
pub mod yaml_syntax;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::documents::Kind;
use crate::documents::spelling::same_words;
use crate::rules::{Context, Rule};
use crate::yaml::NodeId;

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &duplicate_key::DUPLICATE_KEY,
    &empty_string::EMPTY_STRING,
    &field_spelling::FIELD_SPELLING,
    &impossible_date::IMPOSSIBLE_DATE,
    &invalid_format::INVALID_FORMAT,
    &invalid_timestamp::INVALID_TIMESTAMP,
    &library_dialect::LIBRARY_DIALECT,
    &looks_like::LOOKS_LIKE,
    &merge_key::MERGE_KEY,
    &misplaced_field::MISPLACED_FIELD,
    &missing_required::MISSING_REQUIRED,
    &misspelt_in_spec::MISSPELT_IN_SPEC,
    &not_a_mapping::NOT_A_MAPPING,
    &not_allowed_value::NOT_ALLOWED_VALUE,
    &not_json::NOT_JSON,
    &not_utf8::NOT_UTF8,
    &numeric_version::NUMERIC_VERSION,
    &placeholder_value::PLACEHOLDER_VALUE,
    &python_tag::PYTHON_TAG,
    &reversed_range::REVERSED_RANGE,
    &single_for_list::SINGLE_FOR_LIST,
    &template::TEMPLATE,
    &too_deep::TOO_DEEP,
    &too_large::TOO_LARGE,
    &too_many_findings::TOO_MANY_FINDINGS,
    &undefined_alias::UNDEFINED_ALIAS,
    &unknown_field::UNKNOWN_FIELD,
    &unknown_kind::UNKNOWN_KIND,
    &unreadable::UNREADABLE,
    &unsupported_version::UNSUPPORTED_VERSION,
    &unused_anchor::UNUSED_ANCHOR,
    &wrong_type::WRONG_TYPE,
    &versions_disagree::VERSIONS_DISAGREE,
    &yaml11_value::YAML11_VALUE,
    &yaml_syntax::YAML_SYNTAX,
];

/// A point in time: a moment, or a whole day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    day: Date,
    time: Option<Timestamp>,
}

impl Moment {
    /// Returns whether it is after another one, as far as both are known.
    pub(crate) fn is_after(self, other: Self) -> bool {
        match (self.time, other.time) {
            (Some(own), Some(other)) => own > other,
            _ => self.day > other.day,
        }
    }
}

/// Reads a day or a moment.
pub(crate) fn moment(text: &str) -> Option<Moment> {
    Some(Moment { day: crate::workspace::day(text)?, time: text.parse().ok() })
}

/// Fields that hold data and settings rather than statements about the object.
const FREE_FIELDS: &[&str] = &[
    "allowed",
    "constraints",
    "default",
    "featureValues",
    "groundTruthLabel",
    "hyperparameters",
    "input_params",
    "inputFeatures",
    "parameters",
    "params",
    "prediction",
    "properties",
    "slice",
    "tags",
    "training_params",
    "values",
];

/// Whether a value is one of the data that the document describes: nobody has written it, and nobody can change it here.
pub(crate) fn is_value_of_data(cx: &Context<'_>, node: NodeId) -> bool {
    let fields: &[&str] = match cx.kind {
        Kind::Profile => &["top"],
        Kind::DataSchema => &["categories", "example", "missingValues"],
        _ => return false,
    };
    cx.keys_above(node).any(|name| fields.contains(&name))
}

/// Whether a value is free-form, so that an empty or unusual one can be intended: the value of a tag, a parameter or a feature, or anything
/// in an extension.
pub(crate) fn is_free(cx: &Context<'_>, node: NodeId) -> bool {
    if is_value_of_data(cx, node) {
        return true;
    }
    let is_pair = |mapping| cx.tree.get(mapping, "key").is_some() && cx.tree.get(mapping, "value").is_some();
    if cx.parent(node).is_some_and(is_pair) {
        return cx.key_name(node) == "value";
    }
    cx.keys_above(node).any(|name| name.starts_with("x-") || FREE_FIELDS.iter().any(|field| same_words(field, name)))
}
