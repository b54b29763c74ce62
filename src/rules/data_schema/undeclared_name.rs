//! `data-schema/undeclared-name`

use indexmap::IndexSet;
use rustc_hash::FxHashMap;

use crate::documents::Document;
use crate::documents::common::Text;
use crate::documents::field::{List, Optional};
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// Names in a data schema must be declared in it.
    ///
    /// `primaryKey` names fields of the schema, `in` and `notIn` name its `environments`. With a name that is misspelt, no key is unique,
    /// and a field that serving never has is demanded of it. An environment cannot be in both lists.
    ///
    /// ## Fails
    /// ```yaml base:credit-schema
    /// primaryKey: [loan]
    /// ```
    ///
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: defaulted, type: integer, role: label, categories: [0, 1], notIn: [serving, inference]}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-schema
    /// primaryKey: [loan_id]
    /// ```
    pub UNDECLARED_NAME = {
        id: "data-schema/undeclared-name",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: [DataSchema],
        check: Typed(check),
    }
}

/// The maximum number of names for which similar ones are looked for, each among all that are declared.
const MOST_ADVISED: usize = 100;

/// The maximum number of declared names in a message.
const MOST_LISTED: usize = 10;

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::DataSchema(schema) = document else { return };
    let fields = || schema.fields.get().into_iter().flat_map(List::iter).map(|(_, field)| field);
    let names: IndexSet<&str> = fields().filter_map(|field| field.name.get().map(|name| &**name)).collect();
    let environments: IndexSet<&str> = items(&schema.environments).map(|(_, name)| name).collect();
    let mut advised = 0;
    let mut undeclared = |node: NodeId, name: &str, what: &str, declared: &IndexSet<&str>| {
        if declared.contains(name) || cx.is_faulty(node) {
            return;
        }
        let finding = cx.at_value(&UNDECLARED_NAME, node, format!("the schema has no {what} {}", cx.shown(node)));
        advised += 1;
        if advised > MOST_ADVISED {
            out.push(finding);
            return;
        }
        let near = crate::text::nearest(name, declared.iter().copied());
        let listed = || declared.iter().take(MOST_LISTED).copied().collect::<Vec<_>>().join(", ");
        let help = near.map_or_else(
            || format!("declare it, or name one of: {}", listed()),
            |near| format!("did you mean '{near}'?"),
        );
        out.push(finding.help(help));
    };
    for (node, name) in items(&schema.primary_key) {
        undeclared(node, name, "field", &names);
    }
    let mut both = Vec::new();
    for field in fields() {
        for (node, name) in items(&field.in_environments).chain(items(&field.not_in)) {
            undeclared(node, name, "environment", &environments);
        }
        let is_in: FxHashMap<&str, NodeId> = items(&field.in_environments).map(|(node, name)| (name, node)).collect();
        both.extend(items(&field.not_in).filter_map(|(node, name)| Some((node, *is_in.get(name)?))));
    }
    for (node, other) in both {
        let message = format!("the field is and is not in the environment {}", cx.shown(node));
        let finding = cx.at_value(&UNDECLARED_NAME, node, message);
        out.push(finding.related(cx.tree.span(cx.tree.resolve(other)), "it is in it"));
    }
}

fn items(list: &Optional<List<Text>>) -> impl Iterator<Item = (NodeId, &str)> {
    list.get().into_iter().flat_map(List::iter).map(|(node, text)| (node, &**text))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::assert_found;

    #[test]
    fn an_environment_is_in_one_list() {
        let base = include_str!("../bases/credit-schema.yml");
        let text = base.replace("notIn: [serving]", "in: [training, serving], notIn: [serving]");
        assert_found(&text, &[("data-schema/undeclared-name", "serving")]);
    }
}
