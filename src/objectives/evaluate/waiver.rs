//! Waivers: "fail and unknown → waived, counted and printed apart".

use jiff::ToSpan;
use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::documents::field::List;
use crate::documents::objectives::Objectives;
use crate::objectives::measurements::day_of;
use crate::workspace::{letters, timestamp};

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
            by: waiver.by.get().filter(|by| !says_nothing(by))?,
            reason: waiver.reason.get().filter(|reason| !says_nothing(reason))?,
        })
    });
    complete.collect()
}

/// What people write where they have nothing to say yet, without case and separators.
#[rustfmt::skip]
const NOTHING: [&str; 27] = [
    "", "anybody", "anyone", "fixme", "na", "name", "nil", "nobody", "none", "noone", "notyet", "null", "pending", "placeholder",
    "somebody", "someone", "tba", "tbc", "tbd", "todo", "unassigned", "undefined", "unknown", "whoever",
    "whomever", "yourname", "yournamehere",
];

/// Returns whether a text about a waiver names nobody and gives no reason, such as `TBD`, `-`, `xxx`, `0` or `${user}`.
#[must_use]
pub fn says_nothing(text: &str) -> bool {
    let is_template = ["${", "{{", "<"].iter().any(|open| text.trim_start().starts_with(open));
    let letters = letters(text);
    let is_only = |filler: u8| letters.bytes().all(|letter| letter == filler);
    is_template || NOTHING.contains(&&*letters) || is_only(b'x') || is_only(b'0')
}

/// Returns whether a waiver that ends on `until` is in force for more than a year after a day: that is no exception for a time.
#[must_use]
pub fn is_long_waiver(until: Date, day: Date) -> bool {
    day.checked_add(1.year()).is_ok_and(|latest| until > latest)
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
        _ => timestamp(text).map(day_of),
    }
}
