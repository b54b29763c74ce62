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
            let message = format!("the range of '{name}' has no values: it begins at {least} and ends at {greatest}");
            out.push(cx.at_value(&IMPOSSIBLE_RANGE, node, message).help("write the least possible value first"));
        }
    }
}
