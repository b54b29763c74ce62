//! `objective/waiver-incomplete`

use std::ops::Deref;

use rustc_hash::FxHashSet;

use crate::documents::Document;
use crate::documents::field::{List, Required};
use crate::documents::objectives::Objectives;
use crate::objectives::evaluate::says_nothing;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A waiver must say which objective it waives, who decided it, and why.
    ///
    /// A waiver lets a failing model pass, so it is the part of the document that auditors read first. A waiver for an objective that does
    /// not exist has no effect, although whoever granted it believes that it does. Without a name and a reason, nobody can be asked about
    /// it: `TBD`, `nobody`, `-` and their like are none.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// waivers:
    ///   - objective: recall-flor
    ///     until: 2027-03-31
    ///     by: jane@contoso.com
    ///     reason: the labels of May are wrong; they are corrected in DATA-112
    ///   - objective: recall-floor
    ///     until: 2027-03-31
    ///     by: nobody
    ///     reason: TBD
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// waivers:
    ///   - objective: recall-floor
    ///     until: 2027-03-31
    ///     by: jane@contoso.com
    ///     reason: the labels of May are wrong; they are corrected in DATA-112
    /// ```
    pub WAIVER_INCOMPLETE = {
        id: "objective/waiver-incomplete",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: waivers",
        kinds: [Objectives],
        check: Typed(check),
    }
}

/// The maximum number of ids that are compared with a misspelled one, to bound the cost.
const MOST_IDS: usize = 200;

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Objectives(document) = document else { return };
    let ids = ids(document, cx);
    for (_, waiver) in document.waivers.get().map(List::iter).into_iter().flatten() {
        if let (Some(ids), Some((id, node))) = (&ids, waiver.objective.located())
            && !ids.contains(&**id)
            && !cx.is_faulty(node)
        {
            let finding = cx.at_value(&WAIVER_INCOMPLETE, node, format!("no objective has the id {}", cx.shown(node)));
            let near = crate::text::nearest(id, ids.iter().copied().take(MOST_IDS));
            out.push(match near {
                Some(near) => finding.help(format!("did you mean '{near}'?")),
                None => finding.help("name one of the objectives of this document"),
            });
        }
        out.extend(
            blank(&waiver.by, cx)
                .map(|node| cx.at_value(&WAIVER_INCOMPLETE, node, "this waiver does not say who decided it")),
        );
        let blank_reason = blank(&waiver.reason, cx);
        out.extend(
            blank_reason
                .map(|node| cx.at_value(&WAIVER_INCOMPLETE, node, "this waiver does not say why it was granted")),
        );
    }
}

/// Returns the ids of the objectives, if all of them are known.
fn ids<'d>(document: &'d Objectives, cx: &Context<'_>) -> Option<FxHashSet<&'d str>> {
    let (objectives, node) = document.objectives.located().filter(|_| cx.is_complete())?;
    let ids: Vec<_> = objectives.iter().map(|(_, objective)| objective.id.get().map(|id| &**id)).collect();
    let is_whole = cx.tree.is_sequence(node) && ids.len() == cx.tree.items(cx.tree.resolve(node)).len();
    is_whole.then(|| ids.into_iter().collect()).flatten()
}

/// Returns the node of a text that says nothing. The schema reports a text that is empty or missing.
fn blank<T: Deref<Target = str>>(text: &Required<T>, cx: &Context<'_>) -> Option<crate::yaml::NodeId> {
    let (text, node) = text.located()?;
    (!text.is_empty() && says_nothing(text) && !cx.is_faulty(node)).then_some(node)
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::changed;
    use crate::rules::testing::assert_found;

    #[test]
    fn what_the_schema_reports_is_not_reported_again() {
        let waiver = |fields: &str| changed(&[("tests:", &format!("waivers:\n  - {{{fields}}}\ntests:"))]);
        for (fields, expected) in [
            (
                "objective: recall-floor, until: 2027-03-31, by: ' ', reason: a pilot",
                &[("document/missing-required", "' '")][..],
            ),
            (
                "objective: recall-floor, until: 2027-03-31, by: jane, reason: \"\\t\"",
                &[("document/missing-required", "\"\\t\"")],
            ),
            (
                "objective: recall-floor, until: 2027-03-31, by: '', reason: a pilot",
                &[("document/missing-required", "''")],
            ),
            (
                "objective: recall-floor, until: soon, by: jane, reason: a pilot",
                &[("document/invalid-timestamp", "soon")],
            ),
            (
                "objective: recall-floor, until: 2027-02-31, by: jane, reason: a pilot",
                &[("document/impossible-date", "2027-02-31")],
            ),
            (
                "objective: recall-floor, until: 2027-03-31, by: TBD, reason: todo",
                &[("objective/waiver-incomplete", "TBD"), ("objective/waiver-incomplete", "todo")],
            ),
            (
                "objective: recall-floor, until: 2027-03-31, by: 'n/a', reason: '-'",
                &[("objective/waiver-incomplete", "'n/a'"), ("objective/waiver-incomplete", "'-'")],
            ),
            (
                "objective: other, until: 2027-03-31, by: jane, reason: a pilot",
                &[("objective/waiver-incomplete", "other")],
            ),
        ] {
            assert_found(&waiver(fields), expected);
        }
    }
}
