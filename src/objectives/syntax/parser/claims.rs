//! The upper part of the ladder: from `for each` and `implies` down to claims and their qualifiers.

use super::super::ast::{
    Change, Claim, Comparison, ForEach, Limit, Node, NodeKind, Predicate, Qualifiers, Reference, Sample, Slices,
    SmallSlices, Verb,
};
use super::super::lexer::{Sign, TokenKind};
use super::{Fault, Parser, Read};
use crate::objectives::number::Exact;
use crate::objectives::unit::Unit;
use crate::text::Span;

impl Parser<'_> {
    pub(super) fn for_each(&mut self) -> Read<Option<ForEach>> {
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

    pub(super) fn slices(&mut self) -> Read<Slices> {
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

    pub(super) fn condition(&mut self) -> Read<Node> {
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

    pub(super) fn disjunction(&mut self) -> Read<Node> {
        self.chain("or", Sign::Or, Self::conjunction, NodeKind::Or)
    }

    pub(super) fn conjunction(&mut self) -> Read<Node> {
        self.chain("and", Sign::And, Self::negation, NodeKind::And)
    }

    /// `part { word part }`
    pub(super) fn chain(
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

    pub(super) fn negation(&mut self) -> Read<Node> {
        let start = self.token.span.start;
        if !self.connective("not", Sign::Not) {
            return self.claim();
        }
        let negated = self.claim()?;
        self.node(start, NodeKind::Not(Box::new(negated)))
    }

    /// A claim; or a value, or a condition in parentheses, which are told apart when the types are known.
    pub(super) fn claim(&mut self) -> Read<Node> {
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

    pub(super) fn predicate(&mut self) -> Read<Option<Predicate>> {
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

    pub(super) fn comparison(&mut self) -> Option<(Comparison, Span)> {
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

    pub(super) fn change(&mut self, verb: Verb, verb_span: Span) -> Read<Change> {
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

    pub(super) fn reference(&mut self) -> Read<Reference> {
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

    pub(super) fn qualifiers(&mut self) -> Read<Qualifiers> {
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
    pub(super) fn confidence(&mut self) -> Read<Exact> {
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
            let message = "a confidence level is between 0% and 100%".to_owned();
            return Err(Fault { span, message, help: Some("95% is usual".to_owned()), is_limit: false });
        }
        Ok(level)
    }
}
