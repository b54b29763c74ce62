//! `monitoring/performance-without-baseline`

use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::monitoring::{Signal, SignalKind};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A signal about performance should compare with what the model could do before.
    ///
    /// A fixed bound tells when the model has become useless. That it becomes worse, and was better last month, only a comparison tells: with the
    /// baseline (`vs baseline`), or with the data that `against` names.
    ///
    /// ## Fails
    /// ```yaml base:credit-monitoring
    /// labelDelay: 45 days
    /// signals:
    ///   - {id: up, kind: liveness, endpoint: ok, every: 1 minute, action: page}
    ///   - {id: worse, kind: performance, expect: recall >= 60% on live over last 60 days, action: rollback}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-monitoring
    /// labelDelay: 45 days
    /// signals:
    ///   - {id: up, kind: liveness, endpoint: ok, every: 1 minute, action: page}
    ///   - {id: worse, kind: performance, expect: recall drops by at most 3pp vs baseline on live over last 60 days, action: rollback}
    /// ```
    pub PERFORMANCE_WITHOUT_BASELINE = {
        id: "monitoring/performance-without-baseline",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 12, “ML-specific signals that need action”",
        kinds: [Monitoring],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Monitoring(own) = document else { return };
    let performance: Vec<_> = own
        .signals
        .get()
        .into_iter()
        .flat_map(List::iter)
        .filter(|(_, signal)| signal.kind.get() == Some(&SignalKind::Performance))
        .collect();
    let is_compared = |text: &str| text.split_whitespace().any(|word| word.trim_matches(['(', ')']) == "baseline");
    let compares = |signal: &Signal| {
        signal.against.node().is_some() || signal.expect.get().is_none_or(|expect| is_compared(expect))
    };
    // One comparison is enough; fixed bounds may stand beside it.
    let Some((_, first)) = performance.first().filter(|_| !performance.iter().any(|(_, signal)| compares(signal)))
    else {
        return;
    };
    if let Some(node) = first.expect.node().filter(|node| !cx.is_faulty(*node)) {
        let message = "no signal about performance compares the model with what it could do before";
        out.push(cx.at_value(&PERFORMANCE_WITHOUT_BASELINE, node, message).help("add one with `vs baseline`"));
    }
}
