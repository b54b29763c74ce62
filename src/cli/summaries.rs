//! `check --merge`: the summaries of the parts of logs, added up in their order.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::args::{CheckArgs, FileArgs};
use super::inputs::Inputs;
use super::{Error, output};
use crate::files::FileToCheck;
use crate::records::{CheckedLog, LogSummary, SummedLog};
use crate::text::visible;

/// The greatest file of summaries that is read, in bytes.
const MOST_BYTES: u64 = 1 << 30;

/// Logs whose parts were checked elsewhere.
pub(super) struct MergedLogs {
    /// The arguments, with the logs in place of the summaries.
    pub args: CheckArgs,
    /// The logs by name, in the order of their first parts.
    pub logs: Vec<(String, CheckedLog)>,
    /// The files of summaries.
    pub files: Vec<PathBuf>,
}

/// Adds up the summaries that the arguments name: files, or standard input, with one or several summaries each.
///
/// # Errors
/// If they are not all parts of logs.
pub(super) fn merged(args: &CheckArgs) -> Result<MergedLogs, Error> {
    let mut sums: Vec<(String, SummedLog)> = Vec::new();
    for path in &args.files.paths {
        let name = path.to_string_lossy();
        let refused = |why: &dyn std::fmt::Display| Error::Usage(format!("{}: {why}", visible(&name)));
        let text = read(path)?;
        let mut count = 0;
        for summary in serde_json::Deserializer::from_str(&text).into_iter::<LogSummary>() {
            let why = "it is no summary as `check --summary` prints it";
            let summary = summary.map_err(|error| refused(&format!("{why}: {error}")))?;
            count += 1;
            let at = sums.iter().position(|(log, _)| *log == summary.log).unwrap_or(sums.len());
            if at == sums.len() {
                sums.push((summary.log.clone(), SummedLog::default()));
            }
            if let Some((_, sum)) = sums.get_mut(at) {
                sum.add(summary).map_err(|error| refused(&error))?;
            }
        }
        if count == 0 {
            return Err(refused(&"there is no summary in it"));
        }
    }
    let mut logs = Vec::new();
    for (name, sum) in sums {
        if sum.chained > 0 && !args.quiet {
            output::notice(format_args!(
                "warning: {}: the first records of {} parts are not compared with the records before them, to which they may be chained",
                visible(&name),
                sum.chained
            ));
        }
        let log = sum.finish().map_err(|error| Error::Usage(format!("{}: {error}", visible(&name))))?;
        logs.push((name, log));
    }
    if logs.is_empty() {
        return Err(Error::Usage("name the summaries of the parts of a log, in their order".to_owned()));
    }
    let paths = logs.iter().map(|(name, _)| PathBuf::from(name)).collect();
    let args_of_logs = CheckArgs { files: FileArgs { paths, ..args.files.clone() }, ..args.clone() };
    Ok(MergedLogs { args: args_of_logs, logs, files: args.files.paths.clone() })
}

fn read(path: &Path) -> Result<String, Error> {
    let failed = |source| Error::File { path: path.display().to_string(), source };
    let mut text = String::new();
    let read = match path.as_os_str() == "-" {
        true => std::io::stdin().lock().take(MOST_BYTES + 1).read_to_string(&mut text),
        false => std::fs::File::open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_string(&mut text)),
    };
    match read.map_err(failed)? as u64 > MOST_BYTES {
        true => Err(Error::Usage(format!("{} is larger than any summary", path.display()))),
        false => Ok(text),
    }
}

/// Returns logs as the inputs that they were.
pub(super) fn inputs_of(logs: &[(String, CheckedLog)]) -> Inputs {
    let file = |(name, _): &(String, CheckedLog)| FileToCheck {
        name: name.clone(),
        path: PathBuf::from(name),
        explicit: true,
    };
    Inputs {
        files: logs.iter().map(file).collect(),
        problems: Vec::new(),
        stdin: None,
        absent: 0,
        passed_over: Vec::new(),
    }
}
