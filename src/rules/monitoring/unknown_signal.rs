//! `monitoring/unknown-signal`

use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::monitoring::SignalAction;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A rollback must be upon signals that exist.
    ///
    /// `rollback.upon` names signals by their `id`. Upon one that does not exist, nothing is ever rolled back, and of two signals with one
    /// id nobody knows which is meant. A signal whose action is `rollback` needs a `rollback` that says to what.
    ///
    /// ## Fails
    /// ```yaml base:credit-monitoring
    /// rollback: {to: credit-default@2.0.0, upon: [worse], rehearsedOn: 2026-08-24}
    /// ```
    ///
    /// ```yaml base:credit-monitoring
    /// signals:
    ///   - {id: up, kind: liveness, endpoint: ok, every: 1 minute, action: page}
    ///   - {id: up, kind: software, measure: error_rate, threshold: 0.01, window: 1 hour, action: alert}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-monitoring
    /// rollback: {to: credit-default@2.0.0, upon: [up], rehearsedOn: 2026-08-24}
    /// ```
    pub UNKNOWN_SIGNAL = {
        id: "monitoring/unknown-signal",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 12, “signals that need action” and “Include a rollback strategy”",
        kinds: [Monitoring],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Monitoring(own) = document else { return };
    let mut known: Vec<&str> = Vec::new();
    for (_, signal) in own.signals.get().into_iter().flat_map(List::iter) {
        if let Some((id, node)) = signal.id.located() {
            if known.contains(&&**id) {
                out.push(cx.at_value(&UNKNOWN_SIGNAL, node, format!("two signals have the id {}", cx.shown(node))));
            }
            known.push(id);
        }
        if let Some((SignalAction::Rollback, node)) = signal.action.located()
            && own.rollback.node().is_none()
            && cx.is_complete()
        {
            let message = "it does not say to what is rolled back";
            out.push(
                cx.at_value(&UNKNOWN_SIGNAL, node, message).help("add 'rollback' with 'to', the model before this one"),
            );
        }
    }
    let named = own.rollback.get().and_then(|rollback| rollback.upon.get()).into_iter().flat_map(List::iter);
    for (node, name) in named.filter(|(node, name)| !known.contains(&&***name) && !cx.is_faulty(*node)) {
        let finding = cx.at_value(&UNKNOWN_SIGNAL, node, format!("no signal has the id {}", cx.shown(node)));
        let near = crate::text::nearest(name, known.iter().copied()).map(|near| format!("did you mean '{near}'?"));
        let help = near.unwrap_or_else(|| format!("the signals are: {}", known.join(", ")));
        out.push(finding.help(help));
    }
}
