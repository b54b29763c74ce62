//! Findings of a file that is too large to keep: counted by rule and field.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::{Finding, RuleMeta, Severity};

/// Findings by rule, severity and field.
#[derive(Clone, Debug, Default)]
pub struct FindingGroups {
    groups: Vec<FindingGroup>,
    numbers: FxHashMap<(&'static str, Severity, String), usize>,
    /// Whether a number in a path is the name of a field, and no position in a list.
    has_named_fields: bool,
}

/// The findings of a rule about a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingGroup {
    /// The rule.
    pub rule: &'static RuleMeta,
    /// The severity.
    pub severity: Severity,
    /// The path of the field, with `*` in place of the positions in lists. Empty for the record itself, and for all fields beyond the first
    /// thousand groups.
    pub pointer: String,
    /// The number of findings.
    pub count: u64,
    /// Those of them with a safe fix.
    pub fixable: u64,
}

/// Findings that are counted and not listed, because many like them are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnlistedFindings {
    /// The rule.
    pub rule: &'static RuleMeta,
    /// The path of the field.
    pub pointer: String,
    /// Their number, beside those that are listed.
    pub count: u64,
}

/// The most groups of a file. Keys of free maps are part of a path, and there is no limit to these.
const MOST_GROUPS: usize = 1000;

impl FindingGroups {
    /// Creates the groups of findings about the columns of a table, which may be called by numbers.
    #[must_use]
    pub fn of_columns() -> Self {
        Self { has_named_fields: true, ..Self::default() }
    }

    /// Creates groups that were counted elsewhere, in their order.
    #[must_use]
    pub fn of(groups: Vec<FindingGroup>) -> Self {
        let numbers = groups.iter().enumerate();
        let numbers = numbers.map(|(number, own)| ((own.rule.id, own.severity, own.pointer.clone()), number)).collect();
        Self { groups, numbers, has_named_fields: false }
    }

    /// Counts a finding; returns the number of its group.
    pub fn count(&mut self, finding: &Finding) -> usize {
        let number = self.number(finding.rule, finding.severity, self.path(&finding.place.pointer));
        if let Some(group) = self.groups.get_mut(number) {
            group.count += 1;
            group.fixable += u64::from(finding.is_fixable());
        }
        number
    }

    /// Counts more findings that are like one that was counted.
    pub fn add_more(&mut self, like: &Finding, count: u64) {
        let number = self.number(like.rule, like.severity, self.path(&like.place.pointer));
        if let Some(group) = self.groups.get_mut(number) {
            group.count += count;
        }
    }

    /// Adds the counts of others; returns for each of their groups the number that it has here.
    pub fn add(&mut self, other: &Self) -> Vec<usize> {
        let add = |group: &FindingGroup| {
            let number = self.number(group.rule, group.severity, group.pointer.clone());
            if let Some(own) = self.groups.get_mut(number) {
                own.count += group.count;
                own.fixable += group.fixable;
            }
            number
        };
        other.groups.iter().map(add).collect()
    }

    /// Returns the number of the group that a finding belongs to, if any was counted.
    #[must_use]
    pub fn number_of(&self, finding: &Finding) -> Option<usize> {
        let of = |pointer: String| self.numbers.get(&(finding.rule.id, finding.severity, pointer)).copied();
        of(self.path(&finding.place.pointer)).or_else(|| of(String::new()))
    }

    /// Returns the groups in the order in which they were found.
    #[must_use]
    pub fn in_order(&self) -> &[FindingGroup] {
        &self.groups
    }

    /// Returns the groups, each with the number of these findings that belong to it: the most severe first, then those with the most
    /// findings.
    #[must_use]
    pub fn listed(&self, findings: &[Finding]) -> Vec<(&FindingGroup, u64)> {
        let mut listed = vec![0; self.groups.len()];
        for number in findings.iter().filter_map(|finding| self.number_of(finding)) {
            if let Some(count) = listed.get_mut(number) {
                *count += 1;
            }
        }
        let mut groups: Vec<_> = self.groups.iter().zip(listed).collect();
        groups.sort_by_key(|(group, _)| (Reverse(group.severity), Reverse(group.count), group.rule.id, &group.pointer));
        groups
    }

    /// Returns the number of findings.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.groups.iter().map(|group| group.count).sum()
    }

    fn path(&self, pointer: &str) -> String {
        if self.has_named_fields { pointer.to_owned() } else { general(pointer) }
    }

    fn number(&mut self, rule: &'static RuleMeta, severity: Severity, pointer: String) -> usize {
        let next = self.groups.len();
        let key = (rule.id, severity, pointer);
        if let Some(number) = self.numbers.get(&key) {
            return *number;
        }
        let pointer = if next < MOST_GROUPS { key.2 } else { String::new() };
        let key = (rule.id, severity, pointer.clone());
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.groups.push(FindingGroup { rule, severity, pointer, count: 0, fixable: 0 });
        }
        number
    }
}

/// Returns a path with `*` in place of the positions in lists.
fn general(pointer: &str) -> String {
    let is_position = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts = pointer.split('/').map(|part| if is_position(part) { "*" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{Part, Place};
    use crate::text::Span;

    fn finding(pointer: &str) -> Finding {
        let place = Place { document: 0, pointer: pointer.to_owned(), part: Part::Value, span: Span::default() };
        Finding::new(crate::rules::all()[0], place, "m")
    }

    #[test]
    fn groups_are_counted_exactly_and_their_number_is_bounded() {
        let mut groups = FindingGroups::default();
        for number in 0..5000 {
            groups.count(&finding(&format!("/models/{number}")));
            groups.count(&finding(&format!("/inputFeatures/f{number}")));
        }
        assert_eq!(groups.total(), 10_000);
        assert!(groups.in_order().len() <= MOST_GROUPS + 1, "{}", groups.in_order().len());
        let listed = groups.listed(&[finding("/models/4"), finding("/models/5")]);
        assert_eq!((listed[0].0.count, listed[0].1, listed[0].0.pointer.as_str()), (5000, 2, "/models/*"));
        let mut sum = FindingGroups::default();
        let numbers = sum.add(&groups);
        assert_eq!(numbers, (0..groups.in_order().len()).collect::<Vec<_>>());
        sum.add(&groups);
        assert_eq!(sum.total(), 20_000);
        assert_eq!(sum.number_of(&finding("/models/7")), Some(0));
    }

    #[test]
    fn columns_that_are_called_by_numbers_are_counted_each_by_itself() {
        let mut groups = FindingGroups::of_columns();
        groups.count(&finding("/1"));
        groups.add_more(&finding("/1"), 6);
        groups.count(&finding("/2"));
        let counts: Vec<_> = groups.in_order().iter().map(|group| (group.pointer.as_str(), group.count)).collect();
        assert_eq!(counts, [("/1", 7), ("/2", 1)]);
    }
}
