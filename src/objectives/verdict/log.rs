//! What a verdict says of the logs that were read.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The records of all logs together, and how many of them were believed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct JudgedLog {
    /// The monitored dataset that the logs are, by its name in the objectives.
    pub dataset: String,
    /// The number of records.
    pub records: u64,
    /// The number of those that values were computed from: valid, and of an answer.
    pub measured: u64,
    /// The number of records in which `check` finds an error.
    pub invalid: u64,
    /// The number of records of requests alone, which say nothing of an answer.
    pub requests: u64,
    /// The number of records that are there once more, beyond the first of each.
    pub duplicated: u64,
    /// The number of records without a time that can be read; they are in no window.
    pub untimed: u64,
    /// The time of the oldest measured record.
    #[schemars(extend("format" = "date-time"))]
    pub from: Option<String>,
    /// The time of the newest measured record.
    #[schemars(extend("format" = "date-time"))]
    pub to: Option<String>,
    /// The windows that objectives look at.
    pub windows: Vec<JudgedWindow>,
}

/// A window of time that objectives look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct JudgedWindow {
    /// Its length in seconds.
    pub seconds: u64,
    /// Its beginning, to the microsecond.
    #[schemars(extend("format" = "date-time"))]
    pub from: String,
    /// Its end, to the microsecond. A record at which it ends belongs to it.
    #[schemars(extend("format" = "date-time"))]
    pub to: String,
    /// The number of measured records in it.
    pub records: u64,
}
