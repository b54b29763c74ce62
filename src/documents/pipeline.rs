//! `pipeline`: a graph of steps over modules and data.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::json;

use super::common::{Description, Name, ObjectId, Reference, SpecVersion, Status, Text};
use super::declaration::{Declaration, KindSignature};
use super::field::{Any, EXTENSIONS, Item, List, Map, OneOrMany, Optional, Required, next_own_entry};
use super::kind::KindName;
use super::one_of::DataPlace;
use super::roles::{DATASET, DATASTORE, MODULE, ReferenceRole, reference, reference_as};
use crate::yaml::NodeId;

/// A graph of steps over modules and data: a draft, or a published pipeline, which never changes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(transform = published_has_id)]
pub struct Pipeline {
    /// Version of the MLSpec specification that the document follows.
    #[serde(rename = "mlSpecVersion")]
    pub ml_spec_version: Optional<SpecVersion>,
    /// The kind of the document: `pipeline`.
    pub kind: Optional<KindName>,
    /// Identifies the pipeline permanently; usually a UUID. Required when `stage` is `published`.
    pub id: Optional<ObjectId>,
    /// Names the pipeline.
    pub name: Required<Name>,
    /// Whether the pipeline is a draft or published.
    pub stage: Optional<Stage>,
    /// Whether the pipeline may be used in new work.
    pub status: Optional<Status>,
    /// A description of what the pipeline does.
    pub description: Optional<Description>,
    /// The parameters of the whole graph; a step takes one as `${name}`.
    pub parameters: Optional<List<GraphParameter>>,
    /// The data that enters the graph: a map from name to datapath or dataset reference, a list of them, or one name.
    pub data: Optional<DataVertices>,
    /// The steps: a map from name to step.
    pub steps: Optional<Map<Step>>,
    /// Edges of the graph, as an alternative to `inputs`, `after` and equal paths in `deps` and `outs`.
    pub edges: Optional<List<Edge>>,
    /// The names of all steps, in an order in which they can be executed.
    pub pipeline: Optional<List<Text>>,
}

/// "A published pipeline is immutable and needs `id`", regardless of the case in which `published` is written.
fn published_has_id(schema: &mut Schema) {
    let published = json!({"required": ["stage"], "properties": {"stage": {"const": "published"}}});
    schema.insert(
        "allOf".to_owned(),
        json!([{
            "if": {"allOf": [published, {"not": {"required": ["Id"]}}]},
            "then": {
                "required": ["id"],
                "properties": {"id": {"type": "string", "minLength": 1}},
                "x-mlspec-rule": "document/missing-required",
                "x-mlspec-because": "/stage"
            }
        }]),
    );
}

/// Whether a pipeline may still change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Stage {
    /// Being written; may change.
    Draft,
    /// Preserved for execution; never changes, and has an `id`.
    Published,
}

/// A parameter of the whole graph.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct GraphParameter {
    /// Names the parameter in the graph.
    pub name: Required<Text>,
    /// The type of the value: string, integer, float, boolean, …
    #[serde(rename = "type")]
    pub value_type: Optional<Text>,
    /// The value if a run gives none; it must satisfy the type and the constraints.
    pub default: Optional<Any>,
    /// The minimum allowed value.
    pub min: Optional<f64>,
    /// The maximum allowed value.
    pub max: Optional<f64>,
    /// The allowed values.
    pub allowed: Optional<List<Any>>,
}

/// A unit of computation in the graph: an instance of a module, a command, or a graph of its own.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(transform = names_a_module)]
pub struct Step {
    /// The module, by name, `name@version` or id. Required unless the step has `cmd` or `steps`.
    #[serde(rename = "moduleName")]
    pub module_name: Optional<Reference>,
    /// The compute target that executes the step.
    #[serde(rename = "computeName")]
    pub compute_name: Optional<Text>,
    /// The command that is executed; `{name}` stands for a parameter of the step.
    pub cmd: Optional<Text>,
    /// The files and folders that the step reads: one, or a list.
    pub deps: Optional<OneOrMany<PathSpec>>,
    /// The files and folders that the step writes: one, or a list.
    pub outs: Optional<OneOrMany<PathSpec>>,
    /// Values for the parameters of the module; `${name}` takes a parameter of the graph.
    pub parameters: Optional<Map<Any>>,
    /// Where the inputs come from: a map from the name of a port to its source.
    pub inputs: Optional<Map<InPort>>,
    /// What the step writes: a map from the name of a port to its data. An output may stay unconnected.
    pub outputs: Optional<Map<OutPort>>,
    /// Steps that must be complete before this one starts, without any data flow.
    pub after: Optional<List<Text>>,
    /// The steps of a complex step: a graph with the same rules.
    pub steps: Optional<Map<Step>>,
}

/// A step has a module unless it is a command or a graph of its own.
fn names_a_module(schema: &mut Schema) {
    let given = |key: &str| json!({"required": [key], "properties": {key: {"not": {"type": "null"}}}});
    let demand = |unless: [&str; 2], key: &str| {
        json!({
            "if": {"type": "object", "not": {"anyOf": unless.map(given)}},
            "then": {
                "required": [key],
                "properties": {key: {"type": "string", "minLength": 1}},
                "x-mlspec-rule": "document/missing-required"
            }
        })
    };
    let command = json!({
        "if": {"required": ["cmd"], "properties": {"cmd": {"type": "string"}}},
        "then": demand(["moduleName", "steps"], "cmd")
    });
    schema.insert("allOf".to_owned(), json!([demand(["cmd", "steps"], "moduleName"), command]));
}

