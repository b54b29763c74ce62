//! `validation/result-disagrees`

use rustc_hash::FxHashMap;

use crate::documents::Document;
use crate::documents::common::Share;
use crate::documents::data_schema::{DataField, DataSchema};
use crate::documents::field::{List, Optional};
use crate::documents::validation::{AnomalySeverity, DistanceMeasure, MeasuredDistance, Validation, ValidationResult};
use crate::rules::reference::unknown_data_field::schema_of;
use crate::rules::{Context, Findings, Linked, declare_rule};

declare_rule! {
    /// The result of a validation must follow from what it found.
    ///
    /// Data with an anomaly that makes it unusable, or with a distance above its threshold or the limit of its schema, has failed. A
    /// result that says `passed` nevertheless lets it into training, and a `failed` without any cause cannot be corrected by anybody.
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
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(Document::Validation(validation)) = cx.typed() else { return };
    let Some((result, node)) = validation.result.located() else { return };
    let anomalies = validation.anomalies.get().into_iter().flat_map(List::iter);
    let errors = anomalies.filter_map(|(_, anomaly)| match anomaly.severity.located()? {
        (AnomalySeverity::Error, node) => Some((node, "an anomaly that makes the data unusable")),
        _ => None,
    });
    let schema = schema_of(workspace).map(|(schema, _)| (schema, schema.fields_by_name()));
    let distances = [(&validation.drift, true), (&validation.skew, false)].into_iter().flat_map(|(list, is_drift)| {
        list.get().into_iter().flat_map(List::iter).map(move |(_, distance)| (distance, is_drift))
    });
    let exceeded = distances.filter_map(|(distance, is_drift)| {
        let (value, node) = distance.value.located()?;
        if distance.threshold.get().is_some_and(|threshold| value > threshold) {
            return Some((node, "a distance above its threshold"));
        }
        (*value > limit(schema.as_ref()?, distance, is_drift)?)
            .then_some((node, "a distance above the limit of the schema"))
    });
    let cause = errors.chain(exceeded).next();
    match (result, cause) {
        (ValidationResult::Passed, Some((cause, what))) => {
            let finding = cx.at_value(&RESULT_DISAGREES, node, format!("the data has not passed: there is {what}"));
            out.push(finding.related(cx.tree.span(cx.tree.resolve(cause)), what));
        }
        (ValidationResult::Failed, None) if is_closed(validation, cx) => {
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
fn is_closed(validation: &Validation, cx: &Context<'_>) -> bool {
    let distances =
        [&validation.drift, &validation.skew].into_iter().filter_map(|list| list.get()).flat_map(List::iter);
    cx.is_complete() && distances.into_iter().all(|(_, distance)| distance.threshold.get().is_some())
}

/// A schema, and its fields by name.
type SchemaFields<'a> = (&'a DataSchema, FxHashMap<&'a str, &'a DataField>);

/// Returns the greatest distance that a schema allows: of drift, from the dataset that it was made for.
fn limit((schema, fields): &SchemaFields<'_>, distance: &MeasuredDistance, is_drift: bool) -> Option<f64> {
    let name = |reference: &str| reference.split('@').next().map(str::to_lowercase);
    let is_of_other = |made_for: &str| name(made_for) != distance.against.get().and_then(|against| name(against));
    if is_drift && schema.dataset.get().is_some_and(|made_for| is_of_other(made_for)) {
        return None;
    }
    let field = fields.get(&**distance.field.get()?)?;
    let limits = if is_drift { field.drift.get() } else { field.skew.get() }?;
    let share = |limit: &Optional<Share>| limit.get().map(|share| share.get());
    match distance.measure.get()? {
        DistanceMeasure::Linf => share(&limits.linf),
        DistanceMeasure::JsDivergence => share(&limits.js_divergence),
        DistanceMeasure::JsDistance => share(&limits.js_distance),
        DistanceMeasure::Psi => limits.psi.get().copied(),
        DistanceMeasure::Ks => share(&limits.ks),
        DistanceMeasure::Wasserstein => limits.wasserstein.get().copied(),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn the_limit_of_the_schema_holds() {
        let base = include_str!("../bases/credit-schema.yml")
            .replace("version: 1.0.0", "version: 1.0.0\ndataset: train@1.0.0");
        let schema = base.replace("minimum: 0}}", "minimum: 0}, drift: {psi: 0.1}, skew: {linf: 0.03}}");
        let validation = include_str!("../bases/credit-validation.yml");
        for (distance, is_found) in [
            ("drift: [{field: income, against: train@1.0.0, measure: psi, value: 0.4}]", true),
            ("drift: [{field: income, against: train@1.0.0, measure: psi, value: 0.4, threshold: 0.5}]", true),
            ("drift: [{field: income, against: train@1.0.0, measure: psi, value: 0.1}]", false),
            ("drift: [{field: income, against: other@1.0.0, measure: psi, value: 0.4}]", false),
            ("drift: [{field: income, against: train@1.0.0, measure: ks, value: 0.4}]", false),
            ("drift: [{field: purpose, against: train@1.0.0, measure: psi, value: 0.4}]", false),
            ("skew: [{field: income, against: live, measure: linf, value: 0.04}]", true),
        ] {
            let found = found(&format!("{schema}---\n{validation}{distance}\n"));
            let own = found.iter().any(|(rule, ..)| *rule == super::RESULT_DISAGREES.id);
            assert_eq!(own, is_found, "{distance}{found:#?}");
        }
    }
}
