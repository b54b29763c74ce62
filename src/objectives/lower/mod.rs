//! Lowers a document to its [`Policy`], and collects the faults of its expressions.

use super::as_of::MaxAge;
use super::diagnostic::{DiagnosticKind, Fault};
use super::hir::DefinitionId;
use super::known_metrics::{self, Bounds};
use super::number::Exact;
use super::policy::{
    Definition, Demand, DimensionDeclaration, Policy, PolicyDataset, PolicyMetric, PolicyObjective, PolicyReference,
    RecordMetric,
};
use super::resolve::{ERRORS, Resolver};
use super::syntax::ast::{ByValue, Expr, ExprKind, Expression, Literal, Name, Operator};
use super::syntax::{self, FaultKind, Parsed};
use super::unit::{Dimension, MetricUnit};
use crate::documents::answers::ReferencePoint;
use crate::documents::common::Text;
use crate::documents::field::{List, Map, Optional, ScalarValue};
use crate::documents::metric::MetricType;
use crate::documents::objectives::{self as document, DeclaredType, Language, ObjectiveSeverity, Objectives};
use crate::text::Span;
use crate::yaml::{NodeId, Tree};

/// The greatest depth of expressions, including that of the definitions that they name; recursion over them needs no deeper stack.
pub const MOST_DEFINED_DEPTH: usize = 320;

impl Policy {
    /// Lowers a document of objectives. Malformed parts are omitted; an expression with faults is not judged, but does not affect others.
    #[must_use]
    pub fn of(document: &Objectives, tree: &Tree) -> (Self, Vec<Fault>) {
        let mut faults = Vec::new();
        let mut policy = Self {
            language: document.language.get().copied().unwrap_or_default(),
            metrics: document.metrics.get().map(|metrics| metrics_of(metrics, tree)).unwrap_or_default(),
            datasets: document.datasets.get().map(datasets_of).unwrap_or_default(),
            references: document.references.get().map(references_of).unwrap_or_default(),
            dimensions: document.dimensions.get().map(|dimensions| dimensions_of(dimensions, tree)).unwrap_or_default(),
            combinations: document.combinations.get().map(|list| combinations_of(list, tree)).unwrap_or_default(),
            ..Self::default()
        };
        let is_open = policy.metrics.is_empty();
        policy.definitions = document
            .definitions
            .get()
            .map(|map| definitions_of(map, tree, policy.language, &mut faults))
            .unwrap_or_default();
        if let Some((errors, node)) = document.errors.located().filter(|(_, node)| !tree.is_null(*node)) {
            let costs = costs_of(errors, node, tree, policy.language, &mut faults);
            if let Some(own) = policy.definitions.iter().find(|own| own.name == EXPECTED_COST) {
                let message = format!("'{EXPECTED_COST}' is what the `errors` of the document cost together");
                faults.push(Fault::new(DiagnosticKind::DefinitionShadowsMetric, own.node, Span::empty(0), message));
            }
            policy.definitions.extend(costs);
        }
        if let Some(combinations) = document.combinations.get() {
            faults.extend(undeclared_combinations(combinations, &policy.dimensions, tree));
        }
        let order = order_of_definitions(&policy.definitions, &mut faults);
        let mut resolver = Resolver::new(&mut policy, is_open, &mut faults);
        resolver.definitions(&order);
        let objectives = document.objectives.get().map(List::iter).into_iter().flatten();
        let objectives: Vec<_> =
            objectives.map(|(node, objective)| objective_of(objective, node, tree, &mut resolver)).collect();
        policy.objectives = objectives;
        let written = document.objectives.node().map_or(0, |node| tree.items(node).len());
        policy.unreadable = written.saturating_sub(policy.objectives.len());
        faults.sort_by_key(|fault| (fault.node, fault.span));
        (policy, faults)
    }
}

impl Policy {
    /// Returns why conditions in the newest language, which another document states beside these objectives, mean nothing: names that the
    /// objectives do not declare, units that do not fit. Each text has the faults of its own; one that can be judged has none.
    #[must_use]
    pub fn faults_beside<'t>(&self, texts: impl IntoIterator<Item = (&'t str, NodeId)>) -> Vec<Fault> {
        let mut policy = Self { language: Language::NEWEST, ..self.clone() };
        let (is_open, mut found) = (policy.metrics.is_empty(), Vec::new());
        let mut faults = Vec::new();
        let mut resolver = Resolver::new(&mut policy, is_open, &mut faults);
        for (text, node) in texts {
            let Ok(expression) = syntax::parse(text, Language::NEWEST).expression else { continue };
            let expression = resolver.said_of_matching(expression, node);
            let condition = expression.and_then(|expression| resolver.condition(&expression, node));
            let of_text = std::mem::take(resolver.faults);
            if condition.is_none() {
                found.extend(of_text);
            }
        }
        found
    }
}

