//! `document/invalid-timestamp`

use crate::diagnostics::Applicability;
use crate::rules::declare_rule;

declare_rule! {
    /// A timestamp must be written as RFC 3339 does: `2026-08-22T09:30:00Z`.
    ///
    /// Times decide what came first: which run trained the model, whether a prediction predates its request. A time
    /// without a zone means another moment on every machine, `08/09/2026` means two different days, and strings that
    /// are not all of one form do not sort. Fields that hold a day also take `2026-08-22`.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: module
    /// mlSpecVersion: 0.1.0
    /// id: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21
    /// name: prepare-loans
    /// status: Active
    /// createdUtc: 2026/08/22 09:30:00Z
    /// versions:
    ///   - version: 1.0.0
    ///     id: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66
    /// ```
    /// There is no zone, and no colon:
    /// ```yaml
    /// kind: module
    /// mlSpecVersion: 0.1.0
    /// id: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21
    /// name: prepare-loans
    /// status: Active
    /// createdUtc: 2026-08-22T093000
    /// versions:
    ///   - version: 1.0.0
    ///     id: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: module
    /// mlSpecVersion: 0.1.0
    /// id: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21
    /// name: prepare-loans
    /// status: Active
    /// createdUtc: 2026-08-22T09:30:00Z
    /// versions:
    ///   - version: 1.0.0
    ///     id: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66
    /// ```
    ///
    /// ## Fix
    /// `--fix` rewrites a time that says everything in another notation. `--unsafe-fixes` also adds what is missing:
    /// UTC for the zone, zero for the seconds, midnight for the time of day.
    pub INVALID_TIMESTAMP = {
        id: "document/invalid-timestamp",
        severity: Error,
        since: "0.1.0",
        fix: Safe,
        source: "experiment_tracking/experiment_example.yml, “2019-01-01T000000”; pipelines/module.md, “2019/01/01 12:12:32Z”",
        kinds: [],
        check: Schema(Some(mend)),
    }
}

/// Returns the RFC 3339 form of a date, or of a date and time, in one of several other common notations. Safe if the text contains all of
/// it; unsafe if a zone, the seconds or the time of day had to be assumed.
fn mend(text: &str) -> Option<(String, Applicability)> {
    let (date, rest) = read_date(text.trim())?;
    if rest.is_empty() {
        // A field that also accepts a date would not have rejected this one, so it requires a time.
        let wants_time = text == date;
        let midnight = format!("{date}T00:00:00Z");
        return Some(if wants_time { (midnight, Applicability::Unsafe) } else { (date, Applicability::Safe) });
    }
    let rest = rest.strip_prefix(['T', 't']).or_else(|| rest.strip_prefix(' '))?.trim_start();
    let (time, has_seconds, zone) = read_time(rest)?;
    let is_complete = has_seconds && !zone.is_empty();
    let zone = if zone.is_empty() { "Z".to_owned() } else { read_zone(zone.trim_start())? };
    Some((format!("{date}T{time}{zone}"), if is_complete { Applicability::Safe } else { Applicability::Unsafe }))
}

/// Reads a leading `2026-08-22`, `2026/08/22` or `20260822` that is a day of the calendar. Returns it as `2026-08-22`, and the rest.
fn read_date(text: &str) -> Option<(String, &str)> {
    let (year, rest) = digits(text, 4)?;
    let separator = rest.chars().next().filter(|c| matches!(c, '-' | '/'));
    let skip = |rest| match separator {
        Some(separator) => str::strip_prefix(rest, separator),
        None => Some(rest),
    };
    let (month, rest) = digits(skip(rest)?, 2)?;
    let (day, rest) = digits(skip(rest)?, 2)?;
    jiff::civil::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    Some((format!("{year}-{month}-{day}"), rest))
}

