//! `monitoring/missing-endpoint`

use crate::documents::Document;
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
        kinds: [Monitoring],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Monitoring(own) = document else { return };
    if !cx.is_complete() {
        return;
    }
    let Some((endpoints, node)) = own.endpoints.located() else {
        let place = own.model.node().unwrap_or(cx.root);
        let message = "it does not say at which endpoints the model tells how it is";
        let help = "add 'endpoints' with 'ok', 'varz' and 'metrics'";
        return out.push(cx.at_key(&MISSING_ENDPOINT, place, message).help(help));
    };
    let all = [("ok", &endpoints.ok), ("varz", &endpoints.varz), ("metrics", &endpoints.metrics)];
    let missing: Vec<&str> = all.into_iter().filter(|(_, path)| path.node().is_none()).map(|(name, _)| name).collect();
    if !missing.is_empty() {
        let message = format!("the endpoints lack {}", missing.join(" and "));
        out.push(cx.at_key(&MISSING_ENDPOINT, node, message));
    }
}
