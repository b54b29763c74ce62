//! `governance/approved-by-author`

use crate::documents::Kind;
use crate::documents::roles::FieldRole;
use crate::rules::{Context, Findings, Linked, declare_rule};
use crate::workspace::Member;
use crate::yaml::{NodeId, Tree};

declare_rule! {
    /// An approval should be that of another person than the author.
    ///
    /// An approval says that somebody else has looked. One by the author of a model, or the owner of objectives, is no second look, and neither is
    /// one of a rollout by the author of the model. Names and addresses are compared without regard to case.
    ///
    /// ## Fails
    /// ```yaml base:credit-model
    /// approvals:
    ///   - {by: jane@contoso.com, approvedOn: 2026-08-25}
    /// ```
    ///
    /// ## Passes
    /// ```yaml base:credit-model
    /// approvals:
    ///   - {by: model-risk@contoso.com, approvedOn: 2026-08-25}
    /// ```
    pub APPROVED_BY_AUTHOR = {
        id: "governance/approved-by-author",
        severity: Warning,
        since: "0.1.0",
        fix: None,
        source: "README.md, step 10, “additional security constraints”; step 11, “Record the results of rolling the model out to production”",
        kinds: with [Approval],
        check: Workspace(check),
    }
}

/// Where documents say who wrote them.
const AUTHORS: &[&[&str]] = &[&["author", "email"], &["author", "name"], &["owner"]];

fn check(cx: &Context<'_>, workspace: &Linked<'_>, out: &mut Findings<'_>) {
    let own = (workspace.own, "the author");
    // A rollout is of the model: whoever made that has not looked twice.
    let model = match cx.kind {
        Kind::Rollout => workspace.found().find(|(own, ..)| own.targets == [Kind::Model] && own.path == ["model"]),
        _ => None,
    };
    let sources = [Some(own), model.map(|(_, model, _)| (model, "the author of the model"))];
    let authors: Vec<_> = sources.into_iter().flatten().flat_map(|(member, what)| authors(member, what)).collect();
    for approval in cx.fields(FieldRole::Approval) {
        let Some(by) = cx.find(approval, &["by"]).filter(|node| !cx.is_faulty(*node)) else { continue };
        let Some(name) = text(cx.tree, by) else { continue };
        if let Some((_, member, node, what)) = authors.iter().find(|(author, ..)| *author == name) {
            let message = match cx.kind {
                Kind::Rollout => format!("{} approves the rollout of what is their own", cx.shown(by)),
                _ => format!("{} approves what is their own", cx.shown(by)),
            };
            let finding = cx.at_value(&APPROVED_BY_AUTHOR, by, message).help("let somebody else approve it");
            out.push(workspace.relate(finding, member, Some(*node), *what));
        }
    }
}

/// Returns who wrote a document, as it says: the name, the document, its node, and what it says.
fn authors<'m>(
    member: &'m Member,
    what: &'static str,
) -> impl Iterator<Item = (String, &'m Member, NodeId, &'static str)> {
    let named = AUTHORS.iter().filter_map(|keys| member.tree.find(member.root, keys));
    named.filter_map(move |node| Some((text(&member.tree, node)?, member, node, what)))
}

/// Returns a name in lower case, if there is one.
fn text(tree: &Tree, node: NodeId) -> Option<String> {
    let text = tree.string(node)?.trim().to_lowercase();
    (!text.is_empty() && !text.contains(['$', '{', '<'])).then_some(text)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::found;

    #[test]
    fn whoever_made_the_model_does_not_approve_its_rollout() {
        let model = include_str!("../bases/credit-model.yml");
        let rollout = |by: &str| include_str!("../bases/credit-rollout.yml").replace("ops@contoso.com", by);
        let count = |text: &str| found(text).iter().filter(|(rule, ..)| *rule == super::APPROVED_BY_AUTHOR.id).count();
        for (by, expected) in [("jane@contoso.com", 1), ("Jane Meyer", 1), ("ops@contoso.com", 0)] {
            assert_eq!(count(&format!("{}---\n{model}", rollout(by))), expected, "{by}");
        }
        // Another version has another author.
        assert_eq!(count(&format!("{}---\n{}", rollout("jane@contoso.com"), model.replace("2.1.0", "2.0.0"))), 0);
    }
}
