//! The tree as JSON, for schema validation in place: aliases are followed, merge keys applied, and the last of two equal keys wins.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node, NodeIdentity, Object};
use serde_json::{Map, Value};

use super::node::{NodeId, NodeKind};
use super::scalar::{Number, ScalarType};
use super::tree::{Entry, Tree};

/// The representation of [`Tree`] nodes as JSON values.
pub struct TreeJson;

/// One value: a node of a tree, or a bare string (a property name).
#[derive(Clone, Copy)]
pub enum View<'a> {
    /// A node.
    Node(&'a Tree, NodeId),
    /// A string outside of any tree.
    Str(&'a str),
}

impl<'a> View<'a> {
    /// Creates the view of a node; an alias is followed.
    #[must_use]
    pub fn new(tree: &'a Tree, id: NodeId) -> Self {
        View::Node(tree, tree.resolve(id))
    }
}

impl Json for TreeJson {
    type Node<'a> = View<'a>;
    type PreparedKey = String;
    const KEYS_PER_LOOKUP: usize = 4;
    type StringBuffer = String;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>(buffer: &mut String, string: &str, f: impl FnOnce(View<'_>) -> T) -> T {
        buffer.clear();
        buffer.push_str(string);
        f(View::Str(buffer))
    }
}

/// A mapping, by its entries.
#[derive(Clone, Copy)]
pub struct MappingView<'a> {
    tree: &'a Tree,
    node: NodeId,
    entries: &'a [Entry],
}

/// A sequence, by its items.
#[derive(Clone, Copy)]
pub struct SequenceView<'a>(&'a Tree, &'a [NodeId]);

impl<'a> Node<'a, TreeJson> for View<'a> {
    type Object = MappingView<'a>;
    type Array = SequenceView<'a>;
    type Number = Number;

    fn as_object(&self) -> Option<MappingView<'a>> {
        match *self {
            View::Node(tree, id) if tree.kind(id) == NodeKind::Mapping => {
                Some(MappingView { tree, node: id, entries: tree.all_entries(id) })
            }
            _ => None,
        }
    }

    fn as_array(&self) -> Option<SequenceView<'a>> {
        match *self {
            View::Node(tree, id) if tree.kind(id) == NodeKind::Sequence => Some(SequenceView(tree, tree.items(id))),
            _ => None,
        }
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match *self {
            View::Node(tree, id) => tree.string(id).map(Cow::Borrowed),
            View::Str(text) => Some(Cow::Borrowed(text)),
        }
    }

    fn as_number(&self) -> Option<Number> {
        match *self {
            View::Node(tree, id) => tree.number(id),
            View::Str(_) => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match *self {
            View::Node(tree, id) => tree.boolean(id),
            View::Str(_) => None,
        }
    }

    fn is_null(&self) -> bool {
        self.json_type() == JsonType::Null
    }

    fn is_number(&self) -> bool {
        self.json_type() == JsonType::Number
    }

    fn json_type(&self) -> JsonType {
        match *self {
            View::Str(_) => JsonType::String,
            View::Node(tree, id) => match tree.kind(id) {
                NodeKind::Scalar(ScalarType::Null) | NodeKind::Alias(_) => JsonType::Null,
                NodeKind::Scalar(ScalarType::Bool) => JsonType::Boolean,
                NodeKind::Scalar(ScalarType::Integer | ScalarType::Float) => match is_number(tree, id) {
                    true => JsonType::Number,
                    false => JsonType::Null,
                },
                NodeKind::Scalar(ScalarType::String) => JsonType::String,
                NodeKind::Sequence => JsonType::Array,
                NodeKind::Mapping => JsonType::Object,
            },
        }
    }

    /// Enumerations and constants compare often and small, so a scalar is compared without copying the value.
    fn equals_value(&self, expected: &Value) -> bool {
        match expected {
            Value::String(text) => self.as_string().is_some_and(|own| own == text.as_str()),
            Value::Bool(value) => self.as_boolean() == Some(*value),
            Value::Null => self.is_null(),
            _ => jsonschema::json::cmp::equal(&self.to_value(), expected),
        }
    }

    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(match *self {
            View::Str(text) => Value::String(text.to_owned()),
            View::Node(tree, id) => to_value(tree, id),
        })
    }

    fn identity(&self) -> Option<NodeIdentity> {
        match *self {
            View::Node(tree, id) => Some(NodeIdentity::tagged(std::ptr::from_ref(tree) as usize, id.to_raw())),
            View::Str(_) => None,
        }
    }
}

