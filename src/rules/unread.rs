//! What a rule looks for may stand in a value that does not fit its field: that is told already, and is the one fault.

use super::{Context, Rule};
use crate::yaml::NodeId;

/// Rules that tell what is missing, or fits nothing, and the fields of the document in which they look for it.
const LOOKS_IN: &[(&str, &[&str])] = &[
    ("evidence/never-logged", &["datasets", "metrics"]),
    ("expression/needs-aggregate", &["metrics"]),
    ("expression/unit-mismatch", &["metrics"]),
    ("expression/unknown-dataset", &["datasets"]),
    ("expression/unknown-field", &["metrics"]),
    ("expression/unknown-metric", &["definitions", "metrics"]),
    ("expression/unknown-reference", &["references"]),
    ("governance/license-missing", &["data"]),
    ("governance/no-lineage", &["custom"]),
    (
        "inference/missing-attribute",
        &["applicationId", "applicationInfo", "modelId", "modelInfo", "requestId", "requestInfo", "requestTimestamp"],
    ),
    ("lifecycle/test-not-separate", &["run"]),
    ("lifecycle/unknown-objective", &["objectives"]),
    ("objective/empty-gate", &["objectives"]),
    ("objective/impossible-test", &["tests"]),
    ("objective/never-blocks", &["objectives", "tests"]),
    ("objective/no-baseline", &["baseline"]),
    ("objective/no-why", &["objectives"]),
    ("pipeline/order-mismatch", &["pipeline", "steps"]),
    ("pipeline/parameter-unset", &["parameters"]),
    ("pipeline/unknown-vertex", &["data", "steps"]),
    ("pipeline/unused-parameter", &["parameters", "steps"]),
    ("reference/module-version-mismatch", &["module", "versions"]),
    ("reference/unknown-container-store", &["container_stores"]),
    ("reference/unknown-data-store", &["data_stores"]),
    ("reference/unknown-file-paths", &["data_store_file_paths"]),
    ("reference/unused-store", &["convert", "data", "score", "serve", "train"]),
    ("reproducibility/digest-disagrees", &["dataset", "datasets"]),
    ("run/parent-child", &["child_run_ids", "parent_run_id"]),
    ("split/examples-disagree", &["sets"]),
    ("split/holdout-reused", &["dataset", "datasetDigest"]),
    ("split/set-not-validated", &["sets"]),
    ("split/split-fractions", &["sets"]),
];

/// The fields that say what an item of a list is called.
const NAMES: [&str; 3] = ["id", "key", "name"];

/// Returns whether a field in which the rule looks, or an item or entry of it, does not fit, or stands under a misspelt key. What is deeper
/// hides too little to keep the rule from looking.
pub(super) fn is_unread(rule: &Rule, cx: &Context<'_>) -> bool {
    let Ok(at) = LOOKS_IN.binary_search_by_key(&rule.id, |(id, _)| id) else { return false };
    let fields = LOOKS_IN.get(at).map_or(&[][..], |(_, fields)| fields);
    fields.iter().any(|field| match cx.find(cx.root, &[field]) {
        Some(node) => is_faulty(node, cx),
        None => is_misspelt(field, cx),
    })
}

fn is_faulty(field: NodeId, cx: &Context<'_>) -> bool {
    let own = cx.tree.resolve(field);
    let mut entries = cx.tree.entries(own);
    let is_nameless =
        |item: NodeId| NAMES.iter().filter_map(|name| cx.find(item, &[name])).any(|name| cx.is_faulty(name));
    let mut items = cx.tree.items(own).iter();
    cx.is_faulty(field)
        || entries.any(|entry| cx.is_faulty(entry.value) || is_unknown(entry.key, cx))
        || items.any(|item| cx.is_faulty(*item) || is_nameless(*item))
}

/// Whether an unknown key of the document stands for a field, as its finding says.
fn is_misspelt(field: &str, cx: &Context<'_>) -> bool {
    let means = |key: &str| crate::text::nearest(key, [field]).is_some();
    cx.tree.entries(cx.root).any(|entry| is_unknown(entry.key, cx) && means(cx.tree.key_name(entry.key)))
}

