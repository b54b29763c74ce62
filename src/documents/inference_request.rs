//! `inference-request`: a record of an inference.

use serde_json::json;

use super::declaration::{Declaration, KindSignature};
use super::kind::Kind;
use super::roles::reference;

/// One request for an inference and its result.
pub type InferenceRequest = super::inference::InferenceRecord;

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.0.1",
    summary: "One request for an inference and its result.",
    signature: KindSignature {
        own: &[&["requestInfo", "resultInfo", "inputs|prediction", "!modelInfo"]],
        telling: &[&["requestInfo", "resultInfo", "!modelInfo"]],
        everyday: &[&["requestInfo", "inputs|prediction", "!modelInfo"]],
    },
    fields: &[reference(&["provenance", "pipeline"], &[Kind::Pipeline])],
    seed: || {
        json!({
            "applicationId": "credit-portal", "inputs": {"featureNames": ["income"], "featureValues": ["52000"]}
        })
    },
};
