//! Units and the dimensions that they measure: "dimension check over {1, count, time, bytes}; `%` and `pp` are 0.01".

use std::fmt;

use super::number::Exact;

/// The quantity that a number measures. Numbers of different dimensions are not compared or added.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// A fraction, a ratio, or any other number without a unit.
    One,
    /// A number of objects.
    Count,
    /// A time, held in seconds.
    Time,
    /// An amount of data, held in bytes.
    Bytes,
    /// A unit that this tool does not know, such as `EUR`, by its name.
    Other(String),
    /// Not declared: compatible with every dimension.
    Unknown,
}

impl Dimension {
    /// Returns whether numbers of the two dimensions may be compared and added. A plain number is compatible with a count, as in
    /// `total + 1`.
    #[must_use]
    pub fn fits(&self, other: &Self) -> bool {
        let is_plain = |dimension: &Self| matches!(dimension, Self::One | Self::Count);
        self == other
            || matches!((self, other), (Self::Unknown, _) | (_, Self::Unknown))
            || is_plain(self) && is_plain(other)
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One => f.write_str("a fraction"),
            Self::Count => f.write_str("a count"),
            Self::Time => f.write_str("a time"),
            Self::Bytes => f.write_str("an amount of data"),
            Self::Other(unit) if unit.trim().is_empty() => write!(f, "in a unit without a name"),
            Self::Other(unit) => write!(f, "in {unit}"),
            Self::Unknown => f.write_str("of unknown unit"),
        }
    }
}

/// A unit that a number can be written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// `%`: a hundredth.
    Percent,
    /// `pp`: percentage points, also hundredths.
    Points,
    /// `us`
    Microsecond,
    /// `ms`
    Millisecond,
    /// `s`
    Second,
    /// `min`
    Minute,
    /// `h`
    Hour,
    /// `B`
    Byte,
    /// `KB`: 1000 bytes.
    Kilobyte,
    /// `MB`
    Megabyte,
    /// `GB`
    Gigabyte,
    /// `KiB`: 1024 bytes.
    Kibibyte,
    /// `MiB`
    Mebibyte,
    /// `GiB`
    Gibibyte,
}

/// Symbol, dimension, and the factor to the dimension's base unit as a fraction.
const UNITS: [(Unit, &str, Dimension, i64, i64); 14] = [
    (Unit::Percent, "%", Dimension::One, 1, 100),
    (Unit::Points, "pp", Dimension::One, 1, 100),
    (Unit::Microsecond, "us", Dimension::Time, 1, 1_000_000),
    (Unit::Millisecond, "ms", Dimension::Time, 1, 1000),
    (Unit::Second, "s", Dimension::Time, 1, 1),
    (Unit::Minute, "min", Dimension::Time, 60, 1),
    (Unit::Hour, "h", Dimension::Time, 3600, 1),
    (Unit::Byte, "B", Dimension::Bytes, 1, 1),
    (Unit::Kilobyte, "KB", Dimension::Bytes, 1000, 1),
    (Unit::Megabyte, "MB", Dimension::Bytes, 1_000_000, 1),
    (Unit::Gigabyte, "GB", Dimension::Bytes, 1_000_000_000, 1),
    (Unit::Kibibyte, "KiB", Dimension::Bytes, 1 << 10, 1),
    (Unit::Mebibyte, "MiB", Dimension::Bytes, 1 << 20, 1),
    (Unit::Gibibyte, "GiB", Dimension::Bytes, 1 << 30, 1),
];

