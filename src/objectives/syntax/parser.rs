//! From tokens to an [`Expression`]: one precedence ladder, from `implies` down to names and numbers. Types are checked afterwards.

use super::ast::{
    Across, AcrossFunction, Amount, Change, Claim, Comparison, Expression, ForEach, Limit, Literal, Name, Node,
    NodeKind, Operator, Predicate, Qualifiers, Reference, Sample, Slices, SmallSlices, Verb,
};
use super::lexer::{Lexer, Sign, Token, TokenKind};
use crate::objectives::number::Exact;
use crate::objectives::unit::Unit;
use crate::text::{Span, nearest};

/// Longer expressions, in bytes, are not read.
pub const MOST_BYTES: usize = 16 * 1024;
/// Expressions of more parts are not read.
pub const MOST_NODES: usize = 512;
/// Expressions that nest deeper are not read.
pub const MOST_DEPTH: usize = 32;

/// What became of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The expression, unless there is a fault.
    pub expression: Result<Expression, Fault>,
    /// What is understood, but written otherwise in this language.
    pub slips: Vec<Slip>,
}

/// Why a text is no expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub span: Span,
    /// What was found, and what was expected.
    pub message: String,
    /// What to do, if it is known.
    pub help: Option<String>,
    /// Whether a limit was met, and not a wrong word.
    pub is_limit: bool,
}

/// A spelling of another language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// Where.
    pub span: Span,
    /// How this language writes it.
    pub canonical: String,
}

/// Reads the condition of an objective.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    read(text, |parser| {
        let for_each = parser.for_each()?;
        Ok(Expression { for_each, root: parser.condition()? })
    })
}

/// Reads the value of a definition.
#[must_use]
pub fn parse_value(text: &str) -> Parsed {
    read(text, |parser| Ok(Expression { for_each: None, root: parser.condition()? }))
}

fn read<'t>(text: &'t str, grammar: impl FnOnce(&mut Parser<'t>) -> Read<Expression>) -> Parsed {
    if text.len() > MOST_BYTES {
        let message = format!("the expression is {} bytes long; the most is {MOST_BYTES}", text.len());
        return Parsed { expression: Err(Fault::limit(Span::from_usize(0, MOST_BYTES), message)), slips: Vec::new() };
    }
    let mut lexer = Lexer::new(text);
    let token = lexer.next();
    let mut parser = Parser { text, lexer, token, end: 0, nodes: 0, depth: 0, expected: Vec::new(), slips: Vec::new() };
    let expression = grammar(&mut parser).and_then(|expression| match parser.token.kind {
        TokenKind::End => Ok(expression),
        _ => Err(parser.unexpected()),
    });
    Parsed { expression, slips: parser.slips }
}

impl Fault {
    fn limit(span: Span, message: String) -> Self {
        let help = Some("split it into several objectives, or name its parts under `definitions`".to_owned());
        Self { span, message, help, is_limit: true }
    }
}

type Read<T> = Result<T, Fault>;

/// Words that stand between parts of an expression; a metric of such a name is written `metric('…')`.
const RESERVED: [&str; 16] = [
    "and", "or", "not", "implies", "between", "within", "is", "on", "with", "over", "vs", "rises", "drops", "changes",
    "improves", "worsens",
];

struct Parser<'t> {
    text: &'t str,
    lexer: Lexer<'t>,
    token: Token<'t>,
    /// Where the last token that was taken ends.
    end: u32,
    nodes: usize,
    depth: usize,
    /// What could have stood where the current token is.
    expected: Vec<&'static str>,
    slips: Vec<Slip>,
}

