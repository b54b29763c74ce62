//! Workflow commands of GitHub Actions: an annotation for each objective that does not pass, and the result.

use std::io::{self, Write};

use super::result_line;
use crate::objectives::verdict::{GateMode, ObjectiveVerdict, Verdict};
use crate::report::github::{data, property};
use crate::text::visible;

/// Writes the verdict as workflow commands.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn write(verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
    for objective in &verdict.objectives {
        let command = match objective.verdict {
            ObjectiveVerdict::Pass => continue,
            ObjectiveVerdict::Warn | ObjectiveVerdict::Waived => "warning",
            // A dry run blocks nothing.
            _ if verdict.mode == GateMode::DryRun => "warning",
            ObjectiveVerdict::Unknown | ObjectiveVerdict::Fail => "error",
        };
        let source = &objective.source;
        let (path, id) = (visible(&source.path), visible(&objective.id));
        let title = format!("{}: {id}", objective.verdict.name());
        write!(out, "::{command} file={},line={},col={}", property(&path), source.line, source.column)?;
        write!(out, ",title={}::", property(&title))?;
        let text = format!("{path}:{}:{}: {title}: {}", source.line, source.column, visible(&objective.message));
        writeln!(out, "{}", data(&text))?;
    }
    for concern in &verdict.concerns {
        writeln!(out, "::warning title=warn::{}", data(&visible(&concern.message)))?;
    }
    writeln!(out, "{}", result_line(verdict))
}
