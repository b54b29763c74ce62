//! Times as records usually have them, read without a calendar library: a log has one in each line.

/// The years in which a record can have been made (`run/implausible-date`).
const YEARS: std::ops::RangeInclusive<i64> = 1971..=crate::rules::run::implausible_date::LAST_YEAR as i64;

/// Returns the nanoseconds since the beginning of 1970 of a time in UTC, `YYYY-MM-DDThh:mm:ss[.f]Z` with at most nine digits of a second.
/// `None` if there is no such time, or it takes a closer look.
pub(super) fn moment(text: &str) -> Option<i64> {
    let (date_time, zone) = text.as_bytes().split_at_checked(19)?;
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', h0, h1, b':', n0, n1, b':', s0, s1] = date_time else {
        return None;
    };
    let two = |tens: &u8, ones: &u8| Some(digit(*tens)? * 10 + digit(*ones)?);
    let year = two(y0, y1)? * 100 + two(y2, y3)?;
    let (month, day) = (two(m0, m1)?, two(d0, d1)?);
    let (hour, minute, second) = (two(h0, h1)?, two(n0, n1)?, two(s0, s1)?);
    let exists = YEARS.contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_of(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    if !exists {
        return None;
    }
    let fraction = match zone.strip_suffix(b"Z")? {
        [] => 0,
        [b'.', digits @ ..] if (1..=9).contains(&digits.len()) => {
            let value = digits.iter().try_fold(0, |value, own| Some(value * 10 + digit(*own)?))?;
            value * 10_i64.pow(9 - u32::try_from(digits.len()).ok()?)
        }
        _ => return None,
    };
    let seconds = ((day_number(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    Some(seconds * 1_000_000_000 + fraction)
}

fn digit(byte: u8) -> Option<i64> {
    byte.is_ascii_digit().then(|| i64::from(byte - b'0'))
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Returns the number of days from the beginning of 1970 to a day, for years from 1970 on.
fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let before = year - 1;
    let leap_days = before / 4 - before / 100 + before / 400 - (1969 / 4 - 1969 / 100 + 1969 / 400);
    let of_months: i64 = (1..month).map(|month| days_of(year, month)).sum();
    (year - 1970) * 365 + leap_days + of_months + day - 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_time_is_that_of_the_calendar(text in "(19[67]\\d|20[0-4]\\d)-[01]\\d-[0-3]\\dT[0-2]\\d:[0-6]\\d:[0-6]\\d([.]\\d{1,10})?Z") {
            let other = text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_nanosecond);
            if let Some(own) = moment(&text) {
                prop_assert_eq!(Some(i128::from(own)), other);
            }
        }
    }

    #[test]
    fn only_what_is_certain_is_read() {
        assert_eq!(moment("1971-01-01T00:00:00Z"), Some(365 * 86_400 * 1_000_000_000));
        assert_eq!(moment("2024-02-29T23:59:59.5Z"), Some(1_709_251_199_500_000_000));
        for text in [
            "2026-02-29T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:60Z",
            "2026-01-01T00:00:00+01:00",
            "2026-01-01 00:00:00Z",
            "2026-01-01t00:00:00Z",
            "2026-01-01T00:00:00.Z",
            "2037-01-01T00:00:00Z",
            "1970-12-31T00:00:00Z",
            "2026-01-01",
            "",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
