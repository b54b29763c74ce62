//! Reading a file without blocking forever or exceeding a memory limit.

use std::fs::{self, File, OpenOptions};
use std::io::{Error, Read, Result as IoResult};
use std::path::Path;

use super::{FileProblem, FileProblemKind, FileToCheck};

/// Reads a file of at most `max_file_size` bytes.
///
/// # Errors
/// If it is not a regular file, is too large, or cannot be read.
pub fn read(candidate: &FileToCheck, max_file_size: u64) -> Result<Vec<u8>, FileProblem> {
    let path = &candidate.path;
    let problem = |kind| FileProblem { name: candidate.name.clone(), kind };
    let failed = |error: Error| problem(FileProblemKind::of(&error, path));
    let file = open(path).map_err(|error| match fs::metadata(path) {
        // Some non-files cannot even be opened.
        Ok(metadata) if !metadata.is_file() => problem(FileProblemKind::of_other(&metadata)),
        _ => failed(error),
    })?;
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() {
        return Err(problem(FileProblemKind::of_other(&metadata)));
    }
    if metadata.len() > max_file_size {
        return Err(problem(FileProblemKind::TooLarge { size: metadata.len(), limit: max_file_size }));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    // The file may have grown since: one byte beyond the limit is enough to detect that.
    file.take(max_file_size.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if size > max_file_size {
        return Err(problem(FileProblemKind::TooLarge { size, limit: max_file_size }));
    }
    Ok(bytes)
}

/// Opens a file without querying its metadata first, which would take as long again. Opening a named pipe waits for its writer, unless
/// non-blocking mode is requested.
fn open(path: &Path) -> IoResult<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    options.read(true).open(path)
}
