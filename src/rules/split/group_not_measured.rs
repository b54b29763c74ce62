//! `split/group-not-measured`

use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::split::SetName;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// That groups are in one set each should be measured.
    ///
    /// `groupBy` promises that all examples of a customer are in one set. Whether it is so shows only when the customers of two sets are
    /// compared: an identifier that was cleaned later, or a second file, breaks it unnoticed. `overlap` records the result, for the
    /// training set and each set that measures a model.
    ///
    /// ## Fails
    /// ```yaml base:credit-split
    /// groupBy: customer_id
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-split
    /// groupBy: customer_id
    /// overlap:
    ///   - {between: [training, validation], by: customer_id, count: 0}
    ///   - {between: [training, holdback], by: customer_id, count: 0}
    /// ```
    pub GROUP_NOT_MEASURED = {
        id: "split/group-not-measured",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 6, “Use metadata to detect leakage of training data into testing data”",
        kinds: [Split],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Split(split) = document else { return };
    let Some((group, node)) = split.group_by.located().filter(|(_, node)| !cx.is_faulty(*node)) else { return };
    let is_measured = |set: SetName| {
        split.overlap.get().into_iter().flat_map(List::iter).any(|(_, overlap)| {
            let has = |wanted| overlap.between.get().into_iter().flat_map(List::iter).any(|(_, set)| *set == wanted);
            overlap.by.get().is_some_and(|by| **by == **group) && has(SetName::Training) && has(set)
        })
    };
    let Some(sets) = split.sets.get() else { return };
    let measuring = [
        (&sets.validation, SetName::Validation, "validation"),
        (&sets.test, SetName::Test, "test"),
        (&sets.holdback, SetName::Holdback, "holdback"),
    ];
    let missing: Vec<&str> = measuring
        .into_iter()
        .filter(|(set, name, _)| set.get().is_some() && !is_measured(*name))
        .map(|(.., name)| name)
        .collect();
    if !missing.is_empty() {
        let message =
            format!("whether {} is in one set only was not measured for {}", cx.shown(node), missing.join(" and "));
        out.push(
            cx.at_value(&GROUP_NOT_MEASURED, node, message)
                .help("count what training and the other set have in common, and record it as 'overlap'"),
        );
    }
}
