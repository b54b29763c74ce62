//! A data schema, prepared for checking millions of values.

use regex::Regex;
use rustc_hash::FxHashSet;

use crate::data::personal::is_personal_field;
use crate::data::value::boolean;
use crate::documents::common::Share;
use crate::documents::data_schema::{
    DataField, DataFieldRole, DataSchema, DistanceLimits, FieldsMatch, LifecycleStage, ValueType,
};
use crate::documents::field::{List, Optional};
use crate::yaml::Tree;

/// A data schema, prepared for checking.
#[derive(Debug)]
pub struct PreparedSchema {
    /// Its name, for messages.
    pub name: String,
    /// How fields must match.
    pub fields_match: FieldsMatch,
    /// The texts that stand for a missing value, if it says so.
    pub missing: Option<Vec<String>>,
    /// The fields that together identify a row.
    pub primary_key: Vec<String>,
    /// The least and the greatest number of rows.
    pub rows: (Option<u64>, Option<u64>),
    /// The fields.
    pub fields: Vec<PreparedField>,
}

/// A field of a schema.
#[derive(Debug)]
pub struct PreparedField {
    /// Its name.
    pub name: String,
    /// The type of its values.
    pub value_type: ValueType,
    /// The form of its values.
    pub format: Option<String>,
    /// What it is for.
    pub role: Option<DataFieldRole>,
    /// Whether its values are never shown.
    pub is_personal: bool,
    /// Whether data must have the field.
    pub is_expected: bool,
    /// Whether data of the environment may not have it.
    pub is_refused: bool,
    /// The values that are allowed.
    pub categories: Option<Categories>,
    /// Whether each row must have a value.
    pub required: bool,
    /// Whether no value may occur twice.
    pub unique: bool,
    /// Whether numbers must be finite.
    pub finite: bool,
    /// The bounds of its numbers.
    pub bounds: NumberBounds,
    /// The bounds of the lengths of its texts, in characters.
    pub lengths: (Option<u64>, Option<u64>),
    /// A regular expression that its texts match.
    pub pattern: Option<Regex>,
    /// The least share of rows with a value.
    pub presence: Option<f64>,
    /// The least share of values among the categories.
    pub domain: Option<f64>,
    /// The greatest distances from the data that the schema was made for: name of the measure, and limit.
    pub drift: Vec<(&'static str, f64)>,
    /// The greatest distances between environments.
    pub skew: Vec<(&'static str, f64)>,
}

/// The bounds of numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct NumberBounds {
    /// The least number.
    pub minimum: Option<f64>,
    /// The greatest number.
    pub maximum: Option<f64>,
    /// All numbers are greater.
    pub exclusive_minimum: Option<f64>,
    /// All numbers are smaller.
    pub exclusive_maximum: Option<f64>,
}

/// The values that are allowed.
#[derive(Clone, Debug, Default)]
pub struct Categories {
    /// As texts.
    pub texts: FxHashSet<String>,
    /// Those that are numbers, sorted; zero has no sign.
    pub numbers: Vec<f64>,
    /// Those that are truth values.
    pub booleans: Vec<bool>,
}

impl Categories {
    /// Returns whether a value is one of them.
    #[must_use]
    pub fn contain(&self, text: &str, number: Option<f64>, boolean: Option<bool>) -> bool {
        let is_own = |number: f64| self.numbers.binary_search_by(|own| own.total_cmp(&(number + 0.0))).is_ok();
        self.texts.contains(text)
            || number.is_some_and(is_own)
            || boolean.is_some_and(|boolean| self.booleans.contains(&boolean))
    }
}

impl PreparedSchema {
    /// Prepares a schema for data of an environment; without one, fields that only some environments have may be there or not.
    #[must_use]
    pub fn new(schema: &DataSchema, tree: &Tree, environment: Option<&str>) -> Self {
        let fields = schema.fields.get().into_iter().flat_map(List::iter);
        let texts = |list: &Optional<List<String>>| {
            list.get().map(|list| List::iter(list).map(|(_, text)| text.clone()).collect::<Vec<String>>())
        };
        let keys = schema.primary_key.get().into_iter().flat_map(List::iter);
        let rows = schema.rows.get();
        Self {
            name: schema.name.get().map_or_else(|| "the schema".to_owned(), |name| name.to_string()),
            fields_match: schema.fields_match.get().copied().unwrap_or(FieldsMatch::Equal),
            missing: texts(&schema.missing_values),
            primary_key: keys.map(|(_, name)| name.to_string()).collect(),
            rows: (
                rows.and_then(|rows| rows.minimum.get().copied()),
                rows.and_then(|rows| rows.maximum.get().copied()),
            ),
            fields: fields.filter_map(|(_, field)| PreparedField::new(field, tree, environment)).collect(),
        }
        .with_required_keys()
    }

