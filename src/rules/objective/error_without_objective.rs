//! `objective/error-without-objective`

use crate::documents::Document;
use crate::documents::objectives::ObjectiveSeverity;
use crate::objectives::names_used::NamesUsed;
use crate::objectives::policy::{Definition, Policy, PolicyObjective};
use crate::rules::objective::fully_read;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// An error that people bear should have a required objective by their sensitive attributes.
    ///
    /// An error that `affects` applicants costs them a loan. If it strikes one group of them more often than another, the average does not show it:
    /// only an objective that looks at the slices of a sensitive dimension does, by the error or by the metric of its rate, and only
    /// a required one refuses the model.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// mlSpecVersion: 0.2.0
    /// language: mlspec-objectives/2
    /// dimensions: {sex: {sensitive: true}}
    /// metrics:
    ///   wrong_refusals: {unit: fraction, range: [0, 1], better: lower, of: examples}
    /// errors:
    ///   wrong_refusal: {rate: wrong_refusals, cost: 340 EUR, affects: applicant}
    /// objectives:
    ///   - id: cost
    ///     why: what wrong refusals cost in all
    ///     expect: expected_cost <= 20 EUR on holdback
    ///   - id: equal-recall
    ///     why: equal opportunity policy, section 4
    ///     expect: difference(recall across sex with at least 100 examples) <= 5pp on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// mlSpecVersion: 0.2.0
    /// language: mlspec-objectives/2
    /// dimensions: {sex: {sensitive: true}}
    /// metrics:
    ///   wrong_refusals: {unit: fraction, range: [0, 1], better: lower, of: examples}
    /// errors:
    ///   wrong_refusal: {rate: wrong_refusals, cost: 340 EUR, affects: applicant}
    /// objectives:
    ///   - id: cost
    ///     why: what wrong refusals cost in all
    ///     expect: expected_cost <= 20 EUR on holdback
    ///   - id: equal-refusals
    ///     why: equal opportunity policy, section 4
    ///     expect: difference(wrong_refusals across sex with at least 100 examples) <= 5pp on holdback
    /// ```
    pub ERROR_WITHOUT_OBJECTIVE = {
        id: "objective/error-without-objective",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 1, “Detail the model outputs, possible errors, and minimum success criteria for launching in code”",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let (Document::Objectives(own), Some(policy)) = (document, fully_read(cx)) else { return };
    let Some(errors) = own.errors.get().filter(|_| policy.dimensions.iter().any(|own| own.is_sensitive)) else {
        return;
    };
    for (name, _, error) in errors.iter() {
        let Some(node) = error.affects.node().filter(|node| !cx.tree.is_null(*node)) else { continue };
        let rate = policy.definitions.iter().find(|own| Some(own.node) == error.rate.node());
        let Some(rate) = rate.filter(|_| !cx.is_faulty(node)) else { continue };
        let mut required = policy.objectives.iter().filter(|own| own.severity == ObjectiveSeverity::Required);
        if !required.any(|objective| compares(objective, rate, policy)) {
            let message = format!("no required objective looks at '{name}' by a sensitive dimension");
            let help = "add one that compares its rate, or the metric of its rate, across that dimension";
            out.push(cx.at_value(&ERROR_WITHOUT_OBJECTIVE, node, message).help(help));
        }
    }
}

/// Whether an objective looks at an error, or at what its rate consists of, in the slices of a sensitive dimension.
fn compares(objective: &PolicyObjective, rate: &Definition, policy: &Policy) -> bool {
    let Some(expression) = objective.expect.as_ref().and_then(|demand| demand.expression.as_ref()) else { return true };
    let uses = NamesUsed::of([expression], policy);
    let is_sliced = policy.dimensions.iter().any(|own| own.is_sensitive && uses.dimensions.contains(own.name.as_str()));
    let of_rate = NamesUsed::of(rate.expression.as_ref(), policy);
    is_sliced && (uses.values.contains(&rate.name) || of_rate.values.iter().any(|name| uses.values.contains(name)))
}
