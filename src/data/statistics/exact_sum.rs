//! Sums of doubles without any rounding, so that neither the order nor the grouping of the terms matters.
//!
//! A superaccumulator (R. M. Neal, "Fast exact summation using small and large superaccumulators", 2015): a fixed-point number wide enough
//! for every double, in digits of 32 bits that are held in 64, so that carries can wait.

use num_bigint::{BigInt, Sign};
use num_traits::Zero;

/// The bits of a digit.
const DIGIT_BITS: u32 = 32;
/// The digits: 2^-1074 is the last bit, and a sum of 2^63 of the greatest doubles fits.
const DIGITS: usize = 70;
/// The binary exponent of the last bit.
const LAST_BIT: i32 = -1074;
/// As many terms fit between two propagations of carries: each adds less than 2^32 to a digit.
const MOST_PENDING: u32 = 1 << 30;

/// An exact sum of finite doubles.
#[derive(Clone, Debug)]
pub struct ExactSum {
    digits: Box<[i64; DIGITS]>,
    pending: u32,
}

impl Default for ExactSum {
    fn default() -> Self {
        Self { digits: Box::new([0; DIGITS]), pending: 0 }
    }
}

impl ExactSum {
    /// Adds a finite number.
    pub fn add(&mut self, value: f64) {
        let bits = value.to_bits();
        let biased = (bits >> 52) & 0x7ff;
        let fraction = bits & ((1 << 52) - 1);
        // Subnormal numbers have no hidden bit, and the exponent of the least normal ones.
        let (mantissa, shift) = if biased == 0 { (fraction, 0) } else { (fraction | 1 << 52, biased - 1) };
        let wide = u128::from(mantissa) << (shift % u64::from(DIGIT_BITS));
        let first = usize::try_from(shift / u64::from(DIGIT_BITS)).unwrap_or(0);
        for (place, digit) in self.digits.iter_mut().skip(first).take(3).enumerate() {
            let part = (wide >> (DIGIT_BITS as usize * place)) as u32;
            *digit += if value.is_sign_negative() { -i64::from(part) } else { i64::from(part) };
        }
        self.pending += 1;
        if self.pending >= MOST_PENDING {
            self.propagate();
        }
    }

    /// Adds the sum of others.
    pub fn merge(&mut self, other: &Self) {
        let mut other = other.clone();
        other.propagate();
        self.propagate();
        for (own, others) in self.digits.iter_mut().zip(other.digits.iter()) {
            *own += others;
        }
        self.propagate();
    }

    /// Carries, so that all digits but the last are between 0 and 2^32.
    fn propagate(&mut self) {
        let mut carry = 0_i64;
        let last = DIGITS - 1;
        for (place, digit) in self.digits.iter_mut().enumerate() {
            let sum = *digit + carry;
            if place == last {
                *digit = sum;
            } else {
                carry = sum >> DIGIT_BITS;
                *digit = sum - (carry << DIGIT_BITS);
            }
        }
        self.pending = 1;
    }

    /// Returns the sum as a whole number of units of 2^-1074.
    #[must_use]
    pub fn units(&self) -> BigInt {
        let mut canonical = self.clone();
        canonical.propagate();
        let mut sum = BigInt::zero();
        for digit in canonical.digits.iter().rev() {
            sum = (sum << DIGIT_BITS) + BigInt::from(*digit);
        }
        sum
    }

    /// Writes the sum exactly: a hexadecimal number and a power of two, as `-1a2bp-3`.
    #[must_use]
    pub fn to_text(&self) -> String {
        let units = self.units();
        if units.is_zero() {
            return "0p0".to_owned();
        }
        let zeros = units.trailing_zeros().unwrap_or(0);
        let exponent = i64::from(LAST_BIT) + i64::try_from(zeros).unwrap_or(0);
        format!("{:x}p{exponent}", units >> zeros)
    }

    /// Reads what [`to_text`](Self::to_text) writes; `None` if it is anything else.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let (digits, exponent) = text.split_once('p')?;
        let shift = exponent.parse::<i64>().ok()?.checked_sub(i64::from(LAST_BIT));
        let shift = shift.and_then(|shift| usize::try_from(shift).ok());
        // No sum is wider than the digits.
        let most = DIGITS * DIGIT_BITS as usize;
        if digits.len() > most / 4 {
            return None;
        }
        let units = BigInt::parse_bytes(digits.as_bytes(), 16)?;
        let mut sum = Self::default();
        if units.is_zero() {
            return Some(sum);
        }
        let units = units << shift.filter(|shift| *shift < most)?;
        if units.bits() > most as u64 {
            return None;
        }
        let (sign, parts) = units.to_u32_digits();
        for (digit, part) in sum.digits.iter_mut().zip(parts) {
            *digit = if sign == Sign::Minus { -i64::from(part) } else { i64::from(part) };
        }
        sum.propagate();
        Some(sum)
    }
}

#[cfg(test)]
mod tests {
    use num_rational::BigRational;
    use num_traits::ToPrimitive;
    use proptest::prelude::*;

    use super::*;

    fn rounded(sum: &ExactSum) -> f64 {
        BigRational::new(sum.units(), BigInt::from(1) << 1074).to_f64().unwrap()
    }

    #[test]
    fn what_cancels_is_gone_and_the_rest_is_exact() {
        let mut sum = ExactSum::default();
        for value in [1e308, 1.0, -1e308, f64::from_bits(1), 0.1, -1.0] {
            sum.add(value);
        }
        sum.add(-0.1);
        assert_eq!(rounded(&sum), f64::from_bits(1));
        assert_eq!(sum.to_text(), "1p-1074");
    }

    proptest! {
        #[test]
        fn a_sum_depends_on_neither_order_nor_grouping(
            values in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL, 0..50),
            cut in 0..50usize,
        ) {
            let of = |values: &[f64]| {
                let mut sum = ExactSum::default();
                values.iter().for_each(|value| sum.add(*value));
                sum
            };
            let whole = of(&values);
            let cut = cut.min(values.len());
            let mut parts = of(&values[cut..]);
            parts.merge(&of(&values[..cut]));
            prop_assert_eq!(parts.to_text(), whole.to_text());
            let read = ExactSum::from_text(&whole.to_text()).unwrap();
            prop_assert_eq!(read.to_text(), whole.to_text());
            let exact: BigRational = values.iter().map(|value| BigRational::from_float(*value).unwrap()).sum();
            prop_assert_eq!(exact, BigRational::new(whole.units(), BigInt::from(1) << 1074));
        }
    }
}
