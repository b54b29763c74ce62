//! Statistics of logs of inference records: what is counted, and that parts add up to the whole, byte by byte.

use std::fs;
use std::io::Write as _;

use assert_fs::TempDir;
use flate2::Compression;
use flate2::write::GzEncoder;
use mlspec_lint::analysis::{Beside, Options, members};
use mlspec_lint::data::profile::{ProfileDocument, ProfileHead, to_json, to_yaml};
use mlspec_lint::data::statistics::TableStatistics;
use mlspec_lint::records::{LineKind, Log, RecordStatistics, StatisticsPart, TextHasher};
use serde_json::{Map, Value, json};

use crate::data_infer::Random;
use crate::support::program::run;

fn head() -> ProfileHead {
    ProfileHead {
        ml_spec_version: "0.2.0".into(),
        kind: "profile".into(),
        id: "0b6f3f8e-5f0b-4a0d-9a40-1c7c2e5d9a03".into(),
        name: "live-profile".into(),
        dataset: "live".into(),
        performed_on: "2026-08-02T05:00:00Z".into(),
        ..ProfileHead::default()
    }
}

/// Records of two models and three kinds, with features that come and go.
fn records(count: u64, most_regions: u64) -> Vec<String> {
    let mut random = Random(7);
    let record = |number: u64| {
        let kind = ["inference-log", "inference-prediction", "inference-log"][random.below(3) as usize];
        let time = format!("2026-05-{:02}T08:{:02}:00.25Z", 1 + random.below(28), random.below(60));
        let mut features = Map::new();
        for name in ["income", "age", "userId", "note", "city"] {
            if random.below(4) > 0 {
                let value = match name {
                    "income" => json!(random.below(1_000_000).to_string()),
                    "note" => json!(format!("n{}", random.below(2000))),
                    _ => json!(format!("{}", random.below(90))),
                };
                features.insert(name.to_owned(), value);
            }
        }
        let mut record = json!({
            "mlSpecVersion": "0.2.0", "kind": kind, "applicationId": "shop", "modelId": format!("churn/{}", random.below(2)),
            "requestId": format!("r-{number}"), "requestTimestamp": time, "requestLatencyMs": random.below(4000) as f64 / 8.0,
            "metadata": {"region": format!("r{}", random.below(most_regions))},
            "provenance": {"modelDigest": format!("sha256:{}", "c".repeat(64))},
        });
        let own = record.as_object_mut().unwrap();
        match kind {
            "inference-prediction" => {
                own.insert("inputFeatures".to_owned(), Value::Object(features));
                own.insert("prediction".to_owned(), json!(random.below(2)));
            }
            _ => {
                let code = 200 + 300 * random.below(2);
                own.insert("resultInfo".to_owned(), json!({"resultCode": code}));
            }
        }
        record.to_string()
    };
    (0..count).map(record).collect()
}

fn statistics<'l>(lines: impl IntoIterator<Item = &'l String>, by: &[&str]) -> TableStatistics {
    let text: String = lines.into_iter().flat_map(|line| [line.as_str(), "\n"]).collect();
    let options = Options { partial: true, explicit: true, ..Options::default() };
    let (alone, hasher) = (Beside::new([], &[], options), TextHasher::default());
    let log = Log {
        name: "live.jsonl",
        kind: &LineKind::Json,
        options,
        beside: &alone,
        hasher: &hasher,
        is_compared: false,
        has_mlspec: true,
        refuses_others: true,
        is_from_start: true,
        is_fixable: false,
    };
    let observer = RecordStatistics::by(by.iter().copied());
    let mut whole = StatisticsPart::default();
    log.observe(text.as_bytes(), 2, &alone, &observer, &mut |own| {
        whole.merge(&own.part);
        Ok(())
    })
    .unwrap();
    assert_eq!(whole.invalid, 0);
    whole.table
}

fn document(statistics: &TableStatistics) -> ProfileDocument {
    ProfileDocument::new(head(), statistics)
}

/// Reads the statistics of a profile from its text, as `profile merge` does.
fn read(text: &str) -> TableStatistics {
    let member = members("p.yml", text, &Options::default()).pop().expect("a profile");
    ProfileDocument::read(&member.tree, member.root).unwrap().statistics().unwrap()
}

