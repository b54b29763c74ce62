//! `split/overlap-found`

use crate::documents::Document;
use crate::documents::field::List;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// Nothing may be in two sets of a split.
    ///
    /// What is in the training set and in the hold-back set is remembered, not predicted, so that the test shows too good a result.
    /// `overlap` records what was counted: how many examples, or how many values of a field, two sets have in common.
    ///
    /// ## Fails
    /// ```yaml base:credit-split
    /// overlap:
    ///   - {between: [training, holdback], by: customer_id, count: 12}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-split
    /// overlap:
    ///   - {between: [training, holdback], by: customer_id, count: 0}
    /// ```
    pub OVERLAP_FOUND = {
        id: "split/overlap-found",
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
    for (_, overlap) in split.overlap.get().into_iter().flat_map(List::iter) {
        let Some((count, node)) = overlap.count.located().filter(|(count, _)| **count > 0) else { continue };
        let sets: Vec<String> = overlap
            .between
            .get()
            .into_iter()
            .flat_map(List::iter)
            .map(|(node, _)| cx.shown(node).to_string())
            .collect();
        let (Some([first, second]), false) = (sets.first_chunk(), cx.is_faulty(node)) else { continue };
        let what = match (overlap.by.node(), count) {
            (Some(by), _) if overlap.by.get().is_some() => format!("{count} of the values of {}", cx.shown(by)),
            (_, 1) => "one example".to_owned(),
            _ => format!("{count} examples"),
        };
        let finding = cx.at_value(&OVERLAP_FOUND, node, format!("{what} in the set {first} are in {second}, too"));
        out.push(finding.help("split again, so that each is in one set"));
    }
}
