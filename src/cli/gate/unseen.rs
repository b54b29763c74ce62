//! Evidence in a workspace that `check` does not find.

use std::io::Read as _;
use std::path::Path;

use rustc_hash::FxHashSet;

use crate::analysis::{Options, conclude, examine, members};
use crate::cli::Error;
use crate::cli::args::FileArgs;
use crate::cli::workspace_context;
use crate::config::Config;
use crate::diagnostics::Severity;
use crate::files::{self, DiscoverOptions, FileProblemKind, FileToCheck};
use crate::objectives::gate_inputs::{Doubt, UnseenEvidence};
use crate::workspace::letters;

/// Searches the whole workspace for evaluations, tests and runs that `check` does not see, and for files that cannot be read and name the
/// baseline by one of these texts, which are in lower case, or may be a run with one of these digests of model files.
pub(in crate::cli) fn unseen(
    files: &FileArgs,
    workspace: Option<&Path>,
    config: &Config,
    baseline: &[String],
    models: &[String],
) -> Result<UnseenEvidence, Error> {
    let mut unseen = UnseenEvidence::default();
    let Some(root) = workspace_context::root(files, workspace, config)? else { return Ok(unseen) };
    let kinds_only = config.kinds_only();
    let discover = |config: &Config, is_all: bool| {
        let options =
            DiscoverOptions { config, respect_gitignore: !is_all, hidden_files: is_all, force_exclude: false };
        files::discover(std::slice::from_ref(&root), &options)
    };
    let seen: FxHashSet<String> = discover(config, false).files.into_iter().map(|file| file.name).collect();
    let all = discover(&kinds_only, true);
    for problem in &all.problems {
        unseen.doubt.get_or_insert_with(|| doubt(&problem.name, "cannot be read"));
    }
    let named: Vec<_> = files.paths.iter().map(|path| files::same_file(path)).collect();
    let options =
        Options { config: &kinds_only, explicit: false, claimed: true, suppressions: false, ..Options::default() };
    // Problems of a named file are reported with their place.
    for file in all.files.iter().filter(|file| !named.contains(&files::same_file(&file.path))) {
        let text = match read(file, files.max_file_size) {
            Ok(text) => text,
            Err(Unreadable { start, why, may_be_any }) => {
                if may_be_any || may_measure(&start) {
                    unseen.doubt.get_or_insert_with(|| doubt(&file.name, &why));
                }
                if names(&start, baseline) {
                    unseen.baseline_doubt.get_or_insert_with(|| doubt(&file.name, &why));
                }
                unseen.maker_doubts.extend(made(&start, models).map(|model| (model.clone(), doubt(&file.name, &why))));
                continue;
            }
        };
        let is_hidden = !seen.contains(&file.name);
        let (may_measure, names_baseline) = (may_measure(&text), names(&text, baseline));
        let made: Vec<&String> = made(&text, models).collect();
        if !(may_measure || names_baseline || !made.is_empty() || is_hidden && may_be_run(&text)) {
            continue;
        }
        let is_looked_at = may_measure || names_baseline || !made.is_empty();
        let why = is_looked_at.then(|| fault(&file.name, &text, &options, names_baseline)).flatten();
        if let Some(why) = &why {
            if may_measure {
                unseen.doubt.get_or_insert_with(|| doubt(&file.name, why));
            }
            if names_baseline {
                unseen.baseline_doubt.get_or_insert_with(|| doubt(&file.name, why));
            }
            unseen.maker_doubts.extend(made.into_iter().map(|model| (model.clone(), doubt(&file.name, why))));
        } else if may_measure && holds_unnamed_measurement(&file.name, &text, &options) {
            let why = "holds a record with 'performedOn' and 'metrics' that does not say its kind";
            unseen.doubt.get_or_insert_with(|| doubt(&file.name, why));
        }
        if is_hidden {
            unseen.hidden.extend(members(&file.name, &text, &options));
        }
    }
    Ok(unseen)
}

/// Only the first doubt is reported.
fn doubt(file: &str, why: &str) -> Doubt {
    Doubt { file: file.to_owned(), why: why.to_owned() }
}

/// A file that cannot be read.
struct Unreadable {
    /// What can be made out of it, or of its beginning.
    start: String,
    why: String,
    /// Whether it may hold anything, since not all of it was looked at.
    may_be_any: bool,
}

