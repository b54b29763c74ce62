//! Compares `mlspec-lint check` with two JSON Schema validators, both with the published schemas, on the same documents.
//!
//! ```text
//! npm ci --prefix benches/node
//! cargo bench --features jemalloc --bench compare [-- ROUNDS]
//! ```
//!
//! All choices favor the validators. They are given the kind of each document, and check nothing but its schema. ajv reads YAML 1.1, in
//! which a timestamp is not a string, so it gets the documents as JSON; it stops at the first fault of a document and prints none.
//! sourcemeta's native program is started without its wrapper. Documents that are not YAML, at which both would abort, are omitted.

#[path = "support/generate.rs"]
mod generate;
#[path = "support/measure.rs"]
mod measure;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use generate::{Fault, Generated};
use measure::{Contestant, ratio, rounds, table};

const COUNT: u64 = 10_000;
const OURS: &str = env!("CARGO_BIN_EXE_mlspec-lint");

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test` runs benchmarks without this flag, to check that they compile.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    let Some(tools) = Tools::installed() else {
        eprintln!("skipped: run `npm ci --prefix benches/node`");
        return;
    };
    let count = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(7);
    let place = Place::filled(&tools);
    let all: Vec<&'static str> = place.kinds.iter().copied().collect();
    compare("all kinds; the validators are started once for each", &tools, &place, &all, count);
    compare("runs only; every program is started once", &tools, &place, &["run"], count);
}

fn compare(title: &str, tools: &Tools, place: &Place, kinds: &[&'static str], count: usize) {
    let folder = if let [only] = kinds { place.yaml.join(only) } else { place.yaml.clone() };
    let check = |name, threads| Contestant::new(name, &check(&folder, threads, "concise"));
    let contestants = [
        check("mlspec-lint check", "2"),
        check("mlspec-lint check, 1 thread", "1"),
        Contestant { name: "ajv-cli, JSON".to_owned(), commands: tools.ajv(place, kinds) },
        Contestant { name: "sourcemeta, every fault".to_owned(), commands: tools.sourcemeta(place, kinds, &[]) },
        Contestant { name: "sourcemeta --fast".to_owned(), commands: tools.sourcemeta(place, kinds, &["--fast"]) },
    ];
    let faulty = place.faulty.iter().filter(|document| kinds.contains(&document.kind)).count();
    let found = [
        faulty_of_ours(&folder),
        contestants[2].commands.iter().map(|command| faulty_of_ajv(&output(command))).sum(),
        contestants[3].commands.iter().map(|command| faulty_of_sourcemeta(&output(command))).sum(),
        contestants[4].commands.iter().map(|command| faulty_of_sourcemeta(&output(command))).sum(),
    ];
    assert_eq!(found, [faulty; 4], "all find the same documents faulty");
    println!("{title}; {faulty} faulty; {count} rounds; multiples of mlspec-lint: median (least … most)");
    let costs = rounds(&contestants, count);
    print!("{}", table(&contestants, &costs));
    let fastest = (2..contestants.len())
        .map(|index| (ratio(&costs[index], &costs[0], |cost| cost.wall).0, &contestants[index].name))
        .min_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((times, name)) = fastest {
        println!("the fastest validator is {name}: mlspec-lint is {times:.2} times as fast\n");
    }
}

/// The documents, in a folder for each kind.
struct Place {
    _folder: tempfile::TempDir,
    yaml: PathBuf,
    json: PathBuf,
    schemas: PathBuf,
    kinds: BTreeSet<&'static str>,
    faulty: Vec<Generated>,
}

impl Place {
    fn filled(tools: &Tools) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let [yaml, json, schemas] = ["yaml", "json", "schemas"].map(|name| folder.path().join(name));
        let mut place = Self { _folder: folder, yaml, json, schemas, kinds: BTreeSet::new(), faulty: Vec::new() };
        let is_readable = |fault| !matches!(fault, Some(Fault::Syntax | Fault::DuplicateKey));
        for document in (0..COUNT).map(generate::document).filter(|document| is_readable(document.fault)) {
            let path = place.yaml.join(&document.path);
            fs::create_dir_all(path.parent().unwrap_or(&place.yaml)).expect("the folder can be written to");
            fs::write(path, &document.text).expect("the folder can be written to");
            place.kinds.insert(document.kind);
            place.faulty.extend(document.fault.is_some().then_some(document));
        }
        let to_json = tools.folder.join("to-json.js");
        output(&["node".to_owned(), shown(&to_json), shown(&place.yaml), shown(&place.json)]);
        output(&[OURS.to_owned(), "schema".to_owned(), "--out".to_owned(), shown(&place.schemas)]);
        place
    }

    fn schema(&self, kind: &str) -> String {
        shown(&self.schemas.join(format!("{kind}.schema.json")))
    }
}

/// The tools that `npm ci --prefix benches/node` installs.
struct Tools {
    folder: PathBuf,
    ajv: PathBuf,
    sourcemeta: PathBuf,
}

impl Tools {
    fn installed() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/node");
        let system = if cfg!(target_os = "macos") { "darwin" } else { "linux" };
        let processor = if cfg!(target_arch = "aarch64") { "arm64" } else { "x86_64" };
        let native =
            format!("node_modules/@sourcemeta/jsonschema/build/github-releases/jsonschema-{system}-{processor}");
        let tools =
            Self { ajv: folder.join("node_modules/ajv-cli/dist/index.js"), sourcemeta: folder.join(native), folder };
        (tools.ajv.is_file() && tools.sourcemeta.is_file()).then_some(tools)
    }

    fn ajv(&self, place: &Place, kinds: &[&str]) -> Vec<Vec<String>> {
        let options = ["validate", "--spec=draft2020", "--strict=false", "--errors=no"].map(str::to_owned);
        let command = |kind: &&str| {
            let mut command = vec!["node".to_owned(), shown(&self.ajv)];
            command.extend(options.clone());
            // It takes a pattern, because ten thousand names are too many for a command line.
            command.extend(["-s".to_owned(), place.schema(kind), "-d".to_owned()]);
            command.push(format!("{}/*.json", shown(&place.json.join(kind))));
            command
        };
        kinds.iter().map(command).collect()
    }

    fn sourcemeta(&self, place: &Place, kinds: &[&str], options: &[&str]) -> Vec<Vec<String>> {
        let command = |kind: &&str| {
            let mut command = vec![shown(&self.sourcemeta), "validate".to_owned(), place.schema(kind)];
            command.extend([shown(&place.yaml.join(kind)), "--extension".to_owned(), ".yml".to_owned()]);
            command.push("--continue".to_owned());
            command.extend(options.iter().map(|&option| option.to_owned()));
            command
        };
        kinds.iter().map(command).collect()
    }
}

fn shown(path: &Path) -> String {
    path.to_str().expect("the path is UTF-8").to_owned()
}

fn check<'a>(folder: &'a Path, threads: &'a str, format: &'a str) -> [&'a str; 8] {
    let folder = folder.to_str().expect("the path is UTF-8");
    [OURS, "check", "--isolated", "--threads", threads, "--format", format, folder]
}

fn output(command: &[String]) -> Output {
    Command::new(&command[0]).args(&command[1..]).output().unwrap_or_else(|error| panic!("{}: {error}", command[0]))
}

fn faulty_of_ours(folder: &Path) -> usize {
    let command = check(folder, "2", "json").map(str::to_owned);
    let report: serde_json::Value = serde_json::from_slice(&output(&command).stdout).expect("the report is JSON");
    let findings = report["findings"].as_array().expect("the report has findings");
    // A schema cannot detect that the last documents refer to some that would come after them.
    let in_document = |finding: &&serde_json::Value| finding["rule"] != "reference/unresolved-object";
    findings.iter().filter(in_document).map(|finding| finding["path"].as_str()).collect::<BTreeSet<_>>().len()
}

/// Counts the faulty files in the output of ajv, which names each file with its verdict.
fn faulty_of_ajv(output: &Output) -> usize {
    String::from_utf8_lossy(&output.stderr).lines().filter(|line| line.ends_with(".json invalid")).count()
}

/// Counts the faulty files in the output of sourcemeta. It ends with `120 validated, 113 passed, 7 failed`, without the last part if all
/// passed.
fn faulty_of_sourcemeta(output: &Output) -> usize {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    let text = String::from_utf8_lossy(&text);
    let summary = text.lines().rfind(|line| line.contains(" validated, ")).unwrap_or_else(|| panic!("{text}"));
    let failed = summary.split(", ").find_map(|part| part.strip_suffix(" failed")?.parse().ok());
    failed.unwrap_or(0)
}
