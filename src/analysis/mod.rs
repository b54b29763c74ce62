//! From texts to their findings: the library's front door. Pure: no file, clock or environment is touched.
//!
//! [`examine`] looks at one text by itself, and many of them at once on several threads; [`conclude`] then looks at their documents
//! together. [`lint_text`] does both for a text that stands alone, and an [`Analysis`] keeps the reports about texts that change.

mod base;
mod check_fixes;
mod document_pass;
mod fix_rounds;
mod limit;
mod parse_findings;
mod read;
mod recognise;
mod report_model;
mod sniff_broken;
mod strict_json;
mod suppression;
mod syntax_hints;
mod workspace_pass;

use std::sync::Arc;

pub use base::Base;
pub use check_fixes::withhold_bad_fixes;
pub use document_pass::{Examined, Unchecked, examine, members, unchecked};
pub use fix_rounds::{Fixed, apply, fix_all, fix_text};
pub use parse_findings::unreadable;
pub use report_model::{FileReport, Report, Summary, UnreadReason};
pub use suppression::{Suppression, SuppressionScope, suppress, suppressions};
pub use workspace_pass::{Analysis, conclude};

use read::{ReadText, framing, read};

use crate::config::Config;
use crate::diagnostics::{Applicability, Finding, Severity};
use crate::documents::Kind;
use crate::documents::detect::{Detection, DetectionClue};
use crate::secrets;
use crate::text::Source;
use crate::yaml::{self, Limits};

/// How a text is checked.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// Severities, kinds by path, ignores by path.
    pub config: &'a Config,
    /// The kind of every document that does not say its own.
    pub kind: Option<Kind>,
    /// Whether the user named this very file: then what is not MLSpec is a finding, not skipped.
    pub explicit: bool,
    /// Whether the user says that every document is MLSpec, because somebody acts on what they say: then none is let off because it
    /// does not say so itself, or is of another format.
    pub claimed: bool,
    /// Whether suppression comments count.
    pub suppressions: bool,
    /// Whether the texts are some of those that refer to each other, and nobody can tell where the others are.
    pub partial: bool,
    /// Texts around these that are MLSpec documents and cannot be read.
    pub unread: &'a [Arc<Source>],
    /// Bounds on hostile input.
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

/// Finds everything that is wrong with a text that stands alone. `name` is what reports call it.
#[must_use]
pub fn lint_text(name: &str, text: &str, options: &Options<'_>) -> FileReport {
    let examined = [examine(name, text, options)];
    conclude(&examined, &[], options)
        .pop()
        .unwrap_or_else(|| FileReport::new(Arc::new(Source::new(name, text)), Vec::new(), Vec::new()))
}

/// The text with every credential masked, for a person to look at.
#[must_use]
pub fn masked(name: &str, text: &str, options: &Options<'_>) -> String {
    secrets::masked(&yaml::parse(Arc::new(Source::new(name, text)), options.limits, framing(name)))
}

/// What every document of a text is, and how one can tell; `None` where a document is not YAML, unless it is of another format even so.
#[must_use]
pub fn detect_text(name: &str, text: &str, options: &Options<'_>) -> Vec<Option<Detection>> {
    let ReadText { tree, detections, .. } = read(Arc::new(Source::new(name, text)), options);
    let of = |(document, detection): (&yaml::TreeDocument, Option<Detection>)| {
        detection.filter(|detection| document.root.is_some() || detection.format().is_some()).map(redacted)
    };
    tree.documents().iter().zip(detections).map(of).collect()
}

/// What is told of a document may quote it.
fn redacted(mut detection: Detection) -> Detection {
    for evidence in &mut detection.evidence {
        if let DetectionClue::Said(clause) = evidence {
            *clause = secrets::redact(clause).into_owned();
        }
    }
    detection
}

/// Applies the configuration to the findings of a file. Gives how many it hides. In the documents at the positions `guesses` nothing is
/// an error, whatever the configuration says, and nothing is mended.
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
