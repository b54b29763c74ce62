//! Evidence in a workspace that `check` does not find.

use std::collections::{BTreeMap, BTreeSet};
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
    pub baseline: &'a BTreeSet<String>,
    /// The names and ids of what else candidates are compared with, in lower case.
    pub compared: &'a BTreeSet<String>,
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
    let (mut unseen, models) = (UnseenEvidence::default(), ModelDigests::of(models));
    let Some(root) = workspace_context::root(files, workspace, config)? else { return Ok(unseen) };
    let kinds_only = config.kinds_only();
    let discover = |config: &Config, is_all: bool| {
        let options = DiscoverOptions {
            config,
            respect_gitignore: !is_all,
            hidden_files: is_all,
            force_exclude: false,
            compressed_logs: false,
        };
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
        let text = match read(file, files.max_file_size, &models) {
            Ok(text) => text,
            Err(Unreadable { start, why, may_be_any }) => {
                if may_be_any || may_measure(&start) {
                    unseen.doubt.get_or_insert_with(|| doubt(&file.name, &why));
                }
                if !names(&start, baseline).is_empty() {
                    unseen.baseline_doubt.get_or_insert_with(|| doubt(&file.name, &why));
                }
                unseen
                    .run_doubts
                    .extend(names(&start, compared).into_iter().map(|name| (name.clone(), doubt(&file.name, &why))));
                unseen
                    .maker_doubts
                    .extend(models.made(&start).into_iter().map(|model| (model.clone(), doubt(&file.name, &why))));
                unseen
                    .test_doubts
                    .extend(models.tested(&start).into_iter().map(|model| (model.clone(), doubt(&file.name, &why))));
                continue;
            }
        };
        let is_hidden = !seen.contains(&file.name);
        let set = kinds_only.kind_of(file.name.as_ref());
        let (may_measure, names_baseline) = (may_measure(&text), !names(&text, baseline).is_empty());
        let made = models.made(&text);
        let compared = names(&text, compared);
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
            unseen.test_doubts.extend(models.tested(&text).into_iter().map(|model| (model.clone(), doubt())));
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

fn read(file: &FileToCheck, limit: u64, models: &ModelDigests<'_>) -> Result<String, Unreadable> {
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
                    for model in models.named_in_file(opened) {
                        start.extend([b"\n", model.as_bytes()].concat());
                    }
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

/// Returns those of some names, in lower case, by which a text may call a run, its experiment, or the run of a measurement.
fn names<'n>(text: &str, wanted: &'n BTreeSet<String>) -> BTreeSet<&'n String> {
    if wanted.is_empty() || !(may_be_run(text) || may_measure(text)) {
        return BTreeSet::new();
    }
    let text = text.to_lowercase();
    let is_end = |c: char| !(c.is_alphanumeric() || "-_.@".contains(c));
    let lines =
        ["id", "name", "run"].into_iter().flat_map(|key| values(&text, key)).filter_map(|value| value.lines().next());
    let called = lines.flat_map(|line| {
        let ends = line.char_indices().filter(|(_, c)| is_end(*c)).map(|(at, _)| at).chain([line.len()]);
        ends.take(MOST_WORDS).filter_map(|end| wanted.get(line.get(..end)?))
    });
    called.collect()
}

/// The maximum number of words that are tried as a name.
const MOST_WORDS: usize = 64;

/// The digests of model files, by their digits: a workspace may hold as many models as files, and each text is searched once for all.
struct ModelDigests<'m>(BTreeMap<&'m str, &'m String>);

impl<'m> ModelDigests<'m> {
    fn of(models: &'m [String]) -> Self {
        Self(models.iter().map(|model| (model.rsplit(':').next().unwrap_or(model), model)).collect())
    }

    /// Returns those that a text names that may contain a run.
    fn made(&self, text: &str) -> BTreeSet<&'m String> {
        if may_be_run(text) { self.named_in(text) } else { BTreeSet::new() }
    }

    /// Returns those that a text names that may contain a measurement.
    fn tested(&self, text: &str) -> BTreeSet<&'m String> {
        if may_measure(text) { self.named_in(text) } else { BTreeSet::new() }
    }

    fn named_in(&self, text: &str) -> BTreeSet<&'m String> {
        let runs = text.split(|c: char| !c.is_ascii_hexdigit()).filter(|run| run.len() >= SHORTEST_DIGEST);
        runs.filter_map(|run| self.0.get(run.to_ascii_lowercase().as_str()).copied()).collect()
    }

    /// Returns those that stand anywhere in a file, which may be too large for the memory.
    fn named_in_file(&self, mut file: impl std::io::Read) -> BTreeSet<&'m String> {
        let (mut found, mut buffer, mut text) = (BTreeSet::new(), vec![0; 1 << 16], String::new());
        while let Ok(length @ 1..) = file.read(&mut buffer) {
            // Of texts in UTF-16, every other byte is zero.
            let bytes = buffer.get(..length).unwrap_or_default().iter().filter(|byte| **byte != 0);
            text.extend(bytes.map(|byte| if byte.is_ascii_hexdigit() { char::from(*byte) } else { ' ' }));
            found.extend(self.named_in(&text));
            // One may begin here and end in what is read next.
            let begun = text.rfind(' ').map_or(0, |blank| blank + 1).max(text.len().saturating_sub(LONGEST_DIGEST));
            text.drain(..begun);
        }
        found
    }
}

/// The number of hexadecimal digits of the shortest digest that files are compared by, and more than those of the longest.
const SHORTEST_DIGEST: usize = 32;
const LONGEST_DIGEST: usize = 256;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_found_wherever_they_are_written() {
        let (own, other) = ("a1".repeat(32), "b2".repeat(32));
        let models = [format!("sha256:{own}"), format!("sha256:{other}")];
        let models = ModelDigests::of(&models);
        let upper = own.to_uppercase();
        for (text, found) in [
            (format!("modelDigest: 'sha256:{upper}' # {other}"), 2),
            (format!("digest: sha256-{own}"), 1),
            (format!("digest: {own}0"), 0),
            (String::new(), 0),
        ] {
            assert_eq!(models.named_in(&text).len(), found, "{text}");
            assert_eq!(models.named_in_file(text.as_bytes()).len(), found, "{text}");
        }
        // One that begins in what is read first ends in what is read next, in any encoding.
        let long = format!("{}{own}", " ".repeat((1 << 16) - 20));
        assert_eq!(models.named_in_file(long.as_bytes()).len(), 1);
        let wide: Vec<u8> = long.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(models.named_in_file(wide.as_slice()).len(), 1);
    }

    #[test]
    fn runs_are_called_by_whole_words() {
        let wanted: BTreeSet<String> = ["launch", "launch 2", "a-1"].map(str::to_owned).into();
        let called =
            |text: &str| names(&format!("kind: run\n{text}\n"), &wanted).into_iter().cloned().collect::<Vec<_>>();
        assert_eq!(called("name: Launch"), ["launch"]);
        assert_eq!(called("name: 'launch 2'"), ["launch", "launch 2"]);
        assert_eq!(called("{\"id\": \"A-1\", \"name\": \"launch-2\"}"), ["a-1"]);
        assert_eq!(called("experiment_id: a-1"), ["a-1"]);
        assert_eq!(called("name: relaunch"), [""; 0]);
    }
}
