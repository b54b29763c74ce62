//! `profile`: the statistics of data as a document, and profiles added up.

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::args::Global;
use super::data_args::{DocumentFormat, MergeProfilesArgs, ProfileArgs, ProfileCommand, WrittenProfileArgs};
use super::data_files::{Digesting, decoded, digest_of, format_of, open, open_stored};
use super::{Error, Exit, output};
use crate::analysis::{self, Options};
use crate::data::profile::{ProfileDocument, ProfileHead, profile, to_json, to_yaml};
use crate::data::read::TableFormat;
use crate::data::statistics::TableStatistics;
use crate::documents::Kind;
use crate::files::{self, FileCompression, FileToCheck};

pub(super) fn run(args: &ProfileArgs, _: &Global) -> Result<Exit, Error> {
    match &args.command {
        Some(ProfileCommand::Merge(args)) => merge(args),
        None => of_tables(args),
    }
}

fn of_tables(args: &ProfileArgs) -> Result<Exit, Error> {
    refuse_overwriting(&args.written, &args.files)?;
    let mut whole: Option<TableStatistics> = None;
    let mut digest = None;
    let mut exit = Exit::Clean;
    for path in &args.files {
        let is_stdin = path.as_os_str() == "-";
        let name = if is_stdin { args.stdin_filename.clone() } else { path.to_string_lossy().replace('\\', "/") };
        let format = format_of(&name)?;
        let failed = |source| Error::File { path: name.clone(), source };
        // The digest is that of the file as it is stored.
        let read = if format == TableFormat::Parquet {
            digest = (!is_stdin).then(|| digest_of(path)).transpose()?;
            profile(format, open(path, format)?).map_err(failed)?
        } else {
            let mut input = Digesting::new(open_stored(path)?);
            let read = profile(format, decoded(path, &mut input)?).map_err(failed)?;
            digest = Some(input.digest());
            read
        };
        if let Some(bad) = &read.first_unread {
            let rows = if read.unread == 1 { "1 row is" } else { &format!("{} rows are", read.unread) };
            output::notice(format_args!(
                "error: {name}:{}:{}: {}; {rows} not in the profile, `mlspec-lint check {name}` shows which",
                bad.place.line, bad.place.column, bad.fault
            ));
            exit = Exit::Findings;
        }
        match &mut whole {
            Some(whole) => whole.merge(&read.statistics),
            None => whole = Some(read.statistics),
        }
    }
    let statistics = whole.unwrap_or_default();
    if statistics.fields.is_empty() {
        return Err(Error::Usage("there is no field, so there is no profile".to_owned()));
    }
    let first = args.files.first().filter(|path| path.as_os_str() != "-");
    let file = first.map_or_else(|| PathBuf::from(&args.stdin_filename), Clone::clone);
    let digest = digest.filter(|_| args.files.len() == 1);
    let dataset = args.written.dataset.clone().unwrap_or_else(|| dataset_name(&file));
    write(&head(&args.written, dataset, digest), &statistics, &args.written)?;
    Ok(exit)
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
