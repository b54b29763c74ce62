//! The reasons why a value or claim is unknown.

use super::index::{CANDIDATE, RecordId, SourceId};
use super::slices::{ALL_DATA, SliceId};
use crate::objectives::hir::{DatasetId, MetricId};
use crate::objectives::log::{Enclosure, LogDoubt};
use crate::objectives::verdict::ReasonCode;

/// Why a value is unknown, and where. The wording is created when it is reported.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unknown<'a> {
    pub what: What<'a>,
    /// The metric that is affected, if there is one.
    pub metric: Option<MetricId>,
    pub field: Option<&'a str>,
    pub source: SourceId,
    pub dataset: Option<DatasetId>,
    pub slice: SliceId,
}

/// The reasons why something is unknown.
#[derive(Clone, Copy, Debug)]
pub(super) enum What<'a> {
    /// There is no record.
    NotReported,
    /// There is a record, but it lacks the declared field.
    NoField,
    /// A value that is not a finite number, as it is written.
    NotFinite(&'a str),
    /// A number with too many digits to compute with.
    TooLong,
    /// A list or object instead of a number.
    NotOneNumber,
    /// A number instead of a list.
    NotAList,
    /// A list without items.
    Empty,
    /// The standard deviation of fewer than two numbers.
    TooFewValues,
    /// Records of several datasets.
    SeveralDatasets,
    /// Records that differ.
    SeveralValues,
    /// A record of this training step beside others of a later one.
    SeveralSteps(i64, i64),
    /// The unit of the record has another dimension than the declared one, or than the bound.
    WrongUnit,
    /// The baseline or run does not exist.
    NoReference,
    /// There are fewer runs than required.
    TooFewRuns,
    /// Several runs have that name.
    SeveralReferences,
    /// Which run came last is not known.
    UnorderedRuns,
    /// A division by zero.
    ZeroDivisor,
    /// A ratio with a negative operand.
    NegativeRatio,
    /// A change relative to zero.
    ZeroReference,
    /// The reference of a change was measured on other data.
    OtherData,
    /// The number of examples, and the least number that is needed.
    TooFewExamples(u64, u64),
    /// The number of examples is not reported; the least number that is needed.
    NoCount(u64),
    /// The number of slices, and the least number that is needed.
    TooFewSlices(u64, u64),
    /// Monitored data ends before the newest record, and no date was given.
    NoDay,
    /// A record is older than permitted.
    TooOld,
    /// A record is from after the date of the verdict.
    TooNew,
    /// A value is impossible for the metric, in the record with this number.
    OutOfRange(RecordId),
    /// An interval is impossible for the metric, or for its value.
    ImpossibleInterval,
    /// An interval that is too narrow for so many examples.
    NarrowInterval(Option<u64>),
    /// Slices have more examples than all of the data.
    MoreThanAll,
    /// A dimension, and a declared value that no slice has.
    UnseenValue(&'a str, &'a str),
    /// A combination of declared values that no slice has, by its number among the missing ones.
    UnseenCombination(usize),
    /// A dimension, and a value that is reported but not declared.
    UndeclaredValue(&'a str, &'a str),
    /// The slice that the others are compared with does not exist.
    NoSlice(&'a str),
    /// All slices are too small, and left out.
    AllLeftOut,
    /// A confidence is required, but the value is derived from several numbers.
    Derived,
    /// A confidence is required, but there is neither an interval of that level nor a number of examples.
    NoInterval,
    /// As before: Wilson's interval only applies to proportions, and the metric is not declared to be one.
    NotAProportion,
    /// A paired confidence is required, but the record does not contain the pairs.
    NoPairs,
    /// The logged pairs do not agree with the values.
    OtherPairs,
    /// A ratio of slices so small that it has no bound.
    NoRatioBound,
    /// A weight below 0.
    NegativeWeight,
    /// The interval contains the threshold.
    Straddles,
    /// The rate of an error is not between 0 and 1.
    NotARate,
    /// The rates of all errors add up to more than all examples.
    MoreErrorsThanExamples,
    /// A definition without a value.
    NoDefinition,
    /// A bound by the values of a dimension, in a slice without one of them.
    NoBound(&'a str),
    /// A value of a log that cannot be believed.
    Doubtful(&'a LogDoubt),
    /// A value of a log of which only the bounds are certain, in the unit of its record.
    Between(&'a Enclosure),
    /// A function that logs do not answer: of the order of records.
    NotOfLogs,
}

impl Unknown<'_> {
    /// Returns whether the reason is that the evidence is impossible, or contradicts itself.
    pub(super) fn is_of_impossible_evidence(&self) -> bool {
        matches!(
            self.what,
            What::OutOfRange(_)
                | What::NotARate
                | What::MoreErrorsThanExamples
                | What::ImpossibleInterval
                | What::NarrowInterval(_)
                | What::MoreThanAll
                | What::OtherPairs
                | What::WrongUnit
                | What::SeveralValues
                | What::SeveralSteps(..)
                | What::TooNew
                | What::Doubtful(LogDoubt { is_impossible: true, .. })
        )
    }

    /// Returns the reason code for the verdict.
    pub(super) fn reason(&self) -> ReasonCode {
        match self.what {
            What::NotReported | What::NoField if self.source != CANDIDATE => ReasonCode::MissingBaseline,
            What::NotReported | What::NoField if self.slice != ALL_DATA => ReasonCode::MissingSlice,
            What::NotReported | What::NoField | What::NoDefinition => ReasonCode::MissingMetric,
            What::NoReference | What::TooFewRuns => ReasonCode::MissingBaseline,
            What::Doubtful(_) => ReasonCode::DoubtfulLog,
            What::Between(_) | What::NotOfLogs => ReasonCode::NotEnoughEvidence,
            What::NotFinite(_)
            | What::TooLong
            | What::NotOneNumber
            | What::NotAList
            | What::Empty
            | What::TooFewValues => ReasonCode::NotFinite,
            What::SeveralDatasets
            | What::SeveralValues
            | What::SeveralSteps(..)
            | What::SeveralReferences
            | What::UnorderedRuns => ReasonCode::Ambiguous,
            What::WrongUnit => ReasonCode::UnitError,
            What::ZeroDivisor | What::NegativeRatio | What::NegativeWeight => ReasonCode::UndefinedRatio,
            What::ZeroReference => ReasonCode::UndefinedRelativeChange,
            What::OtherData => ReasonCode::MissingBaseline,
            What::TooFewExamples(..) | What::NoCount(_) => ReasonCode::TooFewExamples,
            What::TooOld | What::NoDay => ReasonCode::TooOld,
            What::TooNew => ReasonCode::TooNew,
            What::OutOfRange(_) | What::NotARate | What::MoreErrorsThanExamples => ReasonCode::OutOfRange,
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
