//! `profile`: the statistics of data as a document, and profiles added up.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::args::Global;
use super::data_args::{DocumentFormat, MergeProfilesArgs, ProfileArgs, ProfileCommand, WrittenProfileArgs};
use super::data_files::{Digesting, decoded, digest_of, format_of, open, open_stored};
use super::logs::Peeked;
use super::{Error, Exit, output};
use crate::analysis::{self, Beside, Options};
use crate::data::profile::{ProfileDocument, ProfileHead, profile, to_json, to_yaml};
use crate::data::read::TableFormat;
use crate::data::statistics::TableStatistics;
use crate::documents::Kind;
use crate::files::{self, FileCompression, FileToCheck};
use crate::records::{LineKind, Log, MOST_FIELDS, ObservedPart, RecordStatistics, StatisticsPart, TextHasher};
use crate::text::thousands;

pub(super) fn run(args: &ProfileArgs, _: &Global) -> Result<Exit, Error> {
    match &args.command {
        Some(ProfileCommand::Merge(args)) => merge(args),
        None => of_files(args),
    }
}

fn of_files(args: &ProfileArgs) -> Result<Exit, Error> {
    refuse_overwriting(&args.written, &args.files)?;
    let dimensions = if args.by.is_empty() { vec!["modelId"] } else { args.by.iter().map(String::as_str).collect() };
    let records = RecordStatistics::by(dimensions);
    let mut whole: Option<(TableStatistics, bool)> = None;
    let mut digest = None;
    let mut exit = Exit::Clean;
    for path in &args.files {
        let is_stdin = path.as_os_str() == "-";
        let name = if is_stdin { args.stdin_filename.clone() } else { path.to_string_lossy().replace('\\', "/") };
        let format = format_of(&name)?;
        let failed = |source| Error::File { path: name.clone(), source };
        // The digest is that of the file as it is stored.
        let (is_log, (statistics, unread)) = if format == TableFormat::Parquet {
            digest = (!is_stdin).then(|| digest_of(path)).transpose()?;
            (false, of_table(&name, format, open(path, format)?)?)
        } else {
            let mut input = Digesting::new(open_stored(path)?);
            let reader = Peeked::new(decoded(path, &mut input)?);
            let is_log = format == TableFormat::JsonLines && begins_with_a_record(&name, reader.whole_lines());
            let read = if is_log { of_log(&name, reader, &records)? } else { of_table(&name, format, reader)? };
            io::copy(&mut input, &mut io::sink()).map_err(failed)?;
            digest = Some(input.digest());
            (is_log, read)
        };
        if let Some(why) = unread {
            output::notice(format_args!("error: {why} not in the profile, `mlspec-lint check {name}` shows which"));
            exit = Exit::Findings;
        }
        match &mut whole {
            Some((_, was_log)) if *was_log != is_log => {
                let (own, others) = if is_log { ("a log", "tables") } else { ("a table", "logs") };
                let why = format!("{name} is {own}, and the files before are {others}: no profile is about both");
                return Err(Error::Usage(why));
            }
            Some((whole, _)) => whole.merge(&statistics),
            None => whole = Some((statistics, is_log)),
        }
    }
    let (statistics, is_log) = whole.unwrap_or_default();
    if !args.by.is_empty() && !is_log {
        return Err(Error::Usage("--by is about logs of inference records, and these are tables".to_owned()));
    }
    if statistics.fields.is_empty() {
        return Err(Error::Usage("there is no field, so there is no profile".to_owned()));
    }
    for dimension in records.left_out(&statistics).filter(|_| is_log) {
        output::notice(format_args!(
            "warning: '{dimension}' has too many values, or too many fields for each of them: the profile has no slices by it"
        ));
    }
    let first = args.files.first().filter(|path| path.as_os_str() != "-");
    let file = first.map_or_else(|| PathBuf::from(&args.stdin_filename), Clone::clone);
    let digest = digest.filter(|_| args.files.len() == 1);
    let dataset = args.written.dataset.clone().unwrap_or_else(|| dataset_name(&file));
    write(&head(&args.written, dataset, digest), &statistics, &args.written)?;
    Ok(exit)
}

/// The statistics of a file, and what of it is not in them, in words.
type OfFile = (TableStatistics, Option<String>);

fn of_table(name: &str, format: TableFormat, reader: impl Read) -> Result<OfFile, Error> {
    let read = profile(format, reader).map_err(|source| Error::File { path: name.to_owned(), source })?;
    let unread = read.first_unread.map(|bad| {
        let rows = if read.unread == 1 { "1 row is" } else { &format!("{} rows are", read.unread) };
        format!("{name}:{}:{}: {}; {rows}", bad.place.line, bad.place.column, bad.fault)
    });
    Ok((read.statistics, unread))
}

/// Returns the statistics of the valid records of a log.
fn of_log(name: &str, reader: impl Read, statistics: &RecordStatistics) -> Result<OfFile, Error> {
    let failed = |source| Error::File { path: name.to_owned(), source };
    let options = Options { partial: true, explicit: true, ..Options::default() };
    let alone = Beside::new([], &[], options);
    let hasher = TextHasher::default();
    let log = Log {
        name,
        kind: &LineKind::Json,
        options,
        beside: &alone,
        hasher: &hasher,
        is_compared: false,
        has_mlspec: true,
        refuses_others: true,
        is_from_start: true,
        is_fixable: false,
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut whole = StatisticsPart::default();
    let mut fold = |own: ObservedPart<StatisticsPart>| {
        whole.merge(&own.part);
        Ok(())
    };
    let end = log.observe(reader, threads, &alone, statistics, &mut fold).map_err(failed)?;
    if let Some(damage) = end.damage {
        return Err(failed(damage));
    }
    if whole.has_too_many {
        let why = format!(
            "{name}: its records have more than {MOST_FIELDS} different fields; features have names, and no values in them"
        );
        return Err(Error::Usage(why));
    }
    let records = if whole.invalid == 1 { "1 record is" } else { &format!("{} records are", thousands(whole.invalid)) };
    let unread = (whole.invalid > 0).then(|| format!("{name}: {records} invalid, and"));
    Ok((whole.table, unread))
}

/// Returns whether the first line that is not blank is an inference record.
fn begins_with_a_record(name: &str, head: &[u8]) -> bool {
    let first = head.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty());
    let Some(Ok(text)) = first.map(std::str::from_utf8) else { return false };
    analysis::members(name, text, &Options::default()).iter().any(|member| analysis::is_record(member.kind))
}

