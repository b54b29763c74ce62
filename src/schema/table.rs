//! The fields of a kind as a Markdown table, generated from its published schema, for `spec/<kind>.md`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::generate::generate;
use super::keywords::{BECAUSE, RULE};
use crate::documents::Kind;
use crate::documents::newer::SINCE;

/// Returns all fields of a kind of document: the path (`[]` stands for each item of a list, `*` for each key of a map), the
/// type, whether it is required, and the description. A structure that several fields share is shown at the first of them.
#[must_use]
pub fn field_table(kind: Kind) -> String {
    let schema = generate(kind);
    let root = Structure { name: "", schema: &schema };
    let mut table = Table { root: &schema, demands: Demands::of(&schema), shown: BTreeMap::new(), rows: Vec::new() };
    table.add_fields(root, "");
    let mut text = "| field | type | required | what it is |\n|---|---|---|---|\n".to_owned();
    for row in table.rows {
        let cells = row.map(|cell| cell.replace('|', "\\|").replace('\n', " "));
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    text
}

/// The rule that reports a malformed date.
const INVALID_TIMESTAMP: &str = "document/invalid-timestamp";

/// A mapping with named fields: the document itself, with an empty name, or one of `$defs`.
#[derive(Clone, Copy)]
struct Structure<'s> {
    name: &'s str,
    schema: &'s Value,
}

struct Table<'s> {
    root: &'s Value,
    demands: Demands<'s>,
    /// Where the fields of a structure are listed.
    shown: BTreeMap<&'s str, String>,
    rows: Vec<[String; 4]>,
}

impl<'s> Table<'s> {
    fn add_fields(&mut self, structure: Structure<'s>, path: &str) {
        self.shown.insert(structure.name, path.to_owned());
        for (key, value) in properties(structure.schema) {
            let is_document = path.is_empty();
            // An embedded datapath has neither kind nor version.
            let is_embedded = structure.name == "Datapath" && matches!(key.as_str(), "kind" | "mlSpecVersion");
            let is_hidden = is_embedded || value.get("doNotSuggest").is_some();
            if !is_hidden {
                let path = if is_document { key.clone() } else { format!("{path}.{key}") };
                self.add_field(structure, key, value, &path);
            }
        }
        if structure.schema.get("additionalProperties") == Some(&Value::Bool(true)) {
            self.rows.push([
                format!("`{path}.*`"),
                "anything".to_owned(),
                "no".to_owned(),
                "Any other key.".to_owned(),
            ]);
        }
    }

    fn add_field(&mut self, structure: Structure<'s>, key: &str, value: &'s Value, path: &str) {
        let mut description = text_of(value, "description").to_owned();
        if value.get(SINCE).is_some() {
            description.push_str(&format!(" Since {}.", text_of(value, SINCE)));
        }
        description.push_str(&meanings(value));
        let mut below = structures_below(self.root, value);
        below.dedup_by_key(|(_, structure)| structure.name);
        let known = below.iter().find_map(|(_, structure)| self.shown.get(structure.name));
        if let Some(place) = known {
            description.push_str(&match place.as_str() {
                "" => " The fields are those of the document.".to_owned(),
                place => format!(" The fields are those of `{place}`."),
            });
        }
        let required = self.demands.word(structure, key);
        self.rows.push([format!("`{path}`"), singular(value), required, description]);
        for (suffix, structure) in below {
            if !self.shown.contains_key(structure.name) {
                self.add_fields(structure, &format!("{path}{suffix}"));
            }
        }
    }
}

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema.get("properties").and_then(Value::as_object).into_iter().flatten()
}

fn text_of<'s>(schema: &'s Value, keyword: &str) -> &'s str {
    schema.get(keyword).and_then(Value::as_str).unwrap_or("")
}

fn structure_at<'s>(root: &'s Value, schema: &'s Value) -> Option<Structure<'s>> {
    let reference = schema.get("$ref").and_then(Value::as_str)?;
    let schema = root.pointer(reference.strip_prefix('#')?)?;
    Some(Structure { name: reference.rsplit('/').next()?, schema })
}

