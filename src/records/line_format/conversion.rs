//! Values of lines as values of JSON. What cannot be converted stays the text that it is, about which the rules say what is wrong.

use jiff::civil::{DateTime, date};
use jiff::{SignedDuration, Timestamp};

/// How the value of a field is written in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FieldForm {
    /// As it is.
    Text,
    /// A number, or any other text.
    Scalar,
    /// The first line of a request, of which the address is the value.
    RequestLine,
    /// A status code.
    Code,
    /// A whole number.
    Count,
    /// A decimal number, to be multiplied by this power of ten.
    Number { shift: i8 },
    /// Seconds of one server or several, for a field in milliseconds.
    SumOfSeconds,
    /// A time.
    Time(TimeForm),
}

/// How a time is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TimeForm {
    /// `10/Oct/2000:13:55:36 -0700`
    Common,
    /// ISO 8601 with an offset.
    Iso,
    /// The time since the beginning of 1970, in seconds times this power of ten.
    Unix { shift: i8 },
    /// By the letters of `strftime`.
    Strftime(Box<str>),
    /// A date, and in another value the time, both in UTC.
    DateAndTime { time: usize },
}

impl FieldForm {
    /// Of two values for one field, the one that is written less coarsely is taken.
    pub fn coarseness(&self) -> i8 {
        match self {
            Self::Number { shift } => *shift,
            Self::Time(TimeForm::Unix { shift }) => *shift,
            Self::Time(_) => 1,
            _ => 0,
        }
    }
}

/// Returns the part of a value that is the field, as a range of bytes.
pub(super) fn essence(form: &FieldForm, value: &str) -> std::ops::Range<usize> {
    if *form == FieldForm::RequestLine
        && let Some((method, rest)) = value.split_once(' ')
        && let Some((address, _)) = rest.rsplit_once(' ')
    {
        let start = method.len() + 1;
        return start..start + address.len();
    }
    0..value.len()
}

/// The time that was converted last: many lines of a log are of the same second.
#[derive(Clone, Debug, Default)]
pub(super) struct LastTime {
    written: String,
    converted: String,
}

/// Appends a value to JSON. `time` is the time of day, if the value is a date.
pub(super) fn write(form: &FieldForm, value: &str, time: Option<&str>, last: &mut LastTime, out: &mut String) {
    let is_digits = |most: usize| {
        let is_plain = !value.is_empty() && value.len() <= most && value.bytes().all(|byte| byte.is_ascii_digit());
        is_plain && (value.len() == 1 || !value.starts_with('0'))
    };
    if (*form == FieldForm::Code && is_digits(9)) || (*form == FieldForm::Count && is_digits(18)) {
        out.push_str(value);
        return;
    }
    let number = match form {
        FieldForm::Number { shift } => Decimal::parse(value).map(|number| number.shifted(*shift)),
        FieldForm::SumOfSeconds => sum_of_seconds(value),
        FieldForm::Scalar => Decimal::parse(value).map(|number| number.shifted(0)),
        _ => None,
    };
    match (number, form) {
        (Some(number), _) => out.push_str(&number),
        (None, FieldForm::Time(TimeForm::DateAndTime { .. })) => {
            push_string(&format!("{value}T{}Z", time.unwrap_or("")), out);
        }
        (None, FieldForm::Time(form)) => {
            if last.written != value {
                last.converted = converted_time(form, value).unwrap_or_else(|| value.to_owned());
                value.clone_into(&mut last.written);
            }
            push_string(&last.converted, out);
        }
        (None, _) => push_string(value, out),
    }
}

/// Returns a time in UTC, in the form of RFC 3339.
fn converted_time(form: &TimeForm, text: &str) -> Option<String> {
    let time = match form {
        TimeForm::Common => common_time(text)?,
        TimeForm::Iso => text.parse::<Timestamp>().ok()?,
        TimeForm::Unix { shift } => {
            let digits = Decimal::parse(text)?.shifted(shift.checked_add(9)?);
            Timestamp::from_nanosecond(digits.split('.').next()?.parse().ok()?).ok()?
        }
        TimeForm::Strftime(format) => {
            let parsed = jiff::fmt::strtime::parse(format.as_bytes(), text).ok()?;
            match parsed.to_timestamp() {
                Ok(time) => time,
                // Without a zone, nobody knows when that was, which a rule says.
                Err(_) => return parsed.to_datetime().ok().map(|time| time.to_string()),
            }
        }
        TimeForm::DateAndTime { .. } => return None,
    };
    Some(time.to_string())
}

