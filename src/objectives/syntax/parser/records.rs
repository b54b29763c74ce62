//! Values of the records of a log: the share of those with a property, and the distance from a profile.

use super::super::ast::{DISTANCES, Expr, ExprKind, Name, RecordLiteral, RecordTest, RecordTestKind};
use super::super::lexer::{Sign, TokenKind};
use super::{FaultKind, Parser, Read, SyntaxFault};
use crate::documents::objectives::Language;

/// The name of the function that counts records.
pub(super) const SHARE: &str = "share";

impl Parser<'_> {
    /// Parses `share(missing income)` and `js_divergence(income)`, if one of them is next.
    pub(super) fn of_records(&mut self, start: u32) -> Read<Option<Expr>> {
        let TokenKind::Word(word) = self.token.kind else { return Ok(None) };
        let is_share = word == SHARE;
        if !is_share && !DISTANCES.contains(&word) {
            return Ok(None);
        }
        if self.language < Language::Third {
            let (message, span) = (format!("{word}(…)"), self.token.span);
            return Err(SyntaxFault { span, ..SyntaxFault::newer(&message, Language::Third, self.language) });
        }
        let function = self.name("a function")?;
        self.advance();
        let kind = match is_share {
            true => ExprKind::Share(Box::new(self.record_test()?)),
            false => ExprKind::Distance(function, self.record_field()?),
        };
        self.closed(start, kind).map(Some)
    }

    fn record_test(&mut self) -> Read<RecordTest> {
        let is_negated = self.word("not");
        if self.word("invalid") {
            return Ok(RecordTest { is_negated, kind: RecordTestKind::Invalid });
        }
        if self.word("missing") {
            return Ok(RecordTest { is_negated, kind: RecordTestKind::Missing(self.record_field()?) });
        }
        let field = self.record_field()?;
        if self.word("in") {
            if !self.sign(Sign::OpenList) {
                return Err(self.missing("["));
            }
            let mut values = vec![self.record_literal()?];
            while self.sign(Sign::Comma) {
                values.push(self.record_literal()?);
            }
            if !self.sign(Sign::CloseList) {
                return Err(self.unexpected());
            }
            return Ok(RecordTest { is_negated, kind: RecordTestKind::In(field, values) });
        }
        let Some((comparison, span)) = self.comparison() else { return Err(self.missing("in")) };
        let literal = self.record_literal()?;
        if matches!(literal, RecordLiteral::Text(_)) && !comparison.is_equality() {
            let message = "a text is equal to another one or not, and neither above nor below it".to_owned();
            return Err(SyntaxFault { span, message, help: None, kind: FaultKind::Grammar });
        }
        Ok(RecordTest { is_negated, kind: RecordTestKind::Compare(field, comparison, literal) })
    }

    /// Parses the name of a field, with dots between its parts, or in quotes.
    fn record_field(&mut self) -> Read<Name> {
        let start = self.token.span.start;
        let mut name = self.name("a field of a record")?;
        while self.sign(Sign::Dot) {
            let part = self.name("a field")?;
            name.text.push('.');
            name.text.push_str(&part.text);
            name.span = self.from(start);
        }
        Ok(name)
    }

    fn record_literal(&mut self) -> Read<RecordLiteral> {
        match self.token.kind {
            TokenKind::String(text) => {
                self.advance();
                Ok(RecordLiteral::Text(text.to_owned()))
            }
            TokenKind::Word(word @ ("true" | "false")) => {
                self.advance();
                Ok(RecordLiteral::Text(word.to_owned()))
            }
            _ => {
                let is_negative = self.sign(Sign::Minus);
                let number = self.number()?;
                Ok(RecordLiteral::Number(if is_negative { -&number } else { number }))
            }
        }
    }
}
