//! Faults in expressions, and the kinds of diagnostics that report them.

use crate::text::Span;
use crate::yaml::NodeId;

/// The checks that are made while expressions are read and compared with each other. Each is a rule of the family `expression` or
/// `objective`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DiagnosticKind {
    /// The expression follows the grammar.
    Syntax,
    /// The document declares the version of the language that the expression is written in.
    Language,
    /// The expression is within the limits of size.
    TooLarge,
    /// The expression is spelled in the canonical notation.
    Notation,
    /// Its metrics are declared.
    UnknownMetric,
    /// Its datasets are declared.
    UnknownDataset,
    /// The references that it compares with are declared, and give a value of the metric.
    UnknownReference,
    /// Its dimensions are declared, if the document declares any.
    UnknownDimension,
    /// Its functions exist.
    UnknownFunction,
    /// The fields of objects are declared.
    UnknownField,
    /// Numbers are used where numbers are needed, and conditions where conditions are.
    NeedsAggregate,
    /// No definition refers to itself.
    CircularDefinition,
    /// No definition has the name of a metric.
    DefinitionShadowsMetric,
    /// Only values of the same dimension are compared and added.
    UnitMismatch,
    /// Numbers that are compared with a time or an amount of data have a unit.
    UnitMissing,
    /// Amounts of change are positive.
    BadAmount,
    /// A confidence level is above that of a coin toss.
    LevelBelowHalf,
    /// `better` of the metric is declared where a direction is needed.
    NoDirection,
    /// Windows are used only with monitored data.
    WindowNotMonitoring,
    /// Bounds of fractions are fractions, or are written as percentages.
    PercentOrFraction,
    /// A claim can be satisfied.
    Impossible,
    /// A claim can be violated.
    Tautology,
    /// Two claims can be satisfied together.
    Contradiction,
    /// No branch of `or` or `implies` makes the other branches irrelevant.
    VacuousOr,
    /// No objective follows from another.
    Redundant,
    /// An aim is stricter than the expected condition.
    AimNotStricter,
}

/// A fault in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The check that found it.
    pub check: DiagnosticKind,
    /// The scalar that holds the expression.
    pub node: NodeId,
    /// The range in the text of the expression.
    pub span: Span,
    /// The description of the fault.
    pub message: String,
    /// How to fix it.
    pub help: Option<String>,
    /// The range of the text to replace, and the new text.
    pub replacement: Option<(Span, String)>,
    /// Related places: the scalar, the range in its text, and a message for each.
    pub related: Vec<(NodeId, Span, String)>,
}

/// The number of names that are searched for a similar one: searching all names of a long catalog takes time for each misspelled name.
const MOST_NAMES: usize = 200;

impl Fault {
    /// Returns a fault at a range of an expression.
    #[must_use]
    pub fn new(check: DiagnosticKind, node: NodeId, span: Span, message: impl Into<String>) -> Self {
        let (help, replacement, related) = (None, None, Vec::new());
        Self { check, node, span, message: message.into(), help, replacement, related }
    }

    /// Adds how to fix it.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Adds a replacement.
    #[must_use]
    pub fn replace(self, span: Span, text: impl Into<String>) -> Self {
        Self { replacement: Some((span, text.into())), ..self }
    }

    /// Adds a related place.
    #[must_use]
    pub fn related(mut self, node: NodeId, span: Span, message: impl Into<String>) -> Self {
        self.related.push((node, span, message.into()));
        self
    }

    /// Adds a suggestion of the name that is most likely meant, if there is one.
    #[must_use]
    pub fn suggest<'n>(self, wrong: &str, names: impl Iterator<Item = &'n str> + Clone) -> Self {
        let folded = |name: &str| -> String {
            name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        let own = folded(wrong);
        let names = names.take(MOST_NAMES);
        let meant = names.clone().find(|name| folded(name) == own).or_else(|| crate::text::nearest(wrong, names));
        match meant {
            Some(name) => {
                let span = self.span;
                self.help(format!("did you mean '{name}'?")).replace(span, name)
            }
            None => self,
        }
    }
}
