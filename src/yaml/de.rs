//! Deserialization from the tree into tolerant types: a [`Field`](crate::documents::Field) receives the node together with the value.

use std::cell::RefCell;

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor};

use super::node::{NodeId, NodeKind};
use super::scalar::{Number, ScalarType};
use super::tree::{Entry, Tree};

/// The struct name by which a type requests `{node, value}`: the number of the node, and its value.
pub const FIELD_STRUCT: &str = "$mlspec::Field";

/// The tuple struct name by which a type requests the items of a sequence, or any other node as the only item.
pub const ITEMS_STRUCT: &str = "$mlspec::Items";

/// The names of the two fields of [`FIELD_STRUCT`].
const NODE: &str = "node";
const VALUE: &str = "value";

/// Reads a typed value from a node. Descendants that do not fit their field are added to `malformed`, deeper ones first, and left out
/// of the value.
///
/// # Errors
/// If the node's own shape does not fit `T`.
pub fn from_node<T: DeserializeOwned>(
    tree: &Tree,
    node: NodeId,
    malformed: &RefCell<Vec<NodeId>>,
) -> Result<T, ReadError> {
    T::deserialize(NodeDeserializer { tree, node, malformed })
}

/// Why a value does not fit: a short clause without a place, which the caller knows.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ReadError(String);

impl de::Error for ReadError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// 2^53: below it, floats hold each whole number exactly.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

#[derive(Clone, Copy)]
struct NodeDeserializer<'t> {
    tree: &'t Tree,
    node: NodeId,
    malformed: &'t RefCell<Vec<NodeId>>,
}

impl<'t> NodeDeserializer<'t> {
    fn at(self, node: NodeId) -> Self {
        Self { node, ..self }
    }

    /// Reads a whole number, which may be written as `6000.0` or `6e3`: to a JSON Schema these are integers.
    fn deserialize_whole<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.tree.number(self.node) {
            #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53")]
            Some(Number::Float(value)) if value.fract() == 0.0 && value.abs() < MOST_EXACT => {
                visitor.visit_i64(value as i64)
            }
            _ => de::Deserializer::deserialize_any(self, visitor),
        }
    }

    fn entries(self) -> Entries<'t> {
        Entries { de: self, entries: self.tree.all_entries(self.node).iter(), value: None }
    }
}

impl<'de> de::Deserializer<'de> for NodeDeserializer<'_> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.tree.kind(self.tree.resolve(self.node)) {
            NodeKind::Mapping => visitor.visit_map(self.entries()),
            NodeKind::Sequence => visitor.visit_seq(Items { de: self, items: self.tree.items(self.node).iter() }),
            NodeKind::Alias(_) | NodeKind::Scalar(ScalarType::Null) => visitor.visit_unit(),
            NodeKind::Scalar(ScalarType::Bool) => visitor.visit_bool(self.tree.boolean(self.node).unwrap_or(false)),
            NodeKind::Scalar(ScalarType::Integer | ScalarType::Float) => match self.tree.number(self.node) {
                Some(Number::Signed(value)) => visitor.visit_i64(value),
                Some(Number::Unsigned(value)) => visitor.visit_u64(value),
                Some(Number::Float(value)) => visitor.visit_f64(value),
                None => visitor.visit_unit(),
            },
            NodeKind::Scalar(ScalarType::String) => visitor.visit_str(self.tree.text(self.node).unwrap_or("")),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        if self.tree.is_null(self.node) { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        if name == FIELD_STRUCT {
            return visitor.visit_map(NodeAndValue { de: self, next: 0 });
        }
        if !self.tree.is_mapping(self.node) {
            return self.deserialize_any(visitor);
        }
        visitor.visit_map(StructEntries { entries: self.entries(), fields, next: 0, seen: Seen::default() })
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        if name == ITEMS_STRUCT && !self.tree.is_sequence(self.node) {
            let only = if self.tree.is_null(self.node) { &[][..] } else { std::slice::from_ref(&self.node) };
            return visitor.visit_seq(Items { de: self, items: only.iter() });
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        match self.tree.string(self.node) {
            Some(text) => visitor.visit_enum(text.into_deserializer()),
            None => Err(de::Error::custom("expected a string")),
        }
    }

    /// Skips everything below the node.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_unit()
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_whole(visitor)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_whole(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i128 u8 u16 u32 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        map identifier
    }
}

