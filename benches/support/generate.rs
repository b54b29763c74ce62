//! Realistic MLSpec documents in any number: all kinds, mostly clean, always the same for the same number.
//!
//! The tree of the benchmarks is made of them, and of the tests that need many documents.

#![allow(dead_code, reason = "each program uses its part")]

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// A document, and what is known about it.
#[derive(Clone, Debug)]
pub struct Generated {
    /// Path below the root of the tree, such as `run/credit-00017.yml`: a folder for each kind.
    pub path: String,
    /// What the document is.
    pub kind: &'static str,
    /// The YAML.
    pub text: String,
    /// What is wrong with it; one document in twenty has a fault.
    pub fault: Option<Fault>,
}

/// What can be wrong with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A key that no kind knows.
    UnknownKey,
    /// A key that is there twice.
    DuplicateKey,
    /// A version of the specification that there never was.
    Version,
    /// A key in another case style.
    Spelling,
    /// A line that is not YAML.
    Syntax,
}

/// How many documents of a kind there are among a hundred.
struct Share {
    kind: &'static str,
    percent: u64,
    write: fn(&mut Draft),
}

/// A repository has many runs and few datastores.
const MIX: &[Share] = &[
    Share { kind: "run", percent: 28, write: run },
    Share { kind: "dataset", percent: 13, write: dataset },
    Share { kind: "pipeline", percent: 11, write: pipeline },
    Share { kind: "model", percent: 11, write: model },
    Share { kind: "artifact", percent: 5, write: artifact },
    Share { kind: "module-version", percent: 5, write: module_version },
    Share { kind: "pipeline-run", percent: 4, write: pipeline_run },
    Share { kind: "inference-log", percent: 4, write: inference_log },
    Share { kind: "module", percent: 3, write: module },
    Share { kind: "evaluation", percent: 3, write: evaluation },
    Share { kind: "test", percent: 3, write: test },
    Share { kind: "objectives", percent: 3, write: objectives },
    Share { kind: "model-card", percent: 2, write: model_card },
    Share { kind: "metadata", percent: 1, write: metadata },
    Share { kind: "datastore", percent: 1, write: datastore },
    Share { kind: "datapath", percent: 1, write: datapath },
    Share { kind: "inference-request", percent: 1, write: inference_request },
    Share { kind: "inference-prediction", percent: 1, write: inference_prediction },
];

/// Writes the first `count` documents below a folder; gives the number of bytes.
pub fn write_tree(root: &Path, count: u64) -> io::Result<u64> {
    for share in MIX {
        fs::create_dir_all(root.join(share.kind))?;
    }
    let mut bytes = 0;
    for document in (0..count).map(document) {
        fs::write(root.join(&document.path), &document.text)?;
        bytes += document.text.len() as u64;
    }
    Ok(bytes)
}

/// The document with this number.
pub fn document(number: u64) -> Generated {
    let mut draft = Draft { text: String::new(), random: Random(number) };
    let mut rest = draft.random.below(MIX.iter().map(|share| share.percent).sum());
    let is_next = |share: &&Share| {
        let is_it = rest < share.percent;
        rest = rest.saturating_sub(share.percent);
        is_it
    };
    let Share { kind, write, .. } = MIX.iter().find(is_next).unwrap_or(&MIX[0]);
    draft.head(kind);
    write(&mut draft);
    let fault = (draft.random.below(20) == 0).then(|| draft.fault(kind));
    Generated { path: format!("{kind}/credit-{number:05}.yml"), kind, text: draft.text, fault }
}

