//! `data-schema/unusable-constraint`

use crate::documents::Document;
use crate::documents::field::List;
use crate::rules::{Context, Findings, declare_rule};
use crate::schema::is_regular_expression;

declare_rule! {
    /// A constraint of a field must be one that data can be checked against.
    ///
    /// A regular expression with an open parenthesis is refused by every reader, or matches nothing, and a `domain` without `categories` asks how
    /// often values are in a set that nobody names. Whoever validates the data finds out, or does not, and takes it for checked.
    ///
    /// ## Fails
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: loan_id, type: string, role: id, constraints: {pattern: "^[A-Z]{2}([0-9]+$"}}
    /// ```
    ///
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: purpose, type: string, domain: {minimum: 0.99}}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: loan_id, type: string, role: id, constraints: {pattern: "^[A-Z]{2}[0-9]+$"}}
    ///   - {name: purpose, type: string, categories: [car, house, other], domain: {minimum: 0.99}}
    /// ```
    pub UNUSABLE_CONSTRAINT = {
        id: "data-schema/unusable-constraint",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: [DataSchema],
        check: Typed(check),
    }
}

/// Longer expressions are not compiled: nobody reads them, and they may take long.
const LONGEST: usize = 1000;

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::DataSchema(schema) = document else { return };
    for (_, field) in schema.fields.get().into_iter().flat_map(List::iter) {
        let pattern = field.constraints.get().and_then(|own| own.pattern.located());
        if let Some((pattern, node)) =
            pattern.filter(|(pattern, node)| !cx.is_faulty(*node) && pattern.len() <= LONGEST)
            && !is_regular_expression(pattern)
        {
            let message = format!("{} is no regular expression", cx.shown(node));
            out.push(cx.at_value(&UNUSABLE_CONSTRAINT, node, message));
        }
        let domain = field.domain.node().filter(|node| !cx.tree.is_null(*node) && field.categories.node().is_none());
        if let Some(node) = domain.filter(|_| cx.is_complete()) {
            let message = "this field has no 'categories' that its values could be among";
            out.push(cx.at_key(&UNUSABLE_CONSTRAINT, node, message));
        }
    }
}
