//! Exact numbers: "read the raw scalar text, not f64; exact rationals, so `0.89 - 0.87 <= 2pp` is true".

use std::cmp::Ordering;
use std::fmt;

use num_bigint::BigInt;
use num_rational::{BigRational, Ratio};
use num_traits::{One, Signed, ToPrimitive, Zero};

/// The greatest exponent, positive or negative, that is accepted: `1e400000000` would be a number with as many digits.
pub const MOST_EXPONENT: i64 = 400;
/// The greatest number of digits that is accepted.
pub const MOST_DIGITS: usize = 200;

/// Results whose numerator or denominator has more bits are rejected: repeated squaring would exhaust memory. The product of any two
/// numbers that can be parsed is shorter.
pub const MOST_BITS: u64 = 1 << 12;

/// A rational number, without rounding.
///
/// Nearly all metrics and thresholds have few digits, so that numerator and denominator fit machine words; other numbers are held as big
/// integers. Each value has one representation: what fits is small.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Exact(Repr);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    /// In lowest terms, denominator positive.
    Small(i64, i64),
    Big(Box<BigRational>),
}

impl Exact {
    /// 0
    pub const ZERO: Self = Self(Repr::Small(0, 1));
    /// 1
    pub const ONE: Self = Self(Repr::Small(1, 1));

    /// Returns a whole number.
    #[must_use]
    pub fn whole(value: i64) -> Self {
        Self(Repr::Small(value, 1))
    }

    /// Returns `numerator / denominator`; `None` if the denominator is 0.
    #[must_use]
    pub fn fraction(numerator: i64, denominator: i64) -> Option<Self> {
        (denominator != 0).then(|| Self::reduced(i128::from(numerator), i128::from(denominator)))
    }

    /// Parses a decimal number such as `-0.87`, `1e-3` or `.5`, exactly. `None` if the text is not such a number, or exceeds
    /// [`MOST_EXPONENT`] or [`MOST_DIGITS`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (is_negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
            Some(at) => (unsigned.get(..at)?, unsigned.get(at + 1..)?.parse::<i64>().ok()?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let count = whole.len() + fraction.len();
        // A number that begins with its point is printed with a leading 0.
        if count == 0
            || count + usize::from(whole.is_empty()) > MOST_DIGITS
            || !are_digits(whole)
            || !are_digits(fraction)
        {
            return None;
        }
        if !(-MOST_EXPONENT..=MOST_EXPONENT).contains(&exponent) {
            return None;
        }
        let scale = exponent - i64::try_from(fraction.len()).ok()?;
        let value = Self::decimal(whole, fraction, scale)?;
        Some(if is_negative { -&value } else { value })
    }

    /// Returns the digits as a whole number, times ten to the power of `scale`.
    fn decimal(whole: &str, fraction: &str, scale: i64) -> Option<Self> {
        let power = u32::try_from(scale.unsigned_abs()).ok()?;
        if whole.len() + fraction.len() <= 18 && power <= 18 {
            let digits = whole.bytes().chain(fraction.bytes());
            let digits = digits.fold(0_i128, |value, digit| value * 10 + i128::from(digit - b'0'));
            let ten = 10_i128.pow(power);
            return Some(if scale < 0 { Self::reduced(digits, ten) } else { Self::reduced(digits * ten, 1) });
        }
        let digits = BigInt::parse_bytes([whole, fraction].concat().as_bytes(), 10)?;
        let ten = num_traits::pow(BigInt::from(10), power as usize);
        let value = if scale < 0 { BigRational::new(digits, ten) } else { BigRational::from(digits * ten) };
        Some(Self::from_big(value))
    }

    /// Returns the value of a float, which is itself rational; `None` for NaN and the infinities.
    #[must_use]
    pub fn from_f64(value: f64) -> Option<Self> {
        BigRational::from_float(value).map(Self::from_big)
    }

    /// Returns the nearest float.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "rounding is what is asked for")]
    pub fn to_f64(&self) -> f64 {
        match &self.0 {
            Repr::Small(numerator, 1) => *numerator as f64,
            _ => self.big().to_f64().unwrap_or(f64::NAN),
        }
    }

