//! What is counted of each record of a log, added up over parts in any order.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::question::{LogQuestions, MOST_SLICES, MetricQuestion, QuestionKind};
use super::sample::SampleTally;
use super::share::{ShareTally, has_property};
use crate::data::statistics::FieldStatistics;
use crate::documents::Kind;
use crate::objectives::log::LogWindow;
use crate::records::{RecordField, RecordObserver, RecordValue, RecordView, SeenRecord, UNTOLD, add_value};

/// The most different models, and digests of their files, that are told apart.
const MOST_MODELS: usize = 8;

/// Counts what is asked of the records of a log.
pub struct LogObserver<'q> {
    questions: &'q LogQuestions,
    /// The windows; the records of the whole log are counted before them.
    windows: Vec<LogWindow>,
}

impl<'q> LogObserver<'q> {
    /// Creates an observer. Windows end before `end`; without it, none is counted.
    #[must_use]
    pub fn new(questions: &'q LogQuestions, end: Option<Timestamp>) -> Self {
        let window = |seconds: &u64| end.map(|end| LogWindow { seconds: *seconds, end });
        Self { questions, windows: questions.windows.iter().filter_map(window).collect() }
    }

    /// Returns the windows.
    #[must_use]
    pub fn windows(&self) -> &[LogWindow] {
        &self.windows
    }

    /// Returns the positions of the counts that a record with this time belongs to: those of the whole log, and of windows.
    fn places(&self, time: Option<i64>) -> impl Iterator<Item = usize> + '_ {
        let holds = move |window: &LogWindow| {
            time.is_some_and(|time| {
                i128::from(time) < window.end.as_nanosecond() && start_of(window) <= i128::from(time)
            })
        };
        let windows = self.windows.iter().enumerate().filter(move |(_, window)| holds(window));
        std::iter::once(0).chain(windows.map(|(at, _)| at + 1))
    }
}

/// Returns the first nanosecond of a window.
pub(super) fn start_of(window: &LogWindow) -> i128 {
    window.end.as_nanosecond() - i128::from(window.seconds) * 1_000_000_000
}

/// The counts of a log, or of a part of it.
#[derive(Clone, Debug, Default)]
pub struct LogTally {
    /// The records, whatever they are.
    pub records: u64,
    /// The records that were measured.
    pub measured: u64,
    /// The records in which there is an error.
    pub invalid: u64,
    /// The records of requests alone.
    pub requests: u64,
    /// The records whose time cannot be read.
    pub untimed: u64,
    /// The times of the oldest and the newest measured record, in nanoseconds since the beginning of 1970.
    pub span: Option<(i64, i64)>,
    /// The models that answered, with the number of their answers; an empty name for records that name none, or several.
    pub(super) models: BTreeMap<String, u64>,
    /// The digests of model files; an empty one for records that tell none.
    pub(super) digests: BTreeMap<String, u64>,
    /// The measured and the invalid records of the whole log and of each window.
    pub(super) in_windows: Vec<WindowTally>,
    /// The counts of each slice, by the set of dimensions and the values; of the whole log and of each window, metric by metric.
    pub(super) slices: FxHashMap<(usize, Vec<String>), Vec<Vec<MetricTally>>>,
    /// The number of slices of each set of dimensions.
    slice_counts: FxHashMap<usize, usize>,
    /// A set of dimensions with too many slices.
    pub(super) overflow: Option<usize>,
}

/// The records of the whole log or of a window.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct WindowTally {
    pub measured: u64,
    pub invalid: u64,
    /// Invalid records without a time, which may be in the window.
    pub invalid_untimed: u64,
}

/// What was counted for a metric.
#[derive(Clone, Debug)]
pub(super) enum MetricTally {
    Sample(Box<SampleTally>),
    Share(ShareTally),
    Distance(Box<FieldStatistics>),
}

impl MetricTally {
    fn new(question: &MetricQuestion) -> Self {
        match &question.kind {
            QuestionKind::Sample(own) => Self::Sample(Box::new(SampleTally::new(own))),
            QuestionKind::Share(_) => Self::Share(ShareTally::default()),
            // Values of persons are counted, and never leave here.
            QuestionKind::Distance(_, reference) => {
                let is_personal = reference.field.as_ref().is_ok_and(|field| field.is_personal);
                Self::Distance(Box::new(FieldStatistics::new(is_personal)))
            }
        }
    }

    fn add(&mut self, question: &MetricQuestion, value: &RecordValue<'_>) {
        match (self, &question.kind) {
            (Self::Sample(own), _) => own.add(value),
            (Self::Share(own), QuestionKind::Share(test)) => own.add(has_property(test, value)),
            (Self::Distance(own), _) => add_value(own, value),
            (Self::Share(_), _) => {}
        }
    }

    fn merge(&mut self, other: &Self) {
        match (self, other) {
            (Self::Sample(own), Self::Sample(others)) => own.merge(others),
            (Self::Share(own), Self::Share(others)) => own.merge(*others),
            (Self::Distance(own), Self::Distance(others)) => own.merge(others),
            _ => {}
        }
    }
}

