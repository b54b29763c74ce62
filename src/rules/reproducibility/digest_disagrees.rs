//! `reproducibility/digest-disagrees`

use crate::diagnostics::Severity;
use crate::documents::Kind;
use crate::documents::roles::ReferenceRole;
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::{DocId, Member, Reference, field};
use crate::yaml::NodeId;

declare_rule! {
    /// A digest that is recorded for a dataset must be the digest of that dataset.
    ///
    /// A run that names `loans@1.0.0` and records another digest than the dataset has did not read that version: the data was changed in
    /// place, or the reference was copied. The measurement cannot be repeated, and nobody knows which of the two is wrong. If a dataset is
    /// named without a version, the digest of any of its versions is right, and another one is a warning.
    ///
    /// ## Fails
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit/loans/2026.parquet
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: test
    /// mlSpecVersion: 0.1.0
    /// id: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test
    /// model: credit-default
    /// dataset: loans-2026@1.0.0
    /// datasetDigest: sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
    /// performedOn: 2026-08-24T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.72}
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// kind: dataset
    /// mlSpecVersion: 0.1.0
    /// id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
    /// name: loans-2026
    /// state: Active
    /// version: 1.0.0
    /// location: s3://credit/loans/2026.parquet
    /// digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ---
    /// kind: test
    /// mlSpecVersion: 0.1.0
    /// id: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test
    /// model: credit-default
    /// dataset: loans-2026@1.0.0
    /// datasetDigest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// performedOn: 2026-08-24T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.72}
    /// ```
    pub DIGEST_DISAGREES = {
        id: "reproducibility/digest-disagrees",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "data/dataset.md: a version of a dataset never changes; README #6, “Use metadata to detect leakage”",
        kinds: [Evaluation, Ingestion, PipelineRun, Profile, Run, Split, Test, Transformation, Validation],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    for (reference, dataset, id) in workspace.found() {
        let is_recorded = matches!(
            reference.role,
            ReferenceRole::RunData
                | ReferenceRole::MeasuredData
                | ReferenceRole::RecordedData
                | ReferenceRole::SplitSet
                | ReferenceRole::FittedOn
        );
        let Some(recorded) = digest_beside(cx, reference).filter(|_| is_recorded) else { continue };
        let Some((own, own_node)) = digest_of(dataset) else { continue };
        let Some(text) = cx.tree.text(recorded).filter(|_| !cx.is_faulty(recorded)) else { continue };
        if !disagrees(text, own) {
            continue;
        }
        let by_text = cx.tree.text(reference.node).unwrap_or("").trim();
        let is_pinned = by_text.contains('@') || Some(by_text) == dataset.id();
        if !is_pinned && is_of_other_version(workspace, id, text) {
            continue;
        }
        let message = format!("this is not the digest of the dataset {}", cx.shown(reference.node));
        let severity = if is_pinned { DIGEST_DISAGREES.severity } else { Severity::Warning };
        let finding = cx.at_value(&DIGEST_DISAGREES, recorded, message).severity(severity);
        let finding = finding.help("find out which data was read, and name the version of the dataset that it is");
        out.push(workspace.relate(finding, dataset, Some(own_node), "the digest of the dataset"));
    }
}

/// Returns the digest that a document records beside a reference: in the root `sourceDigest` is that of `source`, in a list or a map
/// `digest` that of `dataset`.
fn digest_beside(cx: &Context<'_>, reference: &Reference) -> Option<NodeId> {
    let holder = cx.tree.parent(reference.node)?;
    match reference.path {
        [name] => field(cx.tree, holder, &format!("{name}Digest")),
        _ => field(cx.tree, holder, "digest"),
    }
}

/// Whether two digests belong to different contents. Digests of different algorithms cannot be compared.
pub(crate) fn disagrees(a: &str, b: &str) -> bool {
    match (a.split_once(':'), b.split_once(':')) {
        (Some((algorithm, own)), Some((other_algorithm, other))) => {
            algorithm.eq_ignore_ascii_case(other_algorithm) && !own.eq_ignore_ascii_case(other)
        }
        _ => false,
    }
}

fn digest_of(dataset: &Member) -> Option<(&str, NodeId)> {
    let node = field(&dataset.tree, dataset.root, "digest")?;
    Some((dataset.tree.text(node)?, node))
}

/// Whether a digest is that of any version of a dataset.
fn is_of_other_version(workspace: &Linked<'_>, dataset: DocId, digest: &str) -> bool {
    let Some(name) = workspace.member(dataset).and_then(|dataset| dataset.name()) else { return false };
    let datasets = workspace.of_kind(Kind::Dataset).filter_map(|id| workspace.member(id));
    datasets
        .filter(|other| other.name().is_some_and(|other| other.eq_ignore_ascii_case(name)))
        .filter_map(digest_of)
        .any(|(other, _)| other.eq_ignore_ascii_case(digest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found;

    const A: &str = "sha256:673817a0510e930892b7ffb9acb67d84082623486acf4e9f17b620112b9803f5";
    const B: &str = "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";

    #[test]
    fn digests_of_one_algorithm_are_compared_without_regard_to_case() {
        assert!(disagrees(A, B));
        assert!(!disagrees(A, &A.to_uppercase().replace("SHA256", "sha256")));
        assert!(!disagrees(A, "sha1:2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"));
        assert!(!disagrees(A, "unknown"));
    }

    #[test]
    fn a_name_without_a_version_may_mean_any_of_them() {
        let dataset = |version: &str, digest: &str| {
            format!(
                "---\nkind: dataset\nmlSpecVersion: 0.1.0\nid: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c{}\nname: loans\nstate: Active\n\
                 version: {version}\nlocation: s3://credit/{version}\ndigest: {digest}\n",
                &version[..1].repeat(2)
            )
        };
        let is_found = |reference: &str, digest: &str| {
            let run = format!(
                "kind: run\nmlSpecVersion: 0.1.0\nid: 592f0c1c-72ae-4236-9202-7e6aff1954f4\nname: a\n\
                 datasets: [{{key: a, role: training, dataset: {reference}, digest: '{digest}'}}]\n"
            );
            let text = run + &dataset("1.0.0", A) + &dataset("2.0.0", B);
            found(&text).iter().any(|(rule, ..)| *rule == "reproducibility/digest-disagrees")
        };
        assert!(is_found("loans@1.0.0", B));
        assert!(is_found("LOANS@2.0.0", A));
        assert!(!is_found("loans@1.0.0", A));
        assert!(!is_found("loans", A));
        assert!(is_found("loans", &A.replace("673817", "773817")));
    }

    #[test]
    fn every_kind_that_records_a_digest_is_held_to_that_of_the_dataset() {
        let dataset = format!(
            "---\nkind: dataset\nmlSpecVersion: 0.1.0\nid: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11\nname: loans\nstate: Active\n\
             version: 1.0.0\nlocation: s3://credit/loans\ndigest: {A}\n"
        );
        let bases = |name: &str| crate::rules::bases::BASES.iter().find(|(own, _)| *own == name).unwrap().1;
        let is_found = |text: &str| {
            let found = found(&format!("{text}{dataset}"));
            found.iter().any(|(rule, place, _)| *rule == "reproducibility/digest-disagrees" && place.contains(B))
        };
        for (base, reference, field) in [
            ("credit-split", "source: loan-applications@3.0.0", "sourceDigest"),
            ("credit-profile", "dataset: credit-train@1.2.0", "datasetDigest"),
            ("credit-validation", "dataset: loan-applications@3.0.0", "datasetDigest"),
            ("credit-features", "fittedOn: credit-train@1.2.0", "fittedOnDigest"),
            ("credit-ingestion", "output: loan-applications@3.0.0", "outputDigest"),
        ] {
            let (key, _) = reference.split_once(':').unwrap();
            let text = |digest: &str| bases(base).replace(reference, &format!("{key}: loans@1.0.0\n{field}: {digest}"));
            assert!(is_found(&text(B)), "{base}");
            assert!(!is_found(&text(A)), "{base}");
        }
        let set = |digest: &str| {
            let base = bases("credit-split");
            base.replace(
                "training: {dataset: credit-train@1.2.0",
                &format!("training: {{dataset: loans@1.0.0, digest: '{digest}'"),
            )
        };
        assert!(is_found(&set(B)));
        assert!(!is_found(&set(A)));
    }
}
