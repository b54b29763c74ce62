//! The report about a table of data.

use std::sync::Arc;

use super::{FileReport, Options, StreamContent, StreamCounts, configure, say_what_is_not_listed};
use crate::diagnostics::{Finding, FindingGroups, UnlistedFindings, fingerprints};
use crate::secrets::redact_finding;
use crate::text::{Source, Span};

/// What was found in a table.
#[derive(Debug)]
pub struct TableFindings {
    /// The places of the findings.
    pub source: Source,
    /// The findings that are listed, in the order of the file.
    pub findings: Vec<Finding>,
    /// Those that are only counted.
    pub unlisted: Vec<UnlistedFindings>,
    /// The parts of the source that must not be shown.
    pub secrets: Vec<Span>,
    /// The number of rows.
    pub rows: u64,
}

/// Creates the report about a table: the settings decide which findings count, and none shows what may not be shown.
#[must_use]
pub fn table_report(found: TableFindings, options: &Options<'_>) -> FileReport {
    let TableFindings { source, mut findings, unlisted, secrets, rows } = found;
    let suppressed = configure(source.name(), options, &[], &mut findings);
    findings.iter_mut().for_each(|finding| redact_finding(finding, &source, &secrets));
    let fingerprints = fingerprints(source.name(), &findings);
    let mut counts = StreamCounts {
        content: StreamContent::Table,
        records: rows,
        groups: FindingGroups::of_columns(),
        ..StreamCounts::default()
    };
    for finding in &findings {
        counts.groups.count(finding);
    }
    let dropped = counts.add_unlisted(unlisted, &findings);
    // Those of a rule that is off are not hidden, but not looked for.
    let is_on = |own: &UnlistedFindings| options.config.severity_of(own.rule, own.rule.severity).is_some();
    let hidden: u64 = dropped.iter().filter(|own| is_on(own)).map(|own| own.count).sum();
    counts.suppressed = suppressed as u64 + hidden;
    let report = FileReport::new(Arc::new(source), Vec::new(), Vec::new());
    let stream = Some(Box::new(counts));
    let mut report = FileReport { findings, fingerprints, suppressed, secrets, stream, ..report };
    say_what_is_not_listed(&mut report);
    report
}
