//! The canonical spelling of the expressions of objectives, where another one is written.

use super::documents;
use crate::documents::Document;
use crate::objectives::policy::Policy;
use crate::objectives::syntax::ast::Expression;
use crate::text::{Edit, Span};
use crate::workspace::{DocId, Workspace};
use crate::yaml::edit::replace_scalar;

/// Returns the edits that write the expression around a span as the language prints it; `None` if none is there, or it is written so already.
/// What it means stays the same: printing and parsing again is the identity. An expression over several lines is left as it is.
#[must_use]
pub fn canonical_spelling(workspace: Workspace<'_>, ids: &[DocId], span: Span) -> Option<Vec<Edit>> {
    documents(workspace, ids).find_map(|(_, member)| {
        let Some(Document::Objectives(document)) = member.typed() else { return None };
        let tree = &member.tree;
        let (policy, _) = Policy::of(document, tree);
        let demands = policy.demands().map(|(_, demand)| (demand.node, demand.expression.as_ref()));
        let definitions = policy.definitions.iter().map(|own| (own.node, own.expression.as_ref()));
        let is_here = |node| {
            let own = tree.span(node);
            own.start <= span.start && span.end <= own.end
        };
        let (node, expression) = demands.chain(definitions).find(|(node, _)| is_here(*node))?;
        let printed = expression.map(Expression::to_string)?;
        let is_other = tree.text(node).is_some_and(|text| text.trim() != printed);
        replace_scalar(tree, node, &printed).filter(|_| is_other)
    })
}
