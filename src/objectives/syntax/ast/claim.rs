//! Claims: what is said of a value, and where and how it is measured.

use super::{Expr, ExprKind, Name, Operator, Slices};
use crate::objectives::number::Exact;
use crate::objectives::unit::Unit;
use crate::text::Span;

/// A value, what is said of it, and under which conditions.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The value.
    pub value: Expr,
    /// What is said of it.
    pub predicate: Predicate,
    /// Where and how it is measured.
    pub qualifiers: Qualifiers,
}

/// What a claim says of its value.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate {
    /// `>= 85%`
    Compare(Comparison, Span, Expr),
    /// `between 0.4 and 0.6`, both included.
    Between(Expr, Expr),
    /// `within 2pp of 0.9`
    Within(Amount, Expr),
    /// `drops by at most 1pp vs baseline`
    Change(Change),
    /// `is reported`; true when it is `is not reported`.
    Reported(bool),
    /// `rises along score_band`
    Along(StepOrder, Span, Slices),
    /// `evaluated within 30 days`: so many seconds ago at most.
    Fresh(u64, Span),
}

impl Predicate {
    /// Whether it is about a change from one model to another: by its words, or by a bound that is the value of the other, more or less so
    /// much, or so many times.
    #[must_use]
    pub fn is_change(&self) -> bool {
        match self {
            Self::Change(_) => true,
            Self::Compare(_, _, bound) => is_beside_reference(bound),
            _ => false,
        }
    }
}

fn is_beside_reference(bound: &Expr) -> bool {
    match &bound.kind {
        ExprKind::Of(..) => true,
        ExprKind::Arithmetic(Operator::Add | Operator::Multiply, left, right) if is_number(left) => {
            is_beside_reference(right)
        }
        ExprKind::Arithmetic(Operator::Add | Operator::Subtract | Operator::Multiply, left, right) => {
            is_number(right) && is_beside_reference(left)
        }
        _ => false,
    }
}

fn is_number(node: &Expr) -> bool {
    match &node.kind {
        ExprKind::Number(_) => true,
        ExprKind::Negative(inner) => is_number(inner),
        ExprKind::Arithmetic(_, left, right) => is_number(left) && is_number(right),
        _ => false,
    }
}

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `>=`
    AtLeast,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `<`
    Below,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
}

impl Comparison {
    /// How it is written.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::AtLeast => ">=",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::Below => "<",
            Self::Equal => "==",
            Self::NotEqual => "!=",
        }
    }

    /// Whether it holds between two numbers.
    #[must_use]
    pub fn holds(self, left: &Exact, right: &Exact) -> bool {
        match self {
            Self::AtLeast => left >= right,
            Self::AtMost => left <= right,
            Self::Above => left > right,
            Self::Below => left < right,
            Self::Equal => left == right,
            Self::NotEqual => left != right,
        }
    }
}

/// How values follow each other along a dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepOrder {
    /// Each is above the one before.
    Rises,
    /// Each is below.
    Falls,
}

impl StepOrder {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Rises => "rises",
            Self::Falls => "falls",
        }
    }
}

/// `drops by at most 1pp vs baseline`
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The direction.
    pub verb: Verb,
    /// The place of the verb.
    pub verb_span: Span,
    /// Whether the amount is the least or the greatest change.
    pub limit: Limit,
    /// How much.
    pub amount: Amount,
    /// Measured against what.
    pub reference: ChangeReference,
    /// The place of the reference.
    pub reference_span: Span,
}

/// The direction of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Up.
    Rises,
    /// Down.
    Drops,
    /// Either.
    Changes,
    /// In the direction that is better for the metric.
    Improves,
    /// In the other.
    Worsens,
}

impl Verb {
    /// All, with their words.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Rises, "rises"),
        (Self::Drops, "drops"),
        (Self::Changes, "changes"),
        (Self::Improves, "improves"),
        (Self::Worsens, "worsens"),
    ];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.into_iter().find(|(verb, _)| *verb == self).map_or("", |(_, word)| word)
    }
}

/// Whether an amount is the least or the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// `at least`
    AtLeast,
    /// `at most`
    AtMost,
}

/// `1pp`, `5% relative`, `20ms`
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    /// Its place.
    pub span: Span,
    /// The number as written.
    pub number: Exact,
    /// Its unit.
    pub unit: Option<Unit>,
    /// `relative` after `%`: it says what `%` means anyway.
    pub says_relative: bool,
}

impl Amount {
    /// Whether it is a share of what it is measured against: "% = of the reference; pp = points".
    #[must_use]
    pub fn is_relative(&self) -> bool {
        self.unit == Some(Unit::Percent)
    }
}

/// What a change is measured against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeReference {
    /// `baseline`: of the document.
    Baseline,
    /// `previous run`: the newest one before the candidate.
    PreviousRun,
    /// `run 'production-2026-08'`
    Run(String),
    /// `median of last 5 runs`
    MedianOfLast(u32),
}

/// Where and how the value of a claim is measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Qualifiers {
    /// `on holdback`
    pub dataset: Option<Name>,
    /// `where region = 'north' and plan = 'plus'`: pairs of dimension and value.
    pub slice: Vec<(Name, Name)>,
    /// `with 95% confidence`
    pub confidence: Option<Confidence>,
    /// `with at least 100 examples`
    pub examples: Option<(u64, Span)>,
    /// `over last 7 days`: in seconds.
    pub window: Option<(u64, Span)>,
}

/// `95% one-sided confidence paired`
#[derive(Clone, Debug, PartialEq)]
pub struct Confidence {
    /// The level as a fraction.
    pub level: Exact,
    /// Whether it is that of one bound alone, and not of the interval between two.
    pub is_one_sided: bool,
    /// Whether candidate and baseline were measured on the same examples, one by one.
    pub is_paired: bool,
    /// Its place.
    pub span: Span,
}

impl Confidence {
    /// The level of the interval between two bounds, each of which holds at the level that is asked for.
    #[must_use]
    pub fn two_sided(&self) -> Exact {
        if self.is_one_sided { &(&self.level + &self.level) - &Exact::ONE } else { self.level.clone() }
    }
}
