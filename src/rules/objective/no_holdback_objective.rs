//! `objective/no-holdback-objective`

use crate::documents::Document;
use crate::documents::objectives::{DataStage, ObjectiveSeverity};
use crate::objectives::names_used::NamesUsed;
use crate::objectives::policy::PolicyDataset;
use crate::rules::objective::fully_read;
use crate::rules::objective::unbound_claim::unbound_claims;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// At least one required objective must be judged on hold-back data.
    ///
    /// Data that is used repeatedly while a model is built is used up, because choices were based on it. Only data that was held back shows
    /// how the model handles cases that nobody tuned it for. So at least one required objective must be judged on data of `stage: test`.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// datasets: {validation: {dataset: credit-validation@1.2.0, stage: evaluation}, live: {stage: monitoring}}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on validation with at least 1000 examples
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// datasets: {holdback: {dataset: credit-holdback@1.0.0, stage: test}, live: {stage: monitoring}}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    /// ```
    pub NO_HOLDBACK_OBJECTIVE = {
        id: "objective/no-holdback-objective",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 9, “This MUST BE A SEPARATE STEP FROM #8.”",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let (Document::Objectives(document), Some(policy)) = (document, fully_read(cx)) else { return };
    let required = || policy.objectives.iter().filter(|own| own.severity == ObjectiveSeverity::Required);
    let Some(node) = document.objectives.node().filter(|_| required().next().is_some()) else { return };
    let demanded = required().filter_map(|objective| objective.expect.as_ref()?.expression.as_ref());
    let uses = NamesUsed::of(demanded, policy);
    let is_used = |dataset: &&PolicyDataset| uses.datasets.contains(&*dataset.name);
    // Data without a stage may be held back.
    let may_be_test = |dataset: &PolicyDataset| matches!(dataset.stage, Some(DataStage::Test) | None);
    if policy.datasets.iter().filter(is_used).any(may_be_test) {
        return;
    }
    let held_back = policy.datasets.iter().find(|dataset| may_be_test(dataset));
    let (node, message) = match held_back {
        // A claim that names no dataset may be about this one.
        Some(_) if !unbound_claims(policy).is_empty() => return,
        Some(data) => (data.node, format!("no required objective is judged on the hold-back data '{}'", data.name)),
        None => (document.datasets.node().unwrap_or(node), "no objective is judged on hold-back data".to_owned()),
    };
    let help = "declare hold-back data with `stage: test`, and judge a required objective on it";
    out.push(cx.at_key(&NO_HOLDBACK_OBJECTIVE, node, message).help(help));
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::changed;
    use crate::rules::testing::assert_found;

    #[test]
    fn an_advisory_objective_is_not_enough() {
        let text = changed(&[
            ("datasets:\n", "datasets:\n  validation: {stage: evaluation}\n"),
            ("on holdback", "on validation"),
            ("recall >= 60% on live", "recall >= 60% on live and recall >= 1% on holdback"),
        ]);
        assert_found(&text, &[("objective/no-holdback-objective", "holdback")]);
    }

    #[test]
    fn what_cannot_be_known_is_not_reported() {
        assert_found(&changed(&[(", stage: test", "")]), &[]);
        assert_found(
            &changed(&[("recall >= 65% on holdback", "recall >= 65%")]),
            &[("objective/unbound-claim", "recall")],
        );
    }

    #[test]
    fn a_definition_may_name_the_data() {
        let text = changed(&[
            ("objectives:\n", "definitions: {tested: (recall on holdback)}\nobjectives:\n"),
            ("recall >= 65% on holdback", "tested >= 65%"),
        ]);
        assert_found(&text, &[]);
    }
}
