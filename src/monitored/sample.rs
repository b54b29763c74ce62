//! The numbers of a field: what objectives ask of them, counted one by one in constant memory.

use std::cell::OnceCell;

use super::decimal::{Decimal, DecimalSum};
use super::quantile::{RankedNumbers, WatchedBound, keep};
use crate::data::statistics::cells::Cells;
use crate::objectives::log::LogSample;
use crate::objectives::number::Exact;
use crate::records::RecordValue;

/// What is asked of the numbers of a field.
#[derive(Clone, Debug, Default)]
pub(super) struct SampleQuestion {
    /// The orders of quantiles.
    pub orders: Vec<Exact>,
    /// The bounds that quantiles are compared with, in the unit of the field.
    pub bounds: Vec<Exact>,
    /// Whether the standard deviation is asked for.
    pub needs_std: bool,
}

/// The greatest whole number up to which doubles hold all.
const MOST_WHOLE: f64 = 9_007_199_254_740_992.0;

/// The numbers of a field, as far as they were counted.
#[derive(Clone, Debug)]
pub(super) struct SampleTally {
    /// Records without a value.
    pub missing: u64,
    /// Records with a value that is no number.
    pub others: u64,
    count: u64,
    least: Option<(f64, Exact)>,
    greatest: Option<(f64, Exact)>,
    sum: DecimalSum,
    squares: Option<DecimalSum>,
    cells: Cells,
    has_fractions: bool,
    watched: Vec<WatchedBound>,
}

impl SampleTally {
    pub fn new(question: &SampleQuestion) -> Self {
        Self {
            missing: 0,
            others: 0,
            count: 0,
            least: None,
            greatest: None,
            sum: DecimalSum::default(),
            squares: question.needs_std.then(DecimalSum::default),
            cells: Cells::default(),
            has_fractions: false,
            watched: question.bounds.iter().cloned().map(WatchedBound::new).collect(),
        }
    }

    /// Counts a value.
    pub fn add(&mut self, value: &RecordValue<'_>) {
        let text = match value {
            RecordValue::Missing => {
                self.missing += 1;
                return;
            }
            RecordValue::Number(text) => *text,
            RecordValue::Text(text) => text.trim(),
            RecordValue::Boolean(_) | RecordValue::Other(_) => "",
        };
        let decimal = Decimal::parse(text);
        let read = OnceCell::new();
        let exact = || read.get_or_init(|| Exact::parse(text)).clone();
        let near = text.parse::<f64>().ok().filter(|near| near.is_finite());
        let Some(near) = near.filter(|_| decimal.is_some() || exact().is_some()) else {
            self.others += 1;
            return;
        };
        self.count += 1;
        self.has_fractions |= near.abs() > MOST_WHOLE || !decimal.is_some_and(Decimal::is_whole);
        keep(&mut self.least, near, &exact, false);
        keep(&mut self.greatest, near, &exact, true);
        self.sum.add(decimal, exact);
        if let Some(squares) = &mut self.squares {
            squares.add_square(decimal, exact);
        }
        self.cells.add(near);
        self.watched.iter_mut().for_each(|own| own.add(near, &exact));
    }

    /// Adds the counts of other records.
    pub fn merge(&mut self, other: &Self) {
        self.missing += other.missing;
        self.others += other.others;
        self.count += other.count;
        self.has_fractions |= other.has_fractions;
        for (own, others, is_greatest) in
            [(&mut self.least, &other.least, false), (&mut self.greatest, &other.greatest, true)]
        {
            if let Some((near, exact)) = others {
                keep(own, *near, &|| Some(exact.clone()), is_greatest);
            }
        }
        self.sum.merge(&other.sum);
        if let (Some(own), Some(others)) = (&mut self.squares, &other.squares) {
            own.merge(others);
        }
        self.cells.merge(&other.cells);
        self.watched.iter_mut().zip(&other.watched).for_each(|(own, others)| own.merge(others));
    }

    /// Returns the number of numbers.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Returns what is known of the numbers; `None` if there are none.
    pub fn sample(&self, question: &SampleQuestion) -> Option<LogSample> {
        let ((_, minimum), (_, maximum)) = self.least.as_ref().zip(self.greatest.as_ref())?;
        let ranked = RankedNumbers {
            count: self.count,
            range: (minimum, maximum),
            cells: self.cells.sorted().into_iter().collect(),
            are_whole: !self.has_fractions,
            watched: &self.watched,
        };
        let quantile = |order: &Exact| Some((order.clone(), ranked.quantile(order)?));
        Some(LogSample {
            count: self.count,
            minimum: minimum.clone(),
            maximum: maximum.clone(),
            sum: self.sum.total(),
            std: self.std(),
            quantiles: question.orders.iter().filter_map(quantile).collect(),
        })
    }

    /// Returns the standard deviation of the sample: of exact sums, and rounded once.
    fn std(&self) -> Option<Exact> {
        let squares = self.squares.as_ref().filter(|_| self.count > 1)?.total();
        let (sum, count) = (self.sum.total(), Exact::whole(i64::try_from(self.count).ok()?));
        let spread = &squares - &(&sum * &sum).divided_by(&count)?;
        let variance = spread.divided_by(&(&count - &Exact::ONE))?;
        Exact::from_f64(variance.to_f64().max(0.0).sqrt())
    }
}
