//! The cells in which two samples of a field are compared.

use std::collections::BTreeMap;

use super::measures::{CellPair, Measure, NoiseFloor, by_shares, ks, noise_floor, wasserstein};
use crate::data::statistics::cells::{CellNumber, middle_of};
use crate::data::statistics::{FieldStatistics, MOST_VALUES};

/// The shares of the reference at which numbers are divided.
const PARTS: u64 = 10;
/// Zero is a cell of its own if at least this share of the reference's numbers is zero.
const ZERO_SHARE: f64 = 0.05;

/// The result of a comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DistributionDistance {
    /// The distance.
    pub value: f64,
    /// The distance in standard deviations of the reference, for Wasserstein: without a unit, and so comparable between fields.
    pub in_deviations: Option<f64>,
    /// What chance alone makes of it, where that is known.
    pub floor: Option<NoiseFloor>,
    /// The rows of the reference and of the current data that were compared.
    pub rows: (u64, u64),
}

/// Why two samples cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotComparable {
    /// There are too many different values, so that none of them was kept.
    #[error("it has more than {MOST_VALUES} different values, or such as are not kept")]
    TooManyValues,
    /// One side has no values.
    #[error("one side has no values")]
    Empty,
    /// The reference has numbers, and the current data has none any more: no distance is greater.
    #[error("there are no numbers any more")]
    NumbersAreGone,
    /// The measure is one of numbers, and the values are none.
    #[error("it compares numbers, and these are none")]
    NoNumbers,
}

/// Compares a field of the reference with the current one. `has_categories` says that numbers are names.
///
/// # Errors
/// If they cannot be compared by this measure.
pub fn compare(
    measure: Measure,
    reference: &FieldStatistics,
    current: &FieldStatistics,
    has_categories: bool,
) -> Result<DistributionDistance, NotComparable> {
    if measure.is_of_numbers() {
        return match (reference.numbers(), current.numbers()) {
            (0, _) => Err(NotComparable::NoNumbers),
            (_, 0) if other_than_numbers(current) == 0 => Err(NotComparable::NumbersAreGone),
            (_, 0) => Err(NotComparable::NoNumbers),
            _ => by_numbers(measure, reference, current),
        };
    }
    let are_numbers = !has_categories && are_numbers(reference, current);
    let cells = if are_numbers { in_parts(reference, current) } else { by_value(reference, current)? };
    let value = by_shares(measure, &cells).ok_or(NotComparable::Empty)?;
    Ok(DistributionDistance { value, in_deviations: None, floor: noise_floor(measure, &cells), rows: rows(&cells) })
}

/// Whether values are compared by their size. Where one side has no number, there must be nothing else than what is missing or not finite: a
/// field of numbers of which all are missing is one of numbers still.
fn are_numbers(reference: &FieldStatistics, current: &FieldStatistics) -> bool {
    let (before, now) = (reference.numbers() > 0, current.numbers() > 0);
    (before && now) || ((before || now) && other_than_numbers(reference) == 0 && other_than_numbers(current) == 0)
}

fn rows(cells: &[CellPair]) -> (u64, u64) {
    cells.iter().fold((0, 0), |(n, m), (a, b)| (n + a, m + b))
}

fn by_numbers(
    measure: Measure,
    reference: &FieldStatistics,
    current: &FieldStatistics,
) -> Result<DistributionDistance, NotComparable> {
    let mut sorted: BTreeMap<CellNumber, CellPair> = BTreeMap::new();
    reference.cells.sorted().iter().for_each(|(cell, count)| sorted.entry(*cell).or_default().0 += count);
    current.cells.sorted().iter().for_each(|(cell, count)| sorted.entry(*cell).or_default().1 += count);
    let is_whole = reference.is_whole() && current.is_whole();
    let middles: Vec<f64> = sorted.keys().map(|cell| middle_of(*cell, is_whole)).collect();
    let cells: Vec<CellPair> = sorted.into_values().collect();
    let value = if measure == Measure::Ks { ks(&cells) } else { wasserstein(&cells, &middles) };
    let value = value.ok_or(NotComparable::Empty)?;
    let std = reference.std().filter(|std| *std > 0.0 && measure == Measure::Wasserstein);
    let in_deviations = std.map(|std| value / std);
    Ok(DistributionDistance { value, in_deviations, floor: noise_floor(measure, &cells), rows: rows(&cells) })
}

/// Returns the counts of each value; of those that one side lacks, zero. Missing values are a cell of their own.
fn by_value(reference: &FieldStatistics, current: &FieldStatistics) -> Result<Vec<CellPair>, NotComparable> {
    let values = |own: &FieldStatistics| -> Option<BTreeMap<String, u64>> {
        Some(own.values.by_count()?.into_iter().map(|(value, count)| (value.to_owned(), count)).collect())
    };
    let (before, now) = (values(reference), values(current));
    let known = before.ok_or(NotComparable::TooManyValues)?;
    let mut cells: BTreeMap<&str, CellPair> = BTreeMap::new();
    known.iter().for_each(|(value, count)| cells.entry(value).or_default().0 += count);
    let now = now.ok_or(NotComparable::TooManyValues)?;
    now.iter().for_each(|(value, count)| cells.entry(value).or_default().1 += count);
    let mut cells: Vec<CellPair> = cells.into_values().collect();
    cells.push((reference.missing, current.missing));
    Ok(cells)
}