fn metrics_of(metrics: &Map<document::MetricDeclaration>, tree: &Tree) -> Vec<PolicyMetric> {
    let metric = |(name, node, declared): (&str, NodeId, &document::MetricDeclaration)| {
        let unit = declared.unit.get().filter(|unit| !unit.trim().is_empty());
        let unit = unit.map_or_else(MetricUnit::unknown, |unit| MetricUnit::named(unit));
        let bound = |(node, _): (NodeId, &f64)| Exact::parse(tree.text(node)?).map(|bound| &bound * &unit.factor);
        let bounds: Vec<_> = declared.range.get().map(List::iter).into_iter().flatten().filter_map(bound).collect();
        let range = match bounds.as_slice() {
            [low, high] if low < high => Some((low.clone(), high.clone())),
            _ => None,
        };
        let fields = declared.fields.get().map(List::iter).into_iter().flatten();
        let possible = range.clone().map(|(low, high)| (Some(low), Some(high)));
        let declared_type = match declared.value_type.get() {
            Some(declared) => *declared,
            // Only an object has fields.
            None if declared.fields.node().is_some() => DeclaredType::Object,
            // A field has a value in each record.
            None if declared.from.get().is_some() => DeclaredType::Array,
            None => DeclaredType::Scalar,
        };
        // What cannot be read may be any shape.
        let is_unreadable = declared.value_type.node().is_some() && declared.value_type.get().is_none();
        let is_share = declared.of.get().is_some_and(|of| !of.is_empty()) || declared_type == DeclaredType::Proportion;
        // Only a metric between 0 and 1 can be a proportion.
        let lies_between =
            range.as_ref().is_none_or(|(low, high)| !low.is_negative() && *high <= Exact::ONE) && unit.is_fraction();
        PolicyMetric {
            is_proportion: is_share && lies_between && declared_type.shape() == MetricType::Scalar,
            possible: possible.unwrap_or_else(|| possible_values(name, declared.unit.get().map(|unit| &**unit))),
            name: name.to_owned(),
            node: Some(node),
            range,
            better: declared.better.get().copied(),
            shape: (!is_unreadable).then(|| declared_type.shape()),
            fields: fields.map(|(_, field)| field.to_string()).collect(),
            from: declared.from.get().map(|field| RecordMetric::Field(field.trim().to_owned())),
            unit,
        }
    };
    metrics.iter().map(metric).collect()
}

/// Returns the possible values of a metric without a declared range, according to its name, otherwise to its unit.
pub(super) fn possible_values(name: &str, unit: Option<&str>) -> Bounds<Exact> {
    let dimension = unit.map_or(Dimension::Unknown, |unit| MetricUnit::named(unit).dimension);
    match dimension {
        Dimension::One | Dimension::Unknown if known_metrics::range(name).is_some() => {
            known_metrics::exact_range(name).unwrap_or_default()
        }
        Dimension::One if unit.is_some_and(|unit| SHARES.iter().any(|own| unit.eq_ignore_ascii_case(own))) => {
            (Some(Exact::ZERO), Some(Exact::ONE))
        }
        Dimension::Count | Dimension::Time | Dimension::Bytes => (Some(Exact::ZERO), None),
        Dimension::One | Dimension::Unknown | Dimension::Other(_) => (None, None),
    }
}

/// Units whose name implies values between 0 and 1. A percentage may be above 100, such as that of growth.
const SHARES: [&str; 2] = ["fraction", "probability"];

fn datasets_of(datasets: &Map<document::JudgedData>) -> Vec<PolicyDataset> {
    let dataset = |(name, node, data): (&str, NodeId, &document::JudgedData)| PolicyDataset {
        name: name.to_owned(),
        node,
        reference: data.dataset.located().map(|(reference, node)| (reference.to_string(), node)),
        stage: data.stage.get().copied(),
        // An unreadable age is an error of the schema, and must not permit what it was meant to forbid.
        max_age: data.max_age.get().map(|age| age.parse().unwrap_or(MaxAge::NONE)),
        profile: data.profile.get().map(|profile| profile.trim().to_owned()),
    };
    datasets.iter().map(dataset).collect()
}

