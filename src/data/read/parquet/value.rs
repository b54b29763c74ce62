//! Values of columns as JSON, by what their types say that they mean
//! (<https://github.com/apache/parquet-format/blob/master/LogicalTypes.md>).

use std::io::Write;

use jiff::civil::{DateTime, Time, date};
use jiff::{SignedDuration, Timestamp};
use parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use parquet::data_type::{ByteArray, FixedLenByteArray, Int96};
use parquet::schema::types::ColumnDescriptor;
use serde_json::value::RawValue;

/// What the values of a column mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColumnMeaning {
    /// What they are.
    Plain,
    /// A whole number without a sign.
    Unsigned,
    /// A whole number, divided by a power of ten.
    Decimal { scale: usize },
    /// Days since the beginning of 1970.
    Date,
    /// The time of a day, in so many units a second.
    Time { units: i64 },
    /// The time since the beginning of 1970, in so many units a second; in UTC, or at an unknown place.
    Timestamp { units: i64, is_utc: bool },
    /// JSON.
    Json,
    /// A UUID.
    Uuid,
    /// A number of two bytes (IEEE 754 binary16).
    Float16,
}

impl ColumnMeaning {
    pub fn of(column: &ColumnDescriptor) -> Self {
        if let Some(logical) = column.logical_type_ref() {
            return match logical {
                LogicalType::Integer(own) if !own.is_signed => Self::Unsigned,
                LogicalType::Decimal(own) => decimal(own.scale),
                LogicalType::Date => Self::Date,
                LogicalType::Time(own) => Self::Time { units: units(&own.unit) },
                LogicalType::Timestamp(own) => {
                    Self::Timestamp { units: units(&own.unit), is_utc: own.is_adjusted_to_u_t_c }
                }
                LogicalType::Json => Self::Json,
                LogicalType::Uuid => Self::Uuid,
                LogicalType::Float16 => Self::Float16,
                _ => Self::Plain,
            };
        }
        match column.converted_type() {
            ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64 => {
                Self::Unsigned
            }
            ConvertedType::DECIMAL => decimal(column.type_scale()),
            ConvertedType::DATE => Self::Date,
            ConvertedType::TIME_MILLIS => Self::Time { units: MILLI },
            ConvertedType::TIME_MICROS => Self::Time { units: MICRO },
            ConvertedType::TIMESTAMP_MILLIS => Self::Timestamp { units: MILLI, is_utc: true },
            ConvertedType::TIMESTAMP_MICROS => Self::Timestamp { units: MICRO, is_utc: true },
            ConvertedType::JSON => Self::Json,
            _ => Self::Plain,
        }
    }
}

const MILLI: i64 = 1_000;
const MICRO: i64 = 1_000_000;
const NANO: i64 = 1_000_000_000;

fn units(unit: &TimeUnit) -> i64 {
    match unit {
        TimeUnit::MILLIS => MILLI,
        TimeUnit::MICROS => MICRO,
        TimeUnit::NANOS => NANO,
    }
}

/// The most digits behind the point of a decimal: one of 16 bytes has 38 in all.
const MOST_SCALE: i32 = 100;

fn decimal(scale: i32) -> ColumnMeaning {
    match usize::try_from(scale) {
        Ok(scale) if scale <= MOST_SCALE as usize => ColumnMeaning::Decimal { scale },
        _ => ColumnMeaning::Plain,
    }
}

/// A value that is written as JSON.
pub(super) trait WriteValue {
    /// Writes the value.
    fn write(&self, meaning: &ColumnMeaning, out: &mut Vec<u8>);
}

impl WriteValue for bool {
    fn write(&self, _: &ColumnMeaning, out: &mut Vec<u8>) {
        out.extend_from_slice(if *self { b"true" } else { b"false" });
    }
}

impl WriteValue for i32 {
    fn write(&self, meaning: &ColumnMeaning, out: &mut Vec<u8>) {
        match meaning {
            ColumnMeaning::Unsigned => shown(self.cast_unsigned(), out),
            _ => i64::from(*self).write(meaning, out),
        }
    }
}

impl WriteValue for i64 {
    fn write(&self, meaning: &ColumnMeaning, out: &mut Vec<u8>) {
        let text = match meaning {
            ColumnMeaning::Unsigned => return shown(self.cast_unsigned(), out),
            ColumnMeaning::Decimal { scale } => return decimal_of(self.to_string(), *scale, out),
            ColumnMeaning::Date => date(1970, 1, 1)
                .checked_add(SignedDuration::from_secs(self.saturating_mul(86_400)))
                .ok()
                .map(|day| day.to_string()),
            ColumnMeaning::Time { units } => duration(*self, *units)
                .filter(|since| !since.is_negative() && since.as_secs() < 86_400)
                .and_then(|since| Time::midnight().checked_add(since).ok())
                .map(|time| time.to_string()),
            ColumnMeaning::Timestamp { units, is_utc } => {
                duration(*self, *units).and_then(|since| timestamp(since, *is_utc))
            }
            _ => None,
        };
        match text {
            Some(text) => quoted(text.as_bytes(), out),
            // A day or a time that no calendar has stays the number that it is, about which rules say what is wrong.
            None => shown(self, out),
        }
    }
}

