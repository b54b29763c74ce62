//! `inference-prediction`: a record of an inference.

use serde_json::json;

use super::declaration::{Declaration, KindSignature};
use super::kind::Kind;
use super::roles::reference;

/// One prediction, its explanation and the feedback on it.
pub type InferencePrediction = super::inference::InferenceRecord;

/// How the kind is recognized, the roles of its fields, and the seed of a new document.
pub(super) const DECLARATION: Declaration = Declaration {
    since: "0.0.1",
    summary: "One prediction, its explanation and the feedback on it.",
    signature: KindSignature {
        own: &[&[
            "inputFeatures",
            "prediction",
            "modelId",
            "predictionExplanation|predictionFeedback|groundTruthLabel",
        ]],
        telling: &[&["predictionExplanation", "predictionFeedback"]],
        everyday: &[&["inputFeatures", "prediction|modelId"], &["predictionExplanation|predictionFeedback"]],
    },
    fields: &[reference(&["provenance", "pipeline"], &[Kind::Pipeline])],
    seed: || {
        json!({
        "applicationId": "credit-portal", "modelId": "credit-default/1", "inputFeatures": {"income": "52000"},
        "prediction": 0.12
        })
    },
};
