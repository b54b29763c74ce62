//! What directives of formats mean: which field of a record they hold, and how it is written.

use super::conversion::{FieldForm, TimeForm};
use super::line_field::LineField;

/// What a directive is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Directive {
    /// The field that it holds, and how.
    pub holds: Option<(LineField, FieldForm)>,
    /// Whether its values have no blanks.
    pub is_word: bool,
}

impl Directive {
    /// A directive that holds no field of a record.
    pub fn other(is_word: bool) -> Self {
        Self { holds: None, is_word }
    }

    pub fn of(field: LineField, form: FieldForm) -> Self {
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
const NAMES: &[(&str, LineField, FieldForm)] = &[
    ("app-id", LineField::ApplicationId, FieldForm::Text),
    ("application-id", LineField::ApplicationId, FieldForm::Text),
    ("correlation-id", LineField::RequestId, FieldForm::Text),
    ("dataset-digest", LineField::DatasetDigest, FieldForm::Text),
    ("edge-request-id", LineField::RequestId, FieldForm::Text),
    ("features-digest", LineField::FeaturesDigest, FieldForm::Text),
    ("inference-latency-ms", LineField::InferenceLatencyMs, MILLISECONDS),
    ("inference-service-id", LineField::InferenceServiceId, FieldForm::Text),
    ("model-digest", LineField::ModelDigest, FieldForm::Text),
    ("model-id", LineField::ModelId, FieldForm::Text),
    ("pipeline", LineField::Pipeline, FieldForm::Text),
    ("pipeline-digest", LineField::PipelineDigest, FieldForm::Text),
    ("pipeline-version", LineField::PipelineVersion, FieldForm::Text),
    ("prediction", LineField::Prediction, FieldForm::Scalar),
    ("request-id", LineField::RequestId, FieldForm::Text),
    ("request-latency-ms", LineField::RequestLatencyMs, MILLISECONDS),
    ("unique-id", LineField::RequestId, FieldForm::Text),
    ("user-id", LineField::UserId, FieldForm::Text),
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