/// A file or folder that a step reads or writes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PathSpec {
    /// The path, from the root of the project.
    pub path: Required<Text>,
    /// Whether the content is kept and reused.
    pub cache: Optional<bool>,
}

/// Where an input of a step comes from.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct InPort {
    /// The source: `data.<name>`, or `<step>.<port>`. Required unless `optional` is true.
    pub from: Optional<Text>,
    /// Whether the input may stay unconnected. Default: false.
    pub optional: Optional<bool>,
}

/// An output of a step.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct OutPort {
    /// The type of the data.
    #[serde(rename = "type")]
    pub data_type: Optional<Text>,
    /// Where the data is written to.
    pub path: Optional<Text>,
}

/// An edge of the graph.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Edge {
    /// The source: `data.<name>`, `<step>.<port>`, or a step for a control edge.
    pub from: Required<Text>,
    /// The target: `<step>.<port>`, or a step for a control edge.
    pub to: Required<Text>,
    /// What the edge carries. Default: data.
    pub kind: Optional<EdgeKind>,
}

/// What an edge carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum EdgeKind {
    /// The target reads what the source outputs.
    Data,
    /// The target starts when the source is complete.
    Control,
}

/// The data vertices of a graph.
#[derive(Clone, Debug, Default)]
pub struct DataVertices(Vec<DataVertex>);

impl DataVertices {
    /// Returns the well-formed vertices, in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = &DataVertex> {
        self.0.iter()
    }
}

/// A data vertex: it has one output and no input.
#[derive(Clone, Debug)]
pub struct DataVertex {
    /// Its name in the graph: its key in a map, otherwise the name part of its reference. A datapath in a list has none.
    pub name: Option<String>,
    /// The node of its source.
    pub node: NodeId,
    /// The dataset reference (`name`, `name@version` or id) or datapath.
    pub source: DataPlace,
}

impl DataVertex {
    fn unkeyed(node: NodeId, source: DataPlace) -> Self {
        let name = match &source {
            DataPlace::Text(reference) => reference.split('@').next().map(str::to_owned),
            DataPlace::Datapath(_) => None,
        };
        Self { name, node, source }
    }
}

impl<'de> Deserialize<'de> for DataVertices {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let shape = Item::<Shape>::deserialize(deserializer)?;
        let vertices = match (shape.get(), shape.node()) {
            (Some(Shape::Name(name)), Some(node)) => vec![DataVertex::unkeyed(node, DataPlace::Text(name.clone()))],
            (Some(Shape::Vertices(vertices)), _) => vertices.clone(),
            _ => Vec::new(),
        };
        Ok(Self(vertices))
    }
}

/// How the vertices are written.
#[derive(Clone)]
enum Shape {
    Name(String),
    Vertices(Vec<DataVertex>),
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ShapeVisitor;

        impl<'de> Visitor<'de> for ShapeVisitor {
            type Value = Shape;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map, a list or a name")
            }

            fn visit_str<E>(self, name: &str) -> Result<Shape, E> {
                Ok(Shape::Name(name.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Shape, A::Error> {
                let mut vertices = Vec::new();
                while let Some((name, item)) = next_own_entry::<_, DataPlace>(&mut map)? {
                    let vertex =
                        |(source, node): (&DataPlace, _)| DataVertex { name: Some(name), node, source: source.clone() };
                    vertices.extend(item.located().map(vertex));
                }
                Ok(Shape::Vertices(vertices))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Shape, A::Error> {
                let mut vertices = Vec::new();
                while let Some(item) = seq.next_element::<Item<DataPlace>>()? {
                    vertices.extend(item.located().map(|(source, node)| DataVertex::unkeyed(node, source.clone())));
                }
                Ok(Shape::Vertices(vertices))
            }
        }

        deserializer.deserialize_any(ShapeVisitor)
    }
}

impl JsonSchema for DataVertices {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "DataVertices".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let vertex = generator.subschema_for::<DataPlace>();
        json_schema!({
            "type": ["object", "array", "string"],
            "minLength": 1,
            "x-mlspec-rule": {"minLength": "document/missing-required"},
            "items": vertex,
            "patternProperties": {EXTENSIONS: true},
            "additionalProperties": vertex
        })
    }
}

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.0.1",
    summary: "A graph of steps over modules and data.",
    signature: KindSignature {
        own: &[
            &["steps.*.moduleName", "pipeline[]"],
            &["steps.*.moduleName", "steps.*.computeName|steps.*.cmd|steps.*.deps|steps.*.outs"],
        ],
        telling: &[&["steps.*.moduleName"], &["steps.*.cmd", "steps.*.deps", "steps.*.outs"]],
        everyday: &[
            &["steps{}", "pipeline[]|edges[]"],
            &["steps.*.cmd", "steps.*.deps|steps.*.outs"],
            &["steps{}", "!experiment_id", "!submittedDate"],
        ],
    },
    fields: &[
        reference_as(&["data"], DATASET, ReferenceRole::PipelineData),
        reference_as(&["data", "*"], DATASET, ReferenceRole::PipelineData),
        reference(&["data", "*", "DataStore"], DATASTORE),
        reference_as(&["steps", "**", "moduleName"], MODULE, ReferenceRole::StepModule),
    ],
    seed: || json!({"steps": {"train": {"cmd": "python src/train.py"}}, "pipeline": ["train"]}),
};
