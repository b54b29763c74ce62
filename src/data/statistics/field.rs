//! The statistics of one field, which can be added up.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::ToPrimitive;

use super::cells::{Cells, middle_of, quantile_in};
use super::exact_sum::ExactSum;
use super::shapes::Shapes;
use super::values::Values;
use crate::data::personal::is_personal_value;
use crate::data::value::CellValue;
use crate::documents::data_schema::ValueType;

/// How many values of a field are of which form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormCounts {
    /// Whole numbers.
    pub integer: u64,
    /// Other finite numbers.
    pub number: u64,
    /// Values that say that they are not a number.
    pub nan: u64,
    /// Infinite numbers.
    pub infinite: u64,
    /// Truth values.
    pub boolean: u64,
    /// Days.
    pub date: u64,
    /// Days with a time.
    pub datetime: u64,
    /// Other texts.
    pub string: u64,
    /// Lists.
    pub list: u64,
    /// Objects.
    pub object: u64,
}

impl FormCounts {
    /// Returns each form with its name and count.
    #[must_use]
    pub fn named(&self) -> [(&'static str, u64); 10] {
        [
            ("integer", self.integer),
            ("number", self.number),
            ("nan", self.nan),
            ("infinite", self.infinite),
            ("boolean", self.boolean),
            ("date", self.date),
            ("datetime", self.datetime),
            ("string", self.string),
            ("list", self.list),
            ("object", self.object),
        ]
    }

    /// Returns the count of a form, to be changed.
    #[must_use]
    pub fn by_name(&mut self, name: &str) -> Option<&mut u64> {
        Some(match name {
            "integer" => &mut self.integer,
            "number" => &mut self.number,
            "nan" => &mut self.nan,
            "infinite" => &mut self.infinite,
            "boolean" => &mut self.boolean,
            "date" => &mut self.date,
            "datetime" => &mut self.datetime,
            "string" => &mut self.string,
            "list" => &mut self.list,
            "object" => &mut self.object,
            _ => return None,
        })
    }

    /// Returns how many values there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.named().iter().fold(0, |sum, (_, count)| sum.saturating_add(*count))
    }

    /// Returns the one type that all values are of; `None` if there are none, or of several types that no type includes.
    #[must_use]
    pub fn value_type(&self) -> Option<ValueType> {
        let numbers = self.number + self.nan + self.infinite;
        let all = self.total();
        let is_all = |count: u64| count == all;
        match all {
            0 => None,
            _ if is_all(self.integer) => Some(ValueType::Integer),
            _ if is_all(self.integer + numbers) => Some(ValueType::Number),
            _ if is_all(self.boolean) => Some(ValueType::Boolean),
            _ if is_all(self.date) => Some(ValueType::Date),
            _ if is_all(self.datetime) => Some(ValueType::Datetime),
            _ if is_all(self.list) => Some(ValueType::List),
            _ if is_all(self.object) => Some(ValueType::Object),
            _ if self.list + self.object == 0 => Some(ValueType::String),
            _ => Some(ValueType::Any),
        }
    }
}

/// The statistics of a field. Adding those of two parts gives those of the whole, exactly.
#[derive(Clone, Debug)]
pub struct FieldStatistics {
    /// Whether its values are never shown, because of its name or what a schema says.
    pub is_personal: bool,
    /// Rows without a value.
    pub missing: u64,
    /// The forms of the values.
    pub forms: FormCounts,
    /// Numbers that are zero.
    pub zeros: u64,
    /// The least and the greatest finite number.
    pub range: Option<(f64, f64)>,
    /// The finite numbers.
    pub cells: Cells,
    /// The sum of the finite numbers.
    pub sum: ExactSum,
    /// The sum of their squares.
    pub squares: ExactSum,
    /// Whether the square of a number is too great for a double, so that the squares have no sum.
    pub has_great_square: bool,
    /// The different values.
    pub values: Values,
    /// The lengths of texts, in characters.
    pub lengths: Cells,
    /// Texts of ASCII alone.
    pub ascii: u64,
    /// The shapes of texts that are no numbers.
    pub shapes: Shapes,
    /// Values that look like addresses of e-mail.
    pub addresses: u64,
    /// Whole numbers with a zero in front, as in `00123`.
    pub padded: u64,
}

impl FieldStatistics {
    /// Creates the statistics of a field without values.
    #[must_use]
    pub fn new(is_personal: bool) -> Self {
        Self {
            is_personal,
            missing: 0,
            forms: FormCounts::default(),
            zeros: 0,
            range: None,
            cells: Cells::default(),
            sum: ExactSum::default(),
            squares: ExactSum::default(),
            has_great_square: false,
            values: Values::new(is_personal),
            lengths: Cells::default(),
            ascii: 0,
            shapes: Shapes::default(),
            addresses: 0,
            padded: 0,
        }
    }

