//! `expression/unknown-metric`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// A metric in an expression must be declared under `metrics`.
    ///
    /// The gate looks a metric up by its name among the metrics that a run, an evaluation or a test has logged. A misspelled name is never
    /// found, so the objective can never be met, and the deployment waits for a number that nobody will log. If a document declares no
    /// metrics at all, every name is accepted as one.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recal >= 65% on holdback with at least 1000 examples
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback with at least 1000 examples
    /// ```
    ///
    /// ## Fix
    /// `--unsafe-fixes` writes the metric or definition whose name is most similar, if one is similar enough.
    pub UNKNOWN_METRIC = {
        id: "expression/unknown-metric",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::UnknownMetric),
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::Options;
    use crate::analysis::fix_text;
    use crate::diagnostics::Applicability;
    use crate::rules::objective::testing::{assert_expecting, expecting};
    use crate::rules::testing::assert_found;

    #[test]
    fn names_are_found_in_every_style_and_mended() {
        for (expect, place, mended) in [
            ("precison >= 40% on holdback", "precison", "precision >= 40% on holdback"),
            ("'precison >= 40% on holdback'", "precison", "'precision >= 40% on holdback'"),
            ("\"\\x70recison >= 40% on holdback\"", "\\x70recison", "precision >= 40% on holdback"),
            ("metric('Precision') >= 40% on holdback", "'Precision'", "metric('precision') >= 40% on holdback"),
        ] {
            let text = expecting(expect);
            assert_found(&text, &[("expression/unknown-metric", place)]);
            let fixed = fix_text("a.yml", &text, &Options::default(), Applicability::Unsafe);
            assert!(fixed.text.contains(mended), "{}", fixed.text);
            assert_found(&fixed.text, &[]);
            assert_eq!(fix_text("a.yml", &text, &Options::default(), Applicability::Safe).text, text);
        }
    }

    #[test]
    fn each_unknown_name_is_found_by_itself() {
        let both = [("expression/unknown-metric", "nothing"), ("expression/unknown-metric", "something")];
        assert_expecting("nothing >= 1 on holdback or precision <= something on holdback", &both);
    }

    #[test]
    fn a_malformed_declaration_is_one_fault() {
        let text = expecting("f1 >= 1% on holdback or live_f1 >= 1% on live");
        let text = text.replacen("metrics:\n", "metrics:\n  f1: fraction\n", 1);
        let text = text.replacen("objectives:\n", "definitions:\n  live_f1: [f1]\nobjectives:\n", 1);
        assert_found(&text, &[("document/wrong-type", "fraction"), ("document/wrong-type", "[f1]")]);
    }

    #[test]
    fn without_a_catalogue_every_name_is_a_metric() {
        let text = expecting("nothing >= 1 on holdback");
        let open = text.find("metrics:").zip(text.find("objectives:\n")).unwrap();
        let text = format!("{}{}", &text[..open.0], &text[open.1..]);
        assert_found(&text, &[]);
    }
}
