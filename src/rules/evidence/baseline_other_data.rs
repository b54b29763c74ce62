//! `evidence/baseline-other-data`

use crate::documents::Document;
use crate::documents::field::List;
use crate::objectives::evaluate::Compared;
use crate::objectives::measurements::{Measurements, MetricRecord};
use crate::rules::evidence::{baseline_reference, related_record};
use crate::rules::{Context, Findings, declare_rule};
use crate::rules::{Linked, Reviewed};
use crate::workspace::{DocId, digest_key};

declare_rule! {
    /// The baseline must have been measured on the same data as the candidate.
    ///
    /// Two versions of a dataset are not equally hard, so a change of two points may come from the data alone. If the baseline has no value
    /// on the data that an objective names, the gate has nothing to compare; if data was replaced under the same name, it compares what
    /// cannot be compared. The rule reports a metric that is compared `vs baseline` and that the baseline has only on another version of
    /// the dataset, or on data with another digest. Where both digests are recorded, they decide.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch,credit-test,production
    /// baseline: {run: production-2026-05}
    /// objectives:
    ///   - id: no-step-back
    ///     why: a new model must not find fewer defaults than the one it replaces
    ///     expect: recall drops by at most 2pp vs baseline on holdback
    /// ---
    /// kind: run
    /// metrics: [{key: recall, value: 0.6792, dataset: credit-holdback@0.9.0, count: 4800}]
    /// ```
    /// ```yaml base:credit-launch,credit-test,production
    /// baseline: {run: production-2026-05}
    /// objectives:
    ///   - id: no-step-back
    ///     why: a new model must not find fewer defaults than the one it replaces
    ///     expect: recall drops by at most 2pp vs baseline on holdback
    /// ---
    /// kind: test
    /// datasetDigest: sha256:cf6a13e4220b959a386cf24c0453650cf09c29dabf5866986f4b39c8fa24e6f2
    /// ---
    /// kind: run
    /// datasets:
    ///   - key: holdback
    ///     role: test
    ///     dataset: credit-holdback@1.0.0
    ///     digest: sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch,credit-test,production
    /// baseline: {run: production-2026-05}
    /// objectives:
    ///   - id: no-step-back
    ///     why: a new model must not find fewer defaults than the one it replaces
    ///     expect: recall drops by at most 2pp vs baseline on holdback
    /// ---
    /// kind: run
    /// metrics:
    ///   - {key: recall, value: 0.6792, dataset: credit-holdback@1.0.0, count: 4800}
    /// ```
    pub BASELINE_OTHER_DATA = {
        id: "evidence/baseline-other-data",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "spec/objectives.md: the semantics of mlspec-objectives/1",
        kinds: [Objectives],
        check: Evidence(check),
    }
}

fn check((policy, review): Reviewed<'_, '_>, cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some((own, evidence)) = baseline_reference(workspace).zip(workspace.evidence()) else { return };
    let Some(baseline) = &evidence.baseline else { return };
    let conditions = policy.demands().filter_map(|(_, demand)| demand.condition.as_ref());
    for Compared { metric, candidate: ours, baseline: theirs } in
        conditions.flat_map(|condition| review.compared(condition))
    {
        let data_of = |measurements: &Measurements<'_>, records: &[&MetricRecord<'_>]| -> Vec<Data> {
            records.iter().filter_map(|record| Data::of(record, measurements, workspace)).collect()
        };
        let (our_data, their_data) = (data_of(&evidence.candidate, &ours), data_of(baseline, &theirs));
        // Records differ for certain only if the data of all of them is known.
        let is_known = our_data.len() == ours.len() && their_data.len() == theirs.len() && !ours.is_empty();
        let differ = |one: &Data| their_data.iter().all(|other| one.is_known_to_differ(other));
        let (Some(record), Some(theirs_data)) = (theirs.first(), their_data.first()) else { continue };
        let Some(ours_data) = our_data.first().filter(|_| is_known && our_data.iter().all(differ)) else { continue };
        let name = policy.metrics.get(metric).map_or("", |metric| metric.name.as_str());
        let what = if ours_data.key == theirs_data.key {
            format!("other data than the candidate: the digests of '{}' differ", theirs_data.text)
        } else {
            format!("'{}', the candidate on '{}'", theirs_data.text, ours_data.text)
        };
        let finding = cx.at_value(&BASELINE_OTHER_DATA, own.node, format!("the baseline measured '{name}' on {what}"));
        let finding = finding.help("measure the baseline on the data of the candidate");
        let finding = ours.iter().take(1).fold(finding, |finding, own| match evidence.candidate.origin(own) {
            Some(origin) => related_record(finding, workspace, origin, own),
            None => finding,
        });
        out.push(match baseline.origin(record) {
            Some(origin) => related_record(finding, workspace, origin, record),
            None => finding,
        });
        return;
    }
}

