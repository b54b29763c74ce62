//! The values of one record, looked up by the names of fields, as they are written.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::fields::{RecordSection, fields_of};
use crate::documents::spelling::{MISSPELT, same_words};

/// A field of records, or a feature of a model.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RecordField {
    /// A field of the record itself, or of a section of it, whichever place it stands at.
    Own(&'static str),
    /// The model that answered, as `name/version`.
    Model,
    /// The part of it before the slash.
    ModelName,
    /// The part of it behind the slash.
    ModelVersion,
    /// A feature of the model, in `inputFeatures` or `inputs`.
    Feature(String),
    /// An entry of `metadata`.
    Metadata(String),
}

/// The sections of a record, with their keys.
const SECTIONS: [(&str, RecordSection); 7] = [
    ("applicationInfo", RecordSection::Application),
    ("requestInfo", RecordSection::Request),
    ("resultInfo", RecordSection::Result),
    ("modelInfo", RecordSection::Model),
    ("inputs", RecordSection::Inputs),
    ("prediction", RecordSection::Prediction),
    ("provenance", RecordSection::Provenance),
];

impl RecordField {
    /// Returns the field of a name: `requestInfo.requestLatencyMs`, `requestLatencyMs`, `modelVersion`, `inputFeatures.income`, or, for a
    /// feature, `income`.
    #[must_use]
    pub fn named(name: &str) -> Self {
        match name {
            "modelId" | "modelInfo.models" | "models" => return Self::Model,
            "modelName" => return Self::ModelName,
            "modelVersion" => return Self::ModelVersion,
            _ => {}
        }
        if let Some((section, rest)) = name.split_once('.') {
            match section {
                "inputFeatures" | "inputs" => return Self::Feature(rest.to_owned()),
                "metadata" => return Self::Metadata(rest.to_owned()),
                _ => {}
            }
            let own = SECTIONS.iter().find(|(key, _)| *key == section).map(|(_, section)| fields_of(*section));
            let own = own.and_then(|fields| fields.iter().find(|(field, _)| *field == rest));
            return own.map_or_else(|| Self::Feature(name.to_owned()), |(field, _)| Self::Own(field));
        }
        let all = std::iter::once(RecordSection::Top).chain(SECTIONS.iter().map(|(_, section)| *section));
        let own = all.flat_map(fields_of).find(|(field, _)| *field == name && !is_section(field));
        own.map_or_else(|| Self::Feature(name.to_owned()), |(field, _)| Self::Own(field))
    }

    /// Returns the unit of its values; `None` if it has none of its own.
    #[must_use]
    pub fn unit(&self) -> Option<&'static str> {
        match self {
            Self::Own("requestLatencyMs" | "inferenceLatencyMs") => Some("ms"),
            Self::Own("resultSizeInBytes") => Some("B"),
            _ => None,
        }
    }
}

/// Returns the name of the field that a key of a record means; `None` if it has parts with names of their own, is no field, or says how the others
/// are read.
fn own_name(key: &str) -> Option<&'static str> {
    let all =
        || std::iter::once(RecordSection::Top).chain(SECTIONS.iter().map(|(_, section)| *section)).flat_map(fields_of);
    let exact = all().find(|(name, _)| *name == key);
    let (name, _) = exact.or_else(|| all().find(|(name, _)| is_called(key, name)))?;
    match *name {
        "models" | "modelId" => Some("modelId"),
        "predictionData" => Some("prediction"),
        "mlSpecVersion" | "featureNames" | "featureValues" => None,
        name => Some(name).filter(|name| !is_section(name)),
    }
}

fn is_section(name: &str) -> bool {
    matches!(name, "inputFeatures" | "metadata" | "chain" | "predictionExplanation")
        || name != "prediction" && SECTIONS.iter().any(|(key, _)| *key == name)
}

/// A value of a record.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordValue<'l> {
    /// There is none, or null.
    Missing,
    /// A number, as it is written.
    Number(&'l str),
    /// A text.
    Text(Cow<'l, str>),
    /// A truth value.
    Boolean(bool),
    /// A list or a map, as it is written.
    Other(&'l str),
}

impl<'l> RecordValue<'l> {
    fn of(raw: &'l RawValue) -> Self {
        let text = raw.get();
        match text.as_bytes().first() {
            Some(b'"') => text_of(raw).map_or(Self::Missing, Self::Text),
            Some(b'n') => Self::Missing,
            Some(b't') => Self::Boolean(true),
            Some(b'f') => Self::Boolean(false),
            Some(b'{' | b'[') => Self::Other(text),
            _ => Self::Number(text),
        }
    }

    /// Returns the value as a text that tells it from others; `None` if there is none.
    #[must_use]
    pub fn written(&self) -> Option<&str> {
        match self {
            Self::Missing => None,
            Self::Number(text) | Self::Other(text) => Some(text),
            Self::Text(text) => Some(text),
            Self::Boolean(true) => Some("true"),
            Self::Boolean(false) => Some("false"),
        }
    }
}

/// Returns a text without its quotes and escapes.
fn text_of(raw: &RawValue) -> Option<Cow<'_, str>> {
    let text = raw.get();
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    match inner.contains('\\') {
        false => Some(Cow::Borrowed(inner)),
        true => serde_json::from_str::<String>(text).ok().map(Cow::Owned),
    }
}

type Entry<'l> = (Cow<'l, str>, &'l RawValue);

/// The fields of one record.
pub struct RecordView<'l> {
    top: Vec<Entry<'l>>,
    /// The entries of the sections, as far as they are mappings.
    sections: Vec<(&'static str, Vec<Entry<'l>>)>,
    features: Vec<Entry<'l>>,
    names: Vec<&'l RawValue>,
    values: Vec<&'l RawValue>,
    metadata: Vec<Entry<'l>>,
}