    /// Adds a value and the text that it is written as.
    pub fn add(&mut self, value: CellValue<'_>, text: &str) {
        let count = match value {
            CellValue::Missing => {
                self.missing += 1;
                return;
            }
            CellValue::Integer(number) => {
                self.padded += u64::from(is_padded(text));
                self.add_number(number);
                &mut self.forms.integer
            }
            CellValue::Number(number) => {
                self.add_number(number);
                &mut self.forms.number
            }
            CellValue::Nan => &mut self.forms.nan,
            CellValue::Infinite => &mut self.forms.infinite,
            CellValue::Boolean(_) => &mut self.forms.boolean,
            CellValue::Date(_) => &mut self.forms.date,
            CellValue::Datetime(_) => &mut self.forms.datetime,
            CellValue::Text(_) => &mut self.forms.string,
            CellValue::List(_) => &mut self.forms.list,
            CellValue::Object(_) => &mut self.forms.object,
        };
        *count += 1;
        if matches!(value, CellValue::Boolean(_) | CellValue::Date(_) | CellValue::Datetime(_) | CellValue::Text(_)) {
            let is_ascii = text.is_ascii();
            self.ascii += u64::from(is_ascii);
            let length = if is_ascii { text.len() } else { text.chars().count() };
            self.lengths.add(length as f64);
            self.shapes.add(text);
            self.addresses += u64::from(is_personal_value(text));
        }
        self.values.add(text);
    }

    fn add_number(&mut self, number: f64) {
        self.zeros += u64::from(number == 0.0);
        // Zero has one sign, or the least value would depend on the order.
        let number = number + 0.0;
        self.range = Some(self.range.map_or((number, number), |(low, high)| (low.min(number), high.max(number))));
        self.cells.add(number);
        self.sum.add(number);
        let square = number * number;
        if square.is_finite() {
            self.squares.add(square);
            // What rounding has cut off, exactly: a fused multiplication rounds only once.
            self.squares.add(number.mul_add(number, -square));
        } else {
            self.has_great_square = true;
        }
    }

    /// Adds the statistics of another part of the data.
    pub fn merge(&mut self, other: &Self) {
        self.is_personal |= other.is_personal;
        self.missing += other.missing;
        for (name, count) in other.forms.named() {
            if let Some(own) = self.forms.by_name(name) {
                *own = own.saturating_add(count);
            }
        }
        self.zeros += other.zeros;
        self.range = match (self.range, other.range) {
            (Some((low, high)), Some((other_low, other_high))) => Some((low.min(other_low), high.max(other_high))),
            (own, others) => own.or(others),
        };
        self.cells.merge(&other.cells);
        self.sum.merge(&other.sum);
        self.squares.merge(&other.squares);
        self.has_great_square |= other.has_great_square;
        self.values.merge(&other.values);
        if self.is_personal {
            self.values.forget();
        }
        self.lengths.merge(&other.lengths);
        self.ascii += other.ascii;
        self.shapes.merge(&other.shapes);
        self.addresses += other.addresses;
        self.padded += other.padded;
    }

    /// Returns the number of different values, and its standard error as a fraction, 0 if it is exact. An estimate is no greater than the number of
    /// values.
    #[must_use]
    pub fn distinct(&self) -> (u64, f64) {
        let (distinct, error) = self.values.distinct();
        (distinct.min(self.forms.total()), error)
    }

    /// Returns the number of finite numbers.
    #[must_use]
    pub fn numbers(&self) -> u64 {
        self.cells.total()
    }

    /// Returns whether all numbers are whole.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.forms.number == 0
    }

    /// Returns the mean of the finite numbers, rounded once.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        let count = Some(self.numbers()).filter(|count| *count > 0)?;
        let mean = BigRational::new(self.sum.units(), BigInt::from(count) << 1074).to_f64()?;
        mean.is_finite().then_some(mean)
    }

    /// Returns the standard deviation of the finite numbers, with their number as denominator.
    #[must_use]
    pub fn std(&self) -> Option<f64> {
        let count = Some(self.numbers()).filter(|count| *count > 0 && !self.has_great_square)?;
        let (sum, count) = (self.sum.units(), BigInt::from(count));
        // n Σx² - (Σx)², in units of 2^-2148.
        let spread = (self.squares.units() << 1074) * &count - &sum * &sum;
        let variance = BigRational::new(spread, (&count * &count) << 2148).to_f64()?;
        let std = variance.max(0.0).sqrt();
        std.is_finite().then_some(std)
    }

    /// Returns quantiles of the finite numbers, each off by at most 2^-8 of itself.
    #[must_use]
    pub fn quantiles(&self, at: &[f64]) -> Option<Vec<f64>> {
        let (low, high) = self.range?;
        let sorted = self.cells.sorted();
        let middle = |cell| middle_of(cell, self.is_whole()).clamp(low, high);
        let of = |at: &f64| quantile_in(&sorted, self.cells.total(), *at).map(middle);
        at.iter().map(of).collect()
    }

    /// Returns the type that all values are of. A field that is written with leading zeros holds texts.
    #[must_use]
    pub fn value_type(&self) -> Option<ValueType> {
        match self.forms.value_type() {
            Some(ValueType::Integer | ValueType::Number) if self.padded > 0 => Some(ValueType::String),
            own => own,
        }
    }
}

/// Returns whether a whole number has a zero in front that its value does not need.
fn is_padded(text: &str) -> bool {
    matches!(text.as_bytes(), [b'0', b'0'..=b'9', ..])
}
