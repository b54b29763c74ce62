//! "`is reported` tests presence."

use super::claim::ClaimJudgement;
use super::condition::Judge;
use super::credibility::is_tainted;
use super::dependencies::{MetricReads, Read};
use super::index::{RecordId, RecordIndex};
use super::kleene::Kleene;
use super::slices::SliceId;
use super::unknown::What;
use super::value::{Examples, Found, Scope, part};
use crate::objectives::hir::Claim;

/// The presence of the values that are read.
struct Presence {
    is_present: bool,
    is_tainted: bool,
    /// Whether there may be values that do not count: records without a date, if a window is required.
    is_doubtful: bool,
    /// Whether the values may be outside of a window whose end is not known.
    is_undated: bool,
    examples: Examples,
    record: Option<RecordId>,
}

impl<'a> Judge<'a> {
    /// Returns whether all values that a claim reads are reported, regardless of their contents; if `is_negated`, whether they are not.
    pub(super) fn reported(&self, claim: &'a Claim, is_negated: bool, scope: Scope<'a>) -> ClaimJudgement<'a> {
        let reads = MetricReads::of_value(self.policy, &claim.value, scope.dataset);
        let all = Presence {
            is_present: true,
            is_tainted: false,
            is_doubtful: false,
            is_undated: false,
            examples: Examples::NoRecord,
            record: None,
        };
        let found = reads.metrics.iter().map(|read| self.presence(read, scope)).fold(all, |all, own| Presence {
            is_present: all.is_present && own.is_present,
            is_tainted: all.is_tainted || own.is_tainted,
            is_doubtful: all.is_doubtful || own.is_doubtful && !own.is_present,
            is_undated: all.is_undated || own.is_undated,
            examples: all.examples.and(own.examples),
            record: own.record,
        });
        let what = match found.is_present {
            // A confidence does not apply to presence; ignoring it would let the claim pass.
            _ if claim.confidence.is_some() => Err(What::NoInterval),
            _ if found.is_undated => Err(What::NoDay),
            true => found.examples.are_enough(claim.examples),
            false if found.is_doubtful => Err(What::NotReported),
            false => Ok(()),
        };
        ClaimJudgement {
            truth: if what.is_ok() { Kleene::of(found.is_present != is_negated) } else { Kleene::Unknown },
            is_tainted: found.is_tainted,
            unknown: what.err().map(|what| self.unknown(what, scope)),
            value: None,
            allowed: None,
            reference: None,
            interval: None,
            examples: found.examples,
            record: found.record.filter(|_| reads.metrics.len() == 1),
            is_estimate: false,
        }
    }

    fn presence(&self, read: &Read<'a>, scope: Scope<'a>) -> Presence {
        let mut found = Presence {
            is_present: false,
            is_tainted: false,
            is_doubtful: false,
            is_undated: false,
            examples: Examples::NoRecord,
            record: None,
        };
        let Some(index) = self.indexes.get(scope.source as usize) else { return found };
        let Some(slice) = self.narrowed(scope.slice, read.within) else { return found };
        let mut slices = vec![slice];
        if let Some(across) = read.across {
            slices.clear();
            self.observed(scope.source, std::slice::from_ref(read), &self.candidates(across, slice), &mut slices);
        }
        for slice in slices {
            self.step();
            found.is_doubtful |= scope.window.is_some() && self.has_undated(index, read, slice);
            let scope = Scope { slice, dataset: read.dataset, ..scope };
            found.is_undated |= matches!(self.find(index, read.metric, scope), Found::Ambiguous(What::NoDay, _));
            for id in self.ids(index, read.metric, scope) {
                let Some(record) = index.record(id) else { continue };
                found.is_tainted |= is_tainted(record, read.field);
                if part(&record.value, read.field).is_some() {
                    found.is_present = true;
                    found.examples = found.examples.and(Examples::of(record.count));
                    found.record = found.record.or(Some(id));
                }
            }
        }
        found
    }

    /// Returns whether any record has no date; without a date of the verdict, all of them count as undated.
    fn has_undated(&self, index: &RecordIndex<'a>, read: &Read<'a>, slice: SliceId) -> bool {
        let cell = index.cell((read.metric, read.dataset), slice);
        let is_undated = |id: &RecordId| {
            let origin = index.record(*id).and_then(|record| index.measurements.origin(record));
            self.end.is_none() || origin.is_none_or(|origin| origin.date.is_none())
        };
        cell.is_some_and(|cell| index.records(cell).iter().any(is_undated))
    }
}
