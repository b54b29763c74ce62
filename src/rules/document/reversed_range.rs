//! `document/reversed-range`

use super::moment;
use crate::documents::roles::FieldRole;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::field;
use crate::yaml::NodeId;

declare_rule! {
    /// The end of a range must not be before its start.
    ///
    /// No value lies in a range whose start is after its end, so that all data violates it, or a reader exchanges the two without a word.
    /// It applies to numbers (`minimum`, `maximum`) and to days and moments (`start` and `end`, `from` and `until`, `startedOn` and `endedOn`).
    ///
    /// ## Fails
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: income, type: number, constraints: {minimum: 100000, maximum: 0}}
    /// ```
    ///
    /// ```yaml base:credit-split
    /// sets:
    ///   training: {dataset: credit-train@1.2.0, range: {start: 2024-12-31, end: 2018-01-01}}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-schema
    /// fields:
    ///   - {name: income, type: number, constraints: {minimum: 0, maximum: 100000}}
    /// ```
    pub REVERSED_RANGE = {
        id: "document/reversed-range",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “succinct description of the expected properties of the data”; step 6, “Record how the data is split”",
        kinds: with [Range],
        check: Any(check),
    }
}

/// The names of the two ends of ranges.
const ENDS: &[(&str, &str)] = &[
    ("start", "end"),
    ("from", "until"),
    ("startedOn", "endedOn"),
    ("min", "max"),
    ("minimum", "maximum"),
    ("exclusiveMinimum", "exclusiveMaximum"),
    ("minLength", "maxLength"),
];

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for range in cx.fields(FieldRole::Range) {
        for (start, end) in ENDS {
            let (Some(start), Some(end)) = (field(cx.tree, range, start), field(cx.tree, range, end)) else { continue };
            if is_reversed(cx, start, end) && !cx.is_faulty(start) && !cx.is_faulty(end) {
                let message = format!("the range ends at {}, before it starts at {}", cx.shown(end), cx.shown(start));
                let finding = cx.at_value(&REVERSED_RANGE, end, message);
                out.push(finding.related(cx.tree.span(cx.tree.resolve(start)), "its start"));
            }
        }
    }
}

fn is_reversed(cx: &Context<'_>, start: NodeId, end: NodeId) -> bool {
    if let (Some(start), Some(end)) = (cx.tree.number(start), cx.tree.number(end)) {
        return end.as_f64() < start.as_f64();
    }
    let moments = cx.tree.text(start).and_then(moment).zip(cx.tree.text(end).and_then(moment));
    moments.is_some_and(|(start, end)| start.is_after(end))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::assert_found;

    #[test]
    fn days_and_moments_are_compared_as_such() {
        let split = |start: &str, end: &str| {
            let base = include_str!("../bases/credit-split.yml");
            base.replace("train@1.2.0}", &format!("train@1.2.0, range: {{start: {start}, end: {end}}}}}"))
        };
        for (start, end) in
            [("2026-08-01", "2026-08-01"), ("2026-08-01T10:00:00Z", "2026-08-01"), ("2026-07-31", "2026-08-01")]
        {
            assert_found(&split(start, end), &[]);
        }
        for (start, end) in [("2026-08-02", "2026-08-01"), ("2026-08-01T10:00:00Z", "2026-08-01T11:00:00+02:00")] {
            assert_found(&split(start, end), &[("document/reversed-range", end)]);
        }
    }
}
