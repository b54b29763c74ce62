//! When data was made: nothing was measured on it before.

use rustc_hash::FxHashMap;

use super::{ChoiceError, data_names, lower};
use crate::documents::{Document, Kind};
use crate::objectives::admission::same_name;
use crate::objectives::measurements::instants;
use crate::workspace::{Member, Resolution, Workspace};

/// Checks that no document measured on data before it was made. A reference without a version means the newest one today, which may not be
/// the one that was measured on; and when a version was defined says nothing of one that is named.
pub(super) fn data_was_there(workspace: Workspace<'_>, measured: &[Member]) -> Result<(), ChoiceError> {
    let mut versions: FxHashMap<String, usize> = FxHashMap::default();
    for dataset in workspace.of_kind(Kind::Dataset).filter_map(|id| workspace.member(id)) {
        *versions.entry(dataset.name().map(lower).unwrap_or_default()).or_default() += 1;
    }
    for member in measured {
        // A run may make the data that it measures on, after it was submitted.
        let (end, is_over) = match ended(member) {
            Some(end) => (Some(end), true),
            None => (member.recorded_on().map(|(text, _)| text), false),
        };
        let Some((_, end)) = end.and_then(instants) else { continue };
        for name in data_names(member) {
            let Resolution::Found(found) = workspace.lookup(name, &[Kind::Dataset]) else { continue };
            let Some(dataset) = workspace.member(found) else { continue };
            let Some(Document::Dataset(own)) = dataset.typed() else { continue };
            let is_of_any_version = dataset.name().is_some_and(|own| same_name(own, name));
            let may_be_other = is_of_any_version && versions.get(&lower(name)).is_some_and(|number| *number > 1);
            if !(is_over || may_be_other) {
                continue;
            }
            let defined = own.versioned_on.get().filter(|_| is_of_any_version);
            let made = defined.or(own.date_generated.get());
            let Some(made) = made.filter(|made| instants(made).is_some_and(|(start, _)| start > end)) else { continue };
            return Err(ChoiceError::BeforeData {
                file: member.file().to_owned(),
                dataset: name.to_owned(),
                made: made.to_string(),
                data_file: dataset.file().to_owned(),
            });
        }
    }
    Ok(())
}

/// Returns when a measurement was over, if that is known.
fn ended(member: &Member) -> Option<&str> {
    match member.typed()? {
        Document::Run(run) => run.ended_on.get().map(|end| &**end),
        Document::PipelineRun(run) => run.ended_on.get().map(|end| &**end),
        _ => member.recorded_on().map(|(text, _)| text),
    }
}
