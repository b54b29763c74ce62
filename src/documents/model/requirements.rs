//! What the sections of a model package require of each other, as a table of (condition, rule, demand): "Required for trainable",
//! "Required if servable is true" and the like, from the specification's model packaging.

use schemars::Schema;
use serde_json::{Map, Value, json};

use crate::documents::spelling::MISSPELT;

/// Keys that describe the model as a whole. A file without any of them is a fragment: it only holds sections of a model, and the
/// requirements at the top level of a model do not apply to it.
pub(crate) const IDENTITY: &[&str] = &[
    "name",
    "Name",
    "model_identifier",
    "description",
    "Description",
    "author",
    "framework",
    "license",
    "domain",
    "purpose",
    "website",
    "labels",
    "readme_url",
    "filter_categories",
];

/// The help of a rule's findings if the missing key alone does not explain what to do: there are several ways to meet the demand.
const HELP: &[(&str, &str)] = &[
    (
        "model/servable-source",
        "a servable model has a model_source, or a serving_container_image with its container_image_url",
    ),
    (
        "model/source-kind-incomplete",
        "a source is a data_store, a bucket and a path in it, or a url; for a local one, a path",
    ),
    (
        "model/convert-needs-model",
        "set train.trainable or serve.servable to true, or convert.onnx_convertable to false",
    ),
    ("model/scorable-schema", "it says where the features and schemas needed for scoring are"),
];

/// The message of a rule's findings if the key that fails the demand is only one of several that could meet it.
const MESSAGE: &[(&str, &str)] = &[(
    "model/convert-needs-model",
    "convert.onnx_convertable is true, but neither train.trainable nor serve.servable is: there is no model to convert",
)];

const TRAINABLE: &str = "train/trainable";
const SERVABLE: &str = "serve/servable";
const SCORABLE: &str = "score/scorable";
const CONVERTABLE: &str = "convert/onnx_convertable";

/// Adds the table to the schema of a model.
pub(super) fn apply(schema: &mut Schema) {
    let table = [whole(), train(), serve(), score(), convert()];
    schema.insert("allOf".to_owned(), table.into_iter().flatten().map(Requirements::into_schema).collect());
}

#[rustfmt::skip]
fn whole() -> Vec<Requirements> {
    let trainable = || all([is_whole(), is_true(TRAINABLE)]);
    vec![
        when([is_whole(), none([has("Name")])])
            .demand("document/missing-required", "", &[text("name")]),
        when([says_something()])
            .demand("model/framework-required", "", &[text("framework/name")]),
        when([trainable()]).because(TRAINABLE)
            .demand("model/trainable-author", "", &[text("author/name"), text("author/email")])
            .demand("model/trainable-runtimes", "framework", &[text("runtimes/name"), text("runtimes/version")])
            .demand("model/trainable-data-stores", "", &[list("data_stores")])
            .demand("model/trainable-data-stores", "data_stores/[]", &[text("connection/endpoint")]),
        when([none([trainable()])])
            .demand("document/missing-required", "data_stores/[]/connection", &[text("endpoint")]),
    ]
}

#[rustfmt::skip]
fn train() -> Vec<Requirements> {
    vec![
        when([is_true(TRAINABLE)]).because(TRAINABLE)
            .demand("model/trainable-sources", "train", &[
                mapping("model_source/initial_model"),
                mapping("model_training_results/trained_model"),
                mapping("data_source/training_data"),
            ])
            .complete("train/model_source", "initial_model")
            .complete("train/model_training_results", "trained_model")
            .complete("train/data_source", "training_data")
            .demand("model/trainable-execution", "train", &[
                text("execution/command"),
                text("execution/compute_configuration/name"),
            ]),
        when([is_true(TRAINABLE), none([given("train/mount_type"), given("train/data_source/mount_type")])]).because(TRAINABLE)
            .demand("model/trainable-mount-type", "train", &[text("mount_type")]),
    ]
}

/// "model_source: Required if servable is true", but the container type only needs an image: either is enough.
#[rustfmt::skip]
fn serve() -> Vec<Requirements> {
    let image = || given("serve/serving_container_image");
    let url = || given("serve/serving_container_image/container_image_url");
    let source = || given("serve/model_source");
    vec![
        when([is_true(SERVABLE), none([image(), source()])]).because(SERVABLE)
            .demand("model/servable-source", "serve", &[mapping("model_source")]),
        when([is_true(SERVABLE), image(), none([source()])]).because(SERVABLE)
            .demand("model/servable-source", "serve/serving_container_image", &[text("container_image_url")]),
        when([is_true(SERVABLE), source(), none([url()])]).because(SERVABLE)
            .complete_or_local("serve/model_source", "servable_model"),
    ]
}

#[rustfmt::skip]
fn score() -> Vec<Requirements> {
    vec![
        when([is_true(SCORABLE)]).because(SCORABLE)
            .demand("model/scorable-schema", "score", &[mapping("model_features_schema_source")])
            .complete_or_local("score/model_features_schema_source", "scorable_model"),
    ]
}

