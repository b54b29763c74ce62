//! `expression/circular-definition`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// A definition must not depend on itself.
    ///
    /// A definition names a value, and is replaced by it. A definition that refers back to itself, directly or through others, has no
    /// value, so no objective that uses it can be judged. The finding names the whole cycle.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// metrics:
    ///   true_positive: {unit: count}
    /// definitions:
    ///   precision: true_positive / flagged
    ///   flagged: true_positive / precision
    /// objectives:
    ///   - id: precise-enough
    ///     why: people look at every application that is flagged
    ///     expect: precision >= 50% on holdback
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// metrics:
    ///   flagged: {unit: count}
    ///   true_positive: {unit: count}
    /// definitions:
    ///   precision: true_positive / flagged
    /// objectives:
    ///   - id: precise-enough
    ///     why: people look at every application that is flagged
    ///     expect: precision >= 50% on holdback
    /// ```
    pub CIRCULAR_DEFINITION = {
        id: "expression/circular-definition",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::CircularDefinition),
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
