//! What a check gives: findings per file, and the numbers.

use std::sync::Arc;

use crate::documents::Kind;
use crate::findings::{Applicability, Finding, Severity};
use crate::text::{Source, Span};

/// What was found in one file.
#[derive(Debug)]
pub struct FileReport {
    /// The file's name and text.
    pub source: Arc<Source>,
    /// The kind of each of its documents; `None` for what is not MLSpec, or not YAML.
    pub documents: Vec<Option<Kind>>,
    /// The findings that are not suppressed, in the order of the text.
    pub findings: Vec<Finding>,
    /// How many findings were suppressed.
    pub suppressed: usize,
    /// Values that no report may show.
    pub secrets: Vec<Span>,
}

/// What was found in all files, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files that were read.
    pub files: usize,
    /// MLSpec documents among their documents.
    pub documents: usize,
    /// Files without any MLSpec document.
    pub skipped: usize,
    /// Findings of severity error.
    pub errors: usize,
    /// Findings of severity warning.
    pub warnings: usize,
    /// Findings of severity info.
    pub infos: usize,
    /// Findings hidden by suppression comments, the configuration or the baseline.
    pub suppressed: usize,
    /// Findings with a safe fix.
    pub fixable: usize,
}

/// The result of a check: the files in the order of their names.
#[derive(Debug, Default)]
pub struct Report {
    /// One report per file that was read and holds an MLSpec document or a finding.
    pub files: Vec<FileReport>,
    /// The numbers.
    pub summary: Summary,
}

impl Report {
    /// All findings with the file they are in.
    pub fn findings(&self) -> impl Iterator<Item = (&FileReport, &Finding)> {
        self.files.iter().flat_map(|file| file.findings.iter().map(move |finding| (file, finding)))
    }

    /// The gravest severity among the findings.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.findings().map(|(_, finding)| finding.severity).max()
    }
}

impl FileReport {
    /// A report about a file that could not be read as text.
    #[must_use]
    pub fn of_finding(name: &str, finding: Finding) -> Self {
        let source = Arc::new(Source::new(name, ""));
        Self { source, documents: Vec::new(), findings: vec![finding], suppressed: 0, secrets: Vec::new() }
    }

    /// Whether nothing in the file is MLSpec and nothing was found in it.
    #[must_use]
    pub fn is_skipped(&self) -> bool {
        self.findings.is_empty() && self.documents.iter().all(Option::is_none)
    }
}

impl Summary {
    /// Adds the numbers of one file.
    pub fn add(&mut self, file: &FileReport) {
        self.files += 1;
        self.documents += file.documents.iter().flatten().count();
        self.skipped += usize::from(file.is_skipped());
        self.suppressed += file.suppressed;
        for finding in &file.findings {
            match finding.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Info => self.infos += 1,
            }
            self.fixable += usize::from(finding.fixes.iter().any(|fix| fix.applicability == Applicability::Safe));
        }
    }
}
