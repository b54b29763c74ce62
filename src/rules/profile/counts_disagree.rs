//! `profile/counts-disagree`

use super::all_fields;
use crate::documents::Document;
use crate::documents::field::{List, Map};
use crate::documents::profile::Profile;
use crate::documents::roles::ReferenceRole;
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::count_of;
use crate::yaml::NodeId;
use std::collections::BTreeMap;

declare_rule! {
    /// The counts of a profile must fit the number of its examples.
    ///
    /// No more values can be missing, zero or outliers than there are examples, and the slices of one dimension cannot have more examples
    /// together than the whole. A profile has as many examples as the dataset that it is of: otherwise it is of another version, or of a
    /// sample that does not say so. The share of a slice follows from its examples, and no slice is there twice.
    ///
    /// ## Fails
    /// ```yaml base:credit-profile
    /// rows: 18000
    /// fields:
    ///   income: {type: number, missing: 18001}
    /// ```
    ///
    /// ```yaml base:credit-profile
    /// rows: 18000
    /// slices:
    ///   - {slice: {gender: female}, rows: 10890}
    ///   - {slice: {gender: male}, rows: 7111}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-profile
    /// rows: 18000
    /// fields:
    ///   income: {type: number, missing: 12}
    /// slices:
    ///   - {slice: {gender: female}, rows: 10890}
    ///   - {slice: {gender: male}, rows: 7110}
    /// ```
    pub COUNTS_DISAGREE = {
        id: "profile/counts-disagree",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 3, “descriptive statistics on the included features and configurable slices of the data”",
        kinds: [Profile],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(Document::Profile(profile)) = cx.typed() else { return };
    let mut more = |node: NodeId, what: String, rows: u64| {
        if !cx.is_faulty(node) {
            out.push(cx.at_value(&COUNTS_DISAGREE, node, format!("{what}, but there are only {rows} examples")));
        }
    };
    for (_, field, rows) in all_fields(profile) {
        let outliers = field.outliers.get().and_then(|outliers| outliers.count.located());
        let counts = [
            (field.missing.located(), "missing"),
            (field.nan.located(), "not a number"),
            (field.zeros.located(), "zero"),
            (field.distinct.located(), "different"),
            (outliers, "outliers"),
        ];
        for (count, what) in counts {
            if let Some((count, node)) = count.filter(|(count, _)| **count > rows) {
                more(node, format!("{count} values are {what}"), rows);
            }
        }
        // A value that is missing is not zero.
        let (missing, zeros) = (field.missing.get().unwrap_or(&0), field.zeros.located());
        if let Some((zeros, node)) = zeros.filter(|(zeros, _)| **zeros <= rows && *missing <= rows) {
            let sum = zeros.saturating_add(*missing);
            if sum > rows {
                more(node, format!("{sum} values are missing or zero"), rows);
            }
        }
        let top = field.top.get().into_iter().flat_map(List::iter).filter_map(|(_, top)| top.count.get());
        let top: u128 = top.copied().map(u128::from).sum();
        if let Some(node) = field.top.node().filter(|_| top > u128::from(rows)) {
            more(node, format!("the values have {top} examples together"), rows);
        }
    }
    let Some((rows, node)) = profile.rows.located() else { return };
    of_slices(profile, *rows, cx, out);
    let mut more = |node: NodeId, what: String, rows: u64| {
        if !cx.is_faulty(node) {
            out.push(cx.at_value(&COUNTS_DISAGREE, node, format!("{what}, but there are only {rows} examples")));
        }
    };
    // Slices by one dimension share no example.
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    for (place, part) in profile.slices.get().into_iter().flat_map(List::iter) {
        let dimensions: Vec<&str> = part.slice.get().into_iter().flat_map(Map::iter).map(|(name, ..)| name).collect();
        let (Some(count), [dimension]) = (part.rows.get(), dimensions.as_slice()) else { continue };
        let sum = sums.entry(dimension).or_default();
        let before = *sum;
        *sum = sum.saturating_add(*count);
        if *sum > *rows && before <= *rows {
            more(
                part.rows.node().unwrap_or(place),
                format!("the slices by '{dimension}' have {sum} examples together"),
                *rows,
            );
        }
    }
    let dataset = workspace.found().find(|(reference, ..)| reference.role == ReferenceRole::RecordedData);
    if let Some((reference, dataset, _)) = dataset
        && let Some((count, place)) = count_of(dataset).filter(|(count, _)| count != rows)
    {
        let message = format!("the profile has {rows} examples, the dataset {} has {count}", cx.shown(reference.node));
        let finding = cx.at_value(&COUNTS_DISAGREE, node, message);
        out.push(workspace.relate(finding, dataset, Some(place), "the number of examples of the dataset"));
    }
}

/// The allowed rounding error of a share.
const TOLERANCE: f64 = 0.0051;

/// Reports slices that are there twice, and shares that are not those of their examples.
fn of_slices(profile: &Profile, rows: u64, cx: &Context<'_>, out: &mut Findings<'_>) {
    let mut known: BTreeMap<Vec<(&str, &str)>, NodeId> = BTreeMap::new();
    for (_, part) in profile.slices.get().into_iter().flat_map(List::iter) {
        let Some((slice, node)) = part.slice.located() else { continue };
        let mut dimensions: Vec<(&str, &str)> = slice.iter().map(|(name, _, value)| (name, &**value)).collect();
        dimensions.sort_unstable();
        if let Some(first) = known.insert(dimensions, node) {
            let finding = cx.at_value(&COUNTS_DISAGREE, node, "the slice is there twice");
            out.push(finding.related(cx.tree.span(cx.tree.resolve(first)), "the first time"));
        }
        let (Some((share, place)), Some(count)) = (part.share.located(), part.rows.get()) else { continue };
        let actual = *count as f64 / rows.max(1) as f64;
        if *count <= rows && (share.get() - actual).abs() > TOLERANCE && !cx.is_faulty(place) {
            let message = format!("{count} of {rows} examples are {actual:.4} of them, not {}", share.get());
            out.push(cx.at_value(&COUNTS_DISAGREE, place, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn parts_and_slices_fit_the_whole() {
        let base = include_str!("../bases/credit-profile.yml")
            .replace("rows: 18000", "rows: 100")
            .replace("missing: 12", "missing: 60");
        for (rest, place) in [
            ("  age: {type: number, missing: 60, zeros: 50}", Some("50")),
            ("  age: {type: number, missing: 60, zeros: 40}", None),
            ("slices: [{slice: {sex: f}, rows: 40, share: 0.1}]", Some("0.1")),
            ("slices: [{slice: {sex: f}, rows: 40, share: 0.4}]", None),
            ("slices: [{slice: {sex: f}, rows: 40}, {slice: {sex: f}, rows: 40}]", Some("{sex: f}")),
            ("slices: [{slice: {sex: f, a: b}, rows: 40}, {slice: {a: b, sex: f}, rows: 40}]", Some("{a: b, sex: f}")),
            ("slices: [{slice: {sex: f}, rows: 40}, {slice: {sex: m}, rows: 40}]", None),
        ] {
            let found = found(&format!("{base}{rest}\n"));
            let own: Vec<_> =
                found.iter().filter(|(rule, ..)| *rule == super::COUNTS_DISAGREE.id).map(|(_, at, _)| &**at).collect();
            assert_eq!(own, Vec::from_iter(place), "{rest}{found:#?}");
        }
    }
}
