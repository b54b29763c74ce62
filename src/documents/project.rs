//! `project`: what belongs together.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::common::{Date, Description, Name, ObjectId, Person, SpecVersion, Status, Tags, Text};
use super::declaration::{Declaration, KindSignature};
use super::field::{Optional, Required};
use super::kind::KindName;

/// What belongs together: the experiments and runs that name it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Project {
    /// Version of the MLSpec specification that the document follows.
    pub ml_spec_version: Required<SpecVersion>,
    /// The kind of the document: `project`.
    pub kind: Required<KindName>,
    /// Identifies the project permanently; usually a UUID. Experiments and runs name it.
    pub id: Required<ObjectId>,
    /// Names the project.
    pub name: Required<Name>,
    /// Whether the project takes new work.
    pub status: Optional<Status>,
    /// A description of the project.
    pub description: Optional<Description>,
    /// Who is responsible for it.
    pub owner: Optional<Person>,
    /// The repository that holds its code.
    pub repository: Optional<Text>,
    /// When it began.
    pub started_on: Optional<Date>,
    /// Keys and values for finding it.
    pub tags: Optional<Tags>,
}

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.2.0",
    summary: "What belongs together: experiments and runs name it as their project.",
    signature: KindSignature { own: &[], telling: &[], everyday: &[] },
    fields: &[],
    seed: || json!({"status": "Active", "owner": "risk-ml@example.com"}),
};
