//! Resolves expressions to conditions: names are looked up, types and units are checked.

mod conditions;
mod records;
mod values;

use rustc_hash::{FxHashMap, FxHashSet};

use super::diagnostic::{DiagnosticKind, Fault};
use super::hir::{Condition, DatasetId, DefinitionId, MetricId, Operator, Value, ValueKind};
use super::lower::MOST_DEFINED_DEPTH;
use super::number::Exact;
use super::policy::Policy;
use super::syntax::ast::{self, Expression, Metrics, is_of_form};
use super::unit::{Dimension, MetricUnit};
use crate::documents::objectives::Language;
use crate::text::Span;
use crate::yaml::NodeId;

/// Resolves the names of expressions.
pub(super) struct Resolver<'p> {
    policy: &'p mut Policy,
    /// Whether the document declares no metrics, so that any name is accepted as one.
    is_open: bool,
    pub(super) faults: &'p mut Vec<Fault>,
    /// The scalar of the current expression.
    node: Option<NodeId>,
    /// The depth of each definition that has a value.
    depths: Vec<usize>,
    metrics: FxHashMap<String, MetricId>,
    definitions: FxHashMap<String, DefinitionId>,
    datasets: FxHashMap<String, DatasetId>,
    dimensions: FxHashSet<String>,
    /// Whether values are measured over a window, so that a metric that is one number has several values.
    is_in_window: bool,
    /// The dataset whose profile the distances of the current claim are measured from.
    profile: Option<ast::Name>,
}

impl<'p> Resolver<'p> {
    pub(super) fn new(policy: &'p mut Policy, is_open: bool, faults: &'p mut Vec<Fault>) -> Self {
        let by_name = |names: &mut dyn Iterator<Item = &String>| -> FxHashMap<String, usize> {
            names.enumerate().map(|(id, name)| (name.clone(), id)).collect()
        };
        Self {
            is_open,
            faults,
            node: None,
            depths: vec![0; policy.definitions.len()],
            metrics: by_name(&mut policy.metrics.iter().map(|metric| &metric.name)),
            definitions: by_name(&mut policy.definitions.iter().map(|definition| &definition.name)),
            datasets: by_name(&mut policy.datasets.iter().map(|dataset| &dataset.name)),
            dimensions: policy.dimensions.iter().map(|dimension| dimension.name.clone()).collect(),
            is_in_window: false,
            profile: None,
            policy,
        }
    }

    /// Returns the language of the document.
    pub(super) fn language(&self) -> Language {
        self.policy.language
    }

    /// Resolves the values of definitions, in this order.
    pub(super) fn definitions(&mut self, order: &[DefinitionId]) {
        for id in order {
            let Some(definition) = self.policy.definitions.get(*id) else { continue };
            let is_rate = definition.is_rate();
            let (name, node, expression) = (definition.name.clone(), definition.node, definition.expression.clone());
            self.node = Some(node);
            if self
                .metrics
                .get(&name)
                .is_some_and(|id| self.policy.metrics.get(*id).is_some_and(|metric| metric.node.is_some()))
            {
                let message =
                    format!("'{name}' is also a metric, so an expression that uses '{name}' could mean either");
                self.fault(DiagnosticKind::DefinitionShadowsMetric, Span::empty(0), message);
            }
            let value = expression.and_then(|expression| self.number(&expression.root));
            let value = value.filter(|value| !is_rate || self.is_rate(value));
            let depth = value.as_ref().map_or(0, |value| value.depth(&self.depths));
            if depth > MOST_DEFINED_DEPTH {
                let message = format!(
                    "with the definitions that it uses, '{name}' is nested more than {MOST_DEFINED_DEPTH} levels deep"
                );
                self.fault(DiagnosticKind::TooLarge, Span::empty(0), message);
                continue;
            }
            if let (Some(own), Some(definition)) = (self.depths.get_mut(*id), self.policy.definitions.get_mut(*id)) {
                *own = depth;
                definition.value = value;
            }
        }
    }

    /// Returns whether a value can be a proportion of the examples; reports one that cannot.
    fn is_rate(&mut self, value: &Value) -> bool {
        let is_rate = matches!(value.unit.dimension, Dimension::One | Dimension::Unknown);
        if !is_rate {
            let message = format!("a rate is a share of the examples, and this is {}", value.unit.dimension);
            self.helped(DiagnosticKind::UnitMismatch, value.span, message, "divide it by the number of all examples");
        }
        is_rate
    }