#[test]
fn any_partition_adds_up_to_the_same_bytes() {
    let mut random = Random(1);
    // Of some 1,500 regions, most parts have less than can be told apart, and the whole has more.
    for (count, most_regions, partitions) in [(1500, 3, 12), (3000, 2000, 3)] {
        let records = records(count, most_regions);
        let by = ["modelId", "metadata.region"];
        let whole = statistics(&records, &by);
        let expected = to_json(&document(&whole)).unwrap();
        assert_eq!(whole.slices.len() as u64, if most_regions == 3 { 5 } else { 2 });
        assert_eq!(to_json(&document(&read(&expected))).unwrap(), expected);
        assert_eq!(to_json(&document(&read(&to_yaml(&document(&whole)).unwrap()))).unwrap(), expected);
        for partition in 0..partitions {
            let count = 2 + random.below(5) as usize;
            let mut parts: Vec<Vec<&String>> = vec![Vec::new(); count];
            for record in &records {
                parts[random.below(count as u64) as usize].push(record);
            }
            let of = |part: Vec<&String>| {
                let own = statistics(part, &by);
                if partition % 2 == 0 { read(&to_json(&document(&own)).unwrap()) } else { own }
            };
            let sum = parts.into_iter().map(of).reduce(|mut sum, own| {
                sum.merge(&own);
                sum
            });
            assert!(to_json(&document(&sum.unwrap())).unwrap() == expected, "partition {partition}");
        }
    }
}

#[test]
fn what_is_counted_is_what_the_records_say() {
    let records = records(400, 3);
    let own = statistics(&records, &["modelId", "metadata.region"]);
    let values: Vec<Value> = records.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let number = |is: &dyn Fn(&Value) -> bool| values.iter().filter(|value| is(value)).count() as u64;
    assert_eq!(own.rows, 400);
    let json: Value = serde_json::from_str(&to_json(&document(&own)).unwrap()).unwrap();
    for (field, value, count) in [
        ("kind", json!("inference-log"), number(&|own| own["kind"] == "inference-log")),
        ("resultCode", json!(500), number(&|own| own["resultInfo"]["resultCode"] == 500)),
        ("modelId", json!("churn/1"), number(&|own| own["modelId"] == "churn/1")),
        ("metadata.region", json!("r2"), number(&|own| own["metadata"]["region"] == "r2")),
        ("age", json!(7), number(&|own| own["inputFeatures"]["age"] == "7")),
    ] {
        let top = json["fields"][field]["top"].as_array().unwrap_or_else(|| panic!("{field}"));
        assert!(top.contains(&json!({"value": value, "count": count})), "{field}: {count} in {top:?}");
    }
    let missing = number(&|own| own["inputFeatures"]["income"].is_null());
    assert_eq!(json["fields"]["income"]["missing"], missing);
    // A feature that is called like a field of records is none; what it is called like is personal.
    let personal = &json["fields"]["inputFeatures.userId"];
    assert!(personal["personal"] == true && personal["top"].is_null(), "{personal}");
    let latencies: Vec<f64> = values.iter().map(|own| own["requestLatencyMs"].as_f64().unwrap()).collect();
    let latency = &json["fields"]["requestLatencyMs"];
    assert_eq!(latency["mean"].as_f64().unwrap(), latencies.iter().sum::<f64>() / 400.0);
    assert_eq!(latency["maximum"].as_f64().unwrap(), latencies.iter().copied().fold(0.0, f64::max));
    let of_model: Vec<&Value> = values.iter().filter(|own| own["modelId"] == "churn/0").collect();
    let slice = json["slices"].as_array().unwrap().iter().find(|own| own["slice"] == json!({"modelId": "churn/0"}));
    assert_eq!(slice.unwrap()["rows"], of_model.len());
    for name in ["requestInfo", "featureNames", "mlSpecVersion", "predictionExplanation", "x-a"] {
        assert!(json["fields"][name].is_null(), "{name}");
    }
}

