//! `governance/approved-by-author`

use crate::documents::roles::FieldRole;
use crate::rules::{Context, Findings, declare_rule};
use crate::yaml::NodeId;

declare_rule! {
    /// An approval should be that of another person than the author.
    ///
    /// An approval says that somebody else has looked. One by the author of a model, or the owner of objectives, is no second look. Names and
    /// addresses are compared without regard to case.
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
        check: Any(check),
    }
}

/// Where documents say who wrote them.
const AUTHORS: &[&[&str]] = &[&["author", "email"], &["author", "name"], &["owner"]];

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let author = |keys: &&[&str]| cx.find(cx.root, keys).filter(|node| text(cx, *node).is_some());
    let authors: Vec<NodeId> = AUTHORS.iter().filter_map(author).collect();
    for approval in cx.fields(FieldRole::Approval) {
        let Some(by) = cx.find(approval, &["by"]).filter(|node| !cx.is_faulty(*node)) else { continue };
        let Some(name) = text(cx, by) else { continue };
        if let Some(author) = authors.iter().find(|author| text(cx, **author).as_ref() == Some(&name)) {
            let message = format!("{} approves what is their own", cx.shown(by));
            let finding = cx.at_value(&APPROVED_BY_AUTHOR, by, message);
            out.push(
                finding
                    .related(cx.tree.span(cx.tree.resolve(*author)), "the author")
                    .help("let somebody else approve it"),
            );
        }
    }
}

/// Returns a name in lower case, if there is one.
fn text(cx: &Context<'_>, node: NodeId) -> Option<String> {
    let text = cx.tree.string(node)?.trim().to_lowercase();
    (!text.is_empty() && !text.contains(['$', '{', '<'])).then_some(text)
}
