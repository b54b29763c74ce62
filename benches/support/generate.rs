//! Generates realistic MLSpec documents in any number: of all kinds, mostly clean, and always the same for the same number. They refer to
//! each other, so that many of them are a workspace.
//!
//! They are used for the tree of the benchmarks, and for the tests that need many documents.

#![allow(dead_code, reason = "each program uses its part")]

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// A document, and its expected properties.
#[derive(Clone, Debug)]
pub struct Generated {
    /// Path below the root of the tree, such as `run/credit-00017.yml`: a folder for each kind.
    pub path: String,
    /// The kind of the document.
    pub kind: &'static str,
    /// The YAML.
    pub text: String,
    /// The fault of the document; one document in twenty has one.
    pub fault: Option<Fault>,
}

/// The faults that a document can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A key that does not exist in any kind.
    UnknownKey,
    /// A key that is given twice.
    DuplicateKey,
    /// A version of the specification that never existed.
    Version,
    /// A key in another case style.
    Spelling,
    /// A line that is not YAML.
    Syntax,
}

/// The number of documents of a kind in a hundred.
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

/// Writes the first `count` documents below a folder; returns the number of bytes.
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

/// Returns the document with this number.
pub fn document(number: u64) -> Generated {
    let Share { kind, write, .. } = share(number);
    let mut draft = Draft { text: String::new(), random: Random(number), number };
    draft.head(kind);
    write(&mut draft);
    let fault = fault(number);
    if let Some(fault) = fault {
        draft.add(fault, kind);
    }
    Generated { path: format!("{kind}/credit-{number:05}.yml"), kind, text: draft.text, fault }
}

/// Returns the random numbers of a fact about a document, so that others know it without writing the document.
fn facts(number: u64, fact: u64) -> Random {
    let mut random = Random(number.wrapping_mul(31).wrapping_add(fact));
    random.next();
    random
}

fn share(number: u64) -> &'static Share {
    let mut rest = facts(number, 1).below(MIX.iter().map(|share| share.percent).sum());
    let is_next = |share: &&Share| {
        let is_it = rest < share.percent;
        rest = rest.saturating_sub(share.percent);
        is_it
    };
    MIX.iter().find(is_next).unwrap_or(&MIX[0])
}

fn fault(number: u64) -> Option<Fault> {
    let mut random = facts(number, 2);
    let faults = [Fault::UnknownKey, Fault::DuplicateKey, Fault::Version, Fault::Spelling, Fault::Syntax];
    (random.below(20) == 0).then(|| random.pick(&faults))
}

/// Returns the id of a document.
fn id(number: u64) -> String {
    facts(number, 3).uuid()
}

/// Returns the name of a document.
fn name(number: u64) -> String {
    format!("{}-{number}", facts(number, 4).word())
}

/// Returns the version of a document.
fn version(number: u64) -> String {
    facts(number, 5).version()
}

/// Returns the names of the parameters of a module's version.
fn parameters_of(number: u64) -> Vec<String> {
    let mut random = facts(number, 8);
    (0..random.between(8, 16)).map(|number| random.name(number)).collect()
}

/// Returns the names of the parameters of a pipeline.
fn parameters_of_pipeline(number: u64) -> Vec<String> {
    let mut random = facts(number, 10);
    (0..random.between(2, 5)).map(|number| random.name(number)).collect()
}

/// Returns the names of the steps of a pipeline.
fn steps_of(number: u64) -> Vec<String> {
    let mut random = facts(number, 11);
    (0..random.between(4, 9)).map(|number| random.name(number)).collect()
}

/// Returns the final status of a run.
fn status_of(number: u64) -> &'static str {
    facts(number, 12).pick(&["queued", "running", "completed", "failed", "cancelled"])
}

/// Returns the digest of a dataset.
fn digest(number: u64) -> String {
    facts(number, 9).digest()
}

/// Returns the time of the request of an inference record.
fn request_time(number: u64) -> String {
    facts(number, 6).timestamp()
}

/// Returns the inputs of a module's version, with whether they are optional, and its outputs.
fn ports(number: u64) -> (Vec<(String, bool)>, Vec<String>) {
    let mut random = facts(number, 7);
    let inputs = (0..random.between(1, 5)).map(|port| (random.name(port), random.below(2) == 0)).collect();
    (inputs, (0..random.between(1, 4)).map(|port| random.name(port)).collect())
}

/// Returns whether other documents can refer to this one of a kind: any program can read it.
fn is_there(number: u64, kind: &str) -> bool {
    share(number).kind == kind && !matches!(fault(number), Some(Fault::Syntax | Fault::DuplicateKey))
}

