//! Forms that are common with other tools, and the form that is expected here.

use serde_json::Value;

use super::Wording;
use crate::diagnostics::{Finding, Fix, Part};
use crate::rules::document::{single_for_list, unknown_field, wrong_type};
use crate::schema::{self, ValueType};
use crate::yaml::{Entry, NodeId, NodeStyle, ScalarType, edit};

/// Fields that a lone string stands for when a mapping is expected, such as the path of a dependency.
const FOR_STRING: [&str; 2] = ["path", "from"];

/// Reports a mapping of names to values where a list of keys and values is expected, `metrics: {recall: 0.741}`, or a mapping of names
/// where another list is expected.
pub(super) fn map_for_pairs(wording: &Wording<'_>, node: NodeId, items: &Value) -> Option<Finding> {
    let tree = wording.tree;
    let properties = resolved(wording.schema, items).get("properties")?;
    let mapping = tree.resolve(node);
    let known = |entry: &Entry| properties.get(tree.key_name(entry.key)).is_some();
    if !tree.is_mapping(mapping) || tree.entries(mapping).any(|entry| known(&entry)) {
        return None;
    }
    let key = wording.key(node);
    if tree.entries(mapping).next().is_none() {
        let message = format!("'{key}' is an empty mapping where a list is expected");
        let finding = Finding::new(&single_for_list::SINGLE_FOR_LIST, wording.place(node, Part::Value), message);
        return Some(finding.severity(crate::diagnostics::Severity::Error));
    }
    if properties.get("key").is_none() || properties.get("value").is_none() {
        return names_for_items(wording, node, resolved(wording.schema, items));
    }
    let message = format!("'{key}' maps names to values where a list of {{key, value}} is expected");
    let value = properties.get("value").map(|value| resolved(wording.schema, value));
    let as_text = value.is_some_and(|value| schema::allows(value, &"x".into()) && !schema::allows(value, &1.into()));
    let edits = edit::pairs_from_entries(tree, node, as_text);
    let fix = edits.map(|edits| Fix::needs_review("make it a list of keys and values", edits));
    let finding = Finding::new(&single_for_list::SINGLE_FOR_LIST, wording.place(node, Part::Value), message);
    let first = tree.entries(mapping).next().map_or("", |entry| tree.key_name(entry.key));
    Some(
        finding
            .severity(crate::diagnostics::Severity::Error)
            .help(format!("write - {{key: {first}, value: …}}"))
            .fix(fix),
    )
}

/// Reports a mapping without any key that is a field of the expected list's items: `versions: {1.2.0: …}`.
fn names_for_items(wording: &Wording<'_>, node: NodeId, items: &Value) -> Option<Finding> {
    let required: Vec<&str> = items.get("required")?.as_array()?.iter().filter_map(Value::as_str).collect();
    let message = format!("'{}' is a mapping of names where a list is expected", wording.key(node));
    let finding = Finding::new(&single_for_list::SINGLE_FOR_LIST, wording.place(node, Part::Value), message);
    let finding = finding.severity(crate::diagnostics::Severity::Error);
    Some(match required.as_slice() {
        [] => finding,
        required => finding.help(format!("write a list of mappings, each with {}", required.join(", "))),
    })
}

