//! From the counts of all logs to what the gate judges by: the measurements, and the document that stands for the logs.

use jiff::Timestamp;

use super::observer::{LogObserver, LogTally, MetricTally, WindowTally, start_of};
use super::question::{ComparedField, LogQuestions, MetricQuestion, QuestionKind};
use super::share::ShareTally;
use crate::data::drift::{Measure, compare};
use crate::data::statistics::FieldStatistics;
use crate::data::statistics::cells::middle_of;
use crate::objectives::log::{Enclosure, LogDoubt, LogQuantity, LogValue, LogWindow, MeasuredLog};
use crate::objectives::number::Exact;
use crate::objectives::syntax::ast::{RecordTest, RecordTestKind};
use crate::objectives::verdict::{JudgedLog, JudgedWindow};
use crate::text::thousands;

/// The greatest share of records that may be invalid, lack a value, or lack a time, before what is computed from the others says nothing:
/// one in this many.
const ONE_IN: u64 = 1000;

/// A log that was read.
#[derive(Clone, Debug)]
pub struct LogFile {
    /// Its name in reports.
    pub name: String,
    /// SHA-256 of its bytes as they are stored, in lower-case hexadecimal digits.
    pub sha256: String,
    /// The number of its records, whatever they are.
    pub records: u64,
    /// Why it could not be read to its end.
    pub damage: Option<String>,
    /// Whether its last line is cut off.
    pub is_cut_off: bool,
}

/// Why nothing is judged by a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// There are no records in it.
    #[error("{0} has no records: a log that says nothing is no evidence")]
    Empty(String),
    /// It could not be read to its end.
    #[error("{0} cannot be read to its end: {1}; what is missing may be what fails")]
    Damaged(String, String),
    /// Its last line is cut off.
    #[error("the last line of {0} is cut off: the log is not complete, and what is missing may be what fails")]
    CutOff(String),
    /// The same log is given twice.
    #[error("{0} and {1} have the same content: no record counts twice")]
    Twice(String, String),
    /// No record tells of an answer.
    #[error("no record of {0} is valid and tells of an answer: {1} records are invalid, {2} are of requests alone")]
    NothingMeasured(String, u64, u64),
    /// Records do not say which model answered.
    #[error("{1} of {2} records of {0} name no model, or several: nobody knows which of them answered")]
    NoModel(String, u64, u64),
    /// Several models answered.
    #[error(
        "the records of {0} are of several models, {1} and {2} among them: a verdict is about one version of one model"
    )]
    SeveralModels(String, String, String),
    /// Several files of a model answered.
    #[error("the records of {0} are of several model files, {1} and {2} among them: a verdict is about one file")]
    SeveralFiles(String, String, String),
    /// A dimension has too many values.
    #[error("{0} has more than {1} slices by {2}; slice by a dimension with fewer values")]
    TooManySlices(String, usize, String),
}

/// The counts of all logs of a gate.
pub struct LogAnswers<'q> {
    /// What was asked.
    pub questions: &'q LogQuestions,
    /// Who counted.
    pub observer: &'q LogObserver<'q>,
    /// The counts.
    pub tally: LogTally,
    /// The logs, in their order.
    pub files: Vec<LogFile>,
    /// The number of records that are there once more, beyond the first of each.
    pub duplicated: u64,
}

