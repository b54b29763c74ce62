//! What the parts of a text are, for colours: the words of objectives, and references.

use super::documents;
use super::rename::{Role, uses};
use crate::documents::Document;
use crate::objectives::policy::Policy;
use crate::objectives::syntax::ast::Expression;
use crate::objectives::syntax::{TokenClass, tokens};
use crate::text::Span;
use crate::workspace::{DocId, Member, Workspace};
use crate::yaml::{NodeId, ScalarMap, Tree};

/// What a part of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokenRole {
    /// A word of the language of objectives.
    Keyword,
    /// A metric or definition.
    Metric,
    /// A dataset, or a run that values are compared with.
    Data,
    /// A dimension of slices.
    Dimension,
    /// A function.
    Function,
    /// A number, with its unit.
    Number,
    /// A text in quotes.
    Text,
    /// A comparison or an operator.
    Operator,
    /// A reference to an object that is there.
    Reference,
}

/// Returns the parts of a file that have a role, in the order of the text, none of which overlap. Each is on one line.
#[must_use]
pub fn semantic_tokens(workspace: Workspace<'_>, ids: &[DocId]) -> Vec<(Span, TokenRole)> {
    let mut found = Vec::new();
    for (id, member) in documents(workspace, ids) {
        for (reference, resolution) in workspace.references_of(id) {
            if resolution.found().is_some() {
                found.push((member.tree.inner_span(reference.node), TokenRole::Reference));
            }
        }
        if let Some(Document::Objectives(document)) = member.typed() {
            of_policy(member, &Policy::of(document, &member.tree).0, &mut found);
        }
    }
    found.sort_unstable();
    let mut end = 0;
    found.retain(|(span, _)| {
        let is_apart = span.start >= end && !span.is_empty();
        if is_apart {
            end = span.end;
        }
        is_apart
    });
    let source =
        |span: &Span| documents(workspace, ids).next().map_or("", |(_, member)| member.tree.source().slice(*span));
    found.retain(|(span, _)| !source(span).contains(['\n', '\r']));
    found
}

fn of_policy(member: &Member, policy: &Policy, found: &mut Vec<(Span, TokenRole)>) {
    let demands = policy.demands().map(|(_, demand)| (demand.node, demand.expression.as_ref()));
    let definitions = policy.definitions.iter().map(|own| (own.node, own.expression.as_ref()));
    for (node, expression) in demands.chain(definitions) {
        of_expression(&member.tree, node, expression, found);
    }
}

fn of_expression(tree: &Tree, node: NodeId, expression: Option<&Expression>, found: &mut Vec<(Span, TokenRole)>) {
    let (Some(text), Some(map)) = (tree.text(node), ScalarMap::of(tree, node)) else { return };
    let names = expression.map(uses).unwrap_or_default();
    for (class, span) in tokens(text) {
        let name = names.iter().find(|own| own.span.contains(span) && own.span.start == span.start);
        let role = match (name.map(|own| own.role), class) {
            (Some(Role::Value), _) => TokenRole::Metric,
            (Some(Role::Dataset | Role::Reference), _) => TokenRole::Data,
            (Some(Role::Dimension), _) => TokenRole::Dimension,
            (None, TokenClass::Word) => TokenRole::Keyword,
            (None, TokenClass::Call) => TokenRole::Function,
            (None, TokenClass::Number | TokenClass::Unit) => TokenRole::Number,
            (None, TokenClass::Text) => TokenRole::Text,
            (None, TokenClass::Operator) => TokenRole::Operator,
        };
        found.push((map.span(span), role));
    }
}
