//! Evidence in a workspace that `check` does not find.

use std::io::Read as _;
use std::path::Path;

use rustc_hash::FxHashSet;

use crate::analysis::{Options, conclude, examine, members};
use crate::cli::Error;
use crate::cli::args::FileArgs;
use crate::cli::output;
use crate::cli::workspace_context;
use crate::config::Config;
use crate::diagnostics::Severity;
use crate::documents::Kind;
use crate::files::{self, DiscoverOptions, FileProblemKind, FileToCheck};
use crate::objectives::gate_inputs::{Doubt, UnseenEvidence};
use crate::text::visible;
use crate::workspace::{Member, letters};

/// What files that cannot be read are searched for.
pub(in crate::cli) struct Wanted<'a> {
    /// The texts by which documents may name the baseline, in lower case.
    pub baseline: &'a [String],
    /// The names and ids of what else candidates are compared with, in lower case.
    pub compared: &'a [String],
    /// The digests of the model files that are measured.
    pub models: &'a [String],
}

/// Searches the whole workspace for documents that `check` does not see, and for files that cannot be read and hold what is wanted.
pub(in crate::cli) fn unseen(
    files: &FileArgs,
    workspace: Option<&Path>,
    config: &Config,
    Wanted { baseline, compared, models }: &Wanted<'_>,
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
        // Whatever is asked about, nobody looked there.
        if matches!(problem.kind, FileProblemKind::FolderElsewhere | FileProblemKind::LeavesWorkspace) {
            output::notice(format_args!(
                "note: {}: {}; runs and tests of this model that are there do not count",
                visible(&problem.name),
                problem.kind
            ));
        }
        unseen.doubt.get_or_insert_with(|| doubt(&problem.name, "cannot be read"));
    }
    let named: Vec<_> = files.paths.iter().map(|path| files::same_file(path)).collect();
    let options =
        Options { config: &kinds_only, explicit: false, claimed: true, suppressions: false, ..Options::default() };
    let plain_config = Config::default();
    let plain = Options { config: &plain_config, ..options };
    // Problems of a named file are reported with their place.
    for file in all.files.iter().filter(|file| !named.contains(&files::same_file(&file.path))) {
        let text = match read(file, files.max_file_size, models) {
            Ok(text) => text,
            Err(Unreadable { start, why, may_be_any }) => {
                if may_be_any || may_measure(&start) {
                    unseen.doubt.get_or_insert_with(|| doubt(&file.name, &why));
                }
                if names_any(&start, baseline) {
                    unseen.baseline_doubt.get_or_insert_with(|| doubt(&file.name, &why));
                }
                unseen.run_doubts.extend(names(&start, compared).map(|name| (name.clone(), doubt(&file.name, &why))));
                unseen.maker_doubts.extend(made(&start, models).map(|model| (model.clone(), doubt(&file.name, &why))));
                unseen.test_doubts.extend(tested(&start, models).map(|model| (model.clone(), doubt(&file.name, &why))));
                continue;
            }
        };
        let is_hidden = !seen.contains(&file.name);
        let set = kinds_only.kind_of(file.name.as_ref());
        let (may_measure, names_baseline) = (may_measure(&text), names_any(&text, baseline));
        let made: Vec<&String> = made(&text, models).collect();
        let compared: Vec<&String> = names(&text, compared).collect();
        let is_looked_at = may_measure || names_baseline || !made.is_empty() || !compared.is_empty();
        // What the settings call a document that does not say its kind, nobody else does.
        let as_read = match set {
            Some(Kind::Evaluation | Kind::Test) | None => &options,
            Some(_) => &plain,
        };
        let why = is_looked_at.then(|| fault(&file.name, &text, &options, names_baseline, !made.is_empty())).flatten();
        let why = why.or_else(|| {
            let is_unnamed = may_measure && holds_unnamed_measurement(&file.name, &text, as_read);
            is_unnamed.then(|| "holds a record with 'performedOn' and 'metrics' that does not say its kind".to_owned())
        });
        if let Some(why) = &why {
            let doubt = || doubt(&file.name, why);
            if may_measure {
                unseen.doubt.get_or_insert_with(doubt);
            }
            unseen.test_doubts.extend(tested(&text, models).map(|model| (model.clone(), doubt())));
            if names_baseline {
                unseen.baseline_doubt.get_or_insert_with(doubt);
            }
            unseen.run_doubts.extend(compared.into_iter().map(|name| (name.clone(), doubt())));
            unseen.maker_doubts.extend(made.into_iter().map(|model| (model.clone(), doubt())));
        }
        if is_hidden && (is_looked_at || may_be_run(&text) || may_be_document(&text)) {
            unseen.hidden.extend(members(&file.name, &text, &options));
        }
        if set.is_some() {
            unseen.hidden.extend(renamed(&file.name, &text, &options, &plain));
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

fn read(file: &FileToCheck, limit: u64, models: &[String]) -> Result<String, Unreadable> {
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
                && let Ok(mut opened) = std::fs::File::open(&file.path)
            {
                // Less is as good as nothing.
                let _ = opened.by_ref().take(START).read_to_end(&mut start);
                let text = guess(&start);
                if may_be_run(&text) || may_measure(&text) {
                    // Artifacts may come after any number of metrics.
                    start.extend(
                        digits_in(opened, models)
                            .iter()
                            .flat_map(|digits| [b"\n".as_slice(), digits.as_bytes()].concat()),
                    );
                }
            }
            Err(Unreadable { start: guess(&start), why: problem.kind.to_string(), may_be_any: true })
        }
    }
}