/// Reads `10/Oct/2000:13:55:36 -0700`.
fn common_time(text: &str) -> Option<Timestamp> {
    const MONTHS: [&[u8]; 12] =
        [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
    let bytes = text.as_bytes();
    let [d0, d1, b'/', m @ .., b'/', y0, y1, y2, y3] = bytes.get(..11)? else { return None };
    let [b':', h0, h1, b':', n0, n1, b':', s0, s1, b' ', sign, z0, z1, z2, z3] = bytes.get(11..)? else { return None };
    let two = |tens: &u8, ones: &u8| Some(digit(*tens)? * 10 + digit(*ones)?);
    let month = MONTHS.iter().position(|own| *own == m)?;
    let year = i16::from(two(y0, y1)?) * 100 + i16::from(two(y2, y3)?);
    let day = jiff::civil::Date::new(year, i8::try_from(month + 1).ok()?, two(d0, d1)?).ok()?;
    let (hour, minute, second) = (two(h0, h1)?, two(n0, n1)?, two(s0, s1)?);
    let time = jiff::civil::Time::new(hour, minute, second, 0).ok()?;
    let offset = i64::from(two(z0, z1)?) * 3600 + i64::from(two(z2, z3)?) * 60;
    let offset = match sign {
        b'+' => offset,
        b'-' => -offset,
        _ => return None,
    };
    let since = DateTime::from_parts(day, time).duration_since(date(1970, 1, 1).at(0, 0, 0, 0));
    Timestamp::from_duration(since.checked_sub(SignedDuration::from_secs(offset))?).ok()
}

fn digit(byte: u8) -> Option<i8> {
    byte.is_ascii_digit().then(|| i8::try_from(byte - b'0').ok()).flatten()
}

/// A decimal number, digit by digit: to shift its point loses nothing.
struct Decimal<'t> {
    is_negative: bool,
    whole: &'t str,
    fraction: &'t str,
}

/// The most digits of a number that is converted.
const MOST_DIGITS: usize = 40;

