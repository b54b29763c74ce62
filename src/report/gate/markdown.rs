//! A table in GitHub's Markdown, for job summaries and comments on pull requests.

use std::io::{self, Write};

use super::{left_out, result_line, row};
use crate::objectives::verdict::{ClaimTruth, JudgedObjective, ObjectiveVerdict, Verdict};
use crate::report::markdown::{cell, code};

/// Writes the verdict as Markdown.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn write(verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### {}\n", cell(&result_line(verdict)))?;
    writeln!(out, "| | objective | demands | reason |")?;
    writeln!(out, "|---|---|---|---|")?;
    for objective in &verdict.objectives {
        let mark = match objective.verdict {
            ObjectiveVerdict::Pass => "✅ pass",
            ObjectiveVerdict::Warn => "⚠️ warn",
            ObjectiveVerdict::Waived => "⚠️ waived",
            ObjectiveVerdict::Unknown => "❔ unknown",
            ObjectiveVerdict::Fail => "❌ fail",
        };
        let (id, demand, why) = (cell(&objective.id), code(&objective.expression), cell(&reason(objective)));
        writeln!(out, "| {mark} | {id} | {demand} | {why} |")?;
    }
    for objective in verdict.objectives.iter().filter(|objective| objective.claims.len() > 1) {
        writeln!(out, "\n<details><summary>{}</summary>\n", cell(&objective.id))?;
        writeln!(out, "| | | value | bound | margin |")?;
        writeln!(out, "|---|---|---|---|---|")?;
        for claim in &objective.claims {
            let mark = match claim.truth {
                ClaimTruth::True => "✅",
                ClaimTruth::False => "❌",
                ClaimTruth::Unknown => "❔",
            };
            let row = row(claim);
            let cells = [row.what, row.value, row.bound, row.margin].map(|text| cell(&text));
            writeln!(out, "| {mark} | {} |", cells.join(" | "))?;
        }
        writeln!(out, "\n</details>")?;
    }
    for concern in &verdict.concerns {
        writeln!(out, "\n⚠️ {}", cell(&concern.message))?;
    }
    match &verdict.as_of {
        Some(day) => writeln!(out, "\nAs of {day}."),
        None => Ok(()),
    }
}

fn reason(objective: &JudgedObjective) -> String {
    [Some(objective.message.clone()), left_out(objective)].into_iter().flatten().collect::<Vec<_>>().join("; ")
}
