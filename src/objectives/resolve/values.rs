//! Resolves values.

use super::super::diagnostic::{DiagnosticKind, Fault};
use super::super::hir::{
    Across, AcrossFunction, Aggregate, ByValue, MetricId, Operator, Value, ValueKind, Weight, Within,
};
use super::super::lower::possible_values;
use super::super::number::Exact;
use super::super::policy::PolicyMetric;
use super::super::syntax::ast::{self, Expr, ExprKind};
use super::super::unit::{Dimension, MetricUnit};
use super::{Resolver, dotted, is_bare, plain, scaled, transposed};
use crate::documents::metric::MetricType;
use crate::documents::objectives::Better;
use crate::text::Span;

impl Resolver<'_> {
    /// Resolves a value that is one number.
    pub(super) fn number(&mut self, node: &Expr) -> Option<Value> {
        let value = self.value(node)?;
        let what = match self.shape(&value) {
            Some(MetricType::Array) => "a list of numbers",
            Some(MetricType::Object) => "several named numbers",
            Some(MetricType::Scalar) | None => return Some(value),
        };
        let help = match what {
            "a list of numbers" => "reduce it to one number, as in mean(…), p95(…) or max(…)",
            _ => "name one of its fields after a dot",
        };
        self.helped(
            DiagnosticKind::NeedsAggregate,
            node.span,
            format!("this is {what}, and one number was expected"),
            help,
        );
        None
    }

    pub(super) fn shape(&self, value: &Value) -> Option<MetricType> {
        match &value.kind {
            ValueKind::Metric(id, None) => self.policy.metrics.get(*id)?.shape,
            ValueKind::On(inner, _) | ValueKind::Within(inner, _) => self.shape(inner),
            _ => Some(MetricType::Scalar),
        }
    }

    pub(super) fn value(&mut self, node: &Expr) -> Option<Value> {
        let span = node.span;
        match &node.kind {
            ExprKind::Number(literal) => {
                let unit = literal.measured_in();
                let number = &literal.number * &unit.factor;
                Some(Value { span, kind: ValueKind::Number(number), unit })
            }
            ExprKind::Path(names) => self.path(names, span),
            ExprKind::Metric(name) => {
                let id = self.metric(&name.text, name.span)?;
                Some(self.metric_value(id, None, span))
            }
            ExprKind::Call(function, argument) => self.call(function, argument, span),
            ExprKind::Across(across) => self.across(across, span),
            ExprKind::Share(test) => Some(self.share(test, span)),
            ExprKind::Distance(distance, field) => self.distance(distance, field, span),
            ExprKind::Negative(inner) => {
                let inner = self.number(inner)?;
                Some(Value { span, unit: inner.unit.clone(), kind: ValueKind::Negative(Box::new(inner)) })
            }
            ExprKind::Arithmetic(operator, left, right) => self.arithmetic(*operator, left, right, span),
            ExprKind::On(inner, name) => {
                let (inner, dataset) = (self.value(inner), self.dataset(name));
                let inner = inner?;
                Some(Value { span, unit: inner.unit.clone(), kind: ValueKind::On(Box::new(inner), dataset?) })
            }
            ExprKind::Over(inner, seconds) => {
                let surrounding = std::mem::replace(&mut self.is_in_window, true);
                let inner = self.value(inner);
                self.is_in_window = surrounding;
                let inner = inner?;
                let unit = inner.unit.clone();
                Some(Value { span, unit, kind: ValueKind::Within(Box::new(inner), Within::Window(*seconds)) })
            }
            ExprKind::Where(inner, slice) => {
                let (inner, slice) = (self.value(inner), self.slice(slice));
                let (inner, slice) = (inner?, slice??);
                let unit = inner.unit.clone();
                Some(Value { span, unit, kind: ValueKind::Within(Box::new(inner), slice) })
            }
            ExprKind::Of(inner, reference) => {
                let inner = self.number(inner)?;
                let (unit, place) = (inner.unit.clone(), Within::Reference(self.change_reference(reference, &inner)?));
                Some(Value { span, unit, kind: ValueKind::Within(Box::new(inner), place) })
            }
            ExprKind::Age => Some(Value { span, kind: ValueKind::Age, unit: days() }),
            ExprKind::ByValue(own) => self.by_value(own, span),
            ExprKind::Claim(_) | ExprKind::Not(_) | ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Implies(..) => {
                self.fault(DiagnosticKind::NeedsAggregate, span, "this is a condition, and a number was expected");
                None
            }
        }
    }

    /// Resolves a definition, a metric, or a field of one. A metric with dots in its name takes precedence over the field of a shorter
    /// name.
    pub(super) fn path(&mut self, names: &[ast::Name], span: Span) -> Option<Value> {
        if let [name] = names
            && let Some(id) = self.definitions.get(&name.text).copied()
        {
            // The faults of the definition are reported there.
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

    /// Returns the metric with this name. Undeclared metrics are accepted only if the document declares none.
    pub(super) fn metric(&mut self, name: &str, span: Span) -> Option<MetricId> {
        if let Some(id) = self.metrics.get(name) {
            return Some(*id);
        }
        if self.is_open {
            let unit = MetricUnit::unknown();
            let (node, range, better, shape) = (None, None, None, None);
            let fields = Vec::new();
            let (possible, is_proportion) = (possible_values(name, None), false);
            self.policy.metrics.push(PolicyMetric {
                name: name.to_owned(),
                node,
                unit,
                range,
                possible,
                is_proportion,
                better,
                shape,
                fields,
                from: None,
            });
            let id = self.policy.metrics.len() - 1;
            self.metrics.insert(name.to_owned(), id);
            return Some(id);
        }
        let node = self.node?;
        let metrics = self.policy.metrics.iter().map(|metric| metric.name.as_str());
        let names = metrics.chain(self.policy.definitions.iter().map(|definition| definition.name.as_str()));
        let fault = Fault::new(
            DiagnosticKind::UnknownMetric,
            node,
            span,
            format!("no metric or definition is called '{name}'"),
        );
        let fault = fault.help("declare it under `metrics`").suggest(name, names);
        self.faults.push(fault);
        None
    }

    pub(super) fn metric_value(&self, id: MetricId, field: Option<String>, span: Span) -> Value {
        let unit = self.policy.metrics.get(id).map_or_else(MetricUnit::unknown, |metric| metric.unit.clone());
        Value { span, kind: ValueKind::Metric(id, field), unit }
    }

    pub(super) fn field(&mut self, id: MetricId, name: &str, at: Span, span: Span) -> Option<Value> {
        let metric = self.policy.metrics.get(id)?;
        let is_object = matches!(metric.shape, None | Some(MetricType::Object));
        if is_object && (metric.fields.is_empty() || metric.fields.iter().any(|field| field == name)) {
            return Some(self.metric_value(id, Some(name.to_owned()), span));
        }
        let message = match is_object {
            true => format!("'{}' has no field '{name}'", metric.name),
            false => format!("'{}' is not an object, and has no fields", metric.name),
        };
        let fault = Fault::new(DiagnosticKind::UnknownField, self.node?, at, message);
        let fault = match is_object {
            true => fault.suggest(name, metric.fields.iter().map(String::as_str)),
            false => fault,
        };
        self.faults.push(fault);
        None
    }

    pub(super) fn call(&mut self, function: &ast::Name, argument: &Expr, span: Span) -> Option<Value> {
        let Some(aggregate) = Aggregate::by_name(&function.text) else {
            let names =
                Aggregate::NAMES.iter().map(|(name, _)| *name).chain(AcrossFunction::ALL.iter().map(|(_, name)| *name));
            let fault = Fault::new(
                DiagnosticKind::UnknownFunction,
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
        // Over a window there are as many numbers as records, no matter where the window is written.
        let is_of_window = self.is_in_window || matches!(argument.kind, ExprKind::Over(..));
        let is_list = match self.shape(&inner) {
            None | Some(MetricType::Array) => true,
            Some(MetricType::Scalar) => is_of_window && is_metric(&inner),
            Some(MetricType::Object) => false,
        };
        if aggregate != Aggregate::Abs && !is_list {
            let message = format!("{}(…) takes a list of numbers", function.text);
            self.helped(
                DiagnosticKind::NeedsAggregate,
                argument.span,
                message,
                "a metric that is a list is declared with `type: array`",
            );
            return None;
        }
        let unit = if aggregate == Aggregate::Count { plain(Dimension::Count) } else { inner.unit.clone() };
        Some(Value { span, kind: ValueKind::Aggregate(aggregate, Box::new(inner)), unit })
    }

    pub(super) fn across(&mut self, across: &ast::Across, span: Span) -> Option<Value> {
        let value = self.number(&across.value);
        let slices = self.slices(&across.slices, across.slices.dimensions.first().map_or(span, |name| name.span));
        let (value, slices) = (value?, slices?);
        let takes_greatest = match across.function {
            AcrossFunction::Ratio
            | AcrossFunction::Difference
            | AcrossFunction::Mean
            | AcrossFunction::WeightedMean
            | AcrossFunction::LeastRise
            | AcrossFunction::LeastFall => false,
            AcrossFunction::Worst => self.better(&value, span, "worst")? == Better::Lower,
            AcrossFunction::Best => self.better(&value, span, "best")? == Better::Higher,
        };
        let unit = if across.function == AcrossFunction::Ratio { plain(Dimension::One) } else { value.unit.clone() };
        if let (Some(value), [dimension]) = (&across.relative_to, across.slices.dimensions.as_slice()) {
            self.slice_value(dimension, value)?;
        }
        let relative_to = across.relative_to.as_ref().map(|name| name.text.clone());
        let weight = across.weight.as_ref().map(|name| self.weight(name));
        let weight = transposed(weight)?;
        let across = Across { function: across.function, value, slices, relative_to, weight, takes_greatest };
        Some(Value { span, kind: ValueKind::Across(Box::new(across)), unit })
    }

    /// Resolves the least rise or fall of a value from each slice to the next.
    pub(super) fn along(
        &mut self,
        value: &Expr,
        order: ast::StepOrder,
        slices: &ast::Slices,
        span: Span,
    ) -> Option<Value> {
        let function = match order {
            ast::StepOrder::Rises => AcrossFunction::LeastRise,
            ast::StepOrder::Falls => AcrossFunction::LeastFall,
        };
        let [dimension] = slices.dimensions.as_slice() else {
            self.fault(
                DiagnosticKind::UnknownDimension,
                span,
                "values follow each other along one dimension".to_owned(),
            );
            return None;
        };
        let declared = self.policy.dimensions.iter().rev().find(|own| own.name == dimension.text);
        let is_ordered = declared.is_some_and(|own| own.values.len() > 1);
        let across =
            ast::Across { function, value: value.clone(), slices: slices.clone(), relative_to: None, weight: None };
        let value = self.across(&across, span)?;
        if !is_ordered {
            let message = format!("the order of '{}' is not known", dimension.text);
            let help = format!(
                "declare its values in order, as in `dimensions: {{{}: {{values: [1, 2, 3]}}}}`",
                dimension.text
            );
            self.helped(DiagnosticKind::UnknownDimension, dimension.span, message, help);
            return None;
        }
        Some(value)
    }

    /// Resolves a bound for each value of a dimension: all must be in one unit, and each declared value must have a bound.
    fn by_value(&mut self, own: &ast::ByValue, span: Span) -> Option<Value> {
        let mut is_known = self.dimension(&own.dimension);
        let mut cases = Vec::with_capacity(own.cases.len());
        for (name, node) in &own.cases {
            is_known &= self.slice_value(&own.dimension, name).is_some();
            cases.push((name.text.clone(), self.number(node)?));
        }
        let otherwise = transposed(own.otherwise.as_ref().map(|node| self.number(node)))?;
        let declared = self.policy.dimensions.iter().rev().find(|declared| declared.name == own.dimension.text);
        let is_missing =
            |value: &&String| otherwise.is_none() && !own.cases.iter().any(|(name, _)| name.text == **value);
        if let Some(missing) = declared.and_then(|declared| declared.values.iter().find(is_missing)) {
            let message = format!("there is no bound for {} '{missing}', and no `else`", own.dimension.text);
            self.fault(DiagnosticKind::UnknownDimension, span, message);
            is_known = false;
        }
        cases.sort_by(|a, b| a.0.cmp(&b.0));
        let unit = cases.iter().map(|(_, value)| value).chain(&otherwise).next()?.unit.clone();
        let differs = |value: &Value| value.unit.dimension != unit.dimension;
        if cases.iter().map(|(_, value)| value).chain(&otherwise).any(differs) {
            self.mismatch(span, "the bounds do not measure the same".to_owned());
            is_known = false;
        }
        let kind = ValueKind::ByValue(Box::new(ByValue { dimension: own.dimension.text.clone(), cases, otherwise }));
        is_known.then_some(Value { span, kind, unit })
    }

    /// Resolves a weight: `count`, unless a metric has that name, or a metric.
    fn weight(&mut self, name: &ast::Name) -> Option<Weight> {
        if name.text == "count" && !self.metrics.contains_key("count") {
            return Some(Weight::Count);
        }
        let metric = self.metric(&name.text, name.span)?;
        let value = self.metric_value(metric, None, name.span);
        if !matches!(self.shape(&value), None | Some(MetricType::Scalar)) {
            let help = "weigh by a metric that is one number, or by 'count'";
            self.helped(DiagnosticKind::NeedsAggregate, name.span, "a weight is one number", help);
            return None;
        }
        Some(Weight::Metric(value))
    }

    pub(super) fn arithmetic(&mut self, operator: Operator, left: &Expr, right: &Expr, span: Span) -> Option<Value> {
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
            // A rate or a square, which is only compared with bare numbers.
            Operator::Multiply | Operator::Divide => MetricUnit::unknown(),
        };
        Some(Value { span, kind: ValueKind::Arithmetic(operator, Box::new(left), Box::new(right)), unit })
    }
}

/// Returns the unit in which ages are shown.
fn days() -> MetricUnit {
    MetricUnit { dimension: Dimension::Time, factor: Exact::whole(86_400), symbol: "days".to_owned() }
}

/// Returns whether a value is an unchanged metric, wherever it is measured.
fn is_metric(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Metric(_, None) => true,
        ValueKind::On(inner, _) | ValueKind::Within(inner, _) => is_metric(inner),
        _ => false,
    }
}
