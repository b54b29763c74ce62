//! From an expression to what is judged: names are looked up, types and units checked.

use rustc_hash::{FxHashMap, FxHashSet};

use super::fault::{Check, Fault};
use super::number::Exact;
use super::policy::{Metric, Policy};
use super::read::MOST_DEFINED_DEPTH;
use super::syntax::ast::{self, Expression, Node, NodeKind};
use super::typed::{
    Across, AcrossFunction, Aggregate, Amount, Claim, Condition, DatasetId, DefinitionId, Direction, MetricId,
    Operator, Predicate, Slices, Truth, TruthKind, Value, ValueKind, Verb,
};
use super::unit::{Dimension, MetricUnit, Unit};
use crate::documents::metric::MetricType;
use crate::documents::objectives::{Better, DataStage};
use crate::text::Span;
use crate::yaml::NodeId;

/// Looks up what expressions name.
pub(super) struct Resolver<'p> {
    policy: &'p mut Policy,
    /// Whether the document declares no metrics, so that any name is one.
    is_open: bool,
    pub(super) faults: &'p mut Vec<Fault>,
    /// The scalar of the expression at hand.
    node: Option<NodeId>,
    /// The depth of each definition that has a value.
    depths: Vec<usize>,
    metrics: FxHashMap<String, MetricId>,
    definitions: FxHashMap<String, DefinitionId>,
    datasets: FxHashMap<String, DatasetId>,
    dimensions: FxHashSet<String>,
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
            policy,
        }
    }

    /// Gives definitions their values, in this order.
    pub(super) fn definitions(&mut self, order: &[DefinitionId]) {
        for id in order {
            let Some(definition) = self.policy.definitions.get(*id) else { continue };
            let (name, node, expression) = (definition.name.clone(), definition.node, definition.expression.clone());
            self.node = Some(node);
            if self
                .metrics
                .get(&name)
                .is_some_and(|id| self.policy.metrics.get(*id).is_some_and(|metric| metric.node.is_some()))
            {
                let message = format!("'{name}' is a metric, too: an expression that says '{name}' could mean either");
                self.fault(Check::DefinitionShadowsMetric, Span::empty(0), message);
            }
            let value = expression.and_then(|expression| self.number(&expression.root));
            let depth = value.as_ref().map_or(0, |value| value.depth(&self.depths));
            if depth > MOST_DEFINED_DEPTH {
                let message = format!(
                    "with the definitions that it names, '{name}' nests more than {MOST_DEFINED_DEPTH} levels deep"
                );
                self.fault(Check::TooLarge, Span::empty(0), message);
                continue;
            }
            if let (Some(own), Some(definition)) = (self.depths.get_mut(*id), self.policy.definitions.get_mut(*id)) {
                *own = depth;
                definition.value = value;
            }
        }
    }

    /// The condition of an objective, unless something is wrong with it.
    pub(super) fn condition(&mut self, expression: &Expression, node: NodeId) -> Option<Condition> {
        self.node = Some(node);
        let for_each = expression.for_each.as_ref().map(|for_each| self.slices(&for_each.slices, for_each.span));
        let root = self.truth(&expression.root)?;
        let condition = Condition { for_each: transposed(for_each)?, root };
        let is_deep = condition
            .claims()
            .iter()
            .any(|claim| claim.values().any(|value| value.depth(&self.depths) > MOST_DEFINED_DEPTH));
        if is_deep {
            let message = format!(
                "with the definitions that it names, the expression nests more than {MOST_DEFINED_DEPTH} levels deep"
            );
            self.fault(Check::TooLarge, expression.root.span, message);
            return None;
        }
        Some(condition)
    }

    fn fault(&mut self, check: Check, span: Span, message: impl Into<String>) {
        if let Some(node) = self.node {
            self.faults.push(Fault::new(check, node, span, message));
        }
    }

    fn helped(&mut self, check: Check, span: Span, message: impl Into<String>, help: impl Into<String>) {
        if let Some(node) = self.node {
            self.faults.push(Fault::new(check, node, span, message).help(help));
        }
    }
}

