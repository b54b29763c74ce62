//! `document/impossible-date`

use crate::rules::context::is_secret_name;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A date must be a day that exists.
    ///
    /// `2026-02-30` looks like a date and matches every pattern, but no calendar has that day. Readers reject it, or turn it into the
    /// second of March. It usually comes from a date that was put together by hand or by string arithmetic.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: module
    /// mlSpecVersion: 0.1.0
    /// id: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21
    /// name: prepare-loans
    /// status: Active
    /// createdUtc: 2026-02-30T09:30:00Z
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
    /// createdUtc: 2026-02-28T09:30:00Z
    /// versions:
    ///   - version: 1.0.0
    ///     id: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66
    /// ```
    pub IMPOSSIBLE_DATE = {
        id: "document/impossible-date",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "the calendar; RFC 3339, section 5.7: the day must exist in its month",
        kinds: [],
        check: Any(check),
    }
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (node, text) in cx.strings() {
        if is_impossible(text) && !cx.is_faulty(node) && !is_secret_name(cx.key_name(node)) {
            let (date, _) = text.split_at_checked(10).unwrap_or((text, ""));
            out.push(cx.at_value(&IMPOSSIBLE_DATE, node, format!("there is no day {date}")));
        }
    }
}

/// Whether a text is a date, or a date and time, whose month does not have that day. A month or day that does not occur in any calendar is
/// rejected by the pattern of the field; in other fields such a text is not a date at all.
fn is_impossible(text: &str) -> bool {
    let Some((date, time)) = text.split_at_checked(10) else { return false };
    let &[y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = date.as_bytes() else { return false };
    if !(time.is_empty() || is_time(time)) || ![y0, y1, y2, y3, m0, m1, d0, d1].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let number = |digits: &[u8]| digits.iter().fold(0_i16, |number, digit| number * 10 + i16::from(digit - b'0'));
    let (year, month, day) = (number(&[y0, y1, y2, y3]), number(&[m0, m1]), number(&[d0, d1]));
    let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else { return false };
    (1..=12).contains(&month) && (1..=31).contains(&day) && jiff::civil::Date::new(year, month, day).is_err()
}

/// Whether a text has the shape of the time in an RFC 3339 date-time: `T09:30:00Z`, `T09:30:00.25+02:00`.
fn is_time(text: &str) -> bool {
    let mut shape: String =
        text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c.to_ascii_uppercase() }).collect();
    if let Some(fraction) = shape.get(9..).and_then(|rest| rest.strip_prefix('.')) {
        let digits = fraction.bytes().take_while(|byte| *byte == b'0').count();
        shape.replace_range(9..=9 + digits, "");
    }
    matches!(shape.strip_prefix(['T', ' ']), Some("00:00:00Z" | "00:00:00+00:00" | "00:00:00-00:00"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dates_of_days_that_do_not_exist_are_impossible() {
        for text in ["2026-02-30", "2025-02-29", "2026-04-31T09:30:00Z", "2026-02-30 09:30:00.250+02:00"] {
            assert!(is_impossible(text), "{text}");
        }
        for text in [
            "2024-02-29",
            "2026-08-22T09:30:00Z",
            "2026-13-01",
            "2026-02-30-loans",
            "2026-02-30T9:30Z",
            "20260230",
            "é026-02-30",
            "",
        ] {
            assert!(!is_impossible(text), "{text}");
        }
    }
}
