//! Probes and scrape configurations say what the documents say, and what no document says is left out.

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_fs::TempDir;

use crate::lineage::run;

const MONITORING: &str = "mlSpecVersion: 0.2.0\nkind: monitoring\nid: 2b7d5e0f-9a4c-4f16-8c3b-6d1e8a5f7c12\nname: live\nmodel: credit_default\n\
    endpoints: {base: \"https://credit.contoso.com/v2/\", ok: /ok, varz: /varz, metrics: /metrics}\n\
    signals:\n  - {id: up, kind: liveness, endpoint: varz, every: 1 minute, action: page}\n  - {id: often, kind: liveness, endpoint: ok, every: 10 seconds, action: page}\n";
const MODEL: &str = "mlSpecVersion: 0.1.0\nkind: model\nname: credit_default\nserve: {serving_container_image: {container_image_url: x, container_port: 8080}}\n";

fn folder(monitoring: &str, model: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("live.yml"), monitoring).unwrap();
    if !model.is_empty() {
        fs::write(folder.path().join("model.yml"), model).unwrap();
    }
    folder
}

fn generate(folder: &Path, format: &str) -> (String, String, i32) {
    run(folder, &["generate", "probes", "--isolated", "--format", format])
}

#[test]
fn kubernetes_asks_what_is_to_be_watched() {
    let expected = "# From live.yml: what Kubernetes asks the container that serves the model\napiVersion: apps/v1\nkind: Deployment\n\
        metadata:\n  name: credit-default\nspec:\n  template:\n    spec:\n      containers:\n        - name: credit-default\n\
        \x20         livenessProbe:\n            httpGet:\n              path: \"/ok\"\n              port: 8080\n            periodSeconds: 10\n\
        \x20         readinessProbe:\n            httpGet:\n              path: \"/ok\"\n              port: 8080\n";
    assert_eq!(generate(folder(MONITORING, MODEL).path(), "kubernetes"), (expected.to_owned(), String::new(), 0));
    // The port of the specification, where a serving image names none.
    let (out, _, code) =
        generate(folder(MONITORING, &MODEL.replace(", container_port: 8080", "")).path(), "kubernetes");
    assert_eq!((out.matches("port: 5000").count(), code), (2, 0));
}

#[test]
fn prometheus_scrapes_the_metrics() {
    let expected = "scrape_configs:\n  # From live.yml\n  - job_name: \"live\"\n    scheme: https\n    metrics_path: \"/v2/metrics\"\n    \
        static_configs:\n      - targets: [\"credit.contoso.com\"]\n        labels:\n          model: \"credit_default\"\n";
    assert_eq!(generate(folder(MONITORING, MODEL).path(), "prometheus"), (expected.to_owned(), String::new(), 0));
}

#[test]
fn what_no_document_says_is_left_out_and_named() {
    let without = |text: &str| MONITORING.replace(text, "");
    for (monitoring, model, format, why) in [
        (MONITORING.to_owned(), "", "kubernetes", "live: the port of the container"),
        (MONITORING.to_owned(), &*MODEL.replace("8080", "http"), "kubernetes", "live: the port of the container"),
        (
            without("ok: /ok, varz: /varz, ").replace("kind: liveness", "kind: software"),
            MODEL,
            "kubernetes",
            "live: the endpoint that says whether the service is well",
        ),
        (
            MONITORING.replace("credit_default", "äöü"),
            &*MODEL.replace("credit_default", "äöü"),
            "kubernetes",
            "no letter",
        ),
        (
            without("varz: /varz, "),
            MODEL,
            "kubernetes",
            "live: the path of the endpoint by which it is watched whether it lives",
        ),
        (without(", metrics: /metrics"), MODEL, "prometheus", "live: the endpoint that tells its metrics"),
        (without("base: \"https://credit.contoso.com/v2/\", "), MODEL, "prometheus", "live: where it is"),
        (
            MONITORING.replace("https://credit", "https://me:Xc9Vb4Nm1Kj6@credit"),
            MODEL,
            "prometheus",
            "live: where it is",
        ),
    ] {
        let (out, err, code) = generate(folder(&monitoring, model).path(), format);
        assert_eq!((out.as_str(), code), ("", 1), "{err}");
        assert!(err.contains(why), "{err}");
        assert!(!err.contains("Xc9Vb4Nm1Kj6"), "{err}");
    }
    let (_, err, code) = run(folder("", MODEL).path(), &["generate", "probes", "--isolated"]);
    assert_eq!((code, err.contains("there is no document of kind monitoring")), (2, true), "{err}");
}

/// What stands in a document ends no quotes and begins no line.
#[test]
fn nothing_in_a_document_becomes_configuration() {
    let hostile =
        MONITORING.replace("/ok,", "\"/ok\\\"}\\n- {x: 1\",").replace("name: live", "name: \"a: [\\\"\\nb: 1\"");
    for format in ["kubernetes", "prometheus"] {
        let (out, _, _) = generate(folder(&hostile, MODEL).path(), format);
        let lines = out.lines().filter(|line| line.starts_with("b:") || line.trim_start().starts_with("- {"));
        assert_eq!(lines.count(), 0, "{out}");
    }
}

