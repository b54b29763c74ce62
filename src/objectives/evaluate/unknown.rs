//! Why something is not known.

use super::index::{CANDIDATE, RecordId, SourceId};
use super::slices::{ALL_DATA, SliceId};
use crate::objectives::hir::{DatasetId, MetricId};
use crate::objectives::verdict::ReasonCode;

/// Why a value is not known, and where that was found. The words are made when it is reported.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unknown<'a> {
    pub what: What<'a>,
    /// The metric that it is about, if it is about one.
    pub metric: Option<MetricId>,
    pub field: Option<&'a str>,
    pub source: SourceId,
    pub dataset: Option<DatasetId>,
    pub slice: SliceId,
}

/// What is not known.
#[derive(Clone, Copy, Debug)]
pub(super) enum What<'a> {
    /// There is no record.
    NotReported,
    /// There is a record, but not under the declared field.
    NoField,
    /// As it is written.
    NotFinite(&'a str),
    /// A number of more digits than are computed with.
    TooLong,
    /// A list or object in the place of a number.
    NotOneNumber,
    /// A number in the place of a list.
    NotAList,
    /// A list without items.
    Empty,
    /// A spread of fewer than two numbers.
    TooFewValues,
    /// Records of several datasets.
    SeveralDatasets,
    /// Records that differ.
    SeveralValues,
    /// A record of this training step beside others of a later one.
    SeveralSteps(i64, i64),
    /// The record's unit measures something else than the declared one, or than the bound.
    WrongUnit,
    /// No such baseline or run.
    NoReference,
    /// Fewer runs than asked for.
    TooFewRuns,
    /// Several runs of that name.
    SeveralReferences,
    /// A division by zero.
    ZeroDivisor,
    /// A ratio of which a part is negative.
    NegativeRatio,
    /// A change relative to zero.
    ZeroReference,
    /// What a change is measured against was measured on other data.
    OtherData,
    /// So many examples, and so many are needed.
    TooFewExamples(u64, u64),
    /// The number of examples is not reported, and so many are needed.
    NoCount(u64),
    /// So many slices, and so many are needed.
    TooFewSlices(u64, u64),
    /// Monitored data that ends before the newest record, of a day that nobody said.
    NoDay,
    /// A record that is older than it may be.
    TooOld,
    /// A record from after the time that it is judged as of.
    TooNew,
    /// A value that cannot be one of the metric, in the record with this number.
    OutOfRange(RecordId),
    /// An interval that cannot be one of the metric, or of its value.
    ImpossibleInterval,
    /// An interval that is too narrow for so many examples.
    NarrowInterval(Option<u64>),
    /// Slices have more examples than all the data.
    MoreThanAll,
    /// A declared value of a dimension that no slice has.
    UnseenValue(&'a str, &'a str),
    /// A combination of declared values that no slice has, by its number among those that were found missing.
    UnseenCombination(usize),
    /// A value of a dimension that is reported and not declared.
    UndeclaredValue(&'a str, &'a str),
    /// The slice that others are measured against.
    NoSlice(&'a str),
    /// All slices are too small.
    AllLeftOut,
    /// A confidence was asked for, but the value comes from several numbers.
    Derived,
    /// A confidence was asked for, but there is neither an interval of that level nor a number of examples.
    NoInterval,
    /// As before, and Wilson's interval is one of proportions, which the metric is not declared to be.
    NotAProportion,
    /// A paired confidence was asked for, but the record does not say how the pairs came out.
    NoPairs,
    /// The pairs that are logged are not those of the values.
    OtherPairs,
    /// A ratio of slices so small that it has no bound.
    NoRatioBound,
    /// A weight below 0.
    NegativeWeight,
    /// The interval is on both sides of the threshold.
    Straddles,
    /// How often an error happens, which is no share of the examples.
    NotARate,
    /// A definition without a value.
    NoDefinition,
    /// A bound for each value of a dimension, in a slice without one of them.
    NoBound(&'a str),
}

impl Unknown<'_> {
    /// Whether it is not known because what was measured cannot be so, or contradicts itself.
    pub(super) fn is_of_impossible_evidence(&self) -> bool {
        matches!(
            self.what,
            What::OutOfRange(_)
                | What::NotARate
                | What::ImpossibleInterval
                | What::NarrowInterval(_)
                | What::MoreThanAll
                | What::OtherPairs
                | What::WrongUnit
                | What::SeveralValues
                | What::SeveralSteps(..)
                | What::TooNew
        )
    }

    /// The reason as the verdict says it.
    pub(super) fn reason(&self) -> ReasonCode {
        match self.what {
            What::NotReported | What::NoField if self.source != CANDIDATE => ReasonCode::MissingBaseline,
            What::NotReported | What::NoField if self.slice != ALL_DATA => ReasonCode::MissingSlice,
            What::NotReported | What::NoField | What::NoDefinition => ReasonCode::MissingMetric,
            What::NoReference | What::TooFewRuns => ReasonCode::MissingBaseline,
            What::NotFinite(_)
            | What::TooLong
            | What::NotOneNumber
            | What::NotAList
            | What::Empty
            | What::TooFewValues => ReasonCode::NotFinite,
            What::SeveralDatasets | What::SeveralValues | What::SeveralSteps(..) | What::SeveralReferences => {
                ReasonCode::Ambiguous
            }
            What::WrongUnit => ReasonCode::UnitError,
            What::ZeroDivisor | What::NegativeRatio | What::NegativeWeight => ReasonCode::UndefinedRatio,
            What::ZeroReference => ReasonCode::UndefinedRelativeChange,
            What::OtherData => ReasonCode::MissingBaseline,
            What::TooFewExamples(..) | What::NoCount(_) => ReasonCode::TooFewExamples,
            What::TooOld | What::NoDay => ReasonCode::TooOld,
            What::TooNew => ReasonCode::TooNew,
            What::OutOfRange(_) | What::NotARate => ReasonCode::OutOfRange,
            What::ImpossibleInterval | What::NarrowInterval(_) => ReasonCode::ImpossibleInterval,
            What::MoreThanAll | What::OtherPairs => ReasonCode::ImpossibleCount,
            What::TooFewSlices(..)
            | What::UnseenValue(..)
            | What::UnseenCombination(_)
            | What::UndeclaredValue(..)
            | What::NoSlice(_)
            | What::NoBound(_)
            | What::AllLeftOut => ReasonCode::MissingSlice,
            What::Derived
            | What::NoInterval
            | What::NoRatioBound
            | What::NoPairs
            | What::NotAProportion
            | What::Straddles => ReasonCode::NotEnoughEvidence,
        }
    }
}