/// SplitMix64: short, well known, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.below(most - least + 1)
    }

    fn pick<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len() as u64) as usize]
    }

    fn hex(&mut self, digits: usize) -> String {
        let mut hex = String::new();
        while hex.len() < digits {
            let _ = write!(hex, "{:016x}", self.next());
        }
        hex.truncate(digits);
        hex
    }

    fn uuid(&mut self) -> String {
        let hex = self.hex(32);
        format!("{}-{}-4{}-a{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
    }

    fn digest(&mut self) -> String {
        format!("sha256:{}", self.hex(64))
    }

    fn fraction(&mut self) -> String {
        format!("0.{:04}", self.between(1, 9999))
    }

    fn version(&mut self) -> String {
        format!("{}.{}.{}", self.between(1, 4), self.below(12), self.below(20))
    }

    fn day(&mut self) -> String {
        format!("2026-{:02}-{:02}", self.between(1, 12), self.between(1, 28))
    }

    fn timestamp(&mut self) -> String {
        format!("{}T{:02}:{:02}:{:02}Z", self.day(), self.below(24), self.below(60), self.below(60))
    }

    fn word(&mut self) -> &'static str {
        self.pick(&[
            "income", "age", "balance", "limit", "region", "tenure", "arrears", "savings", "score", "loans", "rates",
            "branch", "channel", "product", "segment", "employer",
        ])
    }

    /// A name that is free: the words repeat, the number makes it one of its list.
    fn name(&mut self, number: u64) -> String {
        format!("{}_{}_{number}", self.word(), self.word())
    }

    fn sentence(&mut self) -> String {
        let start = self.pick(&["Estimates", "Describes", "Prepares", "Measures", "Compares", "Watches"]);
        let (a, b, c) = (self.word(), self.word(), self.word());
        let end =
            self.pick(&["for the credit team", "before the monthly review", "as the regulator asks", "in the lab"]);
        format!("{start} {a}, {b} and {c} of the clients of the bank {end}.")
    }
}

/// A document while it is written.
struct Draft {
    text: String,
    random: Random,
}

/// Adds a line to a draft.
macro_rules! line {
    ($draft:expr, $($argument:tt)*) => {{
        // Writing to a string cannot fail.
        let _ = writeln!($draft.text, $($argument)*);
    }};
}

impl Draft {
    fn head(&mut self, kind: &str) {
        if self.random.below(4) == 0 {
            line!(self, "# yaml-language-server: $schema=../schemas/{kind}.schema.json");
        }
        if kind == "model-card" {
            line!(self, "specVersion: 0.1.0");
        } else {
            line!(self, "mlSpecVersion: 0.1.0");
        }
        // Some documents leave it to be found out from their keys. Those of new kinds may not, and some small ones do
        // not tell.
        let must_say = ["objectives", "evaluation", "test", "inference-request", "metadata"].contains(&kind);
        if must_say || self.random.below(10) < 7 {
            line!(self, "kind: {kind}");
        }
    }

    fn identity(&mut self, key: &str) {
        let (id, name) = (self.random.uuid(), self.random.name(7));
        line!(self, "{key}: {id}");
        line!(self, "name: {}", name.replace('_', "-"));
        self.description();
    }

    fn description(&mut self) {
        let (first, second) = (self.random.sentence(), self.random.sentence());
        match self.random.below(3) {
            0 => line!(self, "description: {first} {second}"),
            1 => line!(self, "description: \"{first}\""),
            _ => line!(self, "description: >-\n  {first}\n  {second}"),
        }
    }

    fn comment(&mut self) {
        let sentence = self.random.sentence();
        line!(self, "# {sentence}");
    }

    fn datapath(&mut self, indent: &str) {
        let (store, word, version) = (self.random.word(), self.random.word(), self.random.version());
        line!(self, "{indent}DataStore: {store}-lake");
        line!(self, "{indent}RelativePath: {word}/{version}/part-{:04}.parquet", self.random.below(1000));
    }

    fn tags(&mut self, key: &str) {
        line!(self, "{key}:");
        for number in 0..self.random.between(3, 6) {
            let (name, value) = (self.random.name(number), self.random.word());
            match self.random.below(2) {
                0 => line!(self, "  - {{key: {name}, value: {value}}}"),
                _ => line!(self, "  - key: {name}\n    value: \"{}\"", self.random.below(100)),
            }
        }
    }

