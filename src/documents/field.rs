//! The building blocks of typed documents: values that know their node and tolerate missing or malformed content.
//!
//! One error must not hide another, so none of these types fails to deserialize: only the malformed value itself is missing. What is
//! wrong with it is reported by schema validation.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::json;

use crate::yaml::{FIELD_STRUCT, ITEMS_STRUCT, NodeId};

/// Marks a required property; [`schema::generate`](crate::schema) moves it to `required`.
pub(crate) const REQUIRED_MARK: &str = "x-mlspec-required";
/// Marks a property that may be null; [`schema::generate`](crate::schema) adds null to its types.
pub(crate) const OPTIONAL_MARK: &str = "x-mlspec-optional";

/// A field of a document: its node if the key is present, and its value if that is well formed. An optional field that is null is
/// absent.
#[derive(Clone, Debug)]
pub struct Field<T, const REQUIRED: bool> {
    node: Option<NodeId>,
    value: Option<T>,
}

/// A field that the schema requires.
pub type Required<T> = Field<T, true>;

/// A field that may be absent or null.
pub type Optional<T> = Field<T, false>;

impl<T, const REQUIRED: bool> Field<T, REQUIRED> {
    /// Returns the value, if it is present and well formed.
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// Returns the node of the value, if the key is present.
    #[must_use]
    pub fn node(&self) -> Option<NodeId> {
        self.node
    }

    /// Value and node, if the value is present and well formed.
    #[must_use]
    pub fn located(&self) -> Option<(&T, NodeId)> {
        Some((self.value.as_ref()?, self.node?))
    }
}

impl<T, const REQUIRED: bool> Default for Field<T, REQUIRED> {
    fn default() -> Self {
        Self { node: None, value: None }
    }
}

impl<'de, T: Deserialize<'de>, const REQUIRED: bool> Deserialize<'de> for Field<T, REQUIRED> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldVisitor<T, const REQUIRED: bool>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>, const REQUIRED: bool> Visitor<'de> for FieldVisitor<T, REQUIRED> {
            type Value = Field<T, REQUIRED>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a node of a YAML tree")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                map.next_key::<IgnoredAny>()?;
                let node = map.next_value::<u32>()?;
                map.next_key::<IgnoredAny>()?;
                if REQUIRED {
                    return Ok(Field { node: Some(NodeId::from_raw(node)), value: map.next_value::<T>().ok() });
                }
                // "An optional field that is null is an absent field."
                Ok(match map.next_value::<Option<T>>() {
                    Ok(None) => Field::default(),
                    Ok(value) => Field { node: Some(NodeId::from_raw(node)), value },
                    Err(_) => Field { node: Some(NodeId::from_raw(node)), value: None },
                })
            }
        }

        deserializer.deserialize_struct(FIELD_STRUCT, &["node", "value"], FieldVisitor(PhantomData))
    }
}

impl<T: JsonSchema, const REQUIRED: bool> JsonSchema for Field<T, REQUIRED> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = generator.subschema_for::<T>();
        let mark = if REQUIRED { REQUIRED_MARK } else { OPTIONAL_MARK };
        schema.insert(mark.to_owned(), true.into());
        schema
    }
}

/// A value and its node.
pub type Item<T> = Field<T, true>;

/// A list. A single mapping is read as a list of one, and malformed items are left out.
#[derive(Clone, Debug)]
pub struct List<T>(Vec<(NodeId, T)>);

impl<T> List<T> {
    /// Returns the well-formed items with their nodes.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, &T)> {
        self.0.iter().map(|(node, item)| (*node, item))
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

fn item_schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        OneOrMany::deserialize(deserializer).map(|OneOrMany(items)| Self(items))
    }
}

impl<T: JsonSchema> JsonSchema for List<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("ListOf{}", T::schema_name()).into()
    }

    /// A single mapping is not a list, but is subject to the same constraints as an item, so that its other errors are reported, too.
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let item = item_schema::<T>(generator);
        if item.get("$ref").is_none() {
            return json_schema!({"type": "array", "items": item});
        }
        json_schema!({"type": "array", "items": item, "if": {"type": "object"}, "then": item})
    }
}

/// One value, or a list of them, for fields that the specification writes both ways.
#[derive(Clone, Debug)]
pub struct OneOrMany<T>(Vec<(NodeId, T)>);

