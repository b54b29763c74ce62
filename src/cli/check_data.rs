//! `check` of data: each table against its schema, read as a stream.

use std::io::{self, Read};
use std::path::PathBuf;

use super::args::CheckArgs;
use super::data_files::{known_format, open};
use super::inputs::Inputs;
use super::overlap::refused;
use super::schema_of_data::{SchemaFinder, SchemaLookup};
use super::{Error, parquet};
use crate::analysis::{FileReport, Options, TableFindings, detect_text, is_record, table_report, unreadable};
use crate::config::Config;
use crate::data::check::{
    CheckOptions, DataReport, PreparedSchema, ReferenceData, SplitFinding, check, findings_of_splits, split_search,
};
use crate::data::read::{Table, TableFormat};
use crate::data::sorted::SpillFile;
use crate::documents::detect::Detection;
use crate::files::{self, FileToCheck};
use crate::rules::document::unreadable::UNREADABLE;

/// Returns whether a file is taken for data because of its name: JSON Lines may hold documents, and are data if there is a schema.
pub(super) fn is_data(name: &str, args: &CheckArgs) -> bool {
    match known_format(name) {
        Some(TableFormat::Csv | TableFormat::Tsv | TableFormat::Parquet) => true,
        Some(TableFormat::JsonLines) => args.schema.is_some(),
        None => false,
    }
}

/// Takes the files of data out of the inputs: those that the user named.
///
/// # Errors
/// If there is an option about data, and no data.
pub(super) fn take(inputs: &mut Inputs, args: &CheckArgs, stdin_is_data: bool) -> Result<Vec<FileToCheck>, Error> {
    let is_own = |file: &FileToCheck| file.explicit && is_data(&file.name, args) && !holds_records(file, args);
    let (mut data, others): (Vec<_>, Vec<_>) = std::mem::take(&mut inputs.files).into_iter().partition(is_own);
    inputs.files = others;
    // In the order of the command line: of the sets of a split, that of training is named first.
    let position = |file: &FileToCheck| args.files.paths.iter().position(|path| files::are_same(path, &file.path));
    data.sort_by_cached_key(|file| (position(file), file.name.clone()));
    if stdin_is_data && args.files.paths.iter().any(|path| path.as_os_str() == "-") {
        let name = args.files.stdin_filename.clone();
        data.push(FileToCheck { name, path: PathBuf::from("-"), explicit: true });
    }
    let about_data = [
        ("--schema", args.schema.is_some()),
        ("--reference", args.reference.is_some()),
        ("--environment", args.environment.is_some()),
    ];
    match about_data.iter().find(|(_, is_given)| *is_given && data.is_empty() && inputs.absent == 0) {
        Some((option, _)) => Err(Error::Usage(format!(
            "{option} is about data, and no file of data is named: .csv, .tsv, .jsonl or .ndjson, also .gz or .zst, or .parquet (with --stdin-filename for '-'); MLSpec records are none"
        ))),
        None => Ok(data),
    }
}

/// The lines, and the bytes, of JSON Lines that are looked at for MLSpec records.
const HEAD: (usize, u64) = (100, 1 << 20);

/// Returns whether JSON Lines or Parquet hold MLSpec records: those are checked as a log, whatever schema there is. What cannot be read is told by
/// who reads all of it.
fn holds_records(file: &FileToCheck, args: &CheckArgs) -> bool {
    let format = known_format(&file.name);
    let input = match format {
        Some(TableFormat::JsonLines) => open(&file.path, TableFormat::JsonLines),
        Some(TableFormat::Parquet) => parquet::open_records(&file.path),
        _ => return false,
    };
    let Ok(input) = input else { return false };
    let mut head = Vec::new();
    // Of a damaged file, the beginning may be whole.
    let _ = input.take(HEAD.1).read_to_end(&mut head);
    let head = String::from_utf8_lossy(&head);
    let lines: Vec<&str> = head.split('\n').filter(|line| !line.trim().is_empty()).take(HEAD.0).collect();
    let options = Options { explicit: false, ..Options::default() };
    // Where a schema says that it is a table, rows must say that they are records; the columns of records in Parquet tell it, too.
    let needs_claim = format == Some(TableFormat::JsonLines) || args.schema.is_some();
    let detections = detect_text("head.jsonl", &lines.join("\n"), &options);
    let is_record = |own: &Detection| own.is_claimed() || (!needs_claim && own.kind().is_some_and(is_record));
    detections.iter().flatten().any(is_record)
}

