//! `inference/request-repeated`

use rustc_hash::FxHashSet;

use crate::documents::Document;
use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// Of several predictions for one request, one should be marked as final.
    ///
    /// An ensemble makes several predictions for a request and returns one. When none is marked, feedback and ground truth are compared
    /// with all of them or with any, and the measured quality is that of no model. The rule also shows a request id that a client used
    /// twice.
    ///
    /// The first of the predictions is reported.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: inference-prediction
    /// mlSpecVersion: 0.1.0
    /// applicationId: credit-portal
    /// modelId: credit-default/1.2.0
    /// requestId: req-0001
    /// requestTimestamp: 2026-09-01T08:00:00Z
    /// prediction: 0.71
    /// ---
    /// kind: inference-prediction
    /// mlSpecVersion: 0.1.0
    /// applicationId: credit-portal
    /// modelId: credit-default/1.2.0
    /// requestId: req-0001
    /// requestTimestamp: 2026-09-01T08:00:00Z
    /// prediction: 0.66
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
    /// isFinal: true
    /// ---
    /// kind: inference-prediction
    /// mlSpecVersion: 0.1.0
    /// applicationId: credit-portal
    /// modelId: credit-default/1.2.0
    /// requestId: req-0001
    /// requestTimestamp: 2026-09-01T08:00:00Z
    /// prediction: 0.66
    /// ```
    pub REQUEST_REPEATED = {
        id: "inference/request-repeated",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "monitoring/monitoring_proto, “for ensemble cases … several of these may be generated. Do we log isFinal in ensemble case?”",
        kinds: [InferencePrediction],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some((request, node)) = workspace.own.about_request("requestId") else { return };
    let judged = workspace.judged(workspace.id);
    if judged.is_some_and(|judged| judged.repeated.is_none()) {
        return;
    }
    let mut predictions = workspace.predictions(request);
    // The finding is about the first prediction only.
    if predictions.clone().next() != Some(workspace.id) {
        return;
    }
    // One that was logged twice is not another one.
    let mut seen = FxHashSet::default();
    let predictions = predictions.by_ref().filter_map(|id| workspace.member(id));
    let predictions: Vec<_> = predictions.filter(|member| seen.insert(member.written())).collect();
    let is_final = |document: &Document| match document {
        Document::InferencePrediction(record) => record.is_final.get() == Some(&true),
        _ => false,
    };
    let Some(second) = predictions.get(1) else { return };
    if !predictions.iter().any(|record| record.typed().is_some_and(is_final)) {
        let count = judged.and_then(|judged| judged.repeated).unwrap_or(predictions.len() as u64);
        let message = format!("{count} predictions for the request {}, and none is marked final", cx.shown(node));
        let finding =
            cx.at_value(&REQUEST_REPEATED, node, message).help("set `isFinal: true` on the one that was returned");
        let node = second.about_request("requestId").map(|(_, node)| node);
        out.push(workspace.relate(finding, second, node, "the second one"));
    }
}
