//! The measurements that references of changes stand for.

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::index::{CANDIDATE, SourceId};
use super::unknown::What;
use crate::objectives::hir::ChangeReference;
use crate::objectives::measurements::{Evidence, Measurements};

/// The measurements other than the candidate's, by reference.
pub(super) struct References {
    baseline: Option<SourceId>,
    /// The runs before the candidate, the newest first.
    before: Vec<SourceId>,
    /// When each of them was submitted.
    dates: Vec<Timestamp>,
    /// Whether one of the other runs does not say when it was submitted.
    is_any_undated: bool,
    /// By name and id in lower case; `None` if two runs share one.
    named: FxHashMap<String, Option<SourceId>>,
    /// The references of the document that give their values, by name.
    points: FxHashMap<String, SourceId>,
}

impl References {
    /// Returns the measurements of the candidate, the baseline, the history and the references, in the order of their numbers.
    pub(super) fn sources<'a>(evidence: &'a Evidence<'a>) -> Vec<&'a Measurements<'a>> {
        let runs = std::iter::once(&evidence.candidate).chain(&evidence.baseline).chain(&evidence.history);
        runs.chain(evidence.points.iter().map(|(_, point)| point)).collect()
    }

    pub(super) fn of(evidence: &Evidence<'_>) -> Self {
        let sources = Self::sources(evidence);
        let baseline = evidence.baseline.as_ref().map(|_| CANDIDATE + 1);
        // The candidate is never its own reference, by whatever name.
        let history = (baseline.unwrap_or(CANDIDATE) + 1..).zip(&evidence.history);
        let history = history.filter(|(_, run)| !is_of_one_run(run, &evidence.candidate));
        let mut named = FxHashMap::default();
        let newest = evidence.candidate.documents.iter().filter_map(|document| document.date).max();
        // A run that came later was not there to be compared with.
        let is_later = |run: &Measurements<'_>| run.date().zip(newest).is_some_and(|(own, newest)| own > newest);
        let earlier = history.clone().filter(|(_, run)| !is_later(run));
        for (id, measurements) in baseline.into_iter().zip(&evidence.baseline).chain(earlier) {
            let is_same =
                |other: &SourceId| sources.get(*other as usize).is_some_and(|other| is_of_one_run(other, measurements));
            for name in names(measurements) {
                named
                    .entry(name)
                    .and_modify(|own: &mut Option<SourceId>| *own = own.filter(is_same))
                    .or_insert(Some(id));
            }
        }
        let end = evidence.candidate.date();
        let is_any_undated = history.clone().any(|(_, run)| run.date().is_none());
        let mut before: Vec<(Timestamp, Option<&str>, Option<&str>, SourceId)> = history
            .filter_map(|(id, run)| {
                let first = run.documents.first();
                Some((run.date()?, first.and_then(|own| own.name), first.and_then(|own| own.id), id))
            })
            .filter(|(date, ..)| end.is_none_or(|end| *date < end))
            .collect();
        // Two runs of the same instant are ordered by name and id, not by the order in which they were given.
        before.sort_unstable_by(|a, b| b.cmp(a));
        let dates = before.iter().map(|(date, ..)| *date).collect();
        let first = sources.len().saturating_sub(evidence.points.len());
        let points = (SourceId::try_from(first).unwrap_or(SourceId::MAX)..).zip(&evidence.points);
        let points = points.map(|(id, (name, _))| ((*name).to_owned(), id)).collect();
        let before = before.into_iter().map(|(.., id)| id).collect();
        Self { baseline, before, dates, is_any_undated, named, points }
    }

    /// Returns the measurements that a reference stands for; more than one for a median.
    pub(super) fn find(&self, reference: &ChangeReference) -> Result<&[SourceId], What<'static>> {
        match reference {
            ChangeReference::Baseline => self.baseline.as_ref().map(std::slice::from_ref).ok_or(What::NoReference),
            ChangeReference::PreviousRun => self.last(1, What::NoReference),
            ChangeReference::Run(name) => match self.named.get(&name.to_lowercase()) {
                Some(Some(id)) => Ok(std::slice::from_ref(id)),
                Some(None) => Err(What::SeveralReferences),
                None => Err(What::NoReference),
            },
            ChangeReference::Named(name) => {
                self.points.get(&name.text).map(std::slice::from_ref).ok_or(What::NoReference)
            }
            ChangeReference::MedianOfLast(0) => Err(What::TooFewRuns),
            ChangeReference::MedianOfLast(count) => self.last(*count as usize, What::TooFewRuns),
        }
    }

    /// Returns the last runs before the candidate; `missing` if there are fewer. Which they are must be known.
    fn last(&self, count: usize, missing: What<'static>) -> Result<&[SourceId], What<'static>> {
        let found = self.before.get(..count).ok_or(missing)?;
        let is_tied = self.dates.get(count).is_some_and(|next| self.dates.get(count - 1) == Some(next));
        if is_tied || self.is_any_undated { Err(What::UnorderedRuns) } else { Ok(found) }
    }
}

/// Returns whether two measurements share a document, so that they are of one run.
fn is_of_one_run(a: &Measurements<'_>, b: &Measurements<'_>) -> bool {
    let ids = |measurements: &'_ Measurements<'_>| -> Vec<String> {
        measurements.documents.iter().filter_map(|document| document.id).map(str::to_lowercase).collect()
    };
    let others = ids(b);
    ids(a).iter().any(|id| others.contains(id))
}

/// Returns the names and ids of a run and of the documents that measure it, in lower case.
fn names(measurements: &Measurements<'_>) -> Vec<String> {
    let documents = measurements.documents.iter().flat_map(|document| [document.name, document.id]);
    documents.flatten().map(str::to_lowercase).collect()
}
