//! Validation of fixes before they are applied.
//!
//! A fix can reveal a problem that its finding had hidden: a renamed key has a value of the wrong type, a quoted number is not a UUID. A
//! safe fix removes its finding and adds none of the same severity or higher; a fix that does not needs review. So does one that changes
//! what an extension (`x-…: *name`) takes over: only its owner knows what it is for.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::fix_rounds::apply;
use super::{Options, conclude, examine};
use crate::diagnostics::{Applicability, Finding, Severity};
use crate::rules::document::yaml_syntax::YAML_SYNTAX;
use crate::yaml::{EntryKind, NodeId, Tree};

/// The most bytes of text that are checked again to try fixes one by one.
const BUDGET: usize = 64 << 20;

/// The most bytes of text that are checked again to try each fix by itself although all of them together are good: an editor applies one.
const BUDGET_ALONE: usize = 1 << 20;

/// Why the fix of a finding is not applied although its rule offers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WithheldReason {
    /// It would add a finding at least as severe.
    NoBetter,
    /// It would undo another fix, or turn a document into none.
    InTheWay,
}

impl WithheldReason {
    /// Returns what the fix would do.
    #[must_use]
    pub fn would(self) -> &'static str {
        match self {
            Self::NoBetter => "bring another finding as severe",
            Self::InTheWay => "undo another fix, or leave fewer documents",
        }
    }
}

/// Downgrades every safe fix to unsafe that does not remove its finding, or adds another one at least as severe; if unsafe
/// fixes are requested, removes those with the same defect. Call it before fixes are applied or offered: it costs as much as
/// checking the text once or twice more. Returns the positions of the findings whose fix would have been applied at this level.
pub fn withhold_bad_fixes(
    name: &str,
    text: &str,
    findings: &mut [Finding],
    options: &Options<'_>,
    level: Applicability,
) -> Vec<usize> {
    let trial = Trial { name, text, options, before: OnceCell::new() };
    let mut withheld = trial.bad(findings, Applicability::Safe);
    for index in &withheld {
        findings[*index]
            .fixes
            .iter_mut()
            .for_each(|fix| fix.applicability = fix.applicability.max(Applicability::Unsafe));
    }
    if level >= Applicability::Unsafe {
        // Those that were downgraded may yet be applied.
        withheld = trial.bad(findings, Applicability::Unsafe);
        for index in &withheld {
            findings[*index].fixes.retain(|fix| fix.applicability != Applicability::Unsafe);
        }
    }
    withheld
}

/// A text to try fixes in.
struct Trial<'a> {
    name: &'a str,
    text: &'a str,
    options: &'a Options<'a>,
    before: OnceCell<(FindingCounts, Vec<String>)>,
}

impl Trial<'_> {
    /// Returns the indices of the findings whose first fix has this level and does not keep its promise.
    fn bad(&self, findings: &[Finding], level: Applicability) -> Vec<usize> {
        let tried: Vec<usize> = (0..findings.len()).filter(|index| is_tried(&findings[*index], level)).collect();
        if tried.is_empty() {
            return tried;
        }
        // All at once first: usually all of them are good. A fix that is good only beside another is applied in the round after it.
        let cost = self.text.len().saturating_mul(tried.len());
        let all: Vec<Finding> = tried.iter().map(|index| findings[*index].clone()).collect();
        if self.keep_promise(&all, level) && (tried.len() == 1 || cost > BUDGET_ALONE) {
            return Vec::new();
        }
        let affordable = cost <= BUDGET;
        let is_bad = |index: &usize| !affordable || !self.keep_promise(std::slice::from_ref(&findings[*index]), level);
        tried.into_iter().filter(is_bad).collect()
    }

    fn keep_promise(&self, fixed: &[Finding], level: Applicability) -> bool {
        let known = |text: &str| {
            let examined = [examine(self.name, text, self.options)];
            let extensions = examined[0].tree.as_deref().map(taken_over).unwrap_or_default();
            // What only the other texts can tell is left out: they are not here.
            let report = conclude(&examined, &[], self.options).pop();
            let mut findings = report.map(|report| report.findings).unwrap_or_default();
            findings.retain(|finding| !finding.rule.id.starts_with("reference/"));
            (counts(&findings), extensions)
        };
        let (before, extensions) = self.before.get_or_init(|| known(self.text));
        apply(self.text, fixed, level).is_some_and(|(after, _)| {
            let (after, extensions_after) = known(&after);
            improves(before, &after, fixed) && (level > Applicability::Safe || *extensions == extensions_after)
        })
    }
}

