//! The governance report in a real browser: no message, no request, nothing that axe-core objects to, nothing that needs a wider window.
//!
//! Skipped, with a message, without Chromium or if `npm ci --prefix tests/node` has not been run; with `MLSPEC_LINT_REQUIRE_BROWSER` set, as
//! where `.ci/run` could install it, that is a failure.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use assert_fs::TempDir;
use serde_json::{Value, json};

use crate::lineage::{example, run};
use crate::report::{many, page, report};
use crate::support::candidate;

/// Returns Chromium. `CHROMIUM` names another one.
pub fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].map(PathBuf::from);
    named.into_iter().chain(places).find(|path| path.is_file())
}

/// Opens a page in the browser, and returns what was found there; `None` if there is no browser.
fn look(html: &str) -> Option<Value> {
    let node = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/node");
    let has_node = Command::new("node").arg("--version").output().is_ok_and(|output| output.status.success());
    let is_installed = ["puppeteer-core", "axe-core"].iter().all(|name| node.join("node_modules").join(name).is_dir());
    let chromium = match (chromium(), has_node && is_installed) {
        (Some(chromium), true) => chromium,
        (chromium, _) => {
            let lacks = if chromium.is_none() { "chromium" } else { "what `npm ci --prefix tests/node` installs" };
            assert!(std::env::var_os("MLSPEC_LINT_REQUIRE_BROWSER").is_none(), "{lacks} is not installed");
            eprintln!("skipped: {lacks} is not installed");
            return None;
        }
    };
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("report.html");
    fs::write(&file, html).unwrap();
    let output = Command::new("node").arg(node.join("report-page.js")).arg(&file).arg(chromium).output().unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(output.status.success(), "{out}{err}");
    Some(serde_json::from_str(&out).unwrap())
}

fn assert_usable(found: &Value, what: &str) {
    for list in ["messages", "requests", "overflows", "violations"] {
        assert_eq!(found[list], json!([]), "{what}: {list}: {:#}", found[list]);
    }
    let keyboard = &found["keyboard"];
    assert_eq!(
        (&keyboard["first"]["text"], &keyboard["hash"]),
        (&json!("Skip to the summary"), &json!("#summary")),
        "{what}"
    );
    assert_eq!((&keyboard["unseen"], &keyboard["reached"]), (&json!([]), &keyboard["all"]), "{what}: {keyboard:#}");
}

#[test]
fn the_report_of_an_example_is_usable_by_everybody() {
    let Some(found) = look(&page(&example(), &["."])) else { return };
    eprintln!("looked with {}", found["browser"]);
    assert_usable(&found, "the example");
}

#[test]
fn findings_can_be_filtered_without_a_script() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/broken");
    let Some(found) = look(&page(&folder, &["."])) else { return };
    assert_usable(&found, "the broken example");
    let summary = &report(&folder, &["."])["summary"];
    let of = |name: &str| summary[name].as_u64().unwrap();
    // Errors are hidden first, then warnings, then infos.
    assert_eq!(found["keyboard"]["shown"], json!([of("warnings") + of("infos"), of("infos"), 0]));
    assert!(of("warnings") > 0 && of("infos") > 0, "{summary}");
}

#[test]
fn a_report_of_models_in_all_states_is_usable_by_everybody() {
    let folder = many(14);
    let Some(found) = look(&page(folder.path(), &[".", "--as-of", "2026-06-01"])) else { return };
    assert_usable(&found, "14 models");
}

#[test]
fn a_comparison_is_usable_by_everybody() {
    let runs = ["compare", "production-2026-05", "test-2026-08-24", "fit-2026-08-20", "--format", "html"];
    let (html, err, code) = run(&example(), &runs);
    assert_eq!((code, err.as_str()), (0, ""));
    let Some(found) = look(&html) else { return };
    for list in ["messages", "requests", "overflows", "violations"] {
        assert_eq!(found[list], json!([]), "{list}: {:#}", found[list]);
    }
    let keyboard = &found["keyboard"];
    assert_eq!(
        (&keyboard["first"]["text"], &keyboard["hash"]),
        (&json!("Skip to the comparison"), &json!("#comparison"))
    );
    assert_eq!((&keyboard["unseen"], &keyboard["reached"]), (&json!([]), &keyboard["all"]), "{keyboard:#}");
}

#[test]
fn nothing_in_a_document_becomes_an_element() {
    let folder = candidate::folder();
    let plain = page(folder.path(), &["."]);
    let hostile = "\"</title></style></svg></p><script>alert(1)</script><img src=x onerror=alert(1)><a href=javascript:alert(1)>\"";
    candidate::replace(folder.path(), "objectives.yml", "name: churn-launch", &format!("name: {hostile}"));
    candidate::replace(folder.path(), "objectives.yml", "why: both plans are sold", &format!("why: {hostile}"));
    candidate::replace(folder.path(), "test.yml", "name: churn-test", &format!("name: {hostile}"));
    let (Some(before), Some(found)) = (look(&plain), look(&page(folder.path(), &["."]))) else { return };
    assert_usable(&found, "hostile names");
    // Without the name that others refer to, a part of the report may be missing; nothing may be added.
    let [found, before] = [&found, &before].map(|page| page["elements"].as_array().unwrap());
    let added: Vec<_> = found.iter().filter(|element| !before.contains(element)).collect();
    assert!(added.is_empty() && found.len() > 20, "{added:?}");
}
