//! `rollout`: the results of rolling a model out (lifecycle step 11).

use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use serde_json::json;

use super::common::{Approval, Date, Description, Digest, Name, ObjectId, Reference, SpecVersion, Text};
use super::declaration::{Declaration, KindSignature};
use super::field::{List, Optional, Required};
use super::kind::KindName;
use super::requirement::require;
use super::roles::{MODEL, ReferenceRole, approval, range, reference, reference_as};

/// The results of rolling a model out to production, stage by stage.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(transform = explained)]
pub struct Rollout {
    /// Version of the MLSpec specification that the document follows.
    pub ml_spec_version: Required<SpecVersion>,
    /// The kind of the document: `rollout` (lifecycle step 11).
    pub kind: Required<KindName>,
    /// Identifies the document permanently; usually a UUID.
    pub id: Required<ObjectId>,
    /// Names the rollout.
    pub name: Required<Name>,
    /// A description of the rollout.
    pub description: Optional<Description>,
    /// The model, by name, `name@version` or id.
    pub model: Required<Reference>,
    /// Digest of the model file that was rolled out.
    pub model_digest: Optional<Digest>,
    /// The signed verdict of the gate: a file, relative to the document.
    pub attestation: Optional<Text>,
    /// The model that it replaces, and to which one can return.
    pub replaces: Optional<Reference>,
    /// Where the model was rolled out to, such as `production-eu`.
    pub environment: Required<Text>,
    /// How the model was rolled out.
    pub strategy: Required<RolloutStrategy>,
    /// Who decides when the model is used.
    pub automation: Optional<Automation>,
    /// The stages, in their order.
    #[schemars(extend("minItems" = 1))]
    pub stages: Required<List<RolloutStage>>,
    /// Who approved the rollout.
    pub approvals: Optional<List<Approval>>,
    /// How far the rollout has come.
    pub result: Required<RolloutResult>,
    /// Why the rollout did not end as intended.
    pub reason: Optional<Text>,
}

fn explained(schema: &mut Schema) {
    require(schema, "result", &["rolled-back", "failed"], "reason", "rollout/no-reason");
}

/// How a model is rolled out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub enum RolloutStrategy {
    /// The former model ends, then the new one begins.
    Recreate,
    /// The model sees all requests, and its answers decide nothing.
    Shadow,
    /// A small part of the requests first, then all.
    Canary,
    /// Both run, and all requests go from one to the other.
    BlueGreen,
    /// The part of the requests grows in many stages.
    Ramp,
}

/// Who decides when a model is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Automation {
    /// People, without the model.
    Human,
    /// People; the model is recorded beside them.
    Shadow,
    /// People, with the answer of the model.
    Assistance,
    /// The model; people decide where it is not sure.
    Partial,
    /// The model.
    Full,
}

/// A stage of a rollout.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RolloutStage {
    /// The part of the requests that the model decides, such as `25%`.
    #[schemars(extend(
        "pattern" = "^(100(\\.0+)?|[1-9]?[0-9](\\.[0-9]+)?)%$",
        "patternErrorMessage" = "not a percentage from 0% to 100%",
        "x-mlspec-rule" = {"pattern": "document/invalid-format"}
    ))]
    pub traffic: Required<String>,
    /// When the stage began.
    pub from: Required<Date>,
    /// When the stage ended.
    pub until: Optional<Date>,
    /// How the stage ended.
    pub result: Required<StageResult>,
}

/// How a stage ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum StageResult {
    /// It has not ended.
    Running,
    /// As intended.
    Passed,
    /// Not as intended.
    Failed,
}

/// How far a rollout has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub enum RolloutResult {
    /// It has not ended.
    Running,
    /// The model decides all requests.
    Completed,
    /// The former model was put back.
    RolledBack,
    /// It ended otherwise.
    Failed,
}

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.2.0",
    summary: "The results of rolling a model out, stage by stage (lifecycle step 11).",
    signature: KindSignature {
        own: &[],
        telling: &[&["model", "strategy", "stages[].traffic", "environment"]],
        everyday: &[&["stages[].traffic", "model"], &["model", "replaces", "stages[]"]],
    },
    fields: &[
        reference(&["model"], MODEL),
        reference_as(&["replaces"], MODEL, ReferenceRole::Rollback),
        range(&["stages", "*"]),
        approval(&["approvals", "*"]),
    ],
    seed: || {
        json!({
            "environment": "production", "strategy": "canary",
            "stages": [{"traffic": "1%", "from": "2026-08-26T08:00:00Z", "result": "running"}], "result": "running",
            "approvals": [{"by": "ops@contoso.com", "approvedOn": "2026-08-25"}],
        })
    },
};