/// Tokens.
impl<'t> Parser<'t> {
    fn advance(&mut self) -> Token<'t> {
        let token = self.token;
        self.end = token.span.end;
        self.token = self.lexer.next();
        self.expected.clear();
        token
    }

    fn ahead(&self) -> Token<'t> {
        let mut lexer = self.lexer;
        lexer.next()
    }

    fn slip(&mut self, span: Span, canonical: impl Into<String>) {
        self.slips.push(Slip { span, canonical: canonical.into() });
    }

    /// Whether the current token is this word. Capitals are understood.
    fn is_word(&mut self, word: &'static str) -> bool {
        let found = matches!(self.token.kind, TokenKind::Word(text) if text.eq_ignore_ascii_case(word));
        if !found {
            self.expected.push(word);
        }
        found
    }

    /// Takes this word, if it comes next.
    fn word(&mut self, word: &'static str) -> bool {
        let found = self.is_word(word);
        if found {
            if self.token.kind != TokenKind::Word(word) {
                self.slip(self.token.span, word);
            }
            self.advance();
        }
        found
    }

    /// Takes these words, of which the first was seen already.
    fn words(&mut self, words: &[&'static str]) -> Read<()> {
        words.iter().try_for_each(|word| if self.word(word) { Ok(()) } else { Err(self.unexpected()) })
    }

    /// Takes this sign, if it comes next.
    fn sign(&mut self, sign: Sign) -> bool {
        let found = self.token.kind == TokenKind::Sign(sign);
        if found {
            self.canonical_sign(sign);
            self.advance();
        } else {
            self.expected.push(sign.canonical());
        }
        found
    }

    fn canonical_sign(&mut self, sign: Sign) {
        let span = self.token.span;
        if self.text.get(span.range()) != Some(sign.canonical()) {
            self.slip(span, sign.canonical());
        }
    }

    /// Takes a word of the language, or the sign that other languages write for it.
    fn connective(&mut self, word: &'static str, sign: Sign) -> bool {
        if self.token.kind == TokenKind::Sign(sign) {
            self.slip(self.token.span, word);
            self.advance();
            return true;
        }
        self.word(word)
    }

    fn unexpected(&self) -> Fault {
        let span = self.token.span;
        let found = match self.token.kind {
            TokenKind::End => "the end of the expression".to_owned(),
            TokenKind::OpenString => "a text whose quote is not closed".to_owned(),
            TokenKind::Stray(c) => format!("{c:?}"),
            _ => format!("'{}'", self.text.get(span.range()).unwrap_or("")),
        };
        let mut expected: Vec<&str> = Vec::new();
        self.expected.iter().for_each(|word| {
            if !expected.contains(word) {
                expected.push(word)
            }
        });
        let message = format!("expected {}, found {found}", listed(&expected));
        let help = match self.token.kind {
            TokenKind::Word(word) => {
                nearest(word, expected.iter().copied()).map(|word| format!("did you mean '{word}'?"))
            }
            TokenKind::Sign(Sign::Minus) if span.start == self.end => {
                Some("put a name that holds '-' in quotes, as in `on 'hold-back'`".to_owned())
            }
            _ => None,
        };
        Fault { span, message, help, is_limit: false }
    }

    fn from(&self, start: u32) -> Span {
        Span::new(start, self.end)
    }

    fn node(&mut self, start: u32, kind: NodeKind) -> Read<Node> {
        self.nodes += 1;
        let span = self.from(start);
        if self.nodes > MOST_NODES {
            return Err(Fault::limit(span, format!("the expression has more than {MOST_NODES} parts")));
        }
        Ok(Node { span, kind })
    }

    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            let message = format!("the expression nests more than {MOST_DEPTH} levels deep");
            return Err(Fault::limit(self.token.span, message));
        }
        let read = inner(self)?;
        self.depth -= 1;
        Ok(read)
    }
}

