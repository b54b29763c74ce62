//! `reference/unknown-data-field`

use std::iter::successors;

use rustc_hash::FxHashMap;

use crate::documents::data_schema::FieldsMatch;
use crate::documents::field::List;
use crate::documents::roles::{FieldRole, ReferenceRole};
use crate::documents::{Document, Kind};
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::secrets::shortened;
use crate::workspace::{Member, field};
use crate::yaml::NodeId;

declare_rule! {
    /// A field of the data must be one that its schema describes.
    ///
    /// A document that names a schema speaks of the fields of that schema. A name that it does not have is misspelt, or the field was
    /// renamed: the statistics, the step or the alarm is then about nothing. Names that earlier steps of a transformation give count as fields, and
    /// where the schema allows others (`fieldsMatch: superset`), none is reported.
    ///
    /// ## Fails
    /// ```yaml base:credit-schema,credit-profile
    /// kind: profile
    /// schema: loans@1.0.0
    /// fields:
    ///   incom: {type: number, missing: 12}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-schema,credit-profile
    /// kind: profile
    /// schema: loans@1.0.0
    /// fields:
    ///   income: {type: number, missing: 12}
    /// ```
    pub UNKNOWN_DATA_FIELD = {
        id: "reference/unknown-data-field",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “a versioned, succinct description of the expected properties of the data”",
        kinds: with [DataField],
        check: Workspace(check),
    }
}

/// The maximum number of characters of a name in a message.
const LONGEST: usize = 60;

/// The maximum number of names of a document for which similar ones are looked for, each among all fields.
const MOST_ADVISED: usize = 100;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some((schema, document)) = schema_of(workspace) else { return };
    if matches!(schema.fields_match.get(), Some(FieldsMatch::Superset | FieldsMatch::Partial)) {
        return;
    }
    let steps = match cx.typed() {
        Some(Document::Transformation(own)) => own.steps.get(),
        _ => None,
    };
    let outputs = steps.into_iter().flat_map(List::iter).map(|(node, step)| (node, step.output.get()));
    let mut numbers: FxHashMap<NodeId, usize> = FxHashMap::default();
    let mut written: FxHashMap<&str, (usize, NodeId)> = FxHashMap::default();
    for (number, (node, output)) in outputs.enumerate() {
        numbers.insert(node, number);
        if let Some(output) = output {
            written.entry(&**output).or_insert((number, node));
        }
    }
    let number_of = |node| successors(Some(node), |node| cx.tree.parent(*node)).find_map(|node| numbers.get(&node));
    let fields = schema.fields_by_name();
    let mut advised = 0;
    for node in cx.fields(FieldRole::DataField) {
        let key = cx.tree.key_of(node).filter(|_| cx.tree.is_mapping(node));
        let Some(name) = key.map(|key| cx.tree.key_name(key)).or_else(|| cx.tree.text(node)) else { continue };
        if fields.contains_key(name) || cx.is_faulty(node) || is_about_fields(cx, node) {
            continue;
        }
        let writer = written.get(name);
        if writer.zip(number_of(node)).is_some_and(|((writer, _), reader)| writer < reader) {
            continue;
        }
        let message = match writer {
            Some(_) => format!("'{}' is the output of no earlier step", shortened(name, LONGEST)),
            None => format!("the schema '{}' has no field '{}'", document.label(), shortened(name, LONGEST)),
        };
        let finding = match key {
            Some(_) => cx.at_key(&UNKNOWN_DATA_FIELD, node, message),
            None => cx.at_value(&UNKNOWN_DATA_FIELD, node, message),
        };
        if let Some((_, step)) = writer {
            out.push(finding.related(cx.tree.span(cx.tree.resolve(*step)), "the step that writes it"));
            continue;
        }
        advised += 1;
        let near = (advised <= MOST_ADVISED).then(|| crate::text::nearest(name, fields.keys().copied())).flatten();
        let finding =
            near.map_or_else(|| finding.clone(), |near| finding.clone().help(format!("did you mean '{near}'?")));
        out.push(workspace.relate(finding, document, schema.fields.node(), "the fields of the schema"));
    }
}

/// Returns the data schema that a document names.
pub(crate) fn schema_of<'a>(
    workspace: &Linked<'a>,
) -> Option<(&'a crate::documents::data_schema::DataSchema, &'a Member)> {
    let is_schema = |reference: &crate::workspace::Reference| {
        reference.targets == [Kind::DataSchema] && reference.role == ReferenceRole::Plain
    };
    let (_, member, _) = workspace.found().find(|(reference, ..)| is_schema(reference))?;
    match member.typed()? {
        Document::DataSchema(schema) => Some((schema, member)),
        _ => None,
    }
}

/// Whether an anomaly says that a field is not one of the schema.
fn is_about_fields(cx: &Context<'_>, node: NodeId) -> bool {
    let holder = cx.tree.parent(node);
    let kind = holder.and_then(|holder| cx.tree.text(field(cx.tree, holder, "type")?));
    kind.is_some_and(|kind| ["field", "column", "feature"].iter().any(|word| kind.to_lowercase().contains(word)))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::assert_found;

    #[test]
    fn names_are_those_of_the_schema_or_of_earlier_steps() {
        let schema = include_str!("../bases/credit-schema.yml");
        let transformation = include_str!("../bases/credit-features.yml");
        let text = format!("{schema}---\n{transformation}").replace("inputs:", "schema: loans\ninputs:");
        assert_found(&text, &[]);
        let step =
            "  - {field: income_z, method: log, output: income_log}\n  - {field: incomes, method: log, output: log}\n";
        assert_found(&format!("{text}{step}"), &[("reference/unknown-data-field", "incomes")]);
        let early = text.replace(
            "  - {field: income,",
            "  - {field: income_z, method: log, output: income_log}\n  - {field: income,",
        );
        assert_found(&early, &[("reference/unknown-data-field", "income_z")]);
        assert_found(
            &format!("{text}  - {{field: own, method: log, output: own}}\n"),
            &[("reference/unknown-data-field", "own")],
        );
        assert_found(
            &format!("{text}{step}").replace("version: 1.0.0\n", "version: 1.0.0\nfieldsMatch: superset\n"),
            &[],
        );
        let validation = include_str!("../bases/credit-validation.yml");
        let of = |anomaly: &str| format!("{schema}---\n{validation}anomalies:\n  - {{{anomaly}, severity: warning}}\n");
        assert_found(&of("field: age, type: unexpected-field"), &[]);
        assert_found(&of("field: age, type: unexpected-value"), &[("reference/unknown-data-field", "age")]);
    }
}