    /// Returns the quotient; `None` if the divisor is 0.
    #[must_use]
    pub fn divided_by(&self, divisor: &Self) -> Option<Self> {
        if divisor.is_zero() {
            return None;
        }
        if let (Repr::Small(a, b), Repr::Small(c, d)) = (&self.0, &divisor.0) {
            return Some(Self::reduced(i128::from(*a) * i128::from(*d), i128::from(*b) * i128::from(*c)));
        }
        Some(Self::from_big(self.big() / divisor.big()))
    }

    /// Returns whether the numerator or denominator exceeds [`MOST_BITS`].
    #[must_use]
    pub fn is_long(&self) -> bool {
        match &self.0 {
            Repr::Small(..) => false,
            Repr::Big(value) => value.numer().bits().max(value.denom().bits()) > MOST_BITS,
        }
    }

    /// Returns whether it is 0.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Repr::Small(0, _))
    }

    /// Returns the bits of numerator and denominator together; at most 128 if they fit machine words.
    #[must_use]
    pub fn bits(&self) -> u64 {
        match &self.0 {
            Repr::Small(..) => 128,
            Repr::Big(value) => value.numer().bits() + value.denom().bits(),
        }
    }

    /// Returns whether it is less than 0.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Repr::Small(numerator, _) => *numerator < 0,
            Repr::Big(value) => value.is_negative(),
        }
    }

    /// Returns the absolute value.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.is_negative() { -self } else { self.clone() }
    }

    /// Returns the greatest whole number that is not above it; `None` if that does not fit.
    #[must_use]
    pub fn floor(&self) -> Option<i64> {
        match &self.0 {
            Repr::Small(numerator, denominator) => Some(numerator.div_euclid(*denominator)),
            Repr::Big(value) => value.floor().to_i64(),
        }
    }

    /// Returns the number as an integer; `None` if it is not whole or does not fit.
    #[must_use]
    pub fn to_whole(&self) -> Option<i64> {
        match self.0 {
            Repr::Small(numerator, 1) => Some(numerator),
            _ => None,
        }
    }

    /// Returns the decimal expansion, in full if it ends within `digits` significant digits, otherwise rounded to these (half away from 0).
    /// There are no exponents and no trailing zeros.
    #[must_use]
    pub fn to_decimal(&self, digits: u32) -> String {
        if self.is_zero() {
            return "0".to_owned();
        }
        let value = self.big();
        let magnitude = value.abs();
        // The number of decimal places that keeps `digits` significant digits.
        let mut places = i64::from(digits);
        let ten = BigInt::from(10);
        let mut at = magnitude.to_integer();
        if at.is_zero() {
            let mut scaled = &magnitude * &ten;
            while scaled.to_integer().is_zero() {
                places += 1;
                scaled *= &ten;
            }
        } else {
            while !at.is_zero() {
                places -= 1;
                at /= &ten;
            }
        }
        Self::placed(&value, usize::try_from(places).unwrap_or(0))
    }

    /// Returns the full decimal expansion; `None` if it does not end, such as that of 1/3.
    #[must_use]
    pub fn to_exact_decimal(&self) -> Option<String> {
        let value = self.big();
        let mut places = 0_usize;
        let (mut rest, mut twos) = (value.denom().clone(), 0_usize);
        for (prime, count) in [(BigInt::from(5), &mut places), (BigInt::from(2), &mut twos)] {
            while (&rest % &prime).is_zero() {
                rest /= &prime;
                *count += 1;
            }
        }
        let places = places.max(twos);
        rest.is_one().then(|| Self::placed(&value, places))
    }

    /// Returns a text that [`Exact::parse`] reads as the same number, if there is one: decimal, with an exponent if that would be long.
    #[must_use]
    pub fn to_literal(&self) -> Option<String> {
        let plain = self.to_exact_decimal()?;
        if plain.len() <= MOST_DIGITS {
            return Some(plain);
        }
        let (sign, unsigned) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let all = [whole, fraction].concat();
        let digits = all.trim_start_matches('0').trim_end_matches('0');
        let zeros = all.len() - all.trim_end_matches('0').len();
        let scale = i64::try_from(zeros).ok()? - i64::try_from(fraction.len()).ok()?;
        let exponent = scale.clamp(-MOST_EXPONENT, MOST_EXPONENT);
        let rest = usize::try_from((scale - exponent).unsigned_abs()).ok()?;
        let mantissa = if scale >= exponent {
            format!("{digits}{}", "0".repeat(rest))
        } else {
            let padded = format!("{digits:0>width$}", width = rest + 1);
            let (whole, fraction) = padded.split_at(padded.len() - rest);
            format!("{whole}.{fraction}")
        };
        Some(format!("{sign}{mantissa}e{exponent}"))
    }

    /// Returns the decimal number with this many decimal places, without trailing zeros.
    fn placed(value: &BigRational, places: usize) -> String {
        let rounded = (value.abs() * num_traits::pow(BigInt::from(10), places)).round().to_integer();
        let text = format!("{:0>width$}", rounded.to_string(), width = places + 1);
        let (whole, fraction) = text.split_at(text.len() - places);
        let fraction = fraction.trim_end_matches('0');
        let sign = if value.is_negative() { "-" } else { "" };
        if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }

    fn reduced(numerator: i128, denominator: i128) -> Self {
        if let (Ok(numerator), Ok(1)) = (i64::try_from(numerator), i64::try_from(denominator)) {
            return Self(Repr::Small(numerator, 1));
        }
        let (numerator, denominator) = match (u64::try_from(numerator.unsigned_abs()), u64::try_from(denominator)) {
            // The greatest common divisor of machine words is computed several times as fast.
            (Ok(a), Ok(b)) => {
                let divisor = i128::from(num_integer::gcd(a, b));
                (numerator / divisor, denominator / divisor)
            }
            _ => Ratio::new(numerator, denominator).into_raw(),
        };
        match (i64::try_from(numerator), i64::try_from(denominator)) {
            (Ok(numerator), Ok(denominator)) => Self(Repr::Small(numerator, denominator)),
            _ => Self(Repr::Big(Box::new(BigRational::new_raw(numerator.into(), denominator.into())))),
        }
    }

    fn from_big(value: BigRational) -> Self {
        match (value.numer().to_i64(), value.denom().to_i64()) {
            (Some(numerator), Some(denominator)) => Self(Repr::Small(numerator, denominator)),
            _ => Self(Repr::Big(Box::new(value))),
        }
    }

    fn big(&self) -> BigRational {
        match &self.0 {
            Repr::Small(numerator, denominator) => BigRational::new_raw((*numerator).into(), (*denominator).into()),
            Repr::Big(value) => (**value).clone(),
        }
    }
}

