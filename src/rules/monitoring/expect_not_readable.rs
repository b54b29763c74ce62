//! `monitoring/expect-not-readable`

use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::objectives::Language;
use crate::objectives::syntax;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// What a signal expects must be an expression of the language of objectives.
    ///
    /// `expect` is what the gate would judge, asked of the deployed model: `recall drops by at most 3pp vs baseline on live over last 60
    /// days`. An expression that cannot be read is never true and never false, and no alarm is raised.
    ///
    /// ## Fails
    /// ```yaml base:credit-monitoring
    /// signals:
    ///   - {id: up, kind: liveness, endpoint: ok, every: 1 minute, action: page}
    ///   - {id: slow, kind: software, expect: "p95(latency) should be below 400ms", action: alert}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-monitoring
    /// signals:
    ///   - {id: up, kind: liveness, endpoint: ok, every: 1 minute, action: page}
    ///   - {id: slow, kind: software, expect: "p95(latency) <= 400ms on live over last 1 hours", action: alert}
    /// ```
    pub EXPECT_NOT_READABLE = {
        id: "monitoring/expect-not-readable",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 12, “signals that need action”; step 1, “a simple DSL that can be used to verify success/failure programmatically”",
        kinds: [Monitoring],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Monitoring(own) = document else { return };
    for (_, signal) in own.signals.get().into_iter().flat_map(List::iter) {
        let Some((text, node)) = signal.expect.located().filter(|(_, node)| !cx.is_faulty(*node)) else { continue };
        if let Err(fault) = syntax::parse(text, Language::Second).expression {
            let finding = cx.at_value(&EXPECT_NOT_READABLE, node, fault.message);
            out.push(match fault.help {
                Some(help) => finding.help(help),
                None => finding,
            });
        }
    }
}
