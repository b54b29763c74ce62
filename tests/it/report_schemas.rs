//! The output as SARIF, JUnit XML and JSON is valid under the published schemas of these formats.
//!
//! The schemas are not ours to copy, so they come from packages, and a test is skipped, with a message, if those are not installed:
//!
//! ```text
//! cargo fetch --locked --manifest-path tests/schemas/Cargo.toml    # the schemas of SARIF and JUnit
//! npm ci --prefix tests/node                                       # a validator of XML
//! ```
//!
//! With `MLSPEC_LINT_REQUIRE_SCHEMAS` set, as in CI, none of these is skipped. No package has the schemas of OpenLineage: their test runs
//! where `MLSPEC_LINT_OPENLINEAGE` is the folder `spec` of a clone of that project.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use mlspec_lint::analysis::{FileReport, Report, Summary};
use mlspec_lint::diagnostics::{Finding, Fix, Part, Place, Related, Severity};
use mlspec_lint::report::{self, Format, Style};
use mlspec_lint::text::Edit;
use mlspec_lint::text::{Source, Span};
use serde_json::Value;

use crate::support::gate;

#[test]
fn sarif_is_valid() {
    let Some(schema) = package("serde-sarif").map(|package| package.join("src/schema.json")) else { return };
    let mut schema = json(&std::fs::read_to_string(schema).unwrap());
    // The published pattern ends with a stray bracket, which not all engines accept; our output does not have this property.
    for definition in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][definition]["properties"]["language"];
        language.as_object_mut().unwrap().remove("pattern").unwrap();
    }
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    for (name, report) in reports() {
        let log = json(&output(Format::Sarif, &report));
        let errors: Vec<_> =
            validator.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
    // Checks that the schema rejects anything at all.
    assert!(!validator.is_valid(&serde_json::json!({"version": "2.1.0", "runs": [{"tool": {}}]})));
}

#[test]
fn junit_is_valid_for_jenkins_and_ant() {
    let Some(package) = package("junit-report") else { return };
    let Some(node) = installed_node() else { return };
    for schema in ["JUnit.xsd", "JUnit-alternative.xsd"] {
        let schema = package.join("tests").join(schema);
        for (name, report) in reports() {
            let xml = output(Format::Junit, &report);
            validate_xml(&node, &schema, &xml).unwrap_or_else(|errors| panic!("{name}: {errors}\n{xml}"));
        }
        for (name, xml) in verdicts() {
            validate_xml(&node, &schema, &xml).unwrap_or_else(|errors| panic!("{name}: {errors}\n{xml}"));
        }
        assert!(validate_xml(&node, &schema, "<testsuites><testsuite/></testsuites>").is_err());
    }
}

#[test]
fn events_are_valid_for_openlineage() {
    let Some(folder) = std::env::var_os("MLSPEC_LINT_OPENLINEAGE").map(PathBuf::from) else {
        let _ = writeln!(std::io::stderr(), "skipped: MLSPEC_LINT_OPENLINEAGE is not the folder of its schemas");
        return;
    };
    let schema = |path: &str| json(&std::fs::read_to_string(folder.join(path)).unwrap());
    let facet = |name: &str| schema(&format!("facets/{name}.json"));
    let all = [schema("OpenLineage.json"), facet("ParentRunFacet"), facet("DatasetVersionDatasetFacet")];
    let id = |schema: &Value| schema["$id"].as_str().unwrap().to_owned();
    let registry = jsonschema::Registry::new();
    let registry = all.iter().fold(registry, |registry, schema| registry.add(id(schema), schema).unwrap());
    let registry = registry.prepare().unwrap();
    let validator = |schema: &Value, definition: &str| {
        let whole = serde_json::json!({"$ref": format!("{}#/$defs/{definition}", id(schema))});
        jsonschema::options().with_registry(&registry).should_validate_formats(true).build(&whole).unwrap()
    };
    let [event, parent, version] = &all;
    let event = validator(event, "RunEvent");
    let (parent, version) = (validator(parent, "ParentRunFacet"), validator(version, "DatasetVersionDatasetFacet"));
    let mut count = 0;
    for (example, subject) in
        [("credit-default", "credit-default"), ("parcels", "delivery-time"), ("parcels", "trips-train")]
    {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(example);
        let (out, err, code) = crate::lineage::run(&folder, &["lineage", subject, "--format", "openlineage"]);
        assert_eq!((code, err.as_str()), (0, ""));
        for line in out.lines() {
            let own = json(line);
            let facets =
                |name: &'static str| own[name].as_array().unwrap().iter().map(|data| &data["facets"]["version"]);
            let versions = facets("inputs").chain(facets("outputs"));
            let parts = versions.map(|own| (&version, own)).chain([(&parent, &own["run"]["facets"]["parent"])]);
            for (validator, part) in parts.filter(|(_, part)| !part.is_null()).chain([(&event, &own)]) {
                let errors: Vec<String> =
                    validator.iter_errors(part).map(|error| format!("{}: {error}", error.instance_path())).collect();
                assert!(errors.is_empty(), "{errors:#?}\n{part:#}");
                count += 1;
            }
        }
    }
    assert!(count > 15, "{count}");
    // Checks that the schema rejects anything at all.
    assert!(!event.is_valid(&serde_json::json!({"eventTime": "yesterday"})));
}

