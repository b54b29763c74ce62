//! `run/search-on-holdback`

use crate::documents::Kind;
use crate::documents::roles::ReferenceRole;
use crate::rules::split::{
    SplitPart,
    set_misused::{set_at, uses_of},
};
use crate::rules::{Context, Findings, Linked, declare_rule};

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
    let searched = workspace.references().find(|(reference, _)| reference.role == ReferenceRole::SearchData);
    let Some((reference, resolution)) = searched else { return };
    let dataset = resolution.found();
    let Some(data) = workspace.data_named(workspace.id, reference.node, dataset) else { return };
    let sets = uses_of(workspace, &data, ReferenceRole::SplitSet, Kind::Split);
    let tests = uses_of(workspace, &data, ReferenceRole::MeasuredData, Kind::Test);
    let is_last = |id, node| matches!(set_at(workspace, id, node), Some(SplitPart::HoldBack | SplitPart::Test));
    let wrong = sets.filter(|(id, node)| is_last(*id, *node)).chain(tests).find_map(|(id, node)| {
        let member = workspace.member(id)?;
        Some((member, node, format!("the {} '{}'", member.kind.name(), member.label())))
    });
    if let Some((member, node, what)) = wrong {
        let message = format!("{} is the hold-back data of {what}, and decides this search", cx.shown(reference.node));
        let finding = cx.at_value(&SEARCH_ON_HOLDBACK, reference.node, message);
        let finding = workspace.relate(finding, member, Some(node), "used here");
        out.push(finding.help("search by the value on validation data"));
    }
}