    fn metrics(&mut self, least: u64, most: u64) {
        line!(self, "metrics:");
        for number in 0..self.random.between(least, most) {
            let name = self.random.pick(&["auc", "recall", "precision", "accuracy", "log_loss", "ks"]);
            line!(self, "  - key: {name}_{number}");
            match self.random.below(8) {
                0 => {
                    let (a, b, c) = (self.random.fraction(), self.random.fraction(), self.random.fraction());
                    line!(self, "    value: [{a}, {b}, {c}]\n    value_type: array");
                }
                1 => {
                    let (a, b) = (self.random.below(900), self.random.below(900));
                    line!(self, "    value: {{true_positive: {a}, false_positive: {b}}}\n    value_type: object");
                }
                _ => line!(self, "    value: {}\n    value_type: scalar", self.random.fraction()),
            }
            if self.random.below(2) == 0 {
                line!(self, "    dataset: credit-validation@{}", self.random.version());
            }
            if self.random.below(3) == 0 {
                line!(self, "    slice: {{region: {}}}", self.random.pick(&["north", "south", "east", "west"]));
                line!(self, "    count: {}", self.random.between(100, 90_000));
            }
        }
    }

    /// Adds a fault. Every kind of document takes every fault.
    fn fault(&mut self, kind: &str) -> Fault {
        let fault =
            self.random.pick(&[Fault::UnknownKey, Fault::DuplicateKey, Fault::Version, Fault::Spelling, Fault::Syntax]);
        let version = if kind == "model-card" { "specVersion" } else { "mlSpecVersion" };
        match fault {
            Fault::UnknownKey => line!(self, "colourOfTheReport: blue"),
            Fault::DuplicateKey => line!(self, "{version}: 0.1.0"),
            Fault::Version => self.text = self.text.replacen("ersion: 0.1.0", "ersion: 0.7.0", 1),
            Fault::Spelling => {
                let spelt = if kind == "model-card" { "spec_version" } else { "ml_spec_version" };
                self.text = self.text.replacen(version, spelt, 1);
            }
            Fault::Syntax => line!(self, "x-note: \"not closed"),
        }
        fault
    }
}

fn run(draft: &mut Draft) {
    draft.identity("id");
    line!(draft, "project_id: {}", draft.random.uuid());
    line!(draft, "experiment_id: {}", draft.random.uuid());
    run_fields(draft);
    line!(draft, "hyperparameters:");
    for number in 0..draft.random.between(8, 16) {
        let (name, value) = (draft.random.name(number), draft.random.fraction());
        line!(draft, "  - key: {name}\n    value: {value}");
    }
    line!(draft, "artifacts:");
    for number in 0..draft.random.between(1, 3) {
        let kind = draft.random.pick(&["MODEL", "DATA", "LOG", "METRICS", "OTHER"]);
        line!(draft, "  - key: {}\n    artifact_type: {kind}\n    path:", draft.random.name(number));
        draft.datapath("      ");
    }
    line!(draft, "datasets:");
    for number in 0..draft.random.between(1, 2) {
        let (name, version, digest) = (draft.random.name(number), draft.random.version(), draft.random.digest());
        line!(draft, "  - key: {name}\n    role: training\n    artifact_type: DATA");
        line!(draft, "    dataset: credit-train@{version}\n    digest: {digest}");
    }
    draft.metrics(8, 18);
    draft.tags("tags");
    draft.tags("properties");
    line!(draft, "code:\n  repository: https://git.example.com/credit/default");
    line!(draft, "  commit: {}", draft.random.hex(40));
}

fn run_fields(draft: &mut Draft) {
    line!(draft, "submittedDate: {}", draft.random.timestamp());
    line!(draft, "submitterId: {}", draft.random.uuid());
    line!(draft, "status: {}", draft.random.pick(&["queued", "running", "completed", "failed", "cancelled"]));
}

fn pipeline_run(draft: &mut Draft) {
    draft.identity("id");
    line!(draft, "experiment_id: {}", draft.random.uuid());
    run_fields(draft);
    line!(draft, "pipeline: credit-default\nparameters:");
    for number in 0..draft.random.between(3, 8) {
        line!(draft, "  {}: {}", draft.random.name(number), draft.random.fraction());
    }
    line!(draft, "steps:");
    for number in 0..draft.random.between(4, 12) {
        let (name, run) = (draft.random.name(number), draft.random.uuid());
        line!(draft, "  {name}:\n    run: {run}\n    status: completed");
    }
    draft.metrics(2, 6);
    draft.tags("tags");
}