impl LogAnswers<'_> {
    /// Returns what the logs say of the metrics of the objectives.
    ///
    /// # Errors
    /// If nothing can be judged by them.
    pub fn measured(&self) -> Result<MeasuredLog, LogError> {
        self.are_whole()?;
        self.are_of_one_model()?;
        let mut slices: Vec<_> = self.tally.slices.iter().collect();
        slices.sort_by_key(|(key, _)| *key);
        let mut values = Vec::new();
        for ((set, told), tallies) in slices {
            let dimensions = self.questions.slices.get(*set).map(Vec::as_slice).unwrap_or_default();
            let names = dimensions.iter().filter_map(|at| self.questions.dimensions.get(*at));
            let mut slice: Vec<(String, String)> =
                names.map(|(name, _)| name.clone()).zip(told.iter().cloned()).collect();
            slice.sort();
            for (place, tallies) in tallies.iter().enumerate() {
                let window = place.checked_sub(1).and_then(|at| self.observer.windows().get(at)).copied();
                for (question, tally) in self.questions.metrics.iter().zip(tallies) {
                    let (value, count) = self.value(question, tally, place, !slice.is_empty());
                    let unit = question.field.as_ref().and_then(|field| field.unit());
                    let unit = unit.filter(|_| matches!(question.kind, QuestionKind::Sample(_)));
                    values.push(LogValue {
                        metric: question.name.clone(),
                        slice: slice.clone(),
                        window,
                        value,
                        unit,
                        count,
                    });
                }
            }
        }
        Ok(MeasuredLog { dataset: self.questions.dataset.clone(), values, judged: self.judged() })
    }

    fn name(&self) -> String {
        match self.files.as_slice() {
            [only] => only.name.clone(),
            files => format!("the {} logs", files.len()),
        }
    }

    fn are_whole(&self) -> Result<(), LogError> {
        for (at, file) in self.files.iter().enumerate() {
            if let Some(why) = &file.damage {
                return Err(LogError::Damaged(file.name.clone(), why.clone()));
            }
            if file.is_cut_off {
                return Err(LogError::CutOff(file.name.clone()));
            }
            if file.records == 0 {
                return Err(LogError::Empty(file.name.clone()));
            }
            if let Some(other) = self.files.iter().take(at).find(|other| other.sha256 == file.sha256) {
                return Err(LogError::Twice(other.name.clone(), file.name.clone()));
            }
        }
        if let Some(set) = self.tally.overflow {
            let dimensions = self.questions.slices.get(set).into_iter().flatten();
            let names = dimensions.filter_map(|at| self.questions.dimensions.get(*at)).map(|(name, _)| name.as_str());
            let names = names.collect::<Vec<_>>().join(" by ");
            return Err(LogError::TooManySlices(self.name(), super::MOST_SLICES, names));
        }
        match self.tally.measured {
            0 => Err(LogError::NothingMeasured(self.name(), self.tally.invalid, self.tally.requests)),
            _ => Ok(()),
        }
    }

    fn are_of_one_model(&self) -> Result<(), LogError> {
        if let Some(count) = self.tally.models.get("") {
            return Err(LogError::NoModel(self.name(), *count, self.tally.measured));
        }
        let quoted = |name: &String| format!("'{name}'");
        if let [first, second, ..] = self.tally.models.keys().collect::<Vec<_>>().as_slice() {
            return Err(LogError::SeveralModels(self.name(), quoted(first), quoted(second)));
        }
        let told: Vec<&String> = self.tally.digests.keys().filter(|digest| !digest.is_empty()).collect();
        match told.as_slice() {
            [first, second, ..] => Err(LogError::SeveralFiles(self.name(), quoted(first), quoted(second))),
            _ => Ok(()),
        }
    }

    /// Returns the value of a metric, and the number of records that it is of.
    fn value(
        &self,
        question: &MetricQuestion,
        tally: &MetricTally,
        place: usize,
        is_sliced: bool,
    ) -> (LogQuantity, u64) {
        let in_window = self.tally.in_windows.get(place).copied().unwrap_or_default();
        let (value, count) = match (&question.kind, tally) {
            (QuestionKind::Share(RecordTest { kind: RecordTestKind::Invalid, is_negated }), _) => {
                return self.invalid(in_window, *is_negated, place, is_sliced);
            }
            (QuestionKind::Sample(own), MetricTally::Sample(tally)) => {
                let without = tally.missing + tally.others;
                let all = tally.count() + without;
                let value = match tally.sample(own) {
                    Some(_) if is_too_much(without, all) => doubtful(
                        format!("{} of {} records have no number there", thousands(without), thousands(all)),
                        false,
                    ),
                    Some(sample) => LogQuantity::Sample(sample),
                    None => doubtful("no record has a number there".to_owned(), false),
                };
                (value, tally.count())
            }
            (QuestionKind::Share(_), MetricTally::Share(tally)) => {
                // Nobody knows what an invalid record would have said, nor in which slice it is.
                let tally = ShareTally { open: tally.open + in_window.invalid + in_window.invalid_untimed, ..*tally };
                let value = tally.share().unwrap_or_else(|| doubtful("there are no records".to_owned(), false));
                (value, tally.total())
            }
            (QuestionKind::Distance(measure, reference), MetricTally::Distance(current)) => {
                let count = current.forms.total().saturating_add(current.missing);
                (distance(*measure, reference, current), count)
            }
            _ => (doubtful("it was not counted".to_owned(), false), 0),
        };
        (self.doubt(place).map_or(value, LogQuantity::Doubtful), count)
    }

    /// Returns the share of invalid records, of which nobody knows the slice.
    fn invalid(&self, own: WindowTally, is_negated: bool, place: usize, is_sliced: bool) -> (LogQuantity, u64) {
        if is_sliced {
            return (doubtful("an invalid record is of no certain slice".to_owned(), false), 0);
        }
        let (holds, fails) = if is_negated { (own.measured, own.invalid) } else { (own.invalid, own.measured) };
        let tally = ShareTally { holds, fails, open: own.invalid_untimed };
        let doubt = self.repeated().or_else(|| self.untimed(place));
        let value = doubt.map(LogQuantity::Doubtful).or_else(|| tally.share());
        (value.unwrap_or_else(|| doubtful("there are no records".to_owned(), false)), tally.total())
    }

    /// Returns why what was computed from the valid records cannot be believed.
    fn doubt(&self, place: usize) -> Option<LogDoubt> {
        let told = self.tally.measured + self.tally.invalid;
        let invalid = is_too_much(self.tally.invalid, told).then(|| {
            let message = format!(
                "{} of {} records are invalid, and `mlspec-lint check` shows why",
                thousands(self.tally.invalid),
                thousands(told)
            );
            LogDoubt { message, is_impossible: true }
        });
        invalid.or_else(|| self.repeated()).or_else(|| self.untimed(place))
    }

    fn repeated(&self) -> Option<LogDoubt> {
        (self.duplicated > 0).then(|| LogDoubt {
            message: format!("{} records are there several times, and would count twice", thousands(self.duplicated)),
            is_impossible: true,
        })
    }

    /// Returns why a window cannot be believed.
    fn untimed(&self, place: usize) -> Option<LogDoubt> {
        let (untimed, records) = (self.tally.untimed, self.tally.records);
        (place > 0 && is_too_much(untimed, records)).then(|| LogDoubt {
            message: format!(
                "{} of {} records have no time that can be read, and may be in the window",
                thousands(untimed),
                thousands(records)
            ),
            is_impossible: true,
        })
    }

    fn judged(&self) -> JudgedLog {
        let tally = &self.tally;
        let window = |(window, own): (&LogWindow, &WindowTally)| JudgedWindow {
            seconds: window.seconds,
            from: to_the_microsecond(start_of(window)),
            to: to_the_microsecond(window.end.as_nanosecond()),
            records: own.measured,
        };
        JudgedLog {
            dataset: self.questions.dataset.clone(),
            records: tally.records,
            measured: tally.measured,
            invalid: tally.invalid,
            requests: tally.requests,
            duplicated: self.duplicated,
            untimed: tally.untimed,
            from: tally.span.and_then(|(from, _)| written(from)),
            to: tally.span.and_then(|(_, to)| written(to)),
            windows: self.observer.windows().iter().zip(tally.in_windows.iter().skip(1)).map(window).collect(),
        }
    }
}

