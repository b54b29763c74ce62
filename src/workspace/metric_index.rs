//! What was measured: the newest evaluations and tests of some objectives or of a model, and the metrics that are logged at all.

use jiff::Timestamp;

use super::document::{DocumentFacts, Member, field};
use super::index::{DocId, IndexEntry};
use super::keys::{Key, MeantObject};
use super::view::Workspace;
use crate::documents::Kind;
use crate::yaml::NodeId;

/// A name without case and separators: `val/F1-Score` is `valf1score`.
#[must_use]
pub fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl DocumentFacts {
    /// The metrics that a run, an evaluation or a test logs: the name, and its node.
    pub(super) fn logged_metrics(&self) -> impl Iterator<Item = (&str, NodeId)> {
        let is_measured = matches!(self.kind, Kind::Evaluation | Kind::Test | Kind::Run | Kind::PipelineRun);
        let metrics = field(&self.tree, self.root, "metrics").filter(|_| is_measured);
        let metrics = metrics.map_or(&[][..], |metrics| self.tree.items(metrics));
        metrics.iter().filter_map(|metric| {
            let key = field(&self.tree, *metric, "key")?;
            Some((self.tree.text(key)?, key))
        })
    }

    /// When what the document records happened, as an instant.
    pub(super) fn recorded_at(&self) -> Option<Timestamp> {
        self.recorded_on().and_then(|(text, _)| text.parse().ok())
    }
}

impl<'a> Workspace<'a> {
    /// Whether a run, an evaluation or a test logs a metric.
    #[must_use]
    pub fn is_logged(self, metric: &str) -> bool {
        !self.entries(Key::Metric(metric)).is_empty()
    }

    /// Where a metric is logged first: the document, and the node of the name.
    #[must_use]
    pub fn first_logged(self, metric: &str) -> Option<(&'a Member, NodeId)> {
        self.metric_at(self.entries(Key::Metric(metric)).first()?)
    }

    /// Where a metric is logged first whose name differs in case and separators only.
    #[must_use]
    pub fn first_logged_alike(self, metric: &str) -> Option<(&'a Member, NodeId)> {
        self.metric_at(self.entries(Key::MetricLetters(&letters(metric))).first()?)
    }

    fn metric_at(self, entry: &IndexEntry) -> Option<(&'a Member, NodeId)> {
        Some((self.member(entry.id)?, NodeId::from_raw(entry.at)))
    }

    /// The names of all metrics that runs, evaluations and tests log, in alphabetical order.
    pub fn logged_metrics(self) -> impl ExactSizeIterator<Item = &'a str> {
        self.entries(Key::MetricNames);
        self.index().metric_names.keys().map(|name| &**name)
    }

    /// The newest documents of a kind, an evaluation or a test, that name some objectives; where none does, the newest ones of their
    /// model that name no objectives at all. Several where they are equally new.
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
