//! What is counted in a file that is read as a stream, of which only some places are kept.

use std::collections::BTreeMap;

use super::FileReport;
use crate::diagnostics::{
    FIRST_PLACES, Finding, FindingGroup, FindingGroups, Part, Place, UnlistedFindings, fingerprints,
};
use crate::rules::document::too_many_findings::TOO_MANY_FINDINGS;
use crate::text::Span;

/// What a stream holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StreamContent {
    /// Inference records, one on each line.
    #[default]
    Log,
    /// The rows of a table of data.
    Table,
}

/// The counts over all of a file that is read as a stream.
#[derive(Clone, Debug, Default)]
pub struct StreamCounts {
    /// What it holds.
    pub content: StreamContent,
    /// The records: of a log, the lines that are not blank; of a table, the rows.
    pub records: u64,
    /// The MLSpec documents among them.
    pub documents: u64,
    /// The bytes of a log that were read, after decompression.
    pub bytes: u64,
    /// The lines that are no MLSpec documents, and are left alone.
    pub left_alone: u64,
    /// The findings that comments or the configuration hide.
    pub suppressed: u64,
    /// All findings, also those that are not listed one by one.
    pub groups: FindingGroups,
}

impl StreamCounts {
    /// Returns a number in relation to that of the records.
    #[must_use]
    pub fn share(&self, count: u64) -> f64 {
        if self.records == 0 { 0.0 } else { count as f64 / self.records as f64 }
    }

    /// Counts findings that are not listed. Where none like them is listed, the configuration drops them all: those are returned.
    pub(super) fn add_unlisted(
        &mut self,
        unlisted: Vec<UnlistedFindings>,
        listed: &[Finding],
    ) -> Vec<UnlistedFindings> {
        let mut first: BTreeMap<(&str, &str), &Finding> = BTreeMap::new();
        for finding in listed {
            first.entry((finding.rule.id, finding.place.pointer.as_str())).or_insert(finding);
        }
        let mut dropped = Vec::new();
        for own in unlisted {
            match first.get(&(own.rule.id, own.pointer.as_str())) {
                Some(like) => self.groups.add_more(like, own.count),
                None => dropped.push(own),
            }
        }
        dropped
    }
}

/// The groups that a message names.
const NAMED_GROUPS: usize = 3;

/// Adds the finding that says how many findings of a stream are counted, and not listed. It is as severe as the most severe of them.
pub fn say_what_is_not_listed(report: &mut FileReport) {
    let Some(mut stream) = report.stream.take() else { return };
    let left_out = unlisted(&stream.groups, &report.findings);
    let more: u64 = left_out.iter().map(|(_, count)| count).sum();
    let severity = left_out.iter().map(|(group, _)| group.severity).max();
    if let Some(severity) = severity {
        let named = left_out.iter().take(NAMED_GROUPS).map(|(group, count)| format!("{count} of {}", name(group)));
        let named: Vec<String> = named.collect();
        let others = left_out.len().saturating_sub(NAMED_GROUPS);
        let others = if others > 0 { format!(", and those of {others} others") } else { String::new() };
        let what = if stream.content == StreamContent::Log { "log" } else { "table" };
        let message = format!("{more} more findings in this {what} are not listed: {}{others}", named.join(", "));
        let place = Place { document: 0, pointer: String::new(), part: Part::Value, span: Span::empty(0) };
        let help = format!("all are counted, and the first {FIRST_PLACES} of each kind are listed");
        let finding = Finding { severity, ..Finding::new(&TOO_MANY_FINDINGS, place, message).help(help) };
        stream.groups.count(&finding);
        report.findings.push(finding);
        report.fingerprints = fingerprints(report.source.name(), &report.findings);
    }
    report.stream = Some(stream);
}

/// Returns the groups of which findings are not listed, and how many.
fn unlisted<'g>(groups: &'g FindingGroups, findings: &[Finding]) -> Vec<(&'g FindingGroup, u64)> {
    let left = groups.listed(findings).into_iter().filter(|(group, listed)| group.count > *listed);
    left.map(|(group, listed)| (group, group.count - listed)).collect()
}

fn name(group: &FindingGroup) -> String {
    match group.pointer.as_str() {
        "" => group.rule.id.to_owned(),
        pointer => format!("{} at {pointer}", group.rule.id),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostics::Severity;
    use crate::rules::data::{missing_value::MISSING_VALUE, sentinel::SENTINEL};
    use crate::text::Source;

    #[test]
    fn what_is_not_listed_is_said_as_severely_as_it_is() {
        let place =
            |pointer: &str| Place { document: 0, pointer: pointer.to_owned(), part: Part::Value, span: Span::empty(0) };
        let findings = vec![Finding::new(&MISSING_VALUE, place("/a"), "m"), Finding::new(&SENTINEL, place("/b"), "m")];
        for (rule, severity) in [(&MISSING_VALUE, Severity::Error), (&SENTINEL, Severity::Warning)] {
            let mut stream =
                StreamCounts { records: 100, groups: FindingGroups::of_columns(), ..StreamCounts::default() };
            for finding in &findings {
                stream.groups.count(finding);
            }
            let pointer = if severity == Severity::Error { "/a" } else { "/b" };
            let own = |pointer: &str| UnlistedFindings { rule: &rule.meta, pointer: pointer.to_owned(), count: 7 };
            assert_eq!(stream.add_unlisted(vec![own(pointer), own("/off")], &findings), [own("/off")]);
            let mut report = FileReport::new(Arc::new(Source::new("a.csv", "")), Vec::new(), findings.clone());
            report.stream = Some(Box::new(stream));
            say_what_is_not_listed(&mut report);
            let last = report.findings.last().unwrap();
            assert_eq!((last.severity, report.fingerprints.len()), (severity, 3));
            assert!(
                last.message.starts_with("7 more findings in this log are not listed: 7 of data/"),
                "{}",
                last.message
            );
        }
    }
}
