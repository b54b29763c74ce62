//! `objective/long-waiver`

use super::last_days;
use crate::documents::Document;
use crate::objectives::evaluate::is_long_waiver;
use crate::rules::run::implausible_date::LAST_YEAR;
use crate::rules::{Context, Findings, Linked, declare_rule};

declare_rule! {
    /// A waiver should end within a year.
    ///
    /// A waiver lets a model pass that does not meet an objective, for a time in which the cause is removed. One that ends in the distant
    /// future is no exception, but another objective, on which nobody decided. Whoever has to renew it sees that the cause is still there.
    /// The rule counts from the newest date of the runs, evaluations, tests and inference records that are checked. It does not use the
    /// clock, so the same documents always give the same findings; if there is no record, it reports waivers that end more than ten years
    /// after this version of the tool.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch,credit-test
    /// waivers:
    ///   - objective: recall-floor
    ///     until: 2999-01-01
    ///     by: jane@contoso.com
    ///     reason: the labels of May are wrong; they are corrected in DATA-112
    /// ---
    /// kind: test
    /// performedOn: 2027-04-02T04:00:00Z
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch,credit-test
    /// waivers:
    ///   - objective: recall-floor
    ///     until: 2027-06-30
    ///     by: jane@contoso.com
    ///     reason: the labels of May are wrong; they are corrected in DATA-112
    /// ---
    /// kind: test
    /// performedOn: 2027-04-02T04:00:00Z
    /// ```
    pub LONG_WAIVER = {
        id: "objective/long-waiver",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: waivers",
        kinds: [Objectives],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(Document::Objectives(document)) = cx.typed().filter(|_| !workspace.own.is_archived()) else { return };
    for (last, node) in last_days(document) {
        let newest = workspace.newest_record().filter(|newest| is_long_waiver(last, newest.day));
        let after = match &newest {
            Some(newest) => format!("the newest record, of {}", newest.day),
            None if last.year() > LAST_YEAR => format!("anything that is recorded before {LAST_YEAR}"),
            None => continue,
        };
        let finding =
            cx.at_value(&LONG_WAIVER, node, format!("this waiver ends on {last}, more than a year after {after}"));
        let finding = finding.help("let it end within a year; renew it then if it is still needed");
        match newest.and_then(|newest| Some((workspace.member(newest.member)?, newest.node))) {
            Some((record, node)) => out.push(workspace.relate(finding, record, Some(node), "the newest record")),
            None => out.push(finding),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::changed;
    use crate::rules::testing::assert_found;

    #[test]
    fn a_year_is_counted_from_the_newest_record() {
        for (until, expected) in [
            ("2028-03-31", &[][..]),
            ("2028-04-01", &[("objective/long-waiver", "2028-04-01")]),
            ("9999-12-31", &[("objective/long-waiver", "9999-12-31")]),
        ] {
            let waiver =
                format!("waivers: [{{objective: recall-floor, until: {until}, by: jane, reason: a pilot}}]\ntests:");
            let own = changed(&[("tests:", &waiver)]);
            let test = "---\nmlSpecVersion: 0.1.0\nkind: test\nid: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51\nname: credit-test\nmodel: m\n\
                        dataset: holdback@1.0.0\nperformedOn: 2027-03-31T23:00:00Z\nmetrics: [{key: recall, value: 0.7}]\n";
            assert_found(&format!("{own}{test}"), expected);
        }
    }

    #[test]
    fn without_records_only_the_implausible_is_reported() {
        for (until, expected) in [("2030-01-01", &[][..]), ("2999-01-01", &[("objective/long-waiver", "2999-01-01")])] {
            let waiver =
                format!("waivers: [{{objective: recall-floor, until: {until}, by: jane, reason: a pilot}}]\ntests:");
            assert_found(&changed(&[("tests:", &waiver)]), expected);
        }
    }
}
