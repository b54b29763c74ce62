//! Exact intervals and interval arithmetic: the possible values before anything is measured.
//!
//! "A claim that does not normalise is skipped, never guessed": every interval contains at least the possible values.

pub mod normal;
pub mod range;
pub mod set;

use std::cmp::Ordering;

use super::number::Exact;
use super::unit::MetricUnit;

/// Longer ends, in bits, are treated as infinite: repeated squaring would make numbers with as many digits as there are atoms.
const MOST_BITS: u64 = 4096;

/// A position between numbers at which the number line can be cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Below all numbers.
    Bottom,
    /// Just below a number.
    Below(Exact),
    /// Just above a number.
    Above(Exact),
    /// Above all numbers.
    Top,
}

/// The numbers between two cuts; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberRange {
    low: Cut,
    high: Cut,
}

impl Cut {
    /// Returns the number next to the cut; `None` for the infinities.
    #[must_use]
    pub fn number(&self) -> Option<&Exact> {
        match self {
            Self::Below(number) | Self::Above(number) => Some(number),
            Self::Bottom | Self::Top => None,
        }
    }

    fn order(&self) -> (i8, Option<&Exact>, bool) {
        match self {
            Self::Bottom => (-1, None, false),
            Self::Below(number) => (0, Some(number), false),
            Self::Above(number) => (0, Some(number), true),
            Self::Top => (1, None, false),
        }
    }

    /// Returns the cut reflected at 0.
    fn negative(&self) -> Self {
        match self {
            Self::Bottom => Self::Top,
            Self::Below(number) => Self::Above(-number),
            Self::Above(number) => Self::Below(-number),
            Self::Top => Self::Bottom,
        }
    }
}

impl Ord for Cut {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order().cmp(&other.order())
    }
}

impl PartialOrd for Cut {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Constructors and properties.
impl NumberRange {
    /// All numbers.
    pub const ALL: Self = Self { low: Cut::Bottom, high: Cut::Top };

    /// Returns the numbers between two cuts; `None` if there are none.
    #[must_use]
    pub fn new(low: Cut, high: Cut) -> Option<Self> {
        (low < high).then_some(Self { low, high })
    }

    /// Returns the interval of one number.
    #[must_use]
    pub fn point(number: Exact) -> Self {
        Self { low: Cut::Below(number.clone()), high: Cut::Above(number) }
    }

    /// Returns the numbers from one to another, both included; `None` if there are none.
    #[must_use]
    pub fn closed(low: Exact, high: Exact) -> Option<Self> {
        Self::new(Cut::Below(low), Cut::Above(high))
    }

    /// Returns the interval of 0 and all positive numbers.
    #[must_use]
    pub fn not_negative() -> Self {
        Self { low: Cut::Below(Exact::ZERO), high: Cut::Top }
    }

    /// Returns the interval from 0 to 1, both included.
    #[must_use]
    pub fn unit() -> Self {
        Self { low: Cut::Below(Exact::ZERO), high: Cut::Above(Exact::ONE) }
    }

    /// Returns the lower end.
    #[must_use]
    pub fn low(&self) -> &Cut {
        &self.low
    }

    /// Returns the upper end.
    #[must_use]
    pub fn high(&self) -> &Cut {
        &self.high
    }

    /// Returns the only number of the interval; `None` if there are others.
    #[must_use]
    pub fn single(&self) -> Option<&Exact> {
        match (&self.low, &self.high) {
            (Cut::Below(low), Cut::Above(high)) if low == high => Some(low),
            _ => None,
        }
    }

    /// Returns whether the interval contains no negative number.
    #[must_use]
    pub fn is_not_negative(&self) -> bool {
        self.low >= Cut::Below(Exact::ZERO)
    }

    /// Returns whether the interval contains every number of the other.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self.low <= other.low && other.high <= self.high
    }

    /// Describes the interval in words that follow the name of a value: `is between 0 and 1`. `None` if it contains all numbers.
    #[must_use]
    pub fn described(&self, unit: &MetricUnit) -> Option<String> {
        let shown = |number: &Exact| unit.show(number, 6);
        if let Some(number) = self.single() {
            return Some(format!("is always {}", shown(number)));
        }
        Some(match (&self.low, &self.high) {
            (Cut::Below(low), Cut::Above(high)) => format!("is between {} and {}", shown(low), shown(high)),
            (low, high) => {
                let least = match low {
                    Cut::Below(number) => Some(format!("at least {}", shown(number))),
                    Cut::Above(number) => Some(format!("above {}", shown(number))),
                    Cut::Bottom | Cut::Top => None,
                };
                let greatest = match high {
                    Cut::Above(number) => Some(format!("at most {}", shown(number))),
                    Cut::Below(number) => Some(format!("below {}", shown(number))),
                    Cut::Bottom | Cut::Top => None,
                };
                let ends: Vec<_> = least.into_iter().chain(greatest).collect();
                if ends.is_empty() {
                    return None;
                }
                format!("is {}", ends.join(" and "))
            }
        })
    }
}

/// Arithmetic: the result contains every possible result of the operation on numbers of the intervals.
impl NumberRange {
    /// Returns the narrowest interval that contains both.
    #[must_use]
    pub fn around(&self, other: &Self) -> Self {
        let (low, high) = ((&self.low).min(&other.low), (&self.high).max(&other.high));
        Self { low: low.clone(), high: high.clone() }
    }

