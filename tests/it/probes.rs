//! Probes and scrape configurations say what the documents say, and what no document says is left out.

use std::fs;
use std::path::Path;

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
            without("ok: /ok, varz: /varz, "),
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
