//! For people: each objective with its reason, then value, bound and margin of each claim, aligned.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::{Row, left_out, result_line, row};
use crate::objectives::verdict::{
    ClaimTruth, GateVerdict, JudgedClaim, JudgedLog, JudgedObjective, ObjectiveVerdict, Verdict,
};
use crate::report::Style;
use crate::report::wrap::{fitting, wrapped};
use crate::text::{thousands, visible};

/// Writes the verdict for people.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn write(verdict: &Verdict, style: Style, out: &mut dyn Write) -> io::Result<()> {
    write_inputs(verdict, style, out)?;
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
    writeln!(out, "{}", painted(&lines("", "", &result_line(verdict), style), paint, style))
}

/// Wraps a text that begins with `first` to the width of the terminal; a single line if that is unknown.
fn lines(first: &str, rest: &str, text: &str, style: Style) -> String {
    match style.is_width_known {
        true => wrapped(first, rest, text, style.width),
        false => format!("{first}{text}"),
    }
}

/// Writes the judged documents, since some may have been chosen automatically.
fn write_inputs(verdict: &Verdict, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let inputs = verdict.inputs.iter().map(|input| (input.role.name(), &input.path));
    for (role, path) in inputs.chain(verdict.subject.iter().map(|subject| ("subject", &subject.name))) {
        writeln!(out, "{role:<11}{}", visible(path))?;
    }
    if let Some(log) = &verdict.log {
        writeln!(out, "{}", lines("records    ", "           ", &visible(&log_line(log)), style))?;
    }
    for concern in &verdict.concerns {
        writeln!(out, "{}", lines("warning    ", "           ", &visible(&concern.message), style))?;
    }
    match &verdict.as_of {
        Some(day) => writeln!(out, "as of      {day}\n"),
        None => writeln!(out),
    }
}

fn write_objective(objective: &JudgedObjective, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let label = painted(&format!("{:<8}", objective.verdict.name()), objective.verdict, style);
    let condition = format!("{}: {}", visible(&objective.id), visible(&objective.expression));
    writeln!(out, "{}", lines(&format!("{label} "), INDENT, &condition, style))?;
    let margin = match objective.claims.as_slice() {
        [claim] => margin(claim),
        _ => None,
    };
    let reason = format!("{}{}", visible(&objective.message), visible(&margin.unwrap_or_default()));
    writeln!(out, "{}", lines(INDENT, INDENT, &reason, style))?;
    // For a single claim, reason and margin are sufficient.
    if objective.claims.len() > 1 {
        write_claims(&objective.claims, style, out)?;
    }
    match left_out(objective) {
        Some(sentence) => writeln!(out, "{}", lines(INDENT, INDENT, &visible(&sentence), style)),
        None => Ok(()),
    }
}

/// Writes a table of the claims; if it does not fit the terminal, the subject of each claim goes above its values.
fn write_claims(claims: &[JudgedClaim], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<(Row, ClaimTruth)> = claims.iter().map(|claim| (row(claim), claim.truth)).collect();
    let width = |column: fn(&Row) -> &str| rows.iter().map(|(row, _)| visible(column(row)).width()).max().unwrap_or(0);
    let widths = [width(|row| &row.what), width(|row| &row.value), width(|row| &row.bound), width(|row| &row.margin)];
    // Two columns before each but the first, which has its mark.
    let whole = INDENT.len() + 4 + widths.iter().sum::<usize>() + 6;
    let is_narrow = style.is_width_known && whole > fitting(style.width);
    for (row, truth) in &rows {
        let mark = match (truth, style.unicode) {
            (ClaimTruth::True, true) => "✓",
            (ClaimTruth::False, true) => "✗",
            (ClaimTruth::Unknown, _) => "?",
            (ClaimTruth::True, false) => "+",
            (ClaimTruth::False, false) => "x",
        };
        let values =
            format!("{}  {}  {}", padded(&row.value, widths[1]), padded(&row.bound, widths[2]), visible(&row.margin));
        if is_narrow {
            let (first, below) = (format!("{INDENT}  {mark} "), format!("{INDENT}    "));
            writeln!(out, "{}", wrapped(&first, &below, &visible(&row.what), style.width))?;
            writeln!(out, "{}", wrapped(&below, &below, values.trim_end(), style.width))?;
        } else {
            let line = format!("{mark} {}  {values}", padded(&row.what, widths[0]));
            writeln!(out, "{INDENT}  {}", line.trim_end())?;
        }
    }
    Ok(())
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

/// Returns what was read of logs, as a sentence.
fn log_line(log: &JudgedLog) -> String {
    let counted = |count: u64, what: &str| (count > 0).then(|| format!("{} {what}", thousands(count)));
    let others = [
        counted(log.invalid, "invalid"),
        counted(log.requests, "of requests alone"),
        counted(log.duplicated, "there several times"),
        counted(log.untimed, "without a time"),
    ];
    let others: Vec<String> = others.into_iter().flatten().collect();
    let others = if others.is_empty() { String::new() } else { format!(" ({})", others.join(", ")) };
    let span = match (&log.from, &log.to) {
        (Some(from), Some(to)) => format!(", {from} to {to}"),
        _ => String::new(),
    };
    let mut text =
        format!("{} of {} measured on {}{others}{span}", thousands(log.measured), thousands(log.records), log.dataset);
    for window in &log.windows {
        text += &format!("; window {} to {}: {}", window.from, window.to, thousands(window.records));
    }
    text
}
