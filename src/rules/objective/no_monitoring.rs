//! `objective/no-monitoring`

use crate::documents::Document;
use crate::documents::objectives::DataStage;
use crate::objectives::names_used::NamesUsed;
use crate::rules::objective::fully_read;
use crate::rules::objective::unbound_claim::unbound_claims;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// At least one objective should be judged on the deployed model.
    ///
    /// A model is tested once and used for months, while its inputs change. An objective on data of `stage: monitoring`, advisory at first,
    /// says what is watched after the deployment and at which value somebody has to act.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on holdback with 95% confidence
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    /// ```
    pub NO_MONITORING = {
        id: "objective/no-monitoring",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 12: monitoring of the deployed model",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let (Document::Objectives(document), Some(policy)) = (document, fully_read(cx)) else { return };
    // Data without a stage may be monitored.
    if policy.datasets.iter().any(|dataset| dataset.stage.is_none()) {
        return;
    }
    let is_monitored = |stage| stage == Some(DataStage::Monitoring);
    let mut monitored = policy.datasets.iter().filter(|dataset| is_monitored(dataset.stage)).peekable();
    let help = "add an objective, advisory at first, on data of `stage: monitoring`";
    let Some(first) = monitored.peek().copied() else {
        let node = document.datasets.node().filter(|_| !policy.datasets.is_empty()).unwrap_or(cx.root);
        let message = "no objective is judged on the deployed model; add one on data of `stage: monitoring`";
        out.push(cx.at_key(&NO_MONITORING, node, message).help(help));
        return;
    };
    let uses = NamesUsed::of(policy.demands().filter_map(|(_, demand)| demand.expression.as_ref()), policy);
    if !monitored.any(|dataset| uses.datasets.contains(&*dataset.name)) && unbound_claims(policy).is_empty() {
        let message = format!("no objective is judged on the monitored data '{}'", first.name);
        out.push(cx.at_key(&NO_MONITORING, first.node, message).help(help));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::changed;
    use crate::rules::testing::{assert_found, found};

    #[test]
    fn monitored_data_that_nothing_reads_is_found_once_and_data_of_no_stage_may_be_monitored() {
        let unread = [("recall >= 60% on live", "recall >= 60% on holdback")];
        let found = found(&changed(&unread));
        assert!(found.contains(&(
            "objective/no-monitoring",
            "live".to_owned(),
            "no objective is judged on the monitored data 'live'".to_owned()
        )));
        assert!(found.iter().all(|(rule, ..)| *rule != "objective/unused-definition"), "{found:#?}");
        assert_found(&changed(&[("{stage: monitoring}", "{dataset: production@1.0.0}")]), &[]);
    }
}
