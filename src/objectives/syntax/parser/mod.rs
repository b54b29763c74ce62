//! Parses tokens into an [`Expression`] by recursive descent, from `implies` down to names and numbers. Types are checked afterwards.

mod claims;
mod names;
mod records;
mod values;

use super::ast::{Expr, ExprKind, Expression};
use super::lexer::{Lexer, Sign, Token, TokenKind};
use crate::documents::objectives::Language;
use crate::text::{Span, nearest};

/// The greatest length of an expression that is parsed, in bytes.
pub const MOST_BYTES: usize = 16 * 1024;
/// The greatest number of parts of an expression that is parsed.
pub const MOST_NODES: usize = 512;
/// The greatest depth of an expression that is parsed.
pub const MOST_DEPTH: usize = 32;

/// The result of parsing a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The expression, unless there is a fault.
    pub expression: Result<Expression, SyntaxFault>,
    /// Parts that are understood, but not in the canonical notation.
    pub slips: Vec<Slip>,
}

/// Why a text is not an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxFault {
    /// Its range in the text.
    pub span: Span,
    /// What was found, and what was expected.
    pub message: String,
    /// How to fix it, if that is known.
    pub help: Option<String>,
    /// The kind of fault.
    pub kind: FaultKind,
}

/// The kinds of faults of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// It does not follow the grammar.
    Grammar,
    /// It uses a form of a later version of the language than the document declares.
    Newer,
    /// It exceeds a limit.
    Limit,
}

/// A notation of another language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// Its range in the text.
    pub span: Span,
    /// The canonical notation.
    pub canonical: String,
}

/// Parses the condition of an objective.
#[must_use]
pub fn parse(text: &str, language: Language) -> Parsed {
    read(text, language, Parser::objective)
}

/// Parses the value of a definition.
#[must_use]
pub fn parse_value(text: &str, language: Language) -> Parsed {
    read(text, language, |parser| Ok(Expression { for_each: None, each_metric: None, root: parser.condition()? }))
}

/// Returns the words, signs and descriptions of what can follow a text that begins an expression, in the order in which the grammar tries
/// them; `None` if no expression begins like this. A word at its end counts as complete.
#[must_use]
pub fn expected_after(text: &str, language: Language) -> Option<Vec<&'static str>> {
    if text.len() > MOST_BYTES {
        return None;
    }
    let mut parser = Parser::new(text, language);
    let fault = parser.objective().err();
    let is_at_end = |fault: &SyntaxFault| fault.span == parser.token.span || !parser.expected.is_empty();
    let goes_on = fault.is_none_or(|fault| fault.kind == FaultKind::Grammar && is_at_end(&fault));
    if parser.token.kind != TokenKind::End || !goes_on {
        return None;
    }
    let mut expected: Vec<&str> = Vec::new();
    parser.expected.iter().for_each(|word| {
        if !expected.contains(word) {
            expected.push(word);
        }
    });
    Some(expected)
}

fn read<'t>(text: &'t str, language: Language, grammar: impl FnOnce(&mut Parser<'t>) -> Read<Expression>) -> Parsed {
    if text.len() > MOST_BYTES {
        let message = format!("the expression is {} bytes long; the limit is {MOST_BYTES}", text.len());
        return Parsed {
            expression: Err(SyntaxFault::limit(Span::from_usize(0, MOST_BYTES), message)),
            slips: Vec::new(),
        };
    }
    let mut parser = Parser::new(text, language);
    let expression = grammar(&mut parser).and_then(|expression| match parser.token.kind {
        TokenKind::End => Ok(expression),
        _ => Err(parser.unexpected()),
    });
    Parsed { expression, slips: parser.slips }
}

impl SyntaxFault {
    /// Returns the fault for a form that a later version of the language has.
    #[must_use]
    pub fn newer(what: &str, since: Language, written: Language) -> Self {
        let (since, written) = (since.name(), written.name());
        let message = format!("'{what}' is a form of {since}, and the document is written in {written}");
        let help = Some(format!("declare `language: {since}`"));
        Self { span: Span::empty(0), message, help, kind: FaultKind::Newer }
    }

