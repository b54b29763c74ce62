//! The verdict of the gate, as it is stored and read by machines: "versioned and has a published schema". The structs here define the
//! format: they write it, and its schema is generated from them.
//!
//! Measured and required numbers are decimal strings: a reader that parses JSON numbers as floats would round them.

mod claim;
mod log;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};

pub use log::{JudgedLog, JudgedWindow};

pub use claim::{
    ClaimTruth, JudgedClaim, JudgedComparison, JudgedInterval, LeftOut, Method, ObjectivePart, RecordPlace, Sides,
};

/// The version of the format; it is incremented if a field is removed or changes its meaning.
pub const VERSION: u8 = 1;

/// Returns the JSON Schema of a verdict.
#[must_use]
pub fn json_schema() -> serde_json::Value {
    // The schema describes the output: nullable fields are always present.
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    generator.into_root_schema_for::<Verdict>().into()
}

/// The output of `mlspec-lint gate --format json`: whether a model meets its objectives, and why.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "mlspec-lint verdict")]
pub struct Verdict {
    /// The version of this format.
    #[schemars(extend("const" = VERSION))]
    pub version: u8,
    /// The program that judged.
    pub tool: VerdictTool,
    /// The version of the language of the objectives.
    pub language: String,
    /// Whether the verdict blocks a deployment.
    pub mode: GateMode,
    /// The verdict: the worst of the objectives'.
    pub verdict: GateVerdict,
    /// The day of the verdict, from which waivers and windows are counted. Null if no input has a date.
    #[schemars(extend("format" = "date"))]
    pub as_of: Option<String>,
    /// The instant on that day at which windows end, if it is one: that of the newest record, unless another was given.
    #[schemars(extend("format" = "date-time"))]
    pub instant: Option<String>,
    /// Whether that day or instant was given; otherwise it is that of the newest record.
    pub is_time_given: bool,
    /// The greatest age of evidence, if it was given: a number of days or hours, such as `30d`.
    pub max_age: Option<String>,
    /// The number of objectives with each verdict.
    pub counts: ObjectiveCounts,
    /// The files that were read, in the order in which they were given.
    pub inputs: Vec<Input>,
    /// What was read of logs. It is left out if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<JudgedLog>,
    /// The artifacts to be deployed, if they were named.
    pub subject: Vec<Subject>,
    /// Concerns about the evidence as a whole; the verdict is at best `warn` if there are any.
    pub concerns: Vec<Concern>,
    /// The objectives, in the order of their document.
    pub objectives: Vec<JudgedObjective>,
}

/// A concern about the evidence as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Concern {
    /// The kind of concern.
    pub reason: ConcernReason,
    /// The concern in words.
    pub message: String,
}

/// The kinds of concerns about the evidence as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ConcernReason {
    /// Measurements do not say which file of the model was measured, so nothing ties them to the one that is to be deployed.
    SubjectNotBound,
    /// Another baseline than that of the objectives was given.
    BaselineOverridden,
    /// A rollout of the model file was rolled back, or failed.
    RolledBack,
    /// The newest validation of the data that was measured on failed.
    InvalidData,
    /// A waiver that was used ends more than a year after the day of the verdict.
    LongWaiver,
}

/// The program that judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VerdictTool {
    /// The name of the program.
    pub name: String,
    /// The version of the program, as in semantic versioning.
    pub version: String,
}

impl VerdictTool {
    /// Returns this program.
    #[must_use]
    pub fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// Whether a verdict blocks a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GateMode {
    /// A failed verdict blocks.
    Enforce,
    /// The verdict is only reported.
    DryRun,
}

/// The verdict of the gate, from the best to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum GateVerdict {
    /// Every objective is met.
    Pass,
    /// Every required objective is met or waived, but something falls short.
    Warn,
    /// It cannot be determined whether all required objectives are met.
    Unknown,
    /// A required objective is not met.
    Fail,
}

impl GateVerdict {
    /// Returns the name as it is written in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Unknown => "unknown",
            Self::Fail => "fail",
        }
    }
}

/// The verdict of an objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ObjectiveVerdict {
    /// It is met.
    Pass,
    /// It is met, but its aim is not, or a value that it reads is not a finite number; or it is advisory and not met.
    Warn,
    /// It is unknown whether it is met.
    Unknown,
    /// It is not met.
    Fail,
    /// It is not met, or that is unknown, but a waiver is in force.
    Waived,
}

impl ObjectiveVerdict {
    /// Returns the name as it is written in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Unknown => "unknown",
            Self::Fail => "fail",
            Self::Waived => "waived",
        }
    }
}

/// The number of objectives with each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ObjectiveCounts {
    /// Objectives that are met.
    pub pass: usize,
    /// Objectives that warn.
    pub warn: usize,
    /// Objectives of which it is unknown whether they are met.
    pub unknown: usize,
    /// Objectives that are not met.
    pub fail: usize,
    /// Objectives that are waived.
    pub waived: usize,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// The role of the file.
    pub role: InputRole,
    /// Its path, with `/` between folders.
    pub path: String,
    /// Its digest.
    #[schemars(extend("pattern" = "^[0-9a-f]{64}$"))]
    pub sha256: String,
    /// The positions, from 0, of the documents in it that were read.
    pub documents: Vec<u32>,
}

