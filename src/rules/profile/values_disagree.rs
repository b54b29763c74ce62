//! `profile/values-disagree`

use indexmap::IndexMap;
use rustc_hash::FxHashMap;

use super::all_fields;
use crate::documents::Document;
use crate::documents::field::{List, Map};
use crate::documents::profile::{FieldProfile, Profile, SliceProfile};
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::{NodeId, ScalarType};

declare_rule! {
    /// The statistics of a field must be possible.
    ///
    /// The mean lies between the smallest and the greatest value, and so does the median; a field with two different values has a standard
    /// deviation of at most half their distance, but for one example fewer in its denominator. Statistics that no data has were computed
    /// from different data, or mixed up. No more values can be listed than are different, and each once; none is zero if all are greater. The
    /// values of a slice lie between those of the whole, no more of them are missing, and the mean of slices that together are the whole
    /// is that of the whole. Only equal values have no deviation, and `.nan` is the
    /// statistic of no data: it compares with nothing, so that nothing could ever disagree with it.
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
    of_slices(profile, cx, out);
    of_means(profile, cx, out);
    for (_, field, rows) in all_fields(profile) {
        of_values(field, cx, out);
        of_no_data(field, cx, out);
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

/// Reports statistics that are no numbers, and those of equal values beside those of different ones.
fn of_no_data(field: &FieldProfile, cx: &Context<'_>, out: &mut Findings<'_>) {
    for own in [&field.minimum, &field.median, &field.mean, &field.maximum, &field.std] {
        if let Some((_, node)) = own.located().filter(|(value, _)| value.is_nan()) {
            let message = format!("{} is the statistic of no data", cx.shown(node));
            let help = "leave out what was not computed, and leave values that are missing out of what is";
            out.push(cx.at_value(&VALUES_DISAGREE, node, message).help(help));
        }
    }
    let (Some((low, _)), Some((high, bound))) = (field.minimum.located(), field.maximum.located()) else { return };
    let mut report = |node: NodeId, message: String| {
        let finding = cx.at_value(&VALUES_DISAGREE, node, message);
        out.push(finding.related(cx.tree.span(cx.tree.resolve(bound)), "the greatest value"));
    };
    // The square of what is next to nothing is nothing.
    let deviates = (high - low) * (high - low) >= f64::MIN_POSITIVE;
    if let Some((_, node)) = field.std.located().filter(|(std, _)| **std == 0.0 && low < high && deviates) {
        report(
            node,
            format!("values from {low} to {high} deviate from each other, and have no standard deviation of 0"),
        );
    }
    let Some((distinct, node)) = field.distinct.located() else { return };
    if *distinct > 1 && low == high {
        report(node, format!("{distinct} values are different, but all are {low}"));
    } else if *distinct < 2 && low < high {
        report(node, format!("{low} and {high} are different values, and {distinct} is said to be"));
    }
}

/// Reports listed values and zeros that cannot be.
fn of_values(field: &FieldProfile, cx: &Context<'_>, out: &mut Findings<'_>) {
    let top: Vec<_> =
        field.top.get().into_iter().flat_map(List::iter).filter_map(|(_, top)| top.value.node()).collect();
    if let Some((distinct, node)) = field.distinct.located().filter(|(distinct, _)| top.len() as u64 > **distinct) {
        let message = format!("{} values are listed, but only {distinct} are different", top.len());
        let finding = cx.at_value(&VALUES_DISAGREE, node, message);
        let list = field.top.node().unwrap_or(node);
        out.push(finding.related(cx.tree.span(cx.tree.resolve(list)), "the values"));
    }
    // `1` and `'1'` are different values.
    let mut known: FxHashMap<(bool, &str), NodeId> = FxHashMap::default();
    for node in top {
        let Some(text) = cx.tree.text(node) else { continue };
        let is_text = cx.tree.scalar_type(node) == Some(ScalarType::String);
        if let Some(first) = known.insert((is_text, text), node) {
            let finding = cx.at_value(&VALUES_DISAGREE, node, format!("{} is listed twice", cx.shown(node)));
            out.push(finding.related(cx.tree.span(cx.tree.resolve(first)), "the first time"));
        }
    }
    let bounds = [(field.minimum.located(), 1.0, "greater"), (field.maximum.located(), -1.0, "smaller")];
    for (bound, sign, word) in bounds {
        let (Some((zeros, node)), Some((bound, place))) = (field.zeros.located(), bound) else { continue };
        if *zeros > 0 && bound * sign > 0.0 {
            let message = format!("{zeros} values are zero, but all are {word}");
            let finding = cx.at_value(&VALUES_DISAGREE, node, message);
            out.push(finding.related(cx.tree.span(cx.tree.resolve(place)), "the bound"));
        }
    }
}

/// How far means may be off by rounding, relative to the range of the values.
const MEAN_TOLERANCE: f64 = 0.005;

/// Reports the mean of a field if it is not that of slices that together are the whole: those by the same dimensions, with as many examples.
fn of_means(profile: &Profile, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(rows) = profile.rows.get().copied() else { return };
    let mut partitions: IndexMap<Vec<&str>, Vec<&SliceProfile>> = IndexMap::new();
    for (_, slice) in profile.slices.get().into_iter().flat_map(List::iter) {
        let mut dimensions: Vec<&str> =
            slice.slice.get().into_iter().flat_map(Map::iter).map(|(name, ..)| name).collect();
        dimensions.sort_unstable();
        partitions.entry(dimensions).or_default().push(slice);
    }
    let is_whole = |slices: &&Vec<&SliceProfile>| {
        let sum = slices.iter().try_fold(0_u64, |sum, slice| sum.checked_add(*slice.rows.get()?));
        slices.len() > 1 && sum == Some(rows)
    };
    for slices in partitions.values().filter(is_whole) {
        for (name, _, whole) in profile.fields.get().into_iter().flat_map(Map::iter) {
            let Some((mean, node)) = whole.mean.located() else { continue };
            let (Some(low), Some(high)) = (whole.minimum.get(), whole.maximum.get()) else { continue };
            let Some(together) = mean_of(slices, name) else { continue };
            if (together - mean).abs() > (high - low) * MEAN_TOLERANCE {
                let message =
                    format!("the mean is {}, but its slices together have one of {together:.4}", cx.shown(node));
                out.push(cx.at_value(&VALUES_DISAGREE, node, message));
            }
        }
    }
}

/// Returns the mean of a field in all slices; `None` if one does not say its own, or of how many values.
fn mean_of(slices: &[&SliceProfile], field: &str) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    for slice in slices {
        let own = slice.fields.get()?.get(field)?;
        let values = slice.rows.get()?.checked_sub(*own.missing.get()?)? as f64;
        (sum, count) = (sum + values * own.mean.get()?, count + values);
    }
    Some(sum / count).filter(|mean| mean.is_finite())
}

/// Reports values of slices that lie outside of those of the whole.
fn of_slices(profile: &Profile, cx: &Context<'_>, out: &mut Findings<'_>) {
    let whole: FxHashMap<&str, &FieldProfile> =
        profile.fields.get().into_iter().flat_map(Map::iter).map(|(name, _, field)| (name, field)).collect();
    let slices = profile.slices.get().into_iter().flat_map(List::iter);
    for (name, _, part) in slices.filter_map(|(_, slice)| slice.fields.get()).flat_map(Map::iter) {
        let Some(whole) = whole.get(name) else { continue };
        if let (Some((missing, node)), Some((all, bound))) = (part.missing.located(), whole.missing.located())
            && missing > all
        {
            let message = format!("{missing} values of the slice are missing, and {all} of all examples");
            let finding = cx.at_value(&VALUES_DISAGREE, node, message);
            out.push(finding.related(cx.tree.span(cx.tree.resolve(bound)), "of all examples"));
        }
        for (what, own) in [("minimum", &part.minimum), ("mean", &part.mean), ("maximum", &part.maximum)] {
            let Some((value, node)) = own.located() else { continue };
            let slack = value.abs() * TOLERANCE;
            let above = whole.maximum.located().filter(|(bound, _)| value - slack > **bound);
            let below = whole.minimum.located().filter(|(bound, _)| value + slack < **bound);
            let outside =
                above.map(|found| (found, "above the maximum")).or(below.map(|found| (found, "below the minimum")));
            if let Some(((_, bound), word)) = outside {
                let message = format!("the {what} of the slice, {}, is {word} of all examples", cx.shown(node));
                let finding = cx.at_value(&VALUES_DISAGREE, node, message);
                out.push(finding.related(cx.tree.span(cx.tree.resolve(bound)), "of all examples"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn listed_values_zeros_and_slices_are_possible() {
        let head = "kind: profile\nmlSpecVersion: 0.2.0\nid: 0b6f3f8e-5f0b-4a0d-9a40-1c7c2e5d9a03\nname: p\ndataset: clients@1.0.0\n\
                    performedOn: 2026-08-02T05:00:00Z\nrows: 100\n";
        for (rest, places) in [
            ("fields: {sex: {distinct: 1, top: [{value: f, count: 60}, {value: m, count: 40}]}}", &["1"][..]),
            ("fields: {sex: {distinct: 0, top: [{value: f, count: 60}]}}", &["0"]),
            ("fields: {sex: {distinct: 3, top: [{value: f, count: 60}, {value: f, count: 40}]}}", &["f"]),
            ("fields: {sex: {distinct: 3, top: [{value: '1', count: 60}, {value: 1, count: 40}]}}", &[]),
            ("fields: {age: {minimum: 21, maximum: 70, zeros: 20}}", &["20"]),
            ("fields: {age: {minimum: 0, maximum: 70, zeros: 20}}", &[]),
            ("fields: {age: {minimum: -9, maximum: -1, zeros: 2}}", &["2"]),
            ("fields: {age: {maximum: 70}}\nslices: [{slice: {a: b}, rows: 9, fields: {age: {mean: 90}}}]", &["90"]),
            ("fields: {age: {minimum: 21}}\nslices: [{slice: {a: b}, rows: 9, fields: {age: {minimum: 20}}}]", &["20"]),
            ("fields: {age: {minimum: .nan, median: .NaN, maximum: 70}}", &[".nan", ".NaN"]),
            ("fields: {age: {minimum: 21, maximum: 70, std: 0}}", &["0"]),
            ("fields: {age: {minimum: 21, maximum: 70, distinct: 2, std: 3}}", &[]),
            ("fields: {age: {missing: 5}}\nslices: [{slice: {a: b}, rows: 9, fields: {age: {missing: 6}}}]", &["6"]),
            ("fields: {age: {missing: 5}}\nslices: [{slice: {a: b}, rows: 9, fields: {age: {missing: 5}}}]", &[]),
            (
                "fields: {age: {minimum: 0, mean: 50, maximum: 70}}\nslices: [{slice: {a: b}, rows: 90, fields: {age: {missing: 0, mean: 20}}}, {slice: {a: c}, rows: 10, fields: {age: {missing: 0, mean: 60}}}]",
                &["50"],
            ),
            (
                "fields: {age: {minimum: 0, mean: 24, maximum: 70}}\nslices: [{slice: {a: b}, rows: 90, fields: {age: {missing: 0, mean: 20}}}, {slice: {a: c}, rows: 10, fields: {age: {missing: 0, mean: 60}}}]",
                &[],
            ),
            (
                "fields: {age: {minimum: 0, mean: 50, maximum: 70}}\nslices: [{slice: {a: b}, rows: 90, fields: {age: {missing: 0, mean: 20}}}, {slice: {c: c}, rows: 10, fields: {age: {missing: 0, mean: 60}}}]",
                &[],
            ),
            (
                "fields: {age: {minimum: 21, maximum: 70}}\nslices: [{slice: {a: b}, rows: 9, fields: {age: {minimum: 21, maximum: 70}}}]",
                &[],
            ),
        ] {
            let found = found(&format!("{head}{rest}\n"));
            let own: Vec<_> =
                found.iter().filter(|(rule, ..)| *rule == super::VALUES_DISAGREE.id).map(|(_, at, _)| &**at).collect();
            assert_eq!(own, places, "{rest}{found:#?}");
            assert!(!found.iter().any(|(rule, ..)| *rule == "profile/constant-field"), "{rest}{found:#?}");
        }
    }
    #[test]
    fn equal_values_are_not_different_ones() {
        let text = "kind: profile\nmlSpecVersion: 0.2.0\nid: 0b6f3f8e-5f0b-4a0d-9a40-1c7c2e5d9a03\nname: p\ndataset: clients@1.0.0\n\
                    performedOn: 2026-08-02T05:00:00Z\nrows: 100\nfields: {age: {minimum: 21, maximum: 21, distinct: 3}}\n";
        let count = |text: &str| found(text).iter().filter(|(rule, ..)| *rule == super::VALUES_DISAGREE.id).count();
        assert_eq!((count(text), count(&text.replace("distinct: 3", "distinct: 1"))), (1, 0));
        let different = text.replace("maximum: 21", "maximum: 70");
        assert_eq!((count(&different), count(&different.replace("distinct: 3", "distinct: 1"))), (0, 1));
    }
}
