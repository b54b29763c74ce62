//! What was measured in the logs of a deployed model: answers to what objectives ask of records. They are computed elsewhere, record by record;
//! here they are what an evaluation's metrics are.

use std::sync::Arc;

use jiff::Timestamp;

use super::measurements::{MeasuredIn, MeasuredOn, Measurements, MetricRecord, Quantity};
use super::number::Exact;
use super::verdict::JudgedLog;
use crate::yaml::NodeId;

/// What the logs of a model say of the metrics of its objectives.
#[derive(Clone, Debug)]
pub struct MeasuredLog {
    /// The monitored dataset that the logs are, by its name in the objectives.
    pub dataset: String,
    /// The answers.
    pub values: Vec<LogValue>,
    /// What the verdict says of the logs.
    pub judged: JudgedLog,
}

/// The value of a metric in a slice of a log, in all of it or in a window.
#[derive(Clone, Debug)]
pub struct LogValue {
    /// The metric, by its name in the policy.
    pub metric: String,
    /// Pairs of dimension and value, in the order of the dimensions.
    pub slice: Vec<(String, String)>,
    /// The window; `None` for the whole log.
    pub window: Option<LogWindow>,
    /// The value, in `unit`.
    pub value: LogQuantity,
    /// The unit of the field; `None` if it has that of the metric's declaration.
    pub unit: Option<&'static str>,
    /// The number of records that the value was computed from.
    pub count: u64,
}

/// A window of time: the records before its end, and not longer before than its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LogWindow {
    /// The length in seconds.
    pub seconds: u64,
    /// The first instant that is too late.
    pub end: Timestamp,
}

/// A value of a metric in a log.
#[derive(Clone, Debug)]
pub enum LogQuantity {
    /// An exact number.
    Exact(Exact),
    /// A number of which only the bounds are certain.
    Between(Enclosure),
    /// What is known of many numbers.
    Sample(LogSample),
    /// A value that cannot be believed.
    Doubtful(LogDoubt),
}

/// A number that lies between two others, both included.
#[derive(Clone, Debug, PartialEq)]
pub struct Enclosure {
    /// About what it is, for people.
    pub estimate: Exact,
    /// The lower bound.
    pub lower: Exact,
    /// The upper bound.
    pub upper: Exact,
}

impl Enclosure {
    /// Returns the enclosure of a number that is known.
    #[must_use]
    pub fn of(number: Exact) -> Self {
        Self { estimate: number.clone(), lower: number.clone(), upper: number }
    }

    /// Returns the number, if it is known.
    #[must_use]
    pub fn exact(&self) -> Option<&Exact> {
        (self.lower == self.upper).then_some(&self.lower)
    }
}

/// What is known of many numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct LogSample {
    /// How many there are; at least one.
    pub count: u64,
    /// The least.
    pub minimum: Exact,
    /// The greatest.
    pub maximum: Exact,
    /// The sum, without rounding.
    pub sum: Exact,
    /// The standard deviation of the sample (n − 1), if it was asked for and there are two numbers.
    pub std: Option<Exact>,
    /// The quantiles that were asked for, by order, as type 7 of Hyndman and Fan (1996) defines them.
    pub quantiles: Vec<(Exact, Enclosure)>,
}

impl LogSample {
    /// Returns the quantile of an order, if it was asked for.
    #[must_use]
    pub fn quantile(&self, order: &Exact) -> Option<&Enclosure> {
        self.quantiles.iter().find(|(own, _)| own == order).map(|(_, quantile)| quantile)
    }
}

/// Why a value of a log cannot be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogDoubt {
    /// In words, as `12 of 100 records are there several times`.
    pub message: String,
    /// Whether the log contradicts itself or is damaged, which no waiver excuses.
    pub is_impossible: bool,
}

impl<'t> Measurements<'t> {
    /// Adds what was measured in logs. `own` is the document that stands for them, and `node` its root.
    pub fn add_log(
        &mut self,
        log: &'t MeasuredLog,
        own: MeasuredIn<'t>,
        node: NodeId,
        key_of: &dyn Fn(&str) -> String,
    ) {
        let origin = self.documents.len();
        self.documents.push(own);
        let on = MeasuredOn { text: &log.dataset, key: Arc::from(key_of(&log.dataset)) };
        self.records.extend(log.values.iter().map(|value| MetricRecord {
            metric: &value.metric,
            dataset: Some(on.clone()),
            slice: value.slice.iter().map(|(dimension, value)| (&**dimension, &**value)).collect(),
            value: match &value.value {
                LogQuantity::Exact(number) => Quantity::Number(number.clone()),
                LogQuantity::Between(enclosure) => Quantity::Between(enclosure),
                LogQuantity::Sample(sample) => Quantity::Sample(sample),
                LogQuantity::Doubtful(doubt) => Quantity::Doubtful(doubt),
            },
            unit: value.unit,
            count: Some(value.count),
            interval: None,
            pairs: None,
            step: None,
            window: value.window,
            is_of_log: true,
            origin,
            node,
        }));
    }
}