impl Unit {
    /// Returns the symbols of all units.
    pub fn symbols() -> impl Iterator<Item = &'static str> {
        UNITS.iter().map(|(_, symbol, ..)| *symbol)
    }

    /// Returns the unit with this symbol.
    #[must_use]
    pub fn by_symbol(text: &str) -> Option<Self> {
        UNITS.iter().find(|(_, symbol, ..)| *symbol == text).map(|(unit, ..)| *unit)
    }

    fn row(self) -> &'static (Self, &'static str, Dimension, i64, i64) {
        // The rows are in the order of the declaration, which a test checks.
        static ROWS: [(Unit, &str, Dimension, i64, i64); 14] = UNITS;
        &ROWS[self as usize]
    }

    /// Returns the symbol of the unit.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        self.row().1
    }

    /// Returns the dimension that the unit measures.
    #[must_use]
    pub fn dimension(self) -> Dimension {
        self.row().2.clone()
    }

    /// Returns the unit as a multiple of the unit of its dimension: `1/1000` for `ms`.
    #[must_use]
    pub fn factor(self) -> Exact {
        let (.., numerator, denominator) = *self.row();
        Exact::fraction(numerator, denominator).unwrap_or(Exact::ONE)
    }
}

/// The unit of a metric, as its declaration or its record names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricUnit {
    /// The dimension that it measures.
    pub dimension: Dimension,
    /// The unit as a multiple of the unit of the dimension.
    pub factor: Exact,
    /// The symbol shown after a number: `ms`; empty for a fraction and a count.
    pub symbol: String,
}

impl MetricUnit {
    /// Returns the unit of a metric that declares none.
    #[must_use]
    pub fn unknown() -> Self {
        Self { dimension: Dimension::Unknown, factor: Exact::ONE, symbol: String::new() }
    }

    /// Returns the unit that a declaration names. An unknown unit is a dimension of its own.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let plain = |dimension| Self { dimension, factor: Exact::ONE, symbol: String::new() };
        match name.to_ascii_lowercase().as_str() {
            "fraction" | "ratio" | "1" | "one" | "probability" | "none" => return plain(Dimension::One),
            "count" | "examples" => return plain(Dimension::Count),
            _ => {}
        }
        let long = [
            ("percent", Unit::Percent),
            ("microseconds", Unit::Microsecond),
            ("milliseconds", Unit::Millisecond),
            ("seconds", Unit::Second),
            ("minutes", Unit::Minute),
            ("hours", Unit::Hour),
            ("bytes", Unit::Byte),
        ];
        let unit = Unit::by_symbol(name).or_else(|| long.iter().find(|(long, _)| *long == name).map(|(_, unit)| *unit));
        match unit {
            Some(unit) => Self { dimension: unit.dimension(), factor: unit.factor(), symbol: unit.symbol().to_owned() },
            None => Self { dimension: Dimension::Other(name.to_owned()), factor: Exact::ONE, symbol: name.to_owned() },
        }
    }

    /// Returns whether values are proportions, for which the number of examples determines an interval.
    #[must_use]
    pub fn is_fraction(&self) -> bool {
        self.dimension == Dimension::One
    }

    /// Formats a value, given in the unit of the dimension, as it is shown: `231.65 ms`, `0.87`, `92 %`.
    #[must_use]
    pub fn show(&self, value: &Exact, digits: u32) -> String {
        let own = value.divided_by(&self.factor).unwrap_or_else(|| value.clone());
        let number = own.to_decimal(digits);
        if self.symbol.is_empty() { number } else { format!("{number} {}", self.symbol) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_units() {
        for (index, (unit, symbol, ..)) in UNITS.iter().enumerate() {
            assert_eq!(*unit as usize, index);
            assert_eq!(Unit::by_symbol(symbol), Some(*unit));
            assert_eq!(unit.symbol(), *symbol);
        }
    }

    #[test]
    fn values_are_shown_in_the_unit_of_their_metric() {
        let seconds = Exact::parse("0.23165").unwrap();
        assert_eq!(MetricUnit::named("ms").show(&seconds, 15), "231.65 ms");
        assert_eq!(MetricUnit::named("MB").show(&Exact::whole(480_000_000), 15), "480 MB");
        assert_eq!(MetricUnit::named("fraction").show(&Exact::parse("0.87").unwrap(), 15), "0.87");
        assert_eq!(MetricUnit::named("EUR").dimension, Dimension::Other("EUR".to_owned()));
    }
}
