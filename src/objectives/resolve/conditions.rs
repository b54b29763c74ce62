//! Resolves conditions and claims.

use rustc_hash::FxHashSet;

use super::super::diagnostic::{DiagnosticKind, Fault};
use super::super::hir::{
    Amount, ChangeDirection, Claim, Comparison, Confidence, DatasetId, DefinitionId, Predicate, Slices, Truth,
    TruthKind, Value, ValueKind, Verb, Within,
};
use super::super::number::Exact;
use super::super::policy::PolicyReference;
use super::super::syntax::ast::{self, ChangeReference, Expr, ExprKind};
use super::super::unit::{Dimension, Unit};
use super::{Resolver, is_bare, scaled, transposed};
use crate::documents::objectives::{Better, DataStage, Language};
use crate::text::Span;

impl Resolver<'_> {
    pub(super) fn truth(&mut self, node: &Expr) -> Option<Truth> {
        let kind = match &node.kind {
            ExprKind::Claim(claim) => TruthKind::Claim(Box::new(self.claim(claim)?)),
            ExprKind::Not(negated) => TruthKind::Not(Box::new(self.truth(negated)?)),
            ExprKind::And(parts) => TruthKind::And(self.truths(parts)?),
            ExprKind::Or(parts) => TruthKind::Or(self.truths(parts)?),
            ExprKind::Implies(premise, conclusion) => {
                let (premise, conclusion) = (self.truth(premise), self.truth(conclusion));
                TruthKind::Implies(Box::new(premise?), Box::new(conclusion?))
            }
            _ => {
                let help = "compare it with something, as in `accuracy >= 85%`";
                self.helped(
                    DiagnosticKind::NeedsAggregate,
                    node.span,
                    "this is a number, and a condition was expected",
                    help,
                );
                return None;
            }
        };
        Some(Truth { span: node.span, kind })
    }

    /// Resolves all parts, so that a fault of one does not hide those of the others.
    pub(super) fn truths(&mut self, parts: &[Expr]) -> Option<Vec<Truth>> {
        let truths: Vec<_> = parts.iter().map(|part| self.truth(part)).collect();
        truths.into_iter().collect()
    }

    pub(super) fn claim(&mut self, claim: &ast::Claim) -> Option<Claim> {
        let own = &claim.qualifiers;
        let dataset = own.dataset.as_ref().map(|name| self.dataset(name));
        self.is_in_window = own.window.is_some() && self.policy.language >= Language::Second;
        self.profile.clone_from(&own.profile);
        let value = match claim.predicate {
            ast::Predicate::Reported(_) => self.value(&claim.value),
            ast::Predicate::Along(order, span, ref slices) => self.along(&claim.value, order, slices, span),
            _ => self.number(&claim.value),
        };
        let predicate = self.predicate(claim, value.as_ref());
        self.is_in_window = false;
        self.profile = None;
        if own.profile.is_some() && !claim.has_distance() {
            let message = "'vs' names what distances are measured from, and the claim has none".to_owned();
            let help = "write a distance such as psi(…), or leave it out";
            self.helped(DiagnosticKind::UnknownDataset, claim.value.span, message, help);
            return None;
        }
        let slice = self.slice(&own.slice)?;
        self.places_fit(value.as_ref()?, predicate.as_ref()?, dataset.flatten())?;
        if let (Some((_, span)), Some(Some(id))) = (own.window, dataset)
            && let Some(data) = self.policy.datasets.get(id)
            && data.stage != Some(DataStage::Monitoring)
        {
            let message =
                format!("'{}' is not monitored: it is measured once, and not over a period of time", data.name);
            self.helped(
                DiagnosticKind::WindowNotMonitoring,
                span,
                message,
                "remove 'over last …', or declare the dataset with `stage: monitoring`",
            );
            return None;
        }
        if let Some(confidence) = &own.confidence
            && self.is_below_half(confidence)
        {
            return None;
        }
        Some(Claim {
            value: within(value?, slice.as_ref()),
            predicate: predicate?.within(slice.as_ref()),
            dataset: transposed(dataset)?,
            confidence: own.confidence.as_ref().map(|confidence| Confidence {
                level: confidence.two_sided(),
                written: confidence.level.clone(),
                is_one_sided: confidence.is_one_sided,
                is_paired: confidence.is_paired,
            }),
            examples: own.examples.map(|(examples, _)| examples),
            window: own.window.map(|(seconds, _)| seconds),
        })
    }

    /// Resolves the slice that a claim is about.
    pub(super) fn slice(&mut self, pairs: &[(ast::Name, ast::Name)]) -> Option<Option<Within>> {
        let mut slice = Vec::with_capacity(pairs.len());
        for (dimension, value) in pairs {
            if slice.iter().any(|(known, _)| *known == dimension.text) {
                self.fault(
                    DiagnosticKind::UnknownDimension,
                    dimension.span,
                    format!("'{}' is named twice", dimension.text),
                );
                return None;
            }
            self.dimension(dimension).then_some(())?;
            self.slice_value(dimension, value)?;
            slice.push((dimension.text.clone(), value.text.clone()));
        }
        slice.sort_unstable();
        Some((!slice.is_empty()).then_some(Within::Slice(slice)))
    }

    /// Reports a value that is not among the declared values of a dimension, if there are any.
    pub(super) fn slice_value(&mut self, dimension: &ast::Name, value: &ast::Name) -> Option<()> {
        let declared = self.policy.dimensions.iter().rev().find(|own| own.name == dimension.text);
        let Some(declared) = declared.filter(|own| !own.values.is_empty()) else { return Some(()) };
        if declared.values.contains(&value.text) {
            return Some(());
        }
        let message = format!("'{}' has no value '{}'", dimension.text, value.text);
        let values = declared.values.iter().map(String::as_str);
        let fault = Fault::new(DiagnosticKind::UnknownDimension, self.node?, value.span, message);
        self.faults.push(fault.help("declare it under `dimensions`").suggest(&value.text, values));
        None
    }

    /// Reports windows on data that is not monitored, and `is reported` on other measurements than those of the claim.
    fn places_fit(&mut self, value: &Value, predicate: &Predicate, dataset: Option<DatasetId>) -> Option<()> {
        let bounds = match predicate {
            Predicate::Compare(_, bound) | Predicate::Within(_, bound) => vec![bound],
            Predicate::Between(low, high) => vec![low, high],
            Predicate::Change { .. } | Predicate::Reported(_) => Vec::new(),
        };
        let mut open: Vec<(&Value, Option<DatasetId>)> =
            std::iter::once(value).chain(bounds).map(|value| (value, dataset)).collect();
        // Each definition is visited once, however often it is named.
        let mut seen: FxHashSet<(DefinitionId, Option<DatasetId>)> = FxHashSet::default();
        let mut wrong: Option<(DiagnosticKind, Span, String, &str)> = None;
        while let Some((value, dataset)) = open.pop() {
            match &value.kind {
                ValueKind::Number(_) | ValueKind::Metric(..) | ValueKind::Age => {}
                ValueKind::ByValue(own) => open.extend(own.numbers().map(|value| (value, dataset))),
                // The definition itself was checked already, but not with the dataset of this claim.
                ValueKind::Definition(id) => {
                    let named = self.policy.definitions.get(*id).filter(|_| seen.insert((*id, dataset)));
                    open.extend(named.and_then(|own| own.value.as_ref()).map(|own| (own, dataset)));
                }
                ValueKind::On(inner, own) => open.push((inner, Some(*own))),
                ValueKind::Aggregate(_, inner) | ValueKind::Negative(inner) => open.push((inner, dataset)),
                ValueKind::Arithmetic(_, left, right) => open.extend([(&**left, dataset), (right, dataset)]),
                ValueKind::Across(across) => {
                    open.push((&across.value, dataset));
                    open.extend(across.weighed_by().map(|weight| (weight, dataset)));
                }
                ValueKind::Within(inner, place) => {
                    open.push((inner, dataset));
                    let data = dataset.and_then(|id| self.policy.datasets.get(id));
                    if let (Within::Window(_), Some(data)) = (place, data)
                        && data.stage != Some(DataStage::Monitoring)
                    {
                        let message = format!(
                            "'{}' is not monitored: it is measured once, and not over a period of time",
                            data.name
                        );
                        let help = "remove 'over last …', or declare the dataset with `stage: monitoring`";
                        wrong = Some((DiagnosticKind::WindowNotMonitoring, value.span, message, help));
                    }
                    if matches!(predicate, Predicate::Reported(_)) && !matches!(place, Within::Slice(_)) {
                        let message = "'is reported' is about the candidate, in the period of its own claim".to_owned();
                        wrong = Some((DiagnosticKind::NeedsAggregate, value.span, message, "write the metric itself"));
                    }
                }
            }
        }
        let Some((check, span, message, help)) = wrong else { return Some(()) };
        self.helped(check, span, message, help);
        None
    }

    /// Reports a level that proves nothing: `0.95%` is probably meant as 95%.
    fn is_below_half(&mut self, confidence: &ast::Confidence) -> bool {
        let (level, span) = (&confidence.level, confidence.span);
        let percent = |level: &Exact| (level * &Exact::whole(100)).to_decimal(15);
        let half = Exact::fraction(1, 2).unwrap_or(Exact::ONE);
        if *level > half || *level == half && !confidence.is_one_sided {
            return false;
        }
        let Some(node) = self.node else { return true };
        let message = format!("a confidence of {}% is less than that of a coin toss", percent(level));
        let fault = Fault::new(DiagnosticKind::LevelBelowHalf, node, span, message);
        let meant = level * &Exact::whole(100);
        self.faults.push(match meant >= half && meant < Exact::ONE {
            true => {
                let level = percent(&meant);
                let confidence = ast::Confidence { level: meant, ..confidence.clone() };
                fault.help(format!("did you mean {level}%?")).replace(span, confidence.to_string())
            }
            false => fault.help("95% is usual"),
        });
        true
    }

    pub(super) fn predicate(&mut self, claim: &ast::Claim, value: Option<&Value>) -> Option<Predicate> {
        match &claim.predicate {
            ast::Predicate::Compare(comparison, _, bound) => {
                // A bare number on the left takes the unit of the other side.
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
            ast::Predicate::Along(_, span, _) => {
                let unit = value?.unit.clone();
                let zero = Value { span: *span, kind: ValueKind::Number(Exact::ZERO), unit };
                Some(Predicate::Compare(Comparison::Above, zero))
            }
            ast::Predicate::Fresh(seconds, span) => {
                let number = Exact::whole(i64::try_from(*seconds).unwrap_or(i64::MAX));
                let bound = Value { span: *span, kind: ValueKind::Number(number), unit: value?.unit.clone() };
                Some(Predicate::Compare(Comparison::AtMost, bound))
            }
        }
    }

    pub(super) fn change(&mut self, change: &ast::Change, value: &Value) -> Option<Predicate> {
        let must_differ = change.verb == Verb::Changes;
        let amount = self.amount(&change.amount, value, must_differ);
        let direction = match change.verb {
            Verb::Rises => ChangeDirection::Up,
            Verb::Drops => ChangeDirection::Down,
            Verb::Changes => ChangeDirection::Either,
            Verb::Improves | Verb::Worsens => {
                let better = self.better(value, change.verb_span, change.verb.word())?;
                let is_up = (better == Better::Higher) == (change.verb == Verb::Improves);
                if is_up { ChangeDirection::Up } else { ChangeDirection::Down }
            }
        };
        let reference = self.change_reference(&change.reference, value)?;
        Some(Predicate::Change { direction, verb: change.verb, limit: change.limit, amount: amount?, reference })
    }

    /// Resolves what a value is compared with. A declared reference to a run is that run.
    pub(super) fn change_reference(&mut self, reference: &ChangeReference, value: &Value) -> Option<ChangeReference> {
        let ChangeReference::Named(name) = reference else { return Some(reference.clone()) };
        let metric = value.metric().and_then(|id| self.policy.metrics.get(id)).map(|metric| metric.name.as_str());
        let fault = match self.policy.references.iter().find(|own| own.name == name.text) {
            Some(PolicyReference { run: Some(run), .. }) => return Some(ChangeReference::Run(run.clone())),
            Some(own) => {
                let missing = metric.filter(|metric| !own.metrics.iter().any(|known| known == metric));
                let Some(metric) = missing else { return Some(reference.clone()) };
                let message = format!("the reference '{}' has no value of '{metric}'", name.text);
                let fault = Fault::new(DiagnosticKind::UnknownReference, self.node?, value.span, message);
                fault.help("give it under `values`")
            }
            None => {
                let message = format!("no reference is called '{}'", name.text);
                let fault = Fault::new(DiagnosticKind::UnknownReference, self.node?, name.span, message);
                let names = self.policy.references.iter().map(|own| own.name.as_str()).chain(["baseline"]);
                fault.help("declare it under `references`").suggest(&name.text, names)
            }
        };
        self.faults.push(fault);
        None
    }

    /// Returns the direction in which the only metric of a value is better.
    pub(super) fn better(&mut self, value: &Value, span: Span, word: &str) -> Option<Better> {
        let metric = match value.metric() {
            Some(id) => self.policy.metrics.get(id),
            None => None,
        };
        match metric.map(|metric| (metric.better, metric.name.clone())) {
            Some((Some(better), _)) => return Some(better),
            Some((None, name)) => {
                let message = format!("'{word}' needs to know which values of '{name}' are better");
                let help = format!("declare `better: higher` or `better: lower` under `metrics.{name}`");
                self.helped(DiagnosticKind::NoDirection, span, message, help);
            }
            None => {
                let message = format!("'{word}' applies to a metric, and this value is computed from several numbers");
                self.helped(DiagnosticKind::NoDirection, span, message, "write 'rises' or 'drops'");
            }
        }
        None
    }

    pub(super) fn amount(&mut self, amount: &ast::Amount, value: &Value, must_be_positive: bool) -> Option<Amount> {
        if amount.number.is_negative() || must_be_positive && amount.number.is_zero() {
            let message = match amount.number.is_negative() {
                true => "an amount of change cannot be negative; the word before it gives the direction",
                false => "an amount of 0 leaves no room for any change",
            };
            self.fault(DiagnosticKind::BadAmount, amount.span, message);
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
        if *own == Dimension::Unknown && dimension != Dimension::One {
            // Records without a unit would be interpreted in this one.
            let message = format!("this is {dimension}, and the unit of the value is not declared");
            self.helped(
                DiagnosticKind::UnitMismatch,
                amount.span,
                message,
                "declare the unit of the metric under `metrics`",
            );
            return None;
        }
        if !dimension.fits(own) || is_points && *own == Dimension::Count {
            let what = if is_points {
                "percentage points apply to fractions".to_owned()
            } else {
                format!("this is {dimension}")
            };
            self.mismatch(amount.span, format!("{what}, and the value is {own}"));
            return None;
        }
        Some(Amount::Absolute(&amount.number * &scale))
    }

    /// Resolves the bound that a value is compared with.
    pub(super) fn bound(&mut self, node: &Expr, value: Option<&Value>) -> Option<Value> {
        let bound = self.number(node)?;
        let Some(value) = value else { return Some(bound) };
        self.is_a_share(value, &bound);
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

    /// Treats a metric without a declaration as a proportion if it is compared with a percentage: a logged 90 could mean 90% or 9000%.
    fn is_a_share(&mut self, value: &Value, bound: &Value) {
        let ValueKind::Number(number) = &bound.kind else { return };
        let is_percent = bound.unit.symbol == Unit::Percent.symbol() && number.abs() <= Exact::ONE;
        let Some(metric) = value.metric().and_then(|id| self.policy.metrics.get_mut(id)) else { return };
        if is_percent && metric.unit.dimension == Dimension::Unknown && metric.possible == (None, None) {
            metric.possible.1 = Some(Exact::ONE);
        }
    }

    pub(super) fn mismatch(&mut self, span: Span, message: String) {
        self.fault(DiagnosticKind::UnitMismatch, span, message);
    }

    pub(super) fn unit_missing(&mut self, span: Span, value: &Value) {
        if matches!(value.unit.dimension, Dimension::Time | Dimension::Bytes) && !is_bare(value) {
            let symbol = value.unit.symbol.clone();
            if let Some(node) = self.node {
                let fault = Fault::new(
                    DiagnosticKind::UnitMissing,
                    node,
                    span,
                    format!("the number has no unit; it is read as {symbol}"),
                );
                self.faults
                    .push(fault.help(format!("write the unit: {symbol}")).replace(Span::empty(span.end), symbol));
            }
        }
    }

    pub(super) fn dataset(&mut self, name: &ast::Name) -> Option<DatasetId> {
        let found = self.datasets.get(&name.text).copied();
        if let (None, Some(node)) = (found, self.node) {
            let fault = Fault::new(
                DiagnosticKind::UnknownDataset,
                node,
                name.span,
                format!("no dataset is called '{}'", name.text),
            );
            let names = self.policy.datasets.iter().map(|dataset| dataset.name.as_str());
            let fault = fault.help("declare it under `datasets`").suggest(&name.text, names);
            self.faults.push(fault);
        }
        found
    }

    pub(super) fn slices(&mut self, slices: &ast::Slices, span: Span) -> Option<Slices> {
        let mut are_known = true;
        for name in &slices.dimensions {
            are_known &= self.dimension(name);
        }
        if let [dimension] = slices.dimensions.as_slice() {
            for value in &slices.except {
                are_known &= self.slice_value(dimension, value).is_some();
            }
        }
        if are_known
            && let Some(left) = self.values_left(slices)
            && left == 0
        {
            let message = "every declared value is excepted, and no slice is left";
            self.fault(DiagnosticKind::Impossible, span, message);
            return None;
        }
        let texts = |names: &[ast::Name]| names.iter().map(|name| name.text.clone()).collect();
        let (dimensions, mut except): (_, Vec<String>) = (texts(&slices.dimensions), texts(&slices.except));
        except.sort_unstable();
        are_known.then(|| Slices { span, dimensions, except, sample: slices.sample.clone() })
    }

    /// Returns the number of slices that the declared values of a single dimension leave. `None` if they are not declared.
    pub(super) fn values_left(&self, slices: &ast::Slices) -> Option<usize> {
        let [dimension] = slices.dimensions.as_slice() else { return None };
        let declared = self.policy.dimensions.iter().rev().find(|own| own.name == dimension.text)?;
        let is_left = |value: &&String| !slices.except.iter().any(|except| except.text == **value);
        (!declared.values.is_empty()).then(|| declared.values.iter().filter(is_left).count())
    }

    /// Returns whether a dimension with this name is declared, or none is; reports it otherwise.
    pub(super) fn dimension(&mut self, name: &ast::Name) -> bool {
        let is_known = self.dimensions.is_empty() || self.dimensions.contains(&name.text);
        if let (false, Some(node)) = (is_known, self.node) {
            let message = format!("no dimension is called '{}'", name.text);
            let declared = self.policy.dimensions.iter().map(|dimension| dimension.name.as_str());
            let fault = Fault::new(DiagnosticKind::UnknownDimension, node, name.span, message);
            self.faults.push(fault.help("declare it under `dimensions`").suggest(&name.text, declared));
        }
        is_known
    }
}

/// Returns a value in a slice, if a claim names one.
fn within(value: Value, slice: Option<&Within>) -> Value {
    let Some(slice) = slice else { return value };
    let (span, unit) = (value.span, value.unit.clone());
    Value { span, unit, kind: ValueKind::Within(Box::new(value), slice.clone()) }
}

impl Predicate {
    /// Returns the predicate with its values in a slice; literal numbers are not changed.
    fn within(self, slice: Option<&Within>) -> Self {
        let within = |value: Value| match value.kind {
            ValueKind::Number(_) => value,
            _ => within(value, slice),
        };
        match self {
            Self::Compare(comparison, bound) => Self::Compare(comparison, within(bound)),
            Self::Between(low, high) => Self::Between(within(low), within(high)),
            Self::Within(amount, of) => Self::Within(amount, within(of)),
            other @ (Self::Change { .. } | Self::Reported(_)) => other,
        }
    }
}
