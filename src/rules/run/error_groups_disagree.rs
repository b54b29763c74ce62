//! `run/error-groups-disagree`

use rustc_hash::FxHashMap;

use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::measurement::ErrorGroup;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// The groups of an analysis of errors must agree about how many errors there are.
    ///
    /// From the share of the errors that lie in a group, the share of the examples, and how often the model is wrong there, follows how often it is
    /// wrong in all: errorRate × shareOfData / shareOfErrors. That is one number, so if two groups give different ones, beyond what
    /// rounding explains, one of the shares is wrong. No errors lie in a group without examples, and each group has a tag of its own.
    ///
    /// ## Fails
    /// ```yaml base:credit-test
    /// mlSpecVersion: 0.2.0
    /// errorAnalysis:
    ///   - {tag: short history, shareOfErrors: 0.31, shareOfData: 0.12, errorRate: 0.19}
    ///   - {tag: long history, shareOfErrors: 0.69, shareOfData: 0.88, errorRate: 0.19}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-test
    /// mlSpecVersion: 0.2.0
    /// errorAnalysis:
    ///   - {tag: short history, shareOfErrors: 0.31, shareOfData: 0.12, errorRate: 0.19}
    ///   - {tag: long history, shareOfErrors: 0.69, shareOfData: 0.88, errorRate: 0.058}
    /// ```
    pub ERROR_GROUPS_DISAGREE = {
        id: "run/error-groups-disagree",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 8: the evaluation “on slices”, to “meet the original codified objectives”",
        kinds: [Evaluation, Test],
        check: Typed(check),
    }
}

/// The lowest and the highest value that a number may have been before it was rounded.
type Bounds = (f64, f64);

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let (Document::Evaluation(own) | Document::Test(own)) = document else { return };
    let Some(groups) = own.error_analysis.get() else { return };
    by_themselves(groups, cx, out);
    // What all groups so far allow, and the group that last narrowed it.
    let mut known: Option<(Bounds, NodeId)> = None;
    for (group, own) in groups.iter() {
        let Some(((low, high), node)) = implied(cx, own) else { continue };
        let Some(((lowest, highest), other)) = known else {
            known = Some(((low, high), group));
            continue;
        };
        if low > highest || high < lowest {
            let message = "this group gives another rate of errors in all than another one";
            let finding = cx.at_value(&ERROR_GROUPS_DISAGREE, node, message);
            let finding = finding.related(cx.tree.span(cx.tree.resolve(other)), "the other group");
            out.push(
                finding.help("correct one of their shares: errorRate × shareOfData / shareOfErrors is the rate in all"),
            );
            return;
        }
        known = Some(((low.max(lowest), high.min(highest)), group));
    }
}

/// Reports errors in a group without examples, and groups with one tag.
fn by_themselves(groups: &List<ErrorGroup>, cx: &Context<'_>, out: &mut Findings<'_>) {
    let mut known: FxHashMap<&str, NodeId> = FxHashMap::default();
    for (_, group) in groups.iter() {
        let is_empty = group.share_of_data.get().is_some_and(|share| share.get() == 0.0);
        if let Some((errors, node)) =
            group.share_of_errors.located().filter(|(errors, _)| is_empty && errors.get() > 0.0)
        {
            let message = format!("a share of {} of the errors cannot lie in a group without examples", errors.get());
            let finding = cx.at_value(&ERROR_GROUPS_DISAGREE, node, message);
            out.push(finding.help("give its share of the data with more digits"));
        }
        let Some((tag, node)) = group.tag.located().filter(|(_, node)| !cx.is_faulty(*node)) else { continue };
        if let Some(first) = known.insert(tag.trim(), node) {
            let message = format!("two groups have the tag {}, and nobody knows which one is meant", cx.shown(node));
            let finding = cx.at_value(&ERROR_GROUPS_DISAGREE, node, message);
            out.push(finding.related(cx.tree.span(cx.tree.resolve(first)), "the first one"));
        }
    }
}

/// Returns the rate of errors in all that follows from a group, with the node of the group's rate.
fn implied(cx: &Context<'_>, group: &ErrorGroup) -> Option<(Bounds, NodeId)> {
    let node = group.error_rate.node()?;
    let bounds = |node: Option<NodeId>| rounded(cx.tree.text(node?)?);
    let (rate, data) = (bounds(Some(node))?, bounds(group.share_of_data.node())?);
    let errors = bounds(group.share_of_errors.node()).filter(|(low, _)| *low > 0.0)?;
    Some(((rate.0 * data.0 / errors.1, rate.1 * data.1 / errors.0), node))
}

/// Returns what a number may have been: half a unit of its last digit less, or more.
fn rounded(text: &str) -> Option<Bounds> {
    let text = text.trim();
    let value: f64 = text.parse().ok().filter(|value| (0.0..=1.0).contains(value))?;
    let digits = text.split_once('.').map_or(0, |(_, digits)| digits.len());
    let half = match text.contains(['e', 'E']) {
        true => value * 1e-9,
        false => 0.5 * 10f64.powi(-i32::try_from(digits).ok()?),
    };
    Some(((value - half).max(0.0), value + half))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn rounding_is_no_fault() {
        let is_found = |groups: &str| {
            let base = include_str!("../bases/credit-test.yml").replace("0.1.0", "0.2.0");
            found(&format!("{base}errorAnalysis: [{groups}]\n"))
                .iter()
                .any(|(rule, ..)| *rule == "run/error-groups-disagree")
        };
        let group = |errors: &str, data: &str, rate: &str| {
            format!("{{tag: of {errors}, shareOfErrors: {errors}, shareOfData: {data}, errorRate: {rate}}}")
        };
        let first = group("0.31", "0.12", "0.19");
        // 0.0735 in all, give or take 0.004.
        assert!(!is_found(&format!("{first}, {}", group("0.69", "0.88", "0.06"))));
        assert!(is_found(&format!("{first}, {}", group("0.69", "0.88", "0.07"))));
        assert!(!is_found(&format!("{first}, {{tag: b, shareOfErrors: 0.69, shareOfData: 0.88}}")));
        assert!(!is_found(&first));
        assert!(is_found("{tag: a, shareOfErrors: 0.9, shareOfData: 0}"));
        assert!(!is_found("{tag: a, shareOfErrors: 0, shareOfData: 0}"));
        let groups =
            "{tag: a, shareOfErrors: 0.5, shareOfData: 0.5}, {tag: ' a', shareOfErrors: 0.1, shareOfData: 0.5}";
        assert!(is_found(groups) && !is_found(&groups.replace("' a'", "b")));
    }
}
