//! `evidence/test-not-separate-run`

use rustc_hash::FxHashMap;

use crate::diagnostics::Finding;
use crate::documents::artifact::ArtifactType;
use crate::documents::objectives::DataStage;
use crate::documents::{Document, Kind};
use crate::objectives::measurements::{MeasuredIn, MetricRecord};
use crate::objectives::policy::Policy;
use crate::rules::Linked;
use crate::rules::evidence::related_record;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::{DocId, Resolution, field, timestamp};

declare_rule! {
    /// Hold-back data must be measured by a test of the final model, and not by the evaluation.
    ///
    /// The gate takes the values on hold-back data from wherever they are recorded. If the evaluation records them too, the hold-back data
    /// was used while the model was still being chosen, and an objective on `stage: test` passes without any test. The rule reports data of
    /// `stage: test` on which the newest evaluation of these objectives has metrics. `lifecycle/test-not-separate` reports an evaluation
    /// and a test that are one run, and `split/holdout-reused` those that name one dataset.
    ///
    /// The rule also reports a test that is older than the model, because it tested another one: an artifact of type MODEL has the name of
    /// the model, and the run that created it was submitted after the test was performed.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// kind: evaluation
    /// mlSpecVersion: 0.1.0
    /// id: 0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32
    /// name: credit-evaluation
    /// model: credit-default
    /// dataset: credit-validation@1.2.0
    /// performedOn: 2026-08-20T04:00:00Z
    /// objectives: credit-default-launch
    /// metrics:
    ///   - {key: recall, value: 0.7315, count: 3200}
    ///   - {key: recall, value: 0.7208, count: 4800, dataset: credit-holdback@1.0.0}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch,credit-test
    /// kind: evaluation
    /// mlSpecVersion: 0.1.0
    /// id: 0e4b7a91-35c2-4d1f-9f86-8c7d6e5f4a32
    /// name: credit-evaluation
    /// model: credit-default
    /// dataset: credit-validation@1.2.0
    /// performedOn: 2026-08-20T04:00:00Z
    /// objectives: credit-default-launch
    /// metrics:
    ///   - {key: recall, value: 0.7315, count: 3200}
    /// ```
    pub TEST_NOT_SEPARATE_RUN = {
        id: "evidence/test-not-separate-run",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 9, “This MUST BE A SEPARATE STEP FROM #8.”",
        kinds: [Objectives],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let (Some(policy), Some(evidence)) = (cx.policy(), workspace.evidence()) else { return };
    let measurements = &evidence.candidate;
    let is_tested = measurements.documents.iter().any(|document| document.kind == Kind::Test);
    // The first record of the evaluation for each dataset.
    let mut evaluated: FxHashMap<&str, (&MetricRecord<'_>, &MeasuredIn<'_>)> = FxHashMap::default();
    for record in &measurements.records {
        let Some(origin) = measurements.origin(record).filter(|origin| origin.kind == Kind::Evaluation) else {
            continue;
        };
        let names_data =
            || origin.tree.parent(record.node).is_some_and(|metric| field(origin.tree, metric, "dataset").is_some());
        if let Some(on) = record.dataset.as_ref().filter(|_| !is_tested || names_data()) {
            evaluated.entry(&on.key).or_insert((record, origin));
        }
    }
    let of_test = policy.datasets.iter().filter(|data| data.stage == Some(DataStage::Test));
    for (text, node) in of_test.filter_map(|data| data.reference.as_ref()) {
        let Some((record, origin)) = evaluated.get(workspace.dataset_key(text).as_str()) else { continue };
        let label = workspace.member(DocId::from_index(origin.source)).map_or("", |member| member.label());
        let message = format!("the evaluation '{label}' has metrics on the hold-back data {}", cx.shown(*node));
        let finding = cx.at_value(&TEST_NOT_SEPARATE_RUN, *node, message);
        let finding = finding.help("measure on hold-back data once, in a test of its own");
        out.push(related_record(finding, workspace, origin, record));
    }
    out.extend(of_an_older_model(policy, cx, workspace));
}

/// Reports a newest test that was performed before the run that created the model, according to the artifact of the model.
fn of_an_older_model(policy: &Policy, cx: &Context<'_>, workspace: &Linked<'_>) -> Option<Finding> {
    let [newest] = *workspace.newest_measured(workspace.id, Kind::Test) else { return None };
    let test = workspace.member(newest)?;
    let Document::Test(measured) = test.typed()? else { return None };
    let Resolution::Found(artifact) = workspace.lookup(measured.model.get()?, &[Kind::Artifact]) else { return None };
    let Document::Artifact(artifact) = workspace.member(artifact)?.typed()? else { return None };
    let maker =
        artifact.created_by_run_id.get().filter(|_| artifact.artifact_type.get() == Some(&ArtifactType::Model))?;
    let Resolution::Found(maker) = workspace.lookup(maker, &[Kind::Run, Kind::PipelineRun]) else { return None };
    let made = match workspace.member(maker)?.typed()? {
        Document::Run(run) => run.submitted_date.get()?,
        Document::PipelineRun(run) => run.submitted_date.get()?,
        _ => return None,
    };
    let (performed, node) = measured.performed_on.located()?;
    if timestamp(performed)? >= timestamp(made)? {
        return None;
    }
    let data = policy.datasets.iter().find(|data| data.stage == Some(DataStage::Test))?;
    let (_, place) = data.reference.as_ref()?;
    let message = format!("the test '{}' is older than the model, so it tested another one", test.label());
    let finding = cx.at_value(&TEST_NOT_SEPARATE_RUN, *place, message).help("test the model that is to be deployed");
    let when = test.tree.span(test.tree.resolve(node));
    Some(finding.related_in(test.file(), when, format!("the model's run was submitted at {}", &**made)))
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::{changed, tested};
    use crate::rules::testing::found;

    #[test]
    fn a_test_that_is_older_than_the_model_is_of_another_one() {
        let test = tested("  - {key: recall, value: 0.7208, count: 4800}\n");
        let of = |kind: &str, submitted: &str| {
            let artifact = format!(
                "---\nkind: artifact\nmlSpecVersion: 0.1.0\nid: 0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d\nname: credit-default\nartifact_type: {kind}\ncreated_by_run_id: 1a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d\n"
            );
            let run = format!(
                "---\nkind: run\nmlSpecVersion: 0.1.0\nid: 1a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d\nname: fit\nsubmittedDate: {submitted}\n"
            );
            let found = found(&(changed(&[]) + &test + &artifact + &run));
            let own = found.iter().filter(|(rule, ..)| *rule == "evidence/test-not-separate-run");
            own.map(|(_, place, _)| place.clone()).collect::<Vec<_>>()
        };
        assert_eq!(of("MODEL", "2026-08-30T00:00:00Z"), ["credit-holdback@1.0.0"]);
        assert_eq!(of("MODEL", "2026-08-01T00:00:00Z"), [""; 0]);
        assert_eq!(of("DATA", "2026-08-30T00:00:00Z"), [""; 0]);
    }

    #[test]
    fn an_evaluation_on_hold_back_data_is_one_finding() {
        let test = tested("  - {key: recall, value: 0.7208, count: 4800}\n");
        let evaluation = |dataset: &str, records: &str| {
            let text =
                tested(records).replace("kind: test", "kind: evaluation").replace("id: 6f1d2c3b", "id: 6f1d2c3c");
            text.replace("dataset: credit-holdback@1.0.0", &format!("dataset: {dataset}"))
                .replace("2026-08-24", "2026-08-20")
        };
        let plain = "  - {key: recall, value: 0.7, count: 3000}\n";
        let named = "  - {key: recall, value: 0.7, count: 3000, dataset: Credit-Holdback@1.0.0}\n";
        const RULE: &str = "evidence/test-not-separate-run";
        for (documents, rules) in [
            (evaluation("credit-validation@1.2.0", plain) + &test, &[][..]),
            (evaluation("credit-validation@1.2.0", named) + &test, &[RULE]),
            (evaluation("credit-validation@1.2.0", named), &[RULE]),
            (evaluation("credit-holdback@1.0.0", plain), &[RULE]),
            (evaluation("credit-holdback@1.0.0", plain) + &test, &["split/holdout-reused"]),
        ] {
            let found = found(&(changed(&[]) + &documents));
            assert_eq!(found.iter().map(|(rule, ..)| *rule).collect::<Vec<_>>(), rules, "{documents}{found:#?}");
        }
    }
}
