//! `run/search-best`

use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::objectives::Better;
use crate::documents::training::{HyperparameterSearch, SearchTrial};
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// The best trial of a search must be one of its trials, and the best of them.
    ///
    /// The settings of the best trial are those that the model was trained with. If another trial has a better value of the metric that
    /// decides, either the wrong settings were taken, or the metric that is recorded did not decide. So it is if trials list what was measured,
    /// and the best of them lacks that metric.
    ///
    /// ## Fails
    /// ```yaml base:credit-fit
    /// search:
    ///   method: bayesian
    ///   metric: auc
    ///   better: higher
    ///   trials: [{run: trial-1, metrics: [{key: auc, value: 0.781}]}, {run: trial-2, metrics: [{key: auc, value: 0.792}]}]
    ///   best: trial-1
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-fit
    /// search:
    ///   method: bayesian
    ///   metric: auc
    ///   better: higher
    ///   trials: [{run: trial-1, metrics: [{key: auc, value: 0.781}]}, {run: trial-2, metrics: [{key: auc, value: 0.792}]}]
    ///   best: trial-2
    /// ```
    pub SEARCH_BEST = {
        id: "run/search-best",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 7, “hyperparameters searched and results of the search”",
        kinds: [PipelineRun, Run],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let search = match document {
        Document::Run(own) => own.search.get(),
        Document::PipelineRun(own) => own.search.get(),
        _ => None,
    };
    let Some(search) = search else { return };
    let (Some((best, node)), Some(trials)) = (search.best.located(), search.trials.get()) else { return };
    if cx.is_faulty(node) {
        return;
    }
    let called = |trial: &SearchTrial| trial.run.get().is_some_and(|run| run.trim().eq_ignore_ascii_case(best.trim()));
    let Some((_, chosen)) = trials.iter().find(|(_, trial)| called(trial)) else {
        let message = format!("{} is none of the trials", cx.shown(node));
        out.push(cx.at_value(&SEARCH_BEST, node, message).help("name the run of a trial, as 'trials' does"));
        return;
    };
    let Some(own) = value(cx, search, chosen) else {
        unmeasured(cx, search, chosen, node, out);
        return;
    };
    let Some(better) = search.better.get() else { return };
    let rivals = trials.iter().filter_map(|(_, trial)| Some((trial, value(cx, search, trial)?)));
    let is_better = |other: f64| match better {
        Better::Higher => other > own,
        Better::Lower => other < own,
    };
    let Some((rival, other)) = rivals.into_iter().find(|(_, other)| is_better(*other)) else { return };
    let (Some((name, place)), Some(metric)) = (rival.run.located(), search.metric.get()) else { return };
    let message = format!("the trial '{}' is better: its {} is {other}, not {own}", &**name, &**metric);
    let finding = cx.at_value(&SEARCH_BEST, node, message);
    out.push(finding.related(cx.tree.span(cx.tree.resolve(place)), "the better trial"));
}

/// Reports a best trial without the metric that decides, if trials list what was measured at all: their runs may hold it otherwise.
fn unmeasured(
    cx: &Context<'_>,
    search: &HyperparameterSearch,
    chosen: &SearchTrial,
    node: NodeId,
    out: &mut Findings<'_>,
) {
    let Some((metric, decides)) = search.metric.located() else { return };
    let has_key = |trial: &SearchTrial| {
        let mut keys = trial.metrics.get().into_iter().flat_map(List::iter).filter_map(|(_, own)| own.key.get());
        keys.any(|key| **key == **metric)
    };
    let of_others = search.trials.get().into_iter().flat_map(List::iter).any(|(_, trial)| has_key(trial));
    let lists = chosen.metrics.get().is_some_and(|metrics| metrics.iter().next().is_some());
    if has_key(chosen) || !(of_others || lists) {
        return;
    }
    let message = format!("the trial {} has no {}, by which it is the best", cx.shown(node), cx.shown(decides));
    out.push(cx.at_value(&SEARCH_BEST, node, message).help("record the metric that decides for each trial"));
}

/// Returns the value of the metric that decides.
fn value(cx: &Context<'_>, search: &HyperparameterSearch, trial: &SearchTrial) -> Option<f64> {
    let decides = search.metric.get()?;
    let metrics = trial.metrics.get().into_iter().flat_map(List::iter);
    let mut values = metrics.filter(|(_, metric)| metric.key.get().is_some_and(|key| **key == **decides));
    let node = values.find_map(|(_, metric)| metric.value.node())?;
    Some(cx.tree.number(node)?.as_f64()).filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn the_best_is_the_best_by_the_metric_that_decides() {
        let is_found = |better: &str, best: &str| {
            let base = include_str!("../bases/credit-fit.yml");
            let trial = |run: &str, loss: &str| {
                format!("{{run: {run}, metrics: [{{key: other, value: 9}}, {{key: loss, value: {loss}}}]}}")
            };
            let trials = [trial("a", "0.4"), trial("b", "0.3"), trial("c", "0.3")].join(", ");
            let search =
                format!("search: {{method: grid, metric: loss, better: {better}, trials: [{trials}], best: {best}}}\n");
            found(&format!("{base}{search}")).iter().any(|(rule, ..)| *rule == "run/search-best")
        };
        assert!(is_found("lower", "a") && is_found("higher", "b") && is_found("lower", "d"));
        assert!(!is_found("lower", "b") && !is_found("lower", "c") && !is_found("higher", "a"));
    }

    #[test]
    fn the_best_has_the_metric_that_decides() {
        let base = include_str!("../bases/credit-fit.yml");
        for (trials, expected) in [
            ("{run: a, metrics: [{key: other, value: 9}]}, {run: b, metrics: [{key: loss, value: 1}]}", 1),
            ("{run: a, metrics: [{key: other, value: 9}]}, {run: b, metrics: [{key: other, value: 1}]}", 1),
            ("{run: a}, {run: b, metrics: [{key: loss, value: 1}]}", 1),
            ("{run: a}, {run: b}", 0),
            ("{run: a, metrics: [{key: loss, value: 1}]}, {run: b}", 0),
        ] {
            let search =
                format!("search: {{method: grid, metric: loss, better: lower, trials: [{trials}], best: a}}\n");
            let found = found(&format!("{base}{search}"));
            let own = found.iter().filter(|(rule, ..)| *rule == super::SEARCH_BEST.id).count();
            assert_eq!(own, expected, "{trials}: {found:#?}");
        }
    }
}
