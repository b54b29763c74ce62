//! `monitoring/signal-incomplete`

use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::monitoring::{Signal, SignalKind};
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// A signal must say what is looked at.
    ///
    /// Whether a service lives is asked at an `endpoint`; whether a model is still right is what a performance signal must `expect`, in the
    /// language of objectives. Another signal has an `expect`, too, or a `measure` with a `threshold` or the ends `between` which it may be.
    /// Without them there is nothing to look at, or nothing that ever needs action. The same is true of a limit that no value exceeds, such as
    /// `.nan` or `.inf`, and of a signal that is looked at every 0 minutes or over no time.
    ///
    /// ## Fails
    /// ```yaml base:credit-monitoring
    /// signals:
    ///   - {id: up, kind: liveness, every: 1 minute, action: page}
    /// ```
    ///
    /// ```yaml base:credit-monitoring
    /// signals:
    ///   - {id: up, kind: liveness, endpoint: ok, every: 1 minute, action: page}
    ///   - {id: drift, kind: input, field: income, window: 7 days, action: alert}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-monitoring
    /// signals:
    ///   - {id: up, kind: liveness, endpoint: ok, every: 1 minute, action: page}
    /// ```
    pub SIGNAL_INCOMPLETE = {
        id: "monitoring/signal-incomplete",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 12, “live queryable metadata” for “liveness checking and ML-specific signals”",
        kinds: [Monitoring],
        check: SchemaAndTyped(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Monitoring(own) = document else { return };
    for (place, signal) in own.signals.get().into_iter().flat_map(List::iter) {
        never_acted_upon(cx, signal, out);
        let Some(SignalKind::Input | SignalKind::Output | SignalKind::Software) = signal.kind.get() else { continue };
        let has_bounds = signal.threshold.node().is_some() || signal.between.node().is_some();
        let lacks = match (signal.expect.node(), signal.measure.node()) {
            (Some(_), _) => continue,
            (None, Some(_)) if has_bounds => continue,
            (None, Some(_)) => "'threshold' or 'between', so that no value needs action",
            (None, None) => "'measure' or 'expect', so that there is nothing to look at",
        };
        let node = signal.id.node().unwrap_or(place);
        if !cx.is_faulty(place) {
            out.push(cx.at_value(&SIGNAL_INCOMPLETE, node, format!("the signal has no {lacks}")));
        }
    }
}

/// Reports limits that no value exceeds, and lengths of time that are none.
fn never_acted_upon(cx: &Context<'_>, signal: &Signal, out: &mut Findings<'_>) {
    let mut report = |node: NodeId, message: &str| {
        if !cx.is_faulty(node) {
            out.push(cx.at_value(&SIGNAL_INCOMPLETE, node, format!("{} {message}", cx.shown(node))));
        }
    };
    if let Some((_, node)) = signal.threshold.located().filter(|(limit, _)| !limit.is_finite()) {
        report(node, "is exceeded by no value, so that none needs action");
    }
    let ends: Vec<(NodeId, &f64)> = signal.between.get().into_iter().flat_map(List::iter).collect();
    for (node, _) in ends.iter().filter(|(_, end)| end.is_nan()) {
        report(*node, "is no end: no value is beyond it");
    }
    if let (Some(node), true) = (signal.between.node(), ends.iter().all(|(_, end)| end.is_infinite())) {
        report(node, "holds every value, so that none needs action");
    }
    for span in [&signal.every, &signal.window] {
        if let Some((_, node)) = span.located().filter(|(span, _)| span.seconds() == Some(0.0)) {
            report(node, "is no time");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::assert_found;

    #[test]
    fn a_limit_is_one_that_a_value_can_exceed() {
        for (fields, found) in [
            ("measure: psi, threshold: .nan", &[".nan"][..]),
            ("measure: psi, threshold: .inf", &[".inf"]),
            ("measure: refusals, between: [.nan, 0.4]", &[".nan"]),
            ("measure: refusals, between: [-.inf, .inf]", &["[-.inf, .inf]"]),
            ("measure: refusals, between: [0.1, .inf]", &[]),
            ("measure: psi, threshold: 0.1, every: 0 minutes", &["0 minutes"]),
            ("measure: psi, threshold: 0.1, window: 0.0 days", &["0.0 days"]),
            ("measure: psi, threshold: 0.1, window: 0.5 days, every: 1 hour", &[]),
        ] {
            let signal = format!("  - {{id: one, kind: output, {fields}, action: alert}}\nrollback");
            let text = include_str!("../bases/credit-monitoring.yml").replace("rollback", &signal);
            let expected: Vec<_> = found.iter().map(|place| (super::SIGNAL_INCOMPLETE.id, *place)).collect();
            assert_found(&text, &expected);
        }
    }

    #[test]
    fn a_signal_has_something_to_look_at_and_something_to_act_upon() {
        for (fields, is_found) in [
            ("kind: input, field: income", true),
            ("kind: input, measure: psi", true),
            ("kind: output, threshold: 0.1", true),
            ("kind: software, endpoint: metrics", true),
            ("kind: input, measure: psi, threshold: 0.1", false),
            ("kind: output, measure: refusals, between: [0.1, 0.4]", false),
            ("kind: software, expect: p95(latency) <= 400ms on live over last 1 hours", false),
        ] {
            let signal = format!("  - {{id: one, {fields}, action: alert}}\nrollback");
            let text = include_str!("../bases/credit-monitoring.yml").replace("rollback", &signal);
            let expected: &[_] = if is_found { &[(super::SIGNAL_INCOMPLETE.id, "one")] } else { &[] };
            assert_found(&text, expected);
        }
    }
}