    /// Returns the negatives.
    #[must_use]
    pub fn negative(&self) -> Self {
        Self { low: self.high.negative(), high: self.low.negative() }
    }

    /// Returns the sums.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let low = match (self.low.number(), other.low.number()) {
            (Some(a), Some(b)) => low_end(a + b, is_closed_low(&self.low) && is_closed_low(&other.low)),
            _ => Cut::Bottom,
        };
        let high = match (self.high.number(), other.high.number()) {
            (Some(a), Some(b)) => high_end(a + b, is_closed_high(&self.high) && is_closed_high(&other.high)),
            _ => Cut::Top,
        };
        Self { low, high }
    }

    /// Returns the differences.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        self.plus(&other.negative())
    }

    /// Returns the products.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        let (a, b) = (self.ends(), other.ends());
        let corners = [a[0].times(&b[0]), a[0].times(&b[1]), a[1].times(&b[0]), a[1].times(&b[1])];
        let low = corners.iter().map(Corner::as_low).min().unwrap_or(Cut::Bottom);
        let high = corners.iter().map(Corner::as_high).max().unwrap_or(Cut::Top);
        Self { low, high }
    }

    /// Returns the quotients; division by 0 has none.
    #[must_use]
    pub fn divided_by(&self, divisor: &Self) -> Self {
        divisor.reciprocal().map_or(Self::ALL, |reciprocal| self.times(&reciprocal))
    }

    /// Returns the absolute values.
    #[must_use]
    pub fn abs(&self) -> Self {
        let negative = self.negative();
        match (self.is_not_negative(), negative.is_not_negative()) {
            (true, _) => self.clone(),
            (_, true) => negative,
            _ => Self { low: Cut::Below(Exact::ZERO), high: self.high.clone().max(negative.high) },
        }
    }

    /// Returns the reciprocals of all numbers other than 0, if these all have the same sign.
    fn reciprocal(&self) -> Option<Self> {
        if !self.is_not_negative() {
            let turned = self.negative();
            return turned.is_not_negative().then(|| turned.reciprocal()).flatten().map(|turned| turned.negative());
        }
        let inverse = |number: &Exact| Exact::ONE.divided_by(number);
        let low = match self.high.number() {
            Some(number) => low_end(inverse(number)?, is_closed_high(&self.high)),
            None => Cut::Above(Exact::ZERO),
        };
        let high = match self.low.number().and_then(inverse) {
            Some(number) => high_end(number, is_closed_low(&self.low)),
            None => Cut::Top,
        };
        Self::new(low, high)
    }

    /// Returns the narrowest interval around this one whose ends are not too long.
    fn rounded(self) -> Self {
        let is_huge = |cut: &Cut| cut.number().is_some_and(|number| number.bits() > MOST_BITS);
        let low = if is_huge(&self.low) { Cut::Bottom } else { self.low };
        let high = if is_huge(&self.high) { Cut::Top } else { self.high };
        Self { low, high }
    }

    fn ends(&self) -> [Corner; 2] {
        let end = |cut: &Cut, infinity: Corner, is_closed: bool| match cut.number() {
            Some(number) => Corner::Number(number.clone(), is_closed),
            None => infinity,
        };
        [
            end(&self.low, Corner::Bottom, is_closed_low(&self.low)),
            end(&self.high, Corner::Top, is_closed_high(&self.high)),
        ]
    }
}

fn is_closed_low(cut: &Cut) -> bool {
    matches!(cut, Cut::Below(_))
}

fn is_closed_high(cut: &Cut) -> bool {
    matches!(cut, Cut::Above(_))
}

fn low_end(number: Exact, is_closed: bool) -> Cut {
    if is_closed { Cut::Below(number) } else { Cut::Above(number) }
}

fn high_end(number: Exact, is_closed: bool) -> Cut {
    if is_closed { Cut::Above(number) } else { Cut::Below(number) }
}

/// An end of an interval, and whether the interval includes it.
enum Corner {
    Bottom,
    Number(Exact, bool),
    Top,
}

impl Corner {
    fn times(&self, other: &Self) -> Self {
        let is_negative = self.is_negative() != other.is_negative();
        match (self, other) {
            (Self::Number(a, a_closed), Self::Number(b, b_closed)) => {
                let product = a * b;
                // The product is 0 as soon as one of the two factors is 0, regardless of the other.
                let is_closed = product.is_zero() || *a_closed && *b_closed;
                Self::Number(product, is_closed)
            }
            // Numbers near 0 can be multiplied by arbitrarily large ones: this is covered by the other corners.
            (Self::Number(zero, _), _) | (_, Self::Number(zero, _)) if zero.is_zero() => {
                Self::Number(Exact::ZERO, true)
            }
            _ if is_negative => Self::Bottom,
            _ => Self::Top,
        }
    }

    fn is_negative(&self) -> bool {
        match self {
            Self::Bottom => true,
            Self::Number(number, _) => number.is_negative(),
            Self::Top => false,
        }
    }

    fn as_low(&self) -> Cut {
        match self {
            Self::Bottom => Cut::Bottom,
            Self::Number(number, is_closed) => low_end(number.clone(), *is_closed),
            Self::Top => Cut::Top,
        }
    }

    fn as_high(&self) -> Cut {
        match self {
            Self::Bottom => Cut::Bottom,
            Self::Number(number, is_closed) => high_end(number.clone(), *is_closed),
            Self::Top => Cut::Top,
        }
    }
}
