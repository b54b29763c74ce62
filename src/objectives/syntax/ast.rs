//! An expression as it is written: nothing is looked up, and no type is known yet.
//!
//! Numbers and conditions are one type of node, so that the parser needs no lookahead to tell them apart, and so that "this is a
//! number, a condition was expected" can be said of the very node.

use crate::objectives::number::Exact;
use crate::objectives::unit::Unit;
use crate::text::Span;

/// The condition of an objective.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// `for each slice of …,` before the condition.
    pub for_each: Option<ForEach>,
    /// `for each metric of […],` before the condition.
    pub each_metric: Option<EachMetric>,
    /// The condition; or, in a definition, the value. Where it is said of several metrics, all of these conditions.
    pub root: Expr,
}

/// `for each metric of [precision, recall],`
#[derive(Clone, Debug, PartialEq)]
pub struct EachMetric {
    /// The metrics.
    pub metrics: Vec<Name>,
    /// The condition as it is written, with `value` in the place of each metric.
    pub template: Expr,
}

/// What stands for each of several metrics.
pub const EACH: &str = "value";

/// `for each slice of gender by race with at least 100 examples,`
#[derive(Clone, Debug, PartialEq)]
pub struct ForEach {
    /// From `for` to before the comma.
    pub span: Span,
    /// The slices.
    pub slices: Slices,
    /// `at least 3 slices of … satisfy`: how many are enough. Without, the condition must hold in all.
    pub at_least: Option<u64>,
}

/// `gender by race with at least 100 examples`
#[derive(Clone, Debug, PartialEq)]
pub struct Slices {
    /// The dimensions; of several, the intersections.
    pub dimensions: Vec<Name>,
    /// `except 'Meet'`: slices that are not meant.
    pub except: Vec<Name>,
    /// What becomes of small slices.
    pub sample: Option<Sample>,
}

/// What becomes of slices with few examples.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The words.
    pub span: Span,
    /// The least number of examples.
    pub examples: u64,
    /// What becomes of slices with fewer.
    pub small: SmallSlices,
}

/// What becomes of slices with fewer examples than asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmallSlices {
    /// `with at least N examples`: the objective is unknown.
    Unknown,
    /// `ignoring slices under N examples`: they are left out, and listed.
    LeftOut,
}

/// A name and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name, without quotes.
    pub text: String,
    /// Its place, with quotes.
    pub span: Span,
}

/// A part of an expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Its place in the expression's text.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// What a part of an expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `85%`
    Number(Literal),
    /// `confusion_matrix.true_positive`; a metric, one of its fields, or a definition.
    Path(Vec<Name>),
    /// `metric('val/acc@1')`
    Metric(Name),
    /// `p95(latency)`; the function may be unknown.
    Call(Name, Box<Expr>),
    /// `ratio(selection_rate across gender)`
    Across(Box<Across>),
    /// `-x`
    Negative(Box<Expr>),
    /// `x + y`
    Arithmetic(Operator, Box<Expr>, Box<Expr>),
    /// `(accuracy on validation)`
    On(Box<Expr>, Name),
    /// `error_rate over last 1 hour`, in seconds.
    Over(Box<Expr>, u64),
    /// `(accuracy of baseline)`
    Of(Box<Expr>, ChangeReference),
    /// `(bad_rate where band = '2')`
    Where(Box<Expr>, Vec<(Name, Name)>),
    /// `accuracy >= 85% on holdback`
    Claim(Box<Claim>),
    /// `not c`
    Not(Box<Expr>),
    /// `c and d and e`
    And(Vec<Expr>),
    /// `c or d or e`
    Or(Vec<Expr>),
    /// `c implies d`
    Implies(Box<Expr>, Box<Expr>),
}

/// A number with its unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Literal {
    /// The number as written, without its unit.
    pub number: Exact,
    /// Its unit.
    pub unit: Option<Unit>,
}

/// An operator of arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

impl Operator {
    /// How it is written.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }
}

/// `ratio(selection_rate across gender by race with at least 100 examples relative to 'white')`
#[derive(Clone, Debug, PartialEq)]
pub struct Across {
    /// What is made of the values of the slices.
    pub function: AcrossFunction,
    /// What is taken of each slice.
    pub value: Expr,
    /// The slices.
    pub slices: Slices,
    /// The slice that the others are measured against.
    pub relative_to: Option<Name>,
    /// By what the slices of a weighted mean count.
    pub weight: Option<Name>,
}