impl WriteValue for Int96 {
    /// A time as Impala and Spark wrote it: nanoseconds of a Julian day.
    fn write(&self, _: &ColumnMeaning, out: &mut Vec<u8>) {
        const JULIAN_DAY_OF_1970: i64 = 2_440_588;
        let [low, high, day] = *self.data() else { return out.extend_from_slice(b"null") };
        let of_day = (i64::from(high) << 32) | i64::from(low);
        let days = i64::from(day) - JULIAN_DAY_OF_1970;
        let since = SignedDuration::from_secs(days * 86_400).checked_add(SignedDuration::from_nanos(of_day));
        match since.and_then(|since| timestamp(since, true)) {
            Some(text) => quoted(text.as_bytes(), out),
            None => shown(format_args!("\"{day}:{of_day}\""), out),
        }
    }
}

impl WriteValue for f32 {
    fn write(&self, _: &ColumnMeaning, out: &mut Vec<u8>) {
        match self.is_finite() {
            // The shortest text of the number in its own precision.
            true => drop(serde_json::to_writer(out, self)),
            false => f64::from(*self).write(&ColumnMeaning::Plain, out),
        }
    }
}

impl WriteValue for f64 {
    /// What JSON has no number for is a text, as `data` reads it in JSON Lines, too.
    fn write(&self, _: &ColumnMeaning, out: &mut Vec<u8>) {
        match self {
            value if value.is_nan() => out.extend_from_slice(b"\"NaN\""),
            value if value.is_infinite() && value.is_sign_negative() => out.extend_from_slice(b"\"-Infinity\""),
            value if value.is_infinite() => out.extend_from_slice(b"\"Infinity\""),
            // Writing to memory does not fail.
            _ => drop(serde_json::to_writer(out, self)),
        }
    }
}

impl WriteValue for ByteArray {
    fn write(&self, meaning: &ColumnMeaning, out: &mut Vec<u8>) {
        bytes(self.data(), meaning, out);
    }
}

impl WriteValue for FixedLenByteArray {
    fn write(&self, meaning: &ColumnMeaning, out: &mut Vec<u8>) {
        bytes(self.data(), meaning, out);
    }
}

fn bytes(value: &[u8], meaning: &ColumnMeaning, out: &mut Vec<u8>) {
    match (meaning, value) {
        (ColumnMeaning::Decimal { scale }, _) => {
            let number = num_bigint::BigInt::from_signed_bytes_be(value.get(..32).unwrap_or(value));
            decimal_of(number.to_string(), *scale, out);
        }
        (ColumnMeaning::Float16, [low, high]) => {
            half(u16::from_le_bytes([*low, *high])).write(&ColumnMeaning::Plain, out)
        }
        (ColumnMeaning::Uuid, _) if value.len() == 16 => {
            let number = value.iter().fold(0_u128, |number, byte| (number << 8) | u128::from(*byte));
            let digits = format!("{number:032x}");
            let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| digits.get(part).unwrap_or_default());
            quoted(parts.join("-").as_bytes(), out);
        }
        (ColumnMeaning::Json, _) => match serde_json::from_slice::<&RawValue>(value) {
            // A break is between its tokens, and would end the line.
            Ok(json) => {
                out.extend(json.get().bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte }))
            }
            Err(_) => quoted(value, out),
        },
        _ => quoted(value, out),
    }
}

/// Writes a string. What is no UTF-8 stays so, and is told by who reads the line.
pub(super) fn quoted(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    let is_plain = |byte: &u8| (b' '..0x7f).contains(byte) && !matches!(byte, b'"' | b'\\');
    match (text.iter().all(is_plain), std::str::from_utf8(text)) {
        (false, Ok(text)) => {
            for character in text.chars() {
                match character {
                    '"' => out.extend_from_slice(b"\\\""),
                    '\\' => out.extend_from_slice(b"\\\\"),
                    '\0'..='\u{1f}'
                    | '\u{7f}'..='\u{9f}'
                    | '\u{2028}'
                    | '\u{2029}'
                    | '\u{feff}'
                    | '\u{fffe}'
                    | '\u{ffff}' => {
                        shown(format_args!("\\u{:04x}", u32::from(character)), out);
                    }
                    _ => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
                }
            }
        }
        (_, Ok(_)) => out.extend_from_slice(text),
        // A break would end the line, and a quote the string.
        (_, Err(_)) => {
            out.extend(text.iter().map(|byte| if matches!(byte, b'"' | b'\\' | 0..0x20) { b'?' } else { *byte }))
        }
    }
    out.push(b'"');
}

fn shown(value: impl std::fmt::Display, out: &mut Vec<u8>) {
    // Writing to memory does not fail.
    let _ = write!(out, "{value}");
}

