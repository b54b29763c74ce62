//! The data that splits divide.

use crate::documents::Kind;
use crate::documents::roles::ReferenceRole;
use crate::rules::Linked;
use crate::rules::split::{SplitPart, set_misused::set_at};
use crate::workspace::{Member, Reference};
use crate::yaml::NodeId;

/// The maximum number of splits of the same data that are looked at.
const MOST_LOOKED_AT: usize = 100;

/// A split of some data, and a part that the data contains.
pub(crate) struct Divided<'a> {
    /// The split.
    pub split: &'a Member,
    /// Where it names the data.
    pub node: NodeId,
    /// The part.
    pub part: SplitPart,
}

/// Returns a split of the data that a reference of the document names, if one of its sets `is_meant`. The data contains all sets of
/// the split. If it is one of them, that is a fault of the split.
pub(crate) fn divided<'a>(
    workspace: &Linked<'a>,
    reference: &Reference,
    is_meant: impl Fn(SplitPart) -> bool,
) -> Option<Divided<'a>> {
    let same = |role| workspace.meaning_the_same(workspace.id, reference, role, Kind::Split).take(MOST_LOOKED_AT);
    same(ReferenceRole::RecordedData).find_map(|(id, source)| {
        if same(ReferenceRole::SplitSet).any(|(own, _)| own == id) {
            return None;
        }
        let split = workspace.member(id)?;
        let mut sets = split.references.iter().filter(|set| set.role == ReferenceRole::SplitSet);
        let part = sets.find_map(|set| set_at(workspace, id, set.node).filter(|part| is_meant(*part)))?;
        Some(Divided { split, node: source.node, part })
    })
}
