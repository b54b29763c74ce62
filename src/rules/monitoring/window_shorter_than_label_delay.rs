//! `monitoring/window-shorter-than-label-delay`

use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::monitoring::{SignalKind, TimeSpan};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// Whether answers are right must be measured over more time than it takes to know.
    ///
    /// If the truth takes 45 days, the last 30 days hold no answer of which it is known whether it was right. The signal has nothing to
    /// measure, or only what became known early, which is usually the worst. Every window of what a performance signal
    /// expects exceeds `labelDelay`, and where its conditions name none, its `window` does; without any, nobody knows how much time is meant.
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
        let Some((expect, expected)) = signal.expect.located().filter(|(_, node)| !cx.is_faulty(*node)) else {
            continue;
        };
        let window = signal.window.located().and_then(|(window, node)| Some((window.seconds()?, node)));
        let shortest = windows_of(expect).min_by(f64::total_cmp).map(|window| (window, expected));
        if window.is_none() && shortest.is_none() && signal.window.node().is_none() {
            let message = format!("no window says over how much more than the {} it is measured", cx.shown(of_delay));
            let finding = cx.at_value(&WINDOW_SHORTER_THAN_LABEL_DELAY, expected, message).help("add a 'window'");
            out.push(finding.related(cx.tree.span(cx.tree.resolve(of_delay)), "how long the truth takes"));
            continue;
        }
        if let Some((_, node)) = window.into_iter().chain(shortest).find(|(window, _)| *window <= delay) {
            let message = format!("the window is not longer than the {} that the truth takes", cx.shown(of_delay));
            let finding = cx.at_value(&WINDOW_SHORTER_THAN_LABEL_DELAY, node, message);
            out.push(finding.related(cx.tree.span(cx.tree.resolve(of_delay)), "how long it takes"));
        }
    }
}

/// Returns the windows of an expression, in seconds: `… over last 60 days`.
fn windows_of(expression: &str) -> impl Iterator<Item = f64> {
    let words: Vec<&str> = expression.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')')).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let spans: Vec<f64> = words
        .windows(4)
        .filter_map(|four| match four {
            ["over", "last", number, unit] => TimeSpan::from(format!("{number} {unit}")).seconds(),
            _ => None,
        })
        .collect();
    spans.into_iter()
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
        assert!(is_found("recall >= 70% on live"));
        assert!(is_found("recall >= 70% on live over last 60 days and recall >= 1% on live over last 1 days"));
        assert!(is_found("(recall >= 70% on live over last 60 days) and (recall >= 1% on live over  last 1 day)"));
        assert!(!is_found("recall >= 70% on live over last 60 days and recall >= 1% on live over last 90 days"));
    }
}
