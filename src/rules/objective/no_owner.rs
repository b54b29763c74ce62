//! `objective/no-owner`

use crate::documents::Document;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// Objectives should have an owner.
    ///
    /// When the gate refuses a model on the evening of a launch, somebody has to be asked whether the threshold still applies. `owner`
    /// names the person or team who may grant a waiver, and who has to agree when an objective is changed.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// owner:
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// owner: risk-ml@contoso.com
    /// ```
    pub NO_OWNER = {
        id: "objective/no-owner",
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
    if cx.is_complete() && document.owner.node().is_none_or(|owner| cx.tree.is_null(owner)) {
        let message = "these objectives have no owner";
        out.push(cx.at_key(&NO_OWNER, cx.root, message).help("name a person or team in `owner`"));
    }
}