/// Reads a leading `09:30:00`, `093000`, `09:30` or `0930`, with or without a fraction. Returns it as `09:30:00`, whether it has seconds,
/// and the rest.
fn read_time(text: &str) -> Option<(String, bool, &str)> {
    let (hour, rest) = digits(text, 2)?;
    let colon = rest.starts_with(':');
    let skip = |rest| if colon { str::strip_prefix(rest, ':') } else { Some(rest) };
    let (minute, rest) = digits(skip(rest)?, 2)?;
    let (second, rest) = match skip(rest).and_then(|rest| digits(rest, 2)) {
        Some((second, rest)) => (Some(second), rest),
        None => (None, rest),
    };
    let fraction = match (second, rest.strip_prefix('.')) {
        (Some(_), Some(fraction)) => 1 + fraction.bytes().take_while(u8::is_ascii_digit).count(),
        _ => 0,
    };
    let (fraction, rest) = rest.split_at_checked(fraction)?;
    let in_range = hour < "24" && minute < "60" && second.is_none_or(|second| second < "60") && fraction != ".";
    in_range.then(|| (format!("{hour}:{minute}:{}{fraction}", second.unwrap_or("00")), second.is_some(), rest))
}

/// Returns a zone in the notation of RFC 3339.
fn read_zone(text: &str) -> Option<String> {
    if matches!(text, "Z" | "z" | "UTC" | "GMT") {
        return Some("Z".to_owned());
    }
    let sign = text.chars().next().filter(|c| matches!(c, '+' | '-'))?;
    let (hour, rest) = digits(text.get(1..)?, 2)?;
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let (minute, rest) = if rest.is_empty() { ("00", rest) } else { digits(rest, 2)? };
    let fits = rest.is_empty() && hour < "24" && minute < "60";
    fits.then(|| format!("{sign}{hour}:{minute}"))
}

/// Returns the first `count` characters, if all of them are digits, and the rest.
fn digits(text: &str, count: usize) -> Option<(&str, &str)> {
    let (digits, rest) = text.split_at_checked(count)?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some((digits, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Applicability::{Safe, Unsafe};

    #[test]
    fn what_is_only_written_differently_is_mended_safely() {
        for (text, expected) in [
            ("2019/01/01 12:12:32Z", "2019-01-01T12:12:32Z"),
            ("20190101T000000Z", "2019-01-01T00:00:00Z"),
            ("2019-01-01T12:12:32.250 +0200", "2019-01-01T12:12:32.250+02:00"),
            ("2019-01-01 12:12:32 UTC", "2019-01-01T12:12:32Z"),
            ("2019-01-01T12:12:32-08", "2019-01-01T12:12:32-08:00"),
            ("2019/01/01", "2019-01-01"),
        ] {
            assert_eq!(mend(text), Some((expected.to_owned(), Safe)), "{text}");
        }
    }

    #[test]
    fn what_is_not_said_is_assumed_unsafely() {
        for (text, expected) in [
            ("2019-01-01T000000", "2019-01-01T00:00:00Z"),
            ("2019-01-01 00:00:00", "2019-01-01T00:00:00Z"),
            ("1970-01-08 00:00:00.00000", "1970-01-08T00:00:00.00000Z"),
            ("2019-01-01T12:12Z", "2019-01-01T12:12:00Z"),
            ("2019-01-01", "2019-01-01T00:00:00Z"),
        ] {
            assert_eq!(mend(text), Some((expected.to_owned(), Unsafe)), "{text}");
        }
    }

    #[test]
    fn what_means_nothing_or_two_things_is_left_alone() {
        for text in [
            "",
            "TBD",
            "08/09/2026",
            "2026-13-01T00:00:00Z",
            "2026-02-30 10:00:00Z",
            "2026-08-22T25:00:00Z",
            "2026-08-22T09:30:00 CET",
            "2026-08-22T09:30:00.Z",
            "2026-08-2é",
        ] {
            assert_eq!(mend(text), None, "{text}");
        }
    }
}
