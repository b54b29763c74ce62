//! What a rule sees of the documents beside its own.

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

/// The workspace as one of its documents sees it.
pub struct Linked<'a> {
    workspace: Workspace<'a>,
    /// The number of the document.
    pub id: DocId,
    /// The document.
    pub own: &'a Member,
    evidence: OnceCell<Option<Evidence<'a>>>,
    executed: Executed<'a>,
    step_runs: OnceCell<Option<StepRuns<'a>>>,
    /// The versions of modules that steps stand for, by what the steps call them.
    modules: OnceCell<FxHashMap<&'a str, DocId>>,
}

impl<'a> Linked<'a> {
    /// The view of the document with this number.
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

    /// What a pipeline run says of the steps of its pipeline, if that is at hand and has some.
    pub(crate) fn step_runs(&self) -> Option<&StepRuns<'a>> {
        self.step_runs.get_or_init(|| StepRuns::of(self, &self.executed)).as_ref()
    }

    /// The version of a module that a step of the document stands for, as its reference was looked up.
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

    /// What a gate would judge the document by, if it holds objectives, anything was measured for them, and it is not too much.
    pub fn evidence(&self) -> Option<&Evidence<'a>> {
        let found = || GateInputs::of(self.workspace, self.id)?.evidence();
        self.evidence.get_or_init(found).as_ref()
    }

    /// The document's references, and what each leads to.
    pub fn references(&self) -> impl Iterator<Item = (&'a Reference, &'a Resolution)> + use<'a> {
        self.workspace.references_of(self.id)
    }

    /// The document's references that lead to one object, with the object and its number.
    pub fn found(&self) -> impl Iterator<Item = (&'a Reference, &'a Member, DocId)> + use<'a> {
        let workspace = self.workspace;
        self.references().filter_map(move |(reference, resolution)| match resolution {
            Resolution::Found(found) => Some((reference, workspace.member(*found)?, *found)),
            _ => None,
        })
    }

    /// Other documents of the workspace among some.
    pub fn others(&self, members: impl Iterator<Item = DocId>) -> impl Iterator<Item = &'a Member> {
        members.filter(|id| *id != self.id).filter_map(|id| self.member(id))
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

impl<'a> Deref for Linked<'a> {
    type Target = Workspace<'a>;

    fn deref(&self) -> &Self::Target {
        &self.workspace
    }
}
