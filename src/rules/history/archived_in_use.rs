//! `history/archived-in-use`

use crate::documents::Kind;
use crate::rules::compared::relate;
use crate::rules::{ComparedDocument, Context, Findings, declare_rule};
use crate::workspace::Member;

declare_rule! {
    /// An object that active pipelines or objectives name must not be archived.
    ///
    /// From now on, the pipeline is blocked, and the objectives cannot be judged. Whoever archives the object is the one who can tell their
    /// owners. Documents that are archived themselves may go on naming it.
    ///
    /// ## Fails
    /// ```yaml before
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// ---
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// id: cc473736-a57e-43db-a9fa-80721175bc97
    /// name: train-card-default
    /// stage: draft
    /// data:
    ///   loans: loans@1.0.0
    /// steps:
    ///   train:
    ///     cmd: python src/train.py
    ///     deps: {path: data/cards.csv}
    ///     outs: {path: models/cards.keras}
    /// ```
    /// ```yaml after
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Archived
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// ---
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// id: cc473736-a57e-43db-a9fa-80721175bc97
    /// name: train-card-default
    /// stage: draft
    /// data:
    ///   loans: loans@1.0.0
    /// steps:
    ///   train:
    ///     cmd: python src/train.py
    ///     deps: {path: data/cards.csv}
    ///     outs: {path: models/cards.keras}
    /// ```
    ///
    /// ## Passes
    /// ```yaml before
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// ---
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// id: cc473736-a57e-43db-a9fa-80721175bc97
    /// name: train-card-default
    /// stage: draft
    /// steps:
    ///   train:
    ///     cmd: python src/train.py
    ///     deps: {path: data/cards.csv}
    ///     outs: {path: models/cards.keras}
    /// ```
    /// ```yaml after
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans
    /// state: Archived
    /// version: 1.0.0
    /// location: s3://credit-default/2026/08/loans.csv
    /// ---
    /// kind: pipeline
    /// mlSpecVersion: 0.1.0
    /// id: cc473736-a57e-43db-a9fa-80721175bc97
    /// name: train-card-default
    /// stage: draft
    /// steps:
    ///   train:
    ///     cmd: python src/train.py
    ///     deps: {path: data/cards.csv}
    ///     outs: {path: models/cards.keras}
    /// ```
    pub ARCHIVED_IN_USE = {
        id: "history/archived-in-use",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "data/dataset.md, “When an Archived Dataset version used in a Pipeline, execution will be blocked with error.”",
        kinds: [],
        check: History(check),
    }
}

fn check(cx: &Context<'_>, compared: &ComparedDocument<'_, '_>, out: &mut Findings<'_>) {
    let linked = compared.linked;
    let own = linked.own;
    if !own.is_archived() || compared.changed().is_none_or(|old| old.is_archived()) {
        return;
    }
    let is_user = |user: &Member| matches!(user.kind, Kind::Pipeline | Kind::Objectives) && !user.is_archived();
    let users = linked.references_to(linked.id).filter(|(id, _)| *id != linked.id);
    let mut users = users.filter_map(|(id, reference)| Some((linked.member(id)?, reference.node)));
    let Some((user, node)) = users.find(|(user, _)| is_user(user)) else { return };
    let (kind, name) = (user.kind.name(), user.label());
    let message =
        format!("the {} '{}' is archived, but the {kind} '{name}' still names it", own.kind.name(), own.label());
    let finding = cx.at_key(&ARCHIVED_IN_USE, own.object.status_node.unwrap_or(cx.root), message);
    let finding = finding.help("deprecate it until nothing uses it, or change what names it together with it");
    let finding = linked.relate(finding, user, Some(node), "here");
    let old = compared.before.map(|old| (old, old.object.status_node));
    out.extend(
        old.map(|(old, node)| relate(finding, old, node, format!("what it was in {}", compared.revision.label()))),
    );
}
