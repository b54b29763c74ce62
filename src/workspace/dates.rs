//! Days and instants, as documents write them.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

/// Parses an RFC 3339 date-time, to the nanosecond.
#[must_use]
pub fn timestamp(text: &str) -> Option<Timestamp> {
    to_nanoseconds(text).parse().ok().filter(|_| !is_a_day_off(text))
}

/// Returns whether the zone of a time is a day or more from UTC, which RFC 3339 does not permit.
fn is_a_day_off(text: &str) -> bool {
    let zone = text.rsplit_once(['+', '-']).filter(|(time, _)| time.contains(':'));
    let hours = zone.and_then(|(_, zone)| zone.get(..2)?.parse::<u8>().ok());
    hours.is_some_and(|hours| hours >= 24)
}

/// The most digits of a fraction of a second that are read.
const NANOSECONDS: usize = 9;

/// Returns a time without the digits of its fraction beyond nanoseconds, which RFC 3339 permits and no clock has.
#[must_use]
pub fn to_nanoseconds(text: &str) -> Cow<'_, str> {
    let Some((seconds, fraction)) = text.split_once('.') else { return Cow::Borrowed(text) };
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    match (fraction.get(..NANOSECONDS), fraction.get(digits..)) {
        (Some(read), Some(zone)) if digits > NANOSECONDS => Cow::Owned(format!("{seconds}.{read}{zone}")),
        _ => Cow::Borrowed(text),
    }
}

/// Parses a day: a date, or the day in UTC of an RFC 3339 date-time.
#[must_use]
pub fn day(text: &str) -> Option<Date> {
    match text.len() {
        // For a date-time, the calendar would parse the date but ignore the zone.
        10 => text.parse().ok(),
        _ => match timestamp(text) {
            Some(time) => Some(time.to_zoned(TimeZone::UTC).date()),
            // The last two days of the calendar are not days everywhere, and no instants.
            None => text.get(..10)?.parse().ok().filter(|day| *day >= date(9999, 12, 30)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_beyond_nanoseconds_are_read_over() {
        for (text, read) in [
            ("2026-09-01T09:00:00.1234567890Z", "2026-09-01T09:00:00.123456789Z"),
            ("2026-09-01T09:00:00.123456789999999999+02:00", "2026-09-01T07:00:00.123456789Z"),
            ("2026-09-01T09:00:00.5Z", "2026-09-01T09:00:00.5Z"),
            ("2026-09-01T09:00:00Z", "2026-09-01T09:00:00Z"),
        ] {
            assert_eq!(timestamp(text).map(|read| read.to_string()).as_deref(), Some(read), "{text}");
        }
        assert!(timestamp("2026-09-01T09:00:00+23:59").is_some() && timestamp("2026-08-31T09:00:00-12:00").is_some());
        assert!(timestamp("2026-09-01T09:00:00+24:00").is_none() && timestamp("2026-09-01T09:00:00-25:00").is_none());
        for text in ["", ".", "2026-09-01T09:00:00.Z", "2026-09-01T09:00:00.1234567890", "1.0.0", "1.é1234567890"] {
            assert_eq!(timestamp(text), None, "{text}");
        }
        assert_eq!(day("2026-09-01T23:30:00.1234567890-02:00").unwrap().to_string(), "2026-09-02");
    }

    #[test]
    fn the_last_days_of_the_calendar_are_days() {
        assert_eq!(day("9999-12-31T23:59:59Z"), Some(Date::MAX));
        assert_eq!(day("9999-12-30"), Some(date(9999, 12, 30)));
        assert_eq!(day("2026-08-22T23:59:59-01:00"), Some(date(2026, 8, 23)));
        assert_eq!([day("2026-08-22T23"), day("9999-12-29x"), day("9999-12-32T00:00:00Z"), day("")], [None; 4]);
    }
}
