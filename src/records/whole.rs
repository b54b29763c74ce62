//! The report about the lines of a log that were kept, made into one about all of it.

use super::across::ComparedRecords;
use super::kept::FIRST_PLACES;
use crate::analysis::{FileReport, FindingGroup, FindingGroups};
use crate::diagnostics::{Finding, Part, Place};
use crate::rules::document::too_many_findings::TOO_MANY_FINDINGS;
use crate::rules::inference::record_duplicated::RECORD_DUPLICATED;
use crate::rules::inference::request_correlation::REQUEST_CORRELATION;
use crate::rules::inference::request_repeated::REQUEST_REPEATED;
use crate::text::Span;

/// The groups that a message names.
const NAMED_GROUPS: usize = 3;

/// Adds to the counts of a log what was found when its records were compared with all others, and says how many findings are not listed.
/// `file` is the number of the log in the comparison.
pub fn complete(report: &mut FileReport, compared: Option<(&ComparedRecords, u32)>) {
    let Some(mut log) = report.log.take() else { return };
    let rules = [&REQUEST_CORRELATION, &REQUEST_REPEATED, &RECORD_DUPLICATED];
    for (number, rule) in rules.into_iter().enumerate() {
        let mut listed = 0;
        for finding in report.findings.iter().filter(|finding| *finding.rule == rule.meta) {
            log.groups.count(finding);
            listed += 1;
        }
        let counts = compared.and_then(|(compared, file)| compared.counts.get(&file));
        let all = counts.and_then(|counts| counts.get(number)).copied().unwrap_or(0);
        // Without a listed finding, the rule is off, or hides them all.
        if let Some(first) = report.findings.iter().find(|finding| *finding.rule == rule.meta) {
            log.groups.add_more(first, all.saturating_sub(listed));
        }
    }
    let left_out = unlisted(&log.groups, &report.findings);
    let more: u64 = left_out.iter().map(|(_, count)| count).sum();
    if more > 0 {
        let named = left_out.iter().take(NAMED_GROUPS);
        let named: Vec<String> = named.map(|(name, count)| format!("{count} of {name}")).collect();
        let others = left_out.len().saturating_sub(NAMED_GROUPS);
        let others = if others > 0 { format!(", and those of {others} others") } else { String::new() };
        let message = format!("{more} more findings in this log are not listed: {}{others}", named.join(", "));
        let place = Place { document: 0, pointer: String::new(), part: Part::Value, span: Span::empty(0) };
        let finding = Finding::new(&TOO_MANY_FINDINGS, place, message);
        let help = format!("all are counted, and the first {FIRST_PLACES} of each kind are listed");
        log.groups.count(&finding);
        report.findings.push(finding.help(help));
    }
    report.log = Some(log);
}

/// Returns the groups of which findings are not listed, and how many.
fn unlisted(groups: &FindingGroups, findings: &[Finding]) -> Vec<(String, u64)> {
    let name = |group: &FindingGroup| match group.pointer.as_str() {
        "" => group.rule.id.to_owned(),
        pointer => format!("{} at {pointer}", group.rule.id),
    };
    let left = groups.listed(findings).into_iter().filter(|(group, listed)| group.count > *listed);
    left.map(|(group, listed)| (name(group), group.count - listed)).collect()
}
