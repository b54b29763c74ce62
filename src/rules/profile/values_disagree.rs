//! `profile/values-disagree`

use super::all_fields;
use crate::documents::Document;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// The statistics of a field must be possible.
    ///
    /// The mean lies between the smallest and the greatest value, and so does the median; a field with two different values has a standard
    /// deviation of at most half their distance, but for one example fewer in its denominator. Statistics that no data has were computed
    /// from different data, or mixed up.
    ///
    /// ## Fails
    /// ```yaml base:credit-profile
    /// fields:
    ///   income: {type: number, minimum: 0, median: 2870, mean: 51000, maximum: 48000}
    /// ```
    ///
    /// ```yaml base:credit-profile
    /// fields:
    ///   income: {type: number, minimum: 0, maximum: 100, std: 1490.1}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-profile
    /// fields:
    ///   income: {type: number, minimum: 0, median: 2870, mean: 3120.4, maximum: 48000, std: 1490.1}
    /// ```
    pub VALUES_DISAGREE = {
        id: "profile/values-disagree",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 3, “a set of descriptive statistics on the included features”",
        kinds: [Profile],
        check: Typed(check),
    }
}

/// The allowed rounding error, relative to the range of the values.
const TOLERANCE: f64 = 1e-6;

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Profile(profile) = document else { return };
    for (_, field, rows) in all_fields(profile) {
        let (Some((low, low_node)), Some((high, high_node))) = (field.minimum.located(), field.maximum.located())
        else {
            continue;
        };
        let slack = (high - low).abs() * TOLERANCE;
        // Another rule reports a reversed range.
        if high < low || !slack.is_finite() {
            continue;
        }
        for (name, own) in [("median", &field.median), ("mean", &field.mean)] {
            let Some((value, node)) = own.located() else { continue };
            let (bound, word) = match value {
                value if *value > high + slack => (high_node, "above the maximum"),
                value if *value < low - slack => (low_node, "below the minimum"),
                _ => continue,
            };
            let message = format!("the {name} {} is {word} {}", cx.shown(node), cx.shown(bound));
            let finding = cx.at_value(&VALUES_DISAGREE, node, message);
            out.push(finding.related(cx.tree.span(cx.tree.resolve(bound)), word));
        }
        // Popoviciu's inequality, for a denominator of n or n - 1.
        let count = rows.saturating_sub(field.missing.get().copied().unwrap_or(0)).max(2) as f64;
        let most = (high - low) / 2.0 * (count / (count - 1.0)).sqrt();
        if let Some((std, node)) = field.std.located().filter(|(std, _)| **std > most + slack) {
            let message =
                format!("values from {low} to {high} have no standard deviation of {std}; it is at most {most:.4}");
            let finding = cx.at_value(&VALUES_DISAGREE, node, message);
            out.push(finding.related(cx.tree.span(cx.tree.resolve(high_node)), "the greatest value"));
        }
    }
}
