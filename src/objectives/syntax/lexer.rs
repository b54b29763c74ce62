//! Splits a text into tokens, one at a time.

use crate::text::{Span, offset};

/// A word or sign of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'t> {
    pub kind: TokenKind<'t>,
    pub span: Span,
}

/// The kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind<'t> {
    /// A name or a word of the language.
    Word(&'t str),
    /// Digits with a fraction and an exponent.
    Number(&'t str),
    /// A text in quotes, without them.
    String(&'t str),
    /// A sign, identified regardless of its spelling.
    Sign(Sign),
    /// A quote that is not closed.
    OpenString,
    /// A character that does not begin any token.
    Stray(char),
    /// The end of the text.
    End,
}

/// A sign of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    AtLeast,
    AtMost,
    Above,
    Below,
    Equal,
    NotEqual,
    Plus,
    Minus,
    Times,
    Divide,
    Percent,
    Comma,
    Colon,
    Dot,
    Open,
    Close,
    OpenList,
    CloseList,
    /// `&&`, `||` and `!` of other languages; this language has words for them.
    And,
    Or,
    Not,
}

/// The spellings of signs, longest first, with the canonical ones.
const SIGNS: [(&str, Sign, &str); 36] = [
    (">=", Sign::AtLeast, ">="),
    ("=>", Sign::AtLeast, ">="),
    ("<=", Sign::AtMost, "<="),
    ("=<", Sign::AtMost, "<="),
    ("==", Sign::Equal, "=="),
    ("!=", Sign::NotEqual, "!="),
    ("<>", Sign::NotEqual, "!="),
    ("&&", Sign::And, "and"),
    ("||", Sign::Or, "or"),
    (">", Sign::Above, ">"),
    ("<", Sign::Below, "<"),
    ("=", Sign::Equal, "=="),
    ("≥", Sign::AtLeast, ">="),
    ("⩾", Sign::AtLeast, ">="),
    ("≤", Sign::AtMost, "<="),
    ("⩽", Sign::AtMost, "<="),
    ("≠", Sign::NotEqual, "!="),
    ("∧", Sign::And, "and"),
    ("∨", Sign::Or, "or"),
    ("¬", Sign::Not, "not"),
    ("!", Sign::Not, "not"),
    ("+", Sign::Plus, "+"),
    ("-", Sign::Minus, "-"),
    ("−", Sign::Minus, "-"),
    ("*", Sign::Times, "*"),
    ("×", Sign::Times, "*"),
    ("/", Sign::Divide, "/"),
    ("÷", Sign::Divide, "/"),
    ("%", Sign::Percent, "%"),
    (",", Sign::Comma, ","),
    (":", Sign::Colon, ":"),
    (".", Sign::Dot, "."),
    ("(", Sign::Open, "("),
    (")", Sign::Close, ")"),
    ("[", Sign::OpenList, "["),
    ("]", Sign::CloseList, "]"),
];

impl Sign {
    /// Returns the canonical spelling.
    pub fn canonical(self) -> &'static str {
        SIGNS.iter().find(|(_, sign, _)| *sign == self).map_or("", |(.., canonical)| canonical)
    }
}

/// A position in a text; a copy of it looks ahead.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// Returns the next token; at the end, always [`TokenKind::End`].
    pub fn next(&mut self) -> Token<'t> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        let rest = self.rest();
        let start = self.at;
        let (kind, length) = match rest.chars().next() {
            None => (TokenKind::End, 0),
            Some(quote @ ('\'' | '"')) => match rest.get(1..).and_then(|inner| inner.split_once(quote)) {
                Some((inner, _)) => (TokenKind::String(inner), inner.len() + 2),
                None => (TokenKind::OpenString, rest.len()),
            },
            Some('0'..='9') => number(rest),
            Some('.') if rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit) => number(rest),
            Some(c) if c.is_alphabetic() || c == '_' => {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                (TokenKind::Word(rest.get(..end).unwrap_or(rest)), end)
            }
            Some(c) => match SIGNS.iter().find(|(text, ..)| rest.starts_with(text)) {
                Some((text, sign, _)) => (TokenKind::Sign(*sign), text.len()),
                None => (TokenKind::Stray(c), c.len_utf8()),
            },
        };
        self.at = start + length;
        Token { kind, span: Span::new(offset(start), offset(self.at)) }
    }
}

/// Reads a number at the start of a text. An exponent must have digits: `5e` is `5` and a word.
fn number(text: &str) -> (TokenKind<'_>, usize) {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    (TokenKind::Number(text.get(..end).unwrap_or(text)), end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind<'_>> {
        let mut lexer = Lexer::new(text);
        std::iter::from_fn(|| Some(lexer.next().kind)).take_while(|kind| *kind != TokenKind::End).collect()
    }

    #[test]
    fn longer_signs_come_first() {
        for (index, (text, ..)) in SIGNS.iter().enumerate() {
            assert!(!SIGNS[..index].iter().any(|(earlier, ..)| text.starts_with(earlier)), "{text} is never met");
        }
    }

    #[test]
    fn texts_are_cut_into_tokens() {
        use TokenKind::{Number, OpenString, Sign as S, Stray, String, Word};
        assert_eq!(
            kinds("p95(latency)<200ms"),
            [Word("p95"), S(Sign::Open), Word("latency"), S(Sign::Close), S(Sign::Below), Number("200"), Word("ms")]
        );
        assert_eq!(kinds("5e 1e-3 .5"), [Number("5"), Word("e"), Number("1e-3"), Number(".5")]);
        assert_eq!(
            kinds("metric('a b') \"x"),
            [Word("metric"), S(Sign::Open), String("a b"), S(Sign::Close), OpenString]
        );
        assert_eq!(kinds("a≥1 @"), [Word("a"), S(Sign::AtLeast), Number("1"), Stray('@')]);
    }
}