impl<T> OneOrMany<T> {
    /// Returns the well-formed items with their nodes.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, &T)> {
        self.0.iter().map(|(node, item)| (*node, item))
    }
}

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// The most items of a list for which memory is reserved before they are read.
const MOST_EXPECTED: usize = 64;

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ItemsVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for ItemsVisitor<T> {
            type Value = OneOrMany<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value or a list of values")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                // Room for all items of most lists, but not for a hostile list of a million malformed ones.
                let mut items = Vec::with_capacity(seq.size_hint().unwrap_or(0).min(MOST_EXPECTED));
                while let Some(item) = seq.next_element::<Item<T>>()? {
                    items.extend(item.node.zip(item.value));
                }
                Ok(OneOrMany(items))
            }
        }

        deserializer.deserialize_tuple_struct(ITEMS_STRUCT, 1, ItemsVisitor(PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for OneOrMany<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("OneOrMany{}", T::schema_name()).into()
    }

    /// `if` a list `then` its items `else` the value, so that messages are about the branch that applies.
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let item = item_schema::<T>(generator);
        json_schema!({"if": {"type": "array"}, "then": {"items": item}, "else": item})
    }
}

/// Matches the keys that belong to the user, in every mapping.
pub(crate) const EXTENSIONS: &str = "^x-";

/// Returns whether a key belongs to the user, whatever the other keys of its mapping are.
#[must_use]
pub fn is_extension(key: &str) -> bool {
    key.starts_with("x-")
}

/// Returns the next entry of a map that is no extension: whatever those hold, it is not malformed.
pub(super) fn next_own_entry<'de, A: MapAccess<'de>, T: Deserialize<'de>>(
    map: &mut A,
) -> Result<Option<(String, Item<T>)>, A::Error> {
    while let Some(name) = map.next_key::<String>()? {
        if !is_extension(&name) {
            return Ok(Some((name, map.next_value()?)));
        }
        map.next_value::<IgnoredAny>()?;
    }
    Ok(None)
}

/// A map from arbitrary names to values, in the order of the text. Malformed values are left out, and so are extensions.
#[derive(Clone, Debug)]
pub struct Map<T>(Vec<(String, NodeId, T)>);

impl<T> Map<T> {
    /// Name, node of the value, and value of each well-formed entry.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, NodeId, &T)> {
        self.0.iter().map(|(name, node, value)| (name.as_str(), *node, value))
    }

    /// Returns the value under a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0.iter().find(|(own, ..)| own == name).map(|(.., value)| value)
    }
}

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Map<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MapVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for MapVisitor<T> {
            type Value = Map<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some((name, item)) = next_own_entry::<_, T>(&mut map)? {
                    if let (Some(node), Some(value)) = (item.node, item.value) {
                        entries.push((name, node, value));
                    }
                }
                Ok(Map(entries))
            }
        }

        deserializer.deserialize_map(MapVisitor(PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for Map<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("MapOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "patternProperties": {EXTENSIONS: true},
            "additionalProperties": item_schema::<T>(generator)
        })
    }
}

/// Any value; rules that need more read its node.
#[derive(Clone, Copy, Debug, Default)]
pub struct Any;

impl<'de> Deserialize<'de> for Any {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_ignored_any(IgnoredAny).map(|_| Self)
    }
}

impl JsonSchema for Any {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Any".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({})
    }
}

/// A scalar; rules that need more read its node.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScalarValue;

impl<'de> Deserialize<'de> for ScalarValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_ignored_any(IgnoredAny).map(|_| Self)
    }
}

impl JsonSchema for ScalarValue {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ScalarValue".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": ["string", "number", "boolean"]})
    }
}

/// A map, or an equivalent list of single-key maps (`labels`, `training_params`); read through its node.
#[derive(Clone, Copy, Debug, Default)]
pub struct KeyValues;

impl<'de> Deserialize<'de> for KeyValues {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_ignored_any(IgnoredAny).map(|_| Self)
    }
}

impl JsonSchema for KeyValues {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "KeyValues".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let single_key = json!({
            "if": {"type": "object", "propertyNames": {"not": {"pattern": EXTENSIONS}}},
            "then": {
                "minProperties": 1,
                "maxProperties": 1,
                "x-mlspec-message": "an item of this list is one key with its value"
            }
        });
        json_schema!({"type": ["object", "array"], "items": {"type": ["object", "string"], "allOf": [single_key]}})
    }
}
