//! `objective/training-data`

use crate::documents::Document;
use crate::documents::objectives::DataStage;
use crate::objectives::syntax::ast::{Claim, ExprKind, Name};
use crate::rules::expression::at;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// No objective may be judged only on the data that the model was trained on.
    ///
    /// A model that has memorized its training data is perfect on it and useless elsewhere, so its results there say nothing about its use.
    /// Comparing training data with other data is different: a large gap between them is a sign of overfitting, and such an objective is
    /// not reported.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// datasets:
    ///   training: {dataset: credit-training@1.0.0, stage: training}
    /// objectives:
    ///   - id: learns-well
    ///     why: a model that cannot learn this is too small
    ///     expect: recall >= 70% on training
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// datasets:
    ///   training: {dataset: credit-training@1.0.0, stage: training}
    /// objectives:
    ///   - id: no-overfitting
    ///     why: a large gap means that the data was memorized
    ///     expect: (recall on training) - (recall on holdback) <= 5pp
    /// ```
    pub TRAINING_DATA = {
        id: "objective/training-data",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, steps 8 and 9: evaluation, and test on hold-back data",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(policy) = cx.policy() else { return };
    let training = policy.datasets.iter().filter(|dataset| dataset.stage == Some(DataStage::Training));
    let training: rustc_hash::FxHashSet<&str> = training.map(|dataset| dataset.name.as_str()).collect();
    if training.is_empty() {
        return;
    }
    for (_, demand) in policy.demands() {
        let nodes = demand.expression.iter().flat_map(|expression| expression.root.nodes());
        for node in nodes {
            let ExprKind::Claim(claim) = &node.kind else { continue };
            let names = datasets(claim);
            if !names.iter().all(|name| training.contains(&*name.text)) {
                continue;
            }
            for name in names {
                let message = format!("the model is trained on '{}'", name.text);
                let finding = at(&TRAINING_DATA, demand.node, name.span, cx, message);
                out.push(finding.help("judge it on data of `stage: evaluation` or `stage: test`"));
            }
        }
    }
}

/// Returns the datasets that a claim names, for the whole claim or for a part of it.
fn datasets(claim: &Claim) -> Vec<&Name> {
    use crate::objectives::syntax::ast::Predicate;
    let bounds = match &claim.predicate {
        Predicate::Compare(.., bound) | Predicate::Within(_, bound) => vec![bound],
        Predicate::Between(low, high) => vec![low, high],
        Predicate::Change(_) | Predicate::Reported(_) | Predicate::Along(..) | Predicate::Fresh(..) => Vec::new(),
    };
    let parts = std::iter::once(&claim.value).chain(bounds).flat_map(|value| value.nodes());
    let named = parts.filter_map(|part| if let ExprKind::On(_, name) = &part.kind { Some(name) } else { None });
    claim.qualifiers.dataset.iter().chain(named).collect()
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::changed;
    use crate::rules::testing::assert_found;

    #[test]
    fn each_name_is_found_unless_other_data_is_compared_with_it() {
        let data = ("datasets:\n", "datasets:\n  train: {stage: training}\n");
        let with = |expect: &str| changed(&[data, ("recall >= 60% on live", expect)]);
        let live = "recall >= 60% on live";
        assert_found(
            &with(&format!("{live} and recall is reported on train")),
            &[("objective/training-data", "train")],
        );
        assert_found(&with(&format!("{live} and (recall on train) >= 70%")), &[("objective/training-data", "train")]);
        assert_found(&with(&format!("{live} and recall >= (recall on train) on live")), &[]);
    }
}
