//! The fields of a record, and what the recogniser demands of the value of each. `tests/it/records.rs` goes through the published schema and
//! fails if a field has no row.

use FieldDemand::{
    Application, Boolean, Digest, Explanation, Features, Feedback, Free, InferenceLatency, Kind, Metadata, Model,
    Models, Names, Newer, Outcome, RecordSection as In, Reference, RequestId, RequestLatency, Size, StatusCode, Text,
    Texts, Time, Tree, User, Values, Version,
};

/// A part of a record whose keys are fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordSection {
    /// The record itself.
    Top,
    /// `applicationInfo`
    Application,
    /// `requestInfo`
    Request,
    /// `resultInfo`
    Result,
    /// `modelInfo`
    Model,
    /// `inputs`
    Inputs,
    /// `prediction`, if it is a mapping
    Prediction,
    /// `provenance`
    Provenance,
}

/// What the recogniser demands of a field to be sure of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldDemand {
    /// A known version of the specification.
    Version,
    /// The name of a kind of records.
    Kind,
    /// A mapping with fields of its own, or null.
    RecordSection(RecordSection),
    /// The id of the request, once in a record.
    RequestId,
    /// The time of the request, in UTC, once in a record.
    Time,
    /// A number that is not negative, or null; once in a record.
    RequestLatency,
    /// Likewise, and not greater than the latency of the request.
    InferenceLatency,
    /// The id of the application, once in a record.
    Application,
    /// The model, if nothing else in the record names one.
    Model,
    /// A list of models, likewise.
    Models,
    /// A text that is a statement.
    Text,
    /// A list of such texts.
    Texts,
    /// The id of a user, which is no address.
    User,
    /// A reference to a document of the workspace.
    Reference,
    /// A digest in its canonical form.
    Digest,
    /// A digest that came with the newest version of the specification.
    Newer,
    /// A map from the names of features to texts.
    Features,
    /// The names of features, as many as there are values.
    Names,
    /// The values of features, none of them a list.
    Values,
    /// Any data.
    Free,
    /// A map of statements with free keys, which came with the newest version of the specification.
    Metadata,
    /// A scalar, or a mapping with the data of a prediction.
    Outcome,
    /// `true` or `false`.
    Boolean,
    /// A map from names to numbers.
    Explanation,
    /// A number from 0 to 1, or null.
    Feedback,
    /// Digits, or a text.
    StatusCode,
    /// A number of bytes.
    Size,
    /// Nothing: a record with this field is left to the tree.
    Tree,
}

/// Returns the fields of a section, in the order in which they are usually written.
#[must_use]
pub const fn fields_of(section: RecordSection) -> &'static [(&'static str, FieldDemand)] {
    match section {
        RecordSection::Top => &[
            ("mlSpecVersion", Version),
            ("kind", Kind),
            ("applicationInfo", In(RecordSection::Application)),
            ("applicationId", Application),
            ("requestInfo", In(RecordSection::Request)),
            ("requestId", RequestId),
            ("requestTimestamp", Time),
            ("requestLatencyMs", RequestLatency),
            ("inferenceLatencyMs", InferenceLatency),
            ("modelInfo", In(RecordSection::Model)),
            ("modelId", Model),
            ("resultInfo", In(RecordSection::Result)),
            ("inputs", In(RecordSection::Inputs)),
            ("inputFeatures", Features),
            ("inputType", Text),
            ("groundTruthLabel", Free),
            ("prediction", Outcome),
            ("isFinal", Boolean),
            ("predictionExplanation", Explanation),
            ("predictionFeedback", Feedback),
            ("feedbackActions", Texts),
            ("inferenceServiceId", Text),
            ("userId", User),
            ("provenance", In(RecordSection::Provenance)),
            // Each record of a chain is compared with the one before it.
            ("chain", Tree),
            ("metadata", Metadata),
        ],
        RecordSection::Application => &[("applicationId", Application), ("applicationEndpoint", Text)],
        RecordSection::Request => &[
            ("requestId", RequestId),
            ("requestTimestamp", Time),
            ("requestLatencyMs", RequestLatency),
            ("inferenceLatencyMs", InferenceLatency),
        ],
        RecordSection::Result => &[("resultCode", StatusCode), ("resultSizeInBytes", Size)],
        RecordSection::Model => &[("models", Models)],
        RecordSection::Inputs => &[("featureNames", Names), ("featureValues", Values)],
        RecordSection::Prediction => &[("predictionMimeType", Text), ("predictionData", Free)],
        RecordSection::Provenance => &[
            ("pipeline", Reference),
            ("pipelineVersion", Text),
            ("pipelineDigest", Digest),
            ("datasetDigest", Digest),
            ("featuresDigest", Newer),
            ("modelDigest", Newer),
        ],
    }
}
