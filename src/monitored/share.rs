//! Shares of records with a property. A record that does not say may have it or not, and the share is then only known within bounds.

use crate::objectives::log::{Enclosure, LogQuantity};
use crate::objectives::number::Exact;
use crate::objectives::syntax::ast::{Comparison, RecordLiteral, RecordTest, RecordTestKind};
use crate::records::RecordValue;

/// How many records have a property.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ShareTally {
    /// Those that have it.
    pub holds: u64,
    /// Those that have it not.
    pub fails: u64,
    /// Those that do not say.
    pub open: u64,
}

impl ShareTally {
    /// Counts a record.
    pub fn add(&mut self, holds: Option<bool>) {
        *match holds {
            Some(true) => &mut self.holds,
            Some(false) => &mut self.fails,
            None => &mut self.open,
        } += 1;
    }

    /// Adds the counts of other records.
    pub fn merge(&mut self, other: Self) {
        self.holds += other.holds;
        self.fails += other.fails;
        self.open += other.open;
    }

    /// Returns the number of records.
    pub fn total(self) -> u64 {
        self.holds.saturating_add(self.fails).saturating_add(self.open)
    }

    /// Returns the share; `None` if there are no records.
    pub fn share(self) -> Option<LogQuantity> {
        let of_all = |count: u64| Exact::fraction(i64::try_from(count).ok()?, i64::try_from(self.total()).ok()?);
        let lower = of_all(self.holds)?;
        if self.open == 0 {
            return Some(LogQuantity::Exact(lower));
        }
        let known = Exact::fraction(i64::try_from(self.holds).ok()?, i64::try_from(self.holds + self.fails).ok()?);
        let upper = of_all(self.holds + self.open)?;
        let estimate = known.unwrap_or_else(|| lower.clone()).clamp(lower.clone(), upper.clone());
        Some(LogQuantity::Between(Enclosure { estimate, lower, upper }))
    }
}

/// Returns whether a valid record has a property; `None` if it does not say.
pub(super) fn has_property(test: &RecordTest, value: &RecordValue<'_>) -> Option<bool> {
    let holds = match &test.kind {
        RecordTestKind::Invalid => Some(false),
        RecordTestKind::Missing(_) => Some(*value == RecordValue::Missing),
        RecordTestKind::Compare(_, comparison, literal) => compared(value, *comparison, literal),
        RecordTestKind::In(_, literals) => {
            let all: Vec<Option<bool>> =
                literals.iter().map(|literal| compared(value, Comparison::Equal, literal)).collect();
            match all.contains(&Some(true)) {
                true => Some(true),
                false if all.contains(&None) => None,
                false => Some(false),
            }
        }
    };
    holds.map(|holds| holds != test.is_negated)
}

fn compared(value: &RecordValue<'_>, comparison: Comparison, literal: &RecordLiteral) -> Option<bool> {
    match literal {
        RecordLiteral::Number(bound) => {
            let text = match value {
                RecordValue::Number(text) => text,
                RecordValue::Text(text) => text.trim(),
                _ => return None,
            };
            Some(comparison.holds(&Exact::parse(text)?, bound))
        }
        RecordLiteral::Text(text) => match value {
            RecordValue::Other(_) => None,
            own => Some((own.written()? == text) == (comparison == Comparison::Equal)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_as_wide_as_what_records_do_not_say() {
        let of = |holds, fails, open| ShareTally { holds, fails, open }.share();
        assert!(matches!(of(1, 3, 0), Some(LogQuantity::Exact(own)) if own == Exact::fraction(1, 4).unwrap()));
        let Some(LogQuantity::Between(own)) = of(1, 2, 1) else { panic!("it is not exact") };
        assert_eq!((own.lower.to_decimal(3), own.upper.to_decimal(3)), ("0.25".to_owned(), "0.5".to_owned()));
        assert!(of(0, 0, 0).is_none());
        let Some(LogQuantity::Between(own)) = of(0, 0, 9) else { panic!("it is not exact") };
        assert_eq!((own.lower, own.upper), (Exact::ZERO, Exact::ONE));
    }
}
