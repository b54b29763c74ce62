//! `run/search-on-holdback`

use rustc_hash::FxHashSet;

use crate::diagnostics::Finding;
use crate::documents::field::List;
use crate::documents::roles::ReferenceRole;
use crate::documents::{Document, Kind};
use crate::rules::split::{
    SplitPart,
    set_misused::{set_at, uses_of},
};
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::{Reference, Resolution};
use crate::yaml::NodeId;

declare_rule! {
    /// A search for hyperparameters must not be decided on hold-back data.
    ///
    /// What is chosen by its value on some data fits that data better than any other. If it is the data of the test, the test no longer
    /// shows what the model is worth. The data is hold-back data if a `split` says so, or if a test was performed on it: by its digest,
    /// or else its location or its name.
    ///
    /// ## Fails
    /// ```yaml base:credit-fit,credit-split
    /// search: {method: random, metric: auc, better: higher, dataset: credit-holdback@1.2.0}
    /// ```
    ///
    /// ```yaml base:credit-fit,credit-split
    /// search:
    ///   method: random
    ///   metric: auc
    ///   better: higher
    ///   trials:
    ///     - {run: trial-1, metrics: [{key: auc, value: 0.781, dataset: credit-holdback@1.2.0}]}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-fit,credit-split
    /// search: {method: random, metric: auc, better: higher, dataset: credit-validation@1.2.0}
    /// ```
    pub SEARCH_ON_HOLDBACK = {
        id: "run/search-on-holdback",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 9: the test is performed on a “hold back data set”; step 7, “hyperparameters searched and results of the search”",
        kinds: [PipelineRun, Run],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let decisive = deciding_data(cx);
    let is_searched = |reference: &Reference| {
        reference.role == ReferenceRole::SearchData
            || reference.role == ReferenceRole::MetricData && decisive.contains(&reference.node)
    };
    let searched = workspace.references().filter(|(reference, _)| is_searched(reference)).take(MOST_LOOKED_AT);
    for (reference, resolution) in searched {
        if let Some(finding) = on_holdback(cx, workspace, reference, resolution) {
            out.push(finding);
            return;
        }
    }
}

/// The maximum number of data of a search that are looked at.
const MOST_LOOKED_AT: usize = 1_000;

/// Returns the nodes of the datasets on which the trials measured the metric that decides.
fn deciding_data(cx: &Context<'_>) -> FxHashSet<NodeId> {
    let search = match cx.typed() {
        Some(Document::Run(own)) => own.search.get(),
        Some(Document::PipelineRun(own)) => own.search.get(),
        _ => None,
    };
    let trials = search.and_then(|search| search.trials.get()).into_iter().flat_map(List::iter);
    let metrics = trials.flat_map(|(_, trial)| trial.metrics.get().into_iter().flat_map(List::iter));
    let decides = search.and_then(|search| search.metric.get());
    let decisive =
        metrics.filter(|(_, metric)| decides.zip(metric.key.get()).is_some_and(|(decides, key)| **decides == **key));
    decisive.filter_map(|(_, metric)| metric.dataset.node()).collect()
}

fn on_holdback(
    cx: &Context<'_>,
    workspace: &Linked<'_>,
    reference: &Reference,
    resolution: &Resolution,
) -> Option<Finding> {
    let data = workspace.data_named(workspace.id, reference.node, resolution.found())?;
    let sets = uses_of(workspace, &data, ReferenceRole::SplitSet, Kind::Split);
    let tests = uses_of(workspace, &data, ReferenceRole::MeasuredData, Kind::Test);
    let is_last = |id, node| matches!(set_at(workspace, id, node), Some(SplitPart::HoldBack | SplitPart::Test));
    let wrong = sets.filter(|(id, node)| is_last(*id, *node)).chain(tests).find_map(|(id, node)| {
        let member = workspace.member(id)?;
        Some((member, node, format!("the {} '{}'", member.kind.name(), member.label())))
    });
    let (member, node, what) = wrong?;
    let message = format!("{} is the hold-back data of {what}, and decides this search", cx.shown(reference.node));
    let finding = cx.at_value(&SEARCH_ON_HOLDBACK, reference.node, message);
    let finding = workspace.relate(finding, member, Some(node), "used here");
    Some(finding.help("search by the value on validation data"))
}
