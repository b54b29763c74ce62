//! Rules that compare documents with what they were in another revision.

pub mod definition_changed;
pub mod deleted;
pub mod id_changed;

use crate::documents::Kind;
use crate::rules::Rule;
use crate::workspace::{DocumentFacts, Member};

/// The name of this family. Its rules need a revision to compare with.
pub const FAMILY: &str = "history";

/// The rules of this family.
pub static RULES: &[&Rule] = &[&definition_changed::DEFINITION_CHANGED, &deleted::DELETED, &id_changed::ID_CHANGED];

/// Returns whether documents of a kind are objects, which are archived. Inference records are not: logs are rotated.
fn is_object(kind: Kind) -> bool {
    !matches!(kind, Kind::InferenceLog | Kind::InferenceRequest | Kind::InferencePrediction)
}

/// Returns whether two documents have the same version, or none.
fn is_same_version(now: &DocumentFacts, old: &Member) -> bool {
    now.version() == old.version()
}

/// Returns whether an id is that of another object: the case of letters has no meaning in one.
fn is_other_id(one: &str, other: &str) -> bool {
    one.to_lowercase() != other.to_lowercase()
}

#[cfg(test)]
pub(crate) mod testing {
    use super::FAMILY;
    use crate::analysis::{Options, lint_change};

    /// Asserts which rules of this family report a change, and the text that they point at.
    #[track_caller]
    pub(crate) fn assert_changes(before: &str, now: &str, expected: &[(&str, &str)]) {
        let report = lint_change("a.yml", "HEAD", before, now, &Options::default());
        let own = report.findings.iter().filter(|finding| finding.rule.family() == FAMILY);
        let found: Vec<_> = own.map(|finding| (finding.rule.id, report.source.slice(finding.place.span))).collect();
        assert_eq!(found, expected, "{before}→\n{now}{:#?}", report.findings);
        assert!(
            found.iter().count() == 0
                || report.findings.iter().all(|finding| finding.rule.family() != FAMILY || !finding.related.is_empty())
        );
    }
}