/// Whether a key has a finding and stands for no field, as one in another case style does.
fn is_unknown(key: NodeId, cx: &Context<'_>) -> bool {
    cx.is_faulty(key) && cx.tree.canonical_name(key).is_none()
}

#[cfg(test)]
mod tests {
    use super::LOOKS_IN;
    use crate::rules;
    use crate::rules::testing::found;

    #[test]
    fn the_rules_are_rules_in_order() {
        assert!(LOOKS_IN.is_sorted_by(|a, b| a.0 < b.0));
        for (id, fields) in LOOKS_IN {
            assert!(rules::by_id(id).is_some(), "{id}");
            assert!(fields.is_sorted() && !fields.is_empty(), "{id}");
        }
    }

    #[test]
    fn another_case_style_hides_nothing() {
        let text = "kind: model\nmlSpecVersion: 0.1.0\nname: a\nmodel_identifier: a\nframework: {name: onnx}\ndata: {sourceId: d}\n";
        let said: Vec<_> = found(text).into_iter().map(|(rule, ..)| rule).collect();
        assert_eq!(said.iter().filter(|rule| **rule == "governance/license-missing").count(), 2, "{said:?}");
    }

    #[test]
    fn one_fault_is_one_finding() {
        let pipeline = "kind: pipeline\nmlSpecVersion: 0.1.0\nname: train\n";
        let steps = "steps:\n  a: {cmd: 'x {seed}', parameters: {seed: '${seed}'}}\n  b: {cmd: y, after: [a]}\n";
        let log = "kind: inference-log\nmlSpecVersion: 0.1.0\nmodelId: a/1\n\
                   requestInfo: {requestId: r-1, requestTimestamp: 2026-08-22T09:30:00Z}\n";
        for (text, message) in [
            (format!("{pipeline}parameters: [5]\n{steps}"), "5 is a number, expected a mapping"),
            (format!("{pipeline}parameters: 5\n{steps}"), "'parameters' is a number, expected a list"),
            (
                format!("{pipeline}steps: {{a: {{cmd: x}}, b: 5}}\npipeline: [a]\n"),
                "'b' is a number, expected a mapping",
            ),
            (format!("{log}applicationInfo: 5\n"), "'applicationInfo' is a number, expected a mapping"),
            (format!("{log}aplicationId: portal\n"), "unknown field 'aplicationId'"),
            (format!("{log}applicationInfo: {{aplicationId: portal}}\n"), "unknown field 'aplicationId'"),
            (
                format!("{}applicationId: portal\n", log.replace("modelId", "modelIdd")),
                "unknown field 'modelIdd'",
            ),
            (
                format!("{pipeline}parameters: [{{name: 7}}]\n{steps}"),
                "'name' is a number, expected a string",
            ),
            (format!("{pipeline}{}pipeline: [a, b]\n", steps.replace("steps:", "setps:")), "unknown field 'setps'"),
            (
                format!("{pipeline}dta: {{x: loans}}\nsteps: {{a: {{cmd: x, inputs: {{b: {{from: data.x}}}}}}}}\n"),
                "unknown field 'dta'",
            ),
            (format!("{pipeline}steps: {{a: {{cmd: ''}}}}\n"), "'cmd' is empty, but needs a value"),
            (
                format!("{pipeline}steps: {{a: {{cmd: x, inputs: {{b: {{optional: text}}}}}}}}\n"),
                "'optional' is a string, expected true or false",
            ),
            (
                "kind: inference-prediction\nmlSpecVersion: 0.1.0\nreqestId: r-1\nrequestTimestamp: 2026-08-22T09:30:00Z\n\
                 modelId: a/1\napplicationId: p\nprediction: 1\n"
                    .to_owned(),
                "unknown field 'reqestId'",
            ),
            (
                "kind: model\nmlSpecVersion: 0.1.0\nname: ''\nlicense: MIT\nmodel_identifier: m\nframework: {name: onnx}\n".to_owned(),
                "'name' is empty, but needs a value",
            ),
        ] {
            let said: Vec<_> = found(&text).into_iter().map(|(.., message)| message).collect();
            assert!(said.iter().any(|said| said.starts_with(message)) && said.len() == 1, "{text}{said:?}");
        }
    }
}
