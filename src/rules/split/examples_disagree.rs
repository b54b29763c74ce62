//! `split/examples-disagree`

use crate::documents::Document;
use crate::documents::field::Map;
use crate::documents::roles::ReferenceRole;
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::count_of;
use crate::yaml::NodeId;

declare_rule! {
    /// The numbers of examples of a split must add up.
    ///
    /// If the sets of a split hold more examples than there are, some are in two sets; if they hold fewer, nobody knows which ones are
    /// missing, and whether that is by chance. The sum must be the `count` of the source, that of each set the `count` of its dataset, the
    /// examples by label must sum to those of their set, and the fractions be those of the numbers.
    ///
    /// ## Fails
    /// ```yaml base:credit-split
    /// sets:
    ///   training: {dataset: credit-train@1.2.0, numExamples: 18000, labels: {"0": 14022, "1": 3987}}
    /// ```
    ///
    /// ```yaml base:credit-split
    /// sets:
    ///   training: {dataset: credit-train@1.2.0, numExamples: 18000}
    ///   validation: {dataset: credit-validation@1.2.0, numExamples: 6000}
    ///   holdback: {dataset: credit-holdback@1.2.0, fraction: 0.25, numExamples: 6000}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-split
    /// sets:
    ///   training: {dataset: credit-train@1.2.0, fraction: 0.6, numExamples: 18000, labels: {"0": 14022, "1": 3978}}
    ///   validation: {dataset: credit-validation@1.2.0, fraction: 0.2, numExamples: 6000}
    ///   holdback: {dataset: credit-holdback@1.2.0, fraction: 0.2, numExamples: 6000}
    /// ```
    pub EXAMPLES_DISAGREE = {
        id: "split/examples-disagree",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 6, “along with the results of validation for statistics of each set”",
        kinds: [Split],
        check: Workspace(check),
    }
}

