//! `reference/unresolved-object`

use crate::diagnostics::Severity;
use crate::documents::Kind;
use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};
use crate::text::nearest;
use crate::workspace::{Resolution, Role};

declare_rule! {
    /// What a document refers to must be found in the workspace.
    ///
    /// A dataset whose datastore was renamed, a step whose module was never published: each document is well formed, and
    /// the pipeline fails on the cluster. Objects are looked up by id, by name whatever its case, and by `name@version`.
    ///
    /// Only kinds that the workspace keeps are looked up: a repository without a single `run` document has its runs
    /// elsewhere, and nothing can be said about them. When only some files of a project were given and no folder says
    /// where the rest is, the finding is a warning; `--workspace` names that folder.
    ///
    /// A step asks a module for one of the versions that the module lists; any other version is not found, even if there is a document
    /// of it.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
    /// version: 1.0.0
    /// location:
    ///   DataStore: credit-leak
    ///   RelativePath: loans/2025.parquet
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 8d7f2d0a-5a51-4f0b-9c0e-1f8a7f3f2b10
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: credit
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
    /// version: 1.0.0
    /// location: {DataStore: Credit-Lake, RelativePath: loans/2025.parquet}
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: datastore
    /// mlSpecVersion: 0.1.0
    /// id: 8d7f2d0a-5a51-4f0b-9c0e-1f8a7f3f2b10
    /// name: credit-lake
    /// type: s3
    /// status: Active
    /// bucket: credit
    /// ```
    pub UNRESOLVED_OBJECT = {
        id: "reference/unresolved-object",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "data/datapath.md, “DataPath always contains reference to DataStore”; modules/module.md, how a module's version is resolved",
        kinds: [],
        check: Workspace(check),
    }
}

/// Of more versions than these, the first are shown.
const MOST_SHOWN: usize = 10;

/// With more candidates than this, comparing each of them to a misspelt name takes longer than a person would wait.
const MOST_CANDIDATES: usize = 500;

fn check(cx: &Context<'_>, workspace: &Linked<'_, '_>, out: &mut Findings<'_>) {
    for (reference, resolution) in workspace.references() {
        let has_own_rule = matches!(reference.field.role, Role::Producer | Role::Rollback | Role::MetricData);
        if *resolution != Resolution::Unknown || has_own_rule || cx.is_faulty(reference.node) {
            continue;
        }
        let text = cx.tree.text(reference.node).unwrap_or("").trim();
        let what = kinds(reference.field.targets);
        let message = format!("{what} {} is referred to, but not found", cx.shown(reference.node));
        let severity = if workspace.is_partial() { Severity::Warning } else { UNRESOLVED_OBJECT.severity };
        let finding = cx.at_value(&UNRESOLVED_OBJECT, reference.node, message).severity(severity);
        let help = match reference.field.role {
            Role::StepModule => not_listed(workspace, text),
            _ => None,
        };
        out.push(finding.help(help.unwrap_or_else(|| self::help(workspace, text, reference.field.targets))));
    }
}

/// Which versions a module lists, where the module of a step is there and the version is not.
fn not_listed(workspace: &Linked<'_, '_>, text: &str) -> Option<String> {
    let Resolution::Found(module) = workspace.lookup(text, &[Kind::Module]) else { return None };
    let listed = workspace.listed_versions(workspace.member(module)?)?;
    let numbers: Vec<&str> = listed.iter().filter_map(|version| version.number).take(MOST_SHOWN).collect();
    Some(match (numbers.as_slice(), text.split_once('@')) {
        ([], _) => "the module lists no versions".to_owned(),
        (_, Some((_, version))) => {
            format!("the module does not list version {version}; it lists {}", numbers.join(", "))
        }
        (_, None) => format!("the module lists {}", numbers.join(", ")),
    })
}

/// What the object could be: "pipeline", "run or pipeline-run".
fn kinds(targets: &[Kind]) -> String {
    targets.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" or ")
}

fn help(workspace: &Linked<'_, '_>, text: &str, targets: &[Kind]) -> String {
    let (name, version) = text.split_once('@').map_or((text, None), |(name, version)| (name, Some(version)));
    let candidates = targets.iter().flat_map(|kind| workspace.of_kind(*kind)).filter_map(|id| workspace.member(*id));
    let candidates: Vec<_> = candidates.take(MOST_CANDIDATES + 1).collect();
    let same = |candidate: &str| candidate.eq_ignore_ascii_case(name);
    let versions = candidates.iter().filter(|candidate| candidate.name().is_some_and(same));
    let versions: Vec<&str> = versions.filter_map(|candidate| candidate.version()).collect();
    if let (Some(version), false) = (version, versions.is_empty()) {
        return format!("there is no version {version} of it; the versions are {}", versions.join(", "));
    }
    let names = candidates.iter().filter_map(|candidate| candidate.name());
    match if candidates.len() > MOST_CANDIDATES { None } else { nearest(name, names) } {
        Some(near) => format!("did you mean '{near}'?"),
        None => "define it in the workspace, or name the folder that does with --workspace".to_owned(),
    }
}
