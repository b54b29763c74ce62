//! `objective/no-baseline`

use crate::documents::Document;
use crate::objectives::syntax::ast::{ChangeReference, ExprKind, Expression, Predicate};
use crate::rules::expression::at;
use crate::rules::{Context, Findings, declare_rule};
use crate::text::Span;

declare_rule! {
    /// Objectives that compare with the baseline must have one.
    ///
    /// `vs baseline` compares with the run that `baseline` names: that of the model to be replaced. Without it there is nothing to compare
    /// with, the objective is unknown, and no model passes.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: no-step-back
    ///     why: a new model must not find fewer defaults than the one it replaces
    ///     expect: recall drops by at most 2pp vs baseline on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// baseline: {run: production-2026-05}
    /// objectives:
    ///   - id: no-step-back
    ///     why: a new model must not find fewer defaults than the one it replaces
    ///     expect: recall drops by at most 2pp vs baseline on holdback
    /// ```
    pub NO_BASELINE = {
        id: "objective/no-baseline",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let (Document::Objectives(document), Some(policy)) = (document, cx.policy()) else { return };
    if !cx.is_complete() || document.baseline.node().is_some_and(|node| !cx.tree.is_null(node)) {
        return;
    }
    let mut uses = policy.demands().filter_map(|(_, demand)| Some((demand.node, use_of(demand.expression.as_ref()?)?)));
    // One missing baseline is one finding, regardless of how many objectives need it.
    if let Some((node, span)) = uses.next() {
        let finding = at(&NO_BASELINE, node, span, cx, "these objectives have no baseline");
        out.push(finding.help("set `baseline.run` to the run of the model that is to be replaced"));
    }
}

fn use_of(expression: &Expression) -> Option<Span> {
    expression.root.nodes().into_iter().find_map(|node| match &node.kind {
        ExprKind::Claim(claim) => match &claim.predicate {
            Predicate::Change(change) if change.reference == ChangeReference::Baseline => Some(change.reference_span),
            _ => None,
        },
        ExprKind::Of(_, ChangeReference::Baseline) => Some(node.span),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::assert_expecting;

    #[test]
    fn it_is_missing_once() {
        let changes =
            ["recall", "precision"].map(|metric| format!("{metric} drops by at most 2pp vs baseline on holdback"));
        assert_expecting(&changes.join(" and "), &[("objective/no-baseline", "baseline")]);
        assert_expecting("recall drops by at most 2pp vs previous run on holdback", &[]);
    }
}
