//! Answers of the playground: JSON in, JSON out. The tests of the main package read this file, too, and compare it with the command line.
//!
//! | `do` | takes | returns |
//! |---|---|---|
//! | `check` | `files`, each with `name` and `text` | `report` as of `check --format json`, `fixed` texts by name, the `graph` of pipelines as SVG |
//! | `change` | `name`, `before`, `text` | `report` as of `check --against` |
//! | `data` | `name`, `text` of a table, `schema` | `report` as of `check --schema` |
//! | `gate` | `files`, that of the objectives first | `verdict` as of `gate --format json`; or, if there is none, why: `refused`, and a `report` if it has errors |
//! | `explain` | `rule` | its page as `markdown` |
//! | `rules` | | all `rules` with the examples of their pages, as requests |
//! | `examples` | | complete requests of both kinds, each with a `title` |
//! | `mask` | `text` | `text` with its credentials masked |
//!
//! What cannot be answered is an `error`.

use mlspec_lint::analysis::{
    Analysis, Examined, FileReport, Options, Report, TableFindings, conclude, examine, fix_all, lint_change, masked,
    members, refuses, table_report,
};
use mlspec_lint::data::check::{CheckOptions, DataReport, PreparedSchema, check as check_table};
use mlspec_lint::data::read::TableFormat;
use mlspec_lint::data::sorted::spill_to_memory;
use mlspec_lint::diagnostics::{Applicability, Finding};
use mlspec_lint::documents::{Document, Kind};
use mlspec_lint::graph::{self, Drawing, Graph};
use mlspec_lint::objectives::admission::Terms;
use mlspec_lint::objectives::gate::{Gate, GateFile, Request, sha256};
use mlspec_lint::objectives::gate_inputs::{ChosenDocument, GateChoice, UnseenEvidence, choose, kinds_of};
use mlspec_lint::objectives::verdict::{GateMode, InputRole};
use mlspec_lint::report::{self, Format, Style, gate as gate_reports};
use mlspec_lint::rules::page::{Example, examples, markdown, summary};
use mlspec_lint::rules::{self, Rule, bases};
use mlspec_lint::workspace::Member;
use serde_json::{Value, json};

/// Answers a request.
pub fn answer(request: &[u8]) -> String {
    let answer = serde_json::from_slice(request).map_err(|error| format!("the request is not JSON: {error}"));
    answer.and_then(|request| answer_to(&request)).unwrap_or_else(|error| json!({ "error": error })).to_string()
}

fn answer_to(request: &Value) -> Result<Value, String> {
    match text(request, "do")? {
        "check" => check(&files(request)?),
        "change" => change(text(request, "name")?, text(request, "before")?, text(request, "text")?),
        "data" => data(text(request, "name")?, text(request, "text")?, text(request, "schema")?),
        "gate" => gate(&files(request)?),
        "explain" => explain(text(request, "rule")?),
        "rules" => Ok(json!({"rules": rules::all().iter().map(|rule| entry(rule)).collect::<Value>()})),
        "examples" => Ok(json!({"examples": complete_examples()})),
        "mask" => Ok(json!({"text": masked("document.yml", text(request, "text")?, &Options::default())})),
        other => Err(format!("'{other}' cannot be done")),
    }
}

fn text<'r>(request: &'r Value, key: &str) -> Result<&'r str, String> {
    request.get(key).and_then(Value::as_str).ok_or_else(|| format!("'{key}' is not a text"))
}

fn files(request: &Value) -> Result<Vec<(&str, &str)>, String> {
    let files = request.get("files").and_then(Value::as_array).ok_or("'files' is not a list")?;
    files.iter().map(|file| Ok((text(file, "name")?, text(file, "text")?))).collect()
}

/// Returns a report in the words of the command line.
fn json_report(files: Vec<FileReport>) -> Result<Value, String> {
    let mut report = Report::default();
    files.iter().for_each(|file| report.summary.add(file));
    report.files = files;
    let mut json = Vec::new();
    let written = report::write(Format::Json, &report, Style::default(), &mut json);
    written.map_err(|error| error.to_string())?;
    serde_json::from_slice(&json).map_err(|error| error.to_string())
}

fn check(files: &[(&str, &str)]) -> Result<Value, String> {
    let options = Options::default();
    let examine_all = || -> Vec<Examined> { files.iter().map(|(name, text)| examine(name, *text, &options)).collect() };
    let examined = examine_all();
    let reports = conclude(&examined, &[], &options);
    let graph = drawn(&examined, &reports);
    let report = json_report(reports)?;
    let texts = |level| -> Value {
        let fixed = fix_all(examine_all(), &[], &options, level).into_iter().filter(|fixed| fixed.applied > 0);
        fixed.map(|fixed| (fixed.report.source.name().to_owned(), Value::from(fixed.text))).collect()
    };
    Ok(json!({
        "report": report,
        "fixed": {"safe": texts(Applicability::Safe), "unsafe": texts(Applicability::Unsafe)},
        "graph": graph,
    }))
}

