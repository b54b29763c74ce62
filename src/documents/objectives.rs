//! `objectives`: what a model must achieve before it is deployed. Expressions are kept as strings here; the objectives language
//! parses them.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny};
use serde_json::{Value, json};

use super::answers::{ModelOutput, ReferencePoint};
use super::common::{Approval, Date, Description, Name, ObjectId, Person, Reference, SpecVersion, Status, Text};
use super::declaration::{Declaration, KindSignature};
use super::field::{List, Map, Optional, Required, ScalarValue};
use super::kind::Kind;
use super::kind::KindName;
use super::metric::MetricType;
use super::roles::{DATASET, MODEL, RUN, ReferenceRole, approval, reference, reference_as};

/// What a model must achieve before it is deployed (lifecycle step 1).
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Objectives {
    /// Version of the MLSpec specification that the document follows.
    #[serde(rename = "mlSpecVersion")]
    pub ml_spec_version: Required<SpecVersion>,
    /// The kind of the document: `objectives`.
    pub kind: Required<KindName>,
    /// Identifies the document permanently; usually a UUID.
    pub id: Required<ObjectId>,
    /// Names the objectives.
    pub name: Required<Name>,
    /// Whether the objectives are in force.
    pub status: Optional<Status>,
    /// A description of what the objectives protect.
    pub description: Optional<Description>,
    /// The model that the objectives are for, by name, `name@version` or id.
    pub model: Optional<Reference>,
    /// Who is responsible for the objectives.
    pub owner: Optional<Person>,
    /// The grammar and semantics of the expressions.
    pub language: Optional<Language>,
    /// The data that objectives are judged on: a map from the name that expressions use to the data.
    pub datasets: Optional<Map<JudgedData>>,
    /// The baseline that changes are measured against.
    pub baseline: Optional<Baseline>,
    /// The outputs of the model: a map from the name of a metric to its unit and range.
    pub metrics: Optional<Map<MetricDeclaration>>,
    /// The dimensions by which metrics are sliced: a map from name to dimension.
    pub dimensions: Optional<Map<SliceDimension>>,
    /// The combinations of values of dimensions that exist, each a map from dimension to value. Default: all of them.
    #[schemars(extend(
        "items" = {"type": "object", "minProperties": 1, "patternProperties": {"^x-": true}, "additionalProperties": {"type": ["string", "number", "boolean"]}}
    ))]
    pub combinations: Optional<List<Map<ScalarValue>>>,
    /// Names for expressions over metrics: a map from name to expression, or to bounds that differ by the values of a dimension.
    pub definitions: Optional<Map<NamedValue>>,
    /// The errors that the model can make, and their costs: a map from name to error. Together they are the `expected_cost` of an example.
    pub errors: Optional<Map<PossibleError>>,
    /// The objectives.
    pub objectives: Required<List<Objective>>,
    /// Objectives that are temporarily not enforced.
    pub waivers: Optional<List<Waiver>>,
    /// Tests of the objectives themselves: metrics that must pass or fail.
    pub tests: Optional<List<PolicyTest>>,
    /// What is deployed if the model underperforms in production.
    pub rollback: Optional<Rollback>,
    /// What the model answers: a map from the name of an output to its type and values.
    #[schemars(extend("x-mlspec-since" = "0.2.0"))]
    pub outputs: Optional<Map<ModelOutput>>,
    /// What else the model is compared with: a map from name, such as `human` or `literature`, to what is known of it.
    #[schemars(extend("x-mlspec-since" = "0.2.0"))]
    pub references: Optional<Map<ReferencePoint>>,
    /// Who approved the objectives.
    #[schemars(extend("x-mlspec-since" = "0.2.0"))]
    pub approvals: Optional<List<Approval>>,
}

/// The grammar and semantics of objectives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum Language {
    /// The first version of the objectives language.
    #[default]
    #[serde(rename = "mlspec-objectives/1")]
    First,
    /// The first version and more forms: single slices, means over slices and windows, numbers of slices, several metrics at once, values
    /// of the baseline, one-sided and paired confidence, order along a dimension, bounds that differ by slice, age, costs.
    #[serde(rename = "mlspec-objectives/2")]
    Second,
    /// The second version and what is asked of logs: shares of records with a property, and distances from a profile.
    #[serde(rename = "mlspec-objectives/3")]
    Third,
}

impl Language {
    /// The newest version.
    pub const NEWEST: Self = Self::Third;

    /// Its name in documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::First => "mlspec-objectives/1",
            Self::Second => "mlspec-objectives/2",
            Self::Third => "mlspec-objectives/3",
        }
    }
}

