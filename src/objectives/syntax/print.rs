//! The canonical spelling of an expression: printing and parsing again is the identity.

use std::fmt::{self, Display, Write};

use super::ast::{
    Across, Amount, Change, ChangeReference, Claim, Confidence, Expr, ExprKind, Expression, ForEach, Limit, Metrics,
    Name, Operator, Predicate, RecordLiteral, RecordTest, RecordTestKind, Slices, SmallSlices,
};
use crate::objectives::number::Exact;

impl Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(each) = &self.each_metric {
            write!(f, "for each metric {}, ", each.metrics)?;
        }
        match &self.for_each {
            Some(ForEach { at_least: Some(1), slices, .. }) => write!(f, "at least 1 slice of {slices} satisfies ")?,
            Some(ForEach { at_least: Some(least), slices, .. }) => {
                write!(f, "at least {least} slices of {slices} satisfy ")?;
            }
            Some(ForEach { slices, .. }) => write!(f, "for each slice of {slices}, ")?,
            None => {}
        }
        self.each_metric.as_ref().map_or(&self.root, |each| &each.template).fmt(f)
    }
}

impl Display for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listed(names) => {
                let names: Vec<_> = names.iter().map(ToString::to_string).collect();
                write!(f, "of [{}]", names.join(", "))
            }
            Self::Matching(form) => write!(f, "matching {}", Quoted(&form.text)),
        }
    }
}

/// The precedence of a part: one that binds more loosely than its context needs parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Condition,
    Or,
    And,
    Not,
    Claim,
    Sum,
    Product,
    Factor,
    Primary,
}

impl Expr {
    fn binding(&self) -> Binding {
        match &self.kind {
            ExprKind::Implies(..) => Binding::Condition,
            ExprKind::Or(_) => Binding::Or,
            ExprKind::And(_) => Binding::And,
            ExprKind::Not(_) => Binding::Not,
            // `x on D` is a value only in parentheses.
            ExprKind::Claim(_) | ExprKind::On(..) | ExprKind::Over(..) | ExprKind::Of(..) | ExprKind::Where(..) => {
                Binding::Claim
            }
            ExprKind::Arithmetic(Operator::Add | Operator::Subtract, ..) => Binding::Sum,
            ExprKind::Arithmetic(Operator::Multiply | Operator::Divide, ..) => Binding::Product,
            ExprKind::Negative(_) => Binding::Factor,
            ExprKind::Number(_)
            | ExprKind::Path(_)
            | ExprKind::Metric(_)
            | ExprKind::Call(..)
            | ExprKind::ByValue(_)
            | ExprKind::Age
            | ExprKind::Share(_)
            | ExprKind::Distance(..)
            | ExprKind::Across(_) => Binding::Primary,
        }
    }

    /// Shows the operand of a placement; placements that follow each other need no parentheses.
    fn placed(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_placed = matches!(self.kind, ExprKind::Over(..) | ExprKind::Of(..) | ExprKind::Where(..));
        if is_placed { self.fmt(f) } else { self.within(Binding::Sum, f) }
    }

