//! The upper levels of precedence: from `for each` and `implies` down to claims and their qualifiers.

use super::super::ast::{
    Change, ChangeReference, Claim, Comparison, Confidence, EACH, EachMetric, Expr, ExprKind, Expression, ForEach,
    Limit, Metrics, Name, Predicate, Qualifiers, Sample, Slices, SmallSlices, StepOrder, Verb,
};
use super::super::lexer::{Sign, TokenKind};
use super::{FaultKind, MOST_NODES, Parser, Read, SyntaxFault};
use crate::documents::objectives::Language;
use crate::objectives::number::Exact;
use crate::objectives::unit::Unit;
use crate::text::Span;

impl Expression {
    /// Returns the condition for each of these metrics. The limit applies to all of them together.
    ///
    /// # Errors
    /// If they have too many parts.
    pub fn said_of<'m>(&self, names: impl Iterator<Item = &'m str> + Clone) -> Result<Self, SyntaxFault> {
        let parts = self.each_metric.as_ref().map_or(0, |each| each.template.nodes().len());
        if parts.saturating_mul(names.clone().count()) <= MOST_NODES {
            return Ok(self.with_metrics(names));
        }
        let message = format!("for all metrics together, the expression has more than {MOST_NODES} parts");
        Err(SyntaxFault::limit(self.root.span, message))
    }
}

