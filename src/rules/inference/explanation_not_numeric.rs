//! `inference/explanation-not-numeric`

use crate::documents::Document;
use crate::documents::field::Map;
use crate::rules::run::metric_not_finite::is_not_finite;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// The explanation of a prediction must map each feature to a number.
    ///
    /// The number says how much the feature contributed to the prediction, and in which direction. Words such as `high`
    /// cannot be sorted, summed or compared with the explanation of the next prediction.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: inference-prediction
    /// mlSpecVersion: 0.1.0
    /// applicationId: credit-portal
    /// requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90
    /// requestTimestamp: 2026-08-22T09:30:00Z
    /// modelId: credit-default/1.2.0
    /// prediction: 0.23
    /// predictionExplanation:
    ///   income: high
    ///   years_employed: -0.12
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: inference-prediction
    /// mlSpecVersion: 0.1.0
    /// applicationId: credit-portal
    /// requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90
    /// requestTimestamp: 2026-08-22T09:30:00Z
    /// modelId: credit-default/1.2.0
    /// prediction: 0.23
    /// predictionExplanation:
    ///   income: 0.41
    ///   years_employed: -0.12
    /// ```
    ///
    /// ## Fix
    /// `--fix` removes the quotes of a number.
    pub EXPLANATION_NOT_NUMERIC = {
        id: "inference/explanation-not-numeric",
        severity: Error,
        since: "0.1.0",
        fix: Safe,
        source: "monitoring_proto/README.md, “predictionExplanation (dictionary, string:float)”",
        kinds: [InferenceLog, InferenceRequest, InferencePrediction],
        check: SchemaAndTyped(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let (Document::InferenceLog(record) | Document::InferenceRequest(record) | Document::InferencePrediction(record)) =
        document
    else {
        return;
    };
    for (name, node, _) in record.prediction_explanation.get().into_iter().flat_map(Map::iter) {
        if is_not_finite(cx, node) && !cx.is_faulty(node) {
            let message = format!("the contribution of '{name}' is {}, which is no number", cx.shown(node));
            out.push(cx.at_value(&EXPLANATION_NOT_NUMERIC, node, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn contributions_and_latencies_are_finite() {
        for (field, count) in [
            ("predictionExplanation: {a: .nan, b: .inf, c: 0.5}", 2),
            ("predictionExplanation: {a: -1.0e+300, c: 0}", 0),
            ("requestLatencyMs: .inf", 1),
            ("requestLatencyMs: .nan", 1),
            ("inferenceLatencyMs: 1.0e+999", 1),
            ("requestLatencyMs: 1.0e+5", 0),
        ] {
            let text = format!(
                "kind: inference-prediction\nmlSpecVersion: 0.1.0\nrequestId: r-1\nrequestTimestamp: 2026-08-22T09:30:00Z\n\
                 modelId: credit/1.2.0\napplicationId: portal\nprediction: 0.4\n{field}\n"
            );
            let found = found(&text);
            assert_eq!(found.len(), count, "{field}: {found:?}");
        }
    }
}
