//! `inference/missing-attribute`

use crate::diagnostics::Severity;
use crate::documents::{Document, Kind};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// An inference record must say which request it is about and when, who asked and what answered.
    ///
    /// The request id ties together the log entry, the prediction and the feedback on it, which often arrive from different services and
    /// days apart. Without it or without a time, none of them can be matched, and monitoring cannot say when the model began to drift. Both
    /// may be in `requestInfo` or at the top level of the record.
    ///
    /// A prediction also says which model made it (`modelId`) and which application asked (`applicationId`); otherwise a wrong one cannot
    /// be traced to either. In a log entry, which may be written before either is known, that is a warning.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: inference-log
    /// mlSpecVersion: 0.1.0
    /// applicationInfo:
    ///   applicationId: credit-portal
    /// requestInfo:
    ///   requestTimestamp: 2026-08-22T09:30:00Z
    /// modelInfo:
    ///   models: [credit-default/1.2.0]
    /// ```
    ///
    /// ```yaml
    /// kind: inference-prediction
    /// mlSpecVersion: 0.1.0
    /// requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90
    /// requestTimestamp: 2026-08-22T09:30:00Z
    /// applicationId: credit-portal
    /// prediction: 0.17
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: inference-log
    /// mlSpecVersion: 0.1.0
    /// applicationInfo:
    ///   applicationId: credit-portal
    /// requestInfo:
    ///   requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90
    ///   requestTimestamp: 2026-08-22T09:30:00Z
    /// modelInfo:
    ///   models: [credit-default/1.2.0]
    /// ```
    pub MISSING_ATTRIBUTE = {
        id: "inference/missing-attribute",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "monitoring_proto/README.md, the attributes of a request; README.md, “Timestamp, Request ID”",
        kinds: [InferenceLog, InferenceRequest, InferencePrediction],
        check: SchemaAndTyped(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let severity = match document.kind() {
        Kind::InferencePrediction => Severity::Error,
        Kind::InferenceLog => Severity::Warning,
        _ => return,
    };
    if !cx.is_complete() {
        return;
    }
    let is_given = |paths: &[&[&str]]| {
        let mut nodes = paths.iter().filter_map(|path| cx.find(cx.root, path));
        // A malformed value is not a missing one.
        nodes.any(|node| !cx.tree.is_blank(node) && (!cx.tree.is_sequence(node) || !cx.tree.items(node).is_empty()))
    };
    let model: &[&[&str]] = &[&["modelId"], &["modelInfo", "models"]];
    let application: &[&[&str]] = &[&["applicationId"], &["applicationInfo", "applicationId"]];
    for (paths, name, what) in
        [(model, "modelId", "which model answered"), (application, "applicationId", "which application asked")]
    {
        if !is_given(paths) {
            let message = format!("the record does not say {what}");
            let finding = cx.at_key(&MISSING_ATTRIBUTE, cx.root, message).severity(severity);
            out.push(finding.help(format!("add `{name}`")));
        }
    }
}
