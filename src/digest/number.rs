//! Numbers in their canonical form.

use crate::yaml::Number;

/// Returns a number in the layout of ECMAScript (RFC 8785, section 3.2.2.3), with its own digits. JSON libraries write the fewest digits that
/// tell a double from all others, so that these are its digits, too; a number with more keeps them: two documents with different numbers
/// differ, even if a double cannot tell them apart.
pub(super) fn canonical(text: &str, number: Option<Number>) -> String {
    let exact = match number {
        Some(Number::Signed(value)) => Decimal::parse(&value.to_string()),
        Some(Number::Unsigned(value)) => Decimal::parse(&value.to_string()),
        _ => Decimal::parse(text),
    };
    match (exact, number.map(Number::as_f64)) {
        (Some(exact), _) => exact.as_ecmascript(),
        // Infinity and NaN, and what only a tag calls a number.
        (None, Some(double)) if double.is_nan() => "NaN".to_owned(),
        (None, Some(double)) => if double > 0.0 { "Infinity" } else { "-Infinity" }.to_owned(),
        (None, None) => format!("?{}", serde_json::Value::from(text)),
    }
}

/// A decimal number: 0.DIGITS times ten to a power. Its digits neither begin nor end with a zero; zero has none.
#[derive(Debug, PartialEq, Eq)]
struct Decimal {
    is_negative: bool,
    digits: String,
    /// The position of the point, relative to the first digit.
    point: i128,
}

impl Decimal {
    fn parse(text: &str) -> Option<Self> {
        let (is_negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let significant = all.trim_start_matches('0');
        let digits = significant.trim_end_matches('0').to_owned();
        if digits.is_empty() {
            return Some(Self { is_negative: false, digits, point: 0 });
        }
        let zeros = i128::try_from(all.len() - significant.len()).ok()?;
        let exponent: i128 = exponent.parse::<i64>().ok()?.into();
        let point = i128::try_from(whole.len()).ok()? - zeros + exponent;
        Some(Self { is_negative, digits, point })
    }

    /// Returns the number as `Number.prototype.toString` does.
    fn as_ecmascript(&self) -> String {
        let count = i128::try_from(self.digits.len()).unwrap_or(i128::MAX);
        let zeros = |count: i128| "0".repeat(usize::try_from(count).unwrap_or(0));
        let text = match self.point {
            _ if self.digits.is_empty() => "0".to_owned(),
            point if count <= point && point <= 21 => format!("{}{}", self.digits, zeros(point - count)),
            point if 0 < point && point <= 21 => {
                let (whole, fraction) = self.digits.split_at(usize::try_from(point).unwrap_or(0));
                format!("{whole}.{fraction}")
            }
            point if -6 < point && point <= 0 => format!("0.{}{}", zeros(-point), self.digits),
            _ => self.as_scientific(),
        };
        self.signed(text)
    }

    fn as_scientific(&self) -> String {
        let (first, rest) = self.digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let exponent = self.point - 1;
        let sign = if exponent < 0 { "-" } else { "+" };
        format!("{first}{point}{rest}e{sign}{}", exponent.abs())
    }

    fn signed(&self, text: String) -> String {
        if self.is_negative { format!("-{text}") } else { text }
    }
}

#[cfg(test)]
mod tests {
    use super::canonical;
    use crate::yaml::Number;

    fn of(text: &str) -> String {
        canonical(text, Number::parse(text))
    }

    #[test]
    fn numbers_are_written_as_ecmascript_writes_them() {
        // RFC 8785, appendix B.
        for (text, expected) in [
            ("-0", "0"),
            ("5e-324", "5e-324"),
            ("1.7976931348623157e308", "1.7976931348623157e+308"),
            ("9007199254740992", "9007199254740992"),
            ("295147905179352830000", "295147905179352830000"),
            ("999999999999999900000", "999999999999999900000"),
            ("1e21", "1e+21"),
            ("9.999999999999997e22", "9.999999999999997e+22"),
            ("0.000001", "0.000001"),
            ("0.00000099999999999999", "9.9999999999999e-7"),
            ("333333333.33333325", "333333333.33333325"),
            ("-0.0000033333333333333333", "-0.0000033333333333333333"),
            ("1424953923781206.2", "1424953923781206.2"),
            ("0x10", "16"),
            (".inf", "Infinity"),
            ("-.inf", "-Infinity"),
            (".nan", "NaN"),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_that_a_double_cannot_tell_apart_are_told_apart() {
        for (a, b) in [
            ("9007199254740992", "9007199254740993"),
            ("0.65", "0.65000000000000000001"),
            ("1e400", "1e401"),
            ("1e400", ".inf"),
            ("1e-400", "0"),
            ("36893488147419103232", "36893488147419103233"),
        ] {
            assert_ne!(of(a), of(b), "{a} {b}");
        }
        for (a, b) in [("1e400", "10e399"), ("1.50", "15e-1"), ("9007199254740993", "9007199254740993.0")] {
            assert_eq!(of(a), of(b), "{a} {b}");
        }
    }
}
