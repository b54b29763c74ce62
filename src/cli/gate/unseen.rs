//! Evidence in a workspace that `check` does not find.

use std::path::Path;

use rustc_hash::FxHashSet;

use crate::analysis::{Options, conclude, examine, members};
use crate::cli::Error;
use crate::cli::args::FileArgs;
use crate::cli::workspace_context;
use crate::config::Config;
use crate::diagnostics::Severity;
use crate::files::{self, DiscoverOptions};
use crate::objectives::gate_inputs::{Doubt, UnseenEvidence};

/// Searches the whole workspace for evaluations, tests and runs that `check` does not see.
pub(super) fn unseen(files: &FileArgs, workspace: Option<&Path>, config: &Config) -> Result<UnseenEvidence, Error> {
    let mut unseen = UnseenEvidence::default();
    let Some(root) = workspace_context::root(files, workspace, config)? else { return Ok(unseen) };
    // Only the first doubt is reported.
    let mut doubt = |file: &str, why: &str| {
        unseen.doubt.get_or_insert_with(|| Doubt { file: file.to_owned(), why: why.to_owned() });
    };
    let kinds_only = config.kinds_only();
    let discover = |config: &Config, respect_gitignore| {
        let options = DiscoverOptions { config, respect_gitignore, force_exclude: false };
        files::discover(std::slice::from_ref(&root), &options)
    };
    let seen: FxHashSet<String> = discover(config, true).files.into_iter().map(|file| file.name).collect();
    let all = discover(&kinds_only, false);
    for problem in &all.problems {
        doubt(&problem.name, "cannot be read");
    }
    let named: Vec<_> = files.paths.iter().map(|path| files::same_file(path)).collect();
    for candidate in &all.files {
        // Problems of a named file are reported with their place.
        if named.contains(&files::same_file(&candidate.path)) {
            continue;
        }
        let text = match files::read(candidate, files.max_file_size).map(String::from_utf8) {
            Ok(Ok(text)) => text,
            Ok(Err(error)) => {
                // In UTF-16, there is a zero byte next to each letter.
                if may_measure(&String::from_utf8_lossy(error.as_bytes()).replace('\0', "")) {
                    doubt(&candidate.name, "is not UTF-8");
                }
                continue;
            }
            Err(problem) => {
                doubt(&candidate.name, &problem.kind.to_string());
                continue;
            }
        };
        let is_hidden = !seen.contains(&candidate.name);
        let may_measure = may_measure(&text);
        if !(may_measure || is_hidden && may_be_run(&text)) {
            continue;
        }
        let options =
            Options { config: &kinds_only, explicit: false, claimed: true, suppressions: false, ..Options::default() };
        if may_measure && is_broken(&candidate.name, &text, &options) {
            doubt(&candidate.name, "holds a document that cannot be read");
        } else if may_measure && holds_unnamed_measurement(&candidate.name, &text, &options) {
            doubt(&candidate.name, "holds a record with 'performedOn' and 'metrics' that does not say its kind");
        }
        if is_hidden {
            unseen.hidden.extend(members(&candidate.name, &text, &options));
        }
    }
    Ok(unseen)
}

/// Returns whether a text, valid or not, may contain an evaluation or a test.
fn may_measure(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    // A measurement says when it was performed, or names its kind.
    lower.contains("performed") || ["test", "evaluation"].iter().any(|kind| is_kind(&lower, kind))
}

/// Returns whether a text may contain a run, or an artifact of one.
fn may_be_run(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    // Most runs say when they were submitted; all others name their kind.
    lower.contains("submitted") || ["run", "pipeline", "artifact"].iter().any(|kind| is_kind(&lower, kind))
}

/// Returns whether `kind` has this value anywhere in a text, which is in lower case.
fn is_kind(text: &str, kind: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find("kind") {
        rest = rest.get(at + "kind".len()..).unwrap_or_default();
        let value = rest.trim_start_matches(['"', '\'', ' ', ':']);
        if value.len() < rest.len() && value.starts_with(kind) {
            return true;
        }
    }
    false
}

/// Returns whether a text contains a record with the fields of a measurement that is no MLSpec document, for want of a `kind`.
fn holds_unnamed_measurement(name: &str, text: &str, options: &Options<'_>) -> bool {
    let is_measurement = |record: &str| {
        let lower = record.to_ascii_lowercase();
        (lower.contains("performedon") || lower.contains("performed_on")) && lower.contains("metrics")
    };
    let is_unnamed = |record: &str| is_measurement(record) && members(name, record, options).is_empty();
    match name.ends_with(".jsonl") || name.ends_with(".ndjson") {
        true => text.lines().any(is_unnamed),
        false => text.split("\n---").any(is_unnamed),
    }
}

/// Returns whether a file contains something that is meant as a document but is not valid.
fn is_broken(name: &str, text: &str, options: &Options<'_>) -> bool {
    let examined = examine(name, text, options);
    let positions: Vec<u32> = examined.members().iter().map(|member| member.position).collect();
    let reports = conclude([&examined], &[], &Options { partial: true, ..*options });
    reports.iter().flat_map(|report| &report.findings).any(|finding| {
        let is_no_document = !positions.contains(&finding.place.document);
        finding.severity == Severity::Error && (is_no_document || finding.rule.id == "document/yaml-syntax")
    })
}
