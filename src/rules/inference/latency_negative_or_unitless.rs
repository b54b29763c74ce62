//! `inference/latency-negative-or-unitless`

use crate::documents::Document;
use crate::rules::run::metric_not_finite::is_not_finite;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A latency must be a number that is not negative, and its field must say the unit.
    ///
    /// The field is `requestLatencyMs` or `inferenceLatencyMs`. A negative latency means that the clocks of two machines differ, or that two times were subtracted the wrong way
    /// round; it spoils every average. The specification also writes `requestLatency` and `inferenceLatency`, which may
    /// be seconds or milliseconds: a warning.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: inference-log
    /// mlSpecVersion: 0.1.0
    /// applicationId: credit-portal
    /// requestInfo:
    ///   requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90
    ///   requestTimestamp: 2026-08-22T09:30:00Z
    ///   requestLatencyMs: -41
    /// modelInfo:
    ///   models: [credit-default/1.2.0]
    /// ```
    ///
    /// ```yaml
    /// kind: inference-log
    /// mlSpecVersion: 0.1.0
    /// applicationId: credit-portal
    /// requestInfo:
    ///   requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90
    ///   requestTimestamp: 2026-08-22T09:30:00Z
    ///   requestLatency: 41
    /// modelInfo:
    ///   models: [credit-default/1.2.0]
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: inference-log
    /// mlSpecVersion: 0.1.0
    /// applicationId: credit-portal
    /// requestInfo:
    ///   requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90
    ///   requestTimestamp: 2026-08-22T09:30:00Z
    ///   requestLatencyMs: 41
    /// modelInfo:
    ///   models: [credit-default/1.2.0]
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` renames the field to `requestLatencyMs` or `inferenceLatencyMs`. Review it: the value must be in milliseconds.
    pub LATENCY_NEGATIVE_OR_UNITLESS = {
        id: "inference/latency-negative-or-unitless",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "logging_proto/inferenceLog.yml, “requestLatency”; monitoring_proto/inferenceRequest.yml, “requestLatencyMs”; README.md, “inferenceLatency”",
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
    let request = record.request_info.get();
    let nested = request.map(|request| [&request.request_latency_ms, &request.inference_latency_ms]);
    let all =
        [&record.request_latency_ms, &record.inference_latency_ms].into_iter().chain(nested.into_iter().flatten());
    for node in all.filter_map(|latency| latency.node()).filter(|node| !cx.is_faulty(*node)) {
        if cx.tree.string(node).is_none() && is_not_finite(cx, node) {
            let message = format!("{} is no number of milliseconds", cx.shown(node));
            out.push(cx.at_value(&LATENCY_NEGATIVE_OR_UNITLESS, node, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn each_latency_is_named_by_its_own_field() {
        for (top, nested) in [("inferenceLatency", "requestLatency"), ("requestLatency", "inferenceLatency")] {
            let text = format!(
                "kind: inference-log\nmlSpecVersion: 0.1.0\napplicationId: portal\n{top}: 5\n\
                 requestInfo: {{requestId: r-1, requestTimestamp: 2026-08-22T09:30:00Z, {nested}: 7}}\nmodelId: a/1\n"
            );
            let own = found(&text).into_iter().filter(|(rule, ..)| *rule == super::LATENCY_NEGATIVE_OR_UNITLESS.id);
            let said: Vec<String> = own.map(|(.., message)| message).collect();
            let of = |name| format!("'{name}' does not say its unit; use '{name}Ms', in milliseconds");
            assert_eq!(said, [of(top), of(nested)]);
        }
        let both = "kind: inference-log\nmlSpecVersion: 0.1.0\napplicationId: portal\n\
             requestInfo: {requestId: r-1, requestTimestamp: 2026-08-22T09:30:00Z, requestLatencyMs: 9, inferenceLatency: 7}\n\
             modelId: a/1\n";
        let said: Vec<_> = found(both).into_iter().map(|(.., message)| message).collect();
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].contains("'inferenceLatencyMs'"), "{said:?}");
    }
}