    /// Resolves the condition of an objective; `None` if it has faults.
    pub(super) fn condition(&mut self, expression: &Expression, node: NodeId) -> Option<Condition> {
        self.node = Some(node);
        let for_each = expression.for_each.as_ref().map(|for_each| self.slices(&for_each.slices, for_each.span));
        // Faults of the listed metrics are reported in the list, and not at each use.
        let listed = expression.each_metric.iter().flat_map(|each| match &each.metrics {
            Metrics::Listed(names) => names.as_slice(),
            Metrics::Matching(_) => &[],
        });
        let known: Vec<_> = listed.map(|name| self.metric(&name.text, name.span)).collect();
        known.into_iter().collect::<Option<Vec<_>>>()?;
        let root = self.truth(&expression.root)?;
        let at_least = expression.for_each.as_ref().and_then(|for_each| for_each.at_least);
        let left = expression.for_each.as_ref().and_then(|for_each| self.values_left(&for_each.slices));
        if let (Some(for_each), Some(wanted), Some(left)) = (&expression.for_each, at_least, left)
            && wanted > left as u64
        {
            let message = format!("{wanted} slices are asked for, and {left} are declared");
            self.fault(DiagnosticKind::Impossible, for_each.span, message);
            return None;
        }
        let condition = Condition { for_each: transposed(for_each)?, at_least, root };
        let is_deep = condition
            .claims()
            .iter()
            .any(|claim| claim.values().any(|value| value.depth(&self.depths) > MOST_DEFINED_DEPTH));
        if is_deep {
            let message = format!(
                "with the definitions that it uses, the expression is nested more than {MOST_DEFINED_DEPTH} levels deep"
            );
            self.fault(DiagnosticKind::TooLarge, expression.root.span, message);
            return None;
        }
        Some(condition)
    }

    /// Replaces a pattern of metrics, if the expression has one, by the declared metrics that match it.
    pub(super) fn said_of_matching(&mut self, expression: Expression, node: NodeId) -> Option<Expression> {
        let Some(Metrics::Matching(form)) = expression.each_metric.as_ref().map(|each| &each.metrics) else {
            return Some(expression);
        };
        self.node = Some(node);
        let declared = self.policy.metrics.iter().filter(|metric| metric.node.is_some());
        let names: Vec<&str> =
            declared.map(|metric| metric.name.as_str()).filter(|name| is_of_form(&form.text, name)).collect();
        if names.is_empty() {
            let message = format!("no declared metric is called like '{}'", form.text);
            let span = form.span;
            self.helped(
                DiagnosticKind::UnknownMetric,
                span,
                message,
                "declare the metrics under `metrics`; `*` stands for any characters",
            );
            return None;
        }
        match expression.said_of(names.iter().copied()) {
            Ok(expression) => Some(expression),
            Err(fault) => {
                self.fault(DiagnosticKind::TooLarge, fault.span, fault.message);
                None
            }
        }
    }

    fn fault(&mut self, check: DiagnosticKind, span: Span, message: impl Into<String>) {
        if let Some(node) = self.node {
            self.faults.push(Fault::new(check, node, span, message));
        }
    }

    fn helped(&mut self, check: DiagnosticKind, span: Span, message: impl Into<String>, help: impl Into<String>) {
        if let Some(node) = self.node {
            self.faults.push(Fault::new(check, node, span, message).help(help));
        }
    }
}

/// The prefix of the names of definitions that stand for the rates of possible errors. Expressions cannot name them.
pub(super) const ERRORS: &str = "errors.";

/// Turns `Some(None)`, which is an error, into `None`.
#[expect(clippy::option_option, reason = "absent and wrong are two things")]
fn transposed<T>(value: Option<Option<T>>) -> Option<Option<T>> {
    match value {
        Some(None) => None,
        Some(Some(value)) => Some(Some(value)),
        None => Some(None),
    }
}

fn plain(dimension: Dimension) -> MetricUnit {
    MetricUnit { dimension, ..MetricUnit::unknown() }
}

/// Returns whether a value consists of numbers without units, which take the unit of the other side.
fn is_bare(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Number(_) => value.unit.dimension == Dimension::One && value.unit.symbol.is_empty(),
        ValueKind::Negative(inner) => is_bare(inner),
        ValueKind::Arithmetic(_, left, right) => is_bare(left) && is_bare(right),
        _ => false,
    }
}

/// Returns the value in the unit of the other, if it has no unit.
fn scaled(value: Value, other: &Value) -> Value {
    if !is_bare(&value) || is_bare(other) || other.unit.factor == Exact::ONE {
        let unit = if is_bare(&value) { other.unit.clone() } else { value.unit.clone() };
        return Value { unit, ..value };
    }
    let span = value.span;
    let factor = Value { span, kind: ValueKind::Number(other.unit.factor.clone()), unit: plain(Dimension::One) };
    let kind = match value.kind {
        ValueKind::Number(number) => ValueKind::Number(&number * &other.unit.factor),
        kind => {
            let value = Value { span, kind, unit: value.unit };
            ValueKind::Arithmetic(Operator::Multiply, Box::new(value), Box::new(factor))
        }
    };
    Value { span, kind, unit: other.unit.clone() }
}

fn dotted(names: &[ast::Name]) -> String {
    names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(".")
}
