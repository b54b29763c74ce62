//! What is wrong with an expression, told apart by what finds it.

use crate::text::Span;
use crate::yaml::NodeId;

/// What is checked while expressions are read and compared with each other. Each is a rule of the family `expression` or `objective`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DiagnosticKind {
    /// The expression follows the grammar.
    Syntax,
    /// The document declares the version of the language that the expression is written in.
    Language,
    /// It is within the limits.
    TooLarge,
    /// It is spelt as this language spells it.
    Notation,
    /// Its metrics are declared.
    UnknownMetric,
    /// Its datasets are declared.
    UnknownDataset,
    /// Its dimensions are declared, where any are.
    UnknownDimension,
    /// Its functions exist.
    UnknownFunction,
    /// The fields of objects exist.
    UnknownField,
    /// Numbers stand where numbers are needed, and conditions where conditions are.
    NeedsAggregate,
    /// No definition needs itself.
    CircularDefinition,
    /// No definition has the name of a metric.
    DefinitionShadowsMetric,
    /// Only what has one dimension is compared and added.
    UnitMismatch,
    /// Numbers that are compared with a time or an amount of data have a unit.
    UnitMissing,
    /// Amounts of change are greater than nothing.
    BadAmount,
    /// A confidence level is one that proves something.
    LevelBelowHalf,
    /// Where a direction is asked for, `better` of the metric is declared.
    NoDirection,
    /// Only monitored data is looked at over a length of time.
    WindowNotMonitoring,
    /// Bounds of fractions are fractions, or say that they are percentages.
    PercentOrFraction,
    /// Something can satisfy a claim.
    Impossible,
    /// Something can violate a claim.
    Tautology,
    /// Something can satisfy two claims together.
    Contradiction,
    /// No branch of `or` or `implies` makes the others pointless.
    VacuousOr,
    /// No objective follows from another.
    Redundant,
    /// An aim asks for more than what is expected.
    AimNotStricter,
}

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What finds it.
    pub check: DiagnosticKind,
    /// The scalar that holds the expression.
    pub node: NodeId,
    /// The place in the expression's text.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// What to write in a place of the text instead.
    pub replacement: Option<(Span, String)>,
    /// Other places that explain it: the scalar, the place in its text, and what is said of it.
    pub related: Vec<(NodeId, Span, String)>,
}

/// Of so many names one is looked for that may be meant: of all, a long catalogue would take time with each misspelt name.
const MOST_NAMES: usize = 200;

impl Fault {
    /// A fault at a place of an expression.
    #[must_use]
    pub fn new(check: DiagnosticKind, node: NodeId, span: Span, message: impl Into<String>) -> Self {
        let (help, replacement, related) = (None, None, Vec::new());
        Self { check, node, span, message: message.into(), help, replacement, related }
    }

    /// The same, with what to do about it.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// The same, with what to write instead.
    #[must_use]
    pub fn replace(self, span: Span, text: impl Into<String>) -> Self {
        Self { replacement: Some((span, text.into())), ..self }
    }

    /// The same, with another place.
    #[must_use]
    pub fn related(mut self, node: NodeId, span: Span, message: impl Into<String>) -> Self {
        self.related.push((node, span, message.into()));
        self
    }

    /// The same, with the name that is most likely meant, if there is one.
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
