//! Rule ids that were renamed. Where settings, comments and commands use a former id, the current one is named in reply.

use std::fmt;

/// Former and current id, sorted by the former. If a rule is renamed again, it gets a second line, and its first line the newest id.
const RENAMED: &[(&str, &str)] = &[
    ("objective/bad-amount", "expression/bad-amount"),
    ("objective/baseline-failed-gate", "evidence/baseline-failed-gate"),
    ("objective/baseline-is-candidate", "evidence/baseline-is-candidate"),
    ("objective/baseline-other-data", "evidence/baseline-other-data"),
    ("objective/circular-definition", "expression/circular-definition"),
    ("objective/definition-shadows-metric", "expression/definition-shadows-metric"),
    ("objective/drops-too-much", "evidence/drops-too-much"),
    ("objective/finer-than-sample", "evidence/finer-than-sample"),
    ("objective/holdback-reused", "evidence/holdback-reused"),
    ("objective/many-comparisons", "evidence/many-comparisons"),
    ("objective/margin-in-noise", "evidence/margin-in-noise"),
    ("objective/needs-aggregate", "expression/needs-aggregate"),
    ("objective/never-logged", "evidence/never-logged"),
    ("objective/no-direction", "expression/no-direction"),
    ("objective/no-interval", "expression/no-interval"),
    ("objective/notation", "expression/notation"),
    ("objective/percent-or-fraction", "expression/percent-or-fraction"),
    ("objective/relative-or-points", "expression/relative-or-points"),
    ("objective/split-by-yaml", "expression/split-by-yaml"),
    ("objective/syntax", "expression/syntax"),
    ("objective/test-not-separate-run", "evidence/test-not-separate-run"),
    ("objective/too-few-for-percentile", "evidence/too-few-for-percentile"),
    ("objective/too-large", "expression/too-large"),
    ("objective/unit-mismatch", "expression/unit-mismatch"),
    ("objective/unit-missing", "expression/unit-missing"),
    ("objective/unknown-dataset", "expression/unknown-dataset"),
    ("objective/unknown-dimension", "expression/unknown-dimension"),
    ("objective/unknown-field", "expression/unknown-field"),
    ("objective/unknown-function", "expression/unknown-function"),
    ("objective/unknown-metric", "expression/unknown-metric"),
    ("objective/window-not-monitoring", "expression/window-not-monitoring"),
];

/// A rule that was renamed. It is displayed as a sentence that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Renamed {
    /// The former id.
    pub former: &'static str,
    /// The current id.
    pub current: &'static str,
}

impl fmt::Display for Renamed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule '{}' was renamed to '{}'", self.former, self.current)
    }
}

/// Returns the rule whose former id is `id`. `None` if there is none.
#[must_use]
pub fn renamed(id: &str) -> Option<Renamed> {
    let index = RENAMED.binary_search_by_key(&id, |(former, _)| former).ok()?;
    RENAMED.get(index).map(|&(former, current)| Renamed { former, current })
}

/// Returns all former ids.
pub(super) fn former_ids() -> impl Iterator<Item = &'static str> {
    RENAMED.iter().map(|(former, _)| *former)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::by_id;

    #[test]
    fn every_former_id_leads_to_a_rule_and_names_none_itself() {
        assert!(RENAMED.is_sorted_by(|(one, _), (other, _)| one < other), "each former id once, sorted");
        for (former, current) in RENAMED {
            assert!(by_id(former).is_none(), "{former} is a rule");
            assert!(by_id(current).is_some(), "{current} is no rule");
            assert_eq!(renamed(former).map(|rule| rule.current), Some(*current));
        }
        assert_eq!(renamed("objective"), None);
        assert_eq!(renamed("objective/contradiction"), None);
    }
}
