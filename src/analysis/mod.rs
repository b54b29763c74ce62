//! From texts to their findings: the library's front door. Pure: no file, clock or environment is touched.
//!
//! [`examine`] checks one text by itself, which can be done for many on several threads; [`conclude`] then checks their documents
//! together. [`lint_text`] does both for a standalone text, and an [`Analysis`] keeps the reports about texts that change.

mod base;
mod check_fixes;
mod document_pass;
mod fix_rounds;
mod limit;
mod log_part;
mod parse_findings;
mod read;
mod recognise;
mod refusal;
mod renames;
mod report_model;
mod sniff_broken;
mod stream_counts;
mod strict_json;
mod suppression;
mod syntax_hints;
mod table_report;
mod trial;
mod workspace_pass;
mod written_as_json;

use std::sync::Arc;

pub use base::Base;
pub use check_fixes::{WithheldReason, withhold_bad_fixes};
pub use document_pass::{Examined, Unchecked, examine, examine_lines, members, unchecked};
pub use fix_rounds::{Fixed, apply, fix_all, fix_text};
pub use log_part::{LineFault, LogPart, is_record};
pub use parse_findings::unreadable;
pub use read::read_text;
pub use refusal::{is_about_the_newest, refuses, refuses_data};
pub use report_model::{FileReport, Report, Summary, UnreadReason};
pub use stream_counts::{StreamContent, StreamCounts, say_what_is_not_listed};
pub use strict_json::is_expected as is_json_expected;
pub use suppression::{Suppression, SuppressionScope, suppress, suppressions};
pub use table_report::{TableFindings, table_report};
pub use trial::NewFinding;
pub use workspace_pass::{Analysis, Beside, conclude, conclude_with};
pub use written_as_json::WrittenAsJson;

use read::{ReadText, parse, read};

use crate::config::Config;
use crate::diagnostics::{Applicability, Finding, Severity};
use crate::documents::Kind;
use crate::documents::detect::{Detection, DetectionClue};
use crate::secrets;
use crate::text::Source;
use crate::workspace::{Revision, RevisionFile};
use crate::yaml::{self, Limits};

/// Options for checking a text.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// Severities, kinds by path, ignores by path.
    pub config: &'a Config,
    /// The kind of every document that does not name its own.
    pub kind: Option<Kind>,
    /// Whether the user named this file: then it is a finding, not skipped, if it is not MLSpec.
    pub explicit: bool,
    /// Whether the caller asserts that every document is MLSpec, because someone acts on its content: then none is skipped because it
    /// does not say so itself, or has another format.
    pub claimed: bool,
    /// Whether suppression comments are applied.
    pub suppressions: bool,
    /// Whether documents that the texts refer to may be missing, in an unknown place.
    pub partial: bool,
    /// The revision that the texts are compared with.
    pub against: Option<&'a Revision>,
    /// Texts around these that are MLSpec documents and cannot be read.
    pub unread: &'a [Arc<Source>],
    /// Limits for hostile input.
    pub limits: Limits,
}

impl Default for Options<'static> {
    fn default() -> Self {
        static CONFIG: std::sync::OnceLock<Config> = std::sync::OnceLock::new();
        let config = CONFIG.get_or_init(Config::default);
        Self {
            config,
            kind: None,
            explicit: true,
            claimed: false,
            suppressions: true,
            partial: false,
            against: None,
            unread: &[],
            limits: Limits::default(),
        }
    }
}

impl Options<'_> {
    fn kind_for(&self, name: &str) -> Option<Kind> {
        self.kind.or_else(|| self.config.kind_of(name.as_ref()))
    }
}

/// Checks a standalone text completely. `name` is its name in reports.
#[must_use]
pub fn lint_text(name: &str, text: &str, options: &Options<'_>) -> FileReport {
    let examined = [examine(name, text, options)];
    conclude(&examined, &[], options)
        .pop()
        .unwrap_or_else(|| FileReport::new(Arc::new(Source::new(name, text)), Vec::new(), Vec::new()))
}

/// Checks a standalone text, and compares it with an earlier one, which messages call `label`.
#[must_use]
pub fn lint_change(name: &str, label: &str, before: &str, text: &str, options: &Options<'_>) -> FileReport {
    let members = members(&format!("{label}:{name}"), before, options);
    let revision = Revision::new(label, vec![RevisionFile { name: name.into(), members, is_expected: true }]);
    lint_text(name, text, &Options { against: Some(&revision), ..*options })
}

/// Returns the text with every credential masked, for display.
#[must_use]
pub fn masked(name: &str, text: &str, options: &Options<'_>) -> String {
    secrets::masked(&parse(Arc::new(Source::new(name, text)), options.limits))
}

/// Returns the kind of every document of a text, with evidence; `None` for one that is not YAML, unless its format is still recognized.
#[must_use]
pub fn detect_text(name: &str, text: &str, options: &Options<'_>) -> Vec<Option<Detection>> {
    let ReadText { tree, detections, .. } = read(Arc::new(Source::new(name, text)), options);
    let of = |(document, detection): (&yaml::TreeDocument, Option<Detection>)| {
        detection.filter(|detection| document.root.is_some() || detection.format().is_some()).map(redacted)
    };
    tree.documents().iter().zip(detections).map(of).collect()
}

/// Redacts the evidence, which may quote the document.
fn redacted(mut detection: Detection) -> Detection {
    for evidence in &mut detection.evidence {
        if let DetectionClue::Said(clause) = evidence {
            *clause = secrets::redact(clause).into_owned();
        }
    }
    detection
}

/// Applies the configuration to the findings of a file. Returns how many it hides. In the documents at the positions `guesses`, nothing
/// is an error, whatever the configuration says, and nothing is fixed.
fn configure(name: &str, options: &Options<'_>, guesses: &[u32], findings: &mut Vec<Finding>) -> usize {
    let mut hidden = 0;
    findings.retain_mut(|finding| match options.config.severity_of(finding.rule, finding.severity) {
        None => false,
        Some(severity) => {
            finding.severity = severity;
            if guesses.binary_search(&finding.place.document).is_ok() {
                finding.severity = severity.min(Severity::Warning);
                finding.fixes.iter_mut().for_each(|fix| fix.applicability = Applicability::Display);
            }
            let ignored = options.config.is_ignored(name.as_ref(), finding.rule);
            hidden += usize::from(ignored);
            !ignored
        }
    });
    hidden
}
