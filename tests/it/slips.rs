//! One slip of a writer is one finding, or none where the pages say that it means nothing.

use mlspec_lint::analysis::{Options, lint_text};
use mlspec_lint::documents::Kind;

/// Returns the findings of a text, as `severity rule: message`.
fn found(text: &str) -> Vec<String> {
    let report = lint_text("a.yml", text, &Options::default());
    let said = |finding: &mlspec_lint::diagnostics::Finding| {
        format!("{:?} {}: {}", finding.severity, finding.rule.id, finding.message)
    };
    report.findings.iter().map(said).collect()
}

/// Returns the rules of the findings of a text.
fn rules(text: &str) -> Vec<&'static str> {
    let report = lint_text("a.yml", text, &Options::default());
    report.findings.iter().map(|finding| finding.rule.id).collect()
}

fn example(kind: Kind) -> String {
    let path = format!("{}/examples/documents/{kind}.yml", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// Changes an example.
fn changed(kind: Kind, from: &str, to: &str) -> String {
    let text = example(kind);
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

const ID: &str = "id: 592f0c1c-72ae-4236-9202-7e6aff195402\n";

#[test]
fn kind_is_understood_in_every_case_style() {
    let log = "mlSpecVersion: 0.1.0\nKIND: inference-log\nrequestId: r-1\nrequestTimestamp: 2026-06-01T09:00:00Z\n\
               applicationId: a\nmodelId: m/1\n";
    for key in ["Kind", "KIND", "_kind"] {
        assert_eq!(rules(&log.replace("KIND", key)), ["document/field-spelling"], "{key}");
    }
    let run = format!(
        "mlSpecVersion: 0.1.0\nKind: pipeline-run\n{ID}name: r\npipeline: p\nmetrics: [{{key: a, value: 0.5}}]\n"
    );
    assert_eq!(rules(&run), ["document/field-spelling"]);
    let unknown = found("mlSpecVersion: 0.1.0\nKind: inference-lgo\n");
    assert_eq!(unknown, ["Error document/unknown-kind: 'inference-lgo' is not a kind of MLSpec document"]);
    // Other tools have kinds, too.
    assert_eq!(rules("apiVersion: v1\nKind: test\nmetadata: {name: a}\n"), [""; 0]);
}

#[test]
fn a_run_of_a_pipeline_is_told_from_a_run_and_from_a_pipeline() {
    let kind_of = |text: &str| {
        let report = lint_text("a.yml", text, &Options::default());
        report.documents.into_iter().next().flatten()
    };
    let without_kind = example(Kind::PipelineRun).replace("kind: pipeline-run\n", "");
    assert_eq!(kind_of(&without_kind), Some(Kind::PipelineRun));
    let head = format!("mlSpecVersion: 0.0.1\n{ID}name: r\n");
    for (rest, kind) in [
        ("pipeline: p\nsteps: {a: {status: completed}}\nparameters: {x: 1}\n", Kind::PipelineRun),
        ("pipeline: p\nsubmittedDate: 2026-06-01T09:00:00Z\nparameters: {x: 1}\n", Kind::PipelineRun),
        ("pipeline: p\nsubmittedDate: 2026-06-01T09:00:00Z\nmetrics: [{key: a, value: 1}]\n", Kind::Run),
        ("pipeline: p\nsteps: {a: {run: r}}\n", Kind::PipelineRun),
        ("pipeline: [a]\nsteps: {a: {cmd: x}}\n", Kind::Pipeline),
        ("pipeline: a\nsteps: {a: {moduleName: x, deps: [{path: a}]}}\n", Kind::Pipeline),
        ("steps: {a: {cmd: x}}\nparameters: [{name: b}]\n", Kind::Pipeline),
        ("submittedDate: 2026-06-01T09:00:00Z\nmetrics: [{key: a, value: 1}]\nhyperparameters: []\n", Kind::Run),
        ("experiment_id: e\nmetrics: [{key: a, value: 1}]\n", Kind::Run),
    ] {
        assert_eq!(kind_of(&format!("{head}{rest}")), Some(kind), "{rest}");
    }
}

#[test]
fn a_path_that_is_empty_is_no_folder() {
    let pipeline = "mlSpecVersion: 0.1.0\nkind: pipeline\nname: p\nsteps:\n  a: {cmd: x, outs: [{path: a.bin}]}\n  \
                    b: {cmd: y, deps: [{path: a.bin}], OUT}\n";
    for (out, rules_of) in [
        ("outs: [{path: ''}]", &["document/missing-required"][..]),
        ("outs: [{path: '  '}]", &["document/missing-required"]),
        ("deps: [{path: ''}]", &["document/missing-required"]),
        ("outputs: {m: {path: ''}}", &["document/empty-string"]),
        ("outs: [{path: b.bin}]", &[]),
    ] {
        let text = match out.starts_with("deps") {
            true => pipeline.replace("deps: [{path: a.bin}], OUT", out),
            false => pipeline.replace("OUT", out),
        };
        assert_eq!(rules(&text), rules_of, "{out}");
    }
    let example = changed(Kind::Pipeline, "path: reports/metrics.json", "path: \"\"");
    assert_eq!(rules(&example), ["document/missing-required"]);
}

#[test]
fn an_optional_field_that_is_null_is_absent() {
    let without = |kind: Kind, field: &str, value: &str| {
        let null = found(&changed(kind, value, field));
        let absent = found(&changed(kind, value, ""));
        assert_eq!(null, absent, "{kind} {field}");
        null
    };
    let rollback = without(Kind::Objectives, "rollback: ~\n", "rollback:\n  to: card-production-2026-04\n");
    assert!(rollback.iter().any(|one| one.contains("lifecycle/no-rollback")), "{rollback:?}");
    without(Kind::Objectives, "    fails: ~\n", "    fails: [recall-floor, no-step-back]\n");
    without(Kind::Run, "status: ~\n", "status: completed\n");
    without(
        Kind::Pipeline,
        "pipeline: ~\n",
        "pipeline: [prepare, profile, train, report] # an order that no edge contradicts\n",
    );
    without(Kind::Dataset, "state: ~ ", "state: Active ");
    // A name for nothing is one finding.
    let text = changed(Kind::Objectives, "definitions:\n", "definitions:\n  zz: ~\n");
    let of_definition: Vec<String> = found(&text).into_iter().filter(|one| !one.contains("missing-file")).collect();
    assert_eq!(of_definition, ["Error document/missing-required: required field 'zz' has no value"]);
}

#[test]
fn keys_of_the_user_are_skipped_in_maps_of_names() {
    for (kind, map) in [
        (Kind::Pipeline, "steps:\n"),
        (Kind::Pipeline, "    inputs:\n"),
        (Kind::Pipeline, "    outputs:\n"),
        (Kind::Pipeline, "    parameters:\n"),
        (Kind::PipelineRun, "steps: # by the names that the pipeline gives them\n"),
        (Kind::Objectives, "datasets: # the names that expressions use\n"),
        (Kind::Objectives, "metrics: # the outputs of the model and their units\n"),
        (Kind::Objectives, "dimensions:\n"),
        (Kind::Objectives, "definitions:\n"),
    ] {
        let text = example(kind);
        let (before, _) = text.split_once(map).unwrap_or_else(|| panic!("{kind} {map}"));
        let indent = " ".repeat(map.len() - map.trim_start().len() + 2);
        for value in ["7", "{a: 1}", "[b]", "recall >= 1"] {
            let own = format!("{indent}x-note: {value}\n");
            let at = before.len() + map.len();
            let changed = format!("{}{own}{}", &text[..at], &text[at..]);
            assert_eq!(found(&changed), found(&text), "{kind} {map}{own}");
        }
    }
    let data =
        changed(Kind::Pipeline, "  clients: card-clients@1.1.0\n", "  clients: card-clients@1.1.0\n  x-old: 7\n");
    assert_eq!(found(&data), found(&example(Kind::Pipeline)));
    let slice = "kind: run\nmlSpecVersion: 0.1.0\nid: 592f0c1c-72ae-4236-9202-7e6aff195402\nname: r\nexperiment_id: e\n\
                 metrics: [{key: a, value: 1, slice: {sex: female, x-note: [1]}}]\n";
    assert_eq!(found(slice), [""; 0]);
}

#[test]
fn fields_make_an_object() {
    let text = changed(Kind::Objectives, "    type: object\n", "");
    assert_eq!(found(&text), found(&example(Kind::Objectives)));
    // One that says otherwise is told so where its fields are used, and no fix writes what is there.
    let text = changed(Kind::Objectives, "    type: object\n", "    type: scalar\n");
    let report = lint_text("a.yml", &text, &Options::default());
    let about = report.findings.iter().filter(|finding| finding.rule.id == "expression/unknown-field");
    assert!(about.clone().count() > 0 && about.clone().all(|finding| finding.fixes.is_empty()));
}

#[test]
fn one_faulty_definition_is_not_told_again_at_each_use() {
    let is_of_this = |one: &String| !one.contains("reference/missing-file");
    for (kind, from, to, rule) in [
        (Kind::Objectives, "\ndatasets:", "\ndatsets:", "document/unknown-field"),
        (Kind::Objectives, "\ndefinitions:", "\ndefinitons:", "document/unknown-field"),
        (Kind::Objectives, "\nbaseline:", "\nbasline:", "document/unknown-field"),
        (Kind::Objectives, "type: array", "type: list", "document/not-allowed-value"),
        (Kind::Objectives, "unit: fraction", "unit: \"\"", "document/empty-string"),
        (Kind::Pipeline, "\nsteps:", "\nstpes:", "document/unknown-field"),
        (Kind::Pipeline, "\ndata:", "\ndta:", "document/unknown-field"),
        (Kind::Pipeline, "- name: seed", "- name: 7", "document/wrong-type"),
        (Kind::Pipeline, "cmd: python src/profile.py", "cmd: \"\"", "document/missing-required"),
        (Kind::Model, "\ncontainer_stores:", "\ncontainer_store:", "document/unknown-field"),
        (Kind::InferencePrediction, "\nmodelId:", "\nmodelIdd:", "document/unknown-field"),
        (Kind::InferencePrediction, "\nrequestId:", "\nreqestId:", "document/unknown-field"),
        (Kind::InferenceLog, "  applicationId:", "  aplicationId:", "document/unknown-field"),
    ] {
        let said: Vec<String> = found(&changed(kind, from, to)).into_iter().filter(is_of_this).collect();
        assert!(said.len() == 1 && said[0].contains(rule), "{kind} {to}: {said:#?}");
    }
    // What is missing is told, where no key can mean it.
    let said = found(&changed(Kind::InferencePrediction, "\nmodelId:", "\nx-model:"));
    assert!(said.iter().any(|one| one.contains("inference/missing-attribute")), "{said:?}");
}

#[test]
fn values_are_what_the_pages_say() {
    let model = |own: &str| format!("kind: model\nmlSpecVersion: 0.1.0\n{own}\n");
    let serve = |port: &str| {
        model(&format!(
            "name: m\nmodel_identifier: m\nframework: {{name: onnx}}\nserve: {{servable: false, serving_container_image: {{container_port: {port}}}}}"
        ))
    };
    for port in ["0", "-1", "99999", "abc", "'70000'", "'-1'"] {
        assert!(
            found(&serve(port)).iter().any(|one| one.starts_with("Error document/")),
            "{port}: {:?}",
            found(&serve(port))
        );
    }
    for port in ["1", "65535", "'5000'", "'${PORT}'"] {
        assert_eq!(found(&serve(port)), found(&serve("8080")), "{port}");
    }
    for (kind, from, to) in [
        (Kind::Objectives, "    values: [female, male]", "    values: [female, female]"),
        (Kind::Objectives, "    values: [female, male]", "    values: [{}, male]"),
        (Kind::Objectives, "\ndefinitions:", "\ncombinations: [{}]\ndefinitions:"),
        (Kind::Objectives, "\ndefinitions:", "\ncombinations: [{sex: [female]}]\ndefinitions:"),
        (Kind::Objectives, "\ndefinitions:", "\ncombinations: [{sex: {b: 1}}]\ndefinitions:"),
        (Kind::Objectives, "    stage: monitoring\n", "    stage: monitoring\n    max_age: 0d\n"),
        (Kind::Objectives, "    stage: monitoring\n", "    stage: monitoring\n    max_age: 00 days\n"),
    ] {
        let said = found(&changed(kind, from, to));
        let errors: Vec<_> = said.iter().filter(|one| one.starts_with("Error document/")).collect();
        assert_eq!(errors.len(), 1, "{to}: {said:#?}");
    }
    let metadata = |params: &str| {
        found(&format!("kind: metadata\nmlSpecVersion: 0.1.0\nmodel: {{name: m}}\ntraining_params: {params}\n"))
    };
    for params in ["[{a: 1, b: 2}]", "[{}]", "[{a: 1}, {b: 1, c: 2}]"] {
        let said = metadata(params);
        assert!(
            said.len() == 1 && said[0].contains("an item of this list is one key with its value"),
            "{params}: {said:?}"
        );
    }
    assert_eq!(metadata("[{a: 1}, {b: ~}]"), [""; 0]);
    let metric = |step: &str| {
        found(&format!(
            "kind: run\nmlSpecVersion: 0.1.0\n{ID}name: r\nexperiment_id: e\nmetrics: [{{key: a, value: 1, step: {step}}}]\n"
        ))
    };
    assert_eq!(metric("-1"), ["Error document/not-allowed-value: step -1 is below 0"]);
    assert_eq!(metric("0"), [""; 0]);
}