/// What is made of the values of slices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcrossFunction {
    /// The least divided by the greatest.
    Ratio,
    /// The greatest less the least.
    Difference,
    /// The one that is worst, by `better` of the metric.
    Worst,
    /// The one that is best.
    Best,
    /// Their arithmetic mean.
    Mean,
    /// Their mean, weighted by the number of examples or by a metric.
    WeightedMean,
}

impl AcrossFunction {
    /// All, with their names.
    pub const ALL: [(Self, &'static str); 4] =
        [(Self::Ratio, "ratio"), (Self::Difference, "difference"), (Self::Worst, "worst"), (Self::Best, "best")];

    /// The function of this name, unless there is one of lists with the same.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, own)| *own == name).map(|(function, _)| function)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::WeightedMean => "weighted mean",
            _ => Self::ALL.into_iter().find(|(function, _)| *function == self).map_or("", |(_, name)| name),
        }
    }
}

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

impl Expr {
    /// The same condition with a metric in the place of the word `value`.
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

    fn push_children_mut<'n>(&'n mut self, nodes: &mut Vec<&'n mut Self>) {
        match &mut self.kind {
            ExprKind::Number(_) | ExprKind::Path(_) | ExprKind::Metric(_) => {}
            ExprKind::Call(_, inner)
            | ExprKind::Negative(inner)
            | ExprKind::On(inner, _)
            | ExprKind::Over(inner, _)
            | ExprKind::Of(inner, _)
            | ExprKind::Where(inner, _)
            | ExprKind::Not(inner) => nodes.push(inner),
            ExprKind::Across(across) => nodes.push(&mut across.value),
            ExprKind::Arithmetic(_, left, right) | ExprKind::Implies(left, right) => nodes.extend([&mut **left, right]),
            ExprKind::Claim(claim) => {
                nodes.push(&mut claim.value);
                match &mut claim.predicate {
                    Predicate::Compare(.., bound) | Predicate::Within(_, bound) => nodes.push(bound),
                    Predicate::Between(low, high) => nodes.extend([low, high]),
                    Predicate::Change(_) | Predicate::Reported(_) => {}
                }
            }
            ExprKind::And(parts) | ExprKind::Or(parts) => nodes.extend(parts),
        }
    }

    /// Every claim of a condition and its place, in the order of the text.
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

    /// This part and all those that it is made of.
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

    fn push_children<'n>(&'n self, nodes: &mut Vec<&'n Self>) {
        match &self.kind {
            ExprKind::Number(_) | ExprKind::Path(_) | ExprKind::Metric(_) => {}
            ExprKind::Call(_, inner)
            | ExprKind::Negative(inner)
            | ExprKind::On(inner, _)
            | ExprKind::Over(inner, _)
            | ExprKind::Of(inner, _)
            | ExprKind::Where(inner, _)
            | ExprKind::Not(inner) => nodes.push(inner),
            ExprKind::Across(across) => nodes.push(&across.value),
            ExprKind::Arithmetic(_, left, right) | ExprKind::Implies(left, right) => nodes.extend([&**left, right]),
            ExprKind::Claim(claim) => {
                nodes.push(&claim.value);
                match &claim.predicate {
                    Predicate::Compare(.., bound) | Predicate::Within(_, bound) => nodes.push(bound),
                    Predicate::Between(low, high) => nodes.extend([low, high]),
                    Predicate::Change(_) | Predicate::Reported(_) => {}
                }
            }
            ExprKind::And(parts) | ExprKind::Or(parts) => nodes.extend(parts),
        }
    }

    /// The names that stand alone and so may be those of definitions.
    #[must_use]
    pub fn single_names(&self) -> Vec<&str> {
        let paths = self.nodes().into_iter().filter_map(|node| match &node.kind {
            ExprKind::Path(path) => Some(path.as_slice()),
            _ => None,
        });
        paths.filter_map(|path| if let [name] = path { Some(name.text.as_str()) } else { None }).collect()
    }
}