impl<'t> Decimal<'t> {
    fn parse(text: &'t str) -> Option<Self> {
        let (is_negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let is_point_alone = digits.ends_with('.');
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let is_number = !whole.is_empty() && !is_point_alone && are_digits(whole) && are_digits(fraction);
        (is_number && digits.len() <= MOST_DIGITS).then_some(Self { is_negative, whole, fraction })
    }

    /// Returns the number times a power of ten, in JSON.
    fn shifted(&self, power: i8) -> String {
        let digits = [self.whole, self.fraction].concat();
        let point = i64::try_from(self.whole.len()).unwrap_or(0) + i64::from(power);
        let at = |index: i64| usize::try_from(index).ok().and_then(|index| digits.as_bytes().get(index)).copied();
        let end = point.max(i64::try_from(digits.len()).unwrap_or(0));
        let text: String = (point.min(0)..end).map(|index| char::from(at(index).unwrap_or(b'0'))).collect();
        let (whole, fraction) =
            text.split_at_checked(usize::try_from(point.max(0)).unwrap_or(0)).unwrap_or((&text, ""));
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        let sign = if self.is_negative { "-" } else { "" };
        let whole = if whole.is_empty() { "0" } else { whole };
        match fraction {
            "" => format!("{sign}{whole}"),
            fraction => format!("{sign}{whole}.{fraction}"),
        }
    }
}

/// Returns the sum of times in seconds, in milliseconds: nginx lists one for each server that it asked.
fn sum_of_seconds(text: &str) -> Option<String> {
    let mut sum = 0_u64;
    for part in text.split([',', ':']).map(str::trim).filter(|part| *part != "-") {
        let microseconds = Decimal::parse(part)?.shifted(6);
        sum = sum.checked_add(microseconds.split('.').next()?.parse().ok()?)?;
    }
    Some(Decimal::parse(&sum.to_string())?.shifted(-3))
}

/// Appends a string of JSON. Characters that readers of YAML take for breaks or marks are escaped, too.
pub(super) fn push_string(text: &str, out: &mut String) {
    out.push('"');
    let is_plain = |byte: &u8| (b' '..0x7f).contains(byte) && !matches!(byte, b'"' | b'\\');
    if text.as_bytes().iter().all(is_plain) {
        out.push_str(text);
    } else {
        for character in text.chars() {
            match character {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\0'..='\u{1f}'
                | '\u{7f}'..='\u{9f}'
                | '\u{2028}'
                | '\u{2029}'
                | '\u{feff}'
                | '\u{fffe}'
                | '\u{ffff}' => {
                    out.push_str(&format!("\\u{:04x}", u32::from(character)));
                }
                _ => out.push(character),
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(form: FieldForm, value: &str) -> String {
        let mut out = String::new();
        write(&form, value, None, &mut LastTime::default(), &mut out);
        out
    }

    #[test]
    fn units_are_those_of_the_record() {
        for (form, value, expected) in [
            (FieldForm::Number { shift: -3 }, "12345", "12.345"),
            (FieldForm::Number { shift: -3 }, "5", "0.005"),
            (FieldForm::Number { shift: 3 }, "0.042", "42"),
            (FieldForm::Number { shift: 3 }, "-1", "-1000"),
            (FieldForm::Number { shift: 0 }, "007.50", "7.5"),
            (FieldForm::Number { shift: 0 }, "1e3", "\"1e3\""),
            (FieldForm::Number { shift: 0 }, "1.", "\"1.\""),
            (FieldForm::SumOfSeconds, "0.010, 0.002 : -", "12"),
            (FieldForm::SumOfSeconds, "x", "\"x\""),
            (FieldForm::Code, "200", "200"),
            (FieldForm::Code, "000", "\"000\""),
            (FieldForm::Count, "0", "0"),
            (FieldForm::Scalar, "0.25", "0.25"),
            (FieldForm::Scalar, "cat", "\"cat\""),
        ] {
            assert_eq!(written(form.clone(), value), expected, "{form:?} {value}");
        }
    }

    #[test]
    fn times_are_in_utc_or_stay_as_they_are() {
        let strftime = |format: &str| FieldForm::Time(TimeForm::Strftime(format.into()));
        for (form, value, expected) in [
            (FieldForm::Time(TimeForm::Common), "10/Oct/2000:13:55:36 -0700", "2000-10-10T20:55:36Z"),
            (FieldForm::Time(TimeForm::Common), "29/Feb/2024:00:30:00 +0100", "2024-02-28T23:30:00Z"),
            (FieldForm::Time(TimeForm::Common), "30/Feb/2024:00:30:00 +0100", "30/Feb/2024:00:30:00 +0100"),
            (FieldForm::Time(TimeForm::Common), "10/Oct/2000 13:55:36", "10/Oct/2000 13:55:36"),
            (FieldForm::Time(TimeForm::Iso), "2026-09-01T08:00:00+02:00", "2026-09-01T06:00:00Z"),
            (FieldForm::Time(TimeForm::Unix { shift: 0 }), "1756713600.250", "2025-09-01T08:00:00.25Z"),
            (FieldForm::Time(TimeForm::Unix { shift: -3 }), "1756713600250", "2025-09-01T08:00:00.25Z"),
            (FieldForm::Time(TimeForm::Unix { shift: 0 }), "99999999999999999", "99999999999999999"),
            (strftime("%Y-%m-%d %H:%M:%S %z"), "2026-09-01 08:00:00 +0200", "2026-09-01T06:00:00Z"),
            (strftime("%Y-%m-%d %H:%M:%S"), "2026-09-01 08:00:00", "2026-09-01T08:00:00"),
        ] {
            assert_eq!(written(form.clone(), value), format!("\"{expected}\""), "{form:?} {value}");
        }
    }

    #[test]
    fn the_address_is_the_essence_of_a_request_line() {
        let own = |text: &'static str| &text[essence(&FieldForm::RequestLine, text)];
        assert_eq!(own("POST /v1/predict?a=b HTTP/1.1"), "/v1/predict?a=b");
        assert_eq!(own("GET /a b HTTP/1.0"), "/a b");
        assert_eq!(own("\\x16\\x03"), "\\x16\\x03");
    }

    proptest! {
        #[test]
        fn every_text_is_json(text in any::<String>()) {
            let mut out = String::new();
            push_string(&text, &mut out);
            prop_assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
        }

        #[test]
        fn every_value_is_json(value in "[-0-9.e]{0,12}|.{0,12}") {
            for form in [FieldForm::Code, FieldForm::Count, FieldForm::Number { shift: -3 }, FieldForm::Number { shift: 3 }, FieldForm::Scalar, FieldForm::SumOfSeconds] {
                let json = written(form, &value);
                prop_assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok(), "{} {}", value, json);
            }
        }
    }
}
