//! `inference/record-duplicated`

use crate::rules::{Context, Findings, Linked, declare_rule};

declare_rule! {
    /// A record should be logged once.
    ///
    /// Queues and collectors that deliver a message at least once deliver some of them twice. Each copy is counted: the number of requests, the
    /// share of errors and the quality of the model are those of other traffic than there was.
    ///
    /// Two records are copies if they are written alike, byte by byte. The first of them is reported.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: inference-request
    /// mlSpecVersion: 0.1.0
    /// requestInfo: {requestId: req-0001, requestTimestamp: "2026-09-01T08:00:00Z"}
    /// inputs: {featureNames: [income], featureValues: [41000]}
    /// ---
    /// kind: inference-request
    /// mlSpecVersion: 0.1.0
    /// requestInfo: {requestId: req-0001, requestTimestamp: "2026-09-01T08:00:00Z"}
    /// inputs: {featureNames: [income], featureValues: [41000]}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: inference-request
    /// mlSpecVersion: 0.1.0
    /// requestInfo: {requestId: req-0001, requestTimestamp: "2026-09-01T08:00:00Z"}
    /// inputs: {featureNames: [income], featureValues: [41000]}
    /// ---
    /// kind: inference-request
    /// mlSpecVersion: 0.1.0
    /// requestInfo: {requestId: req-0002, requestTimestamp: "2026-09-01T08:00:00Z"}
    /// inputs: {featureNames: [income], featureValues: [41000]}
    /// ```
    pub RECORD_DUPLICATED = {
        id: "inference/record-duplicated",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 13, an “NCSA-style record per inference request”",
        kinds: [InferenceLog, InferencePrediction, InferenceRequest],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let judged = workspace.judged(workspace.id);
    let Some((_, node)) = workspace.own.about_request("requestId") else { return };
    if judged.is_some_and(|judged| judged.duplicated.is_none()) {
        return;
    }
    let mut records = workspace.equal_records(workspace.own);
    // The finding is about the first record only.
    if records.clone().next() != Some(workspace.id) {
        return;
    }
    let second = records.nth(1).and_then(|id| workspace.member(id));
    // The key of equal records is a hash of them.
    let Some(second) = second.filter(|second| second.written() == workspace.own.written()) else { return };
    let count = judged.and_then(|judged| judged.duplicated).unwrap_or_else(|| 2 + records.count() as u64);
    let message = format!("the record of the request {} is there {count} times", cx.shown(node));
    let finding = cx.at_value(&RECORD_DUPLICATED, node, message).help("log it once, or remove the copies before use");
    let node = second.about_request("requestId").map(|(_, node)| node);
    out.push(workspace.relate(finding, second, node, "the second one"));
}