/// Checks tables.
///
/// # Errors
/// If a schema or profile that the user named is none, or a table cannot be read.
pub(super) fn reports(
    data: &[FileToCheck],
    args: &CheckArgs,
    config: &Config,
    inputs: &Inputs,
) -> Result<Vec<FileReport>, Error> {
    let finder = SchemaFinder::new(args, config, inputs)?;
    let options = Options { config, ..Options::default() };
    let split = if args.splits { of_splits(data, args, &finder)? } else { Vec::new() };
    let one = |(number, file): (usize, &FileToCheck)| {
        let also: Vec<SplitFinding> = split.iter().filter(|own| own.table == number).cloned().collect();
        report(file, args, &finder, &also, &options)
    };
    data.iter().enumerate().map(one).collect()
}

/// Compares the sets of a split with each other, in the order in which they are named.
fn of_splits(data: &[FileToCheck], args: &CheckArgs, finder: &SchemaFinder) -> Result<Vec<SplitFinding>, Error> {
    if data.len() < 2 || data.iter().any(|file| file.path.as_os_str() == "-") {
        return Err(Error::Usage("--splits compares two files of data or more, which are read twice".to_owned()));
    }
    let Some(first) = data.first() else { return Ok(Vec::new()) };
    let SchemaLookup::Schema(schema) = finder.of(&first.path)? else { return Ok(Vec::new()) };
    let schema = schema.prepared(args.environment.as_deref())?;
    let mut search = split_search(&schema, &new_spill);
    // As the user named them: that of training first.
    let names: Vec<String> = data.iter().map(|file| file.name.clone()).collect();
    for (name, file) in names.iter().zip(data) {
        let format = known_format(name).unwrap_or(TableFormat::Csv);
        search.read(name, format, open(&file.path, format)?).map_err(|error| refused(name, error))?;
    }
    let failed = |source| Error::File { path: "a temporary file".to_owned(), source };
    Ok(findings_of_splits(&schema, &names, &search.finish().map_err(failed)?))
}

fn report(
    file: &FileToCheck,
    args: &CheckArgs,
    finder: &SchemaFinder,
    also: &[SplitFinding],
    options: &Options<'_>,
) -> Result<FileReport, Error> {
    let environment = args.environment.as_deref();
    let (schema, references, why): (Option<PreparedSchema>, Vec<ReferenceData>, Option<String>) =
        match finder.of(&file.path)? {
            SchemaLookup::Schema(found) => (
                Some(found.prepared(environment)?),
                finder.references(&found, args.reference.as_deref(), environment, file)?,
                None,
            ),
            SchemaLookup::None(why) => (None, Vec::new(), Some(why)),
        };
    let format = known_format(&file.name).unwrap_or(TableFormat::Csv);
    let why =
        why.map(|why| if has_columns_of_records(file, format) { format!("{why}; {READ_AS_RECORDS}") } else { why });
    let check_options = CheckOptions {
        schema: schema.as_ref(),
        no_schema: why.as_deref(),
        references: &references,
        also,
        new_spill: &new_spill,
    };
    let checked = match open(&file.path, format) {
        Ok(input) => check(&file.name, format, input, check_options).map_err(|error| error.to_string()),
        Err(Error::File { source, .. }) => Err(source.to_string()),
        Err(error) => return Err(error),
    };
    let checked = match checked {
        Ok(checked) => checked,
        // The other files are checked all the same.
        Err(why) => return Ok(FileReport::of_finding(&file.name, unreadable(&UNREADABLE, why))),
    };
    let rows = checked.statistics.rows + checked.unread;
    let DataReport { source, findings, unlisted, secrets, .. } = checked;
    Ok(table_report(TableFindings { source, findings, unlisted, secrets, rows }, options))
}

/// What to do with records in a table.
const READ_AS_RECORDS: &str = "its columns are those of inference records, which are read from JSON Lines, Parquet and access logs: write them as one of these";

/// Returns whether the header of a table of texts has the dotted names of what identifies an inference record. Whoever sends standard input
/// sends it once.
fn has_columns_of_records(file: &FileToCheck, format: TableFormat) -> bool {
    if !matches!(format, TableFormat::Csv | TableFormat::Tsv) || file.path.as_os_str() == "-" {
        return false;
    }
    let Ok(input) = open(&file.path, format) else { return false };
    let mut table = Table::new(format, input);
    // What is wrong with the table is told by who reads all of it.
    let _ = table.next_row();
    ["requestInfo.requestId", "requestInfo.requestTimestamp"]
        .iter()
        .all(|name| table.columns().iter().any(|own| own == name))
}

/// Creates a file for what does not fit in memory; it has no name, and is gone with the process.
pub(super) fn new_spill() -> io::Result<Box<dyn SpillFile>> {
    Ok(Box::new(tempfile::tempfile()?))
}
