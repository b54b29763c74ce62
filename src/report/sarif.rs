//! SARIF 2.1.0, for code scanning.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>, and the subset that GitHub supports:
//! <https://docs.github.com/code-security/reference/code-scanning/sarif-support-for-code-scanning>

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::json::{Sequence, write_pretty};
use super::{Region, Sources, with_fingerprints};
use crate::analysis::{Base, FileReport, Report};
use crate::diagnostics::{Finding, Fingerprint, Fix, Part, RuleMeta, Severity};
use crate::rules;
use crate::rules::page::{self, Page};
use crate::text::Edit;
use crate::text::Source;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The folder that relative paths start from. To GitHub, this name means the root of the repository.
const ROOT: &str = "%SRCROOT%";

/// The root of the repository in the revision that was compared with.
const REVISION: &str = "%REVISION%";

#[derive(Serialize)]
struct Log<Results> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<Results>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<Results> {
    tool: Value,
    column_kind: &'static str,
    original_uri_base_ids: Value,
    results: Results,
}

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    // Only the rules that occur: the pages of all rules would be most of the file.
    let mut rules: BTreeMap<&str, (usize, &RuleMeta)> =
        report.findings().map(|(_, finding)| (finding.rule.id, (0, finding.rule))).collect();
    rules.values_mut().enumerate().for_each(|(index, entry)| entry.0 = index);
    let sources = Sources::of(report);
    let results = with_fingerprints(report).map(|(file, finding, fingerprint)| {
        let index = rules.get(finding.rule.id).map_or(0, |(index, _)| *index);
        result(file, finding, fingerprint, index, &sources, &report.base)
    });
    let run = Run {
        tool: json!({"driver": {
            "name": env!("CARGO_PKG_NAME"),
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "informationUri": crate::HOMEPAGE,
            "rules": rules.values().map(|(_, rule)| descriptor(rule)).collect::<Vec<_>>(),
        }}),
        column_kind: "unicodeCodePoints",
        original_uri_base_ids: base_ids(&report.base),
        results: Sequence::new(results),
    };
    write_pretty(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] }, out)
}

/// Describes what relative paths start from.
fn base_ids(base: &Base) -> Value {
    let described = |text: String| json!({"description": {"text": text}});
    let mut ids =
        json!({ROOT: described("The root of the repository, or the folder in which mlspec-lint ran.".to_owned())});
    if let Some(revision) = base.revision() {
        ids[REVISION] =
            described(format!("The root of the repository in the revision {revision}, which was compared with."));
    }
    ids
}

fn descriptor(rule: &RuleMeta) -> Value {
    let Page { summary, body } = page::page(rule);
    let why = body.split("## ").next().unwrap_or_default();
    let markdown = rules::by_id(rule.id).map_or_else(|| body.clone(), page::markdown);
    json!({
        "id": rule.id,
        "name": pascal_case(rule.name()),
        "shortDescription": {"text": summary},
        "fullDescription": {"text": format!("{summary}\n\n{why}").trim_end()},
        "helpUri": rule.url(),
        "help": {"text": markdown, "markdown": markdown},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {"tags": ["mlspec", rule.family()], "problem.severity": problem_severity(rule.severity)},
    })
}

/// Converts `name-characters` to `NameCharacters`, the form of rule names in SARIF (section 3.49.7).
fn pascal_case(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    };
    name.split('-').map(word).collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// Returns the severity by which GitHub sorts and filters.
fn problem_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "recommendation",
    }
}

fn result(
    file: &FileReport,
    finding: &Finding,
    fingerprint: &Fingerprint,
    index: usize,
    sources: &Sources<'_>,
    base: &Base,
) -> Value {
    let source = &*file.source;
    let place = &finding.place;
    let help = finding.help.iter().map(|help| format!("\n{help}")).collect::<String>();
    // A file that is no longer there has no lines.
    let region = (!file.is_absent).then(|| Region::new(source, place.span));
    let mut location = physical(artifact(&base.path(source.name())), region);
    if !place.pointer.is_empty() {
        let kind = if place.part == Part::Key { "property" } else { "value" };
        location["logicalLocations"] = json!([{"fullyQualifiedName": place.pointer, "kind": kind}]);
    }
    let mut result = json!({
        "ruleId": finding.rule.id,
        "ruleIndex": index,
        "level": level(finding.severity),
        "message": {"text": format!("{}{help}", finding.message)},
        "locations": [location],
    });
    let related = finding.related.iter().enumerate().map(|(id, related)| {
        let (path, region) = sources.locate(source, related);
        let mut location = match base.in_revision(path) {
            Some((_, path)) => physical(json!({"uri": percent_encode(path), "uriBaseId": REVISION}), region),
            None => physical(artifact(&base.path(path)), region),
        };
        location["id"] = json!(id + 1);
        location["message"] = json!({"text": related.message});
        location
    });
    let related: Vec<_> = related.collect();
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    result["partialFingerprints"] = json!({"mlspecLint/v1": fingerprint.as_str()});
    let fixes: Vec<_> =
        finding.fixes.iter().filter(|fix| !fix.edits.is_empty()).map(|fix| change(source, fix, base)).collect();
    if !fixes.is_empty() {
        result["fixes"] = fixes.into();
    }
    result
}

