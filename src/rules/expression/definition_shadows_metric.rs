//! `expression/definition-shadows-metric`

use rustc_hash::FxHashMap;

use crate::documents::Document;
use crate::objectives::diagnostic::DiagnosticKind;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// A definition must not have the name of a metric.
    ///
    /// A reviewer who reads `recall` thinks of the recall that was logged. If a definition of that name computes another number from a
    /// confusion matrix, the two will differ one day, and it is hard to see which of them the gate used.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// metrics:
    ///   confusion_matrix: {type: object, unit: count, fields: [true_positive, false_negative]}
    /// definitions:
    ///   recall: confusion_matrix.true_positive / (confusion_matrix.true_positive + confusion_matrix.false_negative)
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// metrics:
    ///   confusion_matrix: {type: object, unit: count, fields: [true_positive, false_negative]}
    /// definitions:
    ///   counted_recall: confusion_matrix.true_positive / (confusion_matrix.true_positive + confusion_matrix.false_negative)
    /// objectives:
    ///   - id: recall-counted
    ///     why: the two ways to compute it must agree
    ///     expect: counted_recall within 1pp of recall on holdback
    /// ```
    pub DEFINITION_SHADOWS_METRIC = {
        id: "expression/definition-shadows-metric",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Typed(check),
    }
}

fn check(_: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(policy) = cx.policy() else { return };
    let metrics: FxHashMap<&str, _> = policy.metrics.iter().map(|own| (own.name.as_str(), own.node)).collect();
    for fault in cx.faults().iter().filter(|fault| fault.check == DiagnosticKind::DefinitionShadowsMetric) {
        let finding = cx.at_key(&DEFINITION_SHADOWS_METRIC, fault.node, &fault.message).help("give it another name");
        let metric = cx.tree.key_of(fault.node).and_then(|key| *metrics.get(cx.tree.key_name(key))?);
        let key = metric.and_then(|metric| cx.tree.key_of(metric));
        out.push(match key {
            Some(key) => finding.related(cx.tree.span(key), "the metric"),
            None => finding,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::changed;
    use crate::rules::testing::assert_found;

    #[test]
    fn the_finding_is_at_the_name_of_the_definition() {
        let definitions = "definitions: {recall: 1 - recall_live}\nobjectives:\n";
        let text =
            changed(&[("metrics:\n", "metrics:\n  recall_live: {unit: fraction}\n"), ("objectives:\n", definitions)]);
        assert_found(&text, &[("expression/definition-shadows-metric", "recall")]);
    }
}