/// Data that objectives are judged on.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct JudgedData {
    /// The dataset, by name, `name@version` or id.
    pub dataset: Optional<Reference>,
    /// The lifecycle step that reads the data.
    pub stage: Optional<DataStage>,
    /// The maximum age of measurements on the data when they are judged: a number of hours, days or weeks.
    #[schemars(extend(
        "pattern" = "^0{0,8}[1-9][0-9]{0,8} ?([hdw]|hours?|days?|weeks?)$",
        "patternErrorMessage" = "not a length of time such as 12h, 30d, 4w or 30 days",
        "x-mlspec-rule" = {"pattern": "document/invalid-format"},
        "examples" = ["30d"]
    ))]
    pub max_age: Optional<Text>,
    /// The profile of the data, by name, `name@version` or id: what `vs` in expressions compares logs with.
    #[schemars(extend("x-mlspec-since" = "0.2.0"))]
    pub profile: Optional<Reference>,
}

/// The lifecycle step that reads some data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum DataStage {
    /// Training (step 7): no objective may be judged on this data alone.
    Training,
    /// Evaluation (step 8).
    Evaluation,
    /// Test on hold-back data (step 9).
    Test,
    /// Monitoring of the deployed model (step 12).
    Monitoring,
}

impl DataStage {
    /// Its name in documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Training => "training",
            Self::Evaluation => "evaluation",
            Self::Test => "test",
            Self::Monitoring => "monitoring",
        }
    }
}

/// The baseline that changes are measured against.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Baseline {
    /// The run of the model to be replaced, by name or id.
    pub run: Required<Reference>,
}

/// An output of the model.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct MetricDeclaration {
    /// The unit, such as `fraction`, `count`, `ms` or `MB`.
    pub unit: Optional<Text>,
    /// The minimum and maximum possible value.
    #[schemars(extend(
        "minItems" = 2,
        "maxItems" = 2,
        "x-mlspec-rule" = {"minItems": "document/invalid-format", "maxItems": "document/invalid-format"}
    ))]
    pub range: Optional<List<f64>>,
    /// Which values are better.
    pub better: Optional<Better>,
    /// The shape of the value. Default: object if it has `fields`, otherwise scalar.
    #[serde(rename = "type")]
    pub value_type: Optional<DeclaredType>,
    /// What the value is a proportion of, such as `examples` or `positives`: what `count` counts in the records of the metric. A confidence
    /// interval follows from the count only for a proportion.
    pub of: Optional<Text>,
    /// The names of the numbers of an object.
    pub fields: Optional<List<Text>>,
    /// The field of inference records that the values are read from, such as `requestInfo.requestLatencyMs`, or the name of a feature.
    #[schemars(extend("x-mlspec-since" = "0.2.0"))]
    pub from: Optional<Text>,
}

/// The shape of a metric's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum DeclaredType {
    /// One number.
    Scalar,
    /// A list of numbers.
    Array,
    /// A map of named numbers.
    Object,
    /// One number: the proportion of the counted examples that have a property.
    Proportion,
}

impl DeclaredType {
    /// Returns the corresponding shape of recorded values.
    #[must_use]
    pub fn shape(self) -> MetricType {
        match self {
            Self::Scalar | Self::Proportion => MetricType::Scalar,
            Self::Array => MetricType::Array,
            Self::Object => MetricType::Object,
        }
    }
}

/// Which values of a metric are better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Better {
    /// Greater values are better.
    Higher,
    /// Smaller values are better.
    Lower,
}

/// A dimension by which metrics are sliced.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SliceDimension {
    /// The values of the dimension.
    #[schemars(extend("uniqueItems" = true))]
    pub values: Optional<List<ScalarValue>>,
    /// Whether people must not be treated differently along this dimension. Default: false.
    pub sensitive: Optional<bool>,
    /// The field of inference records that tells the value, such as `modelId`, or the name of a feature.
    #[schemars(extend("x-mlspec-since" = "0.2.0"))]
    pub from: Optional<Text>,
}

/// An expression; or `bounds`, a map with the dimension under `by`, and a bound for each of its values, or for all others under `else`.
/// Read through its node.
#[derive(Clone, Copy, Debug, Default)]
pub struct NamedValue;

impl<'de> Deserialize<'de> for NamedValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_ignored_any(IgnoredAny).map(|_| Self)
    }
}

impl JsonSchema for NamedValue {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "NamedValue".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let bounds = json_schema!({
            "description": "The dimension under `by`, and a bound for each of its values, or for all others under `else`.",
            "type": "object",
            "properties": {"by": {"description": "The dimension.", "type": "string"}},
            "required": ["by"],
            "minProperties": 2,
            "patternProperties": {"^x-": true},
            "additionalProperties": {"type": ["string", "number"]},
        });
        json_schema!({
            "type": ["string", "object"],
            "minLength": 1,
            "properties": {"bounds": bounds},
            "required": ["bounds"],
            "patternProperties": {"^x-": true},
            "additionalProperties": false,
        })
    }
}