/// Reports the name of a metric in place of the field `key`: `- {recall: 0.741}`. `fields` are those of the item.
pub(super) fn name_for_key(wording: &Wording<'_>, item: NodeId, fields: &Value) -> Option<Finding> {
    let tree = wording.tree;
    let mapping = tree.resolve(item);
    let is_pair = |key: &str| tree.get(mapping, key).is_some();
    if fields.get("key").is_none() || fields.get("value").is_none() || is_pair("key") || is_pair("value") {
        return None;
    }
    let is_unknown = |entry: &Entry| fields.get(tree.field_name(entry.key)).is_none();
    let mut unknown = tree.entries(mapping).filter(is_unknown);
    let entry = unknown.next()?;
    let takes = |text: &str| {
        fields.get("value").is_some_and(|value| schema::allows(resolved(wording.schema, value), &Value::from(text)))
    };
    // A text may also be that of a misspelt field.
    let is_name = |entry: &Entry| {
        let names = fields.as_object().into_iter().flat_map(|fields| fields.keys());
        crate::text::nearest(tree.key_name(entry.key), names.map(String::as_str)).is_none()
    };
    let is_value = |entry: &Entry| match tree.string(entry.value) {
        Some(text) => takes(text) && tree.entries(mapping).all(|entry| is_unknown(&entry) && is_name(&entry)),
        None => tree.scalar_type(entry.value).is_some() && !tree.is_null(entry.value),
    };
    let is_only_one = unknown.next().is_none();
    let are_all_values = || tree.entries(mapping).all(|entry| is_unknown(&entry) && is_value(&entry));
    if !is_value(&entry) || !is_only_one && !are_all_values() {
        return None;
    }
    let key = tree.key_name(entry.key);
    let value = wording.shown(entry.value);
    if !is_only_one {
        let message =
            format!("this maps names to values; {{key: {key}, value: {value}}} is expected, one for each name");
        return Some(Finding::new(&wrong_type::WRONG_TYPE, wording.place(item, Part::Value), message));
    }
    let message = format!("'{key}' is no field; {{key: {key}, value: {value}}} is expected");
    let column = tree.source().line_col(tree.span(entry.key).start).column as usize;
    let between = match tree.style(mapping) {
        NodeStyle::Flow => ", ".to_owned(),
        _ => format!("\n{}", " ".repeat(column - 1)),
    };
    let [key_field, value_field] = edit::pair_fields(tree, entry.key);
    let written = tree.source().slice(tree.span(entry.key));
    let text = format!("{key_field}: {written}{between}{value_field}");
    let edit = crate::text::Edit { span: tree.span(entry.key), text };
    let fix = (mapping == item).then(|| Fix::needs_review("give the name as 'key'", vec![edit]));
    Some(Finding::new(&wrong_type::WRONG_TYPE, wording.place(item, Part::Value), message).fix(fix))
}

/// Reports a string where a mapping is expected that has one field which such a string can mean: `deps: [a.py]`.
pub(super) fn string_for_mapping(
    wording: &Wording<'_>,
    node: NodeId,
    expected: &[ValueType],
    schema: &Value,
) -> Option<Finding> {
    let tree = wording.tree;
    let text = tree.string(node).filter(|_| expected.contains(&ValueType::Object))?;
    let properties = resolved(wording.schema, schema).get("properties")?;
    let shown = wording.shown(node);
    // `name@version` is that of a dataset, and no path.
    let name = text.split_once('@').map(|(name, _)| name).filter(|_| !text.contains('/'));
    if let Some(name) = name.filter(|_| ["key", "dataset"].iter().all(|field| properties.get(*field).is_some())) {
        let message = format!("{shown} is a string, expected a mapping such as {{key: {name}, dataset: {shown}}}");
        let literal = edit::is_plain_string(text).then(|| format!("{{key: {name}, dataset: {text}}}"));
        let literal = literal.filter(|_| tree.resolve(node) == node && edit::is_plain_string(name));
        let edits = literal.and_then(|literal| edit::replace_with_literal(tree, node, &literal));
        let fix = edits.map(|edits| Fix::needs_review("make it the 'dataset' of a mapping", edits));
        let finding = Finding::new(&wrong_type::WRONG_TYPE, wording.place(node, Part::Value), message).fix(fix);
        return Some(finding.help("add `role:`, such as training or test"));
    }
    let field = FOR_STRING.into_iter().find(|field| properties.get(field).is_some())?;
    let target = tree.resolve(node);
    let literal = edit::is_plain_string(text).then(|| format!("{{{field}: {text}}}"));
    let edits = literal.filter(|_| target == node).and_then(|literal| edit::replace_with_literal(tree, node, &literal));
    let fix = edits.map(|edits| Fix::needs_review(format!("make it the '{field}' of a mapping"), edits));
    let message = format!("{shown} is a string, expected a mapping such as {{{field}: {shown}}}");
    Some(Finding::new(&wrong_type::WRONG_TYPE, wording.place(node, Part::Value), message).fix(fix))
}

