//! A document of objectives after lowering: its catalog of metrics and data, and each condition as it is judged.

use super::as_of::MaxAge;
use super::hir::{Claim, Condition, DatasetId, Value, ValueKind, Within};
use super::known_metrics::Bounds;
use super::number::Exact;
use super::resolve::ERRORS;
use super::syntax::ast::{self, ChangeReference, ExprKind, Expression, RecordTest};
use super::unit::MetricUnit;
use crate::documents::metric::MetricType;
use crate::documents::objectives::{Better, DataStage, Language, ObjectiveSeverity};
use crate::text::Span;
use crate::yaml::NodeId;

/// A document of objectives.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The version of the language of its expressions.
    pub language: Language,
    /// The metrics: those that the document declares, or if it declares none, those that expressions name.
    pub metrics: Vec<PolicyMetric>,
    /// The data that objectives are judged on.
    pub datasets: Vec<PolicyDataset>,
    /// What the model is compared with besides the baseline.
    pub references: Vec<PolicyReference>,
    /// The dimensions of slices that the document declares.
    pub dimensions: Vec<DimensionDeclaration>,
    /// The named values.
    pub definitions: Vec<Definition>,
    /// The combinations of values that exist, if the document declares them: pairs of dimension and value.
    pub combinations: Vec<Vec<(String, String)>>,
    /// The objectives.
    pub objectives: Vec<PolicyObjective>,
    /// The number of entries of the list of objectives that are unreadable.
    pub unreadable: usize,
}

/// An output of the model.
#[derive(Clone, Debug)]
pub struct PolicyMetric {
    /// Its key in runs, evaluations and tests.
    pub name: String,
    /// Its declaration, if there is one.
    pub node: Option<NodeId>,
    /// Its unit.
    pub unit: MetricUnit,
    /// The least and the greatest possible value, in the unit of its dimension.
    pub range: Option<(Exact, Exact)>,
    /// The least and the greatest value that can be measured, in the unit of its dimension: as declared, otherwise by definition of the
    /// metric.
    pub possible: Bounds<Exact>,
    /// Whether it is declared to be a proportion of the examples that `count` counts.
    pub is_proportion: bool,
    /// Which values are better.
    pub better: Option<Better>,
    /// The shape of its value; `None` if it is not declared.
    pub shape: Option<MetricType>,
    /// The names of the fields of an object; empty if they are not declared.
    pub fields: Vec<String>,
    /// How the records of a log tell it, if they do.
    pub from: Option<RecordMetric>,
}

/// How the records of a log tell a metric.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordMetric {
    /// The values of a field.
    Field(String),
    /// The share of the records with a property.
    Share(RecordTest),
    /// The distance of the values of a field from those of a profile.
    Distance {
        /// The name of the distance, one of [`DISTANCES`](super::syntax::ast::DISTANCES).
        distance: String,
        /// The field.
        field: String,
        /// The dataset whose profile it is.
        dataset: DatasetId,
    },
}

/// Data that objectives are judged on.
#[derive(Clone, Debug)]
pub struct PolicyDataset {
    /// The name that expressions use.
    pub name: String,
    /// Its declaration.
    pub node: NodeId,
    /// The reference to the dataset, by name, `name@version` or id, and its node.
    pub reference: Option<(String, NodeId)>,
    /// The lifecycle step that reads it.
    pub stage: Option<DataStage>,
    /// The greatest age of measurements on it.
    pub max_age: Option<MaxAge>,
    /// The reference to its profile, by name, `name@version` or id.
    pub profile: Option<String>,
}

/// Something that the model is compared with.
#[derive(Clone, Debug)]
pub struct PolicyReference {
    /// The name that expressions use.
    pub name: String,
    /// The run of which its values are; `None` if the document gives them.
    pub run: Option<String>,
    /// The metrics of which the document gives values.
    pub metrics: Vec<String>,
}

/// A dimension of slices.
#[derive(Clone, Debug)]
pub struct DimensionDeclaration {
    /// Its name.
    pub name: String,
    /// Its declaration.
    pub node: NodeId,
    /// Its values as texts; empty if they are not declared.
    pub values: Vec<String>,
    /// Whether it is a sensitive attribute, by which people must not be treated differently.
    pub is_sensitive: bool,
    /// The field of the records of a log that tells the value, if it is declared.
    pub from: Option<String>,
}

