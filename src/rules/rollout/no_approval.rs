//! `rollout/no-approval`

use crate::documents::Document;
use crate::documents::rollout::RolloutStrategy;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// It should be recorded who approved a rollout.
    ///
    /// Somebody has decided that the model may decide about others. Who that was, and when, is what an auditor asks first, and it is
    /// forgotten soonest. A `shadow` rollout decides nothing, and needs no approval.
    ///
    /// ## Fails
    /// ```yaml base:credit-rollout
    /// approvals: []
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-rollout
    /// approvals:
    ///   - {by: ops@contoso.com, approvedOn: 2026-08-25}
    /// ```
    pub NO_APPROVAL = {
        id: "rollout/no-approval",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 11, “Record the results of rolling the model out to production”",
        kinds: [Rollout],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Rollout(own) = document else { return };
    let is_approved = own.approvals.get().is_some_and(|approvals| approvals.iter().next().is_some());
    let is_shadow = own.strategy.get() == Some(&RolloutStrategy::Shadow);
    if let Some(node) = own.model.node().filter(|_| !is_approved && !is_shadow && cx.is_complete()) {
        let message = format!("nobody has approved the rollout of {}", cx.shown(node));
        out.push(cx.at_value(&NO_APPROVAL, node, message).help("add 'approvals', with 'by' and 'approvedOn'"));
    }
}
