//! `monitoring/missing-endpoint`

use crate::documents::Kind;
use crate::documents::roles::FieldRole;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A deployed model should have the standard endpoints.
    ///
    /// `ok` tells whether the service is well, `varz` its version and settings, and `metrics` its numbers. Whoever is woken at night asks
    /// these first, of any service, without reading about this one. A signal cannot ask an endpoint that has no path.
    ///
    /// ## Fails
    /// ```yaml base:credit-monitoring
    /// endpoints: {base: "https://credit.internal.contoso.com", ok: /ok, metrics: /metrics}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-monitoring
    /// endpoints: {base: "https://credit.internal.contoso.com", ok: /ok, varz: /varz, metrics: /metrics}
    /// ```
    pub MISSING_ENDPOINT = {
        id: "monitoring/missing-endpoint",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 12, “live queryable metadata”",
        kinds: with [Endpoints],
        check: Any(check),
    }
}

/// The standard endpoints.
const STANDARD: &[&str] = &["ok", "varz", "metrics"];

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if !cx.is_complete() {
        return;
    }
    let mut all = cx.fields(FieldRole::Endpoints);
    all.retain(|node| cx.tree.is_mapping(*node));
    if let (Kind::Monitoring, []) = (cx.kind, all.as_slice()) {
        let place = cx.find(cx.root, &["model"]).unwrap_or(cx.root);
        let message = "it does not say at which endpoints the model tells how it is";
        let help = "add 'endpoints' with 'ok', 'varz' and 'metrics'";
        return out.push(cx.at_key(&MISSING_ENDPOINT, place, message).help(help));
    }
    for node in all {
        let missing: Vec<&str> = STANDARD.iter().copied().filter(|name| cx.find(node, &[name]).is_none()).collect();
        if !missing.is_empty() {
            let message = format!("the endpoints lack {}", missing.join(" and "));
            out.push(cx.at_key(&MISSING_ENDPOINT, node, message));
        }
    }
}
