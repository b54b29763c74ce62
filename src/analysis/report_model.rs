//! The result of a check: findings per file, and counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Base, StreamContent, StreamCounts};
use crate::diagnostics::{Finding, Fingerprint, Severity, fingerprints};
use crate::documents::{ForeignFormat, Kind};
use crate::text::{Source, Span};

/// The findings in one file.
#[derive(Clone, Debug)]
pub struct FileReport {
    /// The file's name and text.
    pub source: Arc<Source>,
    /// The kind of each of its documents; `None` for documents that are not MLSpec, or not YAML.
    pub documents: Vec<Option<Kind>>,
    /// The positions of the documents beside MLSpec ones that are none, and are left alone, in ascending order.
    pub left_alone: Vec<u32>,
    /// The foreign format of the file, if it is a known one, which is left alone.
    pub format: Option<ForeignFormat>,
    /// The positions of the documents that are taken for MLSpec without saying so, in ascending order.
    pub guesses: Vec<u32>,
    /// The findings that are not suppressed, in the order of the text.
    pub findings: Vec<Finding>,
    /// The fingerprint of each finding, in the same order.
    pub fingerprints: Vec<Fingerprint>,
    /// The number of suppressed findings.
    pub suppressed: usize,
    /// Values that must not be shown in reports.
    pub secrets: Vec<Span>,
    /// Why part of the file was not read although there is no finding about it; `None` if all of it was read.
    pub unread: Option<UnreadReason>,
    /// Whether the file is no longer there, but another revision has it.
    pub is_absent: bool,
    /// What was counted in a log or a table, of which `source` holds some places; `None` if `source` is all of the file.
    pub stream: Option<Box<StreamCounts>>,
}

/// Why a text that does not seem to be MLSpec was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnreadReason {
    /// Part of it is not YAML, such as a template before rendering.
    NotYaml,
    /// It is not UTF-8.
    NotUtf8,
    /// An MLSpec document in it could not be read, and the rule that says so is off.
    Untold,
}

/// The counts over all files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files that were read.
    pub files: usize,
    /// MLSpec documents among their documents.
    pub documents: usize,
    /// Tables of data that were read.
    pub tables: usize,
    /// The rows of these tables.
    pub rows: u64,
    /// Files without any MLSpec document.
    pub skipped: usize,
    /// Documents that are not MLSpec, in files with MLSpec documents.
    pub left_alone: usize,
    /// Skipped files that were not read because they are not YAML.
    pub not_yaml: usize,
    /// Skipped files that were not read because they are not UTF-8.
    pub not_utf8: usize,
    /// Files of other formats, which were left alone.
    pub formats: BTreeMap<ForeignFormat, usize>,
    /// Files and folders in the given folders that were not looked at, by the name of the reason. A folder counts as one.
    pub passed_over: BTreeMap<&'static str, usize>,
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
    /// One report per file that was read and contains an MLSpec document or a finding.
    pub files: Vec<FileReport>,
    /// Other files in which references were resolved: nothing is reported about them, but findings may point into them.
    pub context: Vec<Arc<Source>>,
    /// Determines the names of files for readers other than the user.
    pub base: Base,
    /// The counts.
    pub summary: Summary,
}

impl Report {
    /// Returns all findings, with their files.
    pub fn findings(&self) -> impl Iterator<Item = (&FileReport, &Finding)> {
        self.files.iter().flat_map(|file| file.findings.iter().map(move |finding| (file, finding)))
    }

    /// Returns the findings that decide the result of a check: all except those in documents that do not claim to be MLSpec.
    pub fn decisive(&self) -> impl Iterator<Item = &Finding> {
        self.findings()
            .filter(|(file, finding)| !file.guesses.contains(&finding.place.document))
            .map(|(_, finding)| finding)
    }
}

impl FileReport {
    /// Creates a report about a text with these findings.
    #[must_use]
    pub fn new(source: Arc<Source>, documents: Vec<Option<Kind>>, findings: Vec<Finding>) -> Self {
        let fingerprints = fingerprints(source.name(), &findings);
        let (format, guesses, left_alone) = (None, Vec::new(), Vec::new());
        let (suppressed, secrets, unread, is_absent) = (0, Vec::new(), None, false);
        Self {
            source,
            documents,
            left_alone,
            format,
            guesses,
            findings,
            fingerprints,
            suppressed,
            secrets,
            unread,
            is_absent,
            stream: None,
        }
    }