#[test]
fn the_output_replaces_no_document() {
    let folder = folder(MONITORING, MODEL);
    let (_, _, code) = run(folder.path(), &["generate", "probes", "--isolated", "-o", "live.yml"]);
    assert_eq!((code, fs::read_to_string(folder.path().join("live.yml")).unwrap()), (2, MONITORING.to_owned()));
    let (out, _, code) = run(folder.path(), &["generate", "probes", "--isolated", "-o", "patch.yml"]);
    assert_eq!((out.as_str(), code), ("", 0));
    assert!(fs::read_to_string(folder.path().join("patch.yml")).unwrap().contains("livenessProbe"));
}

/// A manifest that does what the documents say.
const DEPLOYED: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: scoring}\nspec:\n  template:\n    spec:\n      containers:\n\
    \x20       - name: credit-default\n          image: registry.contoso.com/credit:2\n          ports: [{name: http, containerPort: 8080}]\n\
    \x20         livenessProbe:\n            periodSeconds: 5\n            httpGet:\n              path: /ok\n              port: http\n\
    \x20         readinessProbe: {httpGet: {path: /ok, port: 8080}}\n        - {name: proxy, image: envoy}\n";

const SCRAPED: &str = "global: {scrape_interval: 30s}\nscrape_configs:\n  - job_name: other\n    static_configs: [{targets: [localhost:9090]}]\n\
    \x20 - job_name: credit\n    scheme: https\n    metrics_path: /v2/metrics\n    static_configs: [{targets: [a.contoso.com, credit.contoso.com]}]\n";

fn compare(manifest: &str, format: &str) -> (String, String, i32) {
    let folder = folder(MONITORING, MODEL);
    fs::write(folder.path().join("deploy.yaml"), manifest).unwrap();
    let arguments = ["generate", "probes", "--isolated", "--format", format, "--check", "deploy.yaml"];
    run(folder.path(), &arguments)
}

#[test]
fn a_manifest_that_does_what_the_documents_say_has_no_differences() {
    let agreed = "Compared 1 watched model with 1 manifest: no differences\n".to_owned();
    for (manifest, format) in [(DEPLOYED.to_owned(), "kubernetes"), (SCRAPED.to_owned(), "prometheus")] {
        assert_eq!(compare(&manifest, format), (agreed.clone(), String::new(), 0));
    }
    // What is generated agrees with itself.
    for format in ["kubernetes", "prometheus"] {
        let (written, _, _) = generate(folder(MONITORING, MODEL).path(), format);
        assert_eq!(compare(&written, format), (agreed.clone(), String::new(), 0), "{written}");
    }
    // An address is the same in other letters, and with its usual port.
    for target in ["CREDIT.contoso.com", "credit.contoso.com:443"] {
        let same =
            SCRAPED.replace("credit.contoso.com]", &format!("{target}]")).replace("scheme: https", "scheme: HTTPS");
        assert_eq!(compare(&same, "prometheus"), (agreed.clone(), String::new(), 0));
    }
    // A container may be called otherwise, if it has the image of the model; and what runs it may be of any kind.
    let other = DEPLOYED.replace("credit-default", "main").replace("registry.contoso.com/credit:2", "x");
    let other = other.replace("Deployment", "StatefulSet");
    assert_eq!(compare(&other, "kubernetes").2, 0);
}

#[test]
fn each_difference_of_a_manifest_is_told_at_its_place() {
    let deployed = |from: &str, to: &str| {
        assert!(DEPLOYED.contains(from), "{from}");
        (DEPLOYED.replacen(from, to, 1), "kubernetes")
    };
    let scraped = |from: &str, to: &str| {
        assert!(SCRAPED.contains(from), "{from}");
        (SCRAPED.replacen(from, to, 1), "prometheus")
    };
    let absent = "live: no container of the manifests is called 'credit-default' or has the image of the model";
    for ((manifest, format), expected) in [
        (deployed("path: /ok", "path: /health"), "deploy.yaml:14:21: livenessProbe asks /health; 'live' asks /ok"),
        (
            deployed("port: http", "port: 9090"),
            "deploy.yaml:15:21: livenessProbe asks port 9090; the model listens on 8080",
        ),
        (
            deployed("port: http", "port: web"),
            "deploy.yaml:15:21: livenessProbe asks port web; the model listens on 8080",
        ),
        (
            deployed("containerPort: 8080", "containerPort: 80"),
            "deploy.yaml:15:21: livenessProbe asks port http; the model listens on 8080",
        ),
        (
            deployed("periodSeconds: 5", "periodSeconds: 60"),
            "deploy.yaml:12:28: livenessProbe asks every 60 s; 'live' asks every 10 s",
        ),
        (
            deployed("livenessProbe", "startupProbe"),
            "deploy.yaml:8:11: the container has no livenessProbe; 'live' asks /ok",
        ),
        (
            deployed("{httpGet: {path: /ok, port: 8080}}", "{tcpSocket: {port: 8080}}"),
            "deploy.yaml:16:27: readinessProbe does not ask by httpGet; 'live' asks /ok",
        ),
        (deployed("credit-default", "scorer"), absent),
        (
            scraped("metrics_path: /v2/metrics", "honor_labels: true"),
            "deploy.yaml:5:5: metrics_path is /metrics; 'live' says /v2/metrics",
        ),
        (scraped("/v2/metrics", "/metrics"), "deploy.yaml:7:19: metrics_path is /metrics; 'live' says /v2/metrics"),
        (scraped("scheme: https", "scheme: http"), "deploy.yaml:6:13: scheme is http; 'live' says https"),
        (
            scraped("credit.contoso.com", "b.contoso.com"),
            "live: no scrape configuration has the target credit.contoso.com in 'static_configs'",
        ),
    ] {
        let expected = format!("{expected}\nCompared 1 watched model with 1 manifest: 1 difference\n");
        assert_eq!(compare(&manifest, format), (expected, String::new(), 1), "{manifest}");
    }
}