    /// Shows a part where at least this precedence is required.
    fn within(&self, least: Binding, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.binding() < least { write!(f, "({self})") } else { self.fmt(f) }
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Number(literal) => {
                f.write_str(&decimal(&literal.number))?;
                literal.unit.map_or(Ok(()), |unit| f.write_str(unit.symbol()))?;
                literal.currency.as_ref().map_or(Ok(()), |currency| write!(f, " {currency}"))?;
                literal.per.map_or(Ok(()), |per| write!(f, " per {per}"))
            }
            ExprKind::Age => f.write_str("evaluated"),
            ExprKind::ByValue(own) => {
                write!(f, "{{by: {}", own.dimension)?;
                own.cases.iter().try_for_each(|(name, bound)| write!(f, ", {name}: {bound}"))?;
                own.otherwise.as_ref().map_or(Ok(()), |bound| write!(f, ", else: {bound}"))?;
                f.write_char('}')
            }
            ExprKind::Path(names) => {
                let names: Vec<_> = names.iter().map(|name| name.text.as_str()).collect();
                f.write_str(&names.join("."))
            }
            ExprKind::Metric(name) => write!(f, "metric({})", Quoted(&name.text)),
            ExprKind::Call(function, argument) => {
                write!(f, "{}(", function.text)?;
                match &argument.kind {
                    ExprKind::Over(value, seconds) => {
                        value.within(Binding::Sum, f)?;
                        write!(f, " over last {}", Period(*seconds))?;
                    }
                    _ => argument.within(Binding::Sum, f)?,
                }
                f.write_char(')')
            }
            ExprKind::Across(across) => across.fmt(f),
            ExprKind::Share(test) => write!(f, "share({test})"),
            ExprKind::Distance(distance, field) => write!(f, "{distance}({field})"),
            ExprKind::Negative(value) => {
                f.write_char('-')?;
                value.within(Binding::Primary, f)
            }
            ExprKind::Arithmetic(operator, left, right) => {
                let own = self.binding();
                let tighter = if own == Binding::Sum { Binding::Product } else { Binding::Factor };
                left.within(own, f)?;
                write!(f, " {} ", operator.symbol())?;
                right.within(tighter, f)
            }
            ExprKind::On(value, dataset) => {
                value.placed(f)?;
                write!(f, " on {dataset}")
            }
            ExprKind::Over(value, seconds) => {
                value.placed(f)?;
                write!(f, " over last {}", Period(*seconds))
            }
            ExprKind::Of(value, reference) => {
                value.placed(f)?;
                write!(f, " of {reference}")
            }
            ExprKind::Where(value, slice) => {
                value.placed(f)?;
                where_slice(slice, f)
            }
            ExprKind::Claim(claim) => claim.fmt(f),
            ExprKind::Not(negated) => {
                f.write_str("not ")?;
                negated.within(Binding::Claim, f)
            }
            ExprKind::And(parts) => chain(parts, " and ", Binding::Not, f),
            ExprKind::Or(parts) => chain(parts, " or ", Binding::And, f),
            ExprKind::Implies(premise, conclusion) => chain([&**premise, conclusion], " implies ", Binding::Or, f),
        }
    }
}

fn chain<'n>(
    parts: impl IntoIterator<Item = &'n Expr>,
    word: &str,
    least: Binding,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    for (index, part) in parts.into_iter().enumerate() {
        if index > 0 {
            f.write_str(word)?;
        }
        part.within(least, f)?;
    }
    Ok(())
}

impl Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.within(Binding::Sum, f)?;
        f.write_char(' ')?;
        match &self.predicate {
            Predicate::Compare(comparison, _, bound) => {
                write!(f, "{} ", comparison.symbol())?;
                bound.within(Binding::Sum, f)?;
            }
            Predicate::Between(low, high) => {
                f.write_str("between ")?;
                low.within(Binding::Sum, f)?;
                f.write_str(" and ")?;
                high.within(Binding::Sum, f)?;
            }
            Predicate::Within(amount, of) => {
                write!(f, "within {amount} of ")?;
                of.within(Binding::Sum, f)?;
            }
            Predicate::Change(change) => change.fmt(f)?,
            Predicate::Reported(is_negated) => {
                f.write_str(if *is_negated { "is not reported" } else { "is reported" })?;
            }
            Predicate::Along(order, _, slices) => write!(f, "{} along {slices}", order.word())?,
            Predicate::Fresh(seconds, _) => write!(f, "within {}", Period(*seconds))?,
        }
        let own = &self.qualifiers;
        if let Some(profile) = &own.profile {
            write!(f, " vs {profile}")?;
        }
        if let Some(dataset) = &own.dataset {
            write!(f, " on {dataset}")?;
        }
        where_slice(&own.slice, f)?;
        if let Some(own) = &own.confidence {
            write!(f, " {own}")?;
        }
        if let Some((examples, _)) = own.examples {
            write!(f, " with at least {examples} examples")?;
        }
        if let Some((seconds, _)) = own.window {
            write!(f, " over last {}", Period(seconds))?;
        }
        Ok(())
    }
}

