//! `infer`: the first version of a data schema, from a sample of the data.

use std::path::{Path, PathBuf};

use super::data_args::InferArgs;
use super::data_files::{format_of, open};
use super::profile::dataset_name;
use super::{Error, Exit, output};
use crate::data::infer::{InferHead, infer};

pub(super) fn run(args: &InferArgs) -> Result<Exit, Error> {
    let outputs: Vec<&Path> = args.output.iter().map(PathBuf::as_path).collect();
    output::refuse_overwriting(&outputs, [args.file.as_path()])?;
    let is_stdin = args.file.as_os_str() == "-";
    let name = if is_stdin { args.stdin_filename.clone() } else { args.file.to_string_lossy().replace('\\', "/") };
    let head = InferHead {
        id: uuid::Uuid::new_v4().to_string(),
        name: args.name.clone().unwrap_or_else(|| dataset_name(Path::new(&name))),
        dataset: args.dataset.clone(),
    };
    let failed = |source| Error::File { path: name.clone(), source };
    let format = format_of(&name)?;
    let inferred = infer(format, open(&args.file, format)?, args.limit, &head).map_err(failed)?;
    let mut exit = Exit::Clean;
    if let Some(bad) = &inferred.first_unread {
        let place = format!("{name}:{}:{}", bad.place.line, bad.place.column);
        if bad.number == 0 {
            return Err(Error::Usage(format!("{place}: {}, so that no schema can be inferred", bad.fault)));
        }
        let rows = if inferred.unread == 1 { "1 row was" } else { &format!("{} rows were", inferred.unread) };
        output::notice(format_args!("error: {place}: {}; {rows} left out", bad.fault));
        exit = Exit::Findings;
    }
    if inferred.rows == 0 {
        return Err(Error::Usage(format!("{name} has no row that could be read, so that no schema can be inferred")));
    }
    match &args.output {
        Some(path) => output::write_atomically(path, inferred.text.as_bytes())?,
        None => output::to_stdout_raw(|out| out.write_all(inferred.text.as_bytes()))?,
    }
    Ok(exit)
}