/// A named value.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The name.
    pub name: String,
    /// The node of its expression.
    pub node: NodeId,
    /// The text of the expression.
    pub text: String,
    /// The expression, if it can be parsed.
    pub expression: Option<Expression>,
    /// Its value, if it has no faults.
    pub value: Option<Value>,
}

/// A condition that the model must meet.
#[derive(Clone, Debug)]
pub struct PolicyObjective {
    /// Its id; empty if it has none.
    pub id: String,
    /// The entry of the document's list.
    pub node: NodeId,
    /// Why the condition is set.
    pub why: Option<String>,
    /// Whether the gate fails if the objective is violated.
    pub severity: ObjectiveSeverity,
    /// The condition that must hold.
    pub expect: Option<Demand>,
    /// A stricter condition that should also hold.
    pub aim: Option<Demand>,
}

/// A condition, with its place in the document.
#[derive(Clone, Debug)]
pub struct Demand {
    /// The scalar.
    pub node: NodeId,
    /// Its text, as the parser saw it.
    pub text: String,
    /// The expression, if it can be parsed.
    pub expression: Option<Expression>,
    /// The condition, if it has no faults.
    pub condition: Option<Condition>,
}

impl Definition {
    /// Returns whether it is the rate of a possible error.
    #[must_use]
    pub fn is_rate(&self) -> bool {
        self.name.starts_with(ERRORS)
    }
}

impl Policy {
    /// Returns whether the objectives limit the age of evidence.
    #[must_use]
    pub fn asks_age(&self) -> bool {
        let conditions = self.demands().filter_map(|(_, demand)| demand.condition.as_ref());
        let is_age = |value: &Value| matches!(value.kind, ValueKind::Age);
        self.datasets.iter().any(|data| data.max_age.is_some())
            || conditions.flat_map(Condition::claims).any(|claim| is_age(&claim.value))
    }

    /// Returns the runs that expressions name (`vs run 'launch'`): the scalar, the name, and the span of the reference in its text.
    pub fn named_runs(&self) -> impl Iterator<Item = (NodeId, &str, Span)> {
        let demands = self.demands().map(|(_, demand)| (demand.node, demand.expression.as_ref()));
        let defined = self.definitions.iter().map(|definition| (definition.node, definition.expression.as_ref()));
        let expressions = demands.chain(defined).filter_map(|(node, expression)| Some((node, expression?)));
        expressions.flat_map(|(node, expression)| {
            let named = expression.root.nodes().into_iter().filter_map(move |part| match &part.kind {
                ExprKind::Of(_, ChangeReference::Run(name)) => Some((node, name.as_str(), part.span)),
                ExprKind::Claim(claim) => match &claim.predicate {
                    ast::Predicate::Change(change) => match &change.reference {
                        ChangeReference::Run(name) => Some((node, name.as_str(), change.reference_span)),
                        _ => None,
                    },
                    _ => None,
                },
                _ => None,
            });
            named.collect::<Vec<_>>()
        })
    }

    /// Returns the longest time that the objectives look back, in seconds; `None` if they look at no window.
    #[must_use]
    pub fn longest_window(&self) -> Option<u64> {
        let conditions = self.demands().filter_map(|(_, demand)| demand.condition.as_ref());
        let claims: Vec<&Claim> = conditions.flat_map(Condition::claims).collect();
        let defined = self.definitions.iter().filter_map(|definition| definition.value.as_ref());
        let values = claims.iter().flat_map(|claim| claim.values()).chain(defined).flat_map(Value::parts);
        let windows = values.filter_map(|value| match value.kind {
            ValueKind::Within(_, Within::Window(seconds)) => Some(seconds),
            _ => None,
        });
        windows.chain(claims.iter().filter_map(|claim| claim.window)).max()
    }
}

impl Demand {
    /// Returns every claim of the condition as it is written and as it is judged, in the order of the text.
    #[must_use]
    pub fn claims(&self) -> Vec<(Span, &ast::Claim, &Claim)> {
        let written = self.expression.iter().flat_map(|expression| expression.root.claims());
        let judged = self.condition.iter().flat_map(Condition::claims);
        written.zip(judged).map(|((span, written), judged)| (span, written, judged)).collect()
    }
}
