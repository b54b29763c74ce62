//! `objective/language`

use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::declare_rule;

declare_rule! {
    /// Objectives must declare the version of the language that they are written in.
    ///
    /// `language` pins what the lines of a document mean, so that a later version of the tool judges an old document as it was meant. A
    /// document that declares nothing is written in `mlspec-objectives/1`. Single slices, bounds that differ by slice, means over slices,
    /// several metrics at once and other forms came with `mlspec-objectives/2`; what is asked of the records of logs came with
    /// `mlspec-objectives/3`.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// language: mlspec-objectives/1
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback where region = 'north'
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// language: mlspec-objectives/2
    /// objectives:
    ///   - id: recall-floor
    ///     why: below this, losses exceed the reserve for the year
    ///     expect: recall >= 65% on holdback where region = 'north'
    /// ```
    ///
    /// ## Fix
    /// `check --fix --unsafe-fixes` declares the version that the line is written in. Everything that the first version allows means the same in the later ones,
    /// except that `difference(…)` and `ratio(…)` have a confidence interval there.
    pub LANGUAGE = {
        id: "objective/language",
        severity: Error,
        since: "0.1.0",
        fix: Unsafe,
        source: "spec/objectives.md: the grammar of mlspec-objectives/2",
        kinds: [Objectives],
        check: Diagnostic(DiagnosticKind::Language),
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::{Options, lint_text};
    use crate::rules::objective::testing::changed;

    /// Asserts that the rule reports a text, and returns the text after the fix.
    #[track_caller]
    fn fixed(text: &str) -> String {
        let report = lint_text("a.yml", text, &Options::default());
        let [finding] = report.findings.as_slice() else { panic!("{:#?}", report.findings) };
        assert_eq!(finding.rule.id, "objective/language");
        let mut text = text.to_owned();
        finding.fixes[0].edits.iter().rev().for_each(|edit| text.replace_range(edit.span.range(), &edit.text));
        text
    }

    #[test]
    fn the_version_is_declared_where_it_is_or_should_be() {
        let newer = ("recall >= 60% on live", "recall >= 60% on live where region = 'north'");
        let declared = ("objectives:\n", "language: mlspec-objectives/1 # pinned\nobjectives:\n");
        let after = fixed(&changed(&[newer, declared]));
        assert!(after.contains("language: mlspec-objectives/2 # pinned"), "{after}");
        let after = fixed(&changed(&[newer]));
        assert!(after.starts_with("language: mlspec-objectives/2\n"), "{after}");
        for text in [after, changed(&[newer, declared]).replace("objectives/1", "objectives/2")] {
            assert!(lint_text("a.yml", &text, &Options::default()).findings.is_empty(), "{text}");
        }
    }

    #[test]
    fn sections_of_the_second_version_say_so_too() {
        let bounds = "definitions: {floor: {bounds: {by: region, north: 0.5, else: 0.6}}}\nobjectives:\n";
        let text = changed(&[("objectives:\n", bounds), ("recall >= 60% on live", "recall >= 60% on live")]);
        let report = lint_text("a.yml", &text, &Options::default());
        assert!(report.findings.iter().any(|own| own.rule.id == "objective/language"), "{:#?}", report.findings);
    }
}
