//! `monitoring/rollback-not-rehearsed`

use crate::documents::Document;
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::day;

declare_rule! {
    /// A rollback should have been tried.
    ///
    /// The model before this one was built for an older service, and its image may be gone. Whether it can be put back shows when it is,
    /// and that should not be the night on which it must. `rehearsedOn` is the day on which it was last tried. One that is more than 90 days
    /// after the newest record of the workspace is no such day.
    ///
    /// ## Fails
    /// ```yaml base:credit-monitoring
    /// rollback: {to: credit-default@2.0.0, upon: [up]}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-monitoring
    /// rollback: {to: credit-default@2.0.0, upon: [up], rehearsedOn: 2026-08-24}
    /// ```
    pub ROLLBACK_NOT_REHEARSED = {
        id: "monitoring/rollback-not-rehearsed",
        severity: Info,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 12, “Include a rollback strategy”",
        kinds: [Monitoring],
        check: Workspace(check),
    }
}

/// A rehearsal may be recorded while nothing else is. This many days later than all else, the date is a plan or a slip.
const MOST_DAYS_AHEAD: i64 = 90;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(Document::Monitoring(own)) = cx.typed() else { return };
    let Some(rollback) = own.rollback.get() else { return };
    let rehearsed = rollback.rehearsed_on.node();
    if let Some(node) = rollback.to.node().filter(|_| rehearsed.is_none() && cx.is_complete()) {
        let message = format!("it was not recorded that rolling back to {} was tried", cx.shown(node));
        out.push(
            cx.at_value(&ROLLBACK_NOT_REHEARSED, node, message).help("try it, and record the day as 'rehearsedOn'"),
        );
    }
    let Some(node) = rehearsed.filter(|node| !cx.is_faulty(*node)) else { return };
    let Some(on) = cx.tree.text(node).and_then(day) else { return };
    let Some(newest) = workspace.newest_record() else { return };
    if on.duration_since(newest.day).as_hours() > MOST_DAYS_AHEAD * 24 {
        let message = format!("{} is long after all that is recorded: it was not tried yet", cx.shown(node));
        let finding = cx.at_value(&ROLLBACK_NOT_REHEARSED, node, message).help("record the day once it was tried");
        out.push(match workspace.member(newest.member) {
            Some(member) => workspace.relate(finding, member, Some(newest.node), "the newest record"),
            None => finding,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn a_rehearsal_that_is_yet_to_come_is_none() {
        let text = |day: &str| {
            let monitoring = include_str!("../bases/credit-monitoring.yml").replace("2026-08-24", day);
            format!("{monitoring}---\n{}", include_str!("../bases/credit-test.yml"))
        };
        let count = |day: &str| {
            let found = found(&text(day));
            found.iter().filter(|(rule, place, _)| *rule == super::ROLLBACK_NOT_REHEARSED.id && place == day).count()
        };
        assert_eq!((count("2099-01-01"), count("2027-08-24")), (1, 1));
        assert_eq!((count("2026-08-24"), count("2026-10-01")), (0, 0));
    }
}
