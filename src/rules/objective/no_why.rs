//! `objective/no-why`

use crate::documents::Document;
use crate::documents::field::List;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// Each objective should say why it is set.
    ///
    /// A threshold outlives the people who chose it. When a model misses it by a little, somebody has to decide whether to lower it, and
    /// `why` explains what depends on it: what happens below 65%, and to whom.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    /// ```
    pub NO_WHY = {
        id: "objective/no-why",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 1: the minimum success criteria, as code for automated deployment",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Objectives(document) = document else { return };
    if !cx.is_complete() {
        return;
    }
    for (node, objective) in document.objectives.get().map(List::iter).into_iter().flatten() {
        if objective.why.node().is_none_or(|why| cx.tree.is_null(why)) {
            let message = "this objective does not say why it is set";
            let finding = match objective.id.node() {
                Some(id) => cx.at_value(&NO_WHY, id, message),
                None => cx.at_key(&NO_WHY, node, message),
            };
            out.push(finding.help("say in `why` what happens when it is not met"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::changed;
    use crate::rules::testing::assert_found;

    #[test]
    fn a_null_says_nothing_and_the_finding_is_at_the_id() {
        let text = changed(&[("why: below this, losses exceed the reserve for the year", "why:")]);
        assert_found(&text, &[("objective/no-why", "recall-floor")]);
    }
}
