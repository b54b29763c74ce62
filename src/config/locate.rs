//! Finding and reading settings files. The only part of the settings that does I/O and uses the working folder.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Config, ConfigError, TomlKind, lexical, slashed};

/// The names of settings files; in one folder, earlier ones take precedence.
const NAMES: &[&str] = &["mlspec-lint.toml", ".mlspec-lint.toml", "pyproject.toml"];

impl Config {
    /// Finds the settings that apply to `start`, a file or folder: those of the nearest folder up the tree that has any. A
    /// `pyproject.toml` only counts if it contains the table `[tool.mlspec-lint]`.
    ///
    /// # Errors
    /// If the nearest settings cannot be read, or are invalid.
    pub fn discover(start: &Path) -> Result<Option<Self>, ConfigError> {
        let base = working_folder();
        for folder in lexical(&base.join(start)).ancestors() {
            for name in NAMES {
                let file = folder.join(name);
                if !file.is_file() {
                    continue;
                }
                match Self::load_from(&file, &base) {
                    Err(ConfigError::NoTable { .. }) => {}
                    found => return found.map(Some),
                }
            }
        }
        Ok(None)
    }

    /// Loads the settings in a file that the user named. The name determines the kind of file: see [`TomlKind::of`].
    ///
    /// # Errors
    /// If the file cannot be read, is invalid, or is a `pyproject.toml` without settings.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        Self::load_from(path, &working_folder())
    }

    fn load_from(path: &Path, base: &Path) -> Result<Self, ConfigError> {
        let file = lexical(&base.join(path));
        let name = slashed(file.strip_prefix(base).unwrap_or(&file));
        let text = match read(path) {
            Ok(text) => text,
            Err(source) => return Err(ConfigError::Unreadable { file: name, source }),
        };
        let config = Self::parse_named(&text, &file, &name, TomlKind::of(path))?;
        Ok(Self { base: base.to_owned(), ..config })
    }
}

/// Reads a regular file. Others are rejected: reading a named pipe waits for its writer, and a device has no end.
fn read(path: &Path) -> io::Result<String> {
    match fs::metadata(path)?.is_file() {
        true => fs::read_to_string(path),
        false => Err(io::Error::other("not a regular file")),
    }
}

/// Returns the working folder; empty, so that paths stay relative, if it no longer exists.
fn working_folder() -> PathBuf {
    env::current_dir().unwrap_or_default()
}
