//! `split/holdout-reused`

use crate::documents::roles::ReferenceRole;
use rustc_hash::FxHashSet;

use crate::documents::Kind;
use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};
use crate::text::Words;
use crate::workspace::{DocId, Member, Reference};
use crate::yaml::NodeId;

declare_rule! {
    /// Hold-back data must not be used before the test.
    ///
    /// The test says how the model does on data that influenced no decision. On data that a run trained on, or by which the evaluation
    /// chose the model, it says how well the data was remembered, and the number is too good. Data is the same if its digests are equal,
    /// those recorded or those of the datasets; if one of them is not known, when it is at the same location, or the same dataset is named.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: test
    /// mlSpecVersion: 0.1.0
    /// id: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test
    /// model: credit-default
    /// dataset: loans-2026@1.0.0
    /// performedOn: 2026-08-24T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.72}
    /// ---
    /// kind: evaluation
    /// mlSpecVersion: 0.1.0
    /// id: 0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32
    /// name: credit-evaluation
    /// model: credit-default
    /// dataset: loans-2026@1.0.0
    /// performedOn: 2026-08-20T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.73}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: test
    /// mlSpecVersion: 0.1.0
    /// id: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test
    /// model: credit-default
    /// dataset: loans-holdback@1.0.0
    /// performedOn: 2026-08-24T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.72}
    /// ---
    /// kind: evaluation
    /// mlSpecVersion: 0.1.0
    /// id: 0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32
    /// name: credit-evaluation
    /// model: credit-default
    /// dataset: loans-validation@1.0.0
    /// performedOn: 2026-08-20T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.73}
    /// ```
    pub HOLDOUT_REUSED = {
        id: "split/holdout-reused",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 9: the test is performed on a “hold back data set”",
        kinds: [Test],
        check: Workspace(check),
    }
}

/// A use of data by another record.
struct Use<'a> {
    id: DocId,
    member: &'a Member,
    node: NodeId,
    /// The role of the data in a run; `None` for an evaluation.
    role: Option<&'a str>,
}

/// The maximum number of uses of the same data that are checked.
const MOST_LOOKED_AT: usize = 500;

/// The maximum number of uses that are shown.
const MOST_SHOWN: usize = 3;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let is_data = |reference: &&Reference| reference.role == ReferenceRole::MeasuredData;
    let Some(dataset) = workspace.own.references.iter().find(is_data) else { return };
    let Some(own) = workspace.data_read_by(workspace.id).into_iter().next() else { return };
    let by_digest = own.digest.as_deref().into_iter().flat_map(|digest| workspace.with_digest(digest));
    let by_place = own.place.as_deref().into_iter().flat_map(|place| workspace.with_place(place));
    let same = |role, kind| workspace.meaning_the_same(workspace.id, dataset, role, kind).take(MOST_LOOKED_AT);
    let by_name = same(ReferenceRole::MeasuredData, Kind::Evaluation)
        .chain(same(ReferenceRole::RunData, Kind::Run))
        .chain(same(ReferenceRole::RunData, Kind::PipelineRun));
    let by_name = by_name.map(|(id, reference)| (id, reference.node));
    let candidates = by_digest.take(MOST_LOOKED_AT).chain(by_place.take(MOST_LOOKED_AT));
    let mut seen = FxHashSet::default();
    let candidates = candidates.chain(by_name).filter(|used| seen.insert(*used));
    let is_same = |used: &Use<'_>| workspace.data_at(used.id, used.node).is_some_and(|data| own.is_same(&data));
    let uses: Vec<Use<'_>> =
        candidates.filter_map(|(id, node)| decision(workspace, id, node)).filter(is_same).collect();
    let Some(first) = uses.first() else { return };
    let others = match uses.len() - 1 {
        0 => String::new(),
        1 => ", and one more record".to_owned(),
        more => format!(", and {more} more records"),
    };
    let purpose = match first.role {
        Some(role) => format!("the run '{}' read for {role}", first.member.label()),
        None => "the evaluation of the model read".to_owned(),
    };
    let message = format!("the hold-back data {} is also what {purpose}{others}", cx.shown(dataset.node));
    let mut finding = cx.at_value(&HOLDOUT_REUSED, dataset.node, message);
    for used in uses.iter().take(MOST_SHOWN) {
        finding = workspace.relate(finding, used.member, Some(used.node), "used here");
    }
    out.push(finding.help("test on data that nothing was decided with"));
}

/// Returns the use of data by a record. `None` if it did not influence a decision: the evaluation of another model, or a run that tests.
fn decision<'a>(workspace: &Linked<'a>, id: DocId, node: NodeId) -> Option<Use<'a>> {
    let member = workspace.member(id)?;
    let role = match member.kind {
        Kind::Evaluation if same_model(workspace.own, member) => None,
        // Data without a role is not reported: the test's own run lists its data, too.
        Kind::Run | Kind::PipelineRun => Some(beside(member, node, &["role"]).filter(|role| decides(role))?),
        _ => return None,
    };
    Some(Use { id, member, node, role })
}

/// Returns the value of a field in the same mapping as a node.
fn beside<'a>(member: &'a Member, node: NodeId, keys: &[&str]) -> Option<&'a str> {
    let tree = &member.tree;
    let parent = tree.parent(node)?;
    keys.iter().find_map(|key| tree.text(tree.get(parent, key)?.value))
}

fn same_model(a: &Member, b: &Member) -> bool {
    let model = |member: &Member| Some(member.tree.text(member.tree.get(member.root, "model")?.value)?.to_lowercase());
    model(a).is_some_and(|own| model(b) == Some(own))
}

/// Parts of the roles of data that influences decisions of a run.
static DECIDING: Words = Words::in_any_case(&["train", "valid", "eval", "tun", "fit", "dev"]);

fn decides(role: &str) -> bool {
    DECIDING.are_in(role)
}
