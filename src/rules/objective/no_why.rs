//! `objective/no-why`

use crate::documents::Document;
use crate::documents::field::List;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// Each objective should say why it is set.
    ///
    /// A threshold outlives the people who chose it. When a model misses it by a little, somebody has to decide whether to lower it, and
    /// `why` is what that person has to go by: what happens below 65%, and to whom.
    ///
    /// ## Fails
    /// ```yaml
    /// mlSpecVersion: 0.1.0
    /// kind: objectives
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: credit-default-launch
    /// model: credit-default
    /// owner: risk-ml@contoso.com
    /// datasets:
    ///   holdback: {dataset: credit-holdback@1.0.0, stage: test}
    ///   live: {stage: monitoring}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// mlSpecVersion: 0.1.0
    /// kind: objectives
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: credit-default-launch
    /// model: credit-default
    /// owner: risk-ml@contoso.com
    /// datasets:
    ///   holdback: {dataset: credit-holdback@1.0.0, stage: test}
    ///   live: {stage: monitoring}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ```
    pub NO_WHY = {
        id: "objective/no-why",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 1: the minimum success criteria, as code for automated deployment",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Objectives(document) = document else { return };
    if !cx.is_complete() {
        return;
    }
    for (node, objective) in document.objectives.get().map(List::iter).into_iter().flatten() {
        if objective.why.node().is_none_or(|why| cx.tree.is_null(why)) {
            let message = "nothing says why this objective is set";
            let finding = match objective.id.node() {
                Some(id) => cx.at_value(&NO_WHY, id, message),
                None => cx.at_key(&NO_WHY, node, message),
            };
            out.push(finding.help("say in `why` what happens when it is not met"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::changed;
    use crate::rules::testing::assert_found;

    #[test]
    fn a_null_says_nothing_and_the_finding_is_at_the_id() {
        let text = changed(&[("why: below this, losses exceed the reserve for the year", "why:")]);
        assert_found(&text, &[("objective/no-why", "recall-floor")]);
    }
}