/// Returns the text of the document that stands for logs: an evaluation on monitored data of the model that answered, as JSON.
#[must_use]
pub fn stand_in(answers: &LogAnswers<'_>) -> String {
    let tally = &answers.tally;
    let model = tally.models.keys().next().map(|model| model.replacen('/', "@", 1));
    // Records without a digest may be of any file.
    let digest = match tally.digests.keys().collect::<Vec<_>>().as_slice() {
        [only] if !only.is_empty() => Some((*only).clone()),
        _ => None,
    };
    let digests: Vec<&str> = answers.files.iter().map(|file| file.sha256.as_str()).collect();
    let mut document = serde_json::json!({
        "mlSpecVersion": "0.2.0",
        "kind": "evaluation",
        "id": format!("log-{}", digests.first().copied().unwrap_or_default()),
        "name": "log",
        "model": model,
        "dataset": answers.questions.dataset,
        "performedOn": tally.span.and_then(|(_, to)| written(to)),
        "metrics": [],
    });
    if let (Some(digest), Some(entries)) = (digest, document.as_object_mut()) {
        entries.insert("modelDigest".to_owned(), digest.into());
    }
    document.to_string()
}

/// Returns a time as a text. A window that ends at a record ends a nanosecond later, which nobody wants to read.
fn to_the_microsecond(time: i128) -> String {
    Timestamp::from_nanosecond(time - time.rem_euclid(1000)).map_or_else(|_| String::new(), |time| time.to_string())
}

