//! The tokens of an expression, for colours.

use super::lexer::{Lexer, Sign, TokenKind};
use crate::text::Span;

/// What a token is, as far as it can be told without a parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenClass {
    /// A name, or a word of the language.
    Word,
    /// A word with a parenthesis behind it.
    Call,
    /// A number.
    Number,
    /// A word or `%` directly behind a number.
    Unit,
    /// A text in quotes, with them.
    Text,
    /// A comparison, or an operator.
    Operator,
}

/// Returns the tokens of a text in their order, without parentheses and other punctuation, up to the first character that begins none.
#[must_use]
pub fn tokens(text: &str) -> Vec<(TokenClass, Span)> {
    let mut lexer = Lexer::new(text);
    let mut found: Vec<(TokenClass, Span)> = Vec::new();
    loop {
        let token = lexer.next();
        let number = found.last().filter(|(class, span)| *class == TokenClass::Number && span.end == token.span.start);
        let class = match token.kind {
            TokenKind::End | TokenKind::OpenString | TokenKind::Stray(_) => return found,
            TokenKind::Word(_) | TokenKind::Sign(Sign::Percent) if number.is_some() => TokenClass::Unit,
            TokenKind::Word(_) => TokenClass::Word,
            TokenKind::Number(_) => TokenClass::Number,
            TokenKind::String(_) => TokenClass::Text,
            TokenKind::Sign(Sign::Open) => {
                if let Some((class @ TokenClass::Word, _)) = found.last_mut() {
                    *class = TokenClass::Call;
                }
                continue;
            }
            TokenKind::Sign(Sign::Comma | Sign::Colon | Sign::Dot | Sign::Close | Sign::OpenList | Sign::CloseList) => {
                continue;
            }
            TokenKind::Sign(_) => TokenClass::Operator,
        };
        found.push((class, token.span));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_have_their_class_and_place() {
        let text = "p95(latency) <= 400ms on 'live' and x >= 2 %";
        let found: Vec<_> = tokens(text).into_iter().map(|(class, span)| (class, &text[span.range()])).collect();
        use TokenClass::{Call, Number, Operator, Text, Unit, Word};
        let expected = [
            (Call, "p95"),
            (Word, "latency"),
            (Operator, "<="),
            (Number, "400"),
            (Unit, "ms"),
            (Word, "on"),
            (Text, "'live'"),
            (Word, "and"),
            (Word, "x"),
            (Operator, ">="),
            (Number, "2"),
            (Operator, "%"),
        ];
        assert_eq!(found, expected);
        assert_eq!(tokens("a @ b").len(), 1);
    }
}