fn references_of(references: &Map<ReferencePoint>) -> Vec<PolicyReference> {
    let reference = |(name, _, own): (&str, NodeId, &ReferencePoint)| PolicyReference {
        name: name.to_owned(),
        run: own.run.get().map(|run| run.to_string()),
        metrics: own.values.get().into_iter().flat_map(Map::iter).map(|(metric, ..)| metric.to_owned()).collect(),
    };
    references.iter().map(reference).collect()
}

fn dimensions_of(dimensions: &Map<document::SliceDimension>, tree: &Tree) -> Vec<DimensionDeclaration> {
    let dimension = |(name, node, declared): (&str, NodeId, &document::SliceDimension)| {
        let values = declared.values.get().map(List::iter).into_iter().flatten();
        DimensionDeclaration {
            name: name.to_owned(),
            node,
            values: values.filter_map(|(node, _)| tree.text(node).map(str::to_owned)).collect(),
            is_sensitive: declared.sensitive.get() == Some(&true),
            from: declared.from.get().map(|field| field.trim().to_owned()),
        }
    };
    dimensions.iter().map(dimension).collect()
}

fn combinations_of(combinations: &List<Map<ScalarValue>>, tree: &Tree) -> Vec<Vec<(String, String)>> {
    let pair = |(name, node, _): (&str, NodeId, &ScalarValue)| Some((name.to_owned(), tree.text(node)?.to_owned()));
    combinations.iter().map(|(_, values)| values.iter().filter_map(pair).collect()).collect()
}

/// Reports dimensions and values of combinations that the document does not declare.
fn undeclared_combinations(
    combinations: &List<Map<ScalarValue>>,
    dimensions: &[DimensionDeclaration],
    tree: &Tree,
) -> Vec<Fault> {
    let pairs = combinations.iter().flat_map(|(_, values)| values.iter());
    let fault = |(name, node, _): (&str, NodeId, &ScalarValue)| {
        let value = tree.text(node)?;
        let declared = dimensions.iter().find(|own| own.name == name);
        let message = match declared {
            Some(own) if own.values.is_empty() || own.values.iter().any(|own| own == value) => return None,
            Some(_) => format!("'{name}' has no value '{value}'"),
            None => format!("no dimension is called '{name}'"),
        };
        let span = Span::from_usize(0, value.len());
        let fault = Fault::new(DiagnosticKind::UnknownDimension, node, span, message);
        Some(fault.help("declare it under `dimensions`"))
    };
    pairs.filter(|_| !dimensions.is_empty()).filter_map(fault).collect()
}

fn definitions_of(
    definitions: &Map<document::NamedValue>,
    tree: &Tree,
    language: Language,
    faults: &mut Vec<Fault>,
) -> Vec<Definition> {
    let definition = |(name, node, _): (&str, NodeId, &document::NamedValue)| {
        // A definition without a value is reported by the schema, and names nothing.
        if tree.is_null(node) {
            return None;
        }
        let bounds = tree.find(node, &["bounds"]);
        // An entry that is neither a text nor has bounds is reported by the schema.
        let text = if bounds.is_some() { String::new() } else { tree.text(node)?.to_owned() };
        let expression = match bounds {
            Some(bounds) => bounds_of(bounds, tree, language, faults),
            None => noted(syntax::parse_value(&text, language), node, faults),
        };
        Some(Definition { name: name.to_owned(), node, text, expression, value: None })
    };
    definitions.iter().filter_map(definition).collect()
}

