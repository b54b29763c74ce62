//! What was monitored in the windows that the objectives look at.

use jiff::{SignedDuration, Timestamp};

use super::GateInputs;
use crate::documents::field::List;
use crate::documents::objectives::DataStage;
use crate::documents::{Document, Kind};
use crate::objectives::admission::stage_of;
use crate::objectives::as_of::AsOf;
use crate::objectives::model_key::ModelKey;
use crate::objectives::policy::Policy;
use crate::objectives::provenance::measured_files;
use crate::workspace::Member;

impl<'a> GateInputs<'a> {
    /// Returns the evaluations on monitored data, other than the `chosen` documents, that the windows of the objectives are about: all of
    /// the same model file within the longest one, which ends at the time that is asked about, or with the newest of them.
    pub(super) fn monitored(&self, policy: &Policy, chosen: &[Member], as_of: Option<AsOf>) -> Vec<&'a Member> {
        let seconds = policy.longest_window().and_then(|seconds| i64::try_from(seconds).ok());
        let (Some(seconds), Some(judged)) = (seconds, chosen.iter().find(|own| own.kind != Kind::Objectives)) else {
            return Vec::new();
        };
        let evaluations = self.measured(Kind::Evaluation).into_iter().chain(self.measured(Kind::Test));
        let dates = evaluations.filter_map(|(date, _)| date);
        let Some(end) = as_of.map_or_else(|| dates.max().map(AsOf::Newest), Some).and_then(AsOf::end) else {
            return Vec::new();
        };
        let start = end.checked_sub(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MIN);
        let is_in_window = |date: Option<Timestamp>| date.is_none_or(|date| start <= date && date < end);
        let found = self.measured(Kind::Evaluation).into_iter().filter(|(date, other)| {
            is_in_window(*date)
                && !chosen.iter().any(|own| own.is(other))
                && self.is_of_monitored_data(policy, other)
                && self.may_be_of_one_file(judged, other)
        });
        found.map(|(_, member)| member).collect()
    }

    fn is_of_monitored_data(&self, policy: &Policy, evaluation: &Member) -> bool {
        let Some(Document::Evaluation(own)) = evaluation.typed() else { return false };
        let of_metrics = own.metrics.get().into_iter().flat_map(List::iter);
        let of_metrics = of_metrics.filter_map(|(_, metric)| metric.dataset.get());
        let mut named = own.dataset.get().into_iter().chain(of_metrics);
        named.any(|dataset| stage_of(policy, self.workspace, dataset) == Some(DataStage::Monitoring))
    }

    /// Returns whether two documents may be about one file of a model: nothing that both say of it differs.
    fn may_be_of_one_file(&self, own: &Member, other: &Member) -> bool {
        let [files, others] = [own, other].map(|member| measured_files(self.workspace, member));
        if !files.is_empty() && !others.is_empty() {
            return !files.is_disjoint(&others);
        }
        let version = |member: &Member| ModelKey::of(self.workspace, member).and_then(|key| key.version);
        version(own).zip(version(other)).is_none_or(|(own, other)| own == other)
    }
}