/// The live entries of a mapping, keyed by canonical name.
struct Entries<'t> {
    de: NodeDeserializer<'t>,
    entries: std::slice::Iter<'t, Entry>,
    value: Option<NodeId>,
}

impl<'t> Entries<'t> {
    fn next_entry(&mut self) -> Option<&'t str> {
        let entry = self.entries.by_ref().find(|entry| entry.is_live())?;
        self.value = Some(entry.value);
        Some(self.de.tree.field_name(entry.key))
    }

    fn value(&mut self) -> Result<NodeDeserializer<'t>, ReadError> {
        let value = self.value.take().ok_or_else(|| <ReadError as de::Error>::custom("value before its key"))?;
        Ok(self.de.at(value))
    }
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ReadError> {
        match self.next_entry() {
            Some(name) => seed.deserialize(str_deserializer(name)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ReadError> {
        seed.deserialize(self.value()?)
    }
}

fn str_deserializer(text: &str) -> StrDeserializer<'_, ReadError> {
    text.into_deserializer()
}

/// The entries of a mapping that a struct has fields for, under the names of those fields, each field once.
struct StructEntries<'t> {
    entries: Entries<'t>,
    fields: &'static [&'static str],
    /// The field after the last one found: most mappings have their keys in the order of the fields.
    next: usize,
    seen: Seen,
}

/// A set of field positions.
#[derive(Default)]
struct Seen {
    first: u64,
    others: Vec<usize>,
}

impl Seen {
    /// Adds a position; returns whether it was absent.
    fn insert(&mut self, position: usize) -> bool {
        if position < u64::BITS as usize {
            let is_new = self.first & (1 << position) == 0;
            self.first |= 1 << position;
            return is_new;
        }
        let is_new = !self.others.contains(&position);
        self.others.push(position);
        is_new
    }
}

impl StructEntries<'_> {
    /// Returns the position of the field that a key stands for.
    fn position_of(&self, key: &str) -> Option<usize> {
        let (before, after) = self.fields.split_at_checked(self.next)?;
        let exact = |fields: &[&str]| fields.iter().position(|field| *field == key);
        exact(after).map(|position| before.len() + position).or_else(|| exact(before))
    }
}

impl<'de> MapAccess<'de> for StructEntries<'_> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ReadError> {
        while let Some(key) = self.entries.next_entry() {
            if let Some(position) = self.position_of(key)
                && self.seen.insert(position)
                && let Some(field) = self.fields.get(position)
            {
                self.next = position + 1;
                return seed.deserialize(str_deserializer(field)).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ReadError> {
        seed.deserialize(self.entries.value()?)
    }
}

struct Items<'t> {
    de: NodeDeserializer<'t>,
    items: std::slice::Iter<'t, NodeId>,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, ReadError> {
        self.items.next().map(|item| seed.deserialize(self.de.at(*item))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// `{node: number, value: …}` of one node.
struct NodeAndValue<'t> {
    de: NodeDeserializer<'t>,
    next: u8,
}

impl<'de> MapAccess<'de> for NodeAndValue<'_> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ReadError> {
        self.next += 1;
        match self.next {
            1 => seed.deserialize(str_deserializer(NODE)).map(Some),
            2 => seed.deserialize(str_deserializer(VALUE)).map(Some),
            _ => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ReadError> {
        match self.next {
            1 => seed.deserialize(IntoDeserializer::<ReadError>::into_deserializer(self.de.node.to_raw())),
            // The requesting field continues without the value. Null is not malformed: it means no value.
            _ => seed.deserialize(self.de).inspect_err(|_| {
                if !self.de.tree.is_null(self.de.node) {
                    self.de.malformed.borrow_mut().push(self.de.node);
                }
            }),
        }
    }
}
