//! `validation/failed-data-used`

use crate::documents::roles::ReferenceRole;
use crate::documents::validation::ValidationResult;
use crate::documents::{Document, Kind};
use crate::rules::{Context, Findings, Linked, declare_rule};
use jiff::Timestamp;

declare_rule! {
    /// A pipeline must not read data whose newest validation failed.
    ///
    /// The validation has found that the data is not what models expect of it. A pipeline that reads it anyway trains on it, and nothing
    /// later notices. Correct the data and validate it again: only the newest validation of a dataset counts.
    ///
    /// ## Fails
    /// ```yaml base:credit-validation
    /// result: failed
    /// anomalies:
    ///   - {field: purpose, type: unexpected-value, value: boat, count: 14, severity: error}
    /// ---
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// data: {loans: loan-applications@3.0.0}
    /// steps:
    ///   fit:
    ///     cmd: python src/fit.py
    ///     inputs: {loans: {from: data.loans}}
    ///     outputs: {model: {path: work/model.onnx}}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-validation
    /// result: passed
    /// ---
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// name: train-credit-default
    /// data: {loans: loan-applications@3.0.0}
    /// steps:
    ///   fit:
    ///     cmd: python src/fit.py
    ///     inputs: {loans: {from: data.loans}}
    ///     outputs: {model: {path: work/model.onnx}}
    /// ```
    pub FAILED_DATA_USED = {
        id: "validation/failed-data-used",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 5, “Schema can also be used to prevent bad/drift in incoming data”",
        kinds: [Pipeline],
        check: Workspace(check),
    }
}

/// The maximum number of validations of one dataset that are looked at.
const MOST_LOOKED_AT: usize = 500;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    if workspace.own.is_archived() || !workspace.has_kind(Kind::Validation) {
        return;
    }
    for reference in workspace.own.references.iter().filter(|own| own.role == ReferenceRole::PipelineData) {
        let all = workspace.meaning_the_same(workspace.id, reference, ReferenceRole::RecordedData, Kind::Validation);
        let dated = all.take(MOST_LOOKED_AT).filter_map(|(id, _)| {
            let member = workspace.member(id)?;
            let Document::Validation(validation) = member.typed()? else { return None };
            let on: Timestamp = validation.performed_on.get()?.parse().ok()?;
            Some((on, validation, member))
        });
        let Some((_, newest, member)) = dated.max_by_key(|(on, ..)| *on) else { continue };
        if let Some((ValidationResult::Failed, place)) = newest.result.located() {
            let message = format!("the newest validation of {} failed", cx.shown(reference.node));
            let finding = cx.at_value(&FAILED_DATA_USED, reference.node, message);
            out.push(workspace.relate(finding, member, Some(place), format!("the validation '{}'", member.label())));
        }
    }
}