/// Writes whole digits as a number with so many digits behind the point.
fn decimal_of(digits: String, scale: usize, out: &mut Vec<u8>) {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits.as_str()), |rest| ("-", rest));
    let padded = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = padded.split_at_checked(padded.len() - scale).unwrap_or((&padded, ""));
    let point = if fraction.is_empty() { "" } else { "." };
    shown(format_args!("{sign}{whole}{point}{fraction}"), out);
}

fn duration(value: i64, units: i64) -> Option<SignedDuration> {
    let (seconds, rest) = (value.div_euclid(units), value.rem_euclid(units));
    SignedDuration::from_secs(seconds).checked_add(SignedDuration::from_nanos(rest * (NANO / units)))
}

fn timestamp(since: SignedDuration, is_utc: bool) -> Option<String> {
    match is_utc {
        true => Timestamp::from_duration(since).ok().map(|time| time.to_string()),
        false => {
            let start: DateTime = date(1970, 1, 1).at(0, 0, 0, 0);
            start.checked_add(since).ok().map(|time| time.to_string())
        }
    }
}

/// Returns a number of two bytes.
fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f32::from(bits & 0x3ff));
    sign * match exponent {
        0 => fraction * 2_f32.powi(-24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1024.0 + fraction) * 2_f32.powi(exponent - 25),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: &impl WriteValue, meaning: ColumnMeaning) -> String {
        let mut out = Vec::new();
        value.write(&meaning, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn values_are_what_their_types_say() {
        let utc = |units| ColumnMeaning::Timestamp { units, is_utc: true };
        for (value, meaning, expected) in [
            (-1, ColumnMeaning::Plain, "-1"),
            (-1, ColumnMeaning::Unsigned, "18446744073709551615"),
            (-5, ColumnMeaning::Decimal { scale: 2 }, "-0.05"),
            (12345, ColumnMeaning::Decimal { scale: 2 }, "123.45"),
            (12345, ColumnMeaning::Decimal { scale: 0 }, "12345"),
            (20_697, ColumnMeaning::Date, "\"2026-09-01\""),
            (-1, ColumnMeaning::Date, "\"1969-12-31\""),
            (i64::MAX, ColumnMeaning::Date, "9223372036854775807"),
            (30_600_000, ColumnMeaning::Time { units: MILLI }, "\"08:30:00\""),
            (86_400_000, ColumnMeaning::Time { units: MILLI }, "86400000"),
            (1_788_249_600_250, utc(MILLI), "\"2026-09-01T08:00:00.25Z\""),
            (-1, utc(NANO), "\"1969-12-31T23:59:59.999999999Z\""),
            (0, ColumnMeaning::Timestamp { units: MICRO, is_utc: false }, "\"1970-01-01T00:00:00\""),
            (i64::MAX, utc(MILLI), "9223372036854775807"),
        ] {
            assert_eq!(written(&value, meaning), expected, "{value} {meaning:?}");
        }
        assert_eq!(written(&-1_i32, ColumnMeaning::Unsigned), "4294967295");
        assert_eq!(written(&0.1_f32, ColumnMeaning::Plain), "0.1");
        assert_eq!(written(&1e300, ColumnMeaning::Plain), "1e+300");
        assert_eq!(written(&f64::NAN, ColumnMeaning::Plain), "\"NaN\"");
        assert_eq!(written(&f32::NEG_INFINITY, ColumnMeaning::Plain), "\"-Infinity\"");
        let fixed = |bytes: &[u8]| FixedLenByteArray::from(ByteArray::from(bytes.to_vec()));
        assert_eq!(written(&fixed(&[0xff, 0xfe]), ColumnMeaning::Decimal { scale: 1 }), "-0.2");
        assert_eq!(written(&fixed(&[0x00, 0x3c]), ColumnMeaning::Float16), "1.0");
        assert_eq!(written(&fixed(&[0x01, 0x80]), ColumnMeaning::Float16), "-5.9604645e-8");
        let uuid: Vec<u8> = (0..16).collect();
        assert_eq!(written(&fixed(&uuid), ColumnMeaning::Uuid), "\"00010203-0405-0607-0809-0a0b0c0d0e0f\"");
        let text = |text: &[u8]| ByteArray::from(text.to_vec());
        assert_eq!(written(&text("a\"\\\n\u{2028}é".as_bytes()), ColumnMeaning::Plain), "\"a\\\"\\\\\\u000a\\u2028é\"");
        assert_eq!(written(&text(b"{\"a\":\n 1}"), ColumnMeaning::Json), "{\"a\":  1}");
        assert_eq!(written(&text(b"{"), ColumnMeaning::Json), "\"{\"");
        let mut old = Int96::new();
        old.set_data(0, 0, 2_440_589);
        assert_eq!(written(&old, ColumnMeaning::Plain), "\"1970-01-02T00:00:00Z\"");
    }
}