/// The number of bytes of a large file that are looked at: what a document is called stands near its beginning.
const START: u64 = 1 << 16;

fn read(file: &FileToCheck, limit: u64) -> Result<String, Unreadable> {
    // In UTF-16 and UTF-32, there are zero bytes next to each letter.
    let guess = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace('\0', "");
    match files::read(file, limit) {
        Ok(bytes) => String::from_utf8(bytes)
            .map_err(|error| error.into_bytes())
            .and_then(|text| if text.contains('\0') { Err(text.into_bytes()) } else { Ok(text) })
            .map_err(|bytes| Unreadable { start: guess(&bytes), why: "is not UTF-8".to_owned(), may_be_any: false }),
        Err(problem) => {
            let mut start = Vec::new();
            // What is no regular file is not opened: a named pipe waits for its writer.
            if matches!(problem.kind, FileProblemKind::TooLarge { .. })
                && let Ok(opened) = std::fs::File::open(&file.path)
            {
                // Less is as good as nothing.
                let _ = opened.take(START).read_to_end(&mut start);
            }
            Err(Unreadable { start: guess(&start), why: problem.kind.to_string(), may_be_any: true })
        }
    }
}

/// Returns whether a text may contain a run that is called by one of these names, or a measurement of it.
fn names(text: &str, baseline: &[String]) -> bool {
    if baseline.is_empty() || !(may_be_run(text) || may_measure(text)) {
        return false;
    }
    let lower = text.to_lowercase();
    let is_end = |c: char| !(c.is_alphanumeric() || "-_.@".contains(c));
    let is_called = |value: &str, name: &str| {
        value.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(is_end))
    };
    let mut values = ["id", "name", "run"].into_iter().flat_map(|key| values(&lower, key));
    values.any(|value| baseline.iter().any(|name| is_called(value, name)))
}

/// Returns those of some digests of model files that a text names that may contain a run.
fn made<'m>(text: &str, models: &'m [String]) -> impl Iterator<Item = &'m String> {
    let lower = (!models.is_empty() && may_be_run(text)).then(|| text.to_ascii_lowercase());
    let digits = |model: &str| model.rsplit(':').next().unwrap_or(model).to_owned();
    models.iter().filter(move |model| lower.as_ref().is_some_and(|text| text.contains(&digits(model))))
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

/// Returns whether `kind` has this value, or one that begins with it, anywhere in a text, which is in lower case.
fn is_kind(text: &str, kind: &str) -> bool {
    values(text, "kind").any(|value| value.starts_with(kind))
}

/// Returns the rest of a text from each value that a key seems to have.
fn values<'t>(text: &'t str, key: &'t str) -> impl Iterator<Item = &'t str> {
    text.match_indices(key).filter_map(move |(at, _)| {
        let rest = text.get(at + key.len()..)?;
        let value = rest.trim_start_matches(['"', '\'', ' ', ':']);
        (value.len() < rest.len()).then_some(value)
    })
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

/// The fields that decide which document a measurement is, without case and separators.
const DECIDING: [&str; 6] = ["kind", "model", "modeldigest", "objectives", "performedon", "run"];

/// Those that decide which run a baseline is, in addition.
const NAMING: [&str; 2] = ["id", "name"];

/// Returns why it is not known what a file holds: something that is meant as a document is not valid, or says twice which document it is.
fn fault(name: &str, text: &str, options: &Options<'_>, names_baseline: bool) -> Option<String> {
    let examined = examine(name, text, options);
    let positions: Vec<u32> = examined.members().iter().map(|member| member.position).collect();
    let reports = conclude([&examined], &[], &Options { partial: true, ..*options });
    reports.iter().flat_map(|report| &report.findings).find_map(|finding| {
        let is_no_document = !positions.contains(&finding.place.document);
        if finding.severity == Severity::Error && (is_no_document || finding.rule.id == "document/yaml-syntax") {
            return Some("holds a document that cannot be read".to_owned());
        }
        let key = examined.source().slice(finding.place.span).trim_matches(['"', '\'']);
        let name = letters(key);
        let decides = DECIDING.contains(&&*name) || names_baseline && NAMING.contains(&&*name);
        let is_twice = decides && finding.rule.id == "document/duplicate-key";
        is_twice.then(|| format!("gives '{key}' twice"))
    })
}
