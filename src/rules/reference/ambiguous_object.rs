//! `reference/ambiguous-object`

use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::{Member, Resolution};

declare_rule! {
    /// A reference must lead to one object.
    ///
    /// If two objects have the name that a document refers to, one reader takes the first and another the last, and their results differ.
    /// This tool does not guess: it takes neither of the objects as the target. A name without a version stands for the newest version of
    /// one thing, which is not ambiguous.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: evaluation
    /// mlSpecVersion: 0.1.0
    /// id: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: loans-evaluation
    /// model: credit-default
    /// dataset: loans
    /// run: nightly
    /// performedOn: 2026-08-20T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.72}
    /// ---
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 592f0c1c-72ae-4236-9202-7e6aff1954f4
    /// name: nightly
    /// hyperparameters:
    ///   - {key: seed, value: 17}
    /// code: {repository: "https://git.example.com/credit", commit: 5f2d7c1b9e0a4c8d6b3f1a2e7d9c0b8a4e6f5d31}
    /// datasets:
    ///   - {key: loans, role: training, dataset: loans@1.0.0}
    /// ---
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32
    /// name: nightly
    /// hyperparameters:
    ///   - {key: seed, value: 18}
    /// code: {repository: "https://git.example.com/credit", commit: 5f2d7c1b9e0a4c8d6b3f1a2e7d9c0b8a4e6f5d31}
    /// datasets:
    ///   - {key: loans, role: training, dataset: loans@1.0.0}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: evaluation
    /// mlSpecVersion: 0.1.0
    /// id: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: loans-evaluation
    /// model: credit-default
    /// dataset: loans
    /// run: 0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32
    /// performedOn: 2026-08-20T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.72}
    /// ---
    /// kind: run
    /// mlSpecVersion: 0.1.0
    /// id: 0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32
    /// name: nightly
    /// hyperparameters:
    ///   - {key: seed, value: 18}
    /// code: {repository: "https://git.example.com/credit", commit: 5f2d7c1b9e0a4c8d6b3f1a2e7d9c0b8a4e6f5d31}
    /// datasets:
    ///   - {key: loans, role: training, dataset: loans@1.0.0}
    /// ```
    pub AMBIGUOUS_OBJECT = {
        id: "reference/ambiguous-object",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "common/object.md, a name is for “uniquely identifying an object”",
        kinds: [],
        check: Workspace(check),
    }
}

/// The maximum number of objects with the same name that are shown.
const SHOWN: usize = 4;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    for (reference, resolution) in workspace.references() {
        let Resolution::Ambiguous(candidates) = resolution else { continue };
        let count = candidates.len();
        let candidates: Vec<_> = candidates.iter().take(SHOWN).filter_map(|id| workspace.member(*id)).collect();
        let named = |own: &&Member| match own.id() {
            Some(id) => format!("{} {id}", own.kind),
            None => format!("a {} without an id", own.kind),
        };
        let names: Vec<String> = candidates.iter().map(named).collect();
        let more = if count > SHOWN { ", …" } else { "" };
        let message =
            format!("{} is the name of {count} objects: {}{more}", cx.shown(reference.node), names.join(", "));
        let ids: Vec<&str> = candidates.iter().filter_map(|candidate| candidate.id()).collect();
        let help = match ids.as_slice() {
            [] => "give each of them an id, and refer to one of them by it".to_owned(),
            ids => format!("refer to one of them by its id: {}", ids.join(", ")),
        };
        let mut finding = cx.at_value(&AMBIGUOUS_OBJECT, reference.node, message).help(help);
        for candidate in candidates {
            let what = format!("this {}", candidate.kind.name());
            finding = workspace.relate(finding, candidate, candidate.object.name, what);
        }
        out.push(finding);
    }
}
