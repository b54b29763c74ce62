//! The logs of `--log`: read as streams, and measured by what the objectives ask.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::files::named_path;
use crate::analysis::{Beside, Examined, Options, examine};
use crate::cli::Error;
use crate::cli::check_data::new_spill;
use crate::cli::data_files::Digesting;
use crate::data::profile::ProfileDocument;
use crate::data::statistics::TableStatistics;
use crate::documents::{Document, Kind};
use crate::files::FileCompression;
use crate::monitored::{LogAnswers, LogFile, LogObserver, LogQuestions, LogTally, stand_in};
use crate::objectives::hir::DatasetId;
use crate::objectives::log::MeasuredLog;
use crate::objectives::policy::Policy;
use crate::objectives::verdict::{Input, InputRole};
use crate::records::{LineKind, Log, MOST_IN_MEMORY, RecordComparison, RecordEntry, TextHasher};
use crate::text::{thousands, visible};
use crate::workspace::{Index, Member};

/// What was measured in logs, and the document that stands for them.
pub(in crate::cli) struct ReadLogs {
    /// The logs, by their names in reports, with their digests.
    pub files: Vec<LogFile>,
    /// The document that stands for them.
    pub stand_in: Examined,
    /// What was measured.
    pub measured: MeasuredLog,
}

/// How logs are read.
pub(in crate::cli) struct LogReading<'r, 'c> {
    /// The logs, and their names in reports.
    pub paths: Vec<(PathBuf, String)>,
    pub questions: &'r LogQuestions,
    /// The documents of the workspace.
    pub beside: &'r Beside<'c>,
    /// No document: whoever verifies a verdict has none but those that it names.
    pub alone: &'r Beside<'c>,
    pub options: Options<'c>,
}

/// Returns the names of logs in reports.
///
/// # Errors
/// If one of them is no log by its name.
pub(super) fn named(paths: &[PathBuf]) -> Result<Vec<(PathBuf, String)>, Error> {
    let name = |path: &PathBuf| {
        let name = named_path(path);
        match FileCompression::of_log(&name) {
            Some(_) => Ok((path.clone(), name)),
            None => Err(Error::Usage(format!(
                "{}: --log takes logs of inference records, .jsonl or .ndjson, also with .gz or .zst",
                visible(&name)
            ))),
        }
    };
    paths.iter().map(name).collect()
}

impl LogReading<'_, '_> {
    /// Reads the logs. Windows end before `end`; without it, none is counted.
    ///
    /// # Errors
    /// If a log cannot be read, or says nothing that can be judged.
    pub fn read(&self, end: Option<Timestamp>) -> Result<ReadLogs, Error> {
        let observer = LogObserver::new(self.questions, end);
        let hasher = TextHasher::default();
        let mut comparison = RecordComparison::new(&new_spill, MOST_IN_MEMORY);
        let mut tally = LogTally::default();
        let mut files = Vec::new();
        for (number, (path, name)) in (0..).zip(&self.paths) {
            let failed = |source: io::Error| Error::File { path: name.clone(), source };
            let file = File::open(path).map_err(failed)?;
            if !file.metadata().map_err(failed)?.is_file() {
                return Err(Error::Usage(format!("{} is no file; name each log", visible(name))));
            }
            let compression = FileCompression::of_log(name).unwrap_or(FileCompression::Plain);
            let mut stored = Digesting::new(file);
            let log = Log {
                name,
                kind: &LineKind::Json,
                options: self.options,
                beside: self.beside,
                hasher: &hasher,
                is_compared: true,
                has_mlspec: true,
                refuses_others: true,
                is_from_start: true,
                is_fixable: false,
            };
            let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
            let mut contradicting = 0;
            let read = log.observe(compression.decode(&mut stored), threads, self.alone, &observer, &mut |part| {
                contradicting += part.contradicting;
                tally.merge(part.part, &observer);
                part.entries.into_iter().try_for_each(|entry| comparison.add(RecordEntry { file: number, ..entry }))
            });
            let read = read.map_err(|source| Error::File { path: "a temporary file".to_owned(), source })?;
            if contradicting > 0 {
                return Err(Error::Usage(format!(
                    "{} records of {} contradict documents of the workspace, and `mlspec-lint check` shows which; nothing was judged",
                    thousands(contradicting),
                    visible(name)
                )));
            }
            // What stands behind the compressed data belongs to the file, too.
            if read.damage.is_none() {
                io::copy(&mut stored.by_ref(), &mut io::sink()).map_err(failed)?;
            }
            let sha256 = stored.digest().trim_start_matches("sha256:").to_owned();
            files.push(LogFile {
                name: name.clone(),
                sha256,
                records: read.records,
                damage: read.damage.map(|error| error.to_string()),
                is_cut_off: read.is_cut_off,
            });
        }
        let compared =
            comparison.finish().map_err(|source| Error::File { path: "a temporary file".to_owned(), source })?;
        let duplicated = compared.counts.values().map(|[_, _, duplicated]| duplicated).sum();
        let answers = LogAnswers { questions: self.questions, observer: &observer, tally, files, duplicated };
        let measured = answers.measured().map_err(|error| Error::Usage(format!("{error}; nothing was judged")))?;
        let name = self.paths.first().map(|(_, name)| name.as_str()).unwrap_or_default();
        let stand_in = examine(name, stand_in(&answers), &self.options);
        Ok(ReadLogs { files: answers.files, stand_in, measured })
    }
}

