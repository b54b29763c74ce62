//! Walks over the parts of an expression.

use super::{Claim, EACH, Expr, ExprKind, Expression, Name, Predicate};
use crate::text::Span;

impl Expression {
    /// Returns the expression with its conditions for these metrics.
    #[must_use]
    pub fn with_metrics<'m>(&self, names: impl Iterator<Item = &'m str>) -> Self {
        let Some(each) = &self.each_metric else { return self.clone() };
        let mut parts: Vec<Expr> = names.map(|name| each.template.with_metric(name)).collect();
        let root = match parts.len() {
            1 => parts.remove(0),
            _ => Expr { span: each.template.span, kind: ExprKind::And(parts) },
        };
        Self { root, ..self.clone() }
    }
}

/// Returns whether a name matches a pattern in which `*` stands for any characters. Each part between two of them is searched for once, so
/// that no pattern is slow.
#[must_use]
pub fn is_of_form(form: &str, name: &str) -> bool {
    let mut parts = form.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

/// Defines a method that appends the parts that an expression directly consists of, to read or to change them.
macro_rules! push_children {
    ($name:ident, $iter:ident $(, $mut:tt)?) => {
        fn $name<'n>(&'n $($mut)? self, nodes: &mut Vec<&'n $($mut)? Self>) {
            match &$($mut)? self.kind {
                ExprKind::Number(_)
                | ExprKind::Path(_)
                | ExprKind::Metric(_)
                | ExprKind::Share(_)
                | ExprKind::Distance(..)
                | ExprKind::Age => {}
                ExprKind::ByValue(own) => {
                    nodes.extend(own.cases.$iter().map(|(_, node)| node).chain(&$($mut)? own.otherwise));
                }
                ExprKind::Call(_, inner)
                | ExprKind::Negative(inner)
                | ExprKind::On(inner, _)
                | ExprKind::Over(inner, _)
                | ExprKind::Of(inner, _)
                | ExprKind::Where(inner, _)
                | ExprKind::Not(inner) => nodes.push(inner),
                ExprKind::Across(across) => nodes.push(&$($mut)? across.value),
                ExprKind::Arithmetic(_, left, right) | ExprKind::Implies(left, right) => {
                    nodes.extend([&$($mut)? **left, right]);
                }
                ExprKind::Claim(claim) => {
                    nodes.push(&$($mut)? claim.value);
                    match &$($mut)? claim.predicate {
                        Predicate::Compare(.., bound) | Predicate::Within(_, bound) => nodes.push(bound),
                        Predicate::Between(low, high) => nodes.extend([low, high]),
                        Predicate::Change(_) | Predicate::Reported(_) | Predicate::Along(..) | Predicate::Fresh(..) => {}
                    }
                }
                ExprKind::And(parts) | ExprKind::Or(parts) => nodes.extend(parts),
            }
        }
    };
}

impl Expr {
    /// Returns the same condition with a metric in place of the word `value`.
    #[must_use]
    pub fn with_metric(&self, metric: &str) -> Self {
        let mut node = self.clone();
        let mut open = vec![&mut node];
        while let Some(node) = open.pop() {
            if let ExprKind::Path(names) = &mut node.kind
                && let [name] = names.as_mut_slice()
                && name.text == EACH
            {
                let span = name.span;
                node.kind = ExprKind::Metric(Name { text: metric.to_owned(), span });
            }
            node.push_children_mut(&mut open);
        }
        node
    }

    /// Returns every claim of a condition with its span, in the order of the text.
    #[must_use]
    pub fn claims(&self) -> Vec<(Span, &Claim)> {
        let mut claims = Vec::new();
        let mut nodes = vec![self];
        while let Some(node) = nodes.pop() {
            match &node.kind {
                ExprKind::Claim(claim) => claims.push((node.span, &**claim)),
                ExprKind::Not(inner) => nodes.push(inner),
                ExprKind::And(parts) | ExprKind::Or(parts) => nodes.extend(parts.iter().rev()),
                ExprKind::Implies(premise, conclusion) => nodes.extend([&**conclusion, premise]),
                _ => {}
            }
        }
        claims
    }

    /// Returns this part and all its descendants.
    #[must_use]
    pub fn nodes(&self) -> Vec<&Self> {
        let mut nodes = vec![self];
        let mut next = 0;
        while let Some(node) = nodes.get(next).copied() {
            node.push_children(&mut nodes);
            next += 1;
        }
        nodes
    }

    push_children!(push_children, iter);
    push_children!(push_children_mut, iter_mut, mut);

    /// Returns the names that consist of one word, and so may be those of definitions.
    #[must_use]
    pub fn single_names(&self) -> Vec<&str> {
        let paths = self.nodes().into_iter().filter_map(|node| match &node.kind {
            ExprKind::Path(path) => Some(path.as_slice()),
            _ => None,
        });
        paths.filter_map(|path| if let [name] = path { Some(name.text.as_str()) } else { None }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::is_of_form;

    #[test]
    fn forms_hold_the_names_that_they_should() {
        for (form, name, holds) in [
            ("acc_*", "acc_top1", true),
            ("acc_*", "acc_", true),
            ("acc_*", "macc_top1", false),
            ("acc", "acc", true),
            ("acc", "acc1", false),
            ("*", "", true),
            ("*@1", "recall@1", true),
            ("*@1", "recall@10", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*a", "a", false),
            ("a**a", "aa", true),
        ] {
            assert_eq!(is_of_form(form, name), holds, "{form} {name}");
        }
    }
}
