//! The meaning of a plain scalar: the core schema of YAML 1.2 (section 10.3.2).

/// The type that a scalar resolves to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarType {
    /// `null`, `~`, or an empty scalar.
    Null,
    /// `true` or `false`.
    Bool,
    /// A whole number: decimal, `0o` octal or `0x` hexadecimal.
    Integer,
    /// A number with a fraction or an exponent, `.inf` or `.nan`.
    Float,
    /// Everything else, and everything in quotes.
    String,
}

/// Returns the type of a plain (unquoted) scalar with this text.
#[must_use]
pub fn plain_type(text: &str) -> ScalarType {
    let Some(first) = text.bytes().next() else { return ScalarType::Null };
    // The first byte decides for most scalars.
    match first {
        b'0'..=b'9' | b'-' | b'+' | b'.' => number_type(text).unwrap_or(ScalarType::String),
        b'~' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' => match text {
            "~" | "null" | "Null" | "NULL" => ScalarType::Null,
            "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => ScalarType::Bool,
            _ => ScalarType::String,
        },
        _ => ScalarType::String,
    }
}

fn number_type(text: &str) -> Option<ScalarType> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    // The first byte that is not a digit decides: most numbers have none, most other texts are ruled out here.
    let (whole, rest) = digits(unsigned.as_bytes());
    match rest.first() {
        None => (whole > 0).then_some(ScalarType::Integer),
        Some(b'.' | b'e' | b'E') => is_float(text, unsigned, whole, rest).then_some(ScalarType::Float),
        Some(b'o' | b'x') => with_radix(text),
        Some(_) => None,
    }
}

/// Returns the number of leading digits, and the rest of the text.
fn digits(text: &[u8]) -> (usize, &[u8]) {
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (count, text.get(count..).unwrap_or(&[]))
}

/// Returns whether a number continues with a fraction, an exponent or both, after its sign and `whole` digits.
fn is_float(text: &str, unsigned: &str, whole: usize, rest: &[u8]) -> bool {
    if matches!(text, ".nan" | ".NaN" | ".NAN") || matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let (fraction, rest) = match rest.strip_prefix(b".") {
        Some(rest) => digits(rest),
        None => (0, rest),
    };
    let exponent = match rest {
        [] => true,
        [b'e' | b'E', rest @ ..] => {
            let (exponent, rest) = digits(rest.strip_prefix(b"-").or_else(|| rest.strip_prefix(b"+")).unwrap_or(rest));
            exponent > 0 && rest.is_empty()
        }
        _ => false,
    };
    whole + fraction > 0 && exponent
}

fn with_radix(text: &str) -> Option<ScalarType> {
    let is_number = match (text.strip_prefix("0o"), text.strip_prefix("0x")) {
        (Some(digits), _) => !digits.is_empty() && digits.bytes().all(|byte| (b'0'..=b'7').contains(&byte)),
        (_, Some(digits)) => !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        _ => false,
    };
    is_number.then_some(ScalarType::Integer)
}

/// The value of a number scalar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole number that fits `i64`.
    Signed(i64),
    /// A whole number above `i64::MAX` that fits `u64`.
    Unsigned(u64),
    /// Any other number, possibly infinite or NaN.
    Float(f64),
}

impl Number {
    /// Parses the text of a scalar that resolved to [`ScalarType::Integer`] or [`ScalarType::Float`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let radix = |digits: &str, radix| {
            u64::from_str_radix(digits, radix)
                .ok()
                .map(|value| i64::try_from(value).map_or(Self::Unsigned(value), Self::Signed))
        };
        if let Some(digits) = text.strip_prefix("0o") {
            return radix(digits, 8);
        }
        if let Some(digits) = text.strip_prefix("0x") {
            return radix(digits, 16);
        }
        if text.bytes().all(|byte| byte != b'.') {
            if let Ok(value) = text.parse::<i64>() {
                return Some(Self::Signed(value));
            }
            if let Ok(value) = text.parse::<u64>() {
                return Some(Self::Unsigned(value));
            }
        }
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        match unsigned {
            ".inf" | ".Inf" | ".INF" => {
                Some(Self::Float(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY }))
            }
            ".nan" | ".NaN" | ".NAN" => Some(Self::Float(f64::NAN)),
            _ => text.parse::<f64>().ok().map(Self::Float),
        }
    }

    /// Returns the number as a float, rounded if necessary.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a rounded value is what is asked for")]
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Signed(value) => value as f64,
            Self::Unsigned(value) => value as f64,
            Self::Float(value) => value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_resolve_as_the_core_schema_says() {
        for (text, expected) in [
            ("", ScalarType::Null),
            ("~", ScalarType::Null),
            ("Null", ScalarType::Null),
            ("nUll", ScalarType::String),
            ("True", ScalarType::Bool),
            ("yes", ScalarType::String),
            ("0", ScalarType::Integer),
            ("-12", ScalarType::Integer),
            ("+12", ScalarType::Integer),
            ("0o17", ScalarType::Integer),
            ("0o18", ScalarType::String),
            ("0xfF", ScalarType::Integer),
            ("0x", ScalarType::String),
            ("1.", ScalarType::Float),
            (".5", ScalarType::Float),
            (".", ScalarType::String),
            ("-", ScalarType::String),
            ("1e3", ScalarType::Float),
            ("1e", ScalarType::String),
            ("e1", ScalarType::String),
            ("1.0.1", ScalarType::String),
            ("2019-08-22", ScalarType::String),
            ("-.inf", ScalarType::Float),
            (".nan", ScalarType::Float),
            ("1_000", ScalarType::String),
        ] {
            assert_eq!(plain_type(text), expected, "{text:?}");
        }
    }

    #[test]
    fn numbers_keep_their_value() {
        assert_eq!(Number::parse("0x10"), Some(Number::Signed(16)));
        assert_eq!(Number::parse("18446744073709551615"), Some(Number::Unsigned(u64::MAX)));
        assert_eq!(Number::parse("1e400"), Some(Number::Float(f64::INFINITY)));
        assert_eq!(Number::parse("+7"), Some(Number::Signed(7)));
        assert_eq!(Number::parse("-.inf"), Some(Number::Float(f64::NEG_INFINITY)));
    }
}
