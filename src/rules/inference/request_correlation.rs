//! `inference/request-correlation`

use crate::documents::Kind;
use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::Member;

declare_rule! {
    /// A prediction must belong to a request that was logged before it.
    ///
    /// The request id is all that ties a prediction to the features that it was made from and to the feedback on it. When it leads nowhere,
    /// to a request of another application, or to a request that was made later, quality and drift are computed from the wrong pairs.
    ///
    /// Nothing is reported in a workspace that keeps only predictions and no requests.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: inference-prediction
    /// mlSpecVersion: 0.1.0
    /// applicationId: credit-portal
    /// modelId: credit-default/1.2.0
    /// requestId: req-0002
    /// requestTimestamp: 2026-09-01T08:00:00Z
    /// prediction: 0.71
    /// ---
    /// kind: inference-request
    /// mlSpecVersion: 0.1.0
    /// requestInfo: {requestId: req-0001, requestTimestamp: "2026-09-01T08:00:00Z"}
    /// inputs: {featureNames: [income], featureValues: [41000]}
    /// ```
    ///
    /// A prediction of another application:
    ///
    /// ```yaml
    /// kind: inference-prediction
    /// mlSpecVersion: 0.1.0
    /// modelId: credit-default/1.2.0
    /// requestId: req-0001
    /// requestTimestamp: 2026-09-01T08:00:00Z
    /// applicationId: cards
    /// prediction: 0.71
    /// ---
    /// kind: inference-request
    /// mlSpecVersion: 0.1.0
    /// applicationInfo: {applicationId: loans}
    /// requestInfo: {requestId: req-0001, requestTimestamp: "2026-09-01T08:00:00Z"}
    /// inputs: {featureNames: [income], featureValues: [41000]}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: inference-prediction
    /// mlSpecVersion: 0.1.0
    /// applicationId: credit-portal
    /// modelId: credit-default/1.2.0
    /// requestId: req-0001
    /// requestTimestamp: 2026-09-01T08:00:00Z
    /// prediction: 0.71
    /// ---
    /// kind: inference-request
    /// mlSpecVersion: 0.1.0
    /// requestInfo: {requestId: req-0001, requestTimestamp: "2026-09-01T08:00:00Z"}
    /// inputs: {featureNames: [income], featureValues: [41000]}
    /// ```
    pub REQUEST_CORRELATION = {
        id: "inference/request-correlation",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "monitoring/monitoring_proto, “requestId # correlation ID”",
        kinds: [InferencePrediction],
        check: Workspace(check),
    }
}

/// The maximum number of log entries of one request that are checked.
const MOST_REQUESTS: usize = 16;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let own = workspace.own;
    let Some((request, node)) = own.about_request("requestId") else { return };
    let keeps_requests = match workspace.judged(workspace.id) {
        Some(judged) => judged.is_uncorrelated,
        None => [Kind::InferenceRequest, Kind::InferenceLog].iter().any(|kind| workspace.has_kind(*kind)),
    };
    if !keeps_requests || cx.is_faulty(node) {
        return;
    }
    let requests = workspace.requests(request).take(MOST_REQUESTS);
    let requests: Vec<&Member> = requests.filter_map(|id| workspace.member(id)).collect();
    let Some(first) = requests.first() else {
        let message = format!("no request with the id {} was logged", cx.shown(node));
        out.push(cx.at_value(&REQUEST_CORRELATION, node, message));
        return;
    };
    let logged = first.about_request("requestId").map(|(_, node)| node);
    if let Some((application, node)) = own.about_application("applicationId") {
        let is_of_another =
            |other: &&Member| other.about_application("applicationId").is_some_and(|(id, _)| id != application);
        if requests.iter().all(is_of_another) {
            let other = first.about_application("applicationId").map_or("", |(id, _)| id);
            let message =
                format!("this prediction is from application {}, but its request is from '{other}'", cx.shown(node));
            let finding = cx.at_value(&REQUEST_CORRELATION, node, message);
            out.push(workspace.relate(finding, first, logged, "the request"));
        }
    }
    let Some((time, node)) = own.about_request("requestTimestamp") else { return };
    // A request whose time cannot be read is reported elsewhere, and may be the right one.
    let times: Option<Vec<_>> =
        requests.iter().map(|request| instant(request.about_request("requestTimestamp")?.0)).collect();
    if let (Some(own), Some(earliest)) = (instant(time), times.and_then(|times| times.into_iter().min()))
        && own < earliest
    {
        let message = format!("this prediction was made at {time}, before its request");
        let finding = cx.at_value(&REQUEST_CORRELATION, node, message);
        out.push(workspace.relate(finding, first, logged, "the request"));
    }
}

fn instant(text: &str) -> Option<jiff::Timestamp> {
    text.parse().ok()
}
