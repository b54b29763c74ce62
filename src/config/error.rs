//! Errors in a settings file.

use std::fmt;
use std::io;

use crate::text::LineCol;

/// Why settings cannot be used. Displayed as one line per problem, each with the name of the file.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{file}: {source}")]
    Unreadable {
        /// The file, as named in messages.
        file: String,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A `pyproject.toml` that was named as the settings file contains none.
    #[error("{file}: there is no table [tool.mlspec-lint]")]
    NoTable {
        /// The file, as named in messages.
        file: String,
    },
    /// The text is not TOML, or its settings are wrong.
    #[error("{}", Lines { file, problems })]
    Invalid {
        /// The file, as named in messages.
        file: String,
        /// All problems, in the order of the text.
        problems: Vec<ConfigProblem>,
    },
}

/// One problem of a settings file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigProblem {
    /// Where it is.
    pub place: LineCol,
    /// One sentence without a full stop.
    pub message: String,
}

struct Lines<'e> {
    file: &'e str,
    problems: &'e [ConfigProblem],
}

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, ConfigProblem { place, message }) in self.problems.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{}:{place}: {message}", self.file)?;
        }
        Ok(())
    }
}
