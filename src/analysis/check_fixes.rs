//! Safe fixes are tried before they are called safe.
//!
//! A fix can bring to light what its fault had hidden: a renamed key has a value of the wrong type, a quoted number is no UUID. "Applying
//! a safe fix removes its finding, adds none": one that adds some is left to a person.

use std::collections::BTreeMap;

use crate::analysis::apply;
use crate::diagnostics::{Applicability, Finding};
use crate::rules::document::yaml_syntax::YAML_SYNTAX;

/// Bytes of text that may be checked again in order to try fixes one by one.
const BUDGET: usize = 64 << 20;

/// Makes every safe fix unsafe that does not remove its finding or adds another. `find` gives the findings of a changed text.
pub(super) fn safe_fixes(text: &str, findings: &mut [Finding], find: impl Fn(&str) -> Vec<Finding>) {
    let tried: Vec<usize> = (0..findings.len()).filter(|index| is_tried(&findings[*index])).collect();
    if tried.is_empty() {
        return;
    }
    let before = counts(findings);
    let keeps_promise = |findings: &[Finding]| {
        apply(text, findings, Applicability::Safe)
            .is_some_and(|(fixed, _)| improves(&before, &counts(&find(&fixed)), findings))
    };
    // All at once first: most often all of them are what they say.
    let all: Vec<Finding> = tried.iter().map(|index| findings[*index].clone()).collect();
    if keeps_promise(&all) {
        return;
    }
    let affordable = text.len().saturating_mul(tried.len()) <= BUDGET;
    for index in tried {
        if !affordable || !keeps_promise(std::slice::from_ref(&findings[index])) {
            for fix in &mut findings[index].fixes {
                fix.applicability = Applicability::Unsafe;
            }
        }
    }
}

/// A repaired document is read for the first time, so it may well have findings.
fn is_tried(finding: &Finding) -> bool {
    *finding.rule != *YAML_SYNTAX && finding.fixes.iter().any(|fix| fix.applicability == Applicability::Safe)
}

type Counts = BTreeMap<(&'static str, String), usize>;

fn counts(findings: &[Finding]) -> Counts {
    let mut counts = Counts::new();
    for finding in findings {
        *counts.entry((finding.rule.id, finding.message.clone())).or_default() += 1;
    }
    counts
}

/// Whether the fixed findings are gone and no other has come.
fn improves(before: &Counts, after: &Counts, fixed: &[Finding]) -> bool {
    let fixed = counts(fixed);
    let allowed = |key| before.get(key).copied().unwrap_or(0) - fixed.get(key).copied().unwrap_or(0);
    after.iter().all(|(key, count)| *count <= allowed(key))
}
