//! `expression/notation`

use crate::objectives::fault::Check;
use crate::rules::declare_rule;

declare_rule! {
    /// Signs and words of other languages must be written as the objectives language writes them.
    ///
    /// `=`, `≥`, `&&`, `AND` and `92 %` are understood, and what they mean is clear. Still there is one spelling only, so that
    /// reviewers compare what is demanded and not how it is written, and so that a search for `>=` finds every floor.
    ///
    /// ## Fails
    /// ```yaml
    /// mlSpecVersion: 0.1.0
    /// kind: objectives
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: credit-default-launch
    /// model: credit-default
    /// owner: risk-ml@contoso.com
    /// datasets:
    ///   holdback: {dataset: credit-holdback@1.0.0, stage: test}
    ///   live: {stage: monitoring}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall ≥ 65 % on holdback
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// mlSpecVersion: 0.1.0
    /// kind: objectives
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: credit-default-launch
    /// model: credit-default
    /// owner: risk-ml@contoso.com
    /// datasets:
    ///   holdback: {dataset: credit-holdback@1.0.0, stage: test}
    ///   live: {stage: monitoring}
    /// metrics:
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ```
    ///
    /// ## Fix
    /// `--fix` writes them so.
    pub NOTATION = {
        id: "expression/notation",
        severity: Error,
        since: "0.1.0",
        fix: Safe,
        source: "spec/objectives.md: the grammar of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(Check::Notation),
    }
}