fn dataset(draft: &mut Draft) {
    draft.identity("id");
    line!(draft, "state: {}", draft.random.pick(&["Active", "Active", "Active", "active"]));
    if draft.random.below(2) == 0 {
        line!(draft, "location: s3://credit-default/{}/{}.parquet", draft.random.version(), draft.random.word());
    } else {
        line!(draft, "location:");
        draft.datapath("  ");
    }
    line!(draft, "version: {}", draft.random.version());
    line!(draft, "dateGenerated: {}", draft.random.day());
    line!(draft, "isReadOnly: true\nisVisible: true");
    line!(draft, "versionedBy: {}\nversionedOn: {}", draft.random.uuid(), draft.random.day());
    line!(draft, "versionNotes: |\n  {}\n  {}", draft.random.sentence(), draft.random.sentence());
    line!(draft, "digest: {}", draft.random.digest());
    draft.tags("tags");
    draft.comment();
    line!(draft, "views:");
    for number in 0..draft.random.between(3, 9) {
        let (name, word) = (draft.random.name(number), draft.random.word());
        line!(draft, "  - name: {name}\n    filter: {word} >= {} and {word} < 9000", draft.random.below(4000));
    }
    line!(draft, "checkpoint:\n  profile: profiles/{}.json\n  materialized:", draft.random.hex(12));
    draft.datapath("    ");
}

fn datastore(draft: &mut Draft) {
    draft.identity("id");
    line!(draft, "type: s3\nstatus: Active\nbucket: credit-default");
    line!(draft, "endpoint: https://s3.eu-central-1.amazonaws.com\npath: lake/{}", draft.random.word());
}

fn datapath(draft: &mut Draft) {
    draft.comment();
    draft.datapath("");
}

fn artifact(draft: &mut Draft) {
    draft.identity("id");
    line!(draft, "status: Active\ncreated_by_run_id: {}", draft.random.uuid());
    line!(draft, "artifact_type: {}\ndata_path:", draft.random.pick(&["MODEL", "DATA", "LOG", "METRICS"]));
    draft.datapath("  ");
    line!(draft, "digest: {}", draft.random.digest());
}

fn module(draft: &mut Draft) {
    draft.identity("id");
    line!(draft, "status: Active\ncreatedUtc: {}\nversions:", draft.random.timestamp());
    for major in 1..=draft.random.between(4, 14) {
        line!(draft, "  - version: {major}.{}.0\n    id: {}", draft.random.below(9), draft.random.uuid());
    }
}

fn module_version(draft: &mut Draft) {
    draft.identity("id");
    line!(draft, "module: {}\nversion: {}", draft.random.uuid(), draft.random.version());
    line!(draft, "status: Active\nsnapshot_id: {}", draft.random.uuid());
    line!(draft, "createdUtc: {}", draft.random.timestamp());
    for (side, most) in [("inputs", 5), ("outputs", 4)] {
        line!(draft, "{side}:");
        for number in 0..draft.random.between(1, most) {
            let name = draft.random.name(number);
            line!(draft, "  {name}:\n    type: parquet\n    optional: {}", draft.random.below(2) == 0);
        }
    }
    line!(draft, "params:");
    for number in 0..draft.random.between(6, 16) {
        let (name, value) = (draft.random.name(number), draft.random.fraction());
        line!(draft, "  - name: {name}\n    type: float\n    default: {value}\n    constraints: {{min: 0, max: 1}}");
    }
}

fn pipeline(draft: &mut Draft) {
    let name = draft.random.name(1).replace('_', "-");
    line!(draft, "name: {name}\nstage: draft");
    draft.description();
    line!(draft, "parameters:");
    let mut parameters = Vec::new();
    for number in 0..draft.random.between(2, 5) {
        let name = draft.random.name(number);
        parameters.push(name.clone());
        line!(
            draft,
            "  - name: {name}\n    type: float\n    default: {}\n    min: 0\n    max: 1",
            draft.random.fraction()
        );
    }
    line!(draft, "data:\n  source:");
    draft.datapath("    ");
    draft.comment();
    line!(draft, "steps:");
    let mut names: Vec<String> = Vec::new();
    for number in 0..draft.random.between(4, 9) {
        let name = draft.random.name(number);
        line!(draft, "  {name}:\n    moduleName: {}@{}", draft.random.word(), draft.random.version());
        line!(draft, "    computeName: cpu-{}", draft.random.pick(&[4, 8, 16]));
        match names.last() {
            None => line!(draft, "    inputs:\n      data: {{from: data.source}}"),
            Some(before) => line!(draft, "    inputs:\n      data:\n        from: {before}.result"),
        }
        line!(draft, "    outputs:\n      result: {{type: parquet}}\n    parameters:");
        for name in parameters.drain(..) {
            line!(draft, "      {name}: ${{{name}}}");
        }
        for number in 10..draft.random.between(11, 14) {
            line!(draft, "      {}: {}", draft.random.name(number), draft.random.fraction());
        }
        names.push(name);
    }
    line!(draft, "pipeline: [{}]", names.join(", "));
}

