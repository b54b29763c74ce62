//! What a rule sees of the documents beside its own.

use std::cell::OnceCell;
use std::ops::Deref;

use super::step_runs::{Executed, StepRuns};
use crate::diagnostics::{Finding, Part, Place};
use crate::objectives::gate_inputs::Candidates;
use crate::objectives::measurements::Evidence;
use crate::workspace::{Member, MemberId, Reference, Resolution, Workspace};
use crate::yaml::NodeId;

/// The workspace as one of its documents sees it.
pub struct Linked<'w, 'a> {
    workspace: &'w Workspace<'a>,
    /// The number of the document.
    pub id: MemberId,
    /// The document.
    pub own: &'a Member,
    evidence: OnceCell<Option<Evidence<'a>>>,
    executed: &'w Executed<'a>,
    step_runs: OnceCell<Option<StepRuns<'a>>>,
}

impl<'w, 'a> Linked<'w, 'a> {
    /// The view of the document with this number.
    #[must_use]
    pub fn new(workspace: &'w Workspace<'a>, executed: &'w Executed<'a>, id: MemberId) -> Option<Self> {
        let own = workspace.member(id)?;
        Some(Self { workspace, id, own, evidence: OnceCell::new(), executed, step_runs: OnceCell::new() })
    }

    /// What a pipeline run says of the steps of its pipeline, if that is at hand and has some.
    pub(crate) fn step_runs(&self) -> Option<&StepRuns<'a>> {
        self.step_runs.get_or_init(|| StepRuns::of(self, self.executed)).as_ref()
    }

    /// What a gate would judge the document by, if it holds objectives, anything was measured for them, and it is not too much.
    pub fn evidence(&self) -> Option<&Evidence<'a>> {
        let found = || Candidates::of(self.workspace, self.id)?.evidence();
        self.evidence.get_or_init(found).as_ref()
    }

    /// The document's references, and what each leads to.
    pub fn references(&self) -> impl Iterator<Item = (&'a Reference, &'w Resolution)> {
        self.workspace.references_of(self.id)
    }

    /// The document's references that lead to one object, with the object and its number.
    pub fn found(&self) -> impl Iterator<Item = (&'a Reference, &'a Member, MemberId)> {
        self.references().filter_map(|(reference, resolution)| match resolution {
            Resolution::Found(found) => Some((reference, self.member(*found)?, *found)),
            _ => None,
        })
    }

    /// Other documents of the workspace among some.
    pub fn others<'m>(&self, members: &'m [MemberId]) -> impl Iterator<Item = &'a Member> + use<'m, '_, 'w, 'a> {
        members.iter().filter(|id| **id != self.id).filter_map(|id| self.member(*id))
    }

    /// A finding with a place of another document, by its node; the document's first key where there is no node.
    #[must_use]
    pub fn relate(
        &self,
        finding: Finding,
        other: &Member,
        node: Option<NodeId>,
        message: impl Into<String>,
    ) -> Finding {
        let part = if node.is_some() { Part::Value } else { Part::Key };
        let place = Place::of(&other.tree, other.position, node.unwrap_or(other.root), part);
        if other.file() == self.own.file() {
            finding.related(place.span, message)
        } else {
            finding.related_in(other.file(), place.span, message)
        }
    }
}

impl<'a> Deref for Linked<'_, 'a> {
    type Target = Workspace<'a>;

    fn deref(&self) -> &Self::Target {
        self.workspace
    }
}
