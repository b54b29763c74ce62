//! The names in an expression, each with its place.

use crate::objectives::syntax::ast::{
    ChangeReference, EachMetric, ExprKind, Expression, Metrics, Name, Predicate, Slices,
};
use crate::text::Span;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A metric or a definition.
    Value,
    Dataset,
    Dimension,
    Reference,
}

/// A name in an expression.
#[derive(Clone, Debug)]
pub(crate) struct NameUse {
    pub role: Role,
    pub name: String,
    /// Its place in the text of the expression, with its quotes.
    pub span: Span,
}

/// Returns all names of an expression.
pub(crate) fn uses(expression: &Expression) -> Vec<NameUse> {
    let mut found = Found(Vec::new());
    if let Some(for_each) = &expression.for_each {
        found.slices(&for_each.slices);
    }
    if let Some(EachMetric { metrics: Metrics::Listed(names), .. }) = &expression.each_metric {
        names.iter().for_each(|name| found.add(Role::Value, name));
    }
    // What is said of each metric is written once.
    let root = expression.each_metric.as_ref().map_or(&expression.root, |each| &each.template);
    for node in root.nodes() {
        match &node.kind {
            ExprKind::Path(path) => path.first().into_iter().for_each(|name| found.add(Role::Value, name)),
            ExprKind::Metric(name) => found.add(Role::Value, name),
            ExprKind::Across(across) => {
                found.slices(&across.slices);
                across.weight.iter().for_each(|weight| found.add(Role::Value, weight));
            }
            ExprKind::Where(_, slice) => slice.iter().for_each(|(name, _)| found.add(Role::Dimension, name)),
            ExprKind::On(_, data) => found.add(Role::Dataset, data),
            ExprKind::Of(_, ChangeReference::Named(name)) => found.add(Role::Reference, name),
            ExprKind::ByValue(own) => found.add(Role::Dimension, &own.dimension),
            ExprKind::Claim(claim) => {
                match &claim.predicate {
                    Predicate::Along(_, _, slices) => found.slices(slices),
                    Predicate::Change(change) => {
                        if let ChangeReference::Named(name) = &change.reference {
                            found.add(Role::Reference, name);
                        }
                    }
                    _ => {}
                }
                claim.qualifiers.dataset.iter().for_each(|name| found.add(Role::Dataset, name));
                claim.qualifiers.slice.iter().for_each(|(name, _)| found.add(Role::Dimension, name));
            }
            _ => {}
        }
    }
    found.0
}

struct Found(Vec<NameUse>);

impl Found {
    fn add(&mut self, role: Role, name: &Name) {
        self.0.push(NameUse { role, name: name.text.clone(), span: name.span });
    }

    fn slices(&mut self, slices: &Slices) {
        slices.dimensions.iter().for_each(|name| self.add(Role::Dimension, name));
    }
}
