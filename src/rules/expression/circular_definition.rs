//! `expression/circular-definition`

use crate::objectives::fault::Check;
use crate::rules::declare_rule;

declare_rule! {
    /// A definition must not need itself.
    ///
    /// A definition is a name for a value, and is replaced by what it stands for. One that leads back to itself, directly or through
    /// others, stands for nothing, and no objective that names it can be judged. The finding names the way back.
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
    ///   true_positive: {unit: count}
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// definitions:
    ///   precision: true_positive / flagged
    ///   flagged: true_positive / precision
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    ///   - id: precise-enough
    ///     why: people look at every application that is flagged
    ///     expect: precision >= 50% on holdback
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
    ///   flagged: {unit: count}
    ///   true_positive: {unit: count}
    ///   recall: {unit: fraction, range: [0, 1], better: higher}
    /// definitions:
    ///   precision: true_positive / flagged
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live
    ///   - id: precise-enough
    ///     why: people look at every application that is flagged
    ///     expect: precision >= 50% on holdback
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ```
    pub CIRCULAR_DEFINITION = {
        id: "expression/circular-definition",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(Check::CircularDefinition),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::changed;
    use crate::rules::testing::assert_found;

    #[test]
    fn what_names_a_cycle_is_not_reported_with_it() {
        let definitions = "definitions:\n  a: b\n  b: a + 1\n  c: b\nobjectives:\n";
        let text =
            changed(&[("objectives:\n", definitions), ("recall >= 60% on live", "recall >= 60% on live or c >= 1")]);
        assert_found(&text, &[("expression/circular-definition", "b")]);
    }
}