fn merge(args: &MergeProfilesArgs) -> Result<Exit, Error> {
    refuse_overwriting(&args.written, &args.profiles)?;
    let mut whole: Option<(TableStatistics, ProfileHead)> = None;
    for path in &args.profiles {
        let document = read(path, args.max_file_size)?;
        let failed = |error| Error::Usage(format!("{}: {error}", path.display()));
        let statistics = document.statistics().map_err(failed)?;
        match &mut whole {
            Some((whole, head)) => {
                whole.merge(&statistics);
                let other = document.head;
                head.schema = head.schema.take().filter(|own| Some(own) == other.schema.as_ref());
                head.environment = head.environment.take().filter(|own| Some(own) == other.environment.as_ref());
                if head.dataset != other.dataset && args.written.dataset.is_none() {
                    return Err(Error::Usage(format!(
                        "{} is of the dataset {}, the profiles before of {}; --dataset says what they are of together",
                        path.display(),
                        other.dataset,
                        head.dataset
                    )));
                }
            }
            None => whole = Some((statistics, document.head)),
        }
    }
    let Some((statistics, first)) = whole else { return Err(Error::Usage("name profiles".to_owned())) };
    let written = &args.written;
    let own = head(written, written.dataset.clone().unwrap_or(first.dataset), None);
    let merged = ProfileHead {
        schema: own.schema.clone().or(first.schema),
        environment: own.environment.clone().or(first.environment),
        ..own
    };
    write(&merged, &statistics, written)?;
    Ok(Exit::Clean)
}

/// Reads a profile from a file.
///
/// # Errors
/// If it holds none, or several.
pub(super) fn read(path: &Path, limit: u64) -> Result<ProfileDocument, Error> {
    let name = path.to_string_lossy().replace('\\', "/");
    let file = FileToCheck { name: name.clone(), path: path.to_owned(), explicit: true };
    let bytes = files::read(&file, limit).map_err(|problem| Error::Usage(problem.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| Error::Usage(format!("{name} is not UTF-8")))?;
    let read = analysis::unchecked(&name, &text, &Options::default());
    let mut profiles = read.members.iter().filter(|member| member.kind == Kind::Profile);
    let (Some(member), None) = (profiles.next(), profiles.next()) else {
        return Err(Error::Usage(format!("{name} does not hold one profile; `mlspec-lint check` shows what it holds")));
    };
    ProfileDocument::read(&member.tree, member.root).map_err(|error| Error::Usage(format!("{name}: {error}")))
}

/// Returns the name of a dataset in a file: that of the file, of letters, digits, `-`, `_` and `.`.
pub(super) fn dataset_name(file: &Path) -> String {
    let name = file.to_string_lossy();
    let stem = Path::new(FileCompression::of_name(&name).1)
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    let name: String = stem
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c.to_ascii_lowercase() } else { '-' })
        .collect();
    let name = name.trim_matches(['-', '_', '.']);
    if name.is_empty() { "data".to_owned() } else { name.to_owned() }
}

fn head(args: &WrittenProfileArgs, dataset: String, dataset_digest: Option<String>) -> ProfileHead {
    let plain = dataset.split('@').next().unwrap_or(&dataset);
    ProfileHead {
        ml_spec_version: "0.2.0".to_owned(),
        kind: "profile".to_owned(),
        id: uuid::Uuid::new_v4().to_string(),
        name: args.name.clone().unwrap_or_else(|| format!("{plain}-profile")),
        dataset,
        dataset_digest,
        schema: args.schema.clone(),
        environment: args.environment.clone(),
        performed_on: now(),
    }
}

/// Returns the time to the second, in UTC.
pub(super) fn now() -> String {
    let now = Timestamp::now();
    let whole = now.checked_sub(SignedDuration::from_nanos(i64::from(now.subsec_nanosecond()))).unwrap_or(now);
    whole.to_string()
}

fn refuse_overwriting(args: &WrittenProfileArgs, inputs: &[PathBuf]) -> Result<(), Error> {
    let outputs: Vec<&Path> = args.output.iter().map(PathBuf::as_path).collect();
    output::refuse_overwriting(&outputs, inputs.iter().map(PathBuf::as_path))
}

fn write(head: &ProfileHead, statistics: &TableStatistics, args: &WrittenProfileArgs) -> Result<(), Error> {
    let document = ProfileDocument::new(head.clone(), statistics);
    let is_json = match (args.format, &args.output) {
        (Some(format), _) => format == DocumentFormat::Json,
        (None, Some(path)) => path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")),
        (None, None) => false,
    };
    let text = if is_json { to_json(&document) } else { to_yaml(&document) };
    let text = text.map_err(|error| Error::Usage(error.to_string()))?;
    match &args.output {
        Some(path) => output::write_atomically(path, text.as_bytes()),
        None => output::to_stdout_raw(|out| out.write_all(text.as_bytes())),
    }
}