/// Reads `{by: region, north: 0.9, else: 0.88}`; `None` if a part of it cannot be read.
fn bounds_of(node: NodeId, tree: &Tree, language: Language, faults: &mut Vec<Fault>) -> Option<Expression> {
    if language < Language::Second {
        faults.push(read_fault(syntax::SyntaxFault::newer("bounds", Language::Second, language), node));
        return None;
    }
    let span = Span::empty(0);
    let name = |text: &str| Name { text: text.to_owned(), span };
    let (mut dimension, mut cases, mut otherwise) = (None, Vec::new(), None);
    let mut is_whole = true;
    for entry in tree.entries(tree.resolve(node)) {
        let text = tree.text(entry.value).unwrap_or_default();
        let key = tree.key_name(entry.key);
        if key == "by" {
            dimension = Some(name(text));
            continue;
        }
        let Some(expression) = noted(syntax::parse_value(text, language), entry.value, faults) else {
            is_whole = false;
            continue;
        };
        // A metric would be compared with itself.
        if !is_literal(&expression.root) {
            let message = "a bound that differs by slice is a number";
            faults.push(Fault::new(DiagnosticKind::NeedsAggregate, entry.value, expression.root.span, message));
            is_whole = false;
        }
        match key {
            "else" => otherwise = Some(expression.root),
            _ => cases.push((name(key), expression.root)),
        }
    }
    let kind = ExprKind::ByValue(Box::new(ByValue { dimension: dimension?, cases, otherwise }));
    is_whole.then_some(Expression { for_each: None, each_metric: None, root: Expr { span, kind } })
}

fn is_literal(node: &Expr) -> bool {
    match &node.kind {
        ExprKind::Number(_) => true,
        ExprKind::Negative(inner) => is_literal(inner),
        _ => false,
    }
}

/// Returns a definition for the rate of each possible error, and one named `expected_cost` for the sum of their costs, per example.
fn costs_of(
    errors: &Map<document::PossibleError>,
    node: NodeId,
    tree: &Tree,
    language: Language,
    faults: &mut Vec<Fault>,
) -> Vec<Definition> {
    if language < Language::Second {
        faults.push(read_fault(syntax::SyntaxFault::newer("errors", Language::Second, language), node));
        return Vec::new();
    }
    let span = Span::empty(0);
    let mut definitions = Vec::new();
    let mut total: Option<Expr> = None;
    let mut is_whole = tree.entries(tree.resolve(node)).count() == errors.iter().count();
    for (name, _, error) in errors.iter() {
        let Some((rate, rate_node)) = error.rate.located() else {
            is_whole = false;
            continue;
        };
        let cost = error.cost.get().and_then(|cost| {
            let (number, currency) = cost.split_once(' ')?;
            let currency = Some(currency.to_owned());
            Some(Literal { currency, ..Literal::bare(Exact::parse(number)?) })
        });
        let expression = noted(syntax::parse_value(rate, language), rate_node, faults);
        let name = format!("{ERRORS}{name}");
        let part = cost.map(|cost| {
            let kind = |kind| Expr { span, kind };
            let rate = kind(ExprKind::Path(vec![Name { text: name.clone(), span }]));
            kind(ExprKind::Arithmetic(Operator::Multiply, Box::new(kind(ExprKind::Number(cost))), Box::new(rate)))
        });
        is_whole &= part.is_some() && expression.is_some();
        total = match (total, part) {
            (Some(sum), Some(part)) => {
                let kind = ExprKind::Arithmetic(Operator::Add, Box::new(sum), Box::new(part));
                Some(Expr { span, kind })
            }
            (sum, part) => sum.or(part),
        };
        definitions.push(Definition { name, node: rate_node, text: rate.to_string(), expression, value: None });
    }
    // A sum that lacks a part would be too low.
    let total = total.filter(|total| is_whole && total.nodes().len() <= syntax::MOST_NODES);
    let expression = total.map(|root| Expression { for_each: None, each_metric: None, root });
    definitions.push(Definition { name: EXPECTED_COST.to_owned(), node, text: String::new(), expression, value: None });
    definitions
}

/// The name of the definition for the cost of the possible errors per example.
pub const EXPECTED_COST: &str = "expected_cost";

fn objective_of(
    objective: &document::Objective,
    node: NodeId,
    tree: &Tree,
    resolver: &mut Resolver<'_>,
) -> PolicyObjective {
    let mut demand = |node: Option<NodeId>, is_text: bool| {
        let node = node.filter(|node| !tree.is_null(*node))?;
        if !is_text {
            // The fault is reported by the schema. It is still a demand, and must not count as met.
            return Some(Demand { node, text: String::new(), expression: None, condition: None });
        }
        let text = tree.text(node)?.to_owned();
        let expression = noted(syntax::parse(&text, resolver.language()), node, resolver.faults);
        let expression = expression.and_then(|expression| resolver.said_of_matching(expression, node));
        let condition = expression.as_ref().and_then(|expression| resolver.condition(expression, node));
        Some(Demand { node, text, expression, condition })
    };
    let text = |field: &Optional<Text>| field.get().map(|text| text.to_string());
    PolicyObjective {
        id: objective.id.get().map(|id| id.to_string()).unwrap_or_default(),
        node,
        why: text(&objective.why),
        severity: objective.severity.get().copied().unwrap_or(ObjectiveSeverity::Required),
        expect: demand(objective.expect.node(), objective.expect.get().is_some()),
        aim: demand(objective.aim.node(), objective.aim.get().is_some()),
    }
}

