//! `lifecycle/test-before-evaluation`

use crate::documents::roles::ReferenceRole;
use crate::documents::{Document, Kind};
use crate::rules::document::moment;
use crate::rules::{Context, Findings, Linked, declare_rule};

declare_rule! {
    /// A model must be tested after it was evaluated.
    ///
    /// The evaluation is what decides between models, and the test what the chosen one is worth. A test before the evaluation of the same file
    /// could decide, too, and its data is then no longer held back. The same file is one with the same `modelDigest`. The rule
    /// applies to tests of version 0.2.0.
    ///
    /// ## Fails
    /// ```yaml base:credit-test
    /// mlSpecVersion: 0.2.0
    /// modelDigest: sha256:1fa0fc933edf9ca8b26ccfa7e3e247ecf57c29a77ab45c96353f7c14781be83d
    /// ---
    /// kind: evaluation
    /// mlSpecVersion: 0.1.0
    /// id: 7c93fe6e-9d87-4133-9b65-27965685a80f
    /// name: credit-evaluation
    /// model: credit-default
    /// modelDigest: sha256:1fa0fc933edf9ca8b26ccfa7e3e247ecf57c29a77ab45c96353f7c14781be83d
    /// dataset: credit-validation@1.0.0
    /// performedOn: 2026-08-25T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.72}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-test
    /// mlSpecVersion: 0.2.0
    /// modelDigest: sha256:1fa0fc933edf9ca8b26ccfa7e3e247ecf57c29a77ab45c96353f7c14781be83d
    /// ---
    /// kind: evaluation
    /// mlSpecVersion: 0.1.0
    /// id: 7c93fe6e-9d87-4133-9b65-27965685a80f
    /// name: credit-evaluation
    /// model: credit-default
    /// modelDigest: sha256:1fa0fc933edf9ca8b26ccfa7e3e247ecf57c29a77ab45c96353f7c14781be83d
    /// dataset: credit-validation@1.0.0
    /// performedOn: 2026-08-20T04:00:00Z
    /// metrics:
    ///   - {key: recall, value: 0.72}
    /// ```
    pub TEST_BEFORE_EVALUATION = {
        id: "lifecycle/test-before-evaluation",
        severity: Error,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 9, “This MUST BE A SEPARATE STEP FROM #8.”",
        kinds: [Test],
        check: Workspace(check),
    }
}

/// The maximum number of evaluations of the same model that are looked at.
const MOST_LOOKED_AT: usize = 100;

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let Some(Document::Test(own)) = cx.typed().filter(|_| cx.is_newest()) else { return };
    let (Some(digest), Some((tested, node))) = (own.model_digest.get(), own.performed_on.located()) else { return };
    let Some(tested) = moment(tested).filter(|_| !cx.is_faulty(node)) else { return };
    let Some(model) = workspace.own.references.iter().find(|own| own.targets == [Kind::Model]) else { return };
    let same = workspace.meaning_the_same(workspace.id, model, ReferenceRole::Plain, Kind::Evaluation);
    // Of several evaluations of the file, one before the test is enough.
    let evaluated = same.take(MOST_LOOKED_AT).filter_map(|(id, _)| {
        let member = workspace.member(id)?;
        let Document::Evaluation(other) = member.typed()? else { return None };
        let (text, place) = other.performed_on.located()?;
        let is_same = other.model_digest.get().is_some_and(|other| other.eq_ignore_ascii_case(digest));
        Some((moment(text).filter(|_| is_same)?, member, place))
    });
    let evaluated: Vec<_> = evaluated.collect();
    let Some((_, member, place)) = evaluated.first() else { return };
    if evaluated.iter().all(|(moment, ..)| moment.is_after(tested)) {
        let message = format!("the model was tested before the evaluation '{}'", member.label());
        let finding = cx.at_value(&TEST_BEFORE_EVALUATION, node, message);
        let finding = finding.help("evaluate the model first, and test it on data that nothing was decided with");
        out.push(workspace.relate(finding, member, Some(*place), "the evaluation"));
    }
}
