//! Logs of inference records: what the recogniser accepts has no finding, and what is streamed is checked as a document is.

use mlspec_lint::analysis::{Options, lint_text};
use mlspec_lint::documents::Kind;
use mlspec_lint::records::{Recogniser, RecordSection, fields_of};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Records without findings that have every field between them.
pub(super) fn clean() -> Vec<Value> {
    let digest = format!("sha256:{}", "9f86d081884c7d65".repeat(4));
    vec![
        json!({
            "mlSpecVersion": "0.1.0", "kind": "inference-log",
            "applicationInfo": {"applicationId": "credit-portal", "applicationEndpoint": "https://credit.example.com/score"},
            "requestInfo": {"requestId": "0b7f9a53-93cf-4c0a-9c0e-6a4b7d1f2e90", "requestTimestamp": "2026-09-01T08:00:03.125Z", "requestLatencyMs": 41.5, "inferenceLatencyMs": 12},
            "modelInfo": {"models": ["credit-default/2.1.0", "credit-default/2.2.0"]},
            "resultInfo": {"resultCode": 200, "resultSizeInBytes": 120},
            "inputType": "application/json",
            "provenance": {"pipeline": "credit", "pipelineVersion": "7", "pipelineDigest": digest, "datasetDigest": digest},
        }),
        json!({
            "mlSpecVersion": "0.2.0", "kind": "inference-log", "applicationId": "credit-portal",
            "requestId": "req-1", "requestTimestamp": "2026-09-01T08:00:03Z", "requestLatencyMs": null,
            "modelId": "credit-default/2.1.0", "resultInfo": {"resultCode": "OK"},
            "provenance": {"featuresDigest": digest, "modelDigest": digest}, "userId": "u-17", "inferenceServiceId": "credit-serving",
            "metadata": {"region": "eu-central-1", "replica": 3, "zone": null, "is_warm": true},
        }),
        json!({
            "mlSpecVersion": "0.1.0", "kind": "inference-request",
            "requestInfo": {"requestId": "r-2", "requestTimestamp": "2026-09-01T08:00:03Z"}, "applicationInfo": null,
            "inputs": {"featureNames": ["income", "age", "note"], "featureValues": [41000, 0.5, "a \"quoted\" note\nand more é"]},
            "prediction": {"predictionMimeType": "application/json", "predictionData": {"score": 0.71, "classes": ["good", {"bad": [1, null, true]}]}},
        }),
        json!({
            "mlSpecVersion": "0.0.1", "kind": "inference-prediction", "applicationId": "credit-portal", "modelId": "credit-default/1.2.0",
            "requestId": "r-2", "requestTimestamp": "2026-09-01T08:00:03Z", "inputFeatures": {"income": "52000", "age": "", "opened on": "2026-02-01"},
            "prediction": 0.12, "isFinal": true, "predictionExplanation": {"income": -0.5, "age": 1e-7}, "predictionFeedback": 0.5,
            "feedbackActions": ["called", "sent a letter"], "groundTruthLabel": "bad",
        }),
    ]
}