/// The logs of a verdict that is judged again.
pub(super) struct LogsAgain<'c> {
    paths: Vec<(PathBuf, String)>,
    questions: LogQuestions,
    alone: Beside<'c>,
    options: Options<'c>,
}

impl<'c> LogsAgain<'c> {
    /// Returns how the logs among the inputs of a verdict are read again, below a folder; `None` if there are none. `members` are the documents of
    /// the other inputs.
    ///
    /// # Errors
    /// If the other inputs do not say what is asked of logs.
    pub fn of(inputs: &[Input], root: &Path, members: &[Member], options: Options<'c>) -> Result<Option<Self>, Error> {
        let logs = inputs.iter().filter(|input| input.role == InputRole::Log);
        let paths: Vec<_> = logs.map(|input| (root.join(&input.path), input.path.clone())).collect();
        let Some(policy) = policy_of(members.iter()).filter(|_| !paths.is_empty()) else { return Ok(None) };
        let profiles = profiles_of(&policy, &Index::of(members.to_vec(), true))?;
        let questions = LogQuestions::of(&policy, &statistics_of(&profiles)?).map_err(Error::Usage)?;
        let alone = Beside::new([], &[], options);
        Ok(Some(Self { paths, questions, alone, options }))
    }

    /// Reads the logs. Windows end before `end`, or else at the newest record of all, which `newest` tells.
    ///
    /// # Errors
    /// If a log cannot be read, or says nothing that can be judged.
    pub fn read(
        &self,
        end: Option<Timestamp>,
        newest: impl FnOnce(&ReadLogs) -> Option<Timestamp>,
    ) -> Result<ReadLogs, Error> {
        let Self { paths, questions, alone, options } = self;
        let reading = LogReading { paths: paths.clone(), questions, beside: alone, alone, options: *options };
        let read = reading.read(end)?;
        match end {
            None if !questions.windows.is_empty() => reading.read(newest(&read)),
            _ => Ok(read),
        }
    }
}

/// Returns the policy of the objectives among some documents.
pub(super) fn policy_of<'m>(members: impl Iterator<Item = &'m Member>) -> Option<Policy> {
    members.filter(|member| member.kind == Kind::Objectives).find_map(|member| match member.typed()? {
        Document::Objectives(own) => Some(Policy::of(own, &member.tree).0),
        _ => None,
    })
}

/// Returns the profiles that a policy compares logs with, each with the dataset of the policy.
///
/// # Errors
/// If one of them is not in the workspace.
pub(super) fn profiles_of(policy: &Policy, index: &Index) -> Result<Vec<(DatasetId, Member)>, Error> {
    let workspace = index.workspace();
    let profile = |id: DatasetId| {
        let name = policy.datasets.get(id).and_then(|data| data.profile.as_deref()).unwrap_or_default();
        let found = workspace.lookup(name, &[Kind::Profile]).found().and_then(|found| workspace.member(found));
        let missing =
            || Error::Usage(format!("no profile in the workspace is called '{}'; nothing was judged", visible(name)));
        found.cloned().map(|found| (id, found)).ok_or_else(missing)
    };
    LogQuestions::profiles(policy).into_iter().map(profile).collect()
}

/// Returns the statistics of profiles.
///
/// # Errors
/// If one of them lacks what distances are computed from.
pub(in crate::cli) fn statistics_of(
    profiles: &[(DatasetId, Member)],
) -> Result<FxHashMap<DatasetId, TableStatistics>, Error> {
    let read = |(id, member): &(DatasetId, Member)| {
        let failed = |error| Error::Usage(format!("{}: {error}; nothing was judged", visible(member.file())));
        let document = ProfileDocument::read(&member.tree, member.root).map_err(failed)?;
        Ok((*id, document.statistics().map_err(failed)?))
    };
    profiles.iter().map(read).collect()
}

/// Refuses a log that is named twice.
pub(super) fn refuse_twice(paths: &[PathBuf]) -> Result<(), Error> {
    for (at, path) in paths.iter().enumerate() {
        let is_same = |other: &&PathBuf| crate::files::same_file(other) == crate::files::same_file(path);
        if paths.iter().take(at).any(|other| is_same(&other)) {
            return Err(Error::Usage(format!(
                "{} is given twice: no record counts twice",
                visible(&named_path(Path::new(path)))
            )));
        }
    }
    Ok(())
}
