//! `monitoring/rollback-not-rehearsed`

use crate::documents::Document;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A rollback should have been tried.
    ///
    /// The model before this one was built for an older service, and its image may be gone. Whether it can be put back shows when it is,
    /// and that should not be the night on which it must. `rehearsedOn` is the day on which it was last tried.
    ///
    /// ## Fails
    /// ```yaml base:credit-monitoring
    /// rollback: {to: credit-default@2.0.0, upon: [up]}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-monitoring
    /// rollback: {to: credit-default@2.0.0, upon: [up], rehearsedOn: 2026-08-24}
    /// ```
    pub ROLLBACK_NOT_REHEARSED = {
        id: "monitoring/rollback-not-rehearsed",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 12, “Include a rollback strategy”",
        kinds: [Monitoring],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Monitoring(own) = document else { return };
    let Some(rollback) = own.rollback.get().filter(|rollback| rollback.rehearsed_on.node().is_none()) else { return };
    if let Some(node) = rollback.to.node().filter(|_| cx.is_complete()) {
        let message = format!("it was not recorded that rolling back to {} was tried", cx.shown(node));
        out.push(
            cx.at_value(&ROLLBACK_NOT_REHEARSED, node, message).help("try it, and record the day as 'rehearsedOn'"),
        );
    }
}
