//! Files in Parquet: their rows as lines of JSON.

use std::io::Read;
use std::path::Path;

use super::Error;

/// Opens a file, or standard input, as a table.
///
/// # Errors
/// If it is no file that can be read, or this build does not read Parquet.
pub(super) fn open_table(path: &Path) -> Result<Box<dyn Read>, Error> {
    own::open(path, false)
}

/// Opens a file as a log of records.
///
/// # Errors
/// If it is no file that can be read, or this build does not read Parquet.
pub(super) fn open_records(path: &Path) -> Result<Box<dyn Read>, Error> {
    own::open(path, true)
}

/// Returns whether the name of a file says that it is in Parquet.
pub(super) fn is_named(name: &str) -> bool {
    super::data_files::known_format(name) == Some(crate::data::read::TableFormat::Parquet)
}

#[cfg(feature = "parquet")]
mod own {
    use std::fs::File;
    use std::io::{self, Read, Seek};
    use std::path::Path;

    use super::Error;
    use crate::data::read::parquet::{ParquetLineForm, ParquetLines};

    pub(super) fn open(path: &Path, has_records: bool) -> Result<Box<dyn Read>, Error> {
        let form = if has_records { ParquetLineForm::Records } else { ParquetLineForm::Table };
        let is_stdin = path.as_os_str() == "-";
        let name = if is_stdin { "standard input".to_owned() } else { path.display().to_string() };
        let lines = || -> io::Result<ParquetLines> {
            let file = match is_stdin {
                true => stored_stdin()?,
                false => File::open(path)?,
            };
            ParquetLines::open(file, form)
        };
        Ok(Box::new(lines().map_err(|source| Error::File { path: name, source })?))
    }

    /// Stores standard input, since what tells how a file in Parquet is read stands at its end.
    fn stored_stdin() -> io::Result<File> {
        let mut file = tempfile::tempfile()?;
        io::copy(&mut io::stdin().lock(), &mut file)?;
        file.rewind()?;
        Ok(file)
    }
}

#[cfg(not(feature = "parquet"))]
mod own {
    use std::io::Read;
    use std::path::Path;

    use super::Error;

    pub(super) fn open(path: &Path, _: bool) -> Result<Box<dyn Read>, Error> {
        Err(Error::Usage(format!(
            "{}: this build does not read Parquet; the wheel does (pip install), and so does what is built with `--features parquet`",
            path.display()
        )))
    }
}
