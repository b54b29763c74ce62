//! The report about a table of data.

use std::sync::Arc;

use super::{FileReport, Options, configure};
use crate::diagnostics::{Finding, fingerprints};
use crate::secrets::redact_finding;
use crate::text::{Source, Span};

/// Creates the report about a table: the settings decide which findings count, and none shows what may not be shown. `source` holds the places of
/// the findings.
#[must_use]
pub fn table_report(
    source: Source,
    mut findings: Vec<Finding>,
    secrets: Vec<Span>,
    rows: u64,
    options: &Options<'_>,
) -> FileReport {
    let suppressed = configure(source.name(), options, &[], &mut findings);
    findings.iter_mut().for_each(|finding| redact_finding(finding, &source, &secrets));
    let fingerprints = fingerprints(source.name(), &findings);
    let report = FileReport::new(Arc::new(source), Vec::new(), Vec::new());
    FileReport { findings, fingerprints, suppressed, secrets, rows: Some(rows), ..report }
}
