//! The metadata of a rule that accompanies its findings.

use std::fmt;

use super::Severity;

/// A rule as reports and settings see it.
pub struct RuleMeta {
    /// `family/name`.
    pub id: &'static str,
    /// Its severity, unless the configuration or the kind of document changes it.
    pub severity: Severity,
    /// The version of this tool that introduced it.
    pub since: &'static str,
    /// Whether its findings carry a fix.
    pub fix: FixKind,
    /// The document of the specification that it is based on.
    pub source: &'static str,
    /// The page: Markdown; its first paragraph is the one-line summary.
    pub docs: &'static str,
}

/// Whether the tool can fix the findings of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixKind {
    /// No.
    None,
    /// At least some of them, safely.
    Safe,
    /// At least some of them, but the result needs review.
    Unsafe,
}

impl FixKind {
    /// `none`, `safe` or `unsafe`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

impl RuleMeta {
    /// Returns the part of the id before the slash.
    #[must_use]
    pub fn family(&self) -> &'static str {
        self.id.split_once('/').map_or(self.id, |(family, _)| family)
    }

    /// Returns the part of the id after the slash.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.id.split_once('/').map_or(self.id, |(_, name)| name)
    }

    /// Returns where the rule's page is published.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}/blob/main/spec/rules/{}.md", crate::HOMEPAGE, self.id)
    }
}

impl PartialEq for RuleMeta {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for RuleMeta {}

impl fmt::Debug for RuleMeta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}
