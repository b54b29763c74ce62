//! A workspace of many models, for the governance report: most meet their objectives, some do not, some have waivers, some were not measured.

/// Returns the files of a workspace with this many models: path and text.
#[must_use]
pub fn models(count: usize) -> Vec<(String, String)> {
    let mut files = vec![
        ("mlspec-lint.toml".to_owned(), String::new()),
        ("data/holdback.yml".to_owned(), dataset("holdback", 1)),
        ("data/validation.yml".to_owned(), dataset("validation", 2)),
        ("data/train.yml".to_owned(), dataset("train", 3)),
    ];
    for number in 0..count {
        let name = format!("model-{number:03}");
        let mut add = |file: &str, text: String| files.push((format!("models/{name}/{file}.yml"), text));
        add("model", model(&name, number));
        add("objectives", objectives(&name, number));
        add("fit", fit(&name, number));
        add("production", production(&name, number));
        // Every thirteenth has not been evaluated yet.
        if number % 13 != 12 {
            add("evaluation", measured("evaluation", &name, number));
            add("test", measured("test", &name, number));
        }
    }
    files
}

fn id(group: usize, number: usize) -> String {
    format!("0f5c7a31-5a52-4b3a-{group:04x}-{number:012x}")
}

fn digest(number: usize) -> String {
    format!("sha256:{:064x}", number + 0x00c0_ffee)
}

fn dataset(name: &str, number: usize) -> String {
    format!(
        "mlSpecVersion: 0.1.0\nkind: dataset\nid: {}\nname: {name}\nstate: Active\nversion: 1.0.0\n\
         location: s3://contoso/{name}.parquet\ndigest: {}\n",
        id(0x9000, number),
        digest(number)
    )
}

fn model(name: &str, number: usize) -> String {
    format!(
        "mlSpecVersion: 0.1.0\nkind: model\nname: {name}\nmodel_identifier: {name}\ndescription: Model {number} of many.\n\
         author: {{name: Priya Raman, email: priya@contoso.com}}\nframework: {{name: lightgbm, version: 4.5.0}}\nlicense: Apache-2.0\n\
         domain: credit risk\npurpose: binary_classification\n"
    )
}

fn objectives(name: &str, number: usize) -> String {
    let waivers = match number % 5 {
        4 => format!(
            "waivers:\n  - {{objective: floor, until: 2026-{:02}-20, by: risk@contoso.com, reason: the review is under way}}\n",
            5 + number % 4
        ),
        _ => String::new(),
    };
    format!(
        "mlSpecVersion: 0.1.0\nkind: objectives\nid: {}\nname: {name}-launch\nmodel: {name}\nowner: risk@contoso.com\n\
         datasets:\n  validation: {{dataset: validation@1.0.0, stage: evaluation}}\n  holdback: {{dataset: holdback@1.0.0, stage: test}}\n\
         \u{20} live: {{stage: monitoring}}\nbaseline: {{run: {name}-production}}\n\
         metrics:\n  recall: {{unit: fraction, range: [0, 1], better: higher}}\n  latency: {{unit: ms, type: array, better: lower}}\n\
         dimensions:\n  plan: {{values: [basic, plus, family]}}\n\
         objectives:\n  - {{id: floor, why: below this it costs more than it saves, expect: recall >= 80% on holdback}}\n\
         \u{20} - {{id: plans, why: all plans are sold, expect: \"for each slice of plan, recall >= 70% on holdback\"}}\n\
         \u{20} - {{id: no-step-back, why: it must not find less than today, expect: recall drops by at most 5pp vs baseline on holdback}}\n\
         \u{20} - {{id: quick, why: the page waits, expect: max(latency) <= 300ms on holdback}}\n{waivers}",
        id(0x9001, number)
    )
}

fn fit(name: &str, number: usize) -> String {
    format!(
        "mlSpecVersion: 0.1.0\nkind: run\nid: {}\nname: {name}-fit\nsubmittedDate: 2026-05-01T08:00:00Z\nstatus: completed\n\
         datasets:\n  - {{key: train, artifact_type: DATA, role: training, dataset: train@1.0.0, digest: '{}'}}\n\
         artifacts:\n  - {{key: {name}, artifact_type: MODEL, digest: '{}'}}\n",
        id(0x9002, number),
        digest(3),
        digest(1000 + number)
    )
}

fn production(name: &str, number: usize) -> String {
    format!(
        "mlSpecVersion: 0.1.0\nkind: run\nid: {}\nname: {name}-production\nsubmittedDate: 2026-04-01T08:00:00Z\nstatus: completed\n\
         metrics:\n  - {{key: recall, value: 0.84, dataset: holdback@1.0.0, count: 4000}}\n",
        id(0x9003, number)
    )
}

fn measured(kind: &str, name: &str, number: usize) -> String {
    let (group, data, digit) = if kind == "test" { (0x9004, "holdback", 1) } else { (0x9005, "validation", 2) };
    let recall = match number {
        number if number % 7 == 6 => 77,
        // Below the floor, which is waived.
        number if number % 5 == 4 => 79,
        number => 83 + number % 9,
    };
    let day = if kind == "test" { 5 } else { 4 };
    format!(
        "mlSpecVersion: 0.1.0\nkind: {kind}\nid: {}\nname: {name}-{kind}\nmodel: {name}\nmodelDigest: {}\ndataset: {data}@1.0.0\n\
         datasetDigest: {}\nperformedOn: 2026-05-0{day}T08:00:00Z\nobjectives: {name}-launch\n\
         metrics:\n  - {{key: recall, value: 0.{recall}, count: 4000}}\n\
         \u{20} - {{key: recall, value: 0.{}, slice: {{plan: basic}}, count: 2000}}\n\
         \u{20} - {{key: recall, value: 0.{}, slice: {{plan: plus}}, count: 1000}}\n\
         \u{20} - {{key: recall, value: 0.{recall}, slice: {{plan: family}}, count: 1000}}\n\
         \u{20} - {{key: latency, value: [100, 120, {}]}}\n",
        id(group, number),
        digest(1000 + number),
        digest(digit),
        recall + 1,
        recall - 2,
        130 + number % 100
    )
}