    fn limit(span: Span, message: String) -> Self {
        let help = Some("split it into several objectives, or name its parts under `definitions`".to_owned());
        Self { span, message, help, kind: FaultKind::Limit }
    }
}

type Read<T> = Result<T, SyntaxFault>;

struct Parser<'t> {
    text: &'t str,
    language: Language,
    lexer: Lexer<'t>,
    token: Token<'t>,
    /// The end of the last token that was consumed.
    end: u32,
    nodes: usize,
    depth: usize,
    /// The alternatives to the current token.
    expected: Vec<&'static str>,
    slips: Vec<Slip>,
}

/// Tokens.
impl<'t> Parser<'t> {
    fn new(text: &'t str, language: Language) -> Self {
        let mut lexer = Lexer::new(text);
        let token = lexer.next();
        Self { text, language, lexer, token, end: 0, nodes: 0, depth: 0, expected: Vec::new(), slips: Vec::new() }
    }

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

    /// Returns whether the current token is this word. Capitals are accepted.
    fn is_word(&mut self, word: &'static str) -> bool {
        let found = matches!(self.token.kind, TokenKind::Word(text) if text.eq_ignore_ascii_case(word));
        if !found {
            self.expected.push(word);
        }
        found
    }

    /// Consumes this word, if it is next.
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

    /// Consumes a word that begins a form of the second version, if it is next. In the first version it is not a word of the language,
    /// and no other word can follow.
    fn newer(&mut self, word: &'static str) -> Read<bool> {
        if self.language >= Language::Second {
            return Ok(self.word(word));
        }
        match self.token.kind {
            TokenKind::Word(text) if text.eq_ignore_ascii_case(word) => Err(self.is_newer(word)),
            _ => Ok(false),
        }
    }

    fn is_newer(&self, what: &str) -> SyntaxFault {
        SyntaxFault { span: self.token.span, ..SyntaxFault::newer(what, Language::Second, self.language) }
    }

    /// Consumes these words, the first of which was seen already.
    fn words(&mut self, words: &[&'static str]) -> Read<()> {
        words.iter().try_for_each(|word| if self.word(word) { Ok(()) } else { Err(self.unexpected()) })
    }

    /// Consumes this sign, if it is next.
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

    /// Consumes a word of the language, or the equivalent sign of other languages.
    fn connective(&mut self, word: &'static str, sign: Sign) -> bool {
        if self.token.kind == TokenKind::Sign(sign) {
            self.slip(self.token.span, word);
            self.advance();
            return true;
        }
        self.word(word)
    }

    fn unexpected(&self) -> SyntaxFault {
        let span = self.token.span;
        let found = match self.token.kind {
            TokenKind::End => "the end of the expression".to_owned(),
            TokenKind::OpenString => "a string whose quote is not closed".to_owned(),
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
                Some("put a name that contains '-' in quotes, as in `on 'hold-back'`".to_owned())
            }
            _ => None,
        };
        SyntaxFault { span, message, help, kind: FaultKind::Grammar }
    }

    fn from(&self, start: u32) -> Span {
        Span::new(start, self.end)
    }

    fn node(&mut self, start: u32, kind: ExprKind) -> Read<Expr> {
        self.nodes += 1;
        let span = self.from(start);
        if self.nodes > MOST_NODES {
            return Err(SyntaxFault::limit(span, format!("the expression has more than {MOST_NODES} parts")));
        }
        Ok(Expr { span, kind })
    }

    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            let message = format!("the expression is nested more than {MOST_DEPTH} levels deep");
            return Err(SyntaxFault::limit(self.token.span, message));
        }
        let read = inner(self)?;
        self.depth -= 1;
        Ok(read)
    }
}

/// Returns `a, b or c`.
fn listed(words: &[&str]) -> String {
    // Descriptions such as "a number" are not quoted, words and signs are.
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
