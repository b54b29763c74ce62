//! What is wrong with the settings, as diagnostics of their file.

use serde_json::{Value, json};

use super::uri;
use crate::cli::Error;
use crate::config::ConfigError;

/// What is wrong with a file of settings.
pub(super) struct WrongSettings {
    /// The URI of the file.
    pub uri: String,
    /// Its diagnostics.
    pub diagnostics: Value,
}

impl WrongSettings {
    /// Returns what is wrong with the settings; `None` if that is not about a place of a file.
    pub fn of(error: &Error) -> Option<Self> {
        let Error::Config(ConfigError::Invalid { file, problems }) = error else { return None };
        let path = std::path::absolute(file).ok()?;
        let diagnostic = |own: &crate::config::ConfigProblem| {
            let line = own.place.line.saturating_sub(1);
            // The whole line: a position behind its end is at its end, in any encoding.
            let range = json!({"start": {"line": line, "character": 0}, "end": {"line": line, "character": i32::MAX}});
            json!({"range": range, "severity": 1, "source": "mlspec-lint", "message": own.message})
        };
        Some(Self {
            uri: uri::of_path(&path.to_string_lossy()),
            diagnostics: problems.iter().map(diagnostic).collect(),
        })
    }
}