/// Returns the runs of a text that are such by their fields, and that the settings call something else.
fn renamed(name: &str, text: &str, options: &Options<'_>, plain: &Options<'_>) -> Vec<Member> {
    let is_run = |kind: Kind| matches!(kind, Kind::Run | Kind::PipelineRun);
    let set = members(name, text, options);
    let is_other = |own: &Member| {
        let set = set.iter().find(|set| set.position == own.position);
        set.is_some_and(|set| set.kind != own.kind && !(is_run(set.kind) && is_run(own.kind)))
    };
    members(name, text, plain).into_iter().filter(is_other).collect()
}

/// Returns whether a text may contain a run that is called by one of these names, or a measurement of it.
fn names_any(text: &str, wanted: &[String]) -> bool {
    names(text, wanted).next().is_some()
}

/// Returns those of some names, in lower case, by which a text may call a run, its experiment, or the run of a measurement.
fn names<'n>(text: &str, wanted: &'n [String]) -> impl Iterator<Item = &'n String> {
    let lower = (!wanted.is_empty() && (may_be_run(text) || may_measure(text))).then(|| text.to_lowercase());
    let is_end = |c: char| !(c.is_alphanumeric() || "-_.@".contains(c));
    let is_called = |value: &str, name: &str| {
        value.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(is_end))
    };
    let text = lower.as_deref().unwrap_or("");
    let values: Vec<&str> = ["id", "name", "run"].into_iter().flat_map(|key| values(text, key)).collect();
    let found: Vec<&String> = wanted.iter().filter(|name| values.iter().any(|value| is_called(value, name))).collect();
    found.into_iter()
}

/// Returns those of some digests of model files that a text names that may contain a run.
fn made<'m>(text: &str, models: &'m [String]) -> impl Iterator<Item = &'m String> {
    named_in(text, models, may_be_run)
}

/// Returns those of some digests of model files that a text names that may contain a measurement.
fn tested<'m>(text: &str, models: &'m [String]) -> impl Iterator<Item = &'m String> {
    named_in(text, models, may_measure)
}

fn named_in<'m>(text: &str, models: &'m [String], is_meant: fn(&str) -> bool) -> impl Iterator<Item = &'m String> {
    let lower = (!models.is_empty() && is_meant(text)).then(|| text.to_ascii_lowercase());
    models.iter().filter(move |model| lower.as_ref().is_some_and(|text| text.contains(digits(model))))
}

/// Returns a digest without the name of its algorithm.
fn digits(digest: &str) -> &str {
    digest.rsplit(':').next().unwrap_or(digest)
}

/// Returns those of some digests that stand anywhere in a file, which may be too large for the memory.
fn digits_in(mut file: impl std::io::Read, models: &[String]) -> Vec<&str> {
    let (mut open, mut found): (Vec<&str>, Vec<&str>) =
        (models.iter().map(|model| digits(model)).collect(), Vec::new());
    let longest = open.iter().map(|digits| digits.len()).max().unwrap_or_default();
    let (mut buffer, mut text) = (vec![0; 1 << 16], Vec::new());
    while let Ok(length @ 1..) = file.read(&mut buffer) {
        if open.is_empty() {
            break;
        }
        let bytes = buffer.get(..length).unwrap_or_default().iter().filter(|byte| **byte != 0);
        text.extend(bytes.map(u8::to_ascii_lowercase));
        let is_found = |digits: &&str| memchr::memmem::find(&text, digits.as_bytes()).is_some();
        let (new, rest): (Vec<&str>, Vec<&str>) = open.into_iter().partition(is_found);
        found.extend(new);
        open = rest;
        // One may begin here and end in what is read next.
        text.drain(..text.len().saturating_sub(longest));
    }
    found
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

/// Returns whether a text may contain a document that says its kind.
fn may_be_document(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    values(&lower, "kind").any(|value| Kind::ALL.iter().any(|kind| value.starts_with(kind.name())))
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

/// The fields that only runs have.
const OF_RUNS: [&str; 4] = ["artifacts", "child_run_ids", "parent_run_id", "submittedDate"];

/// Returns whether a document has fields of a run, and says that it is something else.
fn is_disguised_run(member: &Member) -> bool {
    !matches!(member.kind, Kind::Run | Kind::PipelineRun) && OF_RUNS.iter().any(|name| member.has(name))
}

/// Returns why it is not known what a file holds: something that is meant as a document is not valid, or says twice which document it is.
fn fault(name: &str, text: &str, options: &Options<'_>, names_baseline: bool, names_model: bool) -> Option<String> {
    let examined = examine(name, text, options);
    if let Some(other) = examined.members().iter().find(|member| names_model && is_disguised_run(member)) {
        return Some(format!("holds a document of kind '{}' with the fields of a run", other.kind.name()));
    }
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
