//! `evidence/holdback-reused`

use crate::documents::roles::ReferenceRole;
use jiff::Timestamp;
use rustc_hash::FxHashSet;

use crate::documents::Kind;
use crate::documents::objectives::DataStage;
use crate::rules::Linked;
use crate::rules::{Context, Findings, declare_rule};
use crate::workspace::{Member, field};
use crate::yaml::NodeId;

declare_rule! {
    /// No more than five candidates should be tested on the same hold-back data.
    ///
    /// Each verdict reveals a little about the hold-back data, and the next candidate is built by people who know it. After a few rounds,
    /// models fit the hold-back data without ever being trained on it (Dwork et al. 2015, “The reusable holdout”, Science 349). How fast
    /// depends on how much of each result is used; five is a cautious rule of thumb, not a law. The rule counts tests of the model on data
    /// of `stage: test` by their model, version and run. A test on data with another digest than that of the newest test does not count.
    ///
    /// ## Fails
    /// ```yaml base:credit-launch,credit-test
    /// kind: test
    /// id: 6f1d2c00-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test-1
    /// model: credit-default@1.0.0
    /// ---
    /// kind: test
    /// id: 6f1d2c10-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test-2
    /// model: credit-default@1.1.0
    /// ---
    /// kind: test
    /// id: 6f1d2c20-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test-3
    /// model: credit-default@1.2.0
    /// ---
    /// kind: test
    /// id: 6f1d2c30-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test-4
    /// model: credit-default@1.3.0
    /// ---
    /// kind: test
    /// id: 6f1d2c40-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test-5
    /// model: credit-default@1.4.0
    /// ---
    /// kind: test
    /// id: 6f1d2c50-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test-6
    /// model: credit-default@1.5.0
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-launch,credit-test
    /// kind: test
    /// id: 6f1d2c00-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test-1
    /// model: credit-default@1.0.0
    /// ---
    /// kind: test
    /// id: 6f1d2c10-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test-2
    /// model: credit-default@1.1.0
    /// ```
    pub HOLDBACK_REUSED = {
        id: "evidence/holdback-reused",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 9: the test is performed on a “hold back data set”",
        kinds: [Objectives],
        check: Workspace(check),
    }
}

/// The maximum number of candidates, which is more than one round of work needs.
const MOST_CANDIDATES: usize = 5;

/// The maximum number of tests of one dataset that are counted, to bound the cost.
const MOST_LOOKED_AT: usize = 200;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(policy) = cx.policy() else { return };
    let of_test = policy.datasets.iter().filter(|data| data.stage == Some(DataStage::Test));
    let nodes: FxHashSet<NodeId> = of_test.filter_map(|data| data.reference.as_ref()).map(|(_, node)| *node).collect();
    let model = text(workspace.own, "model").map(name_of);
    let judged = workspace
        .own
        .references
        .iter()
        .filter(|own| own.role == ReferenceRole::JudgedData && nodes.contains(&own.node));
    for reference in judged {
        let tests = workspace.meaning_the_same(workspace.id, reference, ReferenceRole::MeasuredData, Kind::Test);
        let tests = tests.take(MOST_LOOKED_AT).filter_map(|(id, _)| workspace.member(id));
        let own: Vec<&Member> =
            tests.filter(|test| model.is_none() || text(test, "model").map(name_of) == model).collect();
        let Some(newest) = own.iter().max_by_key(|test| date(test)) else { continue };
        let digest = text(newest, "datasetDigest");
        let is_same = |test: &&&Member| {
            let other = text(test, "datasetDigest");
            digest.is_none() || other.is_none() || other == digest
        };
        let candidates: FxHashSet<_> =
            own.iter().filter(is_same).map(|test| (text(test, "model"), text(test, "run"))).collect();
        if candidates.len() > MOST_CANDIDATES {
            let message = format!("{} candidates have been tested on {}", candidates.len(), cx.shown(reference.node));
            let finding = cx.at_value(&HOLDBACK_REUSED, reference.node, message);
            let finding = finding.help("hold back new data for the next candidates");
            let place =
                newest.references.iter().find(|own| own.role == ReferenceRole::MeasuredData).map(|own| own.node);
            out.push(workspace.relate(finding, newest, place, "the newest test on it"));
        }
    }
}

/// Returns the text of a field in lower case.
fn text(member: &Member, name: &str) -> Option<String> {
    let node = field(&member.tree, member.root, name).filter(|node| !member.tree.is_null(*node))?;
    member.tree.text(node).map(str::to_lowercase)
}

/// Returns the name in `name@version`.
fn name_of(reference: String) -> String {
    reference.split_once('@').map_or(reference.clone(), |(name, _)| name.to_owned())
}

fn date(member: &Member) -> Option<Timestamp> {
    member.recorded_on()?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use crate::rules::objective::testing::{changed, tested};
    use crate::rules::testing::found;

    /// Asserts whether `count` tests are reported. `of_test` gives the fields of each test by its number.
    #[track_caller]
    fn assert_reused(count: u32, of_test: fn(u32) -> String, is_reused: bool) {
        let test = tested("  - {key: recall, value: 0.7208, count: 4800}\n");
        let numbered = |number: u32| {
            let own = format!("name: test-{number}\n{}", of_test(number));
            let text =
                test.replace("id: 6f1d2c3b", &format!("id: 6f1d2c{number:02}")).replace("name: credit-test\n", &own);
            text.replace("2026-08-24", &format!("2026-08-{:02}", number + 1))
        };
        let text = changed(&[]) + &(0..count).map(numbered).collect::<String>();
        let found = found(&text);
        let own: Vec<_> = found.iter().filter(|(rule, ..)| *rule == "evidence/holdback-reused").collect();
        assert_eq!(own.len(), usize::from(is_reused), "{found:#?}");
    }

    #[test]
    fn candidates_are_told_apart_by_version_and_run() {
        let run = |number: u32| format!("run: run-{number}\n");
        assert_reused(6, run, true);
        assert_reused(5, run, false);
        // One run that was recorded repeatedly, or tests that do not say which run they are.
        assert_reused(9, |_| "run: run-1\n".to_owned(), false);
        assert_reused(9, |_| String::new(), false);
    }

    #[test]
    fn data_that_was_replaced_is_other_data() {
        const A: &str = "sha256:cf6a13e4220b959a386cf24c0453650cf09c29dabf5866986f4b39c8fa24e6f2";
        const B: &str = "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";
        let replaced = |number: u32| format!("run: run-{number}\ndatasetDigest: {}\n", if number < 3 { A } else { B });
        assert_reused(8, replaced, false);
        assert_reused(9, replaced, true);
    }
}
