//! `model/component-not-pinned`

use crate::documents::Document;
use crate::documents::field::List;
use crate::rules::naming::id_form::is_id;
use crate::rules::naming::is_given_later;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A model should say which version of another model it asks.
    ///
    /// A model was tested together with those that it asks. Under a name without a version it asks whatever is newest, so that its answers
    /// change without a release of its own, and the test says nothing about them.
    ///
    /// ## Fails
    /// ```yaml base:credit-model
    /// composition: [fraud-score]
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-model
    /// composition: [fraud-score@1.4.0]
    /// ---
    /// name: fraud-score
    /// model_identifier: fraud-score
    /// version: 1.4.0
    /// ```
    pub COMPONENT_NOT_PINNED = {
        id: "model/component-not-pinned",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "modules/module.md, “Track breaking changes on models through semantic versioning”; README.md, “Prove that the model you used was (a) not tampered with”",
        kinds: [Model],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Model(own) = document else { return };
    for (node, model) in own.composition.get().into_iter().flat_map(List::iter) {
        if model.contains('@') || is_id(model) || is_given_later(model) || cx.is_faulty(node) {
            continue;
        }
        let message = format!("the model {} is named without a version", cx.shown(node));
        let help = format!("write '{}@' and the version that this one was tested with", &**model);
        out.push(cx.at_value(&COMPONENT_NOT_PINNED, node, message).help(help));
    }
}
