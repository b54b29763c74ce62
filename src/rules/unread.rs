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
    ("governance/license-missing", &["data"]),
    ("governance/no-lineage", &["custom"]),
    ("inference/missing-attribute", &["applicationInfo", "modelInfo", "requestInfo"]),
    ("lifecycle/test-not-separate", &["run"]),
    ("lifecycle/unknown-objective", &["objectives"]),
    ("objective/empty-gate", &["objectives"]),
    ("objective/impossible-test", &["tests"]),
    ("objective/never-blocks", &["objectives", "tests"]),
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
    ("split/holdout-reused", &["dataset", "datasetDigest"]),
];

/// Returns whether a field in which the rule looks, or an item or entry of it, does not fit. What is deeper hides too little to keep the
/// rule from looking.
pub(super) fn is_unread(rule: &Rule, cx: &Context<'_>) -> bool {
    let Ok(at) = LOOKS_IN.binary_search_by_key(&rule.id, |(id, _)| id) else { return false };
    let fields = LOOKS_IN.get(at).map_or(&[][..], |(_, fields)| fields);
    fields.iter().filter_map(|field| cx.find(cx.root, &[field])).any(|field| is_faulty(field, cx))
}

fn is_faulty(field: NodeId, cx: &Context<'_>) -> bool {
    let own = cx.tree.resolve(field);
    let entries = cx.tree.entries(own).map(|entry| entry.value);
    cx.is_faulty(field) || entries.chain(cx.tree.items(own).iter().copied()).any(|node| cx.is_faulty(node))
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
        ] {
            let said: Vec<_> = found(&text).into_iter().map(|(.., message)| message).collect();
            assert!(said.iter().any(|said| said.starts_with(message)) && said.len() == 1, "{text}{said:?}");
        }
    }
}
