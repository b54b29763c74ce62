//! Values that the specification writes in more than one form.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::datapath::Datapath;
use super::field::{EXTENSIONS, Item, next_own_entry};
use crate::yaml::NodeId;

/// Named things: a map from name to thing, or a list of things with a `name`. Malformed ones are left out.
#[derive(Clone, Debug)]
pub struct Named<T>(Vec<(Option<String>, NodeId, T)>);

impl<T> Named<T> {
    /// Returns the key (in a map; `None` in a list), node and value of each well-formed thing, in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = (Option<&str>, NodeId, &T)> {
        self.0.iter().map(|(key, node, value)| (key.as_deref(), *node, value))
    }
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de> + Clone> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NamedVisitor(PhantomData)).map(Self)
    }
}

struct NamedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de> + Clone> Visitor<'de> for NamedVisitor<T> {
    type Value = Vec<(Option<String>, NodeId, T)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map or a list")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some((name, item)) = next_own_entry::<_, T>(&mut map)? {
            entries.extend(item.located().map(|(value, node)| (Some(name), node, value.clone())));
        }
        Ok(entries)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(item) = seq.next_element::<Item<T>>()? {
            entries.extend(item.located().map(|(value, node)| (None, node, value.clone())));
        }
        Ok(entries)
    }
}

impl<T: JsonSchema> JsonSchema for Named<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Named{}", T::schema_name()).into()
    }

    /// In a list, a thing needs its `name`; in a map, its key is the name.
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let thing = generator.subschema_for::<T>();
        let mut item = thing.clone();
        item.insert("required".to_owned(), serde_json::json!(["name"]));
        json_schema!({"type": ["array", "object"], "items": item, "patternProperties": {EXTENSIONS: true}, "additionalProperties": thing})
    }
}

/// A reference to data: text that names or locates it, or a datapath as a mapping.
#[derive(Clone, Debug)]
pub enum DataPlace {
    /// A name, a reference or a path, depending on the field.
    Text(String),
    /// A place in a datastore.
    Datapath(Box<Datapath>),
}

/// The keys of [`Datapath`], for which the deserializer accepts every spelling.
const DATAPATH_KEYS: &[&str] = &["mlSpecVersion", "kind", "DataStore", "RelativePath", "Table", "Query"];

impl<'de> Deserialize<'de> for DataPlace {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PlaceVisitor;

        impl<'de> Visitor<'de> for PlaceVisitor {
            type Value = DataPlace;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text or a datapath")
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(DataPlace::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                Datapath::deserialize(MapAccessDeserializer::new(map)).map(|path| DataPlace::Datapath(Box::new(path)))
            }
        }

        deserializer.deserialize_struct("Datapath", DATAPATH_KEYS, PlaceVisitor)
    }
}

impl JsonSchema for DataPlace {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "DataPlace".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let datapath = generator.subschema_for::<Datapath>();
        json_schema!({
            "type": ["string", "object"],
            "minLength": 1,
            "x-mlspec-rule": {"minLength": "document/missing-required"},
            "if": {"type": "object"},
            "then": datapath
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_of_a_datapath_are_those_of_its_type() {
        let schema = schemars::schema_for!(Datapath).to_value();
        let keys: Vec<&str> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, DATAPATH_KEYS);
    }
}
