//! The baseline is one model, and the one that the objectives name.

use super::identity::shortened;
use super::{Admission, Inadmissible, artifacts, is_run, same_name};
use crate::documents::Document;
use crate::objectives::provenance::{model_digest, normalized};
use crate::objectives::verdict::{Concern, ConcernReason, InputRole};
use crate::workspace::Member;

impl<'a> Admission<'_, 'a> {
    /// Checks that what was measured of the baseline was measured of one model file; if its run says which files it made, of one of these.
    pub(super) fn baseline_is_one_file(&self) -> Result<(), Inadmissible> {
        let baseline = || self.with_role(InputRole::Baseline);
        let mut measured = baseline().filter_map(|member| Some((member, model_digest(member)?)));
        let Some((member, digest)) = measured.next() else { return Ok(()) };
        let made: Vec<(&Member, String)> = baseline()
            .filter(|member| is_run(member))
            .flat_map(|run| artifacts(run).filter_map(move |own| Some((run, normalized(own.model_digest.get()?)))))
            .collect();
        let is_made = made.is_empty() || made.iter().any(|(_, own)| *own == digest);
        let other = match measured.find(|(_, other)| *other != digest) {
            None if is_made => return Ok(()),
            None => made.into_iter().next(),
            other => other,
        };
        let Some((other, other_digest)) = other else { return Ok(()) };
        Err(Inadmissible::SeveralBaselines {
            file: member.file().to_owned(),
            digest: shortened(&digest),
            other_file: other.file().to_owned(),
            other: shortened(&other_digest),
        })
    }

    /// Checks that the baseline is the one that the objectives name. "Not silently replaced": if another one is permitted, the verdict
    /// reports it.
    pub(super) fn baseline_is_the_named_one(&self) -> Result<Option<Concern>, Inadmissible> {
        let Some(named) = self.objectives.baseline.get().and_then(|baseline| baseline.run.get()) else {
            return Ok(None);
        };
        let is_same = |text: Option<&str>| text.is_some_and(|text| same_name(text, named));
        let mut given = self.with_role(InputRole::Baseline).peekable();
        let Some(first) = given.peek().copied() else { return Ok(None) };
        let is_named = |member: &'a Member| match member.typed() {
            Some(Document::Evaluation(own) | Document::Test(own)) => is_same(own.run.get().map(|run| &**run)),
            _ => is_same(member.id()) || is_same(member.name()),
        };
        let ids: Vec<&str> =
            self.with_role(InputRole::Baseline).filter(|run| is_named(run)).filter_map(|run| run.id()).collect();
        let refers = |member: &'a Member| match member.typed() {
            Some(Document::Evaluation(own) | Document::Test(own)) => {
                own.run.get().is_some_and(|run| ids.iter().any(|id| same_name(id, run)))
            }
            _ => false,
        };
        let Some(other) = given.find(|member| !is_named(member) && !refers(member)) else { return Ok(None) };
        if !self.terms.may_override_baseline {
            let (file, named) = (other.file().to_owned(), named.to_string());
            return Err(Inadmissible::OtherBaseline { file, named });
        }
        let message =
            format!("compared with {} instead of the baseline that the objectives name ('{}')", first.file(), &**named);
        Ok(Some(Concern { reason: ConcernReason::BaselineOverridden, message }))
    }
}