fn source(draft: &mut Draft, indent: &str, name: &str) {
    let (word, version) = (draft.random.word(), draft.random.version());
    line!(draft, "{indent}{name}:\n{indent}  data_store: lake\n{indent}  bucket: credit-default");
    line!(draft, "{indent}  path: {word}/{version}");
}

fn model(draft: &mut Draft) {
    let identifier = draft.random.name(3).replace('_', "-");
    line!(draft, "name: {identifier}\nmodel_identifier: {identifier}");
    draft.description();
    line!(draft, "author:\n  name: Credit team\n  email: credit@example.com");
    line!(
        draft,
        "framework:\n  name: tensorflow\n  version: \"2.16.1\"\n  runtimes:\n    name: python\n    version: '3.12'"
    );
    line!(draft, "license: Apache-2.0\ndomain: finance\npurpose: binary_classification");
    line!(draft, "website: https://example.com/{identifier}\nlabels:\n  - url: https://example.com/labels");
    line!(draft, "train:\n  trainable: true\n  tested_platforms: [kubeflow, wml]\n  model_source:");
    source(draft, "    ", "initial_model");
    line!(draft, "  model_training_results:");
    source(draft, "    ", "trained_model");
    line!(draft, "  data_source:");
    source(draft, "    ", "training_data");
    line!(
        draft,
        "  mount_type: mount_cos\n  execution:\n    command: python train.py --epochs {}",
        draft.random.below(90)
    );
    line!(draft, "    compute_configuration:\n      name: k80\n      nodes: {}", draft.random.between(1, 8));
    line!(draft, "  training_params:");
    for number in 0..draft.random.between(6, 14) {
        line!(draft, "    - {}: {}", draft.random.name(number), draft.random.fraction());
    }
    draft.comment();
    line!(draft, "serve:\n  servable: true\n  tested_platforms:\n    - kubernetes\n    - knative\n  model_source:");
    source(draft, "    ", "servable_model");
    line!(draft, "data:\n  source_id: uci-{}\n  domain: finance\n  license: CC-BY-4.0", draft.random.hex(8));
    line!(draft, "process:");
    for number in 0..draft.random.between(1, 3) {
        let (name, word) = (draft.random.name(number), draft.random.word());
        line!(draft, "  - name: {name}\n    params:\n      staging_dir: staging/{word}\n      script: {word}.sh");
    }
    line!(draft, "data_stores:\n  - name: lake\n    type: s3\n    connection:");
    line!(draft, "      endpoint: https://s3.eu-central-1.amazonaws.com");
    line!(draft, "      access_key_id: ${{ACCESS_KEY_ID}}\n      secret_access_key: ${{SECRET_ACCESS_KEY}}");
}

fn model_card(draft: &mut Draft) {
    line!(draft, "framework:\n  name: onnx\n  version: \"1.16\"\n  custom: {{accelerator: cuda}}\nruntimeArtifacts:");
    for number in 0..draft.random.between(2, 6) {
        let (name, version) = (draft.random.name(number), draft.random.version());
        line!(
            draft,
            "  {name}:\n    location: s3://credit-default/{version}/{name}.onnx\n    relativePath: models/{name}"
        );
    }
    line!(draft, "time_created: {}\ncreated_by: credit-team", draft.random.timestamp());
    line!(draft, "purpose: binary_classification\ncustom:\n  origin:\n    created_by: credit-team\n    codeAssets:");
    for number in 0..draft.random.between(3, 9) {
        line!(draft, "      {}: {}", draft.random.name(number), draft.random.hex(40));
    }
    line!(draft, "  metadata:\n    schema:\n      features:");
    for number in 0..draft.random.between(8, 20) {
        line!(draft, "        - {{name: {}, type: float}}", draft.random.name(number));
    }
}