impl RecordObserver for LogObserver<'_> {
    type Part = LogTally;

    fn empty(&self) -> LogTally {
        LogTally { in_windows: vec![WindowTally::default(); self.windows.len() + 1], ..LogTally::default() }
    }

    fn see(&self, part: &mut LogTally, record: &SeenRecord<'_>) {
        part.records += 1;
        part.untimed += u64::from(record.time.is_none());
        let view = if record.is_valid { RecordView::of(record.text) } else { None };
        let Some(view) = view else {
            part.see_invalid(self, record.time);
            return;
        };
        if record.kind == Some(Kind::InferenceRequest) {
            part.requests += 1;
            return;
        }
        part.measured += 1;
        if let Some(time) = record.time {
            part.span = Some(part.span.map_or((time, time), |(from, to)| (from.min(time), to.max(time))));
        }
        note(&mut part.models, view.get(&RecordField::Model).written().unwrap_or_default());
        note(&mut part.digests, view.get(&RecordField::Own("modelDigest")).written().unwrap_or_default());
        let value =
            |question: &MetricQuestion| question.field.as_ref().map_or(RecordValue::Missing, |field| view.get(field));
        let values: Vec<RecordValue<'_>> = self.questions.metrics.iter().map(value).collect();
        let places: Vec<usize> = self.places(record.time).collect();
        for place in &places {
            if let Some(own) = part.in_windows.get_mut(*place) {
                own.measured += 1;
            }
        }
        for (number, dimensions) in self.questions.slices.iter().enumerate() {
            let told = dimensions.iter().filter_map(|at| self.questions.dimensions.get(*at));
            let told = told.map(|(_, field)| view.get(field).written().unwrap_or(UNTOLD).to_owned());
            let Some(tallies) = part.slice(number, told.collect(), self) else { continue };
            for place in &places {
                let Some(own) = tallies.get_mut(*place) else { continue };
                for ((tally, question), value) in own.iter_mut().zip(&self.questions.metrics).zip(&values) {
                    tally.add(question, value);
                }
            }
        }
    }
}

fn note(counts: &mut BTreeMap<String, u64>, name: &str) {
    if let Some(own) = counts.get_mut(name) {
        *own += 1;
    } else if counts.len() < MOST_MODELS {
        counts.insert(name.to_owned(), 1);
    }
}

impl LogTally {
    fn see_invalid(&mut self, observer: &LogObserver<'_>, time: Option<i64>) {
        self.invalid += 1;
        for place in observer.places(time) {
            if let Some(own) = self.in_windows.get_mut(place) {
                own.invalid += 1;
            }
        }
        if time.is_none() {
            self.in_windows.iter_mut().skip(1).for_each(|own| own.invalid_untimed += 1);
        }
    }

    /// Returns the counts of a slice; `None` if there are too many slices.
    fn slice(
        &mut self,
        set: usize,
        values: Vec<String>,
        observer: &LogObserver<'_>,
    ) -> Option<&mut Vec<Vec<MetricTally>>> {
        let key = (set, values);
        if !self.slices.contains_key(&key) {
            let count = self.slice_counts.entry(set).or_default();
            if *count >= MOST_SLICES {
                self.overflow = Some(set);
                return None;
            }
            *count += 1;
            let tallies = || observer.questions.metrics.iter().map(MetricTally::new).collect();
            let all = (0..=observer.windows.len()).map(|_| tallies()).collect();
            self.slices.insert(key.clone(), all);
        }
        self.slices.get_mut(&key)
    }

    /// Adds the counts of other records.
    pub fn merge(&mut self, other: Self, observer: &LogObserver<'_>) {
        self.records += other.records;
        self.measured += other.measured;
        self.invalid += other.invalid;
        self.requests += other.requests;
        self.untimed += other.untimed;
        self.span = match (self.span, other.span) {
            (Some((from, to)), Some((other_from, other_to))) => Some((from.min(other_from), to.max(other_to))),
            (own, others) => own.or(others),
        };
        for (own, others) in [(&mut self.models, other.models), (&mut self.digests, other.digests)] {
            for (name, count) in others {
                // One more than are told apart is as many as too many.
                if own.len() < MOST_MODELS || own.contains_key(&name) {
                    *own.entry(name).or_default() += count;
                }
            }
        }
        self.in_windows.resize(observer.windows.len() + 1, WindowTally::default());
        for (own, others) in self.in_windows.iter_mut().zip(&other.in_windows) {
            own.measured += others.measured;
            own.invalid += others.invalid;
            own.invalid_untimed += others.invalid_untimed;
        }
        self.overflow = self.overflow.or(other.overflow);
        for ((set, values), tallies) in other.slices {
            let Some(own) = self.slice(set, values, observer) else { continue };
            for (own, others) in own.iter_mut().zip(&tallies) {
                own.iter_mut().zip(others).for_each(|(own, others)| own.merge(others));
            }
        }
    }
}