#[test]
fn a_manifest_that_cannot_be_read_is_no_manifest_that_agrees() {
    for (manifest, why) in [
        ("containers: [{name: {{ .Values.name }}\n", "deploy.yaml:"),
        ("a: 1\na: 2\n", "deploy.yaml:2:1: this is not valid YAML: a key is given twice"),
        ("a: *b\n", "there is no anchor 'b'"),
    ] {
        let (out, err, code) = compare(manifest, "kubernetes");
        assert_eq!((out.as_str(), code), ("", 2), "{err}");
        assert!(err.contains(why) && err.contains("helm template"), "{err}");
    }
    // Nothing to compare is no agreement.
    for (manifest, format, what) in [
        ("", "kubernetes", "containers"),
        (SCRAPED, "kubernetes", "containers"),
        (DEPLOYED, "prometheus", "scrape_configs"),
        ("below: {scrape_configs: [{job_name: a}]}\n", "prometheus", "scrape_configs"),
    ] {
        let (out, _, code) = compare(manifest, format);
        assert!(
            code == 1 && out.starts_with(&format!("deploy.yaml has no '{what}', and nothing in it was compared")),
            "{out}"
        );
    }
    let unknown = folder(MONITORING, "");
    fs::write(unknown.path().join("deploy.yaml"), DEPLOYED).unwrap();
    let (out, _, code) = run(unknown.path(), &["generate", "probes", "--isolated", "--check", "deploy.yaml"]);
    assert!(out.contains("live: no document says the port of the container"), "{out}");
    assert_eq!(code, 1);
    let (_, err, code) = run(unknown.path(), &["generate", "probes", "--isolated", "--check", "absent.yaml"]);
    assert_eq!(code, 2, "{err}");
}

/// Runs a program of the platform. `None`, with a message, where it is not installed; `MLSPEC_LINT_REQUIRE_PROMTOOL` makes that a failure.
fn platform(program: &str, arguments: &[&str], folder: &Path) -> Option<(String, bool)> {
    match Command::new(program).args(arguments).current_dir(folder).output() {
        Ok(output) => {
            let said =
                [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
            Some((said, output.status.success()))
        }
        Err(_) => {
            let is_required = program == "promtool" && std::env::var_os("MLSPEC_LINT_REQUIRE_PROMTOOL").is_some();
            assert!(!is_required, "{program} is not installed");
            eprintln!("skipped: {program} is not installed");
            None
        }
    }
}

#[test]
fn prometheus_reads_the_scrape_configuration() {
    let folder = folder(MONITORING, MODEL);
    let (written, _, _) = generate(folder.path(), "prometheus");
    fs::write(folder.path().join("scrape.yml"), written).unwrap();
    let arguments = ["check", "config", "--syntax-only", "scrape.yml"];
    let Some((said, is_success)) = platform("promtool", &arguments, folder.path()) else { return };
    assert!(is_success && said.contains("SUCCESS"), "{said}");
    // It does not say so of everything.
    fs::write(folder.path().join("scrape.yml"), "scrape_configs: [{job_name: a, metrics_paths: /x}]\n").unwrap();
    let Some((said, is_success)) = platform("promtool", &arguments, folder.path()) else { return };
    assert!(!is_success, "{said}");
}

#[test]
fn kubernetes_takes_the_patch() {
    let folder = folder(MONITORING, MODEL);
    let (patch, _, _) = generate(folder.path(), "kubernetes");
    fs::write(folder.path().join("probes.yml"), patch).unwrap();
    let bare = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: credit-default}\nspec: {template: {spec: {containers: \
        [{name: credit-default, image: x}, {name: proxy, image: envoy}]}}}\n";
    fs::write(folder.path().join("bare.yml"), bare).unwrap();
    let arguments = ["patch", "--local", "-f", "bare.yml", "--patch-file", "probes.yml", "-o", "yaml"];
    let Some((patched, is_success)) = platform("kubectl", &arguments, folder.path()) else { return };
    assert!(is_success, "{patched}");
    assert!(patched.contains("image: envoy"), "{patched}");
    assert_eq!(compare(&patched, "kubernetes").2, 0, "{patched}");
}
