//! Fixes are tried before they are applied.
//!
//! A fix can bring to light what its fault had hidden: a renamed key has a value of the wrong type, a quoted number is no UUID. A safe fix
//! removes its finding and adds none that is as severe; one that does not is left to a person.

use std::collections::BTreeMap;

use super::fix_rounds::apply;
use super::{Options, examine};
use crate::diagnostics::{Applicability, Finding, Severity};
use crate::rules::document::yaml_syntax::YAML_SYNTAX;

/// Bytes of text that may be checked again in order to try fixes one by one.
const BUDGET: usize = 64 << 20;

/// Makes every safe fix of the findings of a text unsafe that does not remove its finding, or adds another at least as severe. To be
/// called before fixes are applied or offered as safe: it takes as long as to look at the text once or twice more.
pub fn withhold_bad_fixes(name: &str, text: &str, findings: &mut [Finding], options: &Options<'_>) {
    let tried: Vec<usize> = (0..findings.len()).filter(|index| is_tried(&findings[*index])).collect();
    if tried.is_empty() {
        return;
    }
    let before = counts(&examine(name, text, options).findings.kept);
    let keeps_promise = |fixed: &[Finding]| {
        apply(text, fixed, Applicability::Safe)
            .is_some_and(|(after, _)| improves(&before, &counts(&examine(name, after, options).findings.kept), fixed))
    };
    // All at once first: most often all of them are what they say.
    let all: Vec<Finding> = tried.iter().map(|index| findings[*index].clone()).collect();
    if keeps_promise(&all) {
        return;
    }
    let affordable = text.len().saturating_mul(tried.len()) <= BUDGET;
    for index in tried {
        let Some(finding) = findings.get_mut(index) else { continue };
        if !affordable || !keeps_promise(std::slice::from_ref(finding)) {
            finding.fixes.iter_mut().for_each(|fix| fix.applicability = Applicability::Unsafe);
        }
    }
}

/// A repaired document is read for the first time, so it may well have findings.
fn is_tried(finding: &Finding) -> bool {
    *finding.rule != *YAML_SYNTAX && finding.fixes.iter().any(|fix| fix.applicability == Applicability::Safe)
}

/// How many findings there are of each rule and message, and how severe they are.
type Counts = BTreeMap<(&'static str, String), (usize, Severity)>;

fn counts(findings: &[Finding]) -> Counts {
    let mut counts = Counts::new();
    for finding in findings {
        let entry = counts.entry((finding.rule.id, finding.message.clone())).or_insert((0, finding.severity));
        *entry = (entry.0 + 1, entry.1.max(finding.severity));
    }
    counts
}

/// Whether the fixed findings are gone, and no other has come that is as severe as the mildest of them. Those about other documents are
/// not looked for.
fn improves(before: &Counts, after: &Counts, fixed: &[Finding]) -> bool {
    let Some(mildest) = fixed.iter().map(|finding| finding.severity).min() else { return false };
    let count = |counts: &Counts, key: &(&'static str, String)| counts.get(key).map_or(0, |(count, _)| *count);
    let fixed = counts(fixed);
    let is_gone = |key| count(after, key) <= count(before, key).saturating_sub(count(&fixed, key));
    fixed.keys().all(is_gone)
        && after.iter().all(|(key, (now, severity))| *now <= count(before, key) || *severity < mildest)
}