/// An error inside an option is an error.
#[expect(clippy::option_option, reason = "absent and wrong are two things")]
fn transposed<T>(value: Option<Option<T>>) -> Option<Option<T>> {
    match value {
        Some(None) => None,
        Some(Some(value)) => Some(Some(value)),
        None => Some(None),
    }
}

/// Conditions.
impl Resolver<'_> {
    fn truth(&mut self, node: &Node) -> Option<Truth> {
        let kind = match &node.kind {
            NodeKind::Claim(claim) => TruthKind::Claim(Box::new(self.claim(claim)?)),
            NodeKind::Not(negated) => TruthKind::Not(Box::new(self.truth(negated)?)),
            NodeKind::And(parts) => TruthKind::And(self.truths(parts)?),
            NodeKind::Or(parts) => TruthKind::Or(self.truths(parts)?),
            NodeKind::Implies(premise, conclusion) => {
                let (premise, conclusion) = (self.truth(premise), self.truth(conclusion));
                TruthKind::Implies(Box::new(premise?), Box::new(conclusion?))
            }
            _ => {
                let help = "compare it with something, as in `accuracy >= 85%`";
                self.helped(Check::NeedsAggregate, node.span, "this is a number, and a condition was expected", help);
                return None;
            }
        };
        Some(Truth { span: node.span, kind })
    }

    /// All of them, so that what is wrong with one does not hide what is wrong with another.
    fn truths(&mut self, parts: &[Node]) -> Option<Vec<Truth>> {
        let truths: Vec<_> = parts.iter().map(|part| self.truth(part)).collect();
        truths.into_iter().collect()
    }

    fn claim(&mut self, claim: &ast::Claim) -> Option<Claim> {
        let own = &claim.qualifiers;
        let dataset = own.dataset.as_ref().map(|name| self.dataset(name));
        let value = match claim.predicate {
            ast::Predicate::Reported(_) => self.value(&claim.value),
            _ => self.number(&claim.value),
        };
        let predicate = self.predicate(claim, value.as_ref());
        if let (Some((_, span)), Some(Some(id))) = (own.window, dataset)
            && let Some(data) = self.policy.datasets.get(id)
            && data.stage != Some(DataStage::Monitoring)
        {
            let message =
                format!("'{}' is not monitored: it is measured once, and not over a length of time", data.name);
            self.helped(
                Check::WindowNotMonitoring,
                span,
                message,
                "leave 'over last …' out, or say `stage: monitoring` of the data",
            );
            return None;
        }
        Some(Claim {
            value: value?,
            predicate: predicate?,
            dataset: transposed(dataset)?,
            confidence: own.confidence.as_ref().map(|(level, _)| level.clone()),
            examples: own.examples.map(|(examples, _)| examples),
            window: own.window.map(|(seconds, _)| seconds),
        })
    }

    fn predicate(&mut self, claim: &ast::Claim, value: Option<&Value>) -> Option<Predicate> {
        match &claim.predicate {
            ast::Predicate::Compare(comparison, _, bound) => {
                // A number on the left takes the unit of what it is compared with.
                let bound = self.bound(bound, value)?;
                Some(Predicate::Compare(*comparison, bound))
            }
            ast::Predicate::Between(low, high) => {
                let (low, high) = (self.bound(low, value), self.bound(high, value));
                Some(Predicate::Between(low?, high?))
            }
            ast::Predicate::Within(amount, of) => {
                let of = self.bound(of, value);
                let amount = self.amount(amount, value?, true)?;
                Some(Predicate::Within(amount, of?))
            }
            ast::Predicate::Change(change) => self.change(change, value?),
            ast::Predicate::Reported(is_negated) => Some(Predicate::Reported(*is_negated)),
        }
    }

    fn change(&mut self, change: &ast::Change, value: &Value) -> Option<Predicate> {
        let must_differ = change.verb == Verb::Changes;
        let amount = self.amount(&change.amount, value, must_differ);
        let direction = match change.verb {
            Verb::Rises => Direction::Up,
            Verb::Drops => Direction::Down,
            Verb::Changes => Direction::Either,
            Verb::Improves | Verb::Worsens => {
                let better = self.better(value, change.verb_span, change.verb.word())?;
                let is_up = (better == Better::Higher) == (change.verb == Verb::Improves);
                if is_up { Direction::Up } else { Direction::Down }
            }
        };
        let reference = change.reference.clone();
        Some(Predicate::Change { direction, verb: change.verb, limit: change.limit, amount: amount?, reference })
    }

    /// Which values of the one metric in a value are better.
    fn better(&mut self, value: &Value, span: Span, word: &str) -> Option<Better> {
        let metric = match value.metric() {
            Some(id) => self.policy.metrics.get(id),
            None => None,
        };
        match metric.map(|metric| (metric.better, metric.name.clone())) {
            Some((Some(better), _)) => return Some(better),
            Some((None, name)) => {
                let message = format!("'{word}' needs to know which values of '{name}' are better");
                let help = format!("declare `better: higher` or `better: lower` under `metrics.{name}`");
                self.helped(Check::NoDirection, span, message, help);
            }
            None => {
                let message = format!("'{word}' can be said of a metric, and this value is made of several numbers");
                self.helped(Check::NoDirection, span, message, "say 'rises' or 'drops'");
            }
        }
        None
    }

    fn amount(&mut self, amount: &ast::Amount, value: &Value, must_be_positive: bool) -> Option<Amount> {
        if amount.number.is_negative() || must_be_positive && amount.number.is_zero() {
            let message = match amount.number.is_negative() {
                true => "an amount is not negative; the word before it gives the direction",
                false => "an amount of nothing leaves no room at all",
            };
            self.fault(Check::BadAmount, amount.span, message);
            return None;
        }
        let own = &value.unit.dimension;
        let (dimension, scale) = match amount.unit {
            Some(Unit::Percent) => return Some(Amount::Relative(&amount.number * &Unit::Percent.factor())),
            Some(unit) => (unit.dimension(), unit.factor()),
            None => {
                self.unit_missing(amount.span, value);
                return Some(Amount::Absolute(&amount.number * &value.unit.factor));
            }
        };
        let is_points = amount.unit == Some(Unit::Points);
        if !dimension.fits(own) || is_points && *own == Dimension::Count {
            let what = if is_points {
                "percentage points are of a fraction".to_owned()
            } else {
                format!("this is {dimension}")
            };
            self.mismatch(amount.span, format!("{what}, and the value is {own}"));
            return None;
        }
        Some(Amount::Absolute(&amount.number * &scale))
    }

    /// What a value is compared with.
    fn bound(&mut self, node: &Node, value: Option<&Value>) -> Option<Value> {
        let bound = self.number(node)?;
        let Some(value) = value else { return Some(bound) };
        if !bound.unit.dimension.fits(&value.unit.dimension) && !is_bare(&bound) && !is_bare(value) {
            let message = format!("this is {}, and the value is {}", bound.unit.dimension, value.unit.dimension);
            self.mismatch(node.span, message);
            return None;
        }
        if is_bare(&bound) {
            self.unit_missing(node.span, value);
        }
        Some(scaled(bound, value))
    }

    fn mismatch(&mut self, span: Span, message: String) {
        self.fault(Check::UnitMismatch, span, message);
    }

    fn unit_missing(&mut self, span: Span, value: &Value) {
        if matches!(value.unit.dimension, Dimension::Time | Dimension::Bytes) && !is_bare(value) {
            let symbol = value.unit.symbol.clone();
            if let Some(node) = self.node {
                let fault = Fault::new(
                    Check::UnitMissing,
                    node,
                    span,
                    format!("the number has no unit; it is read as {symbol}"),
                );
                self.faults
                    .push(fault.help(format!("write the unit: {symbol}")).replace(Span::empty(span.end), symbol));
            }
        }
    }

    fn dataset(&mut self, name: &ast::Name) -> Option<DatasetId> {
        let found = self.datasets.get(&name.text).copied();
        if let (None, Some(node)) = (found, self.node) {
            let fault =
                Fault::new(Check::UnknownDataset, node, name.span, format!("no data is called '{}'", name.text));
            let names = self.policy.datasets.iter().map(|dataset| dataset.name.as_str());
            let fault = fault.help("declare it under `datasets`").suggest(&name.text, names);
            self.faults.push(fault);
        }
        found
    }

    fn slices(&mut self, slices: &ast::Slices, span: Span) -> Option<Slices> {
        let mut are_known = true;
        for name in &slices.dimensions {
            let is_known = self.dimensions.is_empty() || self.dimensions.contains(&name.text);
            if let (false, Some(node)) = (is_known, self.node) {
                let message = format!("no dimension is called '{}'", name.text);
                let declared = self.policy.dimensions.iter().map(|dimension| dimension.name.as_str());
                let fault = Fault::new(Check::UnknownDimension, node, name.span, message);
                self.faults.push(fault.help("declare it under `dimensions`").suggest(&name.text, declared));
                are_known = false;
            }
        }
        let dimensions = slices.dimensions.iter().map(|name| name.text.clone()).collect();
        are_known.then(|| Slices { span, dimensions, sample: slices.sample.clone() })
    }
}

