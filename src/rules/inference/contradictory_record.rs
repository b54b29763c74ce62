//! `inference/contradictory-record`

use crate::documents::Document;
use crate::documents::field::{List, Optional};
use crate::documents::inference::InferenceRecord;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// What a record says in two places must be the same in both, and fit together.
    ///
    /// The request, the application and the model may be named at the top level of a record or in its sections. A reader looks in one place
    /// or the other: if they differ, two readers count the same record for different requests or models, and neither can know it. An
    /// inference that takes longer than the request which waits for it was measured in another unit, or of another request.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: inference-log
    /// mlSpecVersion: 0.1.0
    /// applicationId: credit-portal
    /// requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e91
    /// requestInfo:
    ///   requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90
    ///   requestTimestamp: 2026-08-22T09:30:00Z
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
    ///   requestLatencyMs: 41
    ///   inferenceLatencyMs: 410
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
    ///   inferenceLatencyMs: 38
    /// modelId: credit-default/1.2.0
    /// modelInfo:
    ///   models: [credit-default/1.2.0]
    /// ```
    pub CONTRADICTORY_RECORD = {
        id: "inference/contradictory-record",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "monitoring/monitoring_proto: the attributes of `requestInfo`, `modelInfo` and `applicationInfo`; README.md, step 13, which lists them at the top level",
        kinds: [InferenceLog, InferenceRequest, InferencePrediction],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let (Document::InferenceLog(record) | Document::InferenceRequest(record) | Document::InferencePrediction(record)) =
        document
    else {
        return;
    };
    let says_more = |node: NodeId, other: NodeId, message: String| {
        let span = cx.tree.span(cx.tree.resolve(other));
        cx.at_value(&CONTRADICTORY_RECORD, node, message).related(span, "said here, too")
    };
    let is_read = |(_, nodes): &(&str, [NodeId; 2])| nodes.iter().all(|node| !cx.is_faulty(*node));
    for (name, [node, nested]) in different(record).into_iter().flatten().filter(is_read) {
        let message = format!("'{name}' is {} here, and {} in its section", cx.shown(node), cx.shown(nested));
        out.push(says_more(node, nested, message).help("name it in one of the two places"));
    }
    if let (Some((model, node)), Some((models, listed))) =
        (record.model_id.located(), record.model_info.get().and_then(|info| info.models.located()))
        && List::iter(models).next().is_some()
        && !List::iter(models).any(|(_, other)| **other == **model)
        && !cx.is_faulty(node)
    {
        let message = format!("{} is not among the models that responded", cx.shown(node));
        out.push(says_more(node, listed, message).help("name the model in one of the two places"));
    }
    let request = record.request_info.get();
    let either = |own: &Optional<f64>, nested: Option<&Optional<f64>>| {
        let located = own.located().or_else(|| nested?.located());
        located.map(|(value, node)| (*value, node))
    };
    let whole = either(&record.request_latency_ms, request.map(|request| &request.request_latency_ms));
    let part = either(&record.inference_latency_ms, request.map(|request| &request.inference_latency_ms));
    if let (Some((whole, request)), Some((part, inference))) = (whole, part)
        && part > whole
        && ![request, inference].into_iter().any(|node| cx.is_faulty(node))
    {
        let message = format!(
            "the inference took {} ms, and the request that waited for it {} ms",
            cx.shown(inference),
            cx.shown(request)
        );
        let span = cx.tree.span(cx.tree.resolve(request));
        out.push(cx.at_value(&CONTRADICTORY_RECORD, inference, message).related(span, "the request"));
    }
}

/// A field and its two places, at the top level and in its section, if these say different things.
type Different = Option<(&'static str, [NodeId; 2])>;

fn different(record: &InferenceRecord) -> [Different; 5] {
    let request = record.request_info.get();
    let application = record.application_info.get();
    let instant = |text: &str| text.parse::<jiff::Timestamp>().ok();
    // Two zones may write the same moment.
    let same_time = |a: &str, b: &str| a == b || instant(a).is_some_and(|moment| Some(moment) == instant(b));
    [
        of("applicationId", &record.application_id, application.map(|info| &info.application_id), |a, b| **a == **b),
        of("requestId", &record.request_id, request.map(|info| &info.request_id), |a, b| **a == **b),
        of("requestTimestamp", &record.request_timestamp, request.map(|info| &info.request_timestamp), |a, b| {
            same_time(a, b)
        }),
        of("requestLatencyMs", &record.request_latency_ms, request.map(|info| &info.request_latency_ms), f64::eq),
        of("inferenceLatencyMs", &record.inference_latency_ms, request.map(|info| &info.inference_latency_ms), f64::eq),
    ]
}

fn of<T>(
    name: &'static str,
    own: &Optional<T>,
    nested: Option<&Optional<T>>,
    is_same: impl Fn(&T, &T) -> bool,
) -> Different {
    let ((own, node), (other, nested)) = (own.located()?, nested?.located()?);
    (!is_same(own, other)).then_some((name, [node, nested]))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    fn said(top: &str, sections: &str) -> Vec<String> {
        let text = format!("kind: inference-log\nmlSpecVersion: 0.1.0\n{top}\n{sections}\n");
        let own = found(&text).into_iter().filter(|(rule, ..)| *rule == super::CONTRADICTORY_RECORD.id);
        own.map(|(.., message)| message).collect()
    }

    const SECTIONS: &str = "applicationInfo: {applicationId: portal}\nmodelInfo: {models: [a/1, b/1]}\n\
        requestInfo: {requestId: r-1, requestTimestamp: 2026-08-22T09:30:00Z, requestLatencyMs: 40, inferenceLatencyMs: 40}";

    #[test]
    fn each_attribute_is_said_alike() {
        for (top, count) in [
            ("applicationId: kiosk", 1),
            ("requestId: r-2", 1),
            ("requestTimestamp: 2026-08-22T09:30:01Z", 1),
            ("modelId: a/2", 1),
            ("requestLatencyMs: 41", 1),
            ("inferenceLatencyMs: 39", 1),
            ("applicationId: kiosk\nrequestId: r-2\nmodelId: c/1", 3),
            ("applicationId: portal\nrequestId: r-1\nmodelId: b/1", 0),
            ("requestTimestamp: 2026-08-22T11:30:00+02:00", 0),
            ("requestLatencyMs: 40.0\ninferenceLatencyMs: 4e1", 0),
            ("requestId: ~\nmodelId: ~", 0),
        ] {
            assert_eq!(said(top, SECTIONS).len(), count, "{top}");
        }
        assert_eq!(said("requestId: r-2", SECTIONS), ["'requestId' is 'r-2' here, and 'r-1' in its section"]);
    }

    #[test]
    fn an_inference_is_a_part_of_its_request() {
        let info = "requestInfo: {requestId: r-1, requestTimestamp: 2026-08-22T09:30:00Z";
        let wrong = ["the inference took 99 ms, and the request that waited for it 38 ms"];
        assert_eq!(said("x-a: 1", &format!("{info}, requestLatencyMs: 38, inferenceLatencyMs: 99}}")), wrong);
        assert_eq!(said("inferenceLatencyMs: 99", &format!("{info}, requestLatencyMs: 38}}")), wrong);
        for fine in
            ["requestLatencyMs: 38, inferenceLatencyMs: 38", "inferenceLatencyMs: 99", "inferenceLatencyMs: .nan"]
        {
            assert_eq!(said("x-a: 1", &format!("{info}, {fine}}}")), [""; 0]);
        }
    }
}
