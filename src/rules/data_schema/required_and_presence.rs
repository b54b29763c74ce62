//! `data-schema/required-and-presence`

use crate::documents::Document;
use crate::documents::field::List;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A field that is required should not be allowed to be missing.
    ///
    /// `required` demands a value in every example, a `presence` below 1 allows some to have none. One of the two is a remnant, and it
    /// depends on the reader which one counts.
    ///
    /// ## Fails
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: income, type: number, presence: {minimum: 0.99}, constraints: {required: true}}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: income, type: number, presence: {minimum: 0.99}}
    /// ```
    pub REQUIRED_AND_PRESENCE = {
        id: "data-schema/required-and-presence",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: [DataSchema],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::DataSchema(schema) = document else { return };
    for (_, field) in schema.fields.get().into_iter().flat_map(List::iter) {
        let required =
            field.constraints.get().and_then(|own| own.required.located()).filter(|(required, _)| **required);
        let share = field.presence.get().and_then(|own| own.minimum.located()).filter(|(share, _)| share.get() < 1.0);
        if let (Some((_, required)), Some((_, node))) = (required, share) {
            let message = format!("a share of {} is allowed, but every value is required", cx.shown(node));
            let finding = cx.at_value(&REQUIRED_AND_PRESENCE, node, message);
            out.push(finding.related(cx.tree.span(cx.tree.resolve(required)), "required here"));
        }
    }
}