/// Returns a drawing of all pipelines, with what is wrong in them.
fn drawn(examined: &[Examined], reports: &[FileReport]) -> Option<String> {
    let mut drawing = Drawing::default();
    let mut names = Vec::new();
    let pipelines = examined.iter().flat_map(Examined::members).filter_map(|member| match member.typed()? {
        Document::Pipeline(pipeline) => Some((member, pipeline)),
        _ => None,
    });
    let pipelines: Vec<_> = pipelines.collect();
    for (at, (member, pipeline)) in pipelines.iter().enumerate() {
        let report = reports.iter().find(|report| report.source.name() == member.file());
        let findings = report.map_or(&[][..], |report| &report.findings);
        let own: Vec<&Finding> = findings.iter().filter(|finding| finding.place.document == member.position).collect();
        let name = pipeline.name.get().map_or_else(|| format!("pipeline {}", at + 1), |name| (**name).to_owned());
        let title = (pipelines.len() > 1).then_some(name.as_str());
        drawing.add(&Graph::of(pipeline, &member.tree), &member.tree, title, &own);
        names.push(name);
    }
    drawing.name = names.join(", ");
    (!names.is_empty()).then(|| graph::svg(&drawing))
}

fn change(name: &str, before: &str, text: &str) -> Result<Value, String> {
    Ok(json!({"report": json_report(vec![lint_change(name, "before", before, text, &Options::default())])?}))
}

fn data(name: &str, table: &str, schema: &str) -> Result<Value, String> {
    let found = members("schema.yml", schema, &Options::default());
    let member = found.iter().find(|member| member.kind == Kind::DataSchema).ok_or("there is no data schema")?;
    let Some(Document::DataSchema(typed)) = member.typed() else { return Err("the schema cannot be read".to_owned()) };
    let prepared = PreparedSchema::new(typed, &member.tree, None);
    let options = CheckOptions {
        schema: Some(&prepared),
        no_schema: None,
        references: &[],
        also: &[],
        new_spill: &spill_to_memory,
    };
    let format = if name.ends_with(".tsv") { TableFormat::Tsv } else { TableFormat::Csv };
    let checked = check_table(name, format, table.as_bytes(), options).map_err(|error| error.to_string())?;
    let rows = checked.statistics.rows + checked.unread;
    let DataReport { source, findings, unlisted, secrets, .. } = checked;
    let found = TableFindings { source, findings, unlisted, secrets, rows };
    Ok(json!({"report": json_report(vec![table_report(found, &Options::default())])?}))
}

/// Judges by the objectives of the first file. All files are one workspace, in which what was measured is found as on the command line.
fn gate(files: &[(&str, &str)]) -> Result<Value, String> {
    let options = Options { claimed: true, suppressions: false, ..Options::default() };
    let examined = files.iter().map(|(name, text)| examine(name, *text, &options)).collect();
    let mut analysis = Analysis::new(examined, &[], options);
    let only_errors = |report: &FileReport| {
        let errors: Vec<Finding> = report.findings.iter().filter(|finding| refuses(finding)).cloned().collect();
        let report = FileReport::new(report.source.clone(), report.documents.clone(), errors);
        (!report.findings.is_empty()).then_some(report)
    };
    let refused: Vec<FileReport> = analysis.reports().filter_map(only_errors).collect();
    if !refused.is_empty() {
        return Ok(json!({"refused": "there are errors; nothing was judged", "report": json_report(refused)?}));
    }
    Ok(verdict(&analysis, files.first().map_or("", |(name, _)| name)).unwrap_or_else(|why| json!({ "refused": why })))
}

