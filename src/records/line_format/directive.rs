//! What directives of formats mean: which field of a record they hold, and how it is written.

use super::conversion::{FieldForm, TimeForm};
use super::record_field::RecordField;

/// What a directive is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Directive {
    /// The field that it holds, and how.
    pub holds: Option<(RecordField, FieldForm)>,
    /// Whether its values have no blanks.
    pub is_word: bool,
}

impl Directive {
    /// A directive that holds no field of a record.
    pub fn other(is_word: bool) -> Self {
        Self { holds: None, is_word }
    }

    pub fn of(field: RecordField, form: FieldForm) -> Self {
        let is_word = matches!(form, FieldForm::Number { .. } | FieldForm::Code | FieldForm::Count);
        Self { holds: Some((field, form)), is_word }
    }
}

/// The greatest power of ten by which units differ: seconds and milliseconds, milliseconds and microseconds.
const THOUSAND: i8 = 3;

/// A number of milliseconds.
pub(super) const MILLISECONDS: FieldForm = FieldForm::Number { shift: 0 };
/// A number of seconds, for a field in milliseconds.
pub(super) const SECONDS: FieldForm = FieldForm::Number { shift: THOUSAND };
/// A number of microseconds, for a field in milliseconds.
pub(super) const MICROSECONDS: FieldForm = FieldForm::Number { shift: -THOUSAND };

/// Names of headers, notes, variables and W3C fields that hold a field of a record, without `x-`, with `-` between words.
const NAMES: &[(&str, RecordField, FieldForm)] = &[
    ("app-id", RecordField::ApplicationId, FieldForm::Text),
    ("application-id", RecordField::ApplicationId, FieldForm::Text),
    ("correlation-id", RecordField::RequestId, FieldForm::Text),
    ("dataset-digest", RecordField::DatasetDigest, FieldForm::Text),
    ("edge-request-id", RecordField::RequestId, FieldForm::Text),
    ("features-digest", RecordField::FeaturesDigest, FieldForm::Text),
    ("inference-latency-ms", RecordField::InferenceLatencyMs, MILLISECONDS),
    ("inference-service-id", RecordField::InferenceServiceId, FieldForm::Text),
    ("model-digest", RecordField::ModelDigest, FieldForm::Text),
    ("model-id", RecordField::ModelId, FieldForm::Text),
    ("pipeline", RecordField::Pipeline, FieldForm::Text),
    ("pipeline-digest", RecordField::PipelineDigest, FieldForm::Text),
    ("pipeline-version", RecordField::PipelineVersion, FieldForm::Text),
    ("prediction", RecordField::Prediction, FieldForm::Scalar),
    ("request-id", RecordField::RequestId, FieldForm::Text),
    ("request-latency-ms", RecordField::RequestLatencyMs, MILLISECONDS),
    ("unique-id", RecordField::RequestId, FieldForm::Text),
    ("user-id", RecordField::UserId, FieldForm::Text),
];

/// Returns the field that a header, a note or a variable of this name holds, in any case, with `x-` or without.
pub(super) fn by_name(name: &str) -> Directive {
    let name = name.to_ascii_lowercase().replace('_', "-");
    let name = name.strip_prefix("x-").unwrap_or(&name);
    let found = NAMES.iter().find(|(own, ..)| *own == name);
    found.map_or(Directive::other(false), |(_, field, form)| Directive::of(*field, form.clone()))
}

/// Returns what `%{…}t` of Apache holds.
pub(super) fn time(argument: &str) -> FieldForm {
    let argument = argument.strip_prefix("begin:").or_else(|| argument.strip_prefix("end:")).unwrap_or(argument);
    FieldForm::Time(match argument {
        "" => TimeForm::Common,
        "sec" => TimeForm::Unix { shift: 0 },
        "msec" => TimeForm::Unix { shift: -THOUSAND },
        "usec" => TimeForm::Unix { shift: -2 * THOUSAND },
        format => TimeForm::Strftime(format.into()),
    })
}
