//! Sums of decimal numbers without any rounding: a mean of logged numbers is that of the numbers as they are written, whatever their order.

use crate::objectives::number::Exact;

/// The greatest number of digits behind the point that are summed up in machine words.
const MOST_DECIMALS: usize = 20;

/// An exact sum of decimal numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct DecimalSum {
    /// The sums of the numbers with so many digits behind the point, in units of the last of them.
    by_decimals: [i128; MOST_DECIMALS],
    /// What does not fit.
    rest: Option<Exact>,
}

/// A decimal number in machine words: `units / 10^decimals`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    units: i64,
    decimals: usize,
}

impl Decimal {
    /// Reads a number of JSON; `None` if it has an exponent, or too many digits.
    pub fn parse(text: &str) -> Option<Self> {
        let (is_negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        if whole.is_empty() || whole.len() + fraction.len() > 18 {
            return None;
        }
        let mut units = 0_i64;
        for byte in whole.bytes().chain(fraction.bytes()) {
            units = units * 10 + i64::from(byte.checked_sub(b'0').filter(|digit| *digit < 10)?);
        }
        Some(Self { units: if is_negative { -units } else { units }, decimals: fraction.len() })
    }
}

impl Decimal {
    /// Returns whether the number is whole.
    pub fn is_whole(self) -> bool {
        let ten = u32::try_from(self.decimals).ok().and_then(|decimals| 10_i64.checked_pow(decimals));
        ten.is_some_and(|ten| self.units % ten == 0)
    }
}

impl DecimalSum {
    /// Adds a number, which `exact` reads if it does not fit machine words.
    pub fn add(&mut self, decimal: Option<Decimal>, exact: impl FnOnce() -> Option<Exact>) {
        match decimal {
            Some(Decimal { units, decimals }) => self.add_units(i128::from(units), decimals),
            None => self.add_exact(exact()),
        }
    }

    /// Adds the square of a number.
    pub fn add_square(&mut self, decimal: Option<Decimal>, exact: impl FnOnce() -> Option<Exact>) {
        match decimal.filter(|own| 2 * own.decimals < MOST_DECIMALS) {
            Some(Decimal { units, decimals }) => self.add_units(i128::from(units) * i128::from(units), 2 * decimals),
            None => self.add_exact(exact().map(|own| &own * &own)),
        }
    }

    fn add_units(&mut self, units: i128, decimals: usize) {
        let Some(own) = self.by_decimals.get_mut(decimals) else { return };
        match own.checked_add(units) {
            Some(sum) => *own = sum,
            None => {
                let full = std::mem::replace(own, units);
                self.add_exact(exact(full, decimals));
            }
        }
    }

    fn add_exact(&mut self, number: Option<Exact>) {
        if let Some(number) = number {
            self.rest = Some(self.rest.as_ref().map_or_else(|| number.clone(), |rest| rest + &number));
        }
    }

    /// Adds the sum of others.
    pub fn merge(&mut self, other: &Self) {
        for (decimals, units) in other.by_decimals.iter().enumerate() {
            self.add_units(*units, decimals);
        }
        self.add_exact(other.rest.clone());
    }

    /// Returns the sum.
    pub fn total(&self) -> Exact {
        let parts = self.by_decimals.iter().enumerate().filter(|(_, units)| **units != 0);
        let parts = parts.filter_map(|(decimals, units)| exact(*units, decimals));
        parts.chain(self.rest.clone()).fold(Exact::ZERO, |sum, part| &sum + &part)
    }
}

fn exact(units: i128, decimals: usize) -> Option<Exact> {
    Exact::parse(&format!("{units}e-{decimals}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sum<'t>(texts: impl Iterator<Item = &'t String>) -> DecimalSum {
        let mut sum = DecimalSum::default();
        texts.for_each(|text| sum.add(Decimal::parse(text), || Exact::parse(text)));
        sum
    }

    #[test]
    fn sums_that_do_not_fit_words_are_exact() {
        let mut sum = DecimalSum::default();
        let great = i64::MAX.to_string();
        let texts = [great.as_str(), "0.000000000000000001", "1e30", "-1e30"];
        texts.iter().for_each(|text| sum.add(Decimal::parse(text), || Exact::parse(text)));
        assert_eq!(sum.total().to_decimal(40), "9223372036854775807.000000000000000001");
        let mut squares = DecimalSum::default();
        (0..3).for_each(|_| squares.add_square(Decimal::parse("999999999999999999"), || None));
        let one = Exact::parse("999999999999999999").unwrap();
        let square = &one * &one;
        assert_eq!(squares.total(), &(&square + &square) + &square);
    }

    proptest! {
        #[test]
        fn any_partition_has_the_same_sum(
            texts in prop::collection::vec("-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,22})?(e-?[0-9])?", 1..40),
            cut in any::<prop::sample::Index>(),
        ) {
            let at = cut.index(texts.len());
            let mut parts = sum(texts[at..].iter());
            parts.merge(&sum(texts[..at].iter()));
            let plain = texts.iter().fold(Exact::ZERO, |sum, text| &sum + &Exact::parse(text).unwrap());
            prop_assert_eq!(parts.total(), plain);
        }
    }
}