/// Values.
impl Resolver<'_> {
    /// A value that is one number.
    fn number(&mut self, node: &Node) -> Option<Value> {
        let value = self.value(node)?;
        let what = match self.shape(&value) {
            Some(MetricType::Array) => "a list of numbers",
            Some(MetricType::Object) => "several named numbers",
            Some(MetricType::Scalar) | None => return Some(value),
        };
        let help = match what {
            "a list of numbers" => "make one number of them: mean(…), p95(…), max(…)",
            _ => "name one of its fields after a dot",
        };
        self.helped(Check::NeedsAggregate, node.span, format!("this is {what}, and one number was expected"), help);
        None
    }

    fn shape(&self, value: &Value) -> Option<MetricType> {
        match &value.kind {
            ValueKind::Metric(id, None) => self.policy.metrics.get(*id)?.shape,
            ValueKind::On(inner, _) => self.shape(inner),
            _ => Some(MetricType::Scalar),
        }
    }

    fn value(&mut self, node: &Node) -> Option<Value> {
        let span = node.span;
        match &node.kind {
            NodeKind::Number(literal) => {
                let unit = literal.unit.map_or_else(|| plain(Dimension::One), |unit| MetricUnit::named(unit.symbol()));
                let number =
                    literal.unit.map_or_else(|| literal.number.clone(), |unit| &literal.number * &unit.factor());
                Some(Value { span, kind: ValueKind::Number(number), unit })
            }
            NodeKind::Path(names) => self.path(names, span),
            NodeKind::Metric(name) => {
                let id = self.metric(&name.text, name.span)?;
                Some(self.metric_value(id, None, span))
            }
            NodeKind::Call(function, argument) => self.call(function, argument, span),
            NodeKind::Across(across) => self.across(across, span),
            NodeKind::Negative(inner) => {
                let inner = self.number(inner)?;
                Some(Value { span, unit: inner.unit.clone(), kind: ValueKind::Negative(Box::new(inner)) })
            }
            NodeKind::Arithmetic(operator, left, right) => self.arithmetic(*operator, left, right, span),
            NodeKind::On(inner, name) => {
                let (inner, dataset) = (self.value(inner), self.dataset(name));
                let inner = inner?;
                Some(Value { span, unit: inner.unit.clone(), kind: ValueKind::On(Box::new(inner), dataset?) })
            }
            NodeKind::Claim(_) | NodeKind::Not(_) | NodeKind::And(_) | NodeKind::Or(_) | NodeKind::Implies(..) => {
                self.fault(Check::NeedsAggregate, span, "this is a condition, and a number was expected");
                None
            }
        }
    }

    /// A definition, a metric, or a field of one. A metric whose name has dots is found before the field of a shorter name.
    fn path(&mut self, names: &[ast::Name], span: Span) -> Option<Value> {
        if let [name] = names
            && let Some(id) = self.definitions.get(&name.text).copied()
        {
            // What is wrong with it is said there.
            let unit = self.policy.definitions.get(id)?.value.as_ref()?.unit.clone();
            return Some(Value { span, kind: ValueKind::Definition(id), unit });
        }
        for length in (1..=names.len()).rev() {
            let (metric, field) = names.split_at(length);
            if let Some(id) = self.metrics.get(&dotted(metric)).copied() {
                return match field {
                    [] => Some(self.metric_value(id, None, span)),
                    [first, .., last] => self.field(id, &dotted(field), first.span.to(last.span), span),
                    [only] => self.field(id, &only.text, only.span, span),
                };
            }
        }
        let (first, rest) = names.split_first()?;
        let id = self.metric(&first.text, first.span)?;
        match rest {
            [] => Some(self.metric_value(id, None, span)),
            [field, ..] => self.field(id, &dotted(rest), field.span, span),
        }
    }

    /// The metric of this name; one that is not declared only where none is.
    fn metric(&mut self, name: &str, span: Span) -> Option<MetricId> {
        if let Some(id) = self.metrics.get(name) {
            return Some(*id);
        }
        if self.is_open {
            let unit = MetricUnit::unknown();
            let (node, range, better, shape) = (None, None, None, None);
            let fields = Vec::new();
            self.policy.metrics.push(Metric { name: name.to_owned(), node, unit, range, better, shape, fields });
            let id = self.policy.metrics.len() - 1;
            self.metrics.insert(name.to_owned(), id);
            return Some(id);
        }
        let node = self.node?;
        let metrics = self.policy.metrics.iter().map(|metric| metric.name.as_str());
        let names = metrics.chain(self.policy.definitions.iter().map(|definition| definition.name.as_str()));
        let fault = Fault::new(Check::UnknownMetric, node, span, format!("no metric or definition is called '{name}'"));
        let fault = fault.help("declare it under `metrics`").suggest(name, names);
        self.faults.push(fault);
        None
    }

    fn metric_value(&self, id: MetricId, field: Option<String>, span: Span) -> Value {
        let unit = self.policy.metrics.get(id).map_or_else(MetricUnit::unknown, |metric| metric.unit.clone());
        Value { span, kind: ValueKind::Metric(id, field), unit }
    }

    fn field(&mut self, id: MetricId, name: &str, at: Span, span: Span) -> Option<Value> {
        let metric = self.policy.metrics.get(id)?;
        let is_object = matches!(metric.shape, None | Some(MetricType::Object));
        if is_object && (metric.fields.is_empty() || metric.fields.iter().any(|field| field == name)) {
            return Some(self.metric_value(id, Some(name.to_owned()), span));
        }
        let message = match is_object {
            true => format!("'{}' has no field '{name}'", metric.name),
            false => format!("'{}' is no object, and has no fields", metric.name),
        };
        let fault = Fault::new(Check::UnknownField, self.node?, at, message);
        let fault = fault.suggest(name, metric.fields.iter().map(String::as_str));
        self.faults.push(fault);
        None
    }

    fn call(&mut self, function: &ast::Name, argument: &Node, span: Span) -> Option<Value> {
        let Some(aggregate) = Aggregate::by_name(&function.text) else {
            let names =
                Aggregate::NAMES.iter().map(|(name, _)| *name).chain(AcrossFunction::ALL.iter().map(|(_, name)| *name));
            let fault = Fault::new(
                Check::UnknownFunction,
                self.node?,
                function.span,
                format!("no function is called '{}'", function.text),
            );
            let digits = function.text.strip_prefix('p').unwrap_or("");
            let is_percentile = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            let help = match is_percentile {
                true => "percentiles are p50, p95, p99, p999; the greatest value is max(…), the least min(…)",
                false => {
                    "there are min, max, mean, median, sum, count, std, first, last, abs, percentiles such as p95, and ratio, difference, worst and best across slices"
                }
            };
            let fault = fault.help(help);
            let fault =
                if is_percentile { fault } else { fault.suggest(&function.text, names.chain(["metric", "p95"])) };
            self.faults.push(fault);
            return None;
        };
        let inner = if aggregate == Aggregate::Abs { self.number(argument)? } else { self.value(argument)? };
        if aggregate != Aggregate::Abs && !matches!(self.shape(&inner), None | Some(MetricType::Array)) {
            let message = format!("{}(…) takes a list of numbers", function.text);
            self.helped(
                Check::NeedsAggregate,
                argument.span,
                message,
                "a metric that is a list is declared with `type: array`",
            );
            return None;
        }
        let unit = if aggregate == Aggregate::Count { plain(Dimension::Count) } else { inner.unit.clone() };
        Some(Value { span, kind: ValueKind::Aggregate(aggregate, Box::new(inner)), unit })
    }

    fn across(&mut self, across: &ast::Across, span: Span) -> Option<Value> {
        let value = self.number(&across.value);
        let slices = self.slices(&across.slices, across.slices.dimensions.first().map_or(span, |name| name.span));
        let (value, slices) = (value?, slices?);
        let takes_greatest = match across.function {
            AcrossFunction::Ratio | AcrossFunction::Difference => false,
            AcrossFunction::Worst => self.better(&value, span, "worst")? == Better::Lower,
            AcrossFunction::Best => self.better(&value, span, "best")? == Better::Higher,
        };
        let unit = if across.function == AcrossFunction::Ratio { plain(Dimension::One) } else { value.unit.clone() };
        let relative_to = across.relative_to.as_ref().map(|name| name.text.clone());
        let across = Across { function: across.function, value, slices, relative_to, takes_greatest };
        Some(Value { span, kind: ValueKind::Across(Box::new(across)), unit })
    }

    fn arithmetic(&mut self, operator: Operator, left: &Node, right: &Node, span: Span) -> Option<Value> {
        let (left, right) = (self.number(left), self.number(right));
        let (left, right) = (left?, right?);
        let (a, b) = (&left.unit.dimension, &right.unit.dimension);
        let unit = match operator {
            Operator::Add | Operator::Subtract => {
                if !a.fits(b) && !is_bare(&left) && !is_bare(&right) {
                    let word = if operator == Operator::Add { "added to" } else { "taken from" };
                    self.mismatch(right.span, format!("this is {b}, and cannot be {word} what is {a}"));
                    return None;
                }
                let unit =
                    if is_bare(&left) || *a == Dimension::Unknown { right.unit.clone() } else { left.unit.clone() };
                let (left, right) = (scaled(left, &right), right);
                let right = scaled(right, &left);
                let kind = ValueKind::Arithmetic(operator, Box::new(left), Box::new(right));
                return Some(Value { span, kind, unit });
            }
            Operator::Multiply if *a == Dimension::One => right.unit.clone(),
            Operator::Multiply | Operator::Divide if *b == Dimension::One => left.unit.clone(),
            Operator::Divide if a == b && *a != Dimension::Unknown => plain(Dimension::One),
            // A rate, or a square: compared with bare numbers only.
            Operator::Multiply | Operator::Divide => MetricUnit::unknown(),
        };
        Some(Value { span, kind: ValueKind::Arithmetic(operator, Box::new(left), Box::new(right)), unit })
    }
}

fn plain(dimension: Dimension) -> MetricUnit {
    MetricUnit { dimension, ..MetricUnit::unknown() }
}

/// Whether a value consists of numbers without units, which take the unit of what they are compared with.
fn is_bare(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Number(_) => value.unit.dimension == Dimension::One && value.unit.symbol.is_empty(),
        ValueKind::Negative(inner) => is_bare(inner),
        ValueKind::Arithmetic(_, left, right) => is_bare(left) && is_bare(right),
        _ => false,
    }
}

/// The value in the unit of the other, if it has none of its own.
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