impl<'l> RecordView<'l> {
    /// Reads a line; `None` if it is no JSON object.
    #[must_use]
    pub fn of(line: &'l str) -> Option<Self> {
        let mut view = Self {
            top: entries(line)?,
            sections: Vec::new(),
            features: Vec::new(),
            names: Vec::new(),
            values: Vec::new(),
            metadata: Vec::new(),
        };
        for (key, value) in &view.top {
            let raw = value.get();
            if !raw.starts_with('{') {
                continue;
            }
            if is_called(key, "inputFeatures") {
                view.features = entries(raw)?;
            } else if is_called(key, "metadata") {
                view.metadata = entries(raw)?;
            } else if let Some((section, _)) = SECTIONS.iter().find(|(section, _)| is_called(key, section)) {
                view.sections.push((section, entries(raw)?));
            }
        }
        let list = |name: &str| {
            let inputs = view.sections.iter().find(|(section, _)| *section == "inputs");
            let found = inputs.and_then(|(_, own)| own.iter().find(|(key, _)| is_called(key, name)));
            found.and_then(|(_, raw)| serde_json::from_str::<Vec<&'l RawValue>>(raw.get()).ok()).unwrap_or_default()
        };
        (view.names, view.values) = (list("featureNames"), list("featureValues"));
        Some(view)
    }

    /// Returns the value of a field.
    #[must_use]
    pub fn get(&self, field: &RecordField) -> RecordValue<'l> {
        let found = match field {
            RecordField::Own("prediction") => return self.prediction(),
            RecordField::Own(name) => self.own(name),
            RecordField::Model => return self.model().map_or(RecordValue::Missing, RecordValue::Text),
            RecordField::ModelName => {
                return self.model_part(|model| Some(model.split_once('/').map_or(model, |own| own.0)));
            }
            RecordField::ModelVersion => return self.model_part(|model| Some(model.split_once('/')?.1)),
            RecordField::Feature(name) => return self.feature(name),
            RecordField::Metadata(name) => self.metadata.iter().find(|(key, _)| key == name).map(|(_, raw)| *raw),
        };
        found.map_or(RecordValue::Missing, RecordValue::of)
    }

    fn own(&self, name: &str) -> Option<&'l RawValue> {
        let entries = self.sections.iter().flat_map(|(_, own)| own).chain(&self.top);
        let mut found = entries.filter(|(key, _)| is_called(key, name)).map(|(_, raw)| *raw);
        found.find(|raw| raw.get() != "null")
    }

    /// Returns the outcome: a scalar, or the data of a mapping.
    fn prediction(&self) -> RecordValue<'l> {
        match self.own("predictionData").or_else(|| self.own("prediction")) {
            Some(raw) => RecordValue::of(raw),
            None => RecordValue::Missing,
        }
    }

    /// Returns the model that answered; nothing if there are several, or none.
    fn model(&self) -> Option<Cow<'l, str>> {
        let listed = self.own("models").and_then(|raw| serde_json::from_str::<Vec<&'l RawValue>>(raw.get()).ok());
        let all = self.own("modelId").into_iter().chain(listed.into_iter().flatten());
        let mut models: Vec<Cow<'l, str>> = all.filter_map(text_of).collect();
        models.dedup();
        match models.len() {
            1 => models.pop(),
            _ => None,
        }
    }

    fn model_part(&self, part: impl Fn(&str) -> Option<&str>) -> RecordValue<'l> {
        match self.model() {
            Some(Cow::Borrowed(model)) => {
                part(model).map_or(RecordValue::Missing, |own| RecordValue::Text(Cow::Borrowed(own)))
            }
            Some(Cow::Owned(model)) => {
                part(&model).map_or(RecordValue::Missing, |own| RecordValue::Text(Cow::Owned(own.to_owned())))
            }
            None => RecordValue::Missing,
        }
    }

    /// Returns the value of a feature. An empty text is no value.
    fn feature(&self, name: &str) -> RecordValue<'l> {
        let by_key = self.features.iter().find(|(key, _)| key == name).map(|(_, raw)| *raw);
        let by_place = || {
            let at = self.names.iter().position(|own| text_of(own).is_some_and(|own| own == name))?;
            self.values.get(at).copied()
        };
        emptied(by_key.or_else(by_place))
    }

    /// Returns each field and feature with its value, by a name that [`RecordField::named`] reads.
    pub fn fields(&self) -> impl Iterator<Item = (Cow<'l, str>, RecordValue<'l>)> {
        let own = self.sections.iter().flat_map(|(_, own)| own).chain(&self.top);
        let mut names: Vec<&'static str> = own.filter_map(|(key, _)| own_name(key)).collect();
        names.sort_unstable();
        names.dedup();
        let own = names.into_iter().map(|name| (Cow::Borrowed(name), self.get(&RecordField::named(name))));
        let feature = |(name, value): (Cow<'l, str>, RecordValue<'l>)| match RecordField::named(&name) {
            RecordField::Feature(_) => (name, value),
            // A feature that is called like a field of records.
            _ => (Cow::Owned(format!("inputFeatures.{name}")), value),
        };
        let metadata = |(key, raw): &Entry<'l>| (Cow::Owned(format!("metadata.{key}")), RecordValue::of(raw));
        own.chain(self.features().map(feature)).chain(self.metadata.iter().map(metadata))
    }

    /// Returns each feature with its value.
    pub fn features(&self) -> impl Iterator<Item = (Cow<'l, str>, RecordValue<'l>)> {
        let by_key = self.features.iter().map(|(key, raw)| (key.clone(), emptied(Some(*raw))));
        let by_place =
            self.names.iter().zip(&self.values).filter_map(|(name, raw)| Some((text_of(name)?, emptied(Some(*raw)))));
        by_key.chain(by_place)
    }
}