#[test]
fn json_is_valid_under_its_own_schema() {
    let validator = jsonschema::validator_for(&report::json_schema()).unwrap();
    for (name, report) in reports() {
        let document = json(&output(Format::Json, &report));
        let errors: Vec<_> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
}

#[test]
fn formats_for_programs_show_no_text_of_the_document() {
    for (name, report) in reports() {
        for format in [Format::Json, Format::Jsonl, Format::Sarif, Format::Github, Format::Gitlab, Format::Junit] {
            assert!(!output(format, &report).contains("hunter2"), "{name} as {format:?}");
        }
    }
}

/// Returns reports that contain everything a format has to express, and difficult characters.
fn reports() -> Vec<(&'static str, Report)> {
    let text = "\u{feff}name: Ünïcode 日本\r\npassword: hunter2\r\nsteps:\r\n  a: 1\r\n";
    let everything: Vec<_> = mlspec_lint::rules::all().iter().flat_map(|rule| [rich(rule), plain(rule)]).collect();
    let hostile = plain(mlspec_lint::rules::all()[0]);
    let hostile = Finding { message: "<&\"'>]]>\u{0}\u{1b}[31m\u{202e}\u{fffe}\n::error::%".into(), ..hostile };
    vec![
        ("nothing", Report::default()),
        ("clean", report(vec![file("a b/ü:#%.yml", text, vec![]), file("/tmp/b.yml", "", vec![])])),
        ("every rule", report(vec![file("a.yml", text, everything), file("other.yml", "x: 1\n", vec![])])),
        ("hostile", report(vec![file("<a>\u{1b}&\"\n.yml", text, vec![hostile]), file(" ", "", vec![])])),
    ]
}

/// Returns verdicts of the gate as JUnit XML.
fn verdicts() -> Vec<(&'static str, String)> {
    let policy = |id: &str| {
        format!(
            "kind: objectives\nid: o\nname: o\nobjectives:\n- {{id: {id}, expect: a >= 1}}\n- {{id: b, expect: a >= 3}}\n\
             - {{id: c, expect: missing >= 1}}\n- {{id: d, expect: a >= 3, severity: advisory}}\n"
        )
    };
    let candidate = "kind: test\nid: t\nname: t\nmetrics:\n- {key: a, value: 2}\n";
    let ids = [("every verdict", "a"), ("hostile", r#""<&'>]]>\0\e[31m\u202E\n::error::%""#), ("blank", "' '")];
    let written = |(name, id): (&'static str, &str)| {
        let verdict = gate::verdict(&policy(id), &[(gate::As::Candidate, candidate)]);
        let mut out = Vec::new();
        report::gate::junit(&verdict, &mut out).unwrap();
        (name, String::from_utf8(out).unwrap())
    };
    ids.into_iter().map(written).collect()
}

fn rich(rule: &'static mlspec_lint::rules::Rule) -> Finding {
    let place = Place { document: 1, pointer: "/steps/a~1b/ü".into(), part: Part::Key, span: Span::new(9, 20) };
    let mut finding =
        Finding::new(rule, place, "something is wrong").help("mend it\nsoon").related(Span::new(0, 900), "here");
    let other = |path: &str| Related { path: Some(path.into()), span: Span::new(0, 1), message: "there".into() };
    finding.related.extend([other("other.yml"), other("not/checked.yml")]);
    let edits =
        vec![Edit { span: Span::empty(9), text: "x".into() }, Edit { span: Span::new(10, 900), text: String::new() }];
    finding.fix(Fix::safe("replace it", edits)).fix(Fix::needs_review("do nothing", vec![]))
}

fn plain(rule: &'static mlspec_lint::rules::Rule) -> Finding {
    let place = Place { document: 0, pointer: String::new(), part: Part::Value, span: Span::new(900, 2) };
    Finding::new(rule, place, "at the end").severity(Severity::Info)
}

fn file(name: &str, text: &str, findings: Vec<Finding>) -> FileReport {
    let at = text.find("hunter2").unwrap_or(0);
    let secrets = vec![Span::from_usize(at, at + 7)];
    FileReport { secrets, ..FileReport::new(Arc::new(Source::new(name, text)), vec![None], findings) }
}

fn report(files: Vec<FileReport>) -> Report {
    Report { summary: Summary { files: files.len(), ..Summary::default() }, files, ..Report::default() }
}

fn output(format: Format, report: &Report) -> String {
    let mut out = Vec::new();
    report::write(format, report, Style::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Returns the folder of a package of `tests/schemas/Cargo.toml`.
fn package(name: &str) -> Option<PathBuf> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas/Cargo.toml");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--format-version=1", "--offline", "--locked", "--manifest-path"];
    let metadata = Command::new(cargo).args(arguments).arg(manifest).output().unwrap();
    if !metadata.status.success() {
        return missing("cargo fetch --locked --manifest-path tests/schemas/Cargo.toml");
    }
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let package = metadata["packages"].as_array().unwrap().iter().find(|package| package["name"] == name).unwrap();
    Path::new(package["manifest_path"].as_str().unwrap()).parent().map(Path::to_owned)
}

/// Returns the folder of `tests/node`, if its packages are installed.
fn installed_node() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/node");
    let installed = folder.join("node_modules/xmllint-wasm").is_dir();
    if installed { Some(folder) } else { missing("npm ci --prefix tests/node") }
}

fn missing<T>(install: &str) -> Option<T> {
    assert!(std::env::var_os("MLSPEC_LINT_REQUIRE_SCHEMAS").is_none(), "not installed: {install}");
    // Bypasses the test harness, which would swallow the message.
    let _ = writeln!(std::io::stderr(), "skipped: to run this test, install what it needs: {install}");
    None
}

fn validate_xml(node: &Path, schema: &Path, xml: &str) -> Result<(), String> {
    let mut command = Command::new("node");
    command.arg(node.join("validate-xml.js")).arg(schema);
    let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(xml.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    if done.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&done.stderr).into_owned()) }
}
