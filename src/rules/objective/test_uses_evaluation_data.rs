//! `objective/test-uses-evaluation-data`

use rustc_hash::FxHashMap;

use crate::documents::Kind;
use crate::documents::objectives::DataStage;
use crate::objectives::policy::PolicyDataset;
use crate::rules::Linked;
use crate::rules::naming::is_given_later;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::{Resolution, field};
use crate::yaml::{NodeId, Tree};

declare_rule! {
    /// The test must not use the data of the evaluation.
    ///
    /// The evaluation is repeated until the model is good enough, and its data loses value each time. An objective on `stage: test` that
    /// reads the same data confirms nothing: it passes because the model was chosen to pass it. Two names stand for the same data if they
    /// refer to one dataset, or to two datasets with the same digest. If one of the two has no digest, the same location is enough.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch
    /// datasets:
    ///   validation: {dataset: credit-holdback@1.0.0, stage: evaluation}
    /// objectives:
    ///   - id: same-for-all
    ///     why: fair lending policy, section 2
    ///     expect: (recall on validation) - (recall on holdback) <= 5pp
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch
    /// datasets:
    ///   validation: {dataset: credit-validation@1.2.0, stage: evaluation}
    /// objectives:
    ///   - id: same-for-all
    ///     why: fair lending policy, section 2
    ///     expect: (recall on validation) - (recall on holdback) <= 5pp
    /// ```
    pub TEST_USES_EVALUATION_DATA = {
        id: "objective/test-uses-evaluation-data",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 9: the test is performed on a “hold back data set”",
        kinds: [Objectives],
        check: Workspace(check),
    }
}

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(policy) = cx.policy() else { return };
    let of_stage = |stage| {
        let all = policy.datasets.iter().filter(move |data| data.stage == Some(stage));
        all.filter_map(|data| Some((data, Data::of(data, workspace)?)))
    };
    let mut evaluated: FxHashMap<Mark, &PolicyDataset> = FxHashMap::default();
    for (dataset, data) in of_stage(DataStage::Evaluation) {
        for mark in data.marks() {
            evaluated.entry(mark).or_insert(dataset);
        }
    }
    for (dataset, data) in of_stage(DataStage::Test) {
        let Some((other, node)) = data.asked().find_map(|mark| evaluated.get(&mark)).zip(dataset.reference.as_ref())
        else {
            continue;
        };
        let message = format!("the test uses the data of the evaluation, '{}'", other.name);
        let finding = cx.at_value(&TEST_USES_EVALUATION_DATA, node.1, message);
        let finding = finding.help("test on data that no decision was based on");
        let place = other.reference.as_ref().map(|(_, node)| cx.tree.span(cx.tree.resolve(*node)));
        out.push(place.into_iter().fold(finding, |finding, span| finding.related(span, "the data of the evaluation")));
    }
}

/// An identification of data. Two datasets that share one are the same data.
#[derive(PartialEq, Eq, Hash)]
enum Mark {
    Key(String),
    Digest(String),
    /// The location of a dataset, with or without a digest.
    Location(String),
    /// The location of a dataset without a digest.
    LocationOnly(String),
}

/// The identity of a dataset's data.
struct Data {
    key: String,
    digest: Option<String>,
    location: Option<String>,
}

impl Data {
    /// Returns the identity of a dataset's data. `None` if the reference is filled in later, and so refers to nothing yet.
    fn of(dataset: &PolicyDataset, workspace: &Linked<'_>) -> Option<Self> {
        let (text, _) = dataset.reference.as_ref().filter(|(text, _)| !is_given_later(text))?;
        let member = match workspace.lookup(text, &[Kind::Dataset]) {
            Resolution::Found(found) => workspace.member(found),
            _ => None,
        };
        let find = |name: &str| member.and_then(|member| Some((member, field(&member.tree, member.root, name)?)));
        let digest = find("digest").and_then(|(member, node)| Some(member.tree.text(node)?.to_lowercase()));
        let location = find("location").and_then(|(member, node)| location(&member.tree, node));
        Some(Self { key: workspace.dataset_key(text), digest, location })
    }