/// Names, numbers and amounts.
impl Parser<'_> {
    /// A name, or one in quotes when it holds other characters than letters, digits and `_`.
    fn name(&mut self, what: &'static str) -> Read<Name> {
        match self.token.kind {
            TokenKind::Word(text) | TokenKind::String(text) => {
                let span = self.advance().span;
                Ok(Name { text: text.to_owned(), span })
            }
            _ => {
                self.expected.push(what);
                Err(self.unexpected())
            }
        }
    }

    fn text(&mut self, what: &'static str) -> Read<Name> {
        if matches!(self.token.kind, TokenKind::String(_)) { self.name(what) } else { Err(self.missing(what)) }
    }

    fn missing(&mut self, what: &'static str) -> Fault {
        self.expected.push(what);
        self.unexpected()
    }

    /// A number that is not negative.
    fn number(&mut self) -> Read<Exact> {
        let TokenKind::Number(text) = self.token.kind else { return Err(self.missing("a number")) };
        let Some(value) = Exact::parse(text) else {
            return Err(Fault::limit(self.token.span, "the number is too long or its exponent too great".to_owned()));
        };
        if text.starts_with('.') {
            self.slip(self.token.span, format!("0{text}"));
        }
        self.advance();
        Ok(value)
    }

    fn whole(&mut self) -> Read<u64> {
        let span = self.token.span;
        let number = self.number()?;
        number.to_whole().and_then(|whole| u64::try_from(whole).ok()).ok_or_else(|| Fault {
            span,
            message: "expected a whole number".to_owned(),
            help: None,
            is_limit: false,
        })
    }

    /// The unit after a number, if one follows.
    fn unit(&mut self) -> Option<Unit> {
        let (unit, written) = match self.token.kind {
            TokenKind::Sign(Sign::Percent) => (Unit::Percent, "%"),
            TokenKind::Word(word) => {
                let canonical =
                    |symbol: &&str| symbol.eq_ignore_ascii_case(word) || (word == "percent" && *symbol == "%");
                let symbol =
                    Unit::symbols().find(|symbol| *symbol == word).or_else(|| Unit::symbols().find(canonical))?;
                (Unit::by_symbol(symbol)?, word)
            }
            _ => return None,
        };
        let gap = Span::new(self.end, self.token.span.end);
        if self.token.span.start != self.end || written != unit.symbol() {
            self.slip(gap, unit.symbol());
        }
        self.advance();
        Some(unit)
    }

    fn amount(&mut self) -> Read<Amount> {
        let start = self.token.span.start;
        let is_negative = self.sign(Sign::Minus);
        let number = self.number()?;
        let number = if is_negative { -&number } else { number };
        let unit = self.unit();
        let says_relative = unit == Some(Unit::Percent) && self.word("relative");
        Ok(Amount { span: self.from(start), number, unit, says_relative })
    }

    /// A length of time, in seconds: `7 days`, `24 hours`, `90min`.
    fn duration(&mut self) -> Read<u64> {
        let start = self.token.span.start;
        let number = self.whole()?;
        let lengths = [
            ("min", 60),
            ("minute", 60),
            ("minutes", 60),
            ("h", 3600),
            ("hour", 3600),
            ("hours", 3600),
            ("d", 86_400),
            ("day", 86_400),
            ("days", 86_400),
            ("week", 604_800),
            ("weeks", 604_800),
        ];
        let seconds = match self.token.kind {
            TokenKind::Word(word) => lengths.iter().find(|(name, _)| *name == word).map(|(_, seconds)| *seconds),
            _ => None,
        };
        let Some(seconds) = seconds else { return Err(self.missing("minutes, hours, days or weeks")) };
        self.advance();
        number
            .checked_mul(seconds)
            .filter(|length| *length <= MOST_SECONDS)
            .ok_or_else(|| Fault::limit(self.from(start), "the length of time is more than a hundred years".to_owned()))
    }
}

/// A hundred years.
const MOST_SECONDS: u64 = 100 * 366 * 86_400;

