//! `monitoring/no-liveness`

use crate::documents::Document;
use crate::documents::monitoring::SignalKind;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// It should be watched whether a deployed model lives.
    ///
    /// A model that does not answer has no drift and makes no mistakes: all other signals are silent. A signal of the kind `liveness` asks
    /// an endpoint whether the service is well.
    ///
    /// ## Fails
    /// ```yaml base:credit-monitoring
    /// signals:
    ///   - {id: up, kind: software, measure: error_rate, threshold: 0.01, window: 1 hour, action: alert}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-monitoring
    /// signals:
    ///   - {id: up, kind: liveness, endpoint: ok, every: 1 minute, action: page}
    /// ```
    pub NO_LIVENESS = {
        id: "monitoring/no-liveness",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 12, “liveness checking”",
        kinds: [Monitoring],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Monitoring(own) = document else { return };
    let Some((signals, node)) = own.signals.located() else { return };
    let is_live = signals.iter().any(|(_, signal)| signal.kind.get() == Some(&SignalKind::Liveness));
    if !is_live && cx.is_complete() {
        let message = "no signal tells whether the service lives";
        let help = "add one: {id: up, kind: liveness, endpoint: ok, every: 1 minute, action: page}";
        out.push(cx.at_key(&NO_LIVENESS, node, message).help(help));
    }
}