/// Returns the counts in the tenths of the reference, which end with whole cells. Missing values and what is no finite number are cells of their
/// own, and so is zero if it is frequent.
fn in_parts(reference: &FieldStatistics, current: &FieldStatistics) -> Vec<CellPair> {
    let (mut before, mut now) = (reference.cells.sorted(), current.cells.sorted());
    let mut cells = vec![
        (reference.missing, current.missing),
        (reference.forms.nan + reference.forms.infinite, current.forms.nan + current.forms.infinite),
        (other_than_numbers(reference), other_than_numbers(current)),
    ];
    let total: u64 = before.values().sum();
    let zeros = before.get(&0).copied().unwrap_or(0);
    if zeros as f64 >= ZERO_SHARE * total as f64 {
        before.remove(&0);
        cells.push((zeros, now.remove(&0).unwrap_or(0)));
    }
    for part in borders(&before).windows(2) {
        let [low, high] = part else { continue };
        let count = |own: &BTreeMap<CellNumber, u64>| {
            own.iter()
                .filter(|(cell, _)| i64::from(**cell) > *low && i64::from(**cell) <= *high)
                .map(|(_, count)| count)
                .sum()
        };
        cells.push((count(&before), count(&now)));
    }
    cells
}

fn other_than_numbers(own: &FieldStatistics) -> u64 {
    let forms = &own.forms;
    forms.total().saturating_sub(forms.integer + forms.number + forms.nan + forms.infinite)
}

/// Returns the cells after which the tenths of the reference end, with the ends of all numbers.
fn borders(sorted: &BTreeMap<CellNumber, u64>) -> Vec<i64> {
    let total: u64 = sorted.values().sum();
    let (mut borders, mut below, mut part) = (vec![i64::MIN], 0_u64, 1_u64);
    for (cell, count) in sorted {
        below += count;
        // A cell may hold several tenths.
        if u128::from(below) * u128::from(PARTS) >= u128::from(part) * u128::from(total) && part < PARTS {
            borders.push(i64::from(*cell));
            while part < PARTS && u128::from(below) * u128::from(PARTS) >= u128::from(part) * u128::from(total) {
                part += 1;
            }
        }
    }
    borders.push(i64::MAX);
    borders
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::value::CellValue;

    fn of(texts: impl IntoIterator<Item = String>) -> FieldStatistics {
        let mut own = FieldStatistics::new(false);
        for text in texts {
            let value = if text.is_empty() { CellValue::Missing } else { CellValue::of_text(&text) };
            own.add(value, &text);
        }
        own
    }

    fn numbers(range: impl IntoIterator<Item = u32>) -> FieldStatistics {
        of(range.into_iter().map(|number| number.to_string()))
    }

    #[test]
    fn tenths_of_the_reference_are_equal_and_nothing_is_left_out() {
        let cells = in_parts(&numbers(1..=200), &numbers(101..=300));
        assert_eq!(cells.iter().filter(|pair| pair.0 > 0).count(), 10);
        assert!(cells.iter().all(|(a, _)| *a == 0 || *a == 20), "{cells:?}");
        assert_eq!(rows(&cells), (200, 200));
    }

    #[test]
    fn missing_values_and_frequent_zeros_are_cells_of_their_own() {
        let reference = of((0..100).map(|n| if n < 30 { "0".to_owned() } else { n.to_string() }));
        let current = of((0..100).map(|n| if n < 30 { String::new() } else { n.to_string() }));
        let cells = in_parts(&reference, &current);
        assert!(cells.contains(&(30, 0)) && cells.contains(&(0, 30)), "{cells:?}");
        assert_eq!(compare(Measure::Linf, &reference, &current, false).map(|own| own.value), Ok(0.3));
    }

    #[test]
    fn a_field_that_is_empty_now_has_moved_as_far_as_it_can() {
        let reference = numbers(1..=200);
        for text in ["", "nan", "inf"] {
            let gone = of((0..200).map(|_| text.to_owned()));
            for measure in [Measure::Linf, Measure::JsDivergence, Measure::JsDistance, Measure::Psi] {
                let nearly = of((0..200).map(|n| if n == 0 { "7".to_owned() } else { text.to_owned() }));
                let of_all = compare(measure, &reference, &gone, false).unwrap().value;
                assert!(of_all >= compare(measure, &reference, &nearly, false).unwrap().value, "{measure:?} {text:?}");
                let other_way = compare(measure, &gone, &reference, false).unwrap().value;
                assert!(other_way >= 0.9, "{measure:?} {text:?}: {other_way}");
            }
            for measure in [Measure::Ks, Measure::Wasserstein] {
                assert_eq!(compare(measure, &reference, &gone, false), Err(NotComparable::NumbersAreGone));
            }
        }
        let texts = of(["a".to_owned()]);
        assert_eq!(compare(Measure::Ks, &reference, &texts, false), Err(NotComparable::NoNumbers));
    }

    #[test]
    fn the_distance_of_numbers_is_told_in_their_unit_and_in_standard_deviations() {
        let own = compare(Measure::Wasserstein, &numbers(1..=10), &numbers(3..=12), false).unwrap();
        assert!((own.value - 2.0).abs() < 1e-9 && (own.in_deviations.unwrap() - 0.6963106238).abs() < 1e-9, "{own:?}");
        let alike = compare(Measure::Wasserstein, &numbers([5, 5]), &numbers([6]), false).unwrap();
        assert_eq!((alike.value, alike.in_deviations), (1.0, None));
        let texts = of(["a".to_owned()]);
        assert_eq!(compare(Measure::Ks, &texts, &texts, false), Err(NotComparable::NoNumbers));
    }
}
