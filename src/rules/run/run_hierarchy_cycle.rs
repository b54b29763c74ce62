//! `run/run-hierarchy-cycle`

use crate::documents::roles::ReferenceRole;
use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};

declare_rule! {
    /// No run may be its own ancestor.
    ///
    /// A run is started by its parent, so the chain of parents ends at a run that nobody started. Tools that walk up the chain, to find the
    /// experiment of a result, never return from a cycle. Each run of the cycle is reported, with the path around it.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: search
    /// parent_run_id: 0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32
    /// hyperparameters:
    ///   - {key: seed, value: 17}
    /// code: {repository: "https://git.example.com/credit", commit: 5f2d7c1b9e0a4c8d6b3f1a2e7d9c0b8a4e6f5d31}
    /// datasets:
    ///   - {key: loans, role: training, dataset: loans@1.0.0}
    /// ---
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32
    /// name: trial-1
    /// parent_run_id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// hyperparameters:
    ///   - {key: seed, value: 18}
    /// code: {repository: "https://git.example.com/credit", commit: 5f2d7c1b9e0a4c8d6b3f1a2e7d9c0b8a4e6f5d31}
    /// datasets:
    ///   - {key: loans, role: training, dataset: loans@1.0.0}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: search
    /// hyperparameters:
    ///   - {key: seed, value: 17}
    /// code: {repository: "https://git.example.com/credit", commit: 5f2d7c1b9e0a4c8d6b3f1a2e7d9c0b8a4e6f5d31}
    /// datasets:
    ///   - {key: loans, role: training, dataset: loans@1.0.0}
    /// ---
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32
    /// name: trial-1
    /// parent_run_id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// hyperparameters:
    ///   - {key: seed, value: 18}
    /// code: {repository: "https://git.example.com/credit", commit: 5f2d7c1b9e0a4c8d6b3f1a2e7d9c0b8a4e6f5d31}
    /// datasets:
    ///   - {key: loans, role: training, dataset: loans@1.0.0}
    /// ```
    pub RUN_HIERARCHY_CYCLE = {
        id: "run/run-hierarchy-cycle",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "runs/run.md, “hierarchical structure of runs”",
        kinds: [PipelineRun, Run],
        check: Workspace(check),
    }
}

/// The maximum length of a cycle that is written out.
const MOST_NAMED: usize = 6;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    if !workspace.run_cycles().contains(&workspace.id) {
        return;
    }
    let Some(parent) = workspace.own.references.iter().find(|reference| reference.role == ReferenceRole::Parent) else {
        return;
    };
    let mut around = Vec::new();
    let mut at = workspace.parent_of(workspace.id);
    while let Some(run) = at.filter(|run| *run != workspace.id && around.len() < MOST_NAMED) {
        around.push(run);
        at = workspace.parent_of(run);
    }
    let own = workspace.own.label();
    let message = match around.as_slice() {
        [] => format!("run '{own}' is its own parent"),
        around => {
            let names = around.iter().filter_map(|run| workspace.member(*run)).map(|run| format!("'{}'", run.label()));
            let names: Vec<_> = names.collect();
            let end = if at == Some(workspace.id) { "" } else { " → …" };
            format!("run '{own}' is its own ancestor: '{own}' → {}{end} → '{own}'", names.join(" → "))
        }
    };
    let mut finding = cx.at_value(&RUN_HIERARCHY_CYCLE, parent.node, message);
    for run in around.iter().filter_map(|run| workspace.member(*run)) {
        let node = run.references.iter().find(|reference| reference.role == ReferenceRole::Parent);
        finding = workspace.relate(finding, run, node.map(|reference| reference.node), "the parent of this run");
    }
    out.push(finding.help("a run that no other run started has no `parent_run_id`"));
}
