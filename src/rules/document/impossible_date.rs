//! `document/impossible-date`

use jiff::civil::Date;

use crate::rules::context::is_secret_name;
use crate::rules::{Context, Findings, declare_rule};
use crate::schema::date_names;
use crate::yaml::{NodeId, NodeStyle};

declare_rule! {
    /// A date must be a day that exists.
    ///
    /// `2026-02-30` looks like a date and matches every pattern, but no calendar has that day. Readers reject it, or turn it into the
    /// second of March. It usually comes from a date that was put together by hand or by string arithmetic.
    ///
    /// The rule is about fields that hold dates, and about everything that YAML reads as a date because it has no quotes, keys and your own
    /// fields among them: many readers refuse the whole file. Other text in quotes is text.
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
    let dates = date_names(cx.kind);
    // Text in quotes is text, unless its field says that it is a date. What is not quoted is a date for every reader of YAML, as a key, too.
    let is_dated = |node| dates.contains(cx.key_name(node)) && !cx.keys_above(node).any(|name| name.starts_with("x-"));
    let is_meant = |node: NodeId, text| {
        let is_plain = cx.tree.style(node) == NodeStyle::Plain;
        is_plain && is_unreadable(text) || is_impossible(text) && (is_plain || is_dated(node))
    };
    let keys = cx.tree.keys(cx.document as usize).filter_map(|key| Some((key, cx.tree.string(key)?)));
    let keys = keys.filter(|(key, text)| cx.tree.style(*key) == NodeStyle::Plain && is_unreadable(text));
    let values = cx
        .strings()
        .filter(|(node, text)| is_meant(*node, text) && !cx.is_faulty(*node) && !is_secret_name(cx.key_name(*node)));
    for (node, text) in values.chain(keys) {
        let (date, _) = text.split_at_checked(10).unwrap_or((text, ""));
        let message = match calendar(date) {
            None => format!("there is no day {date}"),
            Some(_) => format!("there is no time {text}"),
        };
        out.push(cx.at_value(&IMPOSSIBLE_DATE, node, message));
    }
}

/// Returns the day that a date of digits names; `None` if there is no such day. Readers count years from 1.
fn calendar(date: &str) -> Option<Date> {
    date.parse::<Date>().ok().filter(|date| date.year() > 0)
}

/// Whether a text is a date, or a date and time, whose month does not have that day. A month or day that does not occur in any calendar is
/// rejected by the pattern of the field.
fn is_impossible(text: &str) -> bool {
    let Some((date, time)) = text.split_at_checked(10) else { return false };
    let may_be_a_day = |part: &str, most: u8| part.parse::<u8>().is_ok_and(|number| (1..=most).contains(&number));
    is_date(date)
        && (time.is_empty() || is_time(time))
        && may_be_a_day(&date[5..7], 12)
        && may_be_a_day(&date[8..], 31)
        && date.parse::<Date>().is_err()
}

/// Whether YAML reads a text as a date, or as a date and time, that no calendar or clock has: a reader refuses the whole file.
fn is_unreadable(text: &str) -> bool {
    let Some((date, time)) = text.split_at_checked(10).filter(|(date, _)| is_date(date)) else { return false };
    match time {
        "" => calendar(date).is_none(),
        _ if !is_time(time) => false,
        _ => {
            let number = |range| time.get(range).and_then(|digits: &str| digits.parse::<u8>().ok()).unwrap_or(0);
            calendar(date).is_none() || number(1..3) > 23 || number(4..6) > 59 || number(7..9) > 60
        }
    }
}

/// Whether a text has the shape `2026-08-22`.
fn is_date(text: &str) -> bool {
    let is_of_shape = |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    // The hyphens alone tell most texts from dates.
    matches!(text.as_bytes(), [_, _, _, _, b'-', _, _, b'-', _, _]) && text.bytes().enumerate().all(is_of_shape)
}

/// Whether a text has the shape of the time in an RFC 3339 date-time: `T09:30:00Z`, `T09:30:00.25+02:00`.
fn is_time(text: &str) -> bool {
    let is_of_shape = |text: &[u8], shape: &[u8]| {
        let fits = |(byte, wanted): (&u8, &u8)| if *wanted == b'0' { byte.is_ascii_digit() } else { byte == wanted };
        text.len() == shape.len() && text.iter().zip(shape).all(fits)
    };
    let Some((clock, rest)) = text.as_bytes().split_at_checked(9) else { return false };
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let zone = match rest {
        [b'.', fraction @ ..] => fraction.get(digits(fraction)..).unwrap_or_default(),
        _ => rest,
    };
    matches!(clock.first(), Some(b'T' | b't' | b' '))
        && clock.get(1..).is_some_and(|time| is_of_shape(time, b"00:00:00"))
        && (matches!(zone, b"Z" | b"z") || is_of_shape(zone, b"+00:00") || is_of_shape(zone, b"-00:00"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_in_quotes_is_text_and_what_yaml_reads_as_a_date_is_one() {
        let with = |more: &str| {
            let text = format!(
                "kind: module\nmlSpecVersion: 0.1.0\nid: 5b8e1f0c-2a4d-4c1e-8a77-9d3f6b0c4e21\nname: fit\nstatus: Active\n\
                 versions: [{{version: 1.0.0, id: 0d9a7c35-6e1b-4f58-9b02-1c4e8f7a3d66}}]\n{more}\n"
            );
            let found = crate::rules::testing::found(&text);
            found.iter().filter(|(rule, ..)| *rule == "document/impossible-date").count()
        };
        let created = "createdUtc: 2026-02-28T09:30:00Z\n";
        for text in [
            "description: '2026-02-30'",
            "x-a: '2026-02-30'",
            "x-a: {createdUtc: '2026-02-30'}",
            "x-a: [\"2026-13-01\", 2026-12-31, 2026-1-40]",
            "x-a: {'2026-02-30': 1}",
            "x-a: 2026-13-01-loans",
        ] {
            assert_eq!(with(&format!("{created}{text}")), 0, "{text}");
        }
        for text in [
            "x-a: 2026-02-30",
            "x-a: 2026-13-45",
            "x-a: 0000-01-01",
            "x-a: 2026-08-22T25:00:00Z",
            "x-a: {2026-02-30: 1}",
            "description: 2026-02-30",
        ] {
            assert_eq!(with(&format!("{created}{text}")), 1, "{text}");
        }
        for quote in ["", "'", "\""] {
            assert_eq!(with(&format!("createdUtc: {quote}2026-02-30T09:30:00Z{quote}")), 1, "{quote}");
        }
    }

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