fn written(time: i64) -> Option<String> {
    Timestamp::from_nanosecond(i128::from(time)).ok().map(|time| time.to_string())
}

/// Returns whether some of all are more than may be left out.
fn is_too_much(some: u64, all: u64) -> bool {
    some.saturating_mul(ONE_IN) > all
}

fn doubtful(message: String, is_impossible: bool) -> LogQuantity {
    LogQuantity::Doubtful(LogDoubt { message, is_impossible })
}

/// Returns the distance of values from those of a profile. What chance alone makes of it is no drift, and does not exclude one either: a
/// distance below it may be anything up to it.
fn distance(measure: Measure, reference: &ComparedField, current: &FieldStatistics) -> LogQuantity {
    let field = match &reference.field {
        Ok(field) => field,
        Err(why) => return doubtful(why.clone(), false),
    };
    let found = match compare(measure, field, current, false) {
        Ok(found) => found,
        Err(why) => return doubtful(why.to_string(), false),
    };
    let noise = found.floor.map_or(0.0, |floor| floor.value);
    let lower = if found.value > noise { found.value } else { 0.0 };
    let upper = found.value.max(noise) + if measure == Measure::Ks { widest_cell(field, current) } else { 0.0 };
    let exact = |value: f64| Exact::from_f64(value).filter(|_| value.is_finite());
    match (exact(found.value), exact(lower), exact(upper)) {
        (Some(estimate), Some(lower), Some(upper)) => LogQuantity::Between(Enclosure { estimate, lower, upper }),
        _ => doubtful("the distance is not finite".to_owned(), false),
    }
}

/// Returns the greatest share of numbers in one cell that may differ from each other: within it, the order of two samples is not known.
fn widest_cell(reference: &FieldStatistics, current: &FieldStatistics) -> f64 {
    let are_whole = reference.is_whole() && current.is_whole();
    let widest = |own: &FieldStatistics| {
        let cells = own.cells.sorted();
        // Small whole numbers have cells of their own.
        let is_wide = |cell: i32| !(are_whole && middle_of(cell, true).abs() < 256.0);
        let counts = cells.into_iter().filter(|(cell, _)| *cell != 0 && is_wide(*cell)).map(|(_, count)| count);
        counts.max().unwrap_or(0) as f64 / own.numbers().max(1) as f64
    };
    widest(reference).max(widest(current))
}