/// "The model needs to be either trainable or servable." A fragment with neither section cannot be judged.
#[rustfmt::skip]
fn convert() -> Vec<Requirements> {
    let lacks_model = || all([is_true(CONVERTABLE), none([may_be_true(TRAINABLE), may_be_true(SERVABLE)])]);
    let serves_only = || all([given("serve"), none([given("train")])]);
    let is_tensorflow = json!({"type": "string", "pattern": "^[Tt][Ee][Nn][Ss][Oo][Rr][Ff][Ll][Oo][Ww]$"});
    vec![
        when([is_true(CONVERTABLE)]).because(CONVERTABLE)
            .demand("model/convert-sources", "convert", &[mapping("model_source")])
            .complete_or_local("convert/model_source", "initial_model")
            .complete_or_local("convert/onnx_converted_model", "onnx_model"),
        when([is_true(CONVERTABLE), none([given("convert/model_source/onnx_model")])]).because(CONVERTABLE)
            .demand("model/convert-sources", "convert", &[mapping("onnx_converted_model")]),
        when([lacks_model(), serves_only()]).because(CONVERTABLE)
            .demand("model/convert-needs-model", "serve", &[yes("servable")]),
        when([lacks_model(), none([serves_only()]), any([is_whole(), given("train")])]).because(CONVERTABLE)
            .demand("model/convert-needs-model", "", &[yes("train/trainable")]),
        when([is_true(CONVERTABLE), at("framework/name", is_tensorflow)]).because("framework/name")
            .demand("model/convert-tensorflow", "convert", &[mapping("tf_inputs"), list("tf_outputs")]),
    ]
}

/// Demands that apply under a condition.
struct Requirements {
    when: Value,
    because: Option<&'static str>,
    then: Vec<Value>,
}

/// Starts the demands that apply if all conditions hold.
fn when<const N: usize>(conditions: [Value; N]) -> Requirements {
    Requirements { when: all(conditions), because: None, then: Vec::new() }
}

impl Requirements {
    /// Sets the path of the value that a finding shows as the reason.
    fn because(self, path: &'static str) -> Self {
        Self { because: Some(path), ..self }
    }

    /// Demands values of the mapping at `place`, if it is one.
    fn demand(self, rule: &str, place: &str, demands: &[Demand]) -> Self {
        self.then(rule, place, demanded(demands))
    }

    /// Demands that a source that is a mapping gives its location.
    fn complete(self, place: &str, source: &str) -> Self {
        self.then("model/source-kind-incomplete", place, json!({"properties": {source: complete(source)}}))
    }

    /// Demands a source that gives its location, unless there is a local one.
    fn complete_or_local(self, place: &str, source: &str) -> Self {
        let local = ["path", "data_store_file_paths"].map(|key| given(&format!("{source}_local/{key}")));
        let mut demand = demanded(&[mapping(source)]);
        merge(&mut demand, json!({"properties": {source: merged(present("object"), complete(source))}}));
        let unless_local = json!({"if": {"type": "object", "not": any(local)}, "then": demand});
        self.then("model/source-kind-incomplete", place, unless_local)
    }

    fn then(mut self, rule: &str, place: &str, schema: Value) -> Self {
        let mut named = json!({"x-mlspec-rule": rule});
        if let Some((_, help)) = HELP.iter().find(|(own, _)| *own == rule) {
            merge(&mut named, json!({"x-mlspec-help": help}));
        }
        if let Some((_, message)) = MESSAGE.iter().find(|(own, _)| *own == rule) {
            merge(&mut named, json!({"x-mlspec-message": message}));
        }
        self.then.push(merged(named, below(place, schema)));
        self
    }

    fn into_schema(self) -> Value {
        let mut then = json!({});
        if let Some(path) = self.because {
            merge(&mut then, json!({"x-mlspec-because": format!("/{path}")}));
        }
        merge(&mut then, json!({"allOf": self.then}));
        json!({"if": self.when, "then": then})
    }
}

/// Returns the location of a source: datastore, bucket and path (or the files of a scorable model), or else a URL.
fn complete(source: &str) -> Value {
    let [wanted, instead] = match source {
        "scorable_model" => ["data_store_file_paths", "path"],
        _ => ["path", "data_store_file_paths"],
    };
    let path = json!({"if": none([given(instead)]), "then": demanded(&[text(wanted)])});
    let stored = merged(demanded(&[text("data_store"), text("bucket")]), path);
    json!({"allOf": [{"if": {"type": "object", "not": given("url")}, "then": stored}]})
}

/// A demanded value: its path, and a schema that it fails if it is null or empty. Values of a wrong type are left to
/// the schema of their field.
struct Demand<'a> {
    path: &'a str,
    value: Value,
}

