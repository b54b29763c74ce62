//! What a rule sees of the other documents of the workspace.

use std::cell::OnceCell;
use std::ops::Deref;

use rustc_hash::FxHashMap;

use super::step_runs::{Executed, StepRuns};
use crate::diagnostics::{Finding, Part, Place};
use crate::documents::module_version::ModuleVersion;
use crate::documents::roles::ReferenceRole;
use crate::objectives::gate_inputs::GateInputs;
use crate::objectives::measurements::Evidence;
use crate::workspace::{DocId, Member, Reference, Resolution, Workspace};
use crate::yaml::NodeId;

/// The workspace from the point of view of one of its documents.
pub struct Linked<'a> {
    workspace: Workspace<'a>,
    /// The id of the document in the index.
    pub id: DocId,
    /// The document.
    pub own: &'a Member,
    evidence: OnceCell<Option<Evidence<'a>>>,
    executed: Executed<'a>,
    step_runs: OnceCell<Option<StepRuns<'a>>>,
    /// The module versions that the document's steps refer to, by reference.
    modules: OnceCell<FxHashMap<&'a str, DocId>>,
}

impl<'a> Linked<'a> {
    /// Creates the view of a document. `None` if the workspace has no document with this id.
    #[must_use]
    pub fn new(workspace: Workspace<'a>, executed: &Executed<'a>, id: DocId) -> Option<Self> {
        let (evidence, step_runs, modules) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Some(Self {
            workspace,
            id,
            own: workspace.member(id)?,
            evidence,
            executed: executed.clone(),
            step_runs,
            modules,
        })
    }

    /// Returns what a pipeline run says about the steps of its pipeline. `None` if the pipeline is not in the workspace or has no steps.
    pub(crate) fn step_runs(&self) -> Option<&StepRuns<'a>> {
        self.step_runs.get_or_init(|| StepRuns::of(self, &self.executed)).as_ref()
    }

    /// Returns the module version that a reference of the document's steps resolves to.
    pub fn module_version(&self, reference: &str) -> Option<(&'a ModuleVersion, &'a Member)> {
        let modules = self.modules.get_or_init(|| {
            let of_steps = self.found().filter(|(reference, ..)| reference.role == ReferenceRole::StepModule);
            of_steps.filter_map(|(reference, _, id)| Some((self.own.tree.text(reference.node)?, id))).collect()
        });
        match modules.get(reference) {
            Some(id) => self.workspace.as_module_version(*id),
            None => self.workspace.module_version(reference),
        }
    }

    /// Returns the evidence by which a gate would judge the document. `None` if the document holds no objectives, nothing was measured for
    /// them, or there is too much evidence.
    pub fn evidence(&self) -> Option<&Evidence<'a>> {
        let found = || GateInputs::of(self.workspace, self.id)?.evidence();
        self.evidence.get_or_init(found).as_ref()
    }

    /// Returns the document's references, and what each resolves to.
    pub fn references(&self) -> impl Iterator<Item = (&'a Reference, &'a Resolution)> + use<'a> {
        self.workspace.references_of(self.id)
    }

    /// Returns the document's references that resolve to exactly one object, with the object and its id.
    pub fn found(&self) -> impl Iterator<Item = (&'a Reference, &'a Member, DocId)> + use<'a> {
        let workspace = self.workspace;
        self.references().filter_map(move |(reference, resolution)| match resolution {
            Resolution::Found(found) => Some((reference, workspace.member(*found)?, *found)),
            _ => None,
        })
    }

    /// Returns the documents with these ids, except the document itself.
    pub fn others(&self, members: impl Iterator<Item = DocId>) -> impl Iterator<Item = &'a Member> {
        members.filter(|id| *id != self.id).filter_map(|id| self.member(id))
    }

    /// Adds a place in another document to a finding: that of a node or, without a node, of the document's first key.
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

impl<'a> Deref for Linked<'a> {
    type Target = Workspace<'a>;

    fn deref(&self) -> &Self::Target {
        &self.workspace
    }
}
