//! Measurements: the newest evaluations and tests of objectives or of a model, and all logged metrics.

use jiff::Timestamp;

use super::dates::timestamp;
use super::document::{DocumentFacts, Member, field};
use super::index::{DocId, IndexEntry};
use super::keys::{Key, MeantObject};
use super::view::Workspace;
use crate::documents::Kind;
use crate::yaml::NodeId;

/// Normalizes a name by removing case and separators: `val/F1-Score` becomes `valf1score`.
#[must_use]
pub fn letters(name: &str) -> String {
    if name.is_ascii() {
        // Bytes are moved at a fraction of what characters cost, and rules read the name of every metric. ASCII is UTF-8.
        let mut letters = name.as_bytes().to_vec();
        letters.retain(u8::is_ascii_alphanumeric);
        letters.make_ascii_lowercase();
        return String::from_utf8(letters).unwrap_or_default();
    }
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl DocumentFacts {
    /// Returns the metrics that a run, an evaluation or a test logs, with the nodes of their names.
    pub(super) fn logged_metrics(&self) -> impl Iterator<Item = (&str, NodeId)> {
        let is_measured = matches!(self.kind, Kind::Evaluation | Kind::Test | Kind::Run | Kind::PipelineRun);
        let metrics = field(&self.tree, self.root, "metrics").filter(|_| is_measured);
        let metrics = metrics.map_or(&[][..], |metrics| self.tree.items(metrics));
        metrics.iter().filter_map(|metric| {
            let key = field(&self.tree, *metric, "key")?;
            Some((self.tree.text(key)?, key))
        })
    }

    /// Returns the date of a record, as an instant.
    pub(super) fn recorded_at(&self) -> Option<Timestamp> {
        self.recorded_on().and_then(|(text, _)| timestamp(text))
    }
}

impl<'a> Workspace<'a> {
    /// Returns whether any run, evaluation or test logs a metric.
    #[must_use]
    pub fn is_logged(self, metric: &str) -> bool {
        !self.entries(Key::Metric(metric)).is_empty()
    }

    /// Returns the first place that logs a metric: the document, and the node of the name.
    #[must_use]
    pub fn first_logged(self, metric: &str) -> Option<(&'a Member, NodeId)> {
        self.metric_at(self.entries(Key::Metric(metric)).first()?)
    }

    /// Returns the first place that logs a metric whose name differs only in case and separators.
    #[must_use]
    pub fn first_logged_alike(self, metric: &str) -> Option<(&'a Member, NodeId)> {
        self.metric_at(self.entries(Key::MetricLetters(&letters(metric))).first()?)
    }

    fn metric_at(self, entry: &IndexEntry) -> Option<(&'a Member, NodeId)> {
        Some((self.member(entry.id)?, NodeId::from_raw(entry.at)))
    }

    /// Returns the names of all metrics that runs, evaluations and tests log, in alphabetical order.
    pub fn logged_metrics(self) -> impl ExactSizeIterator<Item = &'a str> {
        self.entries(Key::MetricNames);
        self.index().metric_names.keys().map(|name| &**name)
    }

    /// Returns the newest documents of a kind, evaluation or test, that name some objectives; if there is none, the newest ones of their
    /// model that do not name any objectives. Several if they are equally new.
    #[must_use]
    pub fn newest_measured(self, objectives: DocId, kind: Kind) -> Vec<DocId> {
        let found = |target: &MeantObject<'_>| self.newest(self.entries(Key::Measured(target, kind)));
        let of_model = || self.target_of_kind(objectives, Kind::Model).map(|target| found(&target));
        Some(found(&MeantObject::Object(objectives)))
            .filter(|found| !found.is_empty())
            .or_else(of_model)
            .unwrap_or_default()
    }

    fn newest(self, entries: &[IndexEntry]) -> Vec<DocId> {
        let Some(newest) = entries.last().map(|entry| self.date(entry)) else { return Vec::new() };
        let from = entries.partition_point(|entry| self.date(entry) < newest);
        entries.get(from..).unwrap_or_default().iter().map(|entry| entry.id).collect()
    }
}
