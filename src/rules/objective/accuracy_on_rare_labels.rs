//! `objective/accuracy-on-rare-labels`

use crate::documents::Kind;
use crate::documents::roles::ReferenceRole;
use crate::objectives::names_used::NamesUsed;
use crate::objectives::policy::PolicyObjective;
use crate::rules::objective::fully_read;
use crate::rules::split::set_misused::uses_of;
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::Member;
use crate::yaml::NodeId;

declare_rule! {
    /// Accuracy should not decide where a label is rare.
    ///
    /// If two examples in a hundred have a label, a model that never gives it is right for 98 of them, and passes `accuracy >= 95%`. Recall and
    /// precision of the rare label, or a balanced accuracy, tell such a model apart. A label is rare if a `split` counts it for
    /// less than 5 % of the examples of the data that is judged.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch,credit-split
    /// kind: objectives
    /// datasets:
    ///   holdback: {dataset: credit-holdback@1.2.0, stage: test}
    /// metrics:
    ///   accuracy: {unit: fraction, range: [0, 1], better: higher, of: examples}
    /// objectives:
    ///   - id: recall-floor
    ///     why: fewer wrong decisions than today
    ///     expect: accuracy >= 95% on holdback with at least 1000 examples
    /// ---
    /// kind: split
    /// sets:
    ///   holdback: {dataset: credit-holdback@1.2.0, labels: {"0": 4410, "1": 90}}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch,credit-split
    /// kind: objectives
    /// datasets:
    ///   holdback: {dataset: credit-holdback@1.2.0, stage: test}
    /// metrics:
    ///   accuracy: {unit: fraction, range: [0, 1], better: higher, of: examples}
    /// objectives:
    ///   - id: recall-floor
    ///     why: fewer wrong decisions than today
    ///     expect: accuracy >= 95% on holdback with at least 1000 examples
    /// ---
    /// kind: split
    /// sets:
    ///   holdback: {dataset: credit-holdback@1.2.0, labels: {"0": 3505, "1": 995}}
    /// ```
    pub ACCURACY_ON_RARE_LABELS = {
        id: "objective/accuracy-on-rare-labels",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 3, “descriptive statistics on the included features and configurable slices of the data”; step 1, “minimum success criteria”",
        kinds: [Objectives],
        check: Workspace(check),
    }
}

/// A label of a smaller share is rare.
const RARE: f64 = 0.05;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    if !workspace.has_kind(Kind::Split) {
        return;
    }
    let Some(policy) = fully_read(cx) else { return };
    for (reference, resolution) in workspace.references() {
        if reference.role != ReferenceRole::JudgedData {
            continue;
        }
        let dataset = resolution.found();
        let Some(data) = workspace.data_named(workspace.id, reference.node, dataset) else { continue };
        let mut sets = uses_of(workspace, &data, ReferenceRole::SplitSet, Kind::Split);
        let rare = sets.find_map(|(id, node)| {
            let split = workspace.member(id)?;
            rarest(split, node).map(|(share, place)| (split, share, place))
        });
        let Some((split, share, place)) = rare.filter(|(_, share, _)| *share < RARE) else { continue };
        let name = cx.keys_above(reference.node).nth(1).unwrap_or_default();
        let decides = |objective: &&PolicyObjective| {
            let expression = objective.expect.as_ref().and_then(|demand| demand.expression.as_ref());
            let uses = NamesUsed::of(expression, policy);
            uses.datasets.contains(name) && uses.values.len() == 1 && uses.values.contains("accuracy")
        };
        let others = policy.objectives.iter().filter(|own| {
            let uses = NamesUsed::of(own.expect.as_ref().and_then(|demand| demand.expression.as_ref()), policy);
            uses.datasets.contains(name)
        });
        // Beside an objective about another metric of the same data, accuracy does not decide alone.
        if others.count() != policy.objectives.iter().filter(decides).count() {
            continue;
        }
        let Some(objective) = policy.objectives.iter().find(decides) else { continue };
        let node = objective.expect.as_ref().map_or(objective.node, |demand| demand.node);
        let percent = share * 100.0;
        let message = format!("accuracy decides alone, and {percent:.1} % of the examples have the rarest label");
        let finding = cx.at_value(&ACCURACY_ON_RARE_LABELS, node, message);
        let finding = finding.help("add an objective about recall and precision of that label");
        out.push(workspace.relate(finding, split, Some(place), "the labels"));
    }
}

/// Returns the share of the rarest label of a set, given the node of its dataset, and where the labels are counted.
fn rarest(split: &Member, dataset: NodeId) -> Option<(f64, NodeId)> {
    let tree = &split.tree;
    let labels = tree.get(tree.parent(dataset)?, "labels")?.value;
    let counts: Vec<f64> = tree.entries(labels).filter_map(|entry| Some(tree.number(entry.value)?.as_f64())).collect();
    let total: f64 = counts.iter().sum();
    let least = counts.iter().copied().fold(f64::INFINITY, f64::min);
    (counts.len() > 1 && total > 0.0).then_some((least / total, labels))
}
