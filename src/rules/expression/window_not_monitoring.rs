//! `expression/window-not-monitoring`

use crate::objectives::fault::Check;
use crate::rules::declare_rule;

declare_rule! {
    /// Only monitored data can be judged over a length of time.
    ///
    /// Evaluation and test measure a model once, on data that does not change, so `over last 7 days` picks nothing there or everything. What
    /// is measured again and again is declared with `stage: monitoring`.
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
    ///     expect: recall >= 65% on holdback over last 7 days
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
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live over last 7 days
    /// tests:
    ///   - {name: blocks a weak model, given: fixtures/weak.yml, gate: fail, fails: [recall-floor]}
    /// rollback: {to: production-2026-05}
    /// ```
    pub WINDOW_NOT_MONITORING = {
        id: "expression/window-not-monitoring",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 12: monitoring of the deployed model",
        kinds: [Objectives],
        check: Diagnostic(Check::WindowNotMonitoring),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::assert_expecting;

    #[test]
    fn a_window_on_monitored_data_is_fine() {
        assert_expecting("recall >= 50% on live over last 2 days", &[]);
        let window = "over last 2 days";
        assert_expecting(
            &format!("recall >= 70% on holdback {window}"),
            &[("expression/window-not-monitoring", window)],
        );
    }
}
