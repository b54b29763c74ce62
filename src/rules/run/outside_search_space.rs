//! `run/outside-search-space`

use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::run::Hyperparameter;
use crate::documents::training::{HyperparameterSearch, SearchRange};
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::yaml::{NodeId, Tree};

declare_rule! {
    /// The hyperparameters of a run and of its trials must lie in the space that was searched.
    ///
    /// The space says which values were tried. A value outside of it was not found by the search, so that its result says nothing about
    /// the model; or the space is not the one that was searched.
    ///
    /// ## Fails
    /// ```yaml base:credit-fit
    /// search:
    ///   method: random
    ///   metric: auc
    ///   better: higher
    ///   space: {learning_rate: {min: 0.1, max: 0.3, scale: log}}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-fit
    /// search:
    ///   method: random
    ///   metric: auc
    ///   better: higher
    ///   space: {learning_rate: {min: 0.001, max: 0.3, scale: log}}
    /// ```
    pub OUTSIDE_SEARCH_SPACE = {
        id: "run/outside-search-space",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 7, “hyperparameters searched and results of the search”",
        kinds: [PipelineRun, Run],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(search) = cx.typed().and_then(search) else { return };
    for (key, node) in outside(search, cx.tree, cx.typed(), cx.tree) {
        let message = format!(
            "the hyperparameter '{key}' is {}, which is outside of the space that was searched",
            cx.shown(node)
        );
        out.push(cx.at_value(&OUTSIDE_SEARCH_SPACE, node, message));
    }
    for (reference, member, _) in workspace.found().filter(|(own, ..)| own.path == TRIALS) {
        if let Some((key, node)) = outside(search, cx.tree, member.typed(), &member.tree).first() {
            let message =
                format!("the trial {} has a '{key}' outside of the space that was searched", cx.shown(reference.node));
            let finding = cx.at_value(&OUTSIDE_SEARCH_SPACE, reference.node, message);
            out.push(workspace.relate(finding, member, Some(*node), "its value"));
        }
    }
}

/// Where the runs of trials are named.
const TRIALS: &[&str] = &["search", "trials", "*", "run"];

fn search(document: &Document) -> Option<&HyperparameterSearch> {
    match document {
        Document::Run(own) => own.search.get(),
        Document::PipelineRun(own) => own.search.get(),
        _ => None,
    }
}

/// Returns the hyperparameters of a run that are outside of a space, with the nodes of their values.
fn outside<'a>(
    search: &HyperparameterSearch,
    space: &Tree,
    run: Option<&'a Document>,
    tree: &Tree,
) -> Vec<(&'a str, NodeId)> {
    let parameters = match run {
        Some(Document::Run(own)) => own.hyperparameters.get(),
        Some(Document::PipelineRun(own)) => own.hyperparameters.get(),
        _ => None,
    };
    let is_outside = |(_, own): (NodeId, &'a Hyperparameter)| {
        let (key, node) = (own.key.get()?, own.value.node()?);
        let range = search.space.get()?.get(key)?;
        (!has(range, space, node, tree)).then_some((&**key, node))
    };
    parameters.into_iter().flat_map(List::iter).filter_map(is_outside).collect()
}

/// Whether a range has a value. What is no number lies in every range of numbers.
fn has(range: &SearchRange, space: &Tree, node: NodeId, tree: &Tree) -> bool {
    let number = tree.number(node).map(|number| number.as_f64());
    let is_between = number.is_none_or(|number| {
        range.min.get().is_none_or(|min| *min <= number) && range.max.get().is_none_or(|max| number <= *max)
    });
    let is_one = |other: NodeId| match (number, space.number(other).map(|number| number.as_f64())) {
        (Some(number), Some(other)) => number.total_cmp(&other).is_eq(),
        _ => tree.text(node) == space.text(other),
    };
    is_between && range.values.get().is_none_or(|values| values.iter().any(|(other, _)| is_one(other)))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    const SPACE: &str = "search: {method: grid, metric: auc, better: higher, space: {learning_rate: RANGE}";

    fn places(text: &str) -> Vec<String> {
        let own = found(text).into_iter().filter(|(rule, ..)| *rule == "run/outside-search-space");
        own.map(|(_, place, _)| place).collect()
    }

    #[test]
    fn a_value_is_between_the_ends_and_one_of_the_values() {
        let base = include_str!("../bases/credit-fit.yml");
        let with = |range: &str| places(&format!("{base}{}}}\n", SPACE.replace("RANGE", range)));
        for range in ["{min: 0.05}", "{max: 0.05}", "{min: 0, max: 1}", "{values: [0.1, 5e-2]}", "{}", "{scale: log}"] {
            assert_eq!(with(range), [""; 0], "{range}");
        }
        for range in ["{min: 0.06}", "{max: 0.04}", "{values: [0.1, 0.5]}", "{values: []}"] {
            assert_eq!(with(range), ["0.05"], "{range}");
        }
    }

    #[test]
    fn the_runs_of_trials_are_looked_at() {
        let base = include_str!("../bases/credit-fit.yml");
        let trial =
            "mlSpecVersion: 0.1.0\nkind: run\nid: t-1\nname: t\nparent_run_id: 3da68b14-a14c-4ad1-84b9-e3f2ae438f86\n";
        let with = |value: &str| {
            let space = SPACE.replace("RANGE", "{max: 0.05}");
            let text = format!(
                "{base}{space}, trials: [{{run: t-1}}]}}\n---\n{trial}hyperparameters: [{{key: learning_rate, value: {value}}}]\n"
            );
            places(&text)
        };
        assert_eq!(with("0.5"), ["t-1"]);
        assert_eq!(with("0.01"), [""; 0]);
    }
}
