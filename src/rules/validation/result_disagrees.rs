//! `validation/result-disagrees`

use crate::documents::Document;
use crate::documents::field::List;
use crate::documents::validation::{AnomalySeverity, ValidationResult};
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// The result of a validation must follow from what it found.
    ///
    /// Data with an anomaly that makes it unusable, or with a distance above its threshold, has failed. A result that says `passed`
    /// nevertheless lets it into training, and a `failed` without any cause cannot be corrected by anybody.
    ///
    /// ## Fails
    /// ```yaml base:credit-validation
    /// result: passed
    /// anomalies:
    ///   - {field: purpose, type: unexpected-value, value: boat, count: 14, severity: error}
    /// ```
    ///
    /// ```yaml base:credit-validation
    /// result: passed
    /// drift:
    ///   - {field: income, against: loan-applications@2.9.0, measure: js_divergence, value: 0.12, threshold: 0.1}
    /// ```
    ///
    /// ```yaml base:credit-validation
    /// result: failed
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-validation
    /// result: failed
    /// anomalies:
    ///   - {field: purpose, type: unexpected-value, value: boat, count: 14, severity: error}
    /// ```
    pub RESULT_DISAGREES = {
        id: "validation/result-disagrees",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “Apply validation to the data”",
        kinds: [Validation],
        check: Typed(check),
    }
}

fn check(document: &Document, cx: &Context<'_>, out: &mut Findings<'_>) {
    let Document::Validation(validation) = document else { return };
    let Some((result, node)) = validation.result.located() else { return };
    let anomalies = validation.anomalies.get().into_iter().flat_map(List::iter);
    let errors = anomalies.filter_map(|(_, anomaly)| match anomaly.severity.located()? {
        (AnomalySeverity::Error, node) => Some((node, "an anomaly that makes the data unusable")),
        _ => None,
    });
    let distances =
        [&validation.drift, &validation.skew].into_iter().filter_map(|list| list.get()).flat_map(List::iter);
    let exceeded = distances.filter_map(|(_, distance)| {
        let (value, node) = distance.value.located()?;
        (value > distance.threshold.get()?).then_some((node, "a distance above its threshold"))
    });
    let cause = errors.chain(exceeded).next();
    match (result, cause) {
        (ValidationResult::Passed, Some((cause, what))) => {
            let finding = cx.at_value(&RESULT_DISAGREES, node, format!("the data has not passed: there is {what}"));
            out.push(finding.related(cx.tree.span(cx.tree.resolve(cause)), what));
        }
        (ValidationResult::Failed, None) if is_closed(document, cx) => {
            let message = "nothing that was found makes the data unusable";
            let finding = cx.at_value(&RESULT_DISAGREES, node, message);
            out.push(
                finding.help(
                    "record what made it fail: an anomaly of severity 'error', or a distance above its threshold",
                ),
            );
        }
        _ => {}
    }
}

/// Whether all of what was found could be read, so that nothing else can have made the data fail.
fn is_closed(document: &Document, cx: &Context<'_>) -> bool {
    let Document::Validation(validation) = document else { return false };
    let distances =
        [&validation.drift, &validation.skew].into_iter().filter_map(|list| list.get()).flat_map(List::iter);
    cx.is_complete() && distances.into_iter().all(|(_, distance)| distance.threshold.get().is_some())
}
