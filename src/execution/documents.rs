//! The documents that tell of an execution.

use std::collections::BTreeSet;

use super::PipelineExecution;
use crate::documents::Kind;
use crate::documents::roles::ReferenceRole;
use crate::workspace::{DocId, Resolution};

impl PipelineExecution<'_> {
    /// Returns the documents from which everything here is known: the runs, the pipeline with its modules, the data, what was made, and the
    /// stores of these.
    #[must_use]
    pub fn documents(&self) -> BTreeSet<DocId> {
        let workspace = self.workspace();
        let mut found: BTreeSet<DocId> = self.runs.iter().map(|run| run.id).collect();
        found.insert(self.pipeline.id);
        // What names the run as its parent may have been executed beside its steps.
        found.extend(self.children());
        for run in &self.runs {
            found.extend(self.artifact_documents(run).map(|(id, _)| id));
        }
        let is_followed = |role: ReferenceRole, targets: &[Kind]| {
            matches!(
                role,
                ReferenceRole::RunData
                    | ReferenceRole::PipelineData
                    | ReferenceRole::MetricData
                    | ReferenceRole::StepModule
                    | ReferenceRole::OwnModule
                    | ReferenceRole::Child
            ) || targets == [Kind::Datastore]
        };
        let mut open: Vec<DocId> = found.iter().copied().collect();
        while let Some(id) = open.pop() {
            for (reference, resolution) in workspace.references_of(id) {
                if let Resolution::Found(other) = resolution
                    && is_followed(reference.role, reference.targets)
                    && found.insert(*other)
                {
                    open.push(*other);
                }
            }
        }
        found
    }
}