/// Reads the value of a feature: an empty text stands for a missing one, as in a table (Table Schema, `missingValues`).
fn emptied(raw: Option<&RawValue>) -> RecordValue<'_> {
    match raw.map_or(RecordValue::Missing, RecordValue::of) {
        RecordValue::Text(text) if text.is_empty() => RecordValue::Missing,
        own => own,
    }
}

/// Returns whether a key is that of a field, in any of the spellings that documents may have.
fn is_called(key: &str, name: &str) -> bool {
    key == name
        || same_words(key, name)
        || MISSPELT.iter().any(|(written, own)| *own == name && same_words(written, key))
}

fn entries(text: &str) -> Option<Vec<Entry<'_>>> {
    let mut json = serde_json::Deserializer::from_str(text);
    let found = json.deserialize_map(Entries).ok()?;
    json.end().ok()?;
    Some(found)
}

/// Reads the entries of an object in their order.
struct Entries;

/// A key, borrowed if it has no escapes.
#[derive(serde::Deserialize)]
struct Key<'l>(#[serde(borrow)] Cow<'l, str>);

impl<'de> Visitor<'de> for Entries {
    type Value = Vec<Entry<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some((Key(key), value)) = map.next_entry::<Key<'de>, &'de RawValue>()? {
            entries.push((key, value));
        }
        Ok(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(line: &str, name: &str) -> String {
        format!("{:?}", RecordView::of(line).unwrap().get(&RecordField::named(name)))
    }

    #[test]
    fn fields_are_found_by_name_wherever_they_stand() {
        let line = r#"{"requestInfo":{"requestLatencyMs":12.50,"request_id":"r"},"modelInfo":{"models":["credit/3","credit/3"]},
            "inputs":{"featureNames":["age","note"],"featureValues":[41,""]},"resultInfo":{"resultCode":null},"metadata":{"region":"north"},
            "requestTimestamp":"2026-09-01T08:00:00Z","prediction":{"predictionData":"yes"},"isFinal":true}"#;
        for (name, value) in [
            ("requestInfo.requestLatencyMs", "Number(\"12.50\")"),
            ("requestLatencyMs", "Number(\"12.50\")"),
            ("requestId", "Text(\"r\")"),
            ("requestInfo.requestTimestamp", "Text(\"2026-09-01T08:00:00Z\")"),
            ("modelId", "Text(\"credit/3\")"),
            ("modelName", "Text(\"credit\")"),
            ("modelVersion", "Text(\"3\")"),
            ("age", "Number(\"41\")"),
            ("inputs.age", "Number(\"41\")"),
            ("note", "Missing"),
            ("income", "Missing"),
            ("resultCode", "Missing"),
            ("metadata.region", "Text(\"north\")"),
            ("prediction", "Text(\"yes\")"),
            ("isFinal", "Boolean(true)"),
        ] {
            assert_eq!(get(line, name), value, "{name}");
        }
        assert_eq!(get(r#"{"modelInfo":{"models":["a/1","b/1"]}}"#, "modelId"), "Missing");
        assert_eq!(get(r#"{"inputFeatures":{"a\u0062":"x\u0079"}}"#, "ab"), "Text(\"xy\")");
        assert!(RecordView::of("[1]").is_none() && RecordView::of("{} {}").is_none());
    }
}
