//! Measurements of the model file that is judged, on the data of its test, that nobody named.

use jiff::Timestamp;
use rustc_hash::FxHashSet;

use super::{ChoiceError, GateInputs};
use crate::documents::field::List;
use crate::documents::{Document, Kind};
use crate::objectives::as_of::AsOf;
use crate::objectives::measurements::instants;
use crate::objectives::provenance::measured_files;
use crate::workspace::{DataUse, DocId, Index, Member, Workspace};

/// Checks that no other measurement of the same file on the same data is passed over: neither a test that is as new, newer, or of nobody
/// knows when, which may have other results, nor an evaluation, by which something was decided. What is of after `as_of` is not known yet.
pub(super) fn none_is_passed_over(
    index: &Index,
    objectives: Option<&Member>,
    judged: &[Member],
    chosen: &[Member],
    as_of: Option<AsOf>,
) -> Result<(), ChoiceError> {
    let workspace = index.workspace();
    let own = objectives.and_then(|member| index.id_of(member));
    let Some(inputs) = own.and_then(|own| GateInputs::of(workspace, own)) else { return Ok(()) };
    let first_and_last = |member: &Member| member.recorded_on().and_then(|(text, _)| instants(text));
    let end = as_of.and_then(AsOf::end);
    for test in judged.iter().filter(|member| member.kind == Kind::Test) {
        let files = measured_files(workspace, test);
        let data = index.id_of(test).map(|id| data_measured(workspace, id)).unwrap_or_default();
        let own_date = first_and_last(test);
        let is_other = |id: &DocId| {
            workspace.member(*id).is_some_and(|other| {
                let other_date = first_and_last(other);
                let date = other_date.map(|(first, _)| first);
                let is_newer = own_date.zip(other_date).is_none_or(|(own, other)| may_be_newer(own, other));
                !chosen.iter().any(|own| own.is(other))
                    && (other.kind == Kind::Evaluation || is_newer && !inputs.names_other_objectives(*id))
                    && date.zip(end).is_none_or(|(date, end)| date < end)
                    && !files.is_disjoint(&measured_files(workspace, other))
                    && data_measured(workspace, *id).iter().any(|own| data.iter().any(|other| is_same(own, other)))
            })
        };
        for kind in [Kind::Test, Kind::Evaluation] {
            let Some(other) = workspace.of_kind(kind).find(is_other).and_then(|id| workspace.member(id)) else {
                continue;
            };
            let age = match own_date.zip(first_and_last(other)) {
                Some(((_, last), (date, _))) if date > last => "a newer",
                _ => "possibly a newer",
            };
            let (file, test) = (other.file().to_owned(), test.label().to_owned());
            return Err(match kind {
                Kind::Test => ChoiceError::NewerTest { file, age, test },
                _ => ChoiceError::EvaluatedOnTestData { file, test },
            });
        }
    }
    Ok(())
}

/// Returns whether another test is newer, as new, or may be. Two days, or two times without a zone, are compared as they are written.
fn may_be_newer(own: (Timestamp, Timestamp), other: (Timestamp, Timestamp)) -> bool {
    let is_exact = |(first, last): (Timestamp, Timestamp)| first == last;
    if is_exact(own) == is_exact(other) { other.0 >= own.0 } else { other.1 >= own.0 }
}

/// Returns whether both are the same data, by what either says of it: one may state another digest for the dataset that both name.
pub(super) fn is_same(own: &DataUse<'_>, other: &DataUse<'_>) -> bool {
    own.is_same(other) || own.dataset.is_some() && own.dataset == other.dataset
}

/// Returns the data that an evaluation or test measured on: that of the whole document, and that of single metrics.
pub(super) fn data_measured(workspace: Workspace<'_>, id: DocId) -> Vec<DataUse<'_>> {
    let metrics = match workspace.member(id).and_then(|member| member.typed()) {
        Some(Document::Evaluation(own) | Document::Test(own)) => own.metrics.get(),
        _ => None,
    };
    let named = metrics.into_iter().flat_map(List::iter).filter_map(|(_, metric)| metric.dataset.located());
    let mut known = FxHashSet::default();
    let named = named.map(|(dataset, node)| (&**dataset, node)).filter(|(dataset, _)| known.insert(*dataset));
    let of_metrics = named.filter_map(|(dataset, node)| {
        let found = workspace.lookup(dataset, &[Kind::Dataset]).found();
        workspace.data_named(id, node, found)
    });
    workspace.data_read_by(id).into_iter().chain(of_metrics).collect()
}
