//! `inference-log`: a record of an inference.

use serde_json::json;

use super::declaration::{Declaration, KindSignature};
use super::kind::Kind;
use super::roles::reference;

/// What a serving application logs about an inference.
pub type InferenceLog = super::inference::InferenceRecord;

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.0.1",
    summary: "What a serving application logs about an inference.",
    signature: KindSignature {
        own: &[&["applicationInfo", "requestInfo", "modelInfo"]],
        telling: &[],
        everyday: &[&["modelInfo", "requestInfo|applicationInfo"]],
    },
    fields: &[reference(&["provenance", "pipeline"], &[Kind::Pipeline])],
    seed: || {
        json!({
        "applicationInfo": {"applicationId": "credit-portal"}, "modelInfo": {"models": ["credit-default/1"]}
        })
    },
};