/// Returns a profile without what differs each time.
fn lasting(text: &str) -> String {
    let varies = ["id:", "performedOn:", "datasetDigest:", "name:", "dataset:"];
    let lines = text.lines().filter(|line| !varies.iter().any(|name| line.starts_with(name)));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_log_is_profiled_from_wherever_it_is() {
    let folder = TempDir::new().unwrap();
    let text = records(300, 3).join("\n") + "\n";
    fs::write(folder.path().join("day.jsonl"), &text).unwrap();
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    fs::write(folder.path().join("day.jsonl.gz"), packed.finish().unwrap()).unwrap();
    let zstd = ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
    fs::write(folder.path().join("day.ndjson.zst"), &zstd).unwrap();
    let (code, whole, err) = run(folder.path(), &["profile", "day.jsonl"], b"");
    assert_eq!((code, err.as_str()), (0, ""), "{whole}");
    assert!(whole.contains("slice: {modelId: \"churn/1\"}") && whole.contains("span: {start: "), "{whole}");
    for (arguments, stdin) in [
        (&["profile", "day.jsonl.gz"][..], &b""[..]),
        (&["profile", "day.ndjson.zst"], b""),
        (&["profile", "-", "--stdin-filename", "day.jsonl"], text.as_bytes()),
        (&["profile", "-", "--stdin-filename", "day.jsonl"], &zstd),
    ] {
        let (code, printed, err) = run(folder.path(), arguments, stdin);
        assert!(code == 0 && lasting(&printed) == lasting(&whole), "{arguments:?}: exit {code}: {err}");
    }
    // Parts on several machines, added up.
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for (name, own) in [("a", &lines[..100]), ("b", &lines[100..101]), ("c", &lines[101..])] {
        fs::write(folder.path().join(format!("{name}.jsonl")), own.concat()).unwrap();
        let (code, ..) = run(folder.path(), &["profile", &format!("{name}.jsonl"), "-o", &format!("{name}.json")], b"");
        assert_eq!(code, 0);
    }
    let (code, merged, _) =
        run(folder.path(), &["profile", "merge", "c.json", "a.json", "b.json", "--dataset", "day"], b"");
    assert!(code == 0 && lasting(&merged) == lasting(&whole), "{merged}");
    let (_, together, _) = run(folder.path(), &["profile", "a.jsonl", "b.jsonl", "c.jsonl"], b"");
    assert_eq!(lasting(&together), lasting(&whole));
    // What is written is a document without errors.
    fs::write(folder.path().join("profile.yml"), &whole).unwrap();
    let (code, printed, _) = run(folder.path(), &["check", "--isolated", "profile.yml"], b"");
    assert_eq!(code, 0, "{printed}");
}

#[test]
fn what_is_no_record_is_said() {
    let folder = TempDir::new().unwrap();
    let good = records(20, 3);
    let mut bad = good.clone();
    bad[7] = bad[7].replace("\"requestId\":\"r-7\"", "\"requestId\":\"\"");
    bad.push("{\"a\":1}".to_owned());
    bad.push("{\"mlSpecVersion\":".to_owned());
    fs::write(folder.path().join("bad.jsonl"), bad.join("\n")).unwrap();
    let (code, printed, err) = run(folder.path(), &["profile", "bad.jsonl"], b"");
    assert!(code == 1 && printed.contains("rows: 19\n") && err.contains("3 records are invalid, and not in"), "{err}");
    fs::write(folder.path().join("table.jsonl"), "{\"a\":1}\n{\"a\":2}\n").unwrap();
    fs::write(folder.path().join("good.jsonl"), good.join("\n")).unwrap();
    let (code, printed, _) = run(folder.path(), &["profile", "table.jsonl"], b"");
    assert!(code == 0 && printed.contains("rows: 2\n") && !printed.contains("span"), "{printed}");
    for (arguments, says) in [
        (&["profile", "good.jsonl", "table.jsonl"][..], "is a table, and the files before are logs"),
        (&["profile", "table.jsonl", "good.jsonl"], "is a log, and the files before are tables"),
        (&["profile", "table.jsonl", "--by", "a"], "--by is about logs"),
    ] {
        let (code, printed, err) = run(folder.path(), arguments, b"");
        assert!(code == 2 && err.contains(says), "{arguments:?}: exit {code}: {printed}{err}");
    }
    let (code, _, err) = run(folder.path(), &["profile", "good.jsonl", "--by", "absent"], b"");
    assert!(code == 0 && err.is_empty(), "exit {code}: {err}");
    let many: Vec<String> = records(1200, 3)
        .iter()
        .enumerate()
        .map(|(at, line)| {
            line.replace("\"r0\"", &format!("\"q{at}\""))
                .replace("\"r1\"", &format!("\"p{at}\""))
                .replace("\"r2\"", &format!("\"o{at}\""))
        })
        .collect();
    fs::write(folder.path().join("many.jsonl"), many.join("\n")).unwrap();
    let (code, printed, err) = run(folder.path(), &["profile", "many.jsonl", "--by", "metadata.region"], b"");
    assert!(
        code == 0 && err.contains("'metadata.region' has too many values") && !printed.contains("slices:"),
        "{err}"
    );
}