/// The role of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum InputRole {
    /// The objectives.
    Objectives,
    /// A run of the candidate.
    Run,
    /// An evaluation of the candidate.
    Evaluation,
    /// A test of the candidate on hold-back data.
    Test,
    /// The baseline that changes are measured against.
    Baseline,
    /// Another run.
    History,
    /// A log of the deployed model.
    Log,
    /// The profile of a dataset that logs are compared with.
    Profile,
    /// A dataset that other inputs name, for its name and id.
    Dataset,
    /// Other documents that the inputs name: the model, the runs that measured it, and the artifacts that these produced.
    Context,
}

impl InputRole {
    /// Returns the name as it is written in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Objectives => "objectives",
            Self::Run => "run",
            Self::Evaluation => "evaluation",
            Self::Test => "test",
            Self::Baseline => "baseline",
            Self::History => "history",
            Self::Log => "log",
            Self::Profile => "profile",
            Self::Dataset => "dataset",
            Self::Context => "context",
        }
    }
}

/// An artifact that is to be deployed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// Its name, such as the path of the model.
    pub name: String,
    /// Its digest.
    #[schemars(extend("pattern" = "^[0-9a-f]{64}$"))]
    pub sha256: String,
}

/// An objective and its verdict.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct JudgedObjective {
    /// Its id.
    pub id: String,
    /// Whether the gate fails if it is not met.
    pub severity: JudgedSeverity,
    /// Its verdict.
    pub verdict: ObjectiveVerdict,
    /// Whether a value that it reads is not a finite number.
    pub tainted: bool,
    /// The waiver that was used, if there is one.
    pub waiver: Option<UsedWaiver>,
    /// The place of its condition.
    pub source: ObjectivePlace,
    /// Its condition, in the canonical spelling.
    pub expression: String,
    /// Its stricter condition, in the canonical spelling.
    pub aim: Option<String>,
    /// Why the verdict is not `pass`.
    pub reason: Option<ReasonCode>,
    /// The reason in words, with the values that decide.
    pub message: String,
    /// Each claim of the condition, in each slice.
    pub claims: Vec<JudgedClaim>,
    /// Slices that were left out because they are small.
    pub left_out: Vec<LeftOut>,
}

/// Whether the gate fails if an objective is not met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum JudgedSeverity {
    /// The gate fails.
    Required,
    /// The gate only warns.
    Advisory,
}

/// A decision not to enforce an objective for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UsedWaiver {
    /// The last day on which it is in force.
    #[schemars(extend("format" = "date"))]
    pub until: String,
    /// The person who decided.
    pub by: String,
    /// The reason for the decision.
    pub reason: String,
}

/// A place in a document of objectives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ObjectivePlace {
    /// The file, with `/` between folders.
    pub path: String,
    /// The line, from 1.
    #[schemars(range(min = 1))]
    pub line: u32,
    /// The column, in characters (Unicode scalar values) from 1; a byte order mark does not count.
    #[schemars(range(min = 1))]
    pub column: u32,
    /// The offset of its start in bytes, in the file as it is stored.
    pub start: u32,
    /// The offset of its end in bytes.
    pub end: u32,
}

/// Why an objective does not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReasonCode {
    /// A value is beyond its threshold.
    Threshold,
    /// A value changed too much, or too little.
    Change,
    /// A slice does not meet the condition.
    Slice,
    /// The values of slices are too far apart, or the worst of them is beyond its threshold.
    Fairness,
    /// A metric, or a field of one, is not reported.
    MissingMetric,
    /// The reference of a change is unknown, or does not report the metric.
    MissingBaseline,
    /// A slice is not reported, or there are too few of them.
    MissingSlice,
    /// A value is NaN, infinite, or not a number.
    NotFinite,
    /// Several values could be meant.
    Ambiguous,
    /// A division by zero.
    UndefinedRatio,
    /// A change relative to zero.
    UndefinedRelativeChange,
    /// There are fewer examples than required, or their number is not reported.
    TooFewExamples,
    /// The confidence interval contains the threshold, or there is none.
    NotEnoughEvidence,
    /// A value is in a unit of another dimension.
    UnitError,
    /// A value was measured too long ago.
    TooOld,
    /// A record is from after the date of the verdict.
    TooNew,
    /// A value is impossible for its metric.
    OutOfRange,
    /// A confidence interval is impossible for its value.
    ImpossibleInterval,
    /// Slices have more examples than all of the data.
    ImpossibleCount,
    /// A log cannot be believed: it has invalid records, records that are there several times, or records without a time or value.
    DoubtfulLog,
    /// A waiver is in force.
    Waived,
}

impl ReasonCode {
    /// Returns the name as it is written in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Threshold => "threshold",
            Self::Change => "change",
            Self::Slice => "slice",
            Self::Fairness => "fairness",
            Self::MissingMetric => "missing-metric",
            Self::MissingBaseline => "missing-baseline",
            Self::MissingSlice => "missing-slice",
            Self::NotFinite => "not-finite",
            Self::Ambiguous => "ambiguous",
            Self::UndefinedRatio => "undefined-ratio",
            Self::UndefinedRelativeChange => "undefined-relative-change",
            Self::TooFewExamples => "too-few-examples",
            Self::NotEnoughEvidence => "not-enough-evidence",
            Self::UnitError => "unit-error",
            Self::TooOld => "too-old",
            Self::TooNew => "too-new",
            Self::OutOfRange => "out-of-range",
            Self::ImpossibleInterval => "impossible-interval",
            Self::ImpossibleCount => "impossible-count",
            Self::DoubtfulLog => "doubtful-log",
            Self::Waived => "waived",
        }
    }
}
