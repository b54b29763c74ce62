//! `rollout/untested-file`

use crate::documents::roles::ReferenceRole;
use crate::documents::{Document, Kind};
use crate::rules::reproducibility::digest_disagrees::disagrees;
use crate::rules::{Context, Findings, Linked, declare_rule};

declare_rule! {
    /// The file that is rolled out must be one that was tested.
    ///
    /// A test shows something about the file that it measured, and nothing about another one of the same name. If the tests of the model
    /// record digests of its file, that of the rollout must be one of them: otherwise the file was built again after the test, or
    /// exchanged.
    ///
    /// ## Fails
    /// ```yaml base:credit-rollout
    /// modelDigest: sha256:1fa0fc933edf9ca8b26ccfa7e3e247ecf57c29a77ab45c96353f7c14781be83d
    /// ---
    /// kind: test
    /// mlSpecVersion: 0.1.0
    /// id: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test
    /// model: credit-default@2.1.0
    /// modelDigest: sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
    /// dataset: credit-holdback@1.2.0
    /// performedOn: 2026-08-24T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.72}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-rollout
    /// modelDigest: sha256:1fa0fc933edf9ca8b26ccfa7e3e247ecf57c29a77ab45c96353f7c14781be83d
    /// ---
    /// kind: test
    /// mlSpecVersion: 0.1.0
    /// id: 6f1d2c3b-4a59-4e68-8b77-0a9c8d7e6f51
    /// name: credit-test
    /// model: credit-default@2.1.0
    /// modelDigest: sha256:1fa0fc933edf9ca8b26ccfa7e3e247ecf57c29a77ab45c96353f7c14781be83d
    /// dataset: credit-holdback@1.2.0
    /// performedOn: 2026-08-24T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.72}
    /// ```
    pub UNTESTED_FILE = {
        id: "rollout/untested-file",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 9: the test is performed on a “hold back data set”; step 11, “rolling the model out to production”",
        kinds: [Rollout],
        check: Workspace(check),
    }
}

/// The maximum number of tests that are looked at.
const MOST_LOOKED_AT: usize = 500;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(Document::Rollout(own)) = cx.typed() else { return };
    let Some((digest, node)) = own.model_digest.located().filter(|(_, node)| !cx.is_faulty(*node)) else { return };
    let mut references = workspace.own.references.iter();
    let Some(model) = references.find(|reference| Some(reference.node) == own.model.node()) else { return };
    let tests = workspace.meaning_the_same(workspace.id, model, ReferenceRole::Plain, Kind::Test);
    let tested = tests.take(MOST_LOOKED_AT).filter_map(|(id, _)| {
        let member = workspace.member(id)?;
        let Document::Test(test) = member.typed()? else { return None };
        let (text, place) = test.model_digest.located()?;
        Some((member, &**text, place))
    });
    let tested: Vec<_> = tested.collect();
    let Some((member, _, place)) = tested.first() else { return };
    if tested.iter().all(|(_, other, _)| disagrees(digest, other)) {
        let message = "this is not the file that was tested";
        let finding =
            cx.at_value(&UNTESTED_FILE, node, message).help("roll out the file that was tested, or test this one");
        out.push(workspace.relate(finding, member, Some(*place), "the file that was tested"));
    }
}
