//! `expression/window-not-monitoring`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// Only monitored data can be judged over a period of time.
    ///
    /// An evaluation and a test measure a model once, on data that does not change, so `over last 7 days` selects either nothing or
    /// everything there. Data that is measured repeatedly is declared with `stage: monitoring`.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback over last 7 days
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-live
    ///     why: a fall in production shows that the applicants have changed
    ///     severity: advisory
    ///     expect: recall >= 60% on live over last 7 days
    /// ```
    pub WINDOW_NOT_MONITORING = {
        id: "expression/window-not-monitoring",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 12: monitoring of the deployed model",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::WindowNotMonitoring),
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