/// Returns the structures that a value may consist of, with the rest of their path below that of the value.
fn structures_below<'s>(root: &'s Value, value: &'s Value) -> Vec<(String, Structure<'s>)> {
    if let Some(structure) = structure_at(root, value) {
        return vec![(String::new(), structure)];
    }
    let deeper = |suffix: &str, schema: &'s Value| {
        let found = structures_below(root, schema).into_iter();
        found.map(|(rest, structure)| (format!("{suffix}{rest}"), structure)).collect::<Vec<_>>()
    };
    let mut found = Vec::new();
    if let Some(entries) = value.get("additionalProperties") {
        found.extend(deeper(".*", entries));
    }
    if let Some(items) = items_of(value) {
        found.extend(deeper("[]", items));
    } else if let Some(mapping) = value.get("then") {
        found.extend(deeper("", mapping));
    }
    found
}

/// Returns the schema of the items of a list, or of one value or a list.
fn items_of(value: &Value) -> Option<&Value> {
    value.get("items").or_else(|| value.get("then")?.get("items"))
}

/// Returns the meanings of the values of an enumeration, one line each.
fn meanings(value: &Value) -> String {
    let descriptions =
        value.get("enumDescriptions").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let meaning = |(value, description): (String, &str)| match description {
        "" => String::new(),
        description => format!("<br>{value}: {description}"),
    };
    let values = value.get("enum").and_then(Value::as_array).into_iter().flatten().map(code);
    values.zip(descriptions).filter(|(_, description)| !is_synonym(description)).map(meaning).collect()
}

/// Values that are synonyms are accepted, but not shown.
pub(super) fn is_synonym(description: &str) -> bool {
    description.starts_with("Same as ")
}

