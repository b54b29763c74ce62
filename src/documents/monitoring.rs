//! `monitoring`: how a deployed model is watched (lifecycle step 12).

use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use serde_json::json;

use super::common::{Date, Description, Name, ObjectId, Reference, SpecVersion, Status, Text, Uri};
use super::declaration::{Declaration, KindSignature};
use super::field::{List, Optional, Required};
use super::kind::{Kind, KindName};
use super::requirement::require_within;
use super::roles::{DATASET, MODEL, ReferenceRole, data_field, endpoints, range, reference, reference_as};

/// How a deployed model is watched: where it says how it is, which signals need action, and what is done then.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Monitoring {
    /// Version of the MLSpec specification that the document follows.
    pub ml_spec_version: Required<SpecVersion>,
    /// The kind of the document: `monitoring` (lifecycle step 12).
    pub kind: Required<KindName>,
    /// Identifies the document permanently; usually a UUID.
    pub id: Required<ObjectId>,
    /// Names the monitoring.
    pub name: Required<Name>,
    /// Whether the model is watched so.
    pub status: Optional<Status>,
    /// A description of the monitoring.
    pub description: Optional<Description>,
    /// The model, by name, `name@version` or id.
    pub model: Required<Reference>,
    /// The objectives of the model, by name or id.
    pub objectives: Optional<Reference>,
    /// The schema of what the model is asked, by name, `name@version` or id.
    pub schema: Optional<Reference>,
    /// Where the model says how it is.
    pub endpoints: Optional<Endpoints>,
    /// How long it takes until one knows whether an answer was right, such as `45 days`.
    pub label_delay: Optional<TimeSpan>,
    /// What is watched.
    #[schemars(extend("minItems" = 1))]
    pub signals: Required<List<Signal>>,
    /// What is deployed if the model must go.
    pub rollback: Optional<LiveRollback>,
}

/// A length of time, such as `45 days` or `1 hour`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct TimeSpan(String);

impl TimeSpan {
    /// Returns the number of seconds; `None` if it cannot be read.
    #[must_use]
    pub fn seconds(&self) -> Option<f64> {
        let (number, unit) = self.0.trim().split_once(' ')?;
        let unit = match unit.trim().trim_end_matches('s') {
            "second" => 1.0,
            "minute" => 60.0,
            "hour" => 3600.0,
            "day" => 86_400.0,
            "week" => 604_800.0,
            _ => return None,
        };
        number.parse::<f64>().ok().map(|number| number * unit)
    }
}

impl From<String> for TimeSpan {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl JsonSchema for TimeSpan {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TimeSpan".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^[0-9]+(\\.[0-9]+)? (second|minute|hour|day|week)s?$",
            "patternErrorMessage": "not a length of time such as '45 days'",
            "x-mlspec-rule": {"pattern": "document/invalid-format"},
            "examples": ["1 day"]
        })
    }
}

/// Where a model says how it is.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Endpoints {
    /// The address that the paths are below.
    pub base: Optional<Uri>,
    /// The path that says whether the service is well.
    pub ok: Optional<EndpointPath>,
    /// The path that tells its variables.
    pub varz: Optional<EndpointPath>,
    /// The path that tells its metrics.
    pub metrics: Optional<EndpointPath>,
}

/// The path of an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct EndpointPath(pub String);

impl JsonSchema for EndpointPath {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "EndpointPath".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^/[^?#\\s]*$",
            "patternErrorMessage": "not the path of an endpoint: it begins with '/', and has no query",
            "x-mlspec-rule": {"pattern": "document/invalid-format"},
            "examples": ["/ok"]
        })
    }
}

/// Something that is watched.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(transform = acted_upon)]
pub struct Signal {
    /// Names the signal.
    pub id: Required<Name>,
    /// What it is about.
    pub kind: Required<SignalKind>,
    /// A description of the signal.
    pub description: Optional<Description>,
    /// The endpoint that is asked.
    pub endpoint: Optional<EndpointName>,
    /// How often it is looked at.
    pub every: Optional<TimeSpan>,
    /// The field of the input.
    pub field: Optional<Text>,
    /// What is measured, such as `psi` or `fraction_missing`.
    pub measure: Optional<Text>,
    /// The greatest value that needs no action.
    pub threshold: Optional<f64>,
    /// The least and the greatest value that need no action.
    #[schemars(extend("minItems" = 2, "maxItems" = 2))]
    pub between: Optional<List<f64>>,
    /// The data that it is compared with, by name, `name@version` or id.
    pub against: Optional<Reference>,
    /// The time over which it is measured.
    pub window: Optional<TimeSpan>,
    /// What must hold, in the language of objectives.
    pub expect: Optional<Text>,
    /// What is done if it does not.
    pub action: Required<SignalAction>,
}

/// "ML-specific signals that need action": without one, a signal is a picture.
fn acted_upon(schema: &mut Schema) {
    schema.insert("x-mlspec-rule".to_owned(), json!({"required/action": "monitoring/signal-without-action"}));
    require_within(schema, "kind", &["liveness"], "endpoint", "monitoring/signal-incomplete");
    require_within(schema, "kind", &["performance"], "expect", "monitoring/signal-incomplete");
}

/// What a signal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum SignalKind {
    /// Whether the service answers.
    Liveness,
    /// How the service runs: latency, errors, memory.
    Software,
    /// What the model is asked.
    Input,
    /// What the model answers.
    Output,
    /// Whether the answers are right.
    Performance,
}

/// One of the endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum EndpointName {
    /// The one that says whether the service is well.
    Ok,
    /// The one that tells its variables.
    Varz,
    /// The one that tells its metrics.
    Metrics,
}

/// What is done about a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum SignalAction {
    /// Somebody is told.
    Alert,
    /// Somebody is woken.
    Page,
    /// The model is trained again.
    Retrain,
    /// The former model is put back.
    Rollback,
    /// The model is switched off.
    Stop,
}

/// What is deployed if a model must go.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct LiveRollback {
    /// The model, by name, `name@version` or id.
    pub to: Required<Reference>,
    /// The signals upon which it is deployed.
    pub upon: Optional<List<Text>>,
    /// Whether nobody needs to decide.
    pub automatic: Optional<bool>,
    /// The day on which it was last tried.
    pub rehearsed_on: Optional<Date>,
}

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.2.0",
    summary: "How a deployed model is watched, and what is done then (lifecycle step 12).",
    signature: KindSignature {
        own: &[],
        telling: &[&["model", "signals[].action", "endpoints|rollback|labelDelay"]],
        everyday: &[&["signals[].action", "model"], &["model", "signals[].kind", "endpoints"]],
    },
    fields: &[
        reference(&["model"], MODEL),
        reference(&["objectives"], &[Kind::Objectives]),
        reference(&["schema"], &[Kind::DataSchema]),
        reference(&["signals", "*", "against"], DATASET),
        reference_as(&["rollback", "to"], MODEL, ReferenceRole::Rollback),
        range(&["signals", "*", "between"]),
        data_field(&["signals", "*", "field"]),
        endpoints(&["endpoints"]),
    ],
    seed: || {
        json!({
            "status": "Active",
            "endpoints": {"ok": "/ok", "varz": "/varz", "metrics": "/metrics"},
            "signals": [
                {"id": "up", "kind": "liveness", "endpoint": "ok", "every": "1 minute", "action": "page"},
                {"id": "missing", "kind": "input", "field": "income", "measure": "fraction_missing", "threshold": 0.05, "window": "1 day", "action": "alert"},
            ],
            "rollback": {"to": "credit-default@2.0.0", "upon": ["missing"], "rehearsedOn": "2026-08-24"},
        })
    },
};