impl Parser<'_> {
    /// Parses a whole objective.
    pub(super) fn objective(&mut self) -> Read<Expression> {
        let metrics = self.each_metric()?;
        let for_each = self.for_each()?;
        let template = self.condition()?;
        let Some(metrics) = metrics else { return Ok(Expression { for_each, each_metric: None, root: template }) };
        let span = template.span;
        let stands =
            |node: &&Expr| matches!(&node.kind, ExprKind::Path(names) if names.iter().any(|name| name.text == EACH));
        if !template.nodes().iter().any(stands) {
            let message = format!("the condition is said of each metric, and does not say '{EACH}'");
            let help = Some(format!("write '{EACH}' where the metric stands, as in `{EACH} >= 80%`"));
            return Err(SyntaxFault { span, message, help, kind: FaultKind::Grammar });
        }
        let each_metric = Some(EachMetric { metrics: metrics.clone(), template: template.clone() });
        let expression = Expression { for_each, each_metric, root: template };
        // The matching metrics are not known yet.
        let Metrics::Listed(names) = metrics else { return Ok(expression) };
        expression.said_of(names.iter().map(|name| name.text.as_str()))
    }

    /// Parses `for each metric of [precision, recall],`.
    fn each_metric(&mut self) -> Read<Option<Metrics>> {
        let mut lexer = self.lexer;
        let is_meant = self.token.kind == TokenKind::Word("for")
            && lexer.next().kind == TokenKind::Word("each")
            && lexer.next().kind == TokenKind::Word("metric");
        if !is_meant {
            return Ok(None);
        }
        if self.language < Language::Second {
            return Err(self.is_newer("for each metric"));
        }
        self.words(&["for", "each", "metric"])?;
        if self.word("matching") {
            let form = self.text("the form of names in quotes")?;
            if !self.sign(Sign::Comma) && !self.sign(Sign::Colon) {
                return Err(self.unexpected());
            }
            return Ok(Some(Metrics::Matching(form)));
        }
        self.words(&["of"])?;
        if !self.sign(Sign::OpenList) {
            return Err(self.unexpected());
        }
        let mut metrics = vec![self.name("a metric")?];
        while self.sign(Sign::Comma) {
            metrics.push(self.name("a metric")?);
        }
        if !self.sign(Sign::CloseList) || !self.sign(Sign::Comma) && !self.sign(Sign::Colon) {
            return Err(self.unexpected());
        }
        Ok(Some(Metrics::Listed(metrics)))
    }

    pub(super) fn for_each(&mut self) -> Read<Option<ForEach>> {
        let start = self.token.span.start;
        if self.token.kind == TokenKind::Word("at") && self.ahead().kind == TokenKind::Word("least") {
            return self.at_least().map(Some);
        }
        if !self.word("for") {
            return Ok(None);
        }
        self.words(&["each", "slice", "of"])?;
        let slices = self.slices()?;
        let span = self.from(start);
        if !self.sign(Sign::Comma) && !self.sign(Sign::Colon) {
            return Err(self.unexpected());
        }
        Ok(Some(ForEach { span, slices, at_least: None }))
    }

    /// Parses `at least 3 slices of site with at least 30 examples satisfy`.
    fn at_least(&mut self) -> Read<ForEach> {
        let start = self.token.span.start;
        if self.language < Language::Second {
            return Err(self.is_newer("at least … slices"));
        }
        self.words(&["at", "least"])?;
        let number_span = self.token.span;
        let number = self.whole()?;
        if number == 0 {
            let message = "at least 0 slices satisfy anything".to_owned();
            return Err(SyntaxFault { span: number_span, message, help: None, kind: FaultKind::Grammar });
        }
        if !self.word("slice") {
            self.words(&["slices"])?;
        }
        self.words(&["of"])?;
        let slices = self.slices()?;
        let span = self.from(start);
        if !self.word("satisfies") {
            self.words(&["satisfy"])?;
        }
        Ok(ForEach { span, slices, at_least: Some(number) })
    }

    pub(super) fn slices(&mut self) -> Read<Slices> {
        let mut dimensions = vec![self.name("a dimension")?];
        while self.word("by") {
            dimensions.push(self.name("a dimension")?);
        }
        let mut except = Vec::new();
        if self.newer("except")? {
            except.push(self.text("the value of a slice in quotes")?);
            while self.word("and") {
                except.push(self.text("the value of a slice in quotes")?);
            }
        }
        let start = self.token.span.start;
        // At the end of a text, it is not finished; otherwise `with` may begin the confidence.
        let small = if self.is_word("with") && matches!(self.ahead().kind, TokenKind::Word("at") | TokenKind::End) {
            self.words(&["with", "at", "least"])?;
            Some((self.examples()?, SmallSlices::Unknown))
        } else if self.word("ignoring") {
            self.words(&["slices", "under"])?;
            Some((self.examples()?, SmallSlices::LeftOut))
        } else {
            None
        };
        let sample = small.map(|(examples, small)| Sample { span: self.from(start), examples, small });
        Ok(Slices { dimensions, except, sample })
    }

    pub(super) fn condition(&mut self) -> Read<Expr> {
        let start = self.token.span.start;
        let premise = self.disjunction()?;
        if !self.word("implies") {
            return Ok(premise);
        }
        let conclusion = self.disjunction()?;
        if self.is_word("implies") {
            let message = "a second 'implies' can be read in two ways".to_owned();
            let help = Some("put one of the two in parentheses".to_owned());
            return Err(SyntaxFault { span: self.token.span, message, help, kind: FaultKind::Grammar });
        }
        self.node(start, ExprKind::Implies(Box::new(premise), Box::new(conclusion)))
    }

    pub(super) fn disjunction(&mut self) -> Read<Expr> {
        self.chain("or", Sign::Or, Self::conjunction, ExprKind::Or)
    }

    pub(super) fn conjunction(&mut self) -> Read<Expr> {
        self.chain("and", Sign::And, Self::negation, ExprKind::And)
    }

    /// Parses `part { word part }`.
    pub(super) fn chain(
        &mut self,
        word: &'static str,
        sign: Sign,
        part: fn(&mut Self) -> Read<Expr>,
        kind: fn(Vec<Expr>) -> ExprKind,
    ) -> Read<Expr> {
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

    pub(super) fn negation(&mut self) -> Read<Expr> {
        let start = self.token.span.start;
        if !self.connective("not", Sign::Not) {
            return self.claim();
        }
        let negated = self.claim()?;
        self.node(start, ExprKind::Not(Box::new(negated)))
    }

    /// Parses a claim, or else a value or a condition in parentheses, which are distinguished when types are known.
    pub(super) fn claim(&mut self) -> Read<Expr> {
        let start = self.token.span.start;
        if let Some(claim) = self.freshness(start)? {
            return Ok(claim);
        }
        let value = self.sum()?;
        let Some(predicate) = self.predicate()? else { return self.placed(start, value) };
        let qualifiers = self.qualifiers()?;
        if let Some(confidence) = qualifiers.confidence.as_ref().filter(|own| own.is_paired)
            && !predicate.is_change()
        {
            let message = "'paired' is about a change from one model to another on the same examples".to_owned();
            let help = Some(
                "write a change, as in `drops by at most 1pp vs baseline` or `>= (recall of baseline) - 1pp`"
                    .to_owned(),
            );
            return Err(SyntaxFault { span: confidence.span, message, help, kind: FaultKind::Grammar });
        }
        self.node(start, ExprKind::Claim(Box::new(Claim { value, predicate, qualifiers })))
    }

    /// Parses `evaluated within 30 days on holdback`. In the first version, and if `of` follows, `evaluated` is a metric.
    fn freshness(&mut self, start: u32) -> Read<Option<Expr>> {
        let mut lexer = self.lexer;
        let is_meant = self.token.kind == TokenKind::Word("evaluated")
            && lexer.next().kind == TokenKind::Word("within")
            && matches!(lexer.next().kind, TokenKind::Number(_))
            && matches!(lexer.next().kind, TokenKind::Word(_))
            && lexer.next().kind != TokenKind::Word("of");
        if !is_meant {
            return Ok(None);
        }
        if self.language < Language::Second {
            return Err(self.is_newer("evaluated within"));
        }
        let value = Expr { span: self.advance().span, kind: ExprKind::Age };
        self.words(&["within"])?;
        let at = self.token.span.start;
        let seconds = self.duration()?;
        let predicate = Predicate::Fresh(seconds, self.from(at));
        let mut qualifiers = Qualifiers::default();
        if self.word("on") {
            qualifiers.dataset = Some(self.name("a dataset")?);
        }
        self.node(start, ExprKind::Claim(Box::new(Claim { value, predicate, qualifiers }))).map(Some)
    }

    /// Parses `x on validation`, `x of baseline`, `x over last 1 hour`: where a value in parentheses is measured.
    fn placed(&mut self, start: u32, mut value: Expr) -> Read<Expr> {
        loop {
            if self.word("on") {
                let dataset = self.name("a dataset")?;
                value = self.node(start, ExprKind::On(Box::new(value), dataset))?;
                if self.language < Language::Second {
                    return Ok(value);
                }
            } else if self.newer("of")? {
                let reference = self.reference()?;
                value = self.node(start, ExprKind::Of(Box::new(value), reference))?;
            } else if self.newer("where")? {
                let slice = self.slice()?;
                value = self.node(start, ExprKind::Where(Box::new(value), slice))?;
            } else if self.newer("over")? {
                self.words(&["last"])?;
                let window = self.duration()?;
                value = self.node(start, ExprKind::Over(Box::new(value), window))?;
            } else {
                return Ok(value);
            }
        }
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
        if let Some((order, span)) = self.order()? {
            return Ok(Some(Predicate::Along(order, span, self.slices()?)));
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

    /// Parses `rises along` and `falls along`.
    fn order(&mut self) -> Read<Option<(StepOrder, Span)>> {
        let start = self.token.span.start;
        let orders = [StepOrder::Rises, StepOrder::Falls];
        let found = match self.token.kind {
            TokenKind::Word(word) => orders.into_iter().find(|own| own.word().eq_ignore_ascii_case(word)),
            _ => None,
        };
        let is_along = matches!(self.ahead().kind, TokenKind::Word(word) if word.eq_ignore_ascii_case("along"));
        let Some(order) = found.filter(|own| is_along || *own == StepOrder::Falls) else { return Ok(None) };
        if self.language < Language::Second {
            return Err(self.is_newer(&format!("{} along", order.word())));
        }
        self.words(&[order.word(), "along"])?;
        Ok(Some((order, self.from(start))))
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

    pub(super) fn reference(&mut self) -> Read<ChangeReference> {
        if self.word("baseline") {
            return Ok(ChangeReference::Baseline);
        }
        if self.word("previous") {
            self.words(&["run"])?;
            return Ok(ChangeReference::PreviousRun);
        }
        if self.word("run") {
            return Ok(ChangeReference::Run(self.text("the name of a run in quotes")?.text));
        }
        if self.word("median") {
            self.words(&["of", "last"])?;
            let start = self.token.span.start;
            let count = self.whole()?;
            self.words(&["runs"])?;
            if count == 0 {
                let message = "no runs have no median".to_owned();
                return Err(SyntaxFault { span: self.from(start), message, help: None, kind: FaultKind::Grammar });
            }
            return Ok(ChangeReference::MedianOfLast(u32::try_from(count).unwrap_or(u32::MAX)));
        }
        if self.language < Language::Second {
            return Err(self.unexpected());
        }
        self.name("one of the `references`").map(ChangeReference::Named)
    }

    pub(super) fn qualifiers(&mut self) -> Read<Qualifiers> {
        let mut qualifiers = Qualifiers::default();
        loop {
            let start = self.token.span.start;
            let is_free = |is_free: bool, what: &str, span: Span| match is_free {
                true => Ok(()),
                false => Err(SyntaxFault {
                    span,
                    message: format!("a second '{what}'"),
                    help: None,
                    kind: FaultKind::Grammar,
                }),
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
                    let examples = self.examples()?;
                    is_free(qualifiers.examples.is_none(), "with at least", self.from(start))?;
                    qualifiers.examples = Some((examples, self.from(start)));
                } else {
                    let confidence = self.confidence(start)?;
                    is_free(qualifiers.confidence.is_none(), "confidence", self.from(start))?;
                    qualifiers.confidence = Some(confidence);
                }
            } else if self.language >= Language::Third && self.word("vs") {
                let profile = self.name("a dataset with a profile")?;
                is_free(qualifiers.profile.is_none(), "vs", self.from(start))?;
                qualifiers.profile = Some(profile);
            } else if self.newer("where")? {
                is_free(qualifiers.slice.is_empty(), "where", self.from(start))?;
                qualifiers.slice = self.slice()?;
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

    /// Parses `region = 'north' and plan = 'plus'`: the part after an `and` is another dimension only if it is compared with a text.
    fn slice(&mut self) -> Read<Vec<(Name, Name)>> {
        let mut slice = Vec::new();
        loop {
            let dimension = self.name("a dimension")?;
            if !matches!(self.token.kind, TokenKind::Sign(Sign::Equal)) {
                return Err(self.missing("="));
            }
            self.advance();
            slice.push((dimension, self.text("the value of a slice in quotes")?));
            let mut lexer = self.lexer;
            let goes_on = self.token.kind == TokenKind::Word("and")
                && matches!(lexer.next().kind, TokenKind::Word(_) | TokenKind::String(_))
                && lexer.next().kind == TokenKind::Sign(Sign::Equal)
                && matches!(lexer.next().kind, TokenKind::String(_));
            if !goes_on {
                return Ok(slice);
            }
            self.advance();
        }
    }

    /// Parses `95% one-sided confidence paired`.
    pub(super) fn confidence(&mut self, with: u32) -> Read<Confidence> {
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
        let is_one_sided = self.newer("one")?;
        if is_one_sided {
            if !self.sign(Sign::Minus) {
                return Err(self.unexpected());
            }
            self.words(&["sided"])?;
        }
        self.words(&["confidence"])?;
        let is_paired = self.newer("paired")?;
        if level <= Exact::ZERO || level >= Exact::ONE {
            let message = "a confidence level is between 0% and 100%".to_owned();
            return Err(SyntaxFault { span, message, help: Some("95% is usual".to_owned()), kind: FaultKind::Grammar });
        }
        Ok(Confidence { level, is_one_sided, is_paired, span: self.from(with) })
    }
}
