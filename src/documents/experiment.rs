//! `experiment`: what several runs want to find out.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::common::{Date, Description, Name, ObjectId, Person, Reference, SpecVersion, Status, Tags, Text};
use super::declaration::{Declaration, KindSignature};
use super::field::{Optional, Required};
use super::kind::{Kind, KindName};
use super::roles::reference;

/// What several runs want to find out: the runs name it as their `experiment_id`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Experiment {
    /// Version of the MLSpec specification that the document follows.
    pub ml_spec_version: Required<SpecVersion>,
    /// The kind of the document: `experiment`.
    pub kind: Required<KindName>,
    /// Identifies the experiment permanently; usually a UUID. Runs name it.
    pub id: Required<ObjectId>,
    /// Names the experiment.
    pub name: Required<Name>,
    /// Whether the experiment takes new runs.
    pub status: Optional<Status>,
    /// A description of the experiment.
    pub description: Optional<Description>,
    /// The project that it belongs to, by id or name.
    pub project: Optional<Reference>,
    /// Who is responsible for it.
    pub owner: Optional<Person>,
    /// What is to be found out.
    pub hypothesis: Optional<Text>,
    /// The objectives that its models are judged by, by name or id.
    pub objectives: Optional<Reference>,
    /// When it began.
    pub started_on: Optional<Date>,
    /// Keys and values for finding it.
    pub tags: Optional<Tags>,
}

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.2.0",
    summary: "What several runs want to find out: they name it as their experiment.",
    signature: KindSignature { own: &[], telling: &[], everyday: &[&["hypothesis", "project|objectives|owner"]] },
    fields: &[reference(&["project"], &[Kind::Project]), reference(&["objectives"], &[Kind::Objectives])],
    seed: || json!({"status": "Active", "owner": "risk-ml@example.com", "hypothesis": "a longer history finds more defaults"}),
};
