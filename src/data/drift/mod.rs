//! How far data has moved from other data: drift between two times, skew between training and serving.
//!
//! Both sides are counted on the same cells, which are fixed before anything is counted, so that nothing is binned again or interpolated.

mod compare;
pub mod measures;

pub use compare::{DistributionDistance, NotComparable, compare};
pub use measures::{Measure, NoiseFloor};

use super::check::{PreparedField, ReferenceData};
use super::statistics::FieldStatistics;
use super::value::type_name;
use crate::documents::data_schema::ValueType;
use crate::rules::{Rule, data};
use crate::secrets::shortened;

/// The greatest number of characters of a name in a message.
const LONGEST: usize = 60;

/// Compares a field with the reference by the limits of its schema. `report` gets each rule and what it says.
pub(super) fn check_field(
    name: &str,
    own: &FieldStatistics,
    field: Option<&PreparedField>,
    reference: &ReferenceData,
    mut report: impl FnMut(&'static Rule, String),
) {
    let shown = shortened(name, LONGEST);
    let base = shortened(&reference.name, LONGEST);
    let limits = field.map_or(&[][..], |field| if reference.is_same_environment { &field.drift } else { &field.skew });
    let Some(before) = reference.statistics.fields.get(name) else {
        if !limits.is_empty() {
            report(
                &data::not_compared::NOT_COMPARED,
                format!("'{shown}' is not in {base}, so that nothing is known of its drift"),
            );
        }
        return;
    };
    if let Some((was, is)) = types(own, before, field) {
        let said = format!("'{shown}' is {} here, and {} in {base}", type_name(is), type_name(was));
        report(&data::schema_skew::SCHEMA_SKEW, said);
        return;
    }
    let rule = if reference.is_same_environment { &data::drift::DRIFT } else { &data::skew::SKEW };
    for (measure, limit) in limits {
        let Some(measure) = Measure::by_name(measure) else { continue };
        let has_categories = field.is_some_and(|field| field.categories.is_some());
        match compare(measure, before, own, has_categories) {
            Err(NotComparable::NumbersAreGone) => {
                let said = format!(
                    "'{shown}' has no number any more, and {base} has: no {} is greater, and {limit} is allowed",
                    measure.name()
                );
                report(rule, said);
            }
            Err(why) => {
                let said = format!("{} of '{shown}' cannot be told: {why}", measure.name());
                report(&data::not_compared::NOT_COMPARED, said);
            }
            Ok(DistributionDistance { value, in_deviations, floor, rows }) => {
                let noise = floor.map_or(0.0, |floor| floor.value);
                if value > *limit && value > noise {
                    let deviations =
                        in_deviations.map(|own| format!(" ({} standard deviations of the reference)", rounded(own)));
                    let chance = floor.map(|floor| format!(" (chance alone: {})", rounded(floor.value)));
                    let said = format!(
                        "{} of '{shown}' is {}{}, above {limit}{}; compared with {base}",
                        measure.name(),
                        rounded(value),
                        deviations.unwrap_or_default(),
                        chance.unwrap_or_default()
                    );
                    report(rule, said);
                } else if let Some(floor) = floor.filter(|floor| floor.value > *limit) {
                    let said = format!(
                        "{} and {} rows cannot tell whether {} of '{shown}' is above {limit}: chance alone makes it {}; {} rows on each side could",
                        rows.0,
                        rows.1,
                        measure.name(),
                        rounded(floor.value),
                        floor.rows_for(*limit)
                    );
                    report(&data::not_compared::NOT_COMPARED, said);
                }
            }
        }
    }
}

/// Returns the types that a field had and has, if no value of one can be a value of the other.
fn types(
    own: &FieldStatistics,
    before: &FieldStatistics,
    field: Option<&PreparedField>,
) -> Option<(ValueType, ValueType)> {
    // What the schema calls a text or a truth value may look like a number.
    let is_told = matches!(
        field.map(|field| field.value_type),
        Some(ValueType::String | ValueType::Boolean | ValueType::Any | ValueType::Time | ValueType::Duration)
    );
    let class = |own: ValueType| if own == ValueType::Number { ValueType::Integer } else { own };
    let (was, is) = (before.value_type()?, own.value_type()?);
    (!is_told && class(was) != class(is)).then_some((was, is))
}

/// Returns a number with three digits that count.
fn rounded(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let digits = (2 - value.abs().log10().floor() as i32).clamp(0, 12);
    let text = format!("{value:.*}", usize::try_from(digits).unwrap_or(0));
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
