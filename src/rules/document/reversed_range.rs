//! `document/reversed-range`

use super::moment;
use crate::diagnostics::Finding;
use crate::documents::roles::FieldRole;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::field;
use crate::yaml::NodeId;

declare_rule! {
    /// The end of a range must not be before its start.
    ///
    /// No value lies in a range whose start is after its end, so that all data violates it, or a reader exchanges the two without a word.
    /// It applies to numbers (`minimum`, `maximum`), to days and moments (`start` and `end`, `from` and `until`, `startedOn` and `endedOn`), and
    /// to lists of both (`between`). Between exclusive limits that are equal there is no value either.
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
    ("exclusiveMinimum", "maximum"),
    ("minimum", "exclusiveMaximum"),
];

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for range in cx.fields(FieldRole::Range) {
        for (start, end) in ENDS {
            let is_exclusive = [start, end].iter().any(|name| name.starts_with("exclusive"));
            let (Some(start), Some(end)) = (field(cx.tree, range, start), field(cx.tree, range, end)) else { continue };
            out.extend(reversed(cx, start, end, is_exclusive));
        }
        if let [start, end] = cx.tree.items(cx.tree.resolve(range)) {
            out.extend(reversed(cx, *start, *end, false));
        }
    }
}

fn reversed(cx: &Context<'_>, start: NodeId, end: NodeId, is_exclusive: bool) -> Option<Finding> {
    if !is_reversed(cx, start, end, is_exclusive) || cx.is_faulty(start) || cx.is_faulty(end) {
        return None;
    }
    let message = match is_exclusive {
        true => format!("no value lies between {} and {}", cx.shown(start), cx.shown(end)),
        false => format!("the range ends at {}, before it starts at {}", cx.shown(end), cx.shown(start)),
    };
    let finding = cx.at_value(&REVERSED_RANGE, end, message);
    Some(finding.related(cx.tree.span(cx.tree.resolve(start)), "its start"))
}

fn is_reversed(cx: &Context<'_>, start: NodeId, end: NodeId, is_exclusive: bool) -> bool {
    if let (Some(start), Some(end)) = (cx.tree.number(start), cx.tree.number(end)) {
        let (start, end) = (start.as_f64(), end.as_f64());
        return end < start || (is_exclusive && end <= start);
    }
    let moments = cx.tree.text(start).and_then(moment).zip(cx.tree.text(end).and_then(moment));
    moments.is_some_and(|(start, end)| start.is_after(end))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::assert_found;

    #[test]
    fn exclusive_limits_and_lists_are_ranges_too() {
        let schema = |constraints: &str| include_str!("../bases/credit-schema.yml").replace("minimum: 0", constraints);
        for (constraints, place) in [
            ("exclusiveMinimum: 120, maximum: 120", Some("120")),
            ("minimum: 120, exclusiveMaximum: 119", Some("119")),
            ("exclusiveMinimum: 18, exclusiveMaximum: 18", Some("18")),
            ("exclusiveMinimum: 18, maximum: 19", None),
            ("minimum: 18, maximum: 18", None),
        ] {
            let expected: Vec<_> = place.map(|place| ("document/reversed-range", place)).into_iter().collect();
            assert_found(&schema(constraints), &expected);
        }
        for (between, expected) in [("[0.4, 0.1]", &[("document/reversed-range", "0.1")][..]), ("[0.1, 0.4]", &[])] {
            let signal = format!(
                "  - {{id: answers, kind: output, measure: refusals, between: {between}, action: alert}}\nrollback"
            );
            assert_found(&include_str!("../bases/credit-monitoring.yml").replace("rollback", &signal), expected);
        }
    }

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
