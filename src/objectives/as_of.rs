//! The date that a verdict refers to, and how old evidence may be.

use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::measurements::day_of;
use crate::workspace::timestamp;

/// The date that a verdict refers to: waivers, windows and the age of evidence are counted from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// A whole day, in UTC.
    Day(Date),
    /// An instant.
    Instant(Timestamp),
    /// The date of the newest record, if no other date was given.
    Newest(Timestamp),
}

impl AsOf {
    /// Returns the day, in UTC.
    #[must_use]
    pub fn day(self) -> Date {
        match self {
            Self::Day(day) => day,
            Self::Instant(instant) | Self::Newest(instant) => day_of(instant),
        }
    }

    /// Returns the first instant that is too late: windows end before it.
    #[must_use]
    pub fn end(self) -> Option<Timestamp> {
        match self {
            Self::Day(day) => Some(day.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp()),
            Self::Instant(instant) | Self::Newest(instant) => instant.checked_add(SignedDuration::from_nanos(1)).ok(),
        }
    }

    /// Returns the instant; `None` for a whole day.
    #[must_use]
    pub fn instant(self) -> Option<Timestamp> {
        match self {
            Self::Day(_) => None,
            Self::Instant(instant) | Self::Newest(instant) => Some(instant),
        }
    }
}

impl FromStr for AsOf {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // jiff's parser of dates would accept a date and time, and ignore its time zone.
        let found = match text.len() {
            10 => text.parse().ok().map(Self::Day),
            _ => timestamp(text).map(Self::Instant),
        };
        found.ok_or_else(|| {
            "a day such as 2026-11-29, or an instant such as 2026-11-29T12:00:00Z, is expected".to_owned()
        })
    }
}

/// The greatest age of evidence, written as a number of hours, days or weeks, such as `30d` or `30 days`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MaxAge {
    seconds: i64,
}

impl MaxAge {
    /// An age of zero.
    pub const NONE: Self = Self { seconds: 0 };

    /// Returns the age as a duration.
    #[must_use]
    pub fn duration(self) -> SignedDuration {
        SignedDuration::from_secs(self.seconds)
    }

    /// Returns whether something with this date is too old just before an instant, as returned by [`AsOf::end`]. Without a date, or with
    /// one in the future, it counts as too old.
    #[must_use]
    pub fn is_exceeded(self, date: Option<Timestamp>, end: Timestamp) -> bool {
        let is_old = |date| end.duration_since(date) > self.duration() + SignedDuration::from_nanos(1);
        date.is_none_or(|date| is_old(date) || is_later(date, end))
    }
}

/// Returns whether a date is after an instant, by more than clocks and time zones differ.
#[must_use]
pub fn is_later(date: Timestamp, end: Timestamp) -> bool {
    date.duration_since(end) > SignedDuration::from_hours(24)
}

impl std::fmt::Display for MaxAge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.seconds {
            seconds if seconds % DAY == 0 => write!(f, "{}d", seconds / DAY),
            seconds => write!(f, "{}h", seconds / HOUR),
        }
    }
}

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

impl FromStr for MaxAge {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || "a number of hours, days or weeks is expected, such as 12h, 30d, 4w or 30 days".to_owned();
        let digits = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(expected)?;
        let (number, unit) = text.split_at(digits);
        let factor = match unit.strip_prefix(' ').unwrap_or(unit) {
            "h" | "hour" | "hours" => HOUR,
            "d" | "day" | "days" => DAY,
            "w" | "week" | "weeks" => 7 * DAY,
            _ => return Err(expected()),
        };
        let number: u32 = number.parse().map_err(|_| expected())?;
        Ok(Self { seconds: i64::from(number) * factor })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_read_and_written() {
        for (text, written) in [
            ("12h", "12h"),
            ("30d", "30d"),
            ("30 days", "30d"),
            ("1 day", "1d"),
            ("4w", "28d"),
            ("2 weeks", "14d"),
            ("48h", "2d"),
            ("6 hours", "6h"),
        ] {
            assert_eq!(text.parse::<MaxAge>().unwrap().to_string(), written);
        }
        for text in ["", "d", "30", "-1d", "1.5d", "30  d", "3m", "3 months", " days", "30 dayss", "+1d"] {
            assert!(text.parse::<MaxAge>().is_err(), "{text}");
        }
    }

    #[test]
    fn windows_hold_the_instant_or_the_whole_day() {
        let at = |text: &str| text.parse::<AsOf>().unwrap().end().unwrap().to_string();
        assert_eq!(at("2026-11-29"), "2026-11-30T00:00:00Z");
        assert_eq!(at("2026-11-29T12:00:00Z"), "2026-11-29T12:00:00.000000001Z");
        assert_eq!("2026-11-29T23:30:00-02:00".parse::<AsOf>().unwrap().day().to_string(), "2026-11-30");
        assert!("tomorrow".parse::<AsOf>().is_err() && "2026-11-29T12:00:00+25:00".parse::<AsOf>().is_err());
    }
}
