//! Rules about objectives: their expressions, what they promise, and what they are judged on.

use crate::findings::{Edit, Finding, Fix, Place};
use crate::objectives::fault::{Check, Fault};
use crate::objectives::policy::{Demand, Policy};
use crate::objectives::typed::Condition;
use crate::rules::{Context, Findings, Rule, family};
use crate::text::Span;
use crate::yaml::{NodeId, Origin, edit};

family! {
    aim_not_stricter::AIM_NOT_STRICTER,
    contradiction::CONTRADICTION,
    exact_equality::EXACT_EQUALITY,
    impossible::IMPOSSIBLE,
    notation::NOTATION,
    percent_or_fraction::PERCENT_OR_FRACTION,
    redundant::REDUNDANT,
    relative_near_zero::RELATIVE_NEAR_ZERO,
    relative_or_points::RELATIVE_OR_POINTS,
    syntax::SYNTAX,
    tautology::TAUTOLOGY,
    vacuous_or::VACUOUS_OR,
    wrong_direction::WRONG_DIRECTION,
}

/// Reports what reading the expressions found wrong with them.
fn report(rule: &'static Rule, check: Check, cx: &Context<'_>, out: &mut Findings<'_>) {
    out.extend(cx.faults().iter().filter(|fault| fault.check == check).map(|fault| finding(rule, fault, cx)));
}

/// The conditions that make no sense in some way, each with the rest of what is wrong with it.
fn inconsistencies<'c>(check: Check, cx: &'c Context<'_>) -> impl Iterator<Item = &'c Fault> {
    let faults = cx.consistency().map_or(&[][..], |consistency| &consistency.faults);
    faults.iter().filter(move |fault| fault.check == check)
}

/// Whether a claim is part of what makes no sense: one fault gets one finding.
fn is_inconsistent(demand: &Demand, claim: Span, cx: &Context<'_>) -> bool {
    let faults = cx.consistency().map_or(&[][..], |consistency| &consistency.faults);
    let first = faults.partition_point(|fault| fault.node < demand.node);
    let own = faults.iter().skip(first).take_while(|fault| fault.node == demand.node);
    own.into_iter().any(|fault| fault.span.overlaps(claim))
}

fn finding(rule: &'static Rule, fault: &Fault, cx: &Context<'_>) -> Finding {
    let finding = at(rule, fault.node, fault.span, cx, &fault.message);
    let finding = fault.related.iter().fold(finding, |finding, (node, span, message)| {
        let place = place(*node, *span, cx).span;
        finding.related(place, message)
    });
    match &fault.help {
        Some(help) => finding.help(help),
        None => finding,
    }
}

/// Every condition of a document that can be judged: what is expected, and what is aimed at.
fn demands(policy: &Policy) -> impl Iterator<Item = (&Demand, &Condition)> {
    let demands = policy.objectives.iter().flat_map(|objective| objective.expect.iter().chain(&objective.aim));
    demands.filter_map(|demand| Some((demand, demand.condition.as_ref()?)))
}

/// A finding about a part of an expression; about all of it where the part is nothing.
fn at(rule: &'static Rule, node: NodeId, span: Span, cx: &Context<'_>, message: impl Into<String>) -> Finding {
    Finding::new(rule, place(node, span, cx), message)
}

fn place(node: NodeId, span: Span, cx: &Context<'_>) -> Place {
    let whole = cx.place(node, crate::findings::Part::Value);
    let own = Origin::of(cx.tree, node).map(|origin| origin.span(span)).filter(|own| !own.is_empty());
    Place { span: own.unwrap_or(whole.span), ..whole }
}

/// A safe fix that puts another text in the place of a part of an expression.
fn mended(fault: &Fault, cx: &Context<'_>) -> Option<Fix> {
    let (span, text) = fault.replacement.as_ref()?;
    let value = cx.tree.text(fault.node)?;
    let old = value.get(span.range())?;
    let title = if old.is_empty() { format!("write '{text}'") } else { format!("replace '{old}' by '{text}'") };
    Some(Fix::safe(title, replaced(fault.node, *span, text, cx)?))
}

/// The edits that put another text in the place of a part of an expression. Where the part is not written as it reads, the whole
/// scalar is written anew, if it stands on one line.
fn replaced(node: NodeId, span: Span, text: &str, cx: &Context<'_>) -> Option<Vec<Edit>> {
    let node = cx.tree.resolve(node);
    let value = cx.tree.text(node)?;
    let place = Origin::of(cx.tree, node)?.span(span);
    if cx.tree.source().slice(place) == value.get(span.range())? && !text.contains(['\'', '"', '\\', '#', ':']) {
        return Some(vec![Edit { span: place, text: text.to_owned() }]);
    }
    let mut whole = value.to_owned();
    whole.replace_range(span.range(), text);
    edit::replace_scalar(cx.tree, node, &whole)
}

#[cfg(test)]
mod testing {
    use crate::lint::{Options, lint_text};

    /// A document with one objective.
    pub(super) fn document(expect: &str) -> String {
        format!(
            "mlSpecVersion: 0.1.0
kind: objectives
id: 3f0f3a0a-6f0e-4a53-9d53-3a2f1d4f7c11
name: credit-default-launch
baseline: {{run: production-2026-05}}
datasets:
  holdback: {{dataset: credit-holdback@1.0.0, stage: test}}
metrics:
  recall: {{unit: fraction, range: [0, 1], better: higher}}
  error_rate: {{unit: percent, better: lower}}
  perplexity: {{unit: ratio, better: lower}}
  mcc: {{range: [-1, 1], better: higher}}
  log_likelihood: {{better: higher}}
  latency: {{type: array, unit: ms, better: lower}}
  confusion: {{type: object, unit: count, fields: [tp, fn]}}
  cost: {{unit: EUR, better: lower}}
objectives:
  - id: one
    expect: {expect}
"
        )
    }

    /// The texts that one rule points at.
    pub(super) fn places(rule: &str, expect: &str) -> Vec<String> {
        let report = lint_text("a.yml", &document(expect), &Options::default());
        let own = report.findings.iter().filter(|finding| finding.rule.id == rule);
        own.map(|finding| report.source.slice(finding.place.span).to_owned()).collect()
    }

    /// What the objective is after each of the fixes of the first finding of a rule.
    pub(super) fn fixed(rule: &str, expect: &str) -> Vec<String> {
        let report = lint_text("a.yml", &document(expect), &Options::default());
        let finding = report.findings.iter().find(|finding| finding.rule.id == rule).unwrap();
        let apply = |fix: &crate::findings::Fix| {
            let mut text = report.source.text().to_owned();
            for edit in fix.edits.iter().rev() {
                text.replace_range(edit.span.range(), &edit.text);
            }
            text.split_once("    expect: ").unwrap().1.trim_end().to_owned()
        };
        finding.fixes.iter().map(apply).collect()
    }
}