/// Returns the texts of the values that extensions take over by aliases.
fn taken_over(tree: &Tree) -> Vec<String> {
    if tree.anchors().is_empty() {
        return Vec::new();
    }
    let mut texts = Vec::new();
    let mut seen: FxHashSet<NodeId> = FxHashSet::default();
    // Pairs of a node, and whether it is in an extension.
    let mut open: Vec<(NodeId, bool)> =
        tree.documents().iter().filter_map(|document| document.root).map(|root| (root, false)).collect();
    while let Some((node, is_extension)) = open.pop() {
        let target = tree.resolve(node);
        if target != node {
            // What an alias stands for is visited where it is defined.
            if !is_extension || !seen.insert(target) {
                continue;
            }
            texts.push(tree.source().slice(tree.span(target)).to_owned());
        }
        open.extend(tree.items(target).iter().map(|item| (*item, is_extension)));
        let own = tree.all_entries(target).iter().filter(|entry| entry.kind != EntryKind::Merged);
        open.extend(own.map(|entry| (entry.value, is_extension || tree.key_name(entry.key).starts_with("x-"))));
    }
    texts
}

/// Returns whether a fix is tried. A document with repaired syntax is read for the first time, so new findings are expected there.
fn is_tried(finding: &Finding, level: Applicability) -> bool {
    let first = finding.fixes.iter().find(|fix| fix.applicability <= level);
    *finding.rule != *YAML_SYNTAX && first.is_some_and(|fix| fix.applicability == level)
}

/// The number of findings of each rule and message, and their severity.
type FindingCounts = BTreeMap<(&'static str, String), (usize, Severity)>;

fn counts(findings: &[Finding]) -> FindingCounts {
    let mut counts = FindingCounts::new();
    for finding in findings {
        let entry = counts.entry((finding.rule.id, finding.message.clone())).or_insert((0, finding.severity));
        *entry = (entry.0 + 1, entry.1.max(finding.severity));
    }
    counts
}

/// Returns whether the fixed findings are gone, and no new one is at least as severe as the mildest of them. Findings about other documents
/// are not considered.
fn improves(before: &FindingCounts, after: &FindingCounts, fixed: &[Finding]) -> bool {
    let Some(mildest) = fixed.iter().map(|finding| finding.severity).min() else { return false };
    let count = |counts: &FindingCounts, key: &(&'static str, String)| counts.get(key).map_or(0, |(count, _)| *count);
    let fixed = counts(fixed);
    let is_gone = |key| count(after, key) <= count(before, key).saturating_sub(count(&fixed, key));
    fixed.keys().all(is_gone)
        && after.iter().all(|(key, (now, severity))| *now <= count(before, key) || *severity < mildest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::lint_text;

    #[test]
    fn what_an_extension_takes_over_is_not_changed_without_review() {
        let dataset = |extension: &str| {
            format!(
                "kind: dataset\nmlSpecVersion: 0.1.0\nid: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11\nname: loans\nstate: Active\nversion: 1.0.0\n\
                 location: &place {{data_store: lake, RelativePath: a.csv}}\n{extension}"
            )
        };
        let options = Options::default();
        for (extension, is_safe) in [
            ("x-copy: *place\n", false),
            ("x-copy: {of: [*place]}\n", false),
            ("x-copy: {<<: *place}\n", false),
            ("views: [{name: all, x-of: *place}]\n", false),
            ("x-copy: {data_store: lake}\n", true),
        ] {
            let text = dataset(extension);
            let mut findings = lint_text("a.yml", &text, &options).findings;
            withhold_bad_fixes("a.yml", &text, &mut findings, &options, Applicability::Safe);
            let finding = findings.iter().find(|finding| finding.rule.id == "document/field-spelling");
            let level = finding.and_then(|finding| finding.fixes.first()).map(|fix| fix.applicability);
            let expected = if is_safe { Applicability::Safe } else { Applicability::Unsafe };
            assert_eq!(level, Some(expected), "{text}{findings:#?}");
        }
    }
}
