//! `objective/waiver-expired`

use super::last_days;
use crate::documents::Document;
use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A waiver must not have expired before the newest record in the workspace.
    ///
    /// An expired waiver has no effect: the objective is enforced again, and the next model fails on it although nobody changed a line. The
    /// rule compares the last day of the waiver with the newest date of the runs, evaluations, tests and inference records that are
    /// checked. It does not use the clock, so the same documents always give the same findings.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch,credit-test
    /// waivers:
    ///   - objective: recall-floor
    ///     until: 2027-03-31
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
    pub WAIVER_EXPIRED = {
        id: "objective/waiver-expired",
        severity: Error,
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
        let Some(newest) = workspace.newest_record() else { continue };
        if let Some(record) = workspace.member(newest.member).filter(|_| last < newest.day) {
            let message = format!("this waiver ended on {last}, and is no longer in force");
            let finding = cx.at_value(&WAIVER_EXPIRED, node, message);
            let finding = finding.help("remove it, or renew it");
            out.push(workspace.relate(finding, record, Some(newest.node), "the newest record"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::changed;
    use crate::rules::testing::assert_found;

    #[test]
    fn the_last_day_is_whole_and_counts_in_utc() {
        let waiver = "waivers: [{objective: recall-floor, until: 2027-03-31, by: jane, reason: a pilot}]\ntests:";
        let own = changed(&[("tests:", waiver)]);
        for (time, expected) in [
            ("2027-03-31T23:59:59Z", &[][..]),
            ("2027-04-01T01:00:00+02:00", &[]),
            ("2027-03-31T23:00:00-02:00", &[("objective/waiver-expired", "2027-03-31")]),
        ] {
            let test = format!(
                "---\nmlSpecVersion: 0.1.0\nkind: test\nid: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51\nname: credit-test\nmodel: m\n\
                 dataset: holdback@1.0.0\nperformedOn: {time}\nmetrics: [{{key: recall, value: 0.7}}]\n"
            );
            assert_found(&format!("{own}{test}"), expected);
        }
        assert_found(&own, &[]);
    }
}
