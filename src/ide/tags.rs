//! Findings that editors show in a form of their own: faint, or struck through.

use crate::diagnostics::RuleMeta;

/// How a place with a finding is shown, beside being underlined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingTag {
    /// Faint: nothing uses it, and it can be deleted.
    Unnecessary,
    /// Struck through: it works, and should not be used any more.
    Deprecated,
}

/// The rules that find what nothing uses.
const UNNECESSARY: [&str; 5] = [
    "document/unused-anchor",
    "objective/unused-definition",
    "pipeline/unused-parameter",
    "reference/unused-store",
    "suppression/unused",
];

/// The rules that find the use of what is deprecated or archived.
const DEPRECATED: [&str; 5] = [
    "status/archived-dataset-used",
    "status/archived-reference",
    "status/deprecated-dataset-used",
    "status/deprecated-reference",
    "transformation/deprecated-field-used",
];

/// Returns how the findings of a rule are shown.
#[must_use]
pub fn finding_tag(rule: &RuleMeta) -> Option<FindingTag> {
    match rule.id {
        id if UNNECESSARY.contains(&id) => Some(FindingTag::Unnecessary),
        id if DEPRECATED.contains(&id) => Some(FindingTag::Deprecated),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_them_are_rules() {
        for id in UNNECESSARY.iter().chain(&DEPRECATED) {
            assert!(crate::rules::all().iter().any(|rule| rule.meta.id == *id), "{id}");
        }
    }
}