/// Values that some rule or reader has something to say about, and some that none has.
fn values() -> Vec<String> {
    [
        "null",
        "true",
        "0",
        "-0",
        "-1",
        "1.5",
        "1e999",
        "-1e-999",
        "123456789012345678901234567890",
        "0x1F",
        "01",
        "+1",
        ".5",
        "1.",
        "NaN",
        "Infinity",
        ".inf",
        "None",
        "True",
        "[]",
        "{}",
        "[1]",
        "[[1,2]]",
        "[\"a\"]",
        "{\"a\":1}",
        "{\"a\":1,\"a\":2}",
        "{\"password\":\"tulip-7-x\"}",
        "{\"key\":\"password\",\"value\":\"tulip\"}",
        "{\"<<\":{}}",
        "{\"x-a\":1}",
        "{\"\":1}",
        "{\"requestTimestamp\":\"2026-02-30\"}",
        "{\"RelativePath\":\"../../a\"}",
        "{\"user\":\"admin\",\"pass\":\"admin\"}",
        "{\"bucket\":\"A B\"}",
        "[\"--password\",\"tulip-7-x\"]",
        "{\"username\":\"ann\",\"key\":\"0123456789abcdef0123456789abcdef\"}",
        "{\"variable\":\"DB_PASSWORD\",\"val\":\"tulip-7-x\"}",
        "{\"passwords\":[\"tulip-7-x\"]}",
        "{\"image\":\"a:latest\"}",
        "{\"license\":\"nope\"}",
        "{\"path\":\"/a//b\"}",
        "{\"digest\":\"sha256:00\"}",
        "{\"datasetDigest\":\"sha256:0000000000000000000000000000000000000000000000000000000000000000\"}",
        "\"\"",
        "\" \"",
        "\"a\"",
        "\"xxx\"",
        "\"<name>\"",
        "\"TODO\"",
        "\"N/A\"",
        "\"ref\"",
        "\"2026-02-30\"",
        "\"2026-02-30T00:00:00Z\"",
        "\"2026-02-28\"",
        "\"http://example.com/a\"",
        "\"https://u:hunter22@example.com\"",
        "\"AKIAIOSFODNN7EXAMPLQ\"",
        "\"password=tulip-7-x\"",
        "\"Server=a;Uid=admin;Pwd=admin\"",
        "\"--password tulip-7-x\"",
        "\"ghp_0123456789abcdefghijABCDEFGHIJ012345\"",
        "\"a\\u007fb\"",
        "\"a\u{7f}b\"",
        "\"\\ud83d\\ude00\"",
        "\"\\u2028\"",
        "\"\u{2028}\"",
        "\"\u{feff}\"",
        "\"😀\"",
        "\"a\\tb\"",
        "\"a\tb\"",
        "\"\\q\"",
        "\"${NAME}\"",
        "\"{{name}}\"",
        "\"$(a)\"",
        "\"user@example.com\"",
        "\"a@b@c\"",
        "\"@\"",
        "\"../a\"",
        "\"0.2.0\"",
        "\"0.1.0\"",
        "\"0.3.0\"",
        "\"inference-request\"",
        "\"inference-log\"",
        "\"run\"",
        "\"2026-09-01T08:00:03+02:00\"",
        "\"2036-12-31T23:59:60Z\"",
        "\"2099-01-01T00:00:00Z\"",
        "\"1969-01-01T00:00:00Z\"",
        "\"2026-09-01t08:00:03z\"",
        "\"2026-09-01T08:00:03.1234567890123Z\"",
        "\"2026-09-01T24:00:00Z\"",
        "\"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"",
        "\"sha256:9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08\"",
        "\"sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709\"",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// The places of all values of a record.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
            found.push(at.clone());
            pointers(value, &at, found);
        }),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, value)| {
            let at = format!("{at}/{index}");
            found.push(at.clone());
            pointers(value, &at, found);
        }),
        _ => {}
    }
}

/// A change of a record: the number of a place, and what is done there.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// Another value.
    Value(usize, usize),
    /// Another key for a member of the record or of a section.
    Key(usize, usize),
    /// A field of another record.
    Field(usize, usize),
    /// Without a member.
    Without(usize),
    /// In the text: these bytes in place of some.
    Bytes(usize, usize, String),
}

pub(super) fn changes() -> impl Strategy<Value = Vec<Change>> {
    let one = prop_oneof![
        6 => (any::<usize>(), any::<usize>()).prop_map(|(at, value)| Change::Value(at, value)),
        2 => (any::<usize>(), any::<usize>()).prop_map(|(at, key)| Change::Key(at, key)),
        2 => (any::<usize>(), any::<usize>()).prop_map(|(record, at)| Change::Field(record, at)),
        1 => any::<usize>().prop_map(Change::Without),
        2 => (any::<usize>(), 0_usize..4, "[ \t\r\"\\\\,:{}\\[\\]0-9a-ex.\u{7f}é#/*-]{0,3}").prop_map(|(at, count, text)| Change::Bytes(at, count, text)),
    ];
    proptest::collection::vec(one, 1..4)
}

const KEYS: &[&str] = &[
    "path",
    "bucket",
    "location",
    "container",
    "image",
    "image_name",
    "labels",
    "dependencies",
    "digest",
    "dataset_digest",
    "url",
    "uri",
    "tags",
    "date",
    "createdUtc",
    "RequestId",
    "request_id",
    "requestID",
    "x-note",
    "password",
    "api_key",
    "token",
    "name",
    "value",
    "key",
    "id",
    "chain",
    "metadata",
    "provenance",
    "modelDigest",
    "featuresDigest",
    "models",
    "",
    "<<",
    "cmd",
    "é",
    "requestLatency",
    "version",
    "description",
    "license",
    "default",
    "inputFeatures",
    "kind",
];

fn mapping_at<'v>(record: &'v mut Value, pointer: &str) -> Option<(&'v mut Map<String, Value>, String)> {
    let (above, key) = pointer.rsplit_once('/')?;
    Some((record.pointer_mut(above)?.as_object_mut()?, key.replace("~1", "/").replace("~0", "~")))
}

