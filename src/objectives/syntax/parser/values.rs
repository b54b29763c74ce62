//! The lower levels of precedence: sums, products, functions, names and numbers.

use super::super::ast::{Across, AcrossFunction, Expr, ExprKind, Literal, Operator};
use super::super::lexer::{Sign, TokenKind};
use super::{FaultKind, Parser, Read, SyntaxFault};
use crate::documents::objectives::Language;

/// Words that separate parts of an expression; a metric with such a name is written `metric('…')`.
const RESERVED: [&str; 16] = [
    "and", "or", "not", "implies", "between", "within", "is", "on", "with", "over", "vs", "rises", "drops", "changes",
    "improves", "worsens",
];

impl Parser<'_> {
    pub(super) fn sum(&mut self) -> Read<Expr> {
        let operators = [(Sign::Plus, Operator::Add), (Sign::Minus, Operator::Subtract)];
        self.operation(&operators, Self::product)
    }

    pub(super) fn product(&mut self) -> Read<Expr> {
        let operators = [(Sign::Times, Operator::Multiply), (Sign::Divide, Operator::Divide)];
        self.operation(&operators, Self::factor)
    }

    /// Parses `part { operator part }`, from left to right.
    pub(super) fn operation(
        &mut self,
        operators: &[(Sign, Operator)],
        part: fn(&mut Self) -> Read<Expr>,
    ) -> Read<Expr> {
        let start = self.token.span.start;
        let mut left = part(self)?;
        while let Some((sign, operator)) = operators.iter().find(|(sign, _)| self.token.kind == TokenKind::Sign(*sign))
        {
            self.canonical_sign(*sign);
            self.advance();
            let right = part(self)?;
            left = self.node(start, ExprKind::Arithmetic(*operator, Box::new(left), Box::new(right)))?;
        }
        self.expected.push("an operator");
        Ok(left)
    }

    pub(super) fn factor(&mut self) -> Read<Expr> {
        let start = self.token.span.start;
        if self.token.kind != TokenKind::Sign(Sign::Minus) {
            return self.primary();
        }
        self.canonical_sign(Sign::Minus);
        self.advance();
        let value = self.primary()?;
        self.node(start, ExprKind::Negative(Box::new(value)))
    }

    pub(super) fn primary(&mut self) -> Read<Expr> {
        let start = self.token.span.start;
        match self.token.kind {
            TokenKind::Number(_) => {
                let number = self.number()?;
                let unit = self.unit();
                let currency = if unit.is_none() { self.currency()? } else { None };
                let per = self.per()?;
                self.node(start, ExprKind::Number(Literal { number, unit, currency, per }))
            }
            TokenKind::Sign(Sign::Open) => {
                self.advance();
                let inner = self.deeper(Self::condition)?;
                if !self.sign(Sign::Close) {
                    return Err(self.unexpected());
                }
                // The span includes the parentheses, so that findings show them.
                Ok(Expr { span: self.from(start), ..inner })
            }
            TokenKind::Word(word) if !RESERVED.contains(&word) => {
                if word == "weighted" && self.ahead().kind == TokenKind::Word("mean") {
                    self.weighted_mean(start)
                } else if self.ahead().kind == TokenKind::Sign(Sign::Open) {
                    match self.of_records(start)? {
                        Some(found) => Ok(found),
                        None => self.call(start),
                    }
                } else {
                    self.path(start)
                }
            }
            TokenKind::String(_) => {
                let mut fault = self.missing("a metric");
                fault.help = Some("a metric with such a name is written metric('…')".to_owned());
                Err(fault)
            }
            _ => {
                self.expected.extend(["a metric", "a number"]);
                let fault = self.missing("(");
                let is_reserved = |word: &str| RESERVED.iter().any(|own| own.eq_ignore_ascii_case(word));
                match self.token.kind {
                    TokenKind::Word(word) if is_reserved(word) => Err(SyntaxFault {
                        help: Some(format!("a metric with this name is written metric('{word}')")),
                        ..fault
                    }),
                    _ => Err(fault),
                }
            }
        }
    }

    /// Parses a code of three capital letters after a number (ISO 4217).
    fn currency(&mut self) -> Read<Option<String>> {
        let TokenKind::Word(word) = self.token.kind else { return Ok(None) };
        let is_code = word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase());
        // `AND` and `NOT` are words of the language in capitals.
        if !is_code || matches!(word, "AND" | "NOT") {
            return Ok(None);
        }
        if self.language < Language::Second {
            return Err(self.is_newer(word));
        }
        self.advance();
        Ok(Some(word.to_owned()))
    }

    /// Parses `per 1000`.
    fn per(&mut self) -> Read<Option<u64>> {
        if self.token.kind != TokenKind::Word("per") {
            return Ok(None);
        }
        if self.language < Language::Second {
            return Err(self.is_newer("per"));
        }
        self.advance();
        let span = self.token.span;
        match self.whole()? {
            0 => Err(SyntaxFault { span, message: "something per 0".to_owned(), help: None, kind: FaultKind::Grammar }),
            per => Ok(Some(per)),
        }
    }

    pub(super) fn path(&mut self, start: u32) -> Read<Expr> {
        let mut names = vec![self.name("a metric")?];
        while self.token.kind == TokenKind::Sign(Sign::Dot) {
            self.advance();
            names.push(self.name("a field")?);
        }
        self.node(start, ExprKind::Path(names))
    }

    pub(super) fn call(&mut self, start: u32) -> Read<Expr> {
        let function = self.name("a function")?;
        self.advance();
        if function.text == "metric" {
            let name = self.text("the name of a metric in quotes")?;
            return self.closed(start, ExprKind::Metric(name));
        }
        let argument = self.deeper(Self::sum)?;
        if function.text == "mean" && self.newer("across")? {
            return self.across(start, AcrossFunction::Mean, argument);
        }
        if self.newer("over")? {
            self.words(&["last"])?;
            let window = self.duration()?;
            let span = argument.span.to(self.from(start));
            let argument = Expr { span, kind: ExprKind::Over(Box::new(argument), window) };
            return self.closed(start, ExprKind::Call(function, Box::new(argument)));
        }
        if let Some(across) = AcrossFunction::by_name(&function.text) {
            self.words(&["across"])?;
            return self.across(start, across, argument);
        }
        self.closed(start, ExprKind::Call(function, Box::new(argument)))
    }

    fn across(&mut self, start: u32, function: AcrossFunction, value: Expr) -> Read<Expr> {
        let slices = self.slices()?;
        let has_reference = function != AcrossFunction::Mean && self.word("relative");
        let relative_to = match has_reference {
            true => {
                self.words(&["to"])?;
                Some(self.text("the value of a slice in quotes")?)
            }
            false => None,
        };
        let across = Across { function, value, slices, relative_to, weight: None };
        self.closed(start, ExprKind::Across(Box::new(across)))
    }

    /// Parses `weighted mean(wape across store by revenue)`: the last `by` introduces the weight.
    fn weighted_mean(&mut self, start: u32) -> Read<Expr> {
        if self.language < Language::Second {
            return Err(self.is_newer("weighted mean"));
        }
        self.words(&["weighted", "mean"])?;
        if !self.sign(Sign::Open) {
            return Err(self.unexpected());
        }
        let value = self.deeper(Self::sum)?;
        self.words(&["across"])?;
        let mut slices = self.slices()?;
        let weight = match self.word("by") {
            true => Some(self.name("a metric")?),
            false if slices.dimensions.len() > 1 && slices.except.is_empty() && slices.sample.is_none() => {
                slices.dimensions.pop()
            }
            false => None,
        };
        let Some(weight) = weight else { return Err(self.unexpected()) };
        let function = AcrossFunction::WeightedMean;
        let across = Across { function, value, slices, relative_to: None, weight: Some(weight) };
        self.closed(start, ExprKind::Across(Box::new(across)))
    }

    pub(super) fn closed(&mut self, start: u32, kind: ExprKind) -> Read<Expr> {
        if !self.sign(Sign::Close) {
            return Err(self.unexpected());
        }
        self.node(start, kind)
    }
}