/// Declares an operation: in machine words if both operands fit, otherwise in big integers.
macro_rules! operation {
    ($trait:ident :: $name:ident, $op:tt, |$a:ident, $b:ident, $c:ident, $d:ident| $numerator:expr, $denominator:expr) => {
        impl std::ops::$trait for &Exact {
            type Output = Exact;

            fn $name(self, other: Self) -> Exact {
                if let (Repr::Small(a, b), Repr::Small(c, d)) = (&self.0, &other.0) {
                    let ($a, $b, $c, $d) = (i128::from(*a), i128::from(*b), i128::from(*c), i128::from(*d));
                    if let (Some(numerator), denominator) = ($numerator, $denominator) {
                        return Exact::reduced(numerator, denominator);
                    }
                }
                Exact::from_big(self.big() $op other.big())
            }
        }
    };
}

operation!(Add::add, +, |a, b, c, d| (a * d).checked_add(c * b), b * d);
operation!(Sub::sub, -, |a, b, c, d| (a * d).checked_sub(c * b), b * d);
operation!(Mul::mul, *, |a, b, c, d| Some(a * c), b * d);

impl std::ops::Neg for &Exact {
    type Output = Exact;

    fn neg(self) -> Exact {
        match &self.0 {
            Repr::Small(numerator, denominator) if *numerator != i64::MIN => {
                Exact(Repr::Small(-numerator, *denominator))
            }
            _ => Exact::from_big(-self.big()),
        }
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Repr::Small(a, b), Repr::Small(c, d)) => {
                (i128::from(*a) * i128::from(*d)).cmp(&(i128::from(*c) * i128::from(*b)))
            }
            _ => self.big().cmp(&other.big()),
        }
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Shows a decimal number of at most 15 significant digits.
impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_decimal(15))
    }
}

