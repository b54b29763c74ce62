//! The report about the lines of a log that were kept, made into one about all of it.

use super::across::ComparedRecords;
use crate::analysis::{FileReport, say_what_is_not_listed};
use crate::diagnostics::{Finding, KeptPlaces};
use crate::rules::inference::record_duplicated::RECORD_DUPLICATED;
use crate::rules::inference::request_correlation::REQUEST_CORRELATION;
use crate::rules::inference::request_repeated::REQUEST_REPEATED;

/// Adds to the counts of a log what was found when its records were compared with all others, and says how many findings are not listed.
/// `file` is the number of the log in the comparison.
pub fn complete(report: &mut FileReport, compared: Option<(&ComparedRecords, u32)>) {
    let Some(mut log) = report.stream.take() else { return };
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
    // A line that is kept for one finding may have others, and some are found beside other records only: what is listed is bounded all the same.
    let mut kept = KeptPlaces::default();
    let is_kept = |finding: &Finding| log.groups.number_of(finding).is_none_or(|group| kept.takes(&[group], 0));
    report.findings.retain(is_kept);
    report.stream = Some(log);
    say_what_is_not_listed(report);
}
