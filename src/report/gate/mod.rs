//! Output formats of `gate`: pure functions from a [`Verdict`] to bytes.

mod github;
#[cfg(feature = "cli")]
mod human;
mod junit;
mod markdown;

use std::io::{self, Write};

pub use github::write as github;
#[cfg(feature = "cli")]
pub use human::write as human;
pub use junit::write as junit;
pub use markdown::write as markdown;

use crate::objectives::verdict::{
    ClaimTruth, GateMode, JudgedClaim, JudgedObjective, ObjectiveCounts, ObjectivePart, Verdict,
};

/// Writes the verdict as JSON, which `schemas/verdict.schema.json` describes.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn json(verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, verdict)?;
    writeln!(out)
}

/// `gate: fail (5 pass, 1 warn, 0 unknown, 1 fail, 0 waived)`
fn result_line(verdict: &Verdict) -> String {
    let ObjectiveCounts { pass, warn, unknown, fail, waived } = verdict.counts;
    let mode = if verdict.mode == GateMode::DryRun { "; a dry run, which blocks nothing" } else { "" };
    let gate = verdict.verdict.name();
    format!("gate: {gate} ({pass} pass, {warn} warn, {unknown} unknown, {fail} fail, {waived} waived){mode}")
}

/// Returns the slice of a claim: `gender A`; empty for all the data.
fn slice_of(claim: &JudgedClaim) -> String {
    let parts: Vec<_> = claim.slice.iter().map(|(dimension, value)| format!("{dimension} {value}")).collect();
    parts.join(", ")
}

/// Formats a number with its unit.
fn with_unit(number: &str, unit: &str) -> String {
    if unit.is_empty() { number.to_owned() } else { format!("{number} {unit}") }
}

/// Shortens a number, which is stored with all its digits.
pub(super) fn short(number: &str) -> String {
    const DIGITS: u32 = 5;
    crate::objectives::number::Exact::parse(number)
        .map_or_else(|| number.to_owned(), |number| number.to_decimal(DIGITS))
}

/// The value of a claim, its interval and its bound, as columns of a table.
struct Row {
    what: String,
    value: String,
    bound: String,
    margin: String,
}

fn row(claim: &JudgedClaim) -> Row {
    let slice = slice_of(claim);
    let what = match (slice.is_empty(), claim.part) {
        (true, ObjectivePart::Expect) => claim.text.clone(),
        (true, ObjectivePart::Aim) => format!("aim: {}", claim.text),
        (false, ObjectivePart::Expect) => slice,
        (false, ObjectivePart::Aim) => format!("aim, {slice}"),
    };
    let value = match (&claim.value, claim.truth) {
        (Some(value), _) => with_unit(&short(value), &claim.unit),
        (None, ClaimTruth::Unknown) => "unknown".to_owned(),
        // Whether something is reported is not a number.
        (None, _) => String::new(),
    };
    let value = match &claim.interval {
        Some(interval) => format!("{value} [{}, {}]", short(&interval.lower), short(&interval.upper)),
        None => value,
    };
    let bound = match (&claim.threshold, &claim.upper_threshold, claim.comparison) {
        (Some(low), Some(high), Some(comparison)) => {
            format!("{} {} … {}", comparison.symbol(), short(low), with_unit(&short(high), &claim.unit))
        }
        (Some(bound), _, Some(comparison)) => {
            format!("{} {}", comparison.symbol(), with_unit(&short(bound), &claim.unit))
        }
        _ => String::new(),
    };
    let margin = claim.margin.as_deref().map_or_else(String::new, |margin| {
        let sign = if margin.starts_with('-') { "" } else { "+" };
        format!("{sign}{}", with_unit(&short(margin), &claim.unit))
    });
    Row { what, value, bound, margin }
}

/// Returns the omitted slices, as a sentence.
fn left_out(objective: &JudgedObjective) -> Option<String> {
    let slices: Vec<_> = objective
        .left_out
        .iter()
        .map(|left_out| {
            let slice: Vec<_> =
                left_out.slice.iter().map(|(dimension, value)| format!("{dimension} {value}")).collect();
            format!("{} ({})", slice.join(", "), left_out.count)
        })
        .collect();
    (!slices.is_empty()).then(|| format!("left out as too small: {}", slices.join("; ")))
}
