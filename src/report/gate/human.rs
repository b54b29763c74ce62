//! For people: each objective with its reason, then value, bound and margin of each claim, aligned.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::{Row, left_out, result_line, row};
use crate::objectives::verdict::{ClaimTruth, GateVerdict, JudgedClaim, JudgedObjective, ObjectiveVerdict, Verdict};
use crate::report::Style;
use crate::text::visible;

/// Writes the verdict for people.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn write(verdict: &Verdict, style: Style, out: &mut dyn Write) -> io::Result<()> {
    write_inputs(verdict, out)?;
    for objective in &verdict.objectives {
        write_objective(objective, style, out)?;
    }
    writeln!(out)?;
    let paint = match verdict.verdict {
        GateVerdict::Pass => ObjectiveVerdict::Pass,
        GateVerdict::Warn => ObjectiveVerdict::Warn,
        GateVerdict::Unknown => ObjectiveVerdict::Unknown,
        GateVerdict::Fail => ObjectiveVerdict::Fail,
    };
    writeln!(out, "{}", painted(&result_line(verdict), paint, style))
}

/// Writes the judged documents, since some may have been chosen automatically.
fn write_inputs(verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
    let inputs = verdict.inputs.iter().map(|input| (input.role.name(), &input.path));
    for (role, path) in inputs.chain(verdict.subject.iter().map(|subject| ("subject", &subject.name))) {
        writeln!(out, "{role:<11}{}", visible(path))?;
    }
    for concern in &verdict.concerns {
        writeln!(out, "warning    {}", visible(&concern.message))?;
    }
    match &verdict.as_of {
        Some(day) => writeln!(out, "as of      {day}\n"),
        None => writeln!(out),
    }
}

fn write_objective(objective: &JudgedObjective, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let label = format!("{:<8}", objective.verdict.name());
    writeln!(
        out,
        "{} {}: {}",
        painted(&label, objective.verdict, style),
        visible(&objective.id),
        visible(&objective.expression)
    )?;
    let margin = match objective.claims.as_slice() {
        [claim] => margin(claim),
        _ => None,
    };
    writeln!(out, "{INDENT}{}{}", visible(&objective.message), visible(&margin.unwrap_or_default()))?;
    // For a single claim, reason and margin are sufficient.
    if objective.claims.len() > 1 {
        let rows: Vec<(Row, ClaimTruth)> = objective.claims.iter().map(|claim| (row(claim), claim.truth)).collect();
        let width =
            |column: fn(&Row) -> &str| rows.iter().map(|(row, _)| visible(column(row)).width()).max().unwrap_or(0);
        let widths = [width(|row| &row.what), width(|row| &row.value), width(|row| &row.bound)];
        for (row, truth) in &rows {
            let mark = match (truth, style.unicode) {
                (ClaimTruth::True, true) => "✓",
                (ClaimTruth::False, true) => "✗",
                (ClaimTruth::Unknown, _) => "?",
                (ClaimTruth::True, false) => "+",
                (ClaimTruth::False, false) => "x",
            };
            let cells = [padded(&row.what, widths[0]), padded(&row.value, widths[1]), padded(&row.bound, widths[2])];
            let line = format!("{mark} {}  {}", cells.join("  "), visible(&row.margin));
            writeln!(out, "{INDENT}  {}", line.trim_end())?;
        }
    }
    match left_out(objective) {
        Some(sentence) => writeln!(out, "{INDENT}{}", visible(&sentence)),
        None => Ok(()),
    }
}

/// Returns the distance of a value from its bound; and the bound itself, if it is derived from a reference and not part of the reason.
fn margin(claim: &JudgedClaim) -> Option<String> {
    claim.margin.as_ref()?;
    let row = row(claim);
    let is_derived = claim.reference.is_some() && claim.truth == ClaimTruth::True;
    let bound = if is_derived { format!("{}, ", row.bound) } else { String::new() };
    Some(format!("  ({bound}margin {})", row.margin))
}

/// The indentation below an id.
const INDENT: &str = "         ";

fn padded(text: &str, width: usize) -> String {
    let text = visible(text);
    let gap = width.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(gap))
}

fn painted(text: &str, verdict: ObjectiveVerdict, style: Style) -> String {
    if !style.color {
        return text.to_owned();
    }
    let code = match verdict {
        ObjectiveVerdict::Pass => "32",
        ObjectiveVerdict::Warn | ObjectiveVerdict::Waived => "33",
        ObjectiveVerdict::Unknown => "35",
        ObjectiveVerdict::Fail => "31",
    };
    format!("\u{1b}[1;{code}m{text}\u{1b}[0m")
}