impl Display for RecordTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_negated {
            f.write_str("not ")?;
        }
        match &self.kind {
            RecordTestKind::Invalid => f.write_str("invalid"),
            RecordTestKind::Missing(field) => write!(f, "missing {field}"),
            RecordTestKind::Compare(field, comparison, literal) => {
                write!(f, "{field} {} {literal}", comparison.symbol())
            }
            RecordTestKind::In(field, values) => {
                let values: Vec<_> = values.iter().map(ToString::to_string).collect();
                write!(f, "{field} in [{}]", values.join(", "))
            }
        }
    }
}

impl Display for RecordLiteral {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => f.write_str(&decimal(number)),
            Self::Text(text) => Quoted(text).fmt(f),
        }
    }
}

/// Shows ` where region = 'north' and plan = 'plus'`.
fn where_slice(slice: &[(Name, Name)], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    slice.iter().enumerate().try_for_each(|(index, (dimension, value))| {
        write!(f, " {} {dimension} = {}", if index == 0 { "where" } else { "and" }, Quoted(&value.text))
    })
}

impl Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sides = if self.is_one_sided { " one-sided" } else { "" };
        let paired = if self.is_paired { " paired" } else { "" };
        write!(f, "with {}%{sides} confidence{paired}", decimal(&(&self.level * &Exact::whole(100))))
    }
}

/// Shows a number of seconds as `7 days`.
struct Period(u64);

impl Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [(86_400, "day"), (3600, "hour")];
        let (length, unit) =
            units.into_iter().find(|(length, _)| self.0.is_multiple_of(*length)).unwrap_or((60, "minute"));
        let count = self.0 / length;
        write!(f, "{count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}

impl Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = match self.limit {
            Limit::AtLeast => "least",
            Limit::AtMost => "most",
        };
        write!(f, "{} by at {limit} {} vs {}", self.verb.word(), self.amount, self.reference)
    }
}

impl Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal(&self.number))?;
        self.unit.map_or(Ok(()), |unit| f.write_str(unit.symbol()))?;
        if self.says_relative { f.write_str(" relative") } else { Ok(()) }
    }
}

impl Display for ChangeReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Baseline => f.write_str("baseline"),
            Self::PreviousRun => f.write_str("previous run"),
            Self::Run(name) => write!(f, "run {}", Quoted(name)),
            Self::MedianOfLast(count) => write!(f, "median of last {count} runs"),
            Self::Named(name) => write!(f, "{name}"),
        }
    }
}

impl Display for Across {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.function.name())?;
        self.value.within(Binding::Sum, f)?;
        write!(f, " across {}", self.slices)?;
        if let Some(weight) = &self.weight {
            write!(f, " by {weight}")?;
        }
        if let Some(slice) = &self.relative_to {
            write!(f, " relative to {}", Quoted(&slice.text))?;
        }
        f.write_char(')')
    }
}

impl Display for Slices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, dimension) in self.dimensions.iter().enumerate() {
            write!(f, "{}{dimension}", if index > 0 { " by " } else { "" })?;
        }
        for (index, value) in self.except.iter().enumerate() {
            write!(f, " {} {}", if index == 0 { "except" } else { "and" }, Quoted(&value.text))?;
        }
        match &self.sample {
            Some(sample) if sample.small == SmallSlices::Unknown => {
                write!(f, " with at least {} examples", sample.examples)
            }
            Some(sample) => write!(f, " ignoring slices under {} examples", sample.examples),
            None => Ok(()),
        }
    }
}

impl Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_word = |text: &str| {
            text.starts_with(|c: char| c.is_alphabetic() || c == '_')
                && text.chars().all(|c| c.is_alphanumeric() || c == '_')
        };
        if is_word(&self.text) { f.write_str(&self.text) } else { Quoted(&self.text).fmt(f) }
    }
}

/// A text, shown in quotes that it does not contain.
struct Quoted<'t>(&'t str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quote = if self.0.contains('\'') { '"' } else { '\'' };
        write!(f, "{quote}{}{quote}", self.0)
    }
}

/// Shows a number in full, which is possible for every number that was parsed.
fn decimal(number: &Exact) -> String {
    number.to_literal().unwrap_or_else(|| number.to_string())
}