    /// What identifies a row has a value in each (Table Schema, "primaryKey").
    fn with_required_keys(mut self) -> Self {
        for field in &mut self.fields {
            field.required |= self.primary_key.contains(&field.name);
        }
        self
    }

    /// Returns the position of the field of a name.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
}

impl PreparedField {
    fn new(field: &DataField, tree: &Tree, environment: Option<&str>) -> Option<Self> {
        let constraints = field.constraints.get().cloned().unwrap_or_default();
        let share = |own: &Optional<crate::documents::data_schema::Shares>| {
            own.get().and_then(|own| own.minimum.get()).map(|share: &Share| share.get())
        };
        let is_in = |list: &Optional<List<crate::documents::common::Text>>| {
            list.get().map(|list| List::iter(list).any(|(_, name)| environment == Some(&**name)))
        };
        let (is_listed, is_left_out) = (is_in(&field.in_environments), is_in(&field.not_in));
        let is_everywhere = is_listed.is_none() && is_left_out.is_none();
        let is_here = is_listed != Some(false) && is_left_out != Some(true);
        let is_planned =
            matches!(field.lifecycle_stage.get(), Some(LifecycleStage::Planned | LifecycleStage::DebugOnly));
        let number = |own: &Optional<f64>| own.get().copied();
        // An expression that is none is a finding of the schema.
        let pattern = constraints.pattern.get().and_then(|pattern| Regex::new(&format!("^(?:{})$", &**pattern)).ok());
        Some(Self {
            name: field.name.get()?.to_string(),
            value_type: field.value_type.get().copied().unwrap_or(ValueType::Any),
            format: field.format.get().map(|format| format.to_string()),
            role: field.role.get().copied(),
            is_personal: is_personal_field(field),
            is_expected: !is_planned && (is_everywhere || (environment.is_some() && is_here)),
            is_refused: environment.is_some() && !is_here,
            categories: categories(field, tree),
            required: constraints.required.get().copied().unwrap_or(false),
            unique: constraints.unique.get().copied().unwrap_or(false),
            finite: constraints.finite.get().copied().unwrap_or(true),
            bounds: NumberBounds {
                minimum: number(&constraints.minimum),
                maximum: number(&constraints.maximum),
                exclusive_minimum: number(&constraints.exclusive_minimum),
                exclusive_maximum: number(&constraints.exclusive_maximum),
            },
            lengths: (constraints.min_length.get().copied(), constraints.max_length.get().copied()),
            pattern,
            presence: share(&field.presence),
            domain: share(&field.domain),
            drift: limits(field.drift.get()),
            skew: limits(field.skew.get()),
        })
    }
}

fn categories(field: &DataField, tree: &Tree) -> Option<Categories> {
    let list = field.categories.get()?;
    let mut own = Categories::default();
    for (node, _) in list.iter() {
        let node = tree.resolve(node);
        let Some(text) = tree.text(node) else { continue };
        own.texts.insert(text.to_owned());
        own.numbers.extend(tree.number(node).map(|number| number.as_f64() + 0.0));
        own.booleans.extend(boolean(text));
    }
    own.numbers.sort_by(f64::total_cmp);
    Some(own)
}

fn limits(own: Option<&DistanceLimits>) -> Vec<(&'static str, f64)> {
    let Some(own) = own else { return Vec::new() };
    let share = |limit: &Optional<Share>| limit.get().map(|share| share.get());
    [
        ("linf", share(&own.linf)),
        ("js_divergence", share(&own.js_divergence)),
        ("js_distance", share(&own.js_distance)),
        ("psi", own.psi.get().copied()),
        ("ks", share(&own.ks)),
        ("wasserstein", own.wasserstein.get().copied()),
    ]
    .into_iter()
    .filter_map(|(name, limit)| Some((name, limit?)))
    .collect()
}
