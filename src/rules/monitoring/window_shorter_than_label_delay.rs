//! `monitoring/window-shorter-than-label-delay`

use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::monitoring::{SignalKind, TimeSpan};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// Whether answers are right must be measured over more time than it takes to know.
    ///
    /// If the truth takes 45 days, the last 30 days hold no answer of which it is known whether it was right. The signal has nothing to
    /// measure, or only what became known early, which is usually the worst. `window` of a performance signal, or the window of what it
    /// expects, exceeds `labelDelay`.
    ///
    /// ## Fails
    /// ```yaml base:credit-monitoring
    /// labelDelay: 45 days
    /// signals:
    ///   - {id: up, kind: liveness, endpoint: ok, every: 1 minute, action: page}
    ///   - {id: worse, kind: performance, expect: "recall drops by at most 3pp vs baseline on live", window: 30 days, action: alert}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-monitoring
    /// labelDelay: 45 days
    /// signals:
    ///   - {id: up, kind: liveness, endpoint: ok, every: 1 minute, action: page}
    ///   - {id: worse, kind: performance, expect: "recall drops by at most 3pp vs baseline on live", window: 60 days, action: alert}
    /// ```
    pub WINDOW_SHORTER_THAN_LABEL_DELAY = {
        id: "monitoring/window-shorter-than-label-delay",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 12, “ML-specific signals that need action”",
        kinds: [Monitoring],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Monitoring(own) = document else { return };
    let Some((delay, of_delay)) = own.label_delay.located() else { return };
    let Some(delay) = delay.seconds() else { return };
    let signals = own.signals.get().into_iter().flat_map(List::iter).map(|(_, signal)| signal);
    for signal in signals.filter(|signal| signal.kind.get() == Some(&SignalKind::Performance)) {
        let window = signal.window.located().and_then(|(window, node)| Some((window.seconds()?, node)));
        let expected = || signal.expect.located().and_then(|(text, node)| Some((window_of(text)?, node)));
        if let Some((_, node)) = window.or_else(expected).filter(|(window, _)| *window <= delay) {
            let message = format!("the window is not longer than the {} that the truth takes", cx.shown(of_delay));
            let finding = cx.at_value(&WINDOW_SHORTER_THAN_LABEL_DELAY, node, message);
            out.push(finding.related(cx.tree.span(cx.tree.resolve(of_delay)), "how long it takes"));
        }
    }
}

/// Returns the window of an expression, in seconds: `… over last 60 days`.
fn window_of(expression: &str) -> Option<f64> {
    let (_, window) = expression.split_once("over last ")?;
    let words: Vec<&str> = window.split_whitespace().take(2).collect();
    TimeSpan::from(words.join(" ")).seconds()
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn the_window_of_the_expression_counts_where_there_is_no_other() {
        let is_found = |expect: &str| {
            let base = include_str!("../bases/credit-monitoring.yml");
            let signal = format!("  - {{id: worse, kind: performance, expect: \"{expect}\", action: alert}}\nrollback");
            let text = base.replace("rollback", &signal) + "labelDelay: 45 days\n";
            found(&text).iter().any(|(rule, ..)| *rule == "monitoring/window-shorter-than-label-delay")
        };
        assert!(is_found("recall >= 70% on live over last 30 days"));
        assert!(is_found("recall >= 70% on live over last 45 days"));
        assert!(!is_found("recall >= 70% on live over last 60 days"));
        assert!(!is_found("recall >= 70% on live"));
    }
}