fn verdict(analysis: &Analysis<'_>, objectives: &str) -> Result<Value, String> {
    let of_objectives = analysis.examined(objectives).ok_or("there are no objectives")?;
    let wanted = |member: &&Member| kinds_of(InputRole::Objectives).contains(&member.kind);
    let named: Vec<&Member> = of_objectives.members().iter().filter(wanted).collect();
    let mut files = vec![gate_file(InputRole::Objectives, of_objectives, named.clone())];
    let own = named.first().and_then(|member| analysis.index().id_of(member)).ok_or("there are no objectives")?;
    let choice = GateChoice { unseen: Some(UnseenEvidence::default()), ..GateChoice::default() };
    let chosen = choose(analysis.index(), own, &[], &choice).map_err(|error| error.to_string())?;
    for ChosenDocument { role, document } in &chosen {
        let Some(examined) = analysis.examined(document.file()) else { continue };
        let members = examined.members().iter().filter(|member| member.position == document.position);
        match files.iter_mut().find(|file| file.role == *role && file.path == document.file()) {
            Some(file) => file.members.extend(members),
            None => files.push(gate_file(*role, examined, members.collect())),
        }
    }
    let terms = Terms { subject: Vec::new(), is_digest_required: false, may_override_baseline: false };
    let gate = Gate::open(&files, &terms).map_err(|error| error.to_string())?;
    let request = Request { as_of: None, max_age: None, mode: GateMode::Enforce, terms };
    let verdict = gate.verdict(&request).map_err(|error| error.to_string())?;
    let mut json = Vec::new();
    gate_reports::json(&verdict, &mut json).map_err(|error| error.to_string())?;
    Ok(json!({"verdict": serde_json::from_slice::<Value>(&json).map_err(|error| error.to_string())?}))
}

fn gate_file<'a>(role: InputRole, examined: &Examined, members: Vec<&'a Member>) -> GateFile<'a> {
    let source = examined.source();
    GateFile { role, path: source.name().to_owned(), sha256: sha256(source.text().as_bytes()), members, log: None }
}

/// Returns examples of the repository as requests: documents with something to find, and candidates before the gate.
fn complete_examples() -> Vec<Value> {
    macro_rules! file {
        ($path:literal) => {
            include_str!(concat!("../../../examples/", $path))
        };
    }
    let run = file!("documents/run.yml").replace("value: 0.", "value: '0.");
    let check = |title: &str, text: &str| json!({"title": title, "do": "check", "files": [{"name": "document.yml", "text": text}]});
    let beside = [
        file!("gate/production.run.yml"),
        file!("gate/data/calls-holdback.dataset.yml"),
        file!("gate/data/calls-validation.dataset.yml"),
    ];
    let gate = |title: &str, own: [&str; 2]| {
        let evidence = own.iter().chain(&beside).map(|text| without_modeline(text)).collect::<Vec<_>>().join("---\n");
        let objectives = without_modeline(file!("gate/objectives.yml"));
        let files = json!([{"name": "objectives.yml", "text": objectives}, {"name": "evidence.yml", "text": evidence}]);
        json!({"title": title, "do": "gate", "files": files})
    };
    vec![
        check("A run", without_modeline(&run)),
        check("A pipeline", without_modeline(file!("documents/pipeline.yml"))),
        gate(
            "A candidate that fails callers of one language",
            [
                file!("gate/candidates/fails-one-language/test.yml"),
                file!("gate/candidates/fails-one-language/evaluation.yml"),
            ],
        ),
        gate(
            "A candidate that meets all objectives",
            [file!("gate/candidates/meets-all/test.yml"), file!("gate/candidates/meets-all/evaluation.yml")],
        ),
    ]
}

/// The schemas that editors are told of are not here.
fn without_modeline(text: &str) -> &str {
    let Some(rest) = text.strip_prefix("# yaml-language-server:") else { return text };
    rest.split_once('\n').map_or(rest, |(_, rest)| rest)
}

fn explain(id: &str) -> Result<Value, String> {
    let rule = rules::by_id(id).ok_or_else(|| format!("there is no rule '{id}'"))?;
    Ok(json!({"markdown": markdown(rule)}))
}

fn entry(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "severity": rule.severity.name(),
        "summary": summary(rule),
        "fails": requests(rule, "Fails"),
        "passes": requests(rule, "Passes"),
    })
}

/// Returns the examples under a heading of a rule's page, each as the request that shows it.
pub fn requests(rule: &Rule, heading: &str) -> Vec<Value> {
    let mut schema = None;
    let request = |Example { language, text, before, .. }: Example| match (language.as_str(), before) {
        ("yaml", Some(before)) => Some(json!({"do": "change", "name": "example.yml", "before": before, "text": text})),
        ("yaml", None) if rule.family() == rules::data::FAMILY => {
            schema = Some(text);
            None
        }
        ("yaml", None) => Some(json!({"do": "check", "files": [{"name": "example.yml", "text": text}]})),
        ("csv", _) => {
            let schema = schema.take().or_else(|| bases::complete("kind: data-schema\n", "credit-schema"));
            Some(json!({"do": "data", "name": "example.csv", "text": text, "schema": schema}))
        }
        _ => None,
    };
    examples(rule, heading).into_iter().filter_map(request).collect()
}