fn physical(artifact: Value, region: Option<Region>) -> Value {
    let mut location = json!({"artifactLocation": artifact});
    if let Some(region) = region {
        location["region"] = json_region(region);
    }
    json!({"physicalLocation": location})
}

fn json_region(region: Region) -> Value {
    let Region { span, start, end, offset } = region;
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "byteOffset": offset,
        "byteLength": span.len(),
    })
}

fn change(source: &Source, fix: &Fix, base: &Base) -> Value {
    let replacement = |edit: &Edit| {
        let region = Region::new(source, edit.span);
        json!({"deletedRegion": json_region(region), "insertedContent": {"text": edit.text}})
    };
    json!({
        "description": {"text": fix.title},
        "artifactChanges": [{
            "artifactLocation": artifact(&base.path(source.name())),
            "replacements": fix.edits.iter().map(replacement).collect::<Vec<_>>(),
        }],
    })
}

/// Formats a path as a URI: relative ones against the root, absolute ones with `file:`.
fn artifact(path: &str) -> Value {
    let drive = path.as_bytes().get(1) == Some(&b':') && path.starts_with(|letter: char| letter.is_ascii_alphabetic());
    if path.starts_with('/') {
        json!({"uri": format!("file://{}", percent_encode(path))})
    } else if drive {
        json!({"uri": format!("file:///{}", percent_encode(path).replacen("%3A", ":", 1))})
    } else {
        json!({"uri": percent_encode(path), "uriBaseId": ROOT})
    }
}

fn percent_encode(path: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    path.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::tests::{RULE, finding, fix, output, report};
    use super::*;
    use crate::text::Span;

    #[test]
    fn paths_become_uris() {
        assert_eq!(artifact("a b/ü:1.yml"), json!({"uri": "a%20b/%C3%BC%3A1.yml", "uriBaseId": "%SRCROOT%"}));
        assert_eq!(artifact("/tmp/#1.yml"), json!({"uri": "file:///tmp/%231.yml"}));
        assert_eq!(artifact("C:/a.yml"), json!({"uri": "file:///C:/a.yml"}));
        assert_eq!(artifact("<stdin>"), json!({"uri": "%3Cstdin%3E", "uriBaseId": "%SRCROOT%"}));
    }

    #[test]
    fn results_point_at_rules_and_places() {
        let mut last =
            finding("/b", 9, 11, "wrong").related(Span::new(0, 1), "here").fix(fix(9, 11, "y")).help("mend it");
        // Some rule, with an id before or after the other's.
        last.rule = crate::rules::all()[0];
        let first = finding("", 0, 1, "n").severity(Severity::Info);
        let log = output(Format::Sarif, &report(vec![("a.yml", "a: é\nb: é\n", vec![last, first], vec![])]));
        let log: Value = serde_json::from_str(&log).unwrap();
        let run = &log["runs"][0];
        for result in run["results"].as_array().unwrap() {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
        }
        let result = &run["results"][0];
        assert_eq!(result["message"]["text"], "wrong\nmend it");
        assert_eq!(
            result["locations"][0]["physicalLocation"]["region"],
            json!({"startLine": 2, "startColumn": 4, "endLine": 2, "endColumn": 5, "byteOffset": 9, "byteLength": 2})
        );
        assert_eq!(result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "/b");
        assert_eq!(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"], "y");
        assert_eq!(run["results"][1]["level"], "note");
        assert_eq!(run["results"][1]["locations"][0]["logicalLocations"], Value::Null);
    }

    #[test]
    fn rules_are_described_by_their_pages() {
        let rule = descriptor(&RULE);
        assert_eq!(rule["name"], "SomeRule");
        assert_eq!(rule["shortDescription"]["text"], "One line for it.");
        assert_eq!(rule["fullDescription"]["text"], "One line for it.\n\nWhy\nindeed.");
        assert_eq!(rule["help"]["markdown"], page::page(&RULE).body);
        assert_eq!(rule["defaultConfiguration"]["level"], "error");
    }
}
