//! `validation/unknown-environment`

use crate::documents::Document;
use crate::rules::reference::unknown_data_field::schema_of;
use crate::rules::{Context, Findings, Linked, declare_rule};

declare_rule! {
    /// The environment of a validation must be one of its schema.
    ///
    /// In each environment the data has other fields: when serving, the label is not there. Data that is validated for an environment that
    /// the schema does not know is held to all of its fields, or to none.
    ///
    /// ## Fails
    /// ```yaml base:credit-schema,credit-validation
    /// kind: validation
    /// environment: inference
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-schema,credit-validation
    /// kind: validation
    /// environment: serving
    /// ```
    pub UNKNOWN_ENVIRONMENT = {
        id: "validation/unknown-environment",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: [Validation],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(Document::Validation(validation)) = cx.typed() else { return };
    let (Some((own, node)), Some((schema, member))) = (validation.environment.located(), schema_of(workspace)) else {
        return;
    };
    let Some((environments, place)) = schema.environments.located() else { return };
    let names: Vec<&str> = environments.iter().map(|(_, name)| &**name).collect();
    if !names.contains(&&**own) && !cx.is_faulty(node) {
        let message = format!("the schema has no environment {}", cx.shown(node));
        let finding = cx.at_value(&UNKNOWN_ENVIRONMENT, node, message).help(format!("it has: {}", names.join(", ")));
        out.push(workspace.relate(finding, member, Some(place), "the environments of the schema"));
    }
}