/// The ladder.
impl Parser<'_> {
    fn for_each(&mut self) -> Read<Option<ForEach>> {
        let start = self.token.span.start;
        if !self.word("for") {
            return Ok(None);
        }
        self.words(&["each", "slice", "of"])?;
        let slices = self.slices()?;
        let span = self.from(start);
        if !self.sign(Sign::Comma) && !self.sign(Sign::Colon) {
            return Err(self.unexpected());
        }
        Ok(Some(ForEach { span, slices }))
    }

    fn slices(&mut self) -> Read<Slices> {
        let mut dimensions = vec![self.name("a dimension")?];
        while self.word("by") {
            dimensions.push(self.name("a dimension")?);
        }
        let start = self.token.span.start;
        let small = if self.is_word("with") && self.ahead().kind == TokenKind::Word("at") {
            self.words(&["with", "at", "least"])?;
            Some((self.whole()?, SmallSlices::Unknown))
        } else if self.word("ignoring") {
            self.words(&["slices", "under"])?;
            Some((self.whole()?, SmallSlices::LeftOut))
        } else {
            None
        };
        let sample = match small {
            Some((examples, small)) => {
                self.words(&["examples"])?;
                Some(Sample { span: self.from(start), examples, small })
            }
            None => None,
        };
        Ok(Slices { dimensions, sample })
    }

    fn condition(&mut self) -> Read<Node> {
        let start = self.token.span.start;
        let premise = self.disjunction()?;
        if !self.word("implies") {
            return Ok(premise);
        }
        let conclusion = self.disjunction()?;
        if self.is_word("implies") {
            let message = "a second 'implies' can be read in two ways".to_owned();
            let help = Some("put one of the two in parentheses".to_owned());
            return Err(Fault { span: self.token.span, message, help, is_limit: false });
        }
        self.node(start, NodeKind::Implies(Box::new(premise), Box::new(conclusion)))
    }

    fn disjunction(&mut self) -> Read<Node> {
        self.chain("or", Sign::Or, Self::conjunction, NodeKind::Or)
    }

    fn conjunction(&mut self) -> Read<Node> {
        self.chain("and", Sign::And, Self::negation, NodeKind::And)
    }

    /// `part { word part }`
    fn chain(
        &mut self,
        word: &'static str,
        sign: Sign,
        part: fn(&mut Self) -> Read<Node>,
        kind: fn(Vec<Node>) -> NodeKind,
    ) -> Read<Node> {
        let start = self.token.span.start;
        let first = part(self)?;
        if !self.connective(word, sign) {
            return Ok(first);
        }
        let mut parts = vec![first, part(self)?];
        while self.connective(word, sign) {
            parts.push(part(self)?);
        }
        self.node(start, kind(parts))
    }

    fn negation(&mut self) -> Read<Node> {
        let start = self.token.span.start;
        if !self.connective("not", Sign::Not) {
            return self.claim();
        }
        let negated = self.claim()?;
        self.node(start, NodeKind::Not(Box::new(negated)))
    }

    /// A claim; or a value, or a condition in parentheses, which are told apart when the types are known.
    fn claim(&mut self) -> Read<Node> {
        let start = self.token.span.start;
        let value = self.sum()?;
        let Some(predicate) = self.predicate()? else {
            if !self.word("on") {
                return Ok(value);
            }
            let dataset = self.name("a dataset")?;
            return self.node(start, NodeKind::On(Box::new(value), dataset));
        };
        let qualifiers = self.qualifiers()?;
        self.node(start, NodeKind::Claim(Box::new(Claim { value, predicate, qualifiers })))
    }

    fn predicate(&mut self) -> Read<Option<Predicate>> {
        if let Some((comparison, span)) = self.comparison() {
            return Ok(Some(Predicate::Compare(comparison, span, self.sum()?)));
        }
        if self.word("between") {
            let low = self.sum()?;
            self.words(&["and"])?;
            return Ok(Some(Predicate::Between(low, self.sum()?)));
        }
        if self.word("within") {
            let amount = self.amount()?;
            self.words(&["of"])?;
            return Ok(Some(Predicate::Within(amount, self.sum()?)));
        }
        if self.word("is") {
            let is_negated = self.word("not");
            self.words(&["reported"])?;
            return Ok(Some(Predicate::Reported(is_negated)));
        }
        let verb_span = self.token.span;
        let verb = match self.token.kind {
            TokenKind::Word(word) => Verb::ALL.into_iter().find(|(_, own)| own.eq_ignore_ascii_case(word)),
            _ => None,
        };
        match verb {
            Some((verb, word)) => {
                self.words(&[word])?;
                self.change(verb, verb_span).map(|change| Some(Predicate::Change(change)))
            }
            None => {
                self.expected.push("a change such as 'drops by at most'");
                Ok(None)
            }
        }
    }

    fn comparison(&mut self) -> Option<(Comparison, Span)> {
        let signs = [
            (Sign::AtLeast, Comparison::AtLeast),
            (Sign::AtMost, Comparison::AtMost),
            (Sign::Above, Comparison::Above),
            (Sign::Below, Comparison::Below),
            (Sign::Equal, Comparison::Equal),
            (Sign::NotEqual, Comparison::NotEqual),
        ];
        let span = self.token.span;
        let (_, comparison) =
            signs.into_iter().find(|(sign, _)| self.token.kind == TokenKind::Sign(*sign)).or_else(|| {
                self.expected.push("a comparison such as '>='");
                None
            })?;
        let sign = signs.into_iter().find(|(_, own)| *own == comparison).map(|(sign, _)| sign)?;
        self.canonical_sign(sign);
        self.advance();
        Some((comparison, span))
    }

    fn change(&mut self, verb: Verb, verb_span: Span) -> Read<Change> {
        self.words(&["by", "at"])?;
        let limit = if self.word("least") {
            Limit::AtLeast
        } else if self.word("most") {
            Limit::AtMost
        } else {
            return Err(self.unexpected());
        };
        let amount = self.amount()?;
        self.words(&["vs"])?;
        let start = self.token.span.start;
        let reference = self.reference()?;
        Ok(Change { verb, verb_span, limit, amount, reference, reference_span: self.from(start) })
    }

    fn reference(&mut self) -> Read<Reference> {
        if self.word("baseline") {
            return Ok(Reference::Baseline);
        }
        if self.word("previous") {
            self.words(&["run"])?;
            return Ok(Reference::PreviousRun);
        }
        if self.word("run") {
            return Ok(Reference::Run(self.text("the name of a run in quotes")?.text));
        }
        if self.word("median") {
            self.words(&["of", "last"])?;
            let count = self.whole()?;
            self.words(&["runs"])?;
            return Ok(Reference::MedianOfLast(u32::try_from(count).unwrap_or(u32::MAX)));
        }
        Err(self.unexpected())
    }

    fn qualifiers(&mut self) -> Read<Qualifiers> {
        let mut qualifiers = Qualifiers::default();
        loop {
            let start = self.token.span.start;
            let is_free = |is_free: bool, what: &str, span: Span| match is_free {
                true => Ok(()),
                false => Err(Fault { span, message: format!("a second '{what}'"), help: None, is_limit: false }),
            };
            if self.word("on") {
                let dataset = self.name("a dataset")?;
                is_free(qualifiers.dataset.is_none(), "on", self.from(start))?;
                qualifiers.dataset = Some(dataset);
            } else if self.is_word("with") {
                let has_examples = self.ahead().kind == TokenKind::Word("at");
                self.word("with");
                if has_examples {
                    self.words(&["at", "least"])?;
                    let examples = self.whole()?;
                    self.words(&["examples"])?;
                    is_free(qualifiers.examples.is_none(), "with at least", self.from(start))?;
                    qualifiers.examples = Some((examples, self.from(start)));
                } else {
                    let level = self.confidence()?;
                    is_free(qualifiers.confidence.is_none(), "confidence", self.from(start))?;
                    qualifiers.confidence = Some((level, self.from(start)));
                }
            } else if self.word("over") {
                self.words(&["last"])?;
                let window = self.duration()?;
                is_free(qualifiers.window.is_none(), "over last", self.from(start))?;
                qualifiers.window = Some((window, self.from(start)));
            } else {
                return Ok(qualifiers);
            }
        }
    }

    /// `95% confidence`, as a fraction.
    fn confidence(&mut self) -> Read<Exact> {
        let start = self.token.span.start;
        if !matches!(self.token.kind, TokenKind::Number(_)) {
            self.expected.push("at");
        }
        let number = self.number()?;
        if self.unit() != Some(Unit::Percent) {
            return Err(self.missing("'%'"));
        }
        let level = &number * &Unit::Percent.factor();
        let span = self.from(start);
        self.words(&["confidence"])?;
        if level <= Exact::ZERO || level >= Exact::ONE {
            let message = "a confidence is between 0% and 100%".to_owned();
            return Err(Fault { span, message, help: Some("95% is usual".to_owned()), is_limit: false });
        }
        Ok(level)
    }

    fn sum(&mut self) -> Read<Node> {
        let operators = [(Sign::Plus, Operator::Add), (Sign::Minus, Operator::Subtract)];
        self.operation(&operators, Self::product)
    }

    fn product(&mut self) -> Read<Node> {
        let operators = [(Sign::Times, Operator::Multiply), (Sign::Divide, Operator::Divide)];
        self.operation(&operators, Self::factor)
    }

    /// `part { operator part }`, from left to right.
    fn operation(&mut self, operators: &[(Sign, Operator)], part: fn(&mut Self) -> Read<Node>) -> Read<Node> {
        let start = self.token.span.start;
        let mut left = part(self)?;
        while let Some((sign, operator)) = operators.iter().find(|(sign, _)| self.token.kind == TokenKind::Sign(*sign))
        {
            self.canonical_sign(*sign);
            self.advance();
            let right = part(self)?;
            left = self.node(start, NodeKind::Arithmetic(*operator, Box::new(left), Box::new(right)))?;
        }
        self.expected.push("an operator");
        Ok(left)
    }

    fn factor(&mut self) -> Read<Node> {
        let start = self.token.span.start;
        if self.token.kind != TokenKind::Sign(Sign::Minus) {
            return self.primary();
        }
        self.canonical_sign(Sign::Minus);
        self.advance();
        let value = self.primary()?;
        self.node(start, NodeKind::Negative(Box::new(value)))
    }

    fn primary(&mut self) -> Read<Node> {
        let start = self.token.span.start;
        match self.token.kind {
            TokenKind::Number(_) => {
                let number = self.number()?;
                let unit = self.unit();
                self.node(start, NodeKind::Number(Literal { number, unit }))
            }
            TokenKind::Sign(Sign::Open) => {
                self.advance();
                let inner = self.deeper(Self::condition)?;
                if !self.sign(Sign::Close) {
                    return Err(self.unexpected());
                }
                // The parentheses belong to it: a finding about it shows them.
                Ok(Node { span: self.from(start), ..inner })
            }
            TokenKind::Word(word) if !RESERVED.contains(&word) => {
                if self.ahead().kind == TokenKind::Sign(Sign::Open) {
                    self.call(start)
                } else {
                    self.path(start)
                }
            }
            TokenKind::String(_) => {
                let mut fault = self.missing("a metric");
                fault.help = Some("a metric of such a name is written metric('…')".to_owned());
                Err(fault)
            }
            _ => {
                self.expected.extend(["a metric", "a number"]);
                let fault = self.missing("(");
                let is_reserved = |word: &str| RESERVED.iter().any(|own| own.eq_ignore_ascii_case(word));
                match self.token.kind {
                    TokenKind::Word(word) if is_reserved(word) => {
                        Err(Fault { help: Some(format!("a metric of this name is written metric('{word}')")), ..fault })
                    }
                    _ => Err(fault),
                }
            }
        }
    }

    fn path(&mut self, start: u32) -> Read<Node> {
        let mut names = vec![self.name("a metric")?];
        while self.token.kind == TokenKind::Sign(Sign::Dot) {
            self.advance();
            names.push(self.name("a field")?);
        }
        self.node(start, NodeKind::Path(names))
    }

    fn call(&mut self, start: u32) -> Read<Node> {
        let function = self.name("a function")?;
        self.advance();
        if function.text == "metric" {
            let name = self.text("the name of a metric in quotes")?;
            return self.closed(start, NodeKind::Metric(name));
        }
        let argument = self.deeper(Self::sum)?;
        if let Some(across) = AcrossFunction::by_name(&function.text) {
            self.words(&["across"])?;
            let slices = self.slices()?;
            let relative_to = match self.word("relative") {
                true => {
                    self.words(&["to"])?;
                    Some(self.text("the value of a slice in quotes")?)
                }
                false => None,
            };
            let across = Across { function: across, value: argument, slices, relative_to };
            return self.closed(start, NodeKind::Across(Box::new(across)));
        }
        self.closed(start, NodeKind::Call(function, Box::new(argument)))
    }

    fn closed(&mut self, start: u32, kind: NodeKind) -> Read<Node> {
        if !self.sign(Sign::Close) {
            return Err(self.unexpected());
        }
        self.node(start, kind)
    }
}

/// `a, b or c`
fn listed(words: &[&str]) -> String {
    // Descriptions such as "a number" stand bare, words and signs in quotes.
    let quoted = |word: &&str| match word.contains(' ') || word.starts_with('\'') {
        true => (*word).to_owned(),
        false => format!("'{word}'"),
    };
    let words: Vec<_> = words.iter().map(quoted).collect();
    match words.as_slice() {
        [] => "the end of the expression".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
