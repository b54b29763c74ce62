//! From tokens to an [`Expression`]: one precedence ladder, from `implies` down to names and numbers. Types are checked afterwards.

mod claims;
mod names;
mod values;

use super::ast::{Expr, ExprKind, Expression};
use super::lexer::{Lexer, Sign, Token, TokenKind};
use crate::documents::objectives::Language;
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
    pub expression: Result<Expression, SyntaxFault>,
    /// What is understood, but written otherwise in this language.
    pub slips: Vec<Slip>,
}

/// Why a text is no expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxFault {
    /// Where.
    pub span: Span,
    /// What was found, and what was expected.
    pub message: String,
    /// What to do, if it is known.
    pub help: Option<String>,
    /// What about it is wrong.
    pub kind: FaultKind,
}

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// It does not follow the grammar.
    Grammar,
    /// It follows that of a later version of the language than the document declares.
    Newer,
    /// It is beyond a limit.
    Limit,
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
pub fn parse(text: &str, language: Language) -> Parsed {
    read(text, language, Parser::objective)
}

/// Reads the value of a definition.
#[must_use]
pub fn parse_value(text: &str, language: Language) -> Parsed {
    read(text, language, |parser| Ok(Expression { for_each: None, each_metric: None, root: parser.condition()? }))
}

fn read<'t>(text: &'t str, language: Language, grammar: impl FnOnce(&mut Parser<'t>) -> Read<Expression>) -> Parsed {
    if text.len() > MOST_BYTES {
        let message = format!("the expression is {} bytes long; the limit is {MOST_BYTES}", text.len());
        return Parsed {
            expression: Err(SyntaxFault::limit(Span::from_usize(0, MOST_BYTES), message)),
            slips: Vec::new(),
        };
    }
    let mut lexer = Lexer::new(text);
    let token = lexer.next();
    let mut parser =
        Parser { text, language, lexer, token, end: 0, nodes: 0, depth: 0, expected: Vec::new(), slips: Vec::new() };
    let expression = grammar(&mut parser).and_then(|expression| match parser.token.kind {
        TokenKind::End => Ok(expression),
        _ => Err(parser.unexpected()),
    });
    Parsed { expression, slips: parser.slips }
}

impl SyntaxFault {
    /// Of a form of the second version in a document of the first.
    #[must_use]
    pub fn newer(what: &str) -> Self {
        let (first, second) = (Language::First.name(), Language::Second.name());
        let message = format!("'{what}' is a form of {second}, and the document is written in {first}");
        let help = Some(format!("declare `language: {second}`"));
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

    /// Takes a word that begins a form of the second version, if it comes next. In the first it is none, and nothing else can stand there.
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
        SyntaxFault { span: self.token.span, ..SyntaxFault::newer(what) }
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