/// An error that the model can make.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PossibleError {
    /// How often it happens: an expression, which is a share of the examples.
    pub rate: Required<Text>,
    /// What it costs each time: a number and a currency.
    #[schemars(extend(
        "pattern" = "^[0-9]{1,15}(\\.[0-9]{1,9})? [A-Z]{3}$",
        "patternErrorMessage" = "not a number and a currency such as 120 EUR",
        "x-mlspec-rule" = {"pattern": "document/invalid-format"},
        "examples" = ["120 EUR"]
    ))]
    pub cost: Required<Text>,
    /// A description of the error.
    pub description: Optional<Description>,
    /// Who bears the error, such as `applicant`, if these are people.
    #[schemars(extend("x-mlspec-since" = "0.2.0"))]
    pub affects: Optional<Text>,
}

/// A condition that the model must meet.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Objective {
    /// Names the objective in this document.
    pub id: Required<Text>,
    /// The reason for the condition.
    pub why: Optional<Text>,
    /// Whether the gate fails if the condition does. Default: required.
    pub severity: Optional<ObjectiveSeverity>,
    /// The condition. The objective fails if it is false.
    #[schemars(extend("x-mlspec-rule" = {"type": "expression/split-by-yaml", "minLength": "document/missing-required"}))]
    pub expect: Required<Text>,
    /// A stricter condition. The objective warns if it is false.
    #[schemars(extend("x-mlspec-rule" = {"type": "expression/split-by-yaml", "minLength": "document/missing-required"}))]
    pub aim: Optional<Text>,
}

/// Whether a failing objective fails the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum ObjectiveSeverity {
    /// The gate fails.
    Required,
    /// The gate warns.
    Advisory,
}

/// A decision not to enforce an objective for a limited time.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Waiver {
    /// The objective, by id.
    pub objective: Required<Text>,
    /// The last day on which the waiver is in force.
    pub until: Required<Date>,
    /// Who decided.
    pub by: Required<Person>,
    /// Why the objective is not enforced.
    pub reason: Required<Text>,
}

/// A test of the objectives themselves.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PolicyTest {
    /// Names the test.
    pub name: Required<Text>,
    /// The file of the run that is judged, relative to this document.
    pub given: Required<Text>,
    /// The verdict that is expected.
    pub gate: Required<ExpectedVerdict>,
    /// The objectives that are expected to fail, by id.
    pub fails: Optional<List<Text>>,
}

/// The verdict of the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum ExpectedVerdict {
    /// Every required objective is met.
    Pass,
    /// Every required objective is met, but something falls short.
    Warn,
    /// Something that is needed for a verdict is not known.
    Unknown,
    /// A required objective is not met.
    Fail,
}

/// What is deployed if a model underperforms in production.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Rollback {
    /// The run or model to go back to, by name or id.
    pub to: Required<Reference>,
}

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.1.0",
    summary: "The objectives that a model must meet before it is deployed.",
    signature: KindSignature {
        own: &[&["objectives[].expect", "language=mlspec-objectives/*"]],
        telling: &[&["objectives[].id", "objectives[].expect"]],
        everyday: &[&["objectives[]"], &["objectives[].expect"]],
    },
    fields: &[
        reference(&["model"], MODEL),
        reference_as(&["datasets", "*", "dataset"], DATASET, ReferenceRole::JudgedData),
        reference(&["baseline", "run"], RUN),
        reference(&["references", "*", "run"], RUN),
        approval(&["approvals", "*"]),
        reference_as(&["rollback", "to"], &[Kind::Model, Kind::Run, Kind::PipelineRun], ReferenceRole::Rollback),
    ],
    seed,
};

/// Objectives that could refuse a model: a document without a floor, an owner or a test of its own says little.
fn seed() -> Value {
    json!({
        "owner": "risk-ml@example.com",
        "datasets": {
            "holdback": {"dataset": "credit-holdback@1.0.0", "stage": "test"},
            "live": {"stage": "monitoring"}
        },
        "metrics": {"recall": {"unit": "fraction", "range": [0, 1], "better": "higher"}},
        "objectives": [
            {
                "id": "recall-floor", "why": "below this, losses exceed the reserve for the year",
                "expect": "recall >= 65% on holdback with at least 1000 examples"
            },
            {
                "id": "recall-live", "why": "a fall in production shows that the applicants have changed",
                "severity": "advisory", "expect": "recall >= 60% on live"
            }
        ],
        "tests": [{
            "name": "blocks a weak model", "given": "fixtures/weak.yml", "gate": "fail", "fails": ["recall-floor"]
        }],
        "rollback": {"to": "production-2026-05"}
    })
}
