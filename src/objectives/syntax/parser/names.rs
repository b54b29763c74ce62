//! Names, numbers, amounts and durations.

use super::super::ast::{Amount, Name};
use super::super::lexer::{Sign, TokenKind};
use super::{FaultKind, Parser, Read, SyntaxFault};
use crate::objectives::number::Exact;
use crate::objectives::unit::Unit;
use crate::text::Span;

impl Parser<'_> {
    /// Parses a name, which is quoted if it has characters other than letters, digits and `_`.
    pub(super) fn name(&mut self, what: &'static str) -> Read<Name> {
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

    pub(super) fn text(&mut self, what: &'static str) -> Read<Name> {
        if matches!(self.token.kind, TokenKind::String(_)) { self.name(what) } else { Err(self.missing(what)) }
    }

    pub(super) fn missing(&mut self, what: &'static str) -> SyntaxFault {
        self.expected.push(what);
        self.unexpected()
    }

    /// Parses a number that is not negative.
    pub(super) fn number(&mut self) -> Read<Exact> {
        let TokenKind::Number(text) = self.token.kind else { return Err(self.missing("a number")) };
        let Some(value) = Exact::parse(text) else {
            return Err(SyntaxFault::limit(
                self.token.span,
                "the number is too long or its exponent too large".to_owned(),
            ));
        };
        if text.starts_with('.') {
            self.slip(self.token.span, format!("0{text}"));
        }
        self.advance();
        Ok(value)
    }

    pub(super) fn whole(&mut self) -> Read<u64> {
        let span = self.token.span;
        let number = self.number()?;
        number.to_whole().and_then(|whole| u64::try_from(whole).ok()).ok_or_else(|| SyntaxFault {
            span,
            message: "expected a whole number".to_owned(),
            help: None,
            kind: FaultKind::Grammar,
        })
    }

    /// Parses `100 examples`, of which there is at least one.
    pub(super) fn examples(&mut self) -> Read<u64> {
        let span = self.token.span;
        let examples = self.whole()?;
        self.words(&["examples"])?;
        if examples == 0 {
            let message = "every slice has at least 0 examples".to_owned();
            let help = Some("say how many are enough, or leave it out".to_owned());
            return Err(SyntaxFault { span, message, help, kind: FaultKind::Grammar });
        }
        Ok(examples)
    }

    /// Parses the unit after a number, if there is one.
    pub(super) fn unit(&mut self) -> Option<Unit> {
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

    pub(super) fn amount(&mut self) -> Read<Amount> {
        let start = self.token.span.start;
        let is_negative = self.sign(Sign::Minus);
        let number = self.number()?;
        let number = if is_negative { -&number } else { number };
        let unit = self.unit();
        let says_relative = unit == Some(Unit::Percent) && self.word("relative");
        Ok(Amount { span: self.from(start), number, unit, says_relative })
    }

    /// Parses a duration, in seconds: `7 days`, `24 hours`, `90min`.
    pub(super) fn duration(&mut self) -> Read<u64> {
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
        if number == 0 {
            let message = "a period of 0 holds nothing".to_owned();
            return Err(SyntaxFault { span: self.from(start), message, help: None, kind: FaultKind::Grammar });
        }
        number
            .checked_mul(seconds)
            .filter(|length| *length <= MOST_SECONDS)
            .ok_or_else(|| SyntaxFault::limit(self.from(start), "the period is longer than a hundred years".to_owned()))
    }
}

/// The longest duration: a hundred years.
const MOST_SECONDS: u64 = 100 * 366 * 86_400;
