//! `split/holdout-reused`

use crate::documents::field::List;
use crate::documents::measured::Measured;
use crate::documents::run::RunDataset;
use crate::documents::{Document, Kind};
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::{Linked, Member, MemberId, Resolution};
use crate::yaml::NodeId;

declare_rule! {
    /// Hold-back data must not be used before the test.
    ///
    /// The test says how the model does on data that nothing was decided with. Data that a run trained on, or that the
    /// evaluation chose the model by, says how well it was remembered, and the number is too good. Data is the same when
    /// its digests are equal, or, where one of them is not recorded, when the same dataset is named.
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

/// Data as a record names it.
#[derive(PartialEq)]
struct Data<'a> {
    dataset: Named<'a>,
    digest: Option<&'a str>,
}

/// A dataset: the object that a reference leads to, else the reference.
#[derive(PartialEq)]
enum Named<'a> {
    Object(MemberId),
    Text(&'a str),
    Nothing,
}

impl<'a> Data<'a> {
    fn new(workspace: &Linked<'_, '_>, dataset: Option<&'a str>, digest: Option<&'a str>) -> Self {
        let dataset = match dataset.map(|text| (text, workspace.lookup(text, &[Kind::Dataset]))) {
            Some((_, Resolution::Found(found))) => Named::Object(found),
            Some((text, _)) => Named::Text(text),
            None => Named::Nothing,
        };
        Self { dataset, digest }
    }

    fn is_same(&self, other: &Self) -> bool {
        match (self.digest, other.digest) {
            (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
            _ => self.dataset != Named::Nothing && self.dataset == other.dataset,
        }
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_, '_>, out: &mut Findings<'_>) {
    let Some(Document::Test(test)) = cx.typed() else { return };
    let Some((_, node)) = test.dataset.located() else { return };
    let held_back = measured_data(workspace, test);
    let mut report = |what: &str, other: &Member, at: Option<NodeId>| {
        let message = format!("the hold-back data {} is also what {what}", cx.shown(node));
        let finding = cx.at_value(&HOLDOUT_REUSED, node, message).help("test on data that nothing was decided with");
        out.push(workspace.relate(finding, other, at, "used here"));
    };
    for member in workspace.others(workspace.of_kind(Kind::Evaluation)) {
        let Some(Document::Evaluation(evaluation)) = member.typed() else { continue };
        let same_model = test.model.get().zip(evaluation.model.get()).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b));
        if same_model && held_back.is_same(&measured_data(workspace, evaluation)) {
            report("the evaluation of the model read", member, evaluation.dataset.node());
        }
    }
    let own_run = test.run.get().map(|run| workspace.lookup(run, &[Kind::Run, Kind::PipelineRun]));
    for id in workspace.of_kind(Kind::Run).iter().chain(workspace.of_kind(Kind::PipelineRun)) {
        if own_run == Some(Resolution::Found(*id)) {
            continue;
        }
        let Some(member) = workspace.member(*id) else { continue };
        let datasets = match member.typed() {
            Some(Document::Run(run)) => run.datasets.get(),
            Some(Document::PipelineRun(run)) => run.datasets.get(),
            _ => None,
        };
        let used = datasets.into_iter().flat_map(List::iter).find(|(_, dataset)| {
            let data = Data::new(workspace, dataset.dataset.get().map(|text| &**text), dataset.digest.get().map(|text| &**text));
            decides(dataset) && held_back.is_same(&data)
        });
        if let Some((node, dataset)) = used {
            let role = dataset.role.get().map_or("", |role| &**role);
            report(&format!("the run '{}' read for {role}", member.label()), member, Some(node));
        }
    }
}

fn measured_data<'a>(workspace: &Linked<'_, '_>, measured: &'a Measured) -> Data<'a> {
    let text = |reference: &'a crate::documents::common::Reference| &**reference;
    Data::new(workspace, measured.dataset.get().map(text), measured.dataset_digest.get().map(|digest| &**digest))
}

/// Whether a run decided something with data: its role says so.
fn decides(dataset: &RunDataset) -> bool {
    const ROLES: &[&str] = &["train", "valid", "eval", "tun", "fit", "dev"];
    let role = dataset.role.get().map(|role| role.to_ascii_lowercase()).unwrap_or_default();
    ROLES.iter().any(|word| role.contains(word))
}
