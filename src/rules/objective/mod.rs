//! Rules about objectives: their expressions, what they promise, and what they are judged on.

use crate::findings::{Edit, Finding, Fix, Place};
use crate::objectives::fault::{Check, Fault};
use crate::rules::{Context, Findings, Rule, family};
use crate::text::Span;
use crate::yaml::{NodeId, Origin, edit};

family! {
    notation::NOTATION,
    syntax::SYNTAX,
}

/// Reports what reading the expressions found wrong with them.
fn report(rule: &'static Rule, check: Check, cx: &Context<'_>, out: &mut Findings<'_>) {
    out.extend(cx.faults().iter().filter(|fault| fault.check == check).map(|fault| finding(rule, fault, cx)));
}

fn finding(rule: &'static Rule, fault: &Fault, cx: &Context<'_>) -> Finding {
    let finding = at(rule, fault.node, fault.span, cx, &fault.message);
    match &fault.help {
        Some(help) => finding.help(help),
        None => finding,
    }
}

/// A finding about a part of an expression; about all of it where the part is nothing.
fn at(rule: &'static Rule, node: NodeId, span: Span, cx: &Context<'_>, message: impl Into<String>) -> Finding {
    let whole = cx.place(node, crate::findings::Part::Value);
    let own = Origin::of(cx.tree, node).map(|origin| origin.span(span)).filter(|own| !own.is_empty());
    Finding::new(rule, Place { span: own.unwrap_or(whole.span), ..whole }, message)
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