/// Returns the number that a string means: `74.1%`, or `0,741` with the decimal comma of many languages.
pub(super) fn meant_number(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(percent) = text.strip_suffix('%') {
        let number: f64 = percent.trim_end().replace(',', ".").parse().ok()?;
        // A percentage needs two more digits as a fraction. Rounding to them hides the noise of binary fractions.
        let digits = percent.split(['.', ',']).nth(1).map_or(0, |fraction| fraction.trim_end().len());
        return number.is_finite().then(|| format!("{:.*}", digits + 2, number / 100.0));
    }
    let (whole, fraction) = text.split_once(',')?;
    let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (are_digits(whole.trim_start_matches('-')) && are_digits(fraction)).then(|| format!("{whole}.{fraction}"))
}

/// Reports the part of a number after a decimal comma, which a flow mapping reads as a key: `{value: 0,741}`.
pub(super) fn after_decimal_comma(wording: &Wording<'_>, mapping: NodeId, entry: Entry) -> Option<Finding> {
    let tree = wording.tree;
    let key = tree.key_name(entry.key);
    let mapping = tree.resolve(mapping);
    if tree.style(mapping) != NodeStyle::Flow
        || !tree.is_null(entry.value)
        || !key.bytes().all(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    let at = tree.span(entry.key);
    let all = tree.all_entries(mapping);
    let before = all.iter().find(|other| tree.span(other.value).end + 1 == at.start)?;
    if tree.scalar_type(before.value) != Some(ScalarType::Integer) {
        return None;
    }
    let span = tree.span(before.value).to(at);
    let whole = tree.source().slice(tree.span(before.value));
    let field = tree.key_name(before.key);
    let message =
        format!("{whole},{key} is read as '{field}: {whole}' and a field '{key}'; a number has a point, {whole}.{key}");
    let fix = Fix::needs_review(
        format!("write {whole}.{key}"),
        vec![crate::text::Edit { span, text: format!("{whole}.{key}") }],
    );
    let mut finding =
        Finding::new(&unknown_field::UNKNOWN_FIELD, wording.place(before.value, Part::Value), message).fix(fix);
    finding.place.span = span;
    Some(finding)
}

/// Follows the reference of a schema, if it has one.
pub(super) fn resolved<'s>(root: &'s Value, schema: &'s Value) -> &'s Value {
    let reference = schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
    reference.and_then(|pointer| root.pointer(pointer)).unwrap_or(schema)
}

#[cfg(test)]
mod tests {
    use crate::analysis::{Options, fix_text, lint_text};
    use crate::diagnostics::Applicability;

    const EVALUATION: &str = "mlSpecVersion: 0.1.0\nkind: evaluation\nid: 5f6f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11\nname: e\nmodel: churn\n\
                              dataset: d@1.0.0\nperformedOn: 2026-05-11T09:00:00Z\n";
    const PIPELINE: &str = "mlSpecVersion: 0.1.0\nkind: pipeline\nname: p\nsteps:\n  a:\n    cmd: python a.py\n";

    fn found(text: &str) -> Vec<String> {
        let report = lint_text("a.yml", text, &Options::default());
        report.findings.iter().map(|finding| format!("{}: {}", finding.rule.id, finding.message)).collect()
    }

    fn mended(text: &str) -> String {
        fix_text("a.yml", text, &Options::default(), Applicability::Unsafe).text
    }

    #[test]
    fn a_map_for_a_list_of_pairs_is_one_finding_and_becomes_the_list() {
        for (map, list) in [
            (
                "metrics:\n  recall: 0.741\n  f1: 0.5  # mean\n",
                "metrics:\n  - key: recall\n    value: 0.741\n  - key: f1\n    value: 0.5  # mean\n",
            ),
            ("metrics: {recall: 0.741, f1: 0.5}\n", "metrics: [{key: recall, value: 0.741}, {key: f1, value: 0.5}]\n"),
        ] {
            let text = format!("{EVALUATION}{map}");
            let found = found(&text);
            assert_eq!(
                found,
                ["document/single-for-list: 'metrics' maps names to values where a list of {key, value} is expected"]
            );
            assert_eq!(mended(&text), format!("{EVALUATION}{list}"));
        }
    }

    #[test]
    fn a_map_becomes_the_list_in_json_and_where_text_is_expected() {
        let run =
            "mlSpecVersion: 0.1.0\nkind: run\nid: 592f0c1c-72ae-4236-9202-7e6aff195402\nname: r\nexperiment_id: e\n";
        for (map, list) in [
            (
                "tags: {a: 1, b: x, c: true}\n",
                "tags: [{key: a, value: \"1\"}, {key: b, value: x}, {key: c, value: \"true\"}]\n",
            ),
            (
                "tags:\n  a: 1.50\n  b: \"2\"\n",
                "tags:\n  - key: a\n    value: \"1.50\"\n  - key: b\n    value: \"2\"\n",
            ),
            ("hyperparameters: {a: 1}\n", "hyperparameters: [{key: a, value: 1}]\n"),
            ("tags: {\"a\": \"x\"}\n", "tags: [{\"key\": \"a\", \"value\": \"x\"}]\n"),
            ("tags: [{\"a\": \"x\"}]\n", "tags: [{\"key\": \"a\", \"value\": \"x\"}]\n"),
        ] {
            assert_eq!(mended(&format!("{run}{map}")), format!("{run}{list}"));
        }
        let evaluation = |metrics: &str| {
            format!(
                "{{\"mlSpecVersion\": \"0.1.0\", \"kind\": \"evaluation\", \"id\": \"5f6f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11\", \"name\": \"e\", \
                 \"model\": \"churn\", \"dataset\": \"d@1.0.0\", \"performedOn\": \"2026-05-11T09:00:00Z\", \"metrics\": {metrics}}}\n"
            )
        };
        for metrics in ["{\"acc\": 0.5}", "[{\"acc\": 0.5}]"] {
            let fixed = fix_text("a.json", &evaluation(metrics), &Options::default(), Applicability::Unsafe).text;
            assert_eq!(fixed, evaluation("[{\"key\": \"acc\", \"value\": 0.5}]"));
        }
        assert_eq!(
            found(&evaluation("[{\"acc\": 0.5}]")),
            ["document/wrong-type: 'acc' is no field; {key: acc, value: 0.5} is expected"]
        );
    }

    #[test]
    fn a_map_for_another_list_is_one_finding() {
        let module = "mlSpecVersion: 0.1.0\nkind: module\nid: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21\nname: fit\nstatus: Active\n\
                      createdUtc: 2026-07-01T09:30:00Z\n";
        let version = "---\nmlSpecVersion: 0.1.0\nkind: module-version\nid: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66\n\
                       module: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21\nversion: 1.2.0\nstatus: Active\nsnapshot_id: s\n\
                       createdUtc: 2026-07-01T09:30:00Z\n";
        let map = "versions: {1.2.0: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66}\n";
        // The list cannot be read, so nothing is reported at the version.
        assert_eq!(
            found(&format!("{module}{map}{version}")),
            ["document/single-for-list: 'versions' is a mapping of names where a list is expected"]
        );
        assert_eq!(
            found(&format!("{module}versions: [1.2.0]\n{version}")),
            ["document/wrong-type: '1.2.0' is a string, expected a mapping"]
        );
        assert_eq!(found(&format!("{module}versions: []\n{version}")).len(), 1);
    }

    #[test]
    fn a_map_of_artifacts_is_not_judged_as_one() {
        let run =
            "mlSpecVersion: 0.1.0\nkind: run\nid: 592f0c1c-72ae-4236-9202-7e6aff195402\nname: r\nexperiment_id: e\n";
        for map in ["{model: a/b.onnx}", "{}", "&a {}\nx-a: *a"] {
            let found = found(&format!("{run}artifacts: {map}\n"));
            assert!(found.len() == 1 && found[0].starts_with("document/single-for-list"), "{map}: {found:?}");
        }
        assert!(found(&format!("{run}artifacts: {{key: model}}\n")).iter().any(|one| one.starts_with("run/artifact")));
    }

    #[test]
    fn a_name_for_the_field_key_is_one_finding_and_becomes_the_field() {
        for (item, fixed) in [
            ("  - recall: 0.741\n    count: 20\n", "  - key: recall\n    value: 0.741\n    count: 20\n"),
            ("  - {recall: 0.741}\n", "  - {key: recall, value: 0.741}\n"),
            ("  - {count: 20, recall: 0.741}\n", "  - {count: 20, key: recall, value: 0.741}\n"),
        ] {
            let text = format!("{EVALUATION}metrics:\n{item}");
            let found = found(&text);
            let expected = "document/wrong-type: 'recall' is no field; {key: recall, value: 0.741} is expected";
            assert_eq!(found, [expected], "{item}");
            assert_eq!(mended(&text), format!("{EVALUATION}metrics:\n{fixed}"));
        }
        let found = found(&format!("{EVALUATION}metrics: {{}}\n"));
        assert_eq!(found, ["document/single-for-list: 'metrics' is an empty mapping where a list is expected"]);
    }

    #[test]
    fn a_name_for_a_text_is_one_finding_unless_it_is_a_misspelt_field() {
        let run =
            "mlSpecVersion: 0.1.0\nkind: run\nid: 592f0c1c-72ae-4236-9202-7e6aff195402\nname: r\nexperiment_id: e\n";
        let about = |tags: &str| found(&format!("{run}tags: {tags}\n"));
        assert_eq!(
            about("[{team: risk}]"),
            ["document/wrong-type: 'team' is no field; {key: team, value: 'risk'} is expected"]
        );
        assert_eq!(
            mended(&format!("{run}tags: [{{team: risk}}]\n")),
            format!("{run}tags: [{{key: team, value: risk}}]\n")
        );
        let several =
            "document/wrong-type: this maps names to values; {key: team, value: 'risk'} is expected, one for each name";
        assert_eq!(about("[{team: risk, country: DE}]"), [several]);
        assert_eq!(about("[{team: risk}, {key: a, value: b}, {country: DE}]").len(), 2);
        for misspelt in ["[{kye: risk}]", "[{key: a, valeu: b}]", "[{kye: a, vlaue: b}]"] {
            assert!(
                about(misspelt).iter().any(|one| one.contains("did you mean")),
                "{misspelt}: {:?}",
                about(misspelt)
            );
        }
        // A metric is a number.
        assert!(found(&format!("{EVALUATION}metrics: [{{recall: good}}]\n")).len() > 1);
    }

    #[test]
    fn what_cannot_be_read_is_told_once() {
        let run = "mlSpecVersion: 0.1.0\nkind: run\nid: 592f0c1c-72ae-4236-9202-7e6aff195402\nexperiment_id: e\n";
        for (line, rule) in [
            ("name: *gone", "document/undefined-alias"),
            ("name: r\nmetrics: [{key: a, value: *gone}]", "document/undefined-alias"),
            ("name: r\ntags: *gone", "document/undefined-alias"),
            ("name: !!python/object/apply:os.system [ls]", "document/python-tag"),
            ("name: r\ntags: !!python/tuple [a, 5]", "document/python-tag"),
            ("name: r\ntags: [!!python/object:a.B {c: d}]", "document/python-tag"),
        ] {
            let found = found(&format!("{run}{line}\n"));
            assert!(found.len() == 1 && found[0].starts_with(rule), "{line}: {found:?}");
        }
        // What stands beside it is still looked at.
        let beside = found(&format!("{run}name: r\nstatus: *gone\ntags: [5]\n"));
        assert_eq!(beside.len(), 2, "{beside:?}");
    }

    #[test]
    fn the_name_of_a_dataset_is_no_path() {
        let run = |datasets: &str| {
            format!(
                "mlSpecVersion: 0.2.0\nkind: run\nid: 592f0c1c-72ae-4236-9202-7e6aff195402\nname: r\ndatasets: {datasets}\n"
            )
        };
        let told = found(&run("[loans@1.0.0]"));
        let expected = "document/wrong-type: 'loans@1.0.0' is a string, expected a mapping such as {key: loans, dataset: 'loans@1.0.0'}";
        assert_eq!(told[0], expected);
        let fixed = fix_text("a.yml", &run("[loans@1.0.0]"), &Options::default(), Applicability::Unsafe).text;
        assert_eq!(fixed, run("[{key: loans, dataset: loans@1.0.0}]"));
        assert!(found(&run("[data/loans.csv]"))[0].contains("{path: 'data/loans.csv'}"));
    }

    #[test]
    fn a_string_for_a_mapping_is_named_and_wrapped() {
        let text = format!("{PIPELINE}    deps: [data/a.csv]\n");
        assert_eq!(
            found(&text)[0],
            "document/wrong-type: 'data/a.csv' is a string, expected a mapping such as {path: 'data/a.csv'}"
        );
        assert_eq!(mended(&text), format!("{PIPELINE}    deps: [{{path: data/a.csv}}]\n"));
    }

    #[test]
    fn a_metric_that_is_named_by_name_is_offered_key() {
        let text = format!("{EVALUATION}metrics:\n  - name: recall\n    value: 0.741\n");
        assert_eq!(found(&text), ["document/unknown-field: unknown field 'name'; here it is called 'key'"]);
        assert_eq!(mended(&text), format!("{EVALUATION}metrics:\n  - key: recall\n    value: 0.741\n"));
    }

    #[test]
    fn numbers_of_other_notations_are_offered_as_numbers() {
        for (value, meant) in [("74.1%", "0.741"), ("\"0,741\"", "0.741"), ("12 %", "0.12"), ("-0,5%", "-0.005")] {
            let text = format!("{EVALUATION}metrics:\n  - key: recall\n    value: {value}\n");
            let found = found(&text);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].ends_with(&format!("; as a number it is {meant}")), "{found:?}");
            assert_eq!(mended(&text), format!("{EVALUATION}metrics:\n  - key: recall\n    value: {meant}\n"));
        }
        let text = format!("{EVALUATION}metrics:\n  - {{key: recall, value: 0,741, count: 2400}}\n");
        let found = found(&text);
        assert_eq!(
            found,
            ["document/unknown-field: 0,741 is read as 'value: 0' and a field '741'; a number has a point, 0.741"]
        );
        assert_eq!(mended(&text), format!("{EVALUATION}metrics:\n  - {{key: recall, value: 0.741, count: 2400}}\n"));
    }

    #[test]
    fn the_states_of_other_trackers_are_translated() {
        let run = "mlSpecVersion: 0.1.0\nkind: run\nid: 592f0c1c-72ae-4236-9202-7e6aff195402\nname: r\nsubmittedDate: 2026-06-09T06:11:30Z\n";
        for (state, own) in [("FINISHED", "completed"), ("KILLED", "cancelled"), ("succeeded", "completed")] {
            assert_eq!(mended(&format!("{run}status: {state}\n")), format!("{run}status: {own}\n"));
        }
    }

    #[test]
    fn a_field_is_sent_where_it_belongs_or_nowhere() {
        let model = "mlSpecVersion: 0.1.0\nkind: model\nname: m\nmodel_identifier: m\nframework: {name: onnx}\ntrain:\n  trainable: false\n  \
                     execution: {command: x, nodes: 1}\n";
        let found_in_model = found(model);
        let nodes: Vec<_> = found_in_model.iter().filter(|finding| finding.contains("'nodes'")).collect();
        assert!(nodes.iter().all(|finding| finding.contains("under compute_configuration")), "{found_in_model:?}");
        assert_eq!(nodes.len(), 1);
        let artifact = "kind: artifact\nmlSpecVersion: 0.1.0\nid: 592f0c1c-72ae-4236-9202-7e6aff195401\nname: m\nstatus: Active\n\
                        data_path: {DataStore: lake, RelativePath: a/b, id: q, name: z}\n";
        let found = found(artifact);
        assert!(!found.iter().any(|finding| finding.contains("top level")), "{found:?}");
        assert_eq!(
            found.iter().filter(|finding| finding.starts_with("document/unknown-field")).count(),
            2,
            "{found:?}"
        );
    }
}
