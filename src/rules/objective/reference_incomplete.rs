//! `objective/reference-incomplete`

use crate::documents::Document;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// What a model is compared with must be a run, or values with their source.
    ///
    /// “As good as a person” is a number somebody has measured, on some examples. Without values there is nothing to compare with, without a
    /// source nobody can look it up, and without a count nobody knows how far the number may be off: people have answered few questions.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// mlSpecVersion: 0.2.0
    /// references:
    ///   human: {source: two underwriters, values: {recall: 0.71}}
    /// ```
    ///
    /// ```yaml base:credit-launch
    /// mlSpecVersion: 0.2.0
    /// references:
    ///   literature: {values: {auc: 0.79}}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// mlSpecVersion: 0.2.0
    /// references:
    ///   human: {source: two underwriters on 500 cases, values: {recall: 0.71}, count: 500}
    ///   literature: {source: "doi:10.0000/example", values: {auc: 0.79}}
    /// ```
    pub REFERENCE_INCOMPLETE = {
        id: "objective/reference-incomplete",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 1, “minimum success criteria for launching in code”",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Objectives(own) = document else { return };
    for (name, node, reference) in own.references.get().into_iter().flat_map(|references| references.iter()) {
        if reference.run.node().is_some() || !cx.is_complete() {
            continue;
        }
        let is_human = name.eq_ignore_ascii_case("human");
        let needed = [
            ("values", reference.values.node().is_some()),
            ("source", reference.source.node().is_some()),
            ("count", !is_human || reference.count.node().is_some()),
        ];
        if let Some((missing, _)) = needed.into_iter().find(|(_, is_given)| !is_given) {
            let message = format!("the reference '{name}' has no run, and no '{missing}'");
            let help = "name a run, or say the values, where they come from, and for people on how many examples";
            out.push(cx.at_key(&REFERENCE_INCOMPLETE, node, message).help(help));
        }
    }
}
