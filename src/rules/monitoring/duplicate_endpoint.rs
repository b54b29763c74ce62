//! `monitoring/duplicate-endpoint`

use crate::documents::roles::FieldRole;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// Each standard endpoint must have a path of its own.
    ///
    /// `ok` is asked every few seconds and answers yes or no; `varz` and `metrics` answer with pages of numbers, each in its own form. Under one
    /// path, two of the three readers get what they cannot read, and take the model for dead.
    ///
    /// ## Fails
    /// ```yaml base:credit-monitoring
    /// endpoints: {ok: /ok, varz: /metrics, metrics: /metrics}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-monitoring
    /// endpoints: {ok: /ok, varz: /varz, metrics: /metrics}
    /// ```
    pub DUPLICATE_ENDPOINT = {
        id: "monitoring/duplicate-endpoint",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 12, “live queryable metadata” for “liveness checking and ML-specific signals that need action”",
        kinds: with [Endpoints],
        check: Any(check),
    }
}

/// The standard endpoints.
const STANDARD: &[&str] = &["ok", "varz", "metrics"];

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for endpoints in cx.fields(FieldRole::Endpoints) {
        let mut seen: Vec<(&str, NodeId)> = Vec::new();
        for node in STANDARD.iter().filter_map(|name| cx.find(endpoints, &[name])) {
            let Some(path) = cx.tree.string(node).filter(|_| !cx.is_faulty(node)) else { continue };
            let path = path.trim_end_matches('/');
            match seen.iter().find(|(other, _)| *other == path) {
                Some((_, first)) => {
                    let message = format!("{} is the path of another endpoint, too", cx.shown(node));
                    let finding = cx.at_value(&DUPLICATE_ENDPOINT, node, message);
                    out.push(finding.related(cx.tree.span(cx.tree.resolve(*first)), "the other endpoint"));
                }
                None => seen.push((path, node)),
            }
        }
    }
}