/// Returns the expression, and adds faults of its notation.
fn noted(parsed: Parsed, node: NodeId, faults: &mut Vec<Fault>) -> Option<Expression> {
    for slip in parsed.slips {
        let message = format!("the objectives language writes this as '{}'", slip.canonical);
        faults.push(Fault::new(DiagnosticKind::Notation, node, slip.span, message).replace(slip.span, slip.canonical));
    }
    match parsed.expression {
        Ok(expression) => Some(expression),
        Err(fault) => {
            faults.push(read_fault(fault, node));
            None
        }
    }
}

/// Returns the fault of a text that cannot be parsed.
fn read_fault(fault: syntax::SyntaxFault, node: NodeId) -> Fault {
    let check = match fault.kind {
        FaultKind::Grammar => DiagnosticKind::Syntax,
        FaultKind::Newer => DiagnosticKind::Language,
        FaultKind::Limit => DiagnosticKind::TooLarge,
    };
    Fault { help: fault.help, ..Fault::new(check, node, fault.span, fault.message) }
}

/// Returns the definitions in an order in which each follows those that it names. Those that refer to themselves, and those that are nested
/// too deep, are omitted.
fn order_of_definitions(definitions: &[Definition], faults: &mut Vec<Fault>) -> Vec<DefinitionId> {
    let by_name: rustc_hash::FxHashMap<&str, DefinitionId> =
        definitions.iter().enumerate().map(|(id, definition)| (definition.name.as_str(), id)).collect();
    let named: Vec<Vec<DefinitionId>> = definitions
        .iter()
        .map(|definition| {
            let names = definition.expression.iter().flat_map(|expression| expression.root.single_names());
            names.filter_map(|name| by_name.get(name).copied()).collect()
        })
        .collect();
    let mut order = Vec::with_capacity(definitions.len());
    let mut state = vec![State::New; definitions.len()];
    for start in 0..definitions.len() {
        // Not recursive: a chain of definitions may be as long as the document.
        let mut path = vec![(start, 0)];
        while let Some((id, next)) = path.pop() {
            if next == 0 {
                if state.get(id) != Some(&State::New) {
                    continue;
                }
                set(&mut state, id, State::Open);
            }
            match named.get(id).and_then(|named| named.get(next)) {
                Some(dependency) => {
                    path.push((id, next + 1));
                    match state.get(*dependency) {
                        Some(State::New) => path.push((*dependency, 0)),
                        Some(State::Open) => {
                            faults.extend(circular(definitions, *dependency, &path));
                            path.iter().for_each(|(id, _)| set(&mut state, *id, State::Faulty));
                        }
                        _ => {}
                    }
                }
                None if state.get(id) == Some(&State::Open) => {
                    set(&mut state, id, State::Done);
                    order.push(id);
                }
                None => {}
            }
        }
    }
    order
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
    Faulty,
}

fn set(states: &mut [State], id: DefinitionId, state: State) {
    if let Some(own) = states.get_mut(id) {
        *own = state;
    }
}

/// Returns the fault for the cycle that a path closes by returning to `first`.
fn circular(definitions: &[Definition], first: DefinitionId, path: &[(DefinitionId, usize)]) -> Option<Fault> {
    let cycle: Vec<_> = path.iter().map(|(id, _)| *id).skip_while(|id| *id != first).collect();
    let names: Vec<_> =
        cycle.iter().chain([&first]).filter_map(|id| definitions.get(*id)).map(|own| own.name.as_str()).collect();
    let definition = definitions.get(first)?;
    let whole = definition.expression.as_ref()?.root.span;
    let message = match names.as_slice() {
        [name, _] => format!("'{name}' is defined by itself"),
        names => format!("these definitions depend on each other: {}", names.join(" → ")),
    };
    Some(Fault::new(DiagnosticKind::CircularDefinition, definition.node, whole, message))
}

#[cfg(test)]
mod tests;
