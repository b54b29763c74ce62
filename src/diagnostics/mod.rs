//! Findings: what a rule reports about a place, and how to fix it.

mod fingerprint;
mod groups;
mod kept_places;
mod place;
mod rule;

use serde::{Deserialize, Serialize};

pub use fingerprint::{Fingerprint, fingerprints};
pub use groups::{FindingGroup, FindingGroups, UnlistedFindings};
pub use kept_places::{FIRST_PLACES, KeptPlaces, MOST_PLACES};
pub use place::{Part, Place};
pub use rule::{FixKind, RuleMeta};

use crate::text::{Edit, Span};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Advice.
    Info,
    /// Very likely wrong.
    Warning,
    /// Forbidden by the specification, or certain not to work.
    Error,
}

impl Severity {
    /// `info`, `warning` or `error`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Another place that explains a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The file, if it is not the finding's own.
    pub path: Option<String>,
    /// The place in that file.
    pub span: Span,
    /// A description of what is there.
    pub message: String,
}

/// Whether a fix may be applied without review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// Keeps the meaning; `--fix` applies it.
    Safe,
    /// May change the meaning; only `--unsafe-fixes` applies it.
    Unsafe,
    /// Never applied, only shown: nothing identifies the document as MLSpec.
    Display,
}

/// A fix for a finding: edits that belong together and do not overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an instruction: "rename 'endpoing' to 'endpoint'".
    pub title: String,
    /// Whether it may be applied without review.
    pub applicability: Applicability,
    /// The edits, in the order of the text.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// Creates a fix that keeps the meaning of the document.
    #[must_use]
    pub fn safe(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { title: title.into(), applicability: Applicability::Safe, edits }
    }

    /// Creates a fix that needs review.
    #[must_use]
    pub fn needs_review(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { title: title.into(), applicability: Applicability::Unsafe, edits }
    }
}

/// A problem that a rule reports at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static RuleMeta,
    /// The rule's severity, as modified by the configuration and the kind of document.
    pub severity: Severity,
    /// One sentence without a full stop. Contains no secret.
    pub message: String,
    /// Where.
    pub place: Place,
    /// The path that identifies the finding across edits: entries of lists by name, since their positions change with each entry above
    /// them. `None` if it is the same as the place's path.
    pub identity: Option<String>,
    /// Other places that explain it.
    pub related: Vec<Related>,
    /// What to do, if the message does not say it.
    pub help: Option<String>,
    /// Possible fixes, the best first.
    pub fixes: Vec<Fix>,
}

impl Finding {
    /// Creates a finding of `rule` at `place`, with the rule's own severity.
    #[must_use]
    pub fn new(rule: &'static RuleMeta, place: Place, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            rule,
            severity: rule.severity,
            message,
            place,
            identity: None,
            related: Vec::new(),
            help: None,
            fixes: Vec::new(),
        }
    }

    /// Sets the severity.
    #[must_use]
    pub fn severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    /// Sets the help.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Adds a related place in the same file.
    #[must_use]
    pub fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Related { path: None, span, message: message.into() });
        self
    }

    /// Adds a related place in another file.
    #[must_use]
    pub fn related_in(mut self, file: &str, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Related { path: Some(file.to_owned()), span, message: message.into() });
        self
    }

    /// Adds a fix, if there is one.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        self.fixes.extend(fix.into());
        self
    }

    /// Returns whether it has a fix that may be applied without review.
    #[must_use]
    pub fn is_fixable(&self) -> bool {
        self.fixes.iter().any(|fix| fix.applicability == Applicability::Safe)
    }

    /// Returns the order in which findings of one file are reported: by position, then rule, then message.
    pub(crate) fn order(&self) -> (Span, &'static str, &str) {
        (self.place.span, self.rule.id, &self.message)
    }
}
