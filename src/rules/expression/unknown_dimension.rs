//! `expression/unknown-dimension`

use crate::objectives::fault::Check;
use crate::rules::declare_rule;

declare_rule! {
    /// A dimension in an objective must be declared, where any are.
    ///
    /// A misspelt dimension has no slices, and a condition for each of no slices protects nobody. Documents that declare their `dimensions`
    /// also say which values must have been observed, so that a group that is missing from the data is noticed.
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
    /// dimensions:
    ///   age_group: {values: [under-30, 30-to-60, over-60]}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    ///   - id: same-for-all-ages
    ///     why: fair lending policy, section 2
    ///     expect: difference(recall across agegroup with at least 500 examples) <= 8pp on holdback
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
    /// dimensions:
    ///   age_group: {values: [under-30, 30-to-60, over-60]}
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    ///   - id: same-for-all-ages
    ///     why: fair lending policy, section 2
    ///     expect: difference(recall across age_group with at least 500 examples) <= 8pp on holdback
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` writes the declared dimension whose name is nearest, where one is near.
    pub UNKNOWN_DIMENSION = {
        id: "expression/unknown-dimension",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(Check::UnknownDimension),
    }
}
