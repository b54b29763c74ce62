//! Waivers: "fail and unknown → waived, counted and printed apart".

use jiff::Timestamp;
use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::documents::field::List;
use crate::documents::objectives::Objectives;
use crate::objectives::measurements::day_of;

/// A complete decision not to enforce an objective for a time.
#[derive(Clone, Debug)]
pub struct CompleteWaiver<'d> {
    /// The objective, by id.
    pub objective: &'d str,
    /// The last day on which it is in force.
    pub until: Date,
    /// The person who decided.
    pub by: &'d str,
    /// The reason for the decision.
    pub reason: &'d str,
}

/// Returns the waivers of a document. Incomplete waivers are ignored.
#[must_use]
pub fn waivers(document: &Objectives) -> Vec<CompleteWaiver<'_>> {
    let waivers = document.waivers.get().into_iter().flat_map(List::iter);
    let complete = waivers.filter_map(|(_, waiver)| {
        Some(CompleteWaiver {
            objective: waiver.objective.get()?,
            until: day(waiver.until.get()?)?,
            by: waiver.by.get().filter(|by| !by.is_empty())?,
            reason: waiver.reason.get().filter(|reason| !reason.is_empty())?,
        })
    });
    complete.collect()
}

/// Returns the waivers that are in force on a day, by objective; of several, the one that is in force for longest.
pub(super) fn in_force<'a>(
    waivers: &'a [CompleteWaiver<'a>],
    on: Option<Date>,
) -> FxHashMap<&'a str, &'a CompleteWaiver<'a>> {
    let mut found: FxHashMap<&str, &CompleteWaiver<'_>> = FxHashMap::default();
    for waiver in waivers.iter().filter(|waiver| on.is_some_and(|day| day <= waiver.until)) {
        let best = found.entry(waiver.objective).or_insert(waiver);
        if best.until < waiver.until {
            *best = waiver;
        }
    }
    found
}

/// Returns a day, or the day in UTC of a date and time.
fn day(text: &str) -> Option<Date> {
    match text.len() {
        // jiff's parser of dates would accept a date and time, and ignore its time zone.
        10 => text.parse().ok(),
        _ => text.parse::<Timestamp>().ok().map(day_of),
    }
}
