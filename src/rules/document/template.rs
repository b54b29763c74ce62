//! `document/template`

use crate::rules::declare_rule;

declare_rule! {
    /// A file that lists attribute names is a template, not a record.
    ///
    /// The example files for inference logging only say which attributes a record has. Someone who copies such a file
    /// gets a document without a single value, which no monitoring can use. A template is not checked any further.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: inference-log
    /// mlSpecVersion: 0.1.0
    /// applicationInfo:
    ///   - applicationId
    ///   - applicationEndpoint
    /// requestInfo:
    ///   - requestId
    ///   - requestTimestamp
    ///   - requestLatencyMs
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: inference-log
    /// mlSpecVersion: 0.1.0
    /// applicationInfo:
    ///   applicationId: loan-desk
    ///   applicationEndpoint: https://scoring.contoso.com/credit-default
    /// requestInfo:
    ///   requestId: 0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90
    ///   requestTimestamp: 2026-08-22T09:30:00Z
    ///   requestLatencyMs: 41
    /// modelInfo:
    ///   models:
    ///     - credit-default/1.2.0
    /// ```
    pub TEMPLATE = {
        id: "document/template",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "logging_proto/inferenceLog.yml and monitoring_proto/inferenceRequest.yml list the names of attributes",
        kinds: [],
        check: Reader,
    }
}
