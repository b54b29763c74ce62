//! `split/holdout-not-later`

use super::periods;
use crate::documents::Document;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// In a split by time, the hold-back set must be the last one.
    ///
    /// A model is used on what comes after its training data. If it is tested on what came before, the test tells nothing about that, and
    /// the training data may hold the outcome. So the hold-back set, or the test set, begins after all sets that decisions are made with.
    ///
    /// ## Fails
    /// ```yaml base:credit-split
    /// method: time
    /// by: booked_on
    /// sets:
    ///   training: {dataset: credit-train@1.2.0, range: {start: 2025-01-01}}
    ///   holdback: {dataset: credit-holdback@1.2.0, range: {start: 2024-01-01, end: 2024-12-31}}
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
    pub HOLDOUT_NOT_LATER = {
        id: "split/holdout-not-later",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 9: the test is performed on a “hold back data set”",
        kinds: [Split],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Split(split) = document else { return };
    let periods = periods(split, cx);
    for held in periods.iter().filter(|period| matches!(period.set, "holdback" | "test")) {
        let is_later =
            |other: &&super::SetPeriod| matches!(other.set, "training" | "validation") && held.is_before(other);
        if let Some(later) = periods.iter().find(is_later) {
            let message = format!("the {} set is before the {} set", held.set, later.set);
            let finding = cx.at_value(&HOLDOUT_NOT_LATER, held.node, message);
            let span = cx.tree.span(cx.tree.resolve(later.node));
            out.push(finding.related(span, format!("the period of the {} set", later.set)));
        }
    }
}