fn metadata(draft: &mut Draft) {
    line!(draft, "framework:\n  name: keras\n  version: \"3.1\"\n  runtime: python3.12\nmodel:");
    line!(draft, "  name: {}\n  version: \"1.0\"\n  creator: credit-team", draft.random.name(1));
    line!(draft, "dataset:\n  name: credit-train\n  source: s3://credit-default/train.parquet");
    for section in ["data_process", "model_architecture", "training_params"] {
        line!(draft, "{section}:");
        for number in 0..draft.random.between(8, 20) {
            line!(draft, "  - {}: {}", draft.random.name(number), draft.random.fraction());
        }
    }
}

fn request(draft: &mut Draft) {
    line!(draft, "requestInfo:\n  requestId: {}", draft.random.uuid());
    line!(draft, "  requestTimestamp: {}", draft.random.timestamp());
    line!(draft, "  requestLatencyMs: {}.{}", draft.random.below(90), draft.random.below(10));
}

fn inputs(draft: &mut Draft) {
    let count = draft.random.between(12, 40);
    line!(draft, "inputs:\n  featureNames:");
    for number in 0..count {
        line!(draft, "    - {}", draft.random.name(number));
    }
    line!(draft, "  featureValues:");
    for _ in 0..count {
        line!(draft, "    - {}", draft.random.fraction());
    }
}

fn inference_log(draft: &mut Draft) {
    line!(draft, "applicationInfo:\n  applicationId: {}", draft.random.uuid());
    line!(draft, "  applicationEndpoint: https://example.com/score");
    request(draft);
    line!(draft, "modelInfo:\n  models: [credit-default/{}]", draft.random.version());
    line!(draft, "resultInfo:\n  resultCode: 200\n  resultSizeInBytes: {}", draft.random.below(9000));
    inputs(draft);
    line!(draft, "prediction: {}", draft.random.fraction());
}

fn inference_request(draft: &mut Draft) {
    request(draft);
    inputs(draft);
}

fn inference_prediction(draft: &mut Draft) {
    request(draft);
    line!(draft, "modelId: credit-default/{}\ninputFeatures:", draft.random.version());
    let names: Vec<String> = (0..draft.random.between(10, 20)).map(|number| draft.random.name(number)).collect();
    for name in &names {
        line!(draft, "  {name}: \"{}\"", draft.random.below(5000));
    }
    line!(draft, "prediction: {}\npredictionExplanation:", draft.random.fraction());
    for name in &names {
        line!(draft, "  {name}: {}", draft.random.fraction());
    }
    line!(draft, "predictionFeedback: {}", draft.random.fraction());
}

fn objectives(draft: &mut Draft) {
    draft.identity("id");
    line!(draft, "status: Active\nmodel: credit-default\nowner: credit-risk\nlanguage: mlspec-objectives/1");
    line!(draft, "datasets:\n  holdback:\n    dataset: credit-holdback@{}\n    stage: test", draft.random.version());
    line!(draft, "metrics:\n  auc: {{unit: fraction, range: [0, 1], better: higher}}");
    line!(draft, "  latency: {{unit: ms, range: [0, 60000], better: lower}}");
    line!(draft, "dimensions:\n  region: {{values: [north, south, east, west]}}\nobjectives:");
    for number in 0..draft.random.between(4, 12) {
        let (sentence, bound) = (draft.random.sentence(), draft.random.fraction());
        line!(draft, "  - id: objective-{number}\n    why: {sentence}\n    severity: required");
        line!(draft, "    expect: auc >= {bound}");
    }
}

fn measured(draft: &mut Draft) {
    draft.identity("id");
    line!(draft, "model: credit-default@{}", draft.random.version());
    line!(draft, "dataset: credit-holdback@{}", draft.random.version());
    line!(draft, "datasetDigest: {}\nrun: {}", draft.random.digest(), draft.random.uuid());
    line!(draft, "performedOn: {}", draft.random.timestamp());
    draft.metrics(10, 24);
}

fn evaluation(draft: &mut Draft) {
    measured(draft);
}

fn test(draft: &mut Draft) {
    measured(draft);
}
