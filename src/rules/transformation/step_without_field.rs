//! `transformation/step-without-field`

use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::transformation::TransformMethod;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A step of a transformation must name what it converts.
    ///
    /// Serving repeats each step for a request. Of a step that names neither a `field` nor `fields`, nobody knows which value of the request
    /// becomes its output. A `custom` step may make its output of nothing.
    ///
    /// ## Fails
    /// ```yaml base:credit-features
    /// steps:
    ///   - {method: bucketize, output: age_bucket, boundaries: [25, 35, 50]}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-features
    /// steps:
    ///   - {field: age, method: bucketize, output: age_bucket, boundaries: [25, 35, 50]}
    /// ```
    pub STEP_WITHOUT_FIELD = {
        id: "transformation/step-without-field",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 4, “feature wrangling (e.g. feature to integer mappings)”",
        kinds: [Transformation],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Transformation(own) = document else { return };
    for (_, step) in own.steps.get().into_iter().flat_map(List::iter).filter(|_| cx.is_complete()) {
        let says_nothing = |node: Option<crate::yaml::NodeId>| node.is_none_or(|node| cx.tree.is_null(node));
        let is_custom = matches!(step.method.get(), Some(TransformMethod::Custom) | None);
        let names_nothing = says_nothing(step.field.node())
            && (says_nothing(step.fields.node())
                || step.fields.get().is_some_and(|fields| fields.iter().next().is_none()));
        if let Some(node) = step.output.node().filter(|_| !is_custom && names_nothing) {
            let message = format!("nothing says from which field {} comes", cx.shown(node));
            out.push(cx.at_value(&STEP_WITHOUT_FIELD, node, message).help("name it under 'field' or 'fields'"));
        }
    }
}