/// The allowed rounding error of a fraction.
const TOLERANCE: f64 = 0.0051;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(Document::Split(split)) = cx.typed() else { return };
    let Some(sets) = split.sets.get() else { return };
    let dataset_at = |node: Option<NodeId>| workspace.found().find(|(own, ..)| Some(own.node) == node);
    // No file is long enough for the sum of its numbers to be too great for this type.
    let numbers: Option<Vec<u128>> =
        sets.iter().map(|(_, set)| set.num_examples.get().copied().map(u128::from)).collect();
    // A number that is wrong makes the sum wrong, too: one fault is told once.
    let mut total: Option<u128> = numbers.filter(|numbers| numbers.len() > 1).map(|numbers| numbers.iter().sum());
    for (name, set) in sets.iter() {
        let Some((number, node)) = set.num_examples.located() else { continue };
        if let Some((_, dataset, _)) = dataset_at(set.dataset.node())
            && let Some((count, place)) = count_of(dataset).filter(|(count, _)| count != number)
        {
            let message = format!("the {name} set has {number} examples, its dataset {count}");
            let finding = cx.at_value(&EXAMPLES_DISAGREE, node, message);
            out.push(workspace.relate(finding, dataset, Some(place), "the number of examples of the dataset"));
            total = None;
        }
        let labels = set.labels.get().into_iter().flat_map(Map::iter);
        let labeled: u128 = labels.map(|(.., count)| u128::from(*count)).sum();
        if let Some((_, labels)) = set.labels.located().filter(|_| labeled != u128::from(*number)) {
            let message = format!("the labels of the {name} set sum to {labeled}, not to its {number} examples");
            let finding = cx.at_value(&EXAMPLES_DISAGREE, labels, message);
            out.push(finding.related(cx.tree.span(cx.tree.resolve(node)), "its number of examples"));
            total = None;
        }
    }
    let source = workspace.found().find(|(own, ..)| own.role == ReferenceRole::RecordedData);
    if let (Some(own), Some((reference, source, _))) = (total, source)
        && let Some((count, place)) = count_of(source).filter(|(count, _)| u128::from(*count) != own)
    {
        let message = format!("the sets have {own} examples together, {} has {count}", cx.shown(reference.node));
        let finding = cx.at_value(&EXAMPLES_DISAGREE, reference.node, message);
        out.push(workspace.relate(finding, source, Some(place), "the number of examples of the source"));
        total = None;
    }
    for (_, set) in sets.iter() {
        let Some((number, _)) = set.num_examples.located() else { continue };
        if let (Some((fraction, place)), Some(total)) = (set.fraction.located(), total.filter(|total| *total > 0)) {
            let share = *number as f64 / total as f64;
            if (fraction.get() - share).abs() > TOLERANCE && !cx.is_faulty(place) {
                let message = format!("{number} of {total} examples are {share:.4} of them, not {}", fraction.get());
                out.push(cx.at_value(&EXAMPLES_DISAGREE, place, message));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn one_fault_is_told_once() {
        let head = "kind: split\nmlSpecVersion: 0.2.0\nid: 0b6f3f8e-5f0b-4a0d-9a40-1c7c2e5d9a07\nname: s\nsource: all\nmethod: predefined\n";
        let all = "---\nkind: dataset\nmlSpecVersion: 0.1.0\nid: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11\nname: all\nstate: Active\n\
                   version: 1.0.0\nlocation: s3://credit/all\ncount: 100\n";
        let sets = "sets:\n  training: {dataset: a, fraction: 0.6, numExamples: 60, labels: {\"0\": 30, \"1\": 30}}\n  \
                    validation: {dataset: b, fraction: 0.2, numExamples: 20}\n  holdback: {dataset: c, fraction: 0.2, numExamples: 20}\n";
        for (from, to, rules) in [
            ("", "", &[][..]),
            ("  validation:", "  val:", &["document/unknown-field"]),
            ("numExamples: 60", "numExamples: 50", &["split/examples-disagree"]),
            ("numExamples: 20", "numExamples: 10", &["split/examples-disagree"]),
            ("fraction: 0.6, n", "fraction: 0.5, n", &["split/examples-disagree", "split/split-fractions"]),
        ] {
            let found = found(&format!("{head}{}{all}", sets.replacen(from, to, 1)));
            let own: Vec<_> =
                found.iter().filter(|(_, _, message)| !message.contains("digest")).map(|(rule, ..)| *rule).collect();
            let own: Vec<_> = own
                .into_iter()
                .filter(|rule| rule.starts_with("split/") || *rule == "document/unknown-field")
                .collect();
            assert_eq!(own, rules, "{from}{found:#?}");
        }
    }

    #[test]
    fn the_numbers_are_compared_with_those_of_the_datasets() {
        let dataset = |name: &str, count: u64, last: u32| {
            format!(
                "---\nkind: dataset\nmlSpecVersion: 0.1.0\nid: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c{last}\nname: {name}\nstate: Active\n\
                 version: 1.0.0\nlocation: s3://credit/{name}\ncount: {count}\n"
            )
        };
        let head = "kind: split\nmlSpecVersion: 0.2.0\nid: 0b6f3f8e-5f0b-4a0d-9a40-1c7c2e5d9a07\nname: s\nsource: all\nmethod: predefined\n";
        let split = |training: u64, holdback: u64| {
            let sets = format!(
                "sets:\n  training: {{dataset: train, numExamples: {training}}}\n  holdback: {{dataset: held, numExamples: {holdback}}}\n"
            );
            let text = head.to_owned()
                + &sets
                + &dataset("all", 100, 11)
                + &dataset("train", 80, 12)
                + &dataset("held", 20, 13);
            let found = found(&text).into_iter().filter(|(rule, ..)| *rule == "split/examples-disagree");
            found.map(|(_, place, _)| place).collect::<Vec<_>>()
        };
        assert_eq!(split(80, 20), Vec::<String>::new());
        assert_eq!(split(81, 19), ["81", "19"]);
        assert_eq!(split(80, 19), ["19"]);
    }
}
