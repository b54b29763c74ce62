//! `data-schema/label-in-serving`

use crate::documents::Document;
use crate::documents::common::Text;
use crate::documents::data_schema::DataFieldRole;
use crate::documents::field::{List, Optional};
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// The label must not be demanded when serving.
    ///
    /// When a model is asked, nobody knows the answer yet. A schema that has the label in the environment `serving` refuses every request,
    /// or lets a model be trained on what it is to predict. Put `notIn: [serving]` at the field with the role `label`.
    ///
    /// ## Fails
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: defaulted, type: integer, role: label, categories: [0, 1]}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: defaulted, type: integer, role: label, categories: [0, 1], notIn: [serving]}
    /// ```
    pub LABEL_IN_SERVING = {
        id: "data-schema/label-in-serving",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “Schema can also be used to prevent bad/drift in incoming data”",
        kinds: [DataSchema],
        check: Typed(check),
    }
}

const SERVING: &str = "serving";

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::DataSchema(schema) = document else { return };
    let has = |list: &Optional<List<Text>>| -> Option<NodeId> {
        list.get()?.iter().find(|(_, name)| name.eq_ignore_ascii_case(SERVING)).map(|(node, _)| node)
    };
    let Some(serving) = has(&schema.environments) else { return };
    for (_, field) in schema.fields.get().into_iter().flat_map(List::iter) {
        let Some((DataFieldRole::Label, role)) = field.role.located() else { continue };
        let is_in = field.in_environments.get().is_none() || has(&field.in_environments).is_some();
        let name = field.name.node().filter(|_| is_in && has(&field.not_in).is_none());
        if let Some(node) = name {
            let message = format!("the label {} is in the environment '{SERVING}'", cx.shown(node));
            let finding = cx.at_value(&LABEL_IN_SERVING, role, message);
            let finding = finding.related(cx.tree.span(cx.tree.resolve(serving)), "the environment");
            out.push(finding.help("add 'notIn: [serving]' to the field"));
        }
    }
}
