//! `split/ranges-overlap`

use super::periods;
use crate::documents::Document;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// The periods of the sets of a split by time must not overlap.
    ///
    /// In a split by time, the sets follow each other. If the training data ends after the hold-back data begins, the model knows part of
    /// the time that it is tested on. Days are included, so the next set begins a day after the end of the one before.
    ///
    /// ## Fails
    /// ```yaml base:credit-split
    /// method: time
    /// by: booked_on
    /// sets:
    ///   training: {dataset: credit-train@1.2.0, range: {end: 2025-01-31}}
    ///   holdback: {dataset: credit-holdback@1.2.0, range: {start: 2025-01-01}}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-split
    /// method: time
    /// by: booked_on
    /// sets:
    ///   training: {dataset: credit-train@1.2.0, range: {end: 2024-12-31}}
    ///   holdback: {dataset: credit-holdback@1.2.0, range: {start: 2025-01-01}}
    /// ```
    pub RANGES_OVERLAP = {
        id: "split/ranges-overlap",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 6, “Use metadata to detect leakage of training data into testing data”",
        kinds: [Split],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Split(split) = document else { return };
    let periods = periods(split, cx);
    for (at, period) in periods.iter().enumerate() {
        if let Some(earlier) = periods.iter().take(at).find(|earlier| earlier.overlaps(period)) {
            let message = format!("the period of the {} set overlaps that of the {} set", period.set, earlier.set);
            let finding = cx.at_value(&RANGES_OVERLAP, period.node, message);
            let span = cx.tree.span(cx.tree.resolve(earlier.node));
            out.push(finding.related(span, format!("the period of the {} set", earlier.set)));
        }
    }
}