/// Returns a line with the changes.
pub(super) fn changed(mut record: Value, changes: &[Change]) -> String {
    let (records, values) = (clean(), values());
    let mut raw = Vec::new();
    let mut found = Vec::new();
    for (number, change) in changes.iter().enumerate() {
        found.clear();
        pointers(&record, "", &mut found);
        let place = |at: usize| found[at % found.len().max(1)].clone();
        match change {
            Change::Value(at, value) if !found.is_empty() => {
                let mark = format!("@{number}@");
                raw.push((format!("\"{mark}\""), values[value % values.len()].clone()));
                *record.pointer_mut(&place(*at)).unwrap() = mark.into();
            }
            Change::Key(at, key) if !found.is_empty() => {
                if let Some((mapping, old)) = mapping_at(&mut record, &place(*at)) {
                    let renamed = std::mem::take(mapping).into_iter();
                    let new = KEYS[key % KEYS.len()];
                    *mapping = renamed
                        .map(|(own, value)| if own == old { (new.to_owned(), value) } else { (own, value) })
                        .collect();
                }
            }
            Change::Field(other, at) => {
                let other = records[other % records.len()].as_object().unwrap();
                let (key, value) = other.iter().nth(at % other.len()).unwrap();
                record.as_object_mut().unwrap().insert(key.clone(), value.clone());
            }
            Change::Without(at) if !found.is_empty() => {
                if let Some((mapping, key)) = mapping_at(&mut record, &place(*at)) {
                    mapping.shift_remove(&key);
                }
            }
            _ => {}
        }
    }
    let mut line = record.to_string();
    for (mark, value) in raw {
        line = line.replace(&mark, &value);
    }
    for change in changes {
        if let Change::Bytes(at, count, text) = change {
            let mut start = at % (line.len() + 1);
            while !line.is_char_boundary(start) {
                start -= 1;
            }
            let mut end = (start + count).min(line.len());
            while !line.is_char_boundary(end) {
                end += 1;
            }
            line.replace_range(start..end, text);
        }
    }
    line
}

/// What checking a line as a document finds.
fn findings(line: &str) -> Vec<String> {
    let report = lint_text("a.jsonl", line, &Options::default());
    report
        .findings
        .iter()
        .map(|finding| format!("{}: {} at {}", finding.rule.id, finding.message, finding.place.pointer))
        .collect()
}

#[test]
fn clean_records_are_accepted_and_have_no_finding() {
    let mut recogniser = Recogniser::default();
    for record in clean() {
        let line = record.to_string();
        assert_eq!(findings(&line), [""; 0], "{line}");
        assert!(recogniser.recognise(&line).is_some(), "{line}");
        // Spelt with blanks, as Python's json does it.
        assert!(
            recogniser
                .recognise(
                    &line
                        .replace(":", ": ")
                        .replace(": //", "://")
                        .replace("T08: 00: ", "T08:00:")
                        .replace("sha256: ", "sha256:")
                )
                .is_some(),
            "{line}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    /// The invariant of the recogniser. Its memory of other lines makes no difference.
    #[test]
    fn what_is_accepted_has_no_finding(number in 0_usize..4, all in proptest::collection::vec(changes(), 1..4)) {
        let mut recogniser = Recogniser::default();
        for changes in all {
            let line = changed(clean().swap_remove(number), &changes);
            let accepted = recogniser.recognise(&line);
            prop_assert_eq!(accepted, Recogniser::default().recognise(&line), "{}", line);
            if accepted.is_some() {
                prop_assert_eq!(findings(&line), [""; 0], "{}", line);
            }
        }
    }
}

/// Returns the properties of a schema, through references and what holds under a condition.
fn properties<'s>(schema: &'s Value, root: &'s Value, found: &mut Vec<(&'s str, &'s Value)>) {
    if let Some(target) = schema["$ref"].as_str() {
        properties(root.pointer(target.trim_start_matches('#')).unwrap(), root, found);
    }
    found.extend(schema["properties"].as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value)));
    ["then", "else"].iter().filter_map(|key| schema.get(key)).for_each(|inner| properties(inner, root, found));
    for key in ["anyOf", "oneOf"] {
        schema[key].as_array().into_iter().flatten().for_each(|inner| properties(inner, root, found));
    }
}

/// A field that is new in a record needs a row in the table of the recogniser.
#[test]
fn every_field_of_the_schema_has_a_row() {
    use RecordSection::{Application, Inputs, Model, Prediction, Provenance, Request, Result, Top};
    let sections = [
        ("applicationInfo", Application),
        ("requestInfo", Request),
        ("resultInfo", Result),
        ("modelInfo", Model),
        ("inputs", Inputs),
        ("prediction", Prediction),
        ("provenance", Provenance),
    ];
    for kind in [Kind::InferenceLog, Kind::InferenceRequest, Kind::InferencePrediction] {
        let schema = mlspec_lint::schema::schema_of(kind);
        let mut top = Vec::new();
        properties(schema, schema, &mut top);
        assert!(top.len() > 20, "{top:?}");
        let mut seen = 0;
        for (name, value) in top {
            assert!(fields_of(Top).iter().any(|(own, _)| *own == name), "{name}");
            let Some((_, section)) = sections.iter().find(|(own, _)| *own == name) else { continue };
            let mut inner = Vec::new();
            properties(value, schema, &mut inner);
            assert!(!inner.is_empty(), "{name}: {value}");
            seen += 1;
            for (field, _) in inner {
                assert!(fields_of(*section).iter().any(|(own, _)| *own == field), "{name}.{field}");
            }
        }
        assert_eq!(seen, sections.len());
    }
}