/// The data that a record was measured on.
struct Data {
    text: String,
    key: String,
    digest: Option<String>,
}

impl Data {
    fn of(record: &MetricRecord<'_>, measurements: &Measurements<'_>, workspace: &Linked<'_>) -> Option<Self> {
        let on = record.dataset.as_ref()?;
        let member = workspace.member(DocId::from_index(measurements.origin(record)?.source))?;
        Some(Self {
            text: on.text.to_owned(),
            key: on.key.to_string(),
            digest: digest(member.typed()?, &on.key, workspace),
        })
    }

    /// Whether the data differs for certain: by digest or, if a digest is not recorded, by the versions under one name.
    fn is_known_to_differ(&self, other: &Self) -> bool {
        if let (Some(own), Some(other)) = (&self.digest, &other.digest) {
            return own != other;
        }
        let (Some(name), Some(its_name)) = (self.text.split_once('@'), other.text.split_once('@')) else {
            return false;
        };
        self.key != other.key && name.0.eq_ignore_ascii_case(its_name.0) && name.1 != its_name.1
    }
}

/// Returns the digest that a document records for a dataset.
fn digest(document: &Document, key: &str, workspace: &Linked<'_>) -> Option<String> {
    let datasets = match document {
        Document::Evaluation(own) | Document::Test(own) => {
            let is_of_all = own.dataset.get().is_some_and(|own| workspace.dataset_key(own) == key);
            return own.dataset_digest.get().filter(|_| is_of_all).and_then(|digest| lower(digest));
        }
        Document::Run(run) => run.datasets.get(),
        Document::PipelineRun(run) => run.datasets.get(),
        _ => None,
    };
    let mut datasets = datasets.into_iter().flat_map(List::iter).map(|(_, dataset)| dataset);
    let own = datasets.find(|own| own.dataset.get().is_some_and(|own| workspace.dataset_key(own) == key))?;
    own.digest.get().and_then(|digest| lower(digest))
}

fn lower(digest: &str) -> Option<String> {
    (!digest.is_empty()).then(|| digest_key(digest).into_owned())
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::{changed, tested};
    use crate::rules::testing::found;

    const A: &str = "sha256:cf6a13e4220b959a386cf24c0453650cf09c29dabf5866986f4b39c8fa24e6f2";
    const B: &str = "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";

    #[track_caller]
    fn assert_other(baseline: (&str, &str), candidate: &str, is_other: bool) {
        let change =
            ("expect: recall >= 65%", "expect: recall drops by at most 2pp vs baseline on holdback and recall >= 65%");
        let text = changed(&[("metrics:\n", "baseline: {run: production}\nmetrics:\n"), change]);
        let (dataset, digest) = baseline;
        let run = "---\nkind: run\nmlSpecVersion: 0.1.0\nid: e6ac09bf-5225-49c0-9c6d-95f8c293ee73\nname: production\n";
        let run = format!(
            "{run}datasets: [{{key: a, dataset: {dataset}, digest: '{digest}'}}]\nmetrics:\n  - {{key: recall, value: 0.7, dataset: {dataset}, count: 4800}}\n"
        );
        let test = tested("  - {key: recall, value: 0.7208, count: 4800}\n");
        let test = test.replace("name: credit-test\n", &format!("name: credit-test\ndatasetDigest: '{candidate}'\n"));
        let found = found(&(text.clone() + &test + &run));
        let own: Vec<_> = found.iter().filter(|(rule, ..)| *rule == "evidence/baseline-other-data").collect();
        assert_eq!(own.len(), usize::from(is_other), "{text}{test}{run}{found:#?}");
    }

    #[test]
    fn digests_decide_where_both_are_recorded() {
        assert_other(("credit-holdback@1.0.0", A), A, false);
        assert_other(("credit-holdback@1.0.0", B), A, true);
        assert_other(("credit-holdback@0.9.0", A), A, false);
        assert_other(("credit-holdback@0.9.0", B), A, true);
        assert_other(("credit-holdback@1.0.0", B), "", false);
        // Another name may refer to the same data.
        assert_other(("holdback-2026", ""), A, false);
        assert_other(("credit-holdback@0.9.0", ""), A, true);
    }
}