/// Shows a fraction.
impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.big();
        match value.denom().is_one() {
            true => write!(f, "{}", value.numer()),
            false => write!(f, "{}/{}", value.numer(), value.denom()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn exact(text: &str) -> Exact {
        Exact::parse(text).unwrap_or_else(|| panic!("{text} is a number"))
    }

    #[test]
    fn decimals_are_read_exactly() {
        assert_eq!(&exact("0.89") - &exact("0.87"), exact("0.02"));
        assert_eq!(exact("1e-3"), Exact::fraction(1, 1000).unwrap());
        assert_eq!(exact(".5"), exact("+5E-1"));
        assert_eq!(exact("900").divided_by(&exact("2000")), Some(exact("0.45")));
        assert_eq!(exact("0.1e400").divided_by(&exact("1e399")), Some(Exact::ONE));
    }

    #[test]
    fn what_is_no_number_or_has_no_bounds_is_refused() {
        for text in ["", "-", ".", "1e", "e1", "1e401", "1e99999999999999999999", "1_000", "NaN", ".inf", "0x10", "１"]
        {
            assert_eq!(Exact::parse(text), None, "{text}");
        }
        assert_eq!(Exact::parse(&"1".repeat(MOST_DIGITS + 1)), None);
        assert_eq!(Exact::ONE.divided_by(&Exact::ZERO), None);
        assert_eq!(Exact::from_f64(f64::NAN), None);
    }

    #[test]
    fn numbers_are_shown_as_decimals() {
        for (value, digits, shown) in [
            ("0.8712", 15, "0.8712"),
            ("-0.50", 15, "-0.5"),
            ("1200", 3, "1200"),
            ("0.00012345", 3, "0.000123"),
            ("0.9996", 3, "1"),
            ("123.456", 4, "123.5"),
            ("0", 3, "0"),
        ] {
            assert_eq!(exact(value).to_decimal(digits), shown, "{value}");
        }
        assert_eq!(Exact::fraction(-30, 350).unwrap().to_decimal(4), "-0.08571");
    }

    #[test]
    fn every_number_that_is_read_can_be_written() {
        for text in [
            "1e400".to_owned(),
            "-1e-400".to_owned(),
            format!("{}e400", "9".repeat(MOST_DIGITS)),
            format!("0.{}1e-400", "0".repeat(MOST_DIGITS - 2)),
            format!("{}00e399", "7".repeat(MOST_DIGITS - 2)),
            format!("1.{}e-390", "3".repeat(MOST_DIGITS - 1)),
        ] {
            let number = exact(&text);
            let written = number.to_literal().unwrap();
            assert_eq!(Exact::parse(&written), Some(number), "{text}: {written}");
        }
        assert_eq!(exact("0.25").to_literal().as_deref(), Some("0.25"));
    }

    proptest! {
        #[test]
        fn machine_words_and_big_integers_agree(a: i64, b in 1..=i64::MAX, c: i64, d in 1..=i64::MAX) {
            let (x, y) = (Exact::fraction(a, b).unwrap(), Exact::fraction(c, d).unwrap());
            let (p, q) = (BigRational::new(a.into(), b.into()), BigRational::new(c.into(), d.into()));
            prop_assert_eq!((&x + &y).big(), &p + &q);
            prop_assert_eq!((&x - &y).big(), &p - &q);
            prop_assert_eq!((&x * &y).big(), &p * &q);
            prop_assert_eq!((-&x).big(), -&p);
            prop_assert_eq!(x.cmp(&y), p.cmp(&q));
            if c != 0 {
                prop_assert_eq!(x.divided_by(&y).unwrap().big(), p / q);
            }
        }
    }
}