fn text(path: &str) -> Demand<'_> {
    let value = json!({"if": {"not": filled()}, "then": {"type": "string", "minLength": 1}});
    Demand { path, value }
}

fn mapping(path: &str) -> Demand<'_> {
    Demand { path, value: present("object") }
}

fn list(path: &str) -> Demand<'_> {
    Demand { path, value: merged(present("array"), json!({"minItems": 1})) }
}

fn yes(path: &str) -> Demand<'_> {
    Demand { path, value: json!({"const": true}) }
}

fn present(kind: &str) -> Value {
    json!({"if": {"type": "null"}, "then": {"type": kind}})
}

/// Combines all demands into one schema, so that a missing mapping that several of them share is reported once.
fn demanded(demands: &[Demand<'_>]) -> Value {
    let mut properties = Map::new();
    for Demand { path, value } in demands {
        let (key, schema) = match path.split_once('/') {
            Some((key, rest)) => {
                (key, merged(present("object"), demanded(&[Demand { path: rest, value: value.clone() }])))
            }
            None => (*path, value.clone()),
        };
        merge(properties.entry(key).or_insert_with(|| json!({})), schema);
    }
    let required: Vec<Value> = properties.keys().map(|key| key.as_str().into()).collect();
    json!({"required": required, "properties": properties})
}

/// Returns a schema for the value at a path, if there is one; `[]` stands for every item of a list.
fn below(path: &str, schema: Value) -> Value {
    path.rsplit('/').filter(|segment| !segment.is_empty()).fold(schema, |schema, segment| match segment {
        "[]" => json!({"items": schema}),
        key => json!({"properties": {key: schema}}),
    })
}

/// Merges `more` into a schema: objects key by key, lists of required keys by concatenation.
fn merge(schema: &mut Value, more: Value) {
    match (schema, more) {
        (Value::Object(object), Value::Object(more)) => {
            for (key, value) in more {
                merge(object.entry(key).or_insert(Value::Null), value);
            }
        }
        (Value::Array(items), Value::Array(more)) => {
            items.extend(more.into_iter().filter(|item| !items.contains(item)).collect::<Vec<_>>());
        }
        (schema, more) => *schema = more,
    }
}

fn merged(mut schema: Value, more: Value) -> Value {
    merge(&mut schema, more);
    schema
}

/// Condition: the file is a whole model, not a fragment: not every key is outside of [`IDENTITY`].
fn is_whole() -> Value {
    json!({"not": {"propertyNames": {"not": {"enum": IDENTITY}}}})
}

/// Condition: one of the keys in [`IDENTITY`] has a value. A name that is null is missing, which is told already.
fn says_something() -> Value {
    let properties: Map<String, Value> =
        IDENTITY.iter().map(|key| ((*key).to_owned(), json!({"type": "null"}))).collect();
    json!({"not": {"properties": properties}})
}

/// Condition: the document has the key, with any value.
fn has(key: &str) -> Value {
    json!({"required": [key]})
}

/// Condition: the value is true.
fn is_true(path: &str) -> Value {
    at(path, json!({"const": true}))
}

/// Condition: the value is present and not false; malformed values are reported by the schema of their field.
fn may_be_true(path: &str) -> Value {
    at(path, merged(filled(), json!({"not": {"const": false}})))
}

/// Neither null nor empty. `not` an `enum` would be equivalent, but editors would offer its values as allowed ones.
pub(crate) fn filled() -> Value {
    json!({"type": ["string", "object", "array", "number", "boolean"], "minLength": 1})
}

/// Condition: the value is present, and neither null nor empty. Null means absent, and real files write `url: ""` for none.
fn given(path: &str) -> Value {
    at(path, filled())
}

/// Condition: there is a value at the path, in any spelling that the specification uses, and it fits the schema.
fn at(path: &str, schema: Value) -> Value {
    let (key, schema) = match path.split_once('/') {
        Some((key, rest)) => (key, at(rest, schema)),
        None => (path, schema),
    };
    let misspelt = MISSPELT.iter().filter(|(_, canonical)| *canonical == key).map(|(wrong, _)| *wrong);
    any(std::iter::once(key)
        .chain(misspelt)
        .map(|key| json!({"type": "object", "required": [key], "properties": {key: schema}})))
}

fn all(conditions: impl IntoIterator<Item = Value>) -> Value {
    combined("allOf", conditions)
}

fn any(conditions: impl IntoIterator<Item = Value>) -> Value {
    combined("anyOf", conditions)
}

fn none(conditions: impl IntoIterator<Item = Value>) -> Value {
    json!({"not": any(conditions)})
}

fn combined(keyword: &str, conditions: impl IntoIterator<Item = Value>) -> Value {
    let mut conditions: Vec<Value> = conditions.into_iter().collect();
    match (conditions.len(), conditions.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            conditions.extend(last);
            json!({keyword: conditions})
        }
    }
}