/// Returns whether a scalar of a number type has a value. It has none with a tag such as `!!int x`, or if it is octal or hexadecimal with
/// too many digits; the type is requested so often that other scalars are not parsed to find out.
fn is_number(tree: &Tree, id: NodeId) -> bool {
    const SHORTEST_TOO_LARGE: usize = "0x10000000000000000".len();
    let fits = |text: &str| text.len() < SHORTEST_TOO_LARGE;
    (!tree.is_tagged(id) && tree.text(id).is_some_and(fits)) || tree.number(id).is_some()
}

/// Copies a node to a JSON value; infinite and NaN numbers, which JSON lacks, become null.
#[must_use]
pub fn to_value(tree: &Tree, id: NodeId) -> Value {
    let id = tree.resolve(id);
    match tree.kind(id) {
        NodeKind::Sequence => tree.items(id).iter().map(|item| to_value(tree, *item)).collect(),
        NodeKind::Mapping => {
            let members =
                tree.entries(id).map(|entry| (tree.field_name(entry.key).to_owned(), to_value(tree, entry.value)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        NodeKind::Alias(_) | NodeKind::Scalar(ScalarType::Null) => Value::Null,
        NodeKind::Scalar(ScalarType::Bool) => Value::Bool(tree.boolean(id).unwrap_or(false)),
        NodeKind::Scalar(ScalarType::Integer | ScalarType::Float) => {
            tree.number(id).and_then(Number::to_json).map_or(Value::Null, Value::Number)
        }
        NodeKind::Scalar(ScalarType::String) => Value::String(tree.text(id).unwrap_or("").to_owned()),
    }
}

impl Number {
    fn to_json(self) -> Option<serde_json::Number> {
        match self {
            Self::Signed(value) => Some(value.into()),
            Self::Unsigned(value) => Some(value.into()),
            Self::Float(value) => serde_json::Number::from_f64(value),
        }
    }
}

impl JsonNumber for Number {
    fn as_u64(&self) -> Option<u64> {
        match *self {
            Self::Signed(value) => u64::try_from(value).ok(),
            Self::Unsigned(value) => Some(value),
            Self::Float(_) => None,
        }
    }

    fn as_i64(&self) -> Option<i64> {
        match *self {
            Self::Signed(value) => Some(value),
            _ => None,
        }
    }

    fn as_f64(&self) -> Option<f64> {
        Some(Number::as_f64(*self))
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Owned(match self {
            Self::Signed(value) => value.to_string(),
            Self::Unsigned(value) => value.to_string(),
            Self::Float(value) => value.to_string(),
        })
    }

    fn to_number(&self) -> Cow<'_, serde_json::Number> {
        Cow::Owned(self.to_json().unwrap_or_else(|| 0.into()))
    }

    fn is_integer(&self) -> bool {
        match self {
            Self::Float(value) => value.is_finite() && value.fract() == 0.0,
            _ => true,
        }
    }
}

impl<'a> Object<'a, TreeJson> for MappingView<'a> {
    type Node = View<'a>;
    type MemberName = &'a str;
    type MembersIter = Members<'a>;

    fn len(&self) -> usize {
        self.entries.iter().filter(|entry| entry.is_live()).count()
    }

    fn is_empty(&self) -> bool {
        !self.entries.iter().any(Entry::is_live)
    }

    fn get(&self, key: &String) -> Option<View<'a>> {
        self.tree.get(self.node, key).map(|entry| View::new(self.tree, entry.value))
    }

    fn members(&self) -> Members<'a> {
        Members(self.tree, self.entries.iter())
    }
}

/// The members of a mapping, in the order of the text.
pub struct Members<'a>(&'a Tree, std::slice::Iter<'a, Entry>);

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, View<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let entry = self.1.by_ref().find(|entry| entry.is_live())?;
        Some((self.0.field_name(entry.key), View::new(self.0, entry.value)))
    }
}

impl<'a> Array<'a, TreeJson> for SequenceView<'a> {
    type Node = View<'a>;
    type ElementsIter = Elements<'a>;

    fn len(&self) -> usize {
        self.1.len()
    }

    fn elements(&self) -> Elements<'a> {
        Elements(self.0, self.1.iter())
    }
}

/// The items of a sequence.
pub struct Elements<'a>(&'a Tree, std::slice::Iter<'a, NodeId>);

impl<'a> Iterator for Elements<'a> {
    type Item = View<'a>;

    fn next(&mut self) -> Option<View<'a>> {
        self.1.next().map(|item| View::new(self.0, *item))
    }
}
