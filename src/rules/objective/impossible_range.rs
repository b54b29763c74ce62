//! `objective/impossible-range`

use crate::documents::Document;
use crate::documents::field::{List, Map};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// The range of a metric must begin with its lowest value and end with its highest.
    ///
    /// Values outside of the range are not judged, because they cannot be right. If the range is empty, every value is outside, and nothing
    /// is judged at all.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// metrics:
    ///   recall: {unit: fraction, range: [1, 0], better: higher}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// ```
    pub IMPOSSIBLE_RANGE = {
        id: "objective/impossible-range",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md, `metrics`: the least and the greatest possible value",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Objectives(objectives) = document else { return };
    for (name, _, metric) in objectives.metrics.get().into_iter().flat_map(Map::iter) {
        let Some((range, node)) = metric.range.located().filter(|(_, node)| !cx.is_faulty(*node)) else { continue };
        let ends: Vec<f64> = List::iter(range).map(|(_, end)| *end).collect();
        if let [least, greatest] = ends[..]
            // NaN is not less than any number.
            && !matches!(least.partial_cmp(&greatest), Some(std::cmp::Ordering::Less))
        {
            let (message, help) = match least.partial_cmp(&greatest) {
                Some(std::cmp::Ordering::Equal) => (
                    format!("the range of '{name}' has one value: it begins and ends at {least}"),
                    "write the least and the greatest value that the metric can have",
                ),
                _ => (
                    format!("the range of '{name}' has no values: it begins at {least} and ends at {greatest}"),
                    "write the least possible value first",
                ),
            };
            out.push(cx.at_value(&IMPOSSIBLE_RANGE, node, message).help(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn a_range_without_room_is_told_once_and_as_what_it_is() {
        for (range, message) in [
            ("[1, 1]", "the range of 'recall' has one value: it begins and ends at 1"),
            ("[2, 1]", "the range of 'recall' has no values: it begins at 2 and ends at 1"),
        ] {
            let text = format!(
                "kind: objectives\nmlSpecVersion: 0.1.0\nid: 13185d5d-e34f-4d49-bc06-eaf198377340\nname: launch\nmodel: a\n\
                 language: mlspec-objectives/1\ndatasets: {{holdback: {{dataset: b@1.0.0, stage: test}}}}\n\
                 metrics: {{recall: {{unit: fraction, range: {range}, better: higher}}}}\nobjectives:\n\
                 - {{id: floor, why: it must work, expect: recall >= 55% on holdback}}\n"
            );
            let found = found(&text);
            let own: Vec<_> =
                found.iter().filter(|(rule, ..)| rule.starts_with("objective/impossible-range")).collect();
            assert!(own.len() == 1 && own[0].2 == message, "{found:?}");
            assert!(!found.iter().any(|(rule, ..)| *rule == "objective/tautology"), "{found:?}");
        }
    }
}