fn code(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{text}`"),
        other => format!("`{other}`"),
    }
}

/// Returns the type of a value in words.
pub(super) fn singular(value: &Value) -> String {
    if let Some(values) = advertised(value) {
        return values.join(", ");
    }
    if let (Some(items), Some(one)) = (items_of(value), value.get("else")) {
        return format!("{}, or list of {}", singular(one), plural(items));
    }
    words(value, |name| match name {
        "object" => mapping(value),
        "array" => list(value),
        "string" => text(value).to_owned(),
        other => other.to_owned(),
    })
}

/// Returns the type of several values in words.
fn plural(value: &Value) -> String {
    if let Some(values) = advertised(value) {
        return values.join(", ");
    }
    words(value, |name| match name {
        "object" => "mappings".to_owned(),
        "array" => "lists".to_owned(),
        "string" => format!("{}s", text(value)),
        other => format!("{other}s"),
    })
}

/// What a text says, if it is a date: a time (RFC 3339), or a day or time. `spec/README.md` has the forms.
fn text(value: &Value) -> &'static str {
    let is_date = value.get(RULE).and_then(|rules| rules.get("pattern")).is_some_and(|rule| rule == INVALID_TIMESTAMP);
    let example = value.get("examples").and_then(|examples| examples.get(0)).and_then(Value::as_str).unwrap_or("");
    match is_date {
        true if example.contains('T') => "time",
        true => "day",
        false => "string",
    }
}

fn words(value: &Value, word: impl Fn(&str) -> String) -> String {
    if value.get("$ref").is_some() {
        return word("object");
    }
    let types = match value.get("type") {
        Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(one)) => vec![one.as_str()],
        _ => Vec::new(),
    };
    let types: Vec<&str> = types.into_iter().filter(|name| *name != "null").collect();
    match types.as_slice() {
        [] => "anything".to_owned(),
        [only] => word(only),
        several => alternatives(&several.iter().map(|name| word(name)).collect::<Vec<_>>()),
    }
}

/// Joins alternative types; those that consist of several words are set apart by commas.
fn alternatives(words: &[String]) -> String {
    let Some((last, rest)) = words.split_last() else { return String::new() };
    let is_long = words.iter().any(|word| word.contains(' '));
    format!("{}{} or {last}", rest.join(", "), if is_long { "," } else { "" })
}

/// Returns the values of an enumeration, without null and without synonyms.
fn advertised(value: &Value) -> Option<Vec<String>> {
    let values = value.get("enum")?.as_array()?;
    let descriptions = value.get("enumDescriptions").and_then(Value::as_array);
    let description = |index: usize| descriptions.and_then(|all| all.get(index)).and_then(Value::as_str).unwrap_or("");
    let shown = values.iter().enumerate().filter(|(index, value)| !value.is_null() && !is_synonym(description(*index)));
    Some(shown.map(|(_, value)| code(value)).collect())
}

fn mapping(value: &Value) -> String {
    match value.get("additionalProperties").filter(|entries| entries.is_object()) {
        Some(entries) => format!("map of {}", plural(entries)).replace("map of anything", "map"),
        None => "mapping".to_owned(),
    }
}

fn list(value: &Value) -> String {
    match value.get("items") {
        Some(items) => format!("list of {}", plural(items)).replace("list of anything", "list"),
        None => "list".to_owned(),
    }
}

/// The condition under which a field is required.
#[derive(Clone, PartialEq, Eq)]
enum WhenRequired {
    Always,
    /// If the value at this path is this one.
    When(String, Value),
    /// Under a condition that only the description explains.
    Sometimes,
}

/// The conditional requirements of a schema, by structure and key.
struct Demands<'s> {
    root: &'s Value,
    found: BTreeMap<(&'s str, &'s str), WhenRequired>,
}

impl<'s> Demands<'s> {
    fn of(root: &'s Value) -> Self {
        let mut demands = Self { root, found: BTreeMap::new() };
        demands.collect(Structure { name: "", schema: root });
        let definitions = root.get("$defs").and_then(Value::as_object).into_iter().flatten();
        for (name, schema) in definitions {
            demands.collect(Structure { name, schema });
        }
        demands
    }

    /// Returns whether a field is required, in words.
    fn word(&self, structure: Structure<'s>, key: &str) -> String {
        let required = structure.schema.get("required").and_then(Value::as_array);
        if required.is_some_and(|names| names.iter().any(|name| name == key)) {
            return "yes".to_owned();
        }
        match self.found.get(&(structure.name, key)) {
            None => "no".to_owned(),
            Some(WhenRequired::Always) => "yes".to_owned(),
            Some(WhenRequired::When(path, Value::Bool(value))) => format!("when `{path}` is {value}"),
            Some(WhenRequired::When(path, value)) => format!("when `{path}` is {}", code(value)),
            Some(WhenRequired::Sometimes) => "conditional".to_owned(),
        }
    }

    fn collect(&mut self, structure: Structure<'s>) {
        let conditions = structure.schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
        for condition in conditions {
            if let (Some(condition), Some(then)) = (condition.get("if"), condition.get("then")) {
                self.walk(then, structure, &demand(condition, then));
            }
        }
    }

    /// Records what `then` requires of the fields of a structure, and of the structures below it.
    fn walk(&mut self, then: &'s Value, structure: Structure<'s>, demand: &WhenRequired) {
        for key in then.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            let is_about_value = then.get("properties").and_then(|below| below.get(key)).is_some_and(wants_value);
            if !is_about_value {
                self.note((structure.name, key), demand);
            }
        }
        for (key, below) in properties(then) {
            let Some(value) = structure.schema.get("properties").and_then(|properties| properties.get(key)) else {
                continue;
            };
            self.walk_value(below, value, demand);
        }
        for all in then.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.walk(all, structure, demand);
        }
        if let Some(inner) = then.get("then") {
            self.walk(inner, structure, &WhenRequired::Sometimes);
        }
    }

    fn walk_value(&mut self, then: &'s Value, value: &'s Value, demand: &WhenRequired) {
        let structure = structures_below(self.root, value).into_iter().next().map(|(_, structure)| structure);
        let Some(structure) = structure else { return };
        self.walk(then.get("items").unwrap_or(then), structure, demand);
    }

    fn note(&mut self, field: (&'s str, &'s str), demand: &WhenRequired) {
        let noted = self.found.entry(field).or_insert_with(|| demand.clone());
        if noted != demand {
            *noted = match (&*noted, demand) {
                (WhenRequired::Always, _) | (_, WhenRequired::Always) => WhenRequired::Always,
                _ => WhenRequired::Sometimes,
            };
        }
    }
}

/// Returns the condition under which requirements apply. A condition without a rule or a reason is only about the spelling of a key.
fn demand(condition: &Value, then: &Value) -> WhenRequired {
    match then.get(BECAUSE).and_then(Value::as_str) {
        Some(path) => {
            let path = path.trim_start_matches('/').replace('/', ".");
            let value = path.rsplit('.').next().and_then(|key| wanted(condition, key));
            match value.filter(|_| is_plain(condition)) {
                Some(value) => WhenRequired::When(path, value.clone()),
                None => WhenRequired::Sometimes,
            }
        }
        None if then.get(RULE).is_none() && then.get("allOf").is_none() => WhenRequired::Always,
        None => WhenRequired::Sometimes,
    }
}

/// Returns whether a requirement is that some value equals this one, rather than that it is present.
fn wants_value(then: &Value) -> bool {
    then.get("const").is_some() || properties(then).any(|(_, below)| wants_value(below))
}

/// Returns the value that a condition requires of a key.
fn wanted<'s>(condition: &'s Value, key: &str) -> Option<&'s Value> {
    match condition {
        Value::Object(object) => {
            let own = object.get("properties").and_then(|properties| properties.get(key)?.get("const"));
            own.or_else(|| object.values().find_map(|value| wanted(value, key)))
        }
        Value::Array(items) => items.iter().find_map(|value| wanted(value, key)),
        _ => None,
    }
}

/// Returns whether a condition has no exceptions except spellings, and files that only hold sections of a document.
fn is_plain(condition: &Value) -> bool {
    let is_harmless = |exception: &Map<String, Value>| {
        exception.keys().all(|key| matches!(key.as_str(), "required" | "propertyNames"))
    };
    match condition {
        Value::Object(object) => object.iter().all(|(key, value)| match (key.as_str(), value) {
            ("not", Value::Object(exception)) => is_harmless(exception),
            (_, value) => is_plain(value),
        }),
        Value::Array(items) => items.iter().all(is_plain),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(kind: Kind, field: &str) -> Vec<String> {
        let table = field_table(kind);
        let start = format!("| `{field}` |");
        let line =
            table.lines().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("no {field} in\n{table}"));
        line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()
    }

    #[test]
    fn fields_have_paths_types_and_demands() {
        assert_eq!(row(Kind::Dataset, "id")[1..3], ["string", "yes"]);
        assert_eq!(row(Kind::Dataset, "state")[1..3], ["`Active`, `Deprecated`, `Archived`", "no"]);
        assert_eq!(row(Kind::Dataset, "location")[1..3], ["string or mapping", "yes"]);
        assert_eq!(row(Kind::Dataset, "tags[].key")[1..3], ["string", "yes"]);
        assert_eq!(row(Kind::Run, "metrics[].slice")[1..3], ["map of strings", "no"]);
        assert_eq!(row(Kind::Pipeline, "steps.*.deps")[1..3], ["mapping, or list of mappings", "no"]);
        assert_eq!(row(Kind::Pipeline, "steps.*.parameters")[1], "map");
        assert_eq!(row(Kind::Test, "performedOn")[1..3], ["time", "yes"]);
        assert_eq!(row(Kind::Dataset, "versionedOn")[1..3], ["day", "no"]);
    }

    #[test]
    fn conditional_demands_name_their_condition() {
        assert_eq!(row(Kind::Model, "author.email")[2], "when `train.trainable` is true");
        assert_eq!(row(Kind::Model, "train.execution.compute_configuration.name")[2], "when `train.trainable` is true");
        assert_eq!(row(Kind::Model, "serve.model_source")[2], "conditional");
        assert_eq!(row(Kind::Model, "train.trainable")[2], "no");
        assert_eq!(row(Kind::Pipeline, "id")[2], "when `stage` is `published`");
        assert_eq!(row(Kind::Pipeline, "steps.*.moduleName")[2], "conditional");
        assert_eq!(row(Kind::InferenceLog, "requestInfo.requestId")[2], "conditional");
    }

    #[test]
    fn what_repeats_is_shown_once() {
        assert!(row(Kind::Pipeline, "steps.*.steps")[3].ends_with("The fields are those of `steps.*`."));
        assert!(
            row(Kind::Model, "serve.model_source.servable_model")[3]
                .contains("those of `train.model_source.initial_model`.")
        );
        assert!(!field_table(Kind::Pipeline).contains("steps.*.steps.*"));
        assert!(!field_table(Kind::Dataset).contains("`Id`"));
    }
}
