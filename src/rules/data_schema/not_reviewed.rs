//! `data-schema/not-reviewed`

use crate::documents::Document;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A schema that was inferred from few examples should be reviewed.
    ///
    /// Thirty examples show which fields there are, but not which values: a value that one customer in a hundred has is probably not among
    /// them. Once a person has corrected the types, ranges and categories, `inferredFrom.reviewedBy` says who it was.
    ///
    /// ## Fails
    /// ```yaml base:credit-schema
    /// inferredFrom: {numExamples: 30}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-schema
    /// inferredFrom: {numExamples: 30, reviewedBy: data@contoso.com}
    /// ```
    pub NOT_REVIEWED = {
        id: "data-schema/not-reviewed",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “Detail how to generate the first version of the schema (e.g., select * from foo limit 30)”",
        kinds: [DataSchema],
        check: Typed(check),
    }
}

/// From as many examples, a value that one in a hundred has is seen almost certainly.
const ENOUGH: u64 = 1000;

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::DataSchema(schema) = document else { return };
    let Some(inferred) = schema.inferred_from.get() else { return };
    let few = inferred.num_examples.located().filter(|(number, _)| **number < ENOUGH);
    if let (Some((number, node)), None) = (few, inferred.reviewed_by.get()) {
        let message = format!("the schema was inferred from {number} examples, and nobody has reviewed it");
        out.push(cx.at_value(&NOT_REVIEWED, node, message).help("review it, and record who did as 'reviewedBy'"));
    }
}
