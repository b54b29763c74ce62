//! `transformation/boundaries-not-ascending`

use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::transformation::TransformMethod;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// The boundaries of buckets, and the ends of a scale, must ascend.
    ///
    /// A value is in the bucket between two boundaries. If the second is not greater than the first, no value is, or libraries put it into
    /// different buckets: some sort the boundaries, some search them as they are.
    ///
    /// ## Fails
    /// ```yaml base:credit-features
    /// steps:
    ///   - {field: age, method: bucketize, output: age_bucket, boundaries: [25, 50, 35]}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-features
    /// steps:
    ///   - {field: age, method: bucketize, output: age_bucket, boundaries: [25, 35, 50]}
    /// ```
    pub BOUNDARIES_NOT_ASCENDING = {
        id: "transformation/boundaries-not-ascending",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 4, “data conversions and feature wrangling”",
        kinds: [Transformation],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Transformation(own) = document else { return };
    for (_, step) in own.steps.get().into_iter().flat_map(List::iter) {
        let boundaries: Vec<_> = step.boundaries.get().into_iter().flat_map(List::iter).collect();
        let wrong = boundaries.windows(2).find_map(|pair| match pair {
            // `.nan` is above nothing.
            [(first, low), (node, high)] if !is_above(**high, **low) => Some((*first, *node)),
            _ => None,
        });
        if let Some((first, node)) = wrong {
            let message = format!("the boundary {} is not above {}, the one before", cx.shown(node), cx.shown(first));
            out.push(cx.at_value(&BOUNDARIES_NOT_ASCENDING, node, message));
        }
        // `minimum` becomes 0 and `maximum` 1: from equal ones nothing can be divided by their difference.
        let (Some((low, first)), Some((high, node))) = (step.minimum.located(), step.maximum.located()) else {
            continue;
        };
        if !is_above(*high, *low) && step.method.get() == Some(&TransformMethod::ScaleTo01) {
            let message = format!("the maximum {} is not above the minimum {}", cx.shown(node), cx.shown(first));
            out.push(cx.at_value(&BOUNDARIES_NOT_ASCENDING, node, message));
        }
    }
}

/// Returns whether a number is above another one; `.nan` is not.
fn is_above(high: f64, low: f64) -> bool {
    high.partial_cmp(&low).is_some_and(std::cmp::Ordering::is_gt)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn what_is_no_number_ascends_to_nothing() {
        let base = include_str!("../bases/credit-features.yml");
        for (boundaries, times) in [("[1, .nan, 3]", 1), ("[.nan, 1]", 1), ("[1, 2, 3]", 0)] {
            let step = format!("  - {{field: age, method: bucketize, boundaries: {boundaries}, output: age_bucket}}\n");
            let found = found(&format!("{base}{step}"));
            let own = found.iter().filter(|(rule, ..)| *rule == super::BOUNDARIES_NOT_ASCENDING.id).count();
            assert_eq!(own, times, "{boundaries}{found:#?}");
        }
    }

    #[test]
    fn the_ends_of_a_scale_ascend() {
        let base = include_str!("../bases/credit-features.yml");
        for (parameters, times) in [
            ("method: scale_to_0_1, minimum: 10, maximum: 1", 1),
            ("method: scale_to_0_1, minimum: 10, maximum: 10", 1),
            ("method: scale_to_0_1, minimum: 1, maximum: 10", 0),
            ("method: custom, minimum: 10, maximum: 1", 0),
        ] {
            let found = found(&format!("{base}  - {{field: age, {parameters}, output: age_scaled}}\n"));
            let own = found.iter().filter(|(rule, ..)| *rule == super::BOUNDARIES_NOT_ASCENDING.id).count();
            assert_eq!(own, times, "{parameters}{found:#?}");
        }
    }
}
