//! `reference/unknown-slice`

use rustc_hash::{FxHashMap, FxHashSet};

use crate::documents::field::{List, Map};
use crate::documents::objectives::Objectives;
use crate::documents::{Document, Kind};
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::text::nearest;
use crate::workspace::{Member, letters};

declare_rule! {
    /// Measured slices should have the names that the objectives give them.
    ///
    /// Objectives say which dimensions there are and which values they have. A measurement for `pre-paid` counts for no objective that says
    /// `prepaid`: the slice is missing, or is judged as another one. The rule compares tests and evaluations with the objectives that they
    /// name, or else those of their model, and reports names that differ in a letter or two.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch,credit-test
    /// dimensions:
    ///   region: {values: [north, south]}
    /// objectives:
    ///   - id: recall-by-region
    ///     why: no region is to be worse off
    ///     expect: for each slice of region with at least 1000 examples, recall >= 60% on holdback
    /// ---
    /// kind: test
    /// metrics:
    ///   - {key: recall, value: 0.72, count: 4800}
    ///   - {key: recall, value: 0.71, count: 2400, slice: {region: North}}
    ///   - {key: recall, value: 0.73, count: 2400, slice: {region: south}}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch,credit-test
    /// dimensions:
    ///   region: {values: [north, south]}
    /// objectives:
    ///   - id: recall-by-region
    ///     why: no region is to be worse off
    ///     expect: for each slice of region with at least 1000 examples, recall >= 60% on holdback
    /// ---
    /// kind: test
    /// metrics:
    ///   - {key: recall, value: 0.72, count: 4800}
    ///   - {key: recall, value: 0.71, count: 2400, slice: {region: north}}
    ///   - {key: recall, value: 0.73, count: 2400, slice: {region: south}}
    /// ```
    pub UNKNOWN_SLICE = {
        id: "reference/unknown-slice",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 8: a model is evaluated on slices of the data; spec/objectives.md, dimensions",
        kinds: [Evaluation, Test],
        check: Workspace(check),
    }
}

/// The maximum number of dimensions, and of values of a dimension, that names are compared with, to bound the cost.
const MOST_COMPARED: usize = 200;

/// The maximum number of findings. Measurements with more wrong names do not just have typos.
const MOST_REPORTED: usize = 20;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(Document::Evaluation(measured) | Document::Test(measured)) = cx.typed() else { return };
    let slices: Vec<_> = measured.metrics.get().into_iter().flat_map(List::iter).collect();
    let mut slices = slices.into_iter().filter_map(|(_, metric)| metric.slice.node()).peekable();
    if slices.peek().is_none() {
        return;
    }
    let Some((objectives, member)) = objectives_of(workspace) else { return };
    let dimensions = Dimensions::of(objectives, member);
    let mut reported = FxHashSet::default();
    for entry in slices.flat_map(|slice| cx.tree.entries(slice)) {
        let name = cx.tree.key_name(entry.key);
        let value = cx.tree.text(entry.value).unwrap_or("");
        let (what, wrong, near) = match dimensions.values.get(name) {
            None => ("dimension", name, similar(name, dimensions.values.keys().copied())),
            Some(values) if !values.contains(&value) => ("value", value, similar(value, values.iter().copied())),
            Some(_) => continue,
        };
        let Some(near) = near.filter(|_| !cx.is_faulty(entry.value) && reported.insert((what, wrong))) else {
            continue;
        };
        let message = match what {
            "value" => format!("the objectives know no value '{wrong}' of '{name}'"),
            _ => format!("the objectives know no dimension '{wrong}'"),
        };
        let finding = match what {
            "value" => cx.at_value(&UNKNOWN_SLICE, entry.value, message),
            _ => cx.at_key(&UNKNOWN_SLICE, entry.value, message),
        };
        let declared = member.tree.find(member.root, &["dimensions"]);
        let finding = finding.help(format!("did you mean '{near}'?"));
        out.push(workspace.relate(finding, member, declared, "the dimensions of the objectives"));
        if reported.len() == MOST_REPORTED {
            return;
        }
    }
}

/// Returns the objectives that something was measured for: those that it names, or else the only ones of its model.
fn objectives_of<'a>(workspace: &Linked<'a>) -> Option<(&'a Objectives, &'a Member)> {
    let named = workspace.found().find(|(_, member, _)| member.kind == Kind::Objectives).map(|(_, member, _)| member);
    let of_model = || {
        let model = workspace.own.references.iter().find(|reference| reference.targets == [Kind::Model])?;
        let mut same = workspace.meaning_the_same(workspace.id, model, model.role, Kind::Objectives);
        let (only, _) = same.next().filter(|_| same.next().is_none())?;
        workspace.member(only)
    };
    let member = named.or_else(of_model)?;
    match member.typed()? {
        Document::Objectives(objectives) => Some((objectives, member)),
        _ => None,
    }
}

/// The dimensions that objectives declare, and their values.
struct Dimensions<'a> {
    values: FxHashMap<&'a str, Vec<&'a str>>,
}

impl<'a> Dimensions<'a> {
    fn of(objectives: &'a Objectives, member: &'a Member) -> Self {
        let declared = objectives.dimensions.get().into_iter().flat_map(Map::iter).take(MOST_COMPARED);
        let values = declared.map(|(name, _, dimension)| {
            let values = dimension.values.get().into_iter().flat_map(List::iter).take(MOST_COMPARED);
            (name, values.filter_map(|(node, _)| member.tree.text(node)).collect())
        });
        Self { values: values.collect() }
    }
}

/// Returns the name that differs from a wrong one in case, separators, or a letter or two.
fn similar<'n>(wrong: &str, names: impl Iterator<Item = &'n str> + Clone) -> Option<&'n str> {
    let plain = letters(wrong);
    names.clone().find(|name| letters(name) == plain).or_else(|| nearest(wrong, names))
}
