//! Claims: statements about values, and where and how these are measured.

use super::{Expr, ExprKind, Name, Operator, Slices};
use crate::objectives::number::Exact;
use crate::objectives::unit::Unit;
use crate::text::Span;

/// A statement about a value, with its qualifiers.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The value.
    pub value: Expr,
    /// The statement about it.
    pub predicate: Predicate,
    /// Where and how it is measured.
    pub qualifiers: Qualifiers,
}

/// The statement that a claim makes about its value.
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
    /// `is reported`; true for `is not reported`.
    Reported(bool),
    /// `rises along score_band`
    Along(StepOrder, Span, Slices),
    /// `evaluated within 30 days`: the greatest age in seconds.
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

/// A comparison operator.
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
    /// Returns the symbol.
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

    /// Returns whether only equality matters, as between texts.
    #[must_use]
    pub fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::NotEqual)
    }

    /// Returns whether the comparison holds between two numbers.
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

/// The order of values along a dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepOrder {
    /// Each value is above the previous one.
    Rises,
    /// Each value is below the previous one.
    Falls,
}

impl StepOrder {
    /// Returns the word.
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
    /// The range of the verb in the text.
    pub verb_span: Span,
    /// Whether the amount is the least or the greatest permitted change.
    pub limit: Limit,
    /// The amount of change.
    pub amount: Amount,
    /// The reference that the change is measured against.
    pub reference: ChangeReference,
    /// The range of the reference in the text.
    pub reference_span: Span,
}

/// The direction of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Upward.
    Rises,
    /// Downward.
    Drops,
    /// In either direction.
    Changes,
    /// In the direction that is better for the metric.
    Improves,
    /// In the opposite direction.
    Worsens,
}

impl Verb {
    /// All verbs, with their words.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Rises, "rises"),
        (Self::Drops, "drops"),
        (Self::Changes, "changes"),
        (Self::Improves, "improves"),
        (Self::Worsens, "worsens"),
    ];

    /// Returns the word.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.into_iter().find(|(verb, _)| *verb == self).map_or("", |(_, word)| word)
    }
}

/// Whether an amount is the least or the greatest permitted one.
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
    /// Its range in the text.
    pub span: Span,
    /// The number as written.
    pub number: Exact,
    /// Its unit.
    pub unit: Option<Unit>,
    /// Whether `relative` follows `%`, which has the same meaning without it.
    pub says_relative: bool,
}

impl Amount {
    /// Returns whether it is a share of the reference: "% = of the reference; pp = points".
    #[must_use]
    pub fn is_relative(&self) -> bool {
        self.unit == Some(Unit::Percent)
    }
}

/// The reference of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeReference {
    /// `baseline`: the baseline of the document.
    Baseline,
    /// `previous run`: the newest run before the candidate.
    PreviousRun,
    /// `run 'production-2026-08'`
    Run(String),
    /// `median of last 5 runs`
    MedianOfLast(u32),
    /// `human`: one of the `references` of the document.
    Named(Name),
}

impl Claim {
    /// Returns whether the claim is about a distance from a profile.
    #[must_use]
    pub fn has_distance(&self) -> bool {
        let is_distance = |node: &Expr| node.nodes().iter().any(|part| matches!(part.kind, ExprKind::Distance(..)));
        is_distance(&self.value)
            || match &self.predicate {
                Predicate::Compare(.., bound) | Predicate::Within(_, bound) => is_distance(bound),
                Predicate::Between(low, high) => is_distance(low) || is_distance(high),
                _ => false,
            }
    }
}

/// Where and how the value of a claim is measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Qualifiers {
    /// `vs training`: the dataset whose profile distances are measured from.
    pub profile: Option<Name>,
    /// `on holdback`
    pub dataset: Option<Name>,
    /// `where region = 'north' and plan = 'plus'`: pairs of dimension and value.
    pub slice: Vec<(Name, Name)>,
    /// `with 95% confidence`
    pub confidence: Option<Confidence>,
    /// `with at least 100 examples`
    pub examples: Option<(u64, Span)>,
    /// `over last 7 days`, in seconds.
    pub window: Option<(u64, Span)>,
}

/// `95% one-sided confidence paired`
#[derive(Clone, Debug, PartialEq)]
pub struct Confidence {
    /// The level as a fraction.
    pub level: Exact,
    /// Whether it is the level of one bound alone, and not of the interval between two.
    pub is_one_sided: bool,
    /// Whether candidate and baseline were measured on the same examples, in pairs.
    pub is_paired: bool,
    /// Its range in the text.
    pub span: Span,
}

impl Confidence {
    /// Returns the level of the interval between two bounds, each of which has the required level.
    #[must_use]
    pub fn two_sided(&self) -> Exact {
        if self.is_one_sided { &(&self.level + &self.level) - &Exact::ONE } else { self.level.clone() }
    }
}