    /// Returns the marks of this data.
    fn marks(&self) -> impl Iterator<Item = Mark> {
        let location = self.location.clone().map(Mark::Location);
        let only = self.location.clone().filter(|_| self.digest.is_none()).map(Mark::LocationOnly);
        let digest = self.digest.clone().map(Mark::Digest);
        std::iter::once(Mark::Key(self.key.clone())).chain(digest).chain(location).chain(only)
    }

    /// Returns the marks by which the same data is found. If both datasets have digests, these decide, and not the location.
    fn asked(&self) -> impl Iterator<Item = Mark> {
        let location = |location: String| match self.digest {
            Some(_) => Mark::LocationOnly(location),
            None => Mark::Location(location),
        };
        let digest = self.digest.clone().map(Mark::Digest);
        std::iter::once(Mark::Key(self.key.clone())).chain(digest).chain(self.location.clone().map(location))
    }
}

/// Returns the URI or the place in a datastore that a node holds. `None` for other mappings.
fn location(tree: &Tree, node: NodeId) -> Option<String> {
    if let Some(text) = tree.text(node) {
        return (!text.is_empty() && !is_given_later(text)).then(|| text.to_owned());
    }
    let part = |name| Some(tree.text(field(tree, node, name)?)?).filter(|text| !is_given_later(text));
    let within = ["RelativePath", "Table", "Query"].into_iter().find_map(part)?;
    Some(format!("{}\n{within}", part("DataStore")?))
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::changed;
    use crate::rules::testing::found;

    #[track_caller]
    fn assert_same(evaluation: &str, documents: &str, is_same: bool) {
        let data = format!("validation: {{dataset: {evaluation}, stage: evaluation}}\n  live:");
        let both = ("expect: recall >= 65%", "expect: recall >= 66% on validation and recall >= 65%");
        let text = changed(&[("live:", &data), both]) + documents;
        let found = found(&text);
        let own = found.iter().filter(|(rule, ..)| *rule == "objective/test-uses-evaluation-data");
        let expected: &[&str] = if is_same { &["credit-holdback@1.0.0"] } else { &[] };
        assert_eq!(own.map(|(_, place, _)| place.as_str()).collect::<Vec<_>>(), expected, "{text}{found:#?}");
    }

    fn dataset(name: &str, id: u32, rest: &str) -> String {
        format!(
            "---\nkind: dataset\nmlSpecVersion: 0.1.0\nid: 2d1042a0-5a1c-4aba-bbec-b57b450b9f6{id}\nname: {name}\nversion: 1.0.0\n{rest}"
        )
    }

    #[test]
    fn one_dataset_may_be_named_by_name_and_by_id() {
        let holdback = dataset("credit-holdback", 1, "location: s3://credit/holdback.parquet\n");
        assert_same("Credit-Holdback@1.0.0", "", true);
        assert_same("credit-holdback@1.1.0", "", false);
        assert_same("2d1042a0-5a1c-4aba-bbec-b57b450b9f61", &holdback, true);
        assert_same("credit-holdback", &holdback, true);
        assert_same("${EVALUATION}", "", false);
    }

    #[test]
    fn two_datasets_may_be_the_same_data() {
        const A: &str = "digest: sha256:cf6a13e4220b959a386cf24c0453650cf09c29dabf5866986f4b39c8fa24e6f2\n";
        const B: &str = "digest: sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752\n";
        let place = |name: &str| format!("location: {{DataStore: lake, RelativePath: {name}.parquet}}\n");
        for (own, own_digest, other, other_digest, is_same) in [
            ("a", A, "b", A, true),
            ("a", A, "a", B, false),
            ("a", A, "a", "", true),
            ("a", "", "a", B, true),
            ("a", "", "a", "", true),
            ("a", "", "b", "", false),
            ("a", A, "b", "", false),
        ] {
            let documents = dataset("credit-holdback", 1, &(place(own) + own_digest))
                + &dataset("credit-validation", 2, &(place(other) + other_digest));
            assert_same("credit-validation@1.0.0", &documents, is_same);
        }
    }
}
