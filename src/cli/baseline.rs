//! Baselines: known findings, hidden by fingerprint.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Error, output};

use crate::analysis::Report;
use crate::config::Config;
use crate::files::{self, FileProblem, FileToCheck};
use crate::rules::{self, is_about_reading, renamed};

/// The version of the file's format.
const VERSION: u32 = 1;

/// Larger files are not read.
const MOST_BYTES: u64 = 256 << 20;

#[derive(Serialize, Deserialize)]
struct Baseline {
    version: u32,
    findings: Vec<Known>,
}

/// A known finding. Only the fingerprint matters; the rest is for people who read the file.
#[derive(Serialize, Deserialize)]
struct Known {
    fingerprint: String,
    #[serde(default)]
    rule: String,
    #[serde(default)]
    path: String,
    #[serde(default)]
    message: String,
}

/// What a baseline recorded.
pub(super) struct Recorded {
    /// The number of findings.
    pub findings: usize,
    /// The number of those about files that cannot be read, and about logs and tables, which it does not record: such a file may hold anything later.
    pub unread: usize,
}

/// Records the findings of a report.
pub(super) fn write(path: &Path, report: &Report) -> Result<Recorded, Error> {
    let mut findings = Vec::new();
    let mut unread = 0;
    for file in &report.files {
        let name = report.base.path(file.source.name());
        for (finding, fingerprint) in file.findings.iter().zip(&file.fingerprints) {
            // Of a log or a table, findings that are not listed stand behind those that are.
            if is_about_reading(finding.rule) || file.stream.is_some() {
                unread += 1;
                continue;
            }
            findings.push(Known {
                fingerprint: fingerprint.to_string(),
                rule: finding.rule.id.to_owned(),
                path: name.clone().into_owned(),
                message: finding.message.clone(),
            });
        }
    }
    let recorded = Recorded { findings: findings.len(), unread };
    let failed = |error: serde_json::Error| Error::Usage(error.to_string());
    let mut text = serde_json::to_string_pretty(&Baseline { version: VERSION, findings }).map_err(failed)?;
    text.push('\n');
    output::write_atomically(path, text.as_bytes())?;
    Ok(recorded)
}

/// Hides the findings that a baseline records, and reports which of its entries no longer match anything, among those about files
/// that were checked or no longer exist, and about rules that are on.
pub(super) fn apply(
    path: &Path,
    checked: &[FileToCheck],
    config: &Config,
    quiet: bool,
    report: &mut Report,
) -> Result<(), Error> {
    let file = FileToCheck { name: path.display().to_string(), path: path.to_owned(), explicit: true };
    let failed = |problem: FileProblem| Error::File {
        path: problem.name,
        source: std::io::Error::other(problem.kind.to_string()),
    };
    let text = files::read(&file, MOST_BYTES).map_err(failed)?;
    let text = String::from_utf8_lossy(&text);
    let baseline: Baseline = serde_json::from_str(&text).map_err(|error| {
        Error::Usage(format!("{} is not a baseline: {error}; write one with --write-baseline", path.display()))
    })?;
    if baseline.version != VERSION {
        return Err(Error::Usage(format!("{} has version {}, expected {VERSION}", path.display(), baseline.version)));
    }
    let is_of_unread = |known: &Known| rules::by_id(&known.rule).is_some_and(|rule| is_about_reading(rule));
    let known = baseline.findings.iter().filter(|known| !is_of_unread(known));
    let known: BTreeSet<&str> = known.map(|known| known.fingerprint.as_str()).collect();
    let mut matched: BTreeSet<String> = BTreeSet::new();
    for file in &mut report.files {
        let hidden = file.hide(|fingerprint| {
            let is_known = known.contains(fingerprint.as_str());
            if is_known {
                matched.insert(fingerprint.to_string());
            }
            is_known
        });
        hidden.iter().for_each(|finding| report.summary.hide(finding));
    }
    let names: BTreeSet<_> = checked.iter().map(|file| report.base.path(&file.name)).collect();
    let is_gone = |known: &Known| !report.base.file(&known.path).exists();
    if baseline.findings.iter().any(is_of_unread) && !quiet {
        let file = path.display();
        output::notice(format_args!(
            "note: {file} has entries about files that could not be read; a baseline hides no such finding, since such a file may hold anything"
        ));
    }
    let was_looked_at = |known: &Known| names.contains(known.path.as_str()) || is_gone(known);
    let is_left = |known: &&Known| is_gone(known) && !is_of_unread(known) && !matched.contains(&known.fingerprint);
    let gone = baseline.findings.iter().filter(is_left).collect();
    let (moved, fingerprints) = moved(gone, &baseline, report);
    for file in &mut report.files {
        let hidden = file.hide(|fingerprint| fingerprints.contains(fingerprint.as_str()));
        hidden.iter().for_each(|finding| report.summary.hide(finding));
    }
    matched.extend(moved);
    let is_on = |known: &Known| rules::by_id(&known.rule).is_none_or(|rule| config.is_on(rule));
    let is_stale = |known: &&Known| {
        !matched.contains(&known.fingerprint) && was_looked_at(known) && is_on(known) && !is_of_unread(known)
    };
    let stale: Vec<&Known> = baseline.findings.iter().filter(is_stale).collect();
    if !stale.is_empty() && !quiet {
        let entries = if stale.len() == 1 { "1 entry".to_owned() } else { format!("{} entries", stale.len()) };
        let matches = if stale.len() == 1 { "matches" } else { "match" };
        let file = path.display();
        output::notice(format_args!(
            "note: {entries} of {file} no longer {matches} anything; --write-baseline {file} records the findings again:"
        ));
        for known in stale {
            let Known { path, rule, message, .. } = known;
            // A fingerprint includes the id of its rule, so the entry cannot match findings under the new id.
            let renamed = renamed(&known.rule).map_or_else(String::new, |own| format!(" (renamed to {})", own.current));
            output::notice(format_args!("  {path} {rule}{renamed} {message}"));
        }
    }
    Ok(())
}

/// Finds moved files: entries about missing files that match findings in files unknown to the baseline. Returns the
/// fingerprints of these entries, and the new fingerprints of the findings.
fn moved(gone: Vec<&Known>, baseline: &Baseline, report: &Report) -> (Vec<String>, BTreeSet<String>) {
    let file_name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let mut entries: BTreeMap<(String, &str, &str), Vec<&Known>> = BTreeMap::new();
    for known in gone {
        entries.entry((file_name(&known.path), &known.rule, &known.message)).or_default().push(known);
    }
    let paths: BTreeSet<&str> = baseline.findings.iter().map(|known| known.path.as_str()).collect();
    let (mut old, mut new) = (Vec::new(), BTreeSet::new());
    for file in &report.files {
        let path = report.base.path(file.source.name());
        for (finding, fingerprint) in file.findings.iter().zip(&file.fingerprints).filter(|_| !paths.contains(&*path)) {
            let entry = entries.get_mut(&(file_name(&path), finding.rule.id, finding.message.as_str()));
            if let Some(known) = entry.and_then(Vec::pop) {
                old.push(known.fingerprint.clone());
                new.insert(fingerprint.to_string());
            }
        }
    }
    (old, new)
}