    /// Recomputes the fingerprints of the findings so that they do not depend on where the tool is started.
    pub fn rebase(&mut self, base: &Base) {
        self.fingerprints = fingerprints(&base.path(self.source.name()), &self.findings);
    }

    /// Creates a report about a file that could not be read as text.
    #[must_use]
    pub fn of_finding(name: &str, finding: Finding) -> Self {
        Self::new(Arc::new(Source::new(name, "")), Vec::new(), vec![finding])
    }

    /// Treats the file as MLSpec without its saying so: nothing in it is an error then.
    pub fn take_for_guess(&mut self) {
        self.guesses = self.findings.iter().map(|finding| finding.place.document).collect();
        self.guesses.dedup();
        self.findings.iter_mut().for_each(|finding| finding.severity = finding.severity.min(Severity::Warning));
    }

    /// Removes the findings whose fingerprint `is_known`; returns them.
    pub fn hide(&mut self, mut is_known: impl FnMut(&Fingerprint) -> bool) -> Vec<Finding> {
        // What is counted of a log or a table stands for more than the findings that are listed.
        if self.stream.is_some() {
            return Vec::new();
        }
        let all = std::mem::take(&mut self.findings).into_iter().zip(std::mem::take(&mut self.fingerprints));
        let (hidden, shown): (Vec<_>, Vec<_>) = all.partition(|(_, fingerprint)| is_known(fingerprint));
        (self.findings, self.fingerprints) = shown.into_iter().unzip();
        hidden.into_iter().map(|(finding, _)| finding).collect()
    }

    /// Returns whether the file contains no MLSpec document and no finding.
    #[must_use]
    pub fn is_skipped(&self) -> bool {
        let has_content =
            self.stream.as_ref().is_some_and(|own| own.documents > 0 || own.content == StreamContent::Table);
        self.findings.is_empty() && !has_content && self.documents.iter().all(Option::is_none)
    }
}

impl Summary {
    /// Adds the counts of one file.
    pub fn add(&mut self, file: &FileReport) {
        if let Some(stream) = &file.stream {
            self.documents += count(stream.documents);
            self.left_alone += count(stream.left_alone);
            self.suppressed += count(stream.suppressed);
            if stream.content == StreamContent::Table {
                self.tables += 1;
                self.rows = self.rows.saturating_add(stream.records);
            }
            for group in stream.groups.in_order() {
                *self.of_severity(group.severity) += count(group.count);
                self.fixable += count(group.fixable);
            }
            self.files += 1;
            self.skipped += usize::from(file.is_skipped());
            return;
        }
        self.files += usize::from(!file.is_absent);
        self.documents += file.documents.iter().flatten().count();
        self.skipped += usize::from(file.is_skipped() && !file.is_absent);
        self.left_alone += file.left_alone.len();
        if let Some(format) = file.format {
            *self.formats.entry(format).or_default() += 1;
        } else if file.is_skipped() {
            let is_not_yaml = matches!(file.unread, Some(UnreadReason::NotYaml | UnreadReason::Untold));
            self.not_yaml += usize::from(is_not_yaml);
            self.not_utf8 += usize::from(file.unread == Some(UnreadReason::NotUtf8));
        }
        self.suppressed += file.suppressed;
        for finding in &file.findings {
            *self.of_severity(finding.severity) += 1;
            self.fixable += usize::from(finding.is_fixable());
        }
    }

    /// Moves a counted finding to the suppressed ones.
    pub fn hide(&mut self, finding: &Finding) {
        *self.of_severity(finding.severity) -= 1;
        self.fixable -= usize::from(finding.is_fixable());
        self.suppressed += 1;
    }

    fn of_severity(&mut self, severity: Severity) -> &mut usize {
        match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
            Severity::Info => &mut self.infos,
        }
    }
}

/// On a machine of 32 bits, more things than it can address are as many as it can.
fn count(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