/// Returns a document of a kind that meets a condition: one before `number`, otherwise the first one after it.
fn some(number: u64, kind: &str, meets: impl Fn(u64) -> bool) -> u64 {
    let wanted = |other: &u64| is_there(*other, kind) && meets(*other);
    (0..number).rev().find(wanted).or_else(|| (number + 1..).find(wanted)).unwrap_or(number)
}

/// Returns the pipeline run that started a run: the first one after it, if it comes before the next run.
fn pipeline_run_of(run: u64) -> Option<u64> {
    (run + 1..).take_while(|other| !is_there(*other, "run")).find(|other| is_there(*other, "pipeline-run"))
}

/// Returns the module of a version: the first one after it. A module lists the versions between the previous module and itself.
fn module_of(version: u64) -> u64 {
    (version + 1..).find(|other| is_there(*other, "module")).unwrap_or(version)
}

/// The purpose of data: a model is not evaluated or tested on the data that it was trained on.
#[derive(Clone, Copy)]
enum Purpose {
    Training,
    Evaluation,
    Test,
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

    /// Returns an unused name: the words repeat, but the number makes it unique in its list.
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

/// A document that is being written.
struct Draft {
    text: String,
    random: Random,
    number: u64,
}

/// Adds a line to a draft.
macro_rules! line {
    ($draft:expr, $($argument:tt)*) => {{
        let line = format!($($argument)*);
        $draft.text.push_str(&line);
        $draft.text.push('\n');
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
        // Some documents are detected by their keys. Those of new kinds may not be, and some small ones cannot be.
        let must_say = ["objectives", "evaluation", "test", "inference-request", "metadata"].contains(&kind);
        if must_say || self.random.below(10) < 7 {
            line!(self, "kind: {kind}");
        }
    }

    fn identity(&mut self, key: &str) {
        line!(self, "{key}: {}\nname: {}", id(self.number), name(self.number));
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

    /// Returns a document of a kind, somewhere before this one.
    fn some(&mut self, kind: &str) -> u64 {
        let from = self.number.saturating_sub(self.random.below(100));
        some(from, kind, |_| true)
    }

    /// Returns a reference to a dataset, and its digest.
    fn dataset(&mut self, purpose: Purpose) -> (String, String) {
        let rest = purpose as u64;
        let dataset = some(self.number, "dataset", |number| number % 3 == rest);
        (format!("{}@{}", name(dataset), version(dataset)), digest(dataset))
    }

    fn datapath(&mut self, indent: &str) {
        let (word, version) = (self.random.word(), self.random.version());
        line!(self, "{indent}DataStore: {}", name(some(self.number, "datastore", |_| true)));
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

    /// Adds a fault. Every kind of document can have every fault.
    fn add(&mut self, fault: Fault, kind: &str) {
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
    }
}

fn run(draft: &mut Draft) {
    draft.identity("id");
    line!(draft, "project_id: {}", draft.random.uuid());
    line!(draft, "experiment_id: {}", draft.random.uuid());
    let has_parent = draft.random.below(2) == 0;
    if let Some(parent) = pipeline_run_of(draft.number) {
        line!(draft, "parent_run_id: {}", id(parent));
    } else if has_parent && draft.number > 0 {
        let parent = some(draft.number, "run", |_| true);
        // No run has a parent that came after it.
        if parent < draft.number {
            line!(draft, "parent_run_id: {}", id(parent));
        }
    }
    let (date, submitter) = (draft.random.timestamp(), draft.random.uuid());
    line!(draft, "submittedDate: {date}\nsubmitterId: {submitter}\nstatus: {}", status_of(draft.number));
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
        let (name, (dataset, digest)) = (draft.random.name(number), draft.dataset(Purpose::Training));
        line!(draft, "  - key: {name}\n    role: training\n    artifact_type: DATA");
        line!(draft, "    dataset: {dataset}\n    digest: {digest}");
    }
    draft.metrics(8, 18);
    draft.tags("tags");
    draft.tags("properties");
    line!(draft, "code:\n  repository: https://git.example.com/credit/default");
    line!(draft, "  commit: {}", draft.random.hex(40));
}

fn pipeline_run(draft: &mut Draft) {
    draft.identity("id");
    // Its steps are submitted after it.
    line!(draft, "experiment_id: {}\nsubmittedDate: 2025-12-31T08:00:00Z", draft.random.uuid());
    line!(draft, "submitterId: {}", draft.random.uuid());
    line!(draft, "status: {}", draft.random.pick(&["running", "failed", "cancelled"]));
    let pipeline = draft.some("pipeline");
    line!(draft, "pipeline: {}\nparameters:", name(pipeline));
    for name in parameters_of_pipeline(pipeline) {
        line!(draft, "  {name}: {}", draft.random.fraction());
    }
    line!(draft, "steps:");
    let steps = steps_of(pipeline);
    let is_own = |run: &u64| pipeline_run_of(*run) == Some(draft.number);
    let run = (0..draft.number).rev().find(|other| is_there(*other, "run")).filter(is_own);
    let first = run.map_or("queued", status_of);
    match run {
        Some(run) => line!(draft, "  {}:\n    run: {}\n    status: {first}", steps[0], id(run)),
        None => line!(draft, "  {}:\n    status: {first}", steps[0]),
    }
    // The other steps come after it.
    let status = if first == "completed" { "completed" } else { "queued" };
    for name in &steps[1..] {
        line!(draft, "  {name}:\n    status: {status}");
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
    line!(draft, "version: {}", version(draft.number));
    line!(draft, "dateGenerated: {}", draft.random.day());
    line!(draft, "isReadOnly: true\nisVisible: true");
    line!(draft, "versionedBy: {}\nversionedOn: {}", draft.random.uuid(), draft.random.day());
    line!(draft, "versionNotes: |\n  {}\n  {}", draft.random.sentence(), draft.random.sentence());
    line!(draft, "digest: {}", digest(draft.number));
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
    line!(draft, "status: Active\ncreated_by_run_id: {}", id(draft.some("run")));
    line!(draft, "artifact_type: {}\ndata_path:", draft.random.pick(&["MODEL", "DATA", "LOG", "METRICS"]));
    draft.datapath("  ");
    line!(draft, "digest: {}", draft.random.digest());
}

fn module(draft: &mut Draft) {
    draft.identity("id");
    line!(draft, "status: Active\ncreatedUtc: {}\nversions:", draft.random.timestamp());
    let before = (0..draft.number).rev().take_while(|other| !is_there(*other, "module"));
    for number in before.filter(|other| is_there(*other, "module-version")) {
        line!(draft, "  - version: {}\n    id: {}", version(number), id(number));
    }
    if draft.text.ends_with("versions:\n") {
        // A module without published versions.
        draft.text.truncate(draft.text.len() - 1);
        line!(draft, " []");
    }
}

fn module_version(draft: &mut Draft) {
    draft.identity("id");
    line!(draft, "module: {}\nversion: {}", id(module_of(draft.number)), version(draft.number));
    line!(draft, "status: Active\nsnapshot_id: {}", draft.random.uuid());
    line!(draft, "createdUtc: {}", draft.random.timestamp());
    let (inputs, outputs) = ports(draft.number);
    line!(draft, "inputs:");
    for (name, is_optional) in inputs {
        line!(draft, "  {name}:\n    type: parquet\n    optional: {is_optional}");
    }
    line!(draft, "outputs:");
    for name in outputs {
        line!(draft, "  {name}:\n    type: parquet");
    }
    line!(draft, "params:");
    for name in parameters_of(draft.number) {
        let value = draft.random.fraction();
        line!(draft, "  - name: {name}\n    type: float\n    default: {value}\n    constraints: {{min: 0, max: 1}}");
    }
}

fn pipeline(draft: &mut Draft) {
    line!(draft, "name: {}\nstage: draft", name(draft.number));
    draft.description();
    line!(draft, "parameters:");
    let mut parameters = parameters_of_pipeline(draft.number);
    for name in &parameters {
        let default = draft.random.fraction();
        line!(draft, "  - name: {name}\n    type: float\n    default: {default}\n    min: 0\n    max: 1");
    }
    line!(draft, "data:\n  source:");
    draft.datapath("    ");
    draft.comment();
    line!(draft, "steps:");
    let names = steps_of(draft.number);
    let mut source = "data.source".to_owned();
    for step in &names {
        let module = draft.some("module-version");
        line!(draft, "  {step}:\n    moduleName: {}@{}", name(module_of(module)), version(module));
        line!(draft, "    computeName: cpu-{}\n    inputs:", draft.random.pick(&[4, 8, 16]));
        let (inputs, outputs) = ports(module);
        for (index, (input, is_optional)) in inputs.iter().enumerate() {
            if index == 0 {
                line!(draft, "      {input}:\n        from: {source}");
            } else if !is_optional {
                line!(draft, "      {input}: {{from: {source}}}");
            }
        }
        line!(draft, "    outputs:");
        for output in &outputs {
            line!(draft, "      {output}: {{type: parquet}}");
        }
        source = format!("{step}.{}", outputs[0]);
        line!(draft, "    parameters:");
        let mut names_of_module = parameters_of(module).into_iter();
        for (name, passed) in names_of_module.by_ref().zip(parameters.drain(..)) {
            line!(draft, "      {name}: ${{{passed}}}");
        }
        let more = draft.random.between(1, 3) as usize;
        for name in names_of_module.take(more) {
            line!(draft, "      {name}: {}", draft.random.fraction());
        }
    }
    line!(draft, "pipeline: [{}]", names.join(", "));
}

fn source(draft: &mut Draft, indent: &str, name: &str) {
    let (word, version) = (draft.random.word(), draft.random.version());
    line!(draft, "{indent}{name}:\n{indent}  data_store: lake\n{indent}  bucket: credit-default");
    line!(draft, "{indent}  path: {word}/{version}");
}

fn model(draft: &mut Draft) {
    let identifier = name(draft.number);
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

/// Writes the request of the record with a number: that of the document itself, or of another that it belongs to.
fn request(draft: &mut Draft, number: u64) {
    line!(draft, "requestInfo:\n  requestId: {}", id(number));
    line!(draft, "  requestTimestamp: {}", request_time(number));
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
    line!(draft, "applicationInfo:\n  applicationId: credit-portal");
    line!(draft, "  applicationEndpoint: https://example.com/score");
    request(draft, draft.number);
    line!(draft, "modelInfo:\n  models: [credit-default/{}]", draft.random.version());
    line!(draft, "resultInfo:\n  resultCode: 200\n  resultSizeInBytes: {}", draft.random.below(9000));
    inputs(draft);
    line!(draft, "prediction: {}", draft.random.fraction());
}

fn inference_request(draft: &mut Draft) {
    request(draft, draft.number);
    inputs(draft);
}

fn inference_prediction(draft: &mut Draft) {
    request(draft, some(draft.number, "inference-log", |_| true));
    line!(draft, "applicationId: credit-portal\nmodelId: credit-default/{}\ninputFeatures:", draft.random.version());
    let names: Vec<String> = (0..draft.random.between(10, 20)).map(|number| draft.random.name(number)).collect();
    for name in &names {
        line!(draft, "  {name}: \"{}\"", draft.random.below(5000));
    }
    line!(draft, "prediction: {}\npredictionExplanation:", draft.random.fraction());
    for name in &names {
        line!(draft, "  {name}: {}", draft.random.fraction());
    }
    line!(draft, "predictionFeedback: {}\nisFinal: true", draft.random.fraction());
}

fn objectives(draft: &mut Draft) {
    draft.identity("id");
    // The model to roll back to is another one.
    let [model, before] = [0, 1].map(|rest| name(some(draft.number, "model", |number| number % 2 == rest)));
    line!(draft, "status: Active\nmodel: {model}\nowner: credit-risk\nlanguage: mlspec-objectives/1");
    line!(draft, "datasets:\n  holdback:\n    dataset: {}\n    stage: test", draft.dataset(Purpose::Test).0);
    line!(draft, "  live:\n    stage: monitoring\nmetrics:\n  latency: {{unit: ms, range: [0, 60000], better: lower}}");
    let count = draft.random.between(4, 12);
    for number in 0..count {
        line!(draft, "  auc_{number}: {{unit: fraction, range: [0, 1], better: higher}}");
    }
    line!(draft, "dimensions:\n  region: {{values: [north, south, east, west]}}\nobjectives:");
    for number in 0..count {
        let (sentence, bound) = (draft.random.sentence(), draft.random.fraction());
        line!(draft, "  - id: objective-{number}\n    why: {sentence}\n    severity: required");
        line!(draft, "    expect: auc_{number} >= {bound} on holdback");
    }
    line!(draft, "  - id: latency\n    why: {}\n    severity: advisory", draft.random.sentence());
    line!(draft, "    expect: latency <= {}ms on live", draft.random.between(20, 2000));
    line!(draft, "tests:\n  - name: blocks a weak model\n    given: fixtures/weak.yml\n    gate: fail");
    line!(draft, "    fails: [objective-0]\nrollback:\n  to: {before}");
}

fn measured(draft: &mut Draft, purpose: Purpose) {
    draft.identity("id");
    line!(draft, "model: {}", name(draft.some("model")));
    let (dataset, digest) = draft.dataset(purpose);
    line!(draft, "dataset: {dataset}\ndatasetDigest: {digest}");
    // A test is made by another run than an evaluation.
    let run = some(draft.number, "run", |number| number % 2 == purpose as u64 % 2);
    line!(draft, "run: {}", id(run));
    // After every run, those included that it names.
    line!(draft, "performedOn: {}", draft.random.timestamp().replacen("2026", "2027", 1));
    draft.metrics(10, 24);
}

fn evaluation(draft: &mut Draft) {
    measured(draft, Purpose::Evaluation);
}

fn test(draft: &mut Draft) {
    measured(draft, Purpose::Test);
}
