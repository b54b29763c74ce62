//! Rules about a single expression: whether it can be read, whether its names are declared, and whether its units and types fit.

pub mod bad_amount;
pub mod circular_definition;
pub mod definition_shadows_metric;
pub mod needs_aggregate;
pub mod no_direction;
pub mod no_interval;
pub mod notation;
pub mod percent_or_fraction;
pub mod relative_or_points;
pub mod split_by_yaml;
pub mod syntax;
pub mod too_large;
pub mod unit_mismatch;
pub mod unit_missing;
pub mod unknown_dataset;
pub mod unknown_dimension;
pub mod unknown_field;
pub mod unknown_function;
pub mod unknown_metric;
pub mod window_not_monitoring;

use rustc_hash::FxHashSet;

use crate::findings::{Edit, Finding, Fix, Part, Place};
use crate::objectives::fault::{Check, Fault};
use crate::rules::{Context, Findings, Rule};
use crate::text::Span;
use crate::yaml::{NodeId, Origin, edit};

/// The rules of this family.
pub static RULES: &[&Rule] = &[
    &bad_amount::BAD_AMOUNT,
    &circular_definition::CIRCULAR_DEFINITION,
    &definition_shadows_metric::DEFINITION_SHADOWS_METRIC,
    &needs_aggregate::NEEDS_AGGREGATE,
    &no_direction::NO_DIRECTION,
    &no_interval::NO_INTERVAL,
    &notation::NOTATION,
    &percent_or_fraction::PERCENT_OR_FRACTION,
    &relative_or_points::RELATIVE_OR_POINTS,
    &split_by_yaml::SPLIT_BY_YAML,
    &syntax::SYNTAX,
    &too_large::TOO_LARGE,
    &unit_mismatch::UNIT_MISMATCH,
    &unit_missing::UNIT_MISSING,
    &unknown_dataset::UNKNOWN_DATASET,
    &unknown_dimension::UNKNOWN_DIMENSION,
    &unknown_field::UNKNOWN_FIELD,
    &unknown_function::UNKNOWN_FUNCTION,
    &unknown_metric::UNKNOWN_METRIC,
    &window_not_monitoring::WINDOW_NOT_MONITORING,
];

/// Reports what reading the expressions found wrong with them.
fn report(rule: &'static Rule, check: Check, cx: &Context<'_>, out: &mut Findings<'_>) {
    out.extend(cx.faults().iter().filter(|fault| fault.check == check).map(|fault| finding(rule, fault, cx)));
}

/// The conditions that make no sense in some way, each with the rest of what is wrong with it.
pub(super) fn inconsistencies<'c>(check: Check, cx: &'c Context<'_>) -> impl Iterator<Item = &'c Fault> {
    let faults = cx.consistency().map_or(&[][..], |consistency| &consistency.faults);
    faults.iter().filter(move |fault| fault.check == check)
}

/// The same, with what to write instead for a person to look at.
fn report_suggested(rule: &'static Rule, check: Check, cx: &Context<'_>, out: &mut Findings<'_>) {
    let mut faults = cx.faults().iter().filter(|fault| fault.check == check).peekable();
    if faults.peek().is_none() {
        return;
    }
    let declared = declared_names(check, cx);
    let is_declared = |fault: &Fault| {
        let name = cx.tree.text(fault.node).and_then(|text| text.get(fault.span.range()));
        name.is_some_and(|name| declared.contains(name.trim_matches(['\'', '"'])))
    };
    // What a malformed declaration declares is no other fault.
    let faults = faults.filter(|fault| !is_declared(fault));
    out.extend(faults.map(|fault| finding(rule, fault, cx).fix(suggested(fault, cx))));
}

/// The names that the document declares where a check looks them up, in whatever form.
fn declared_names<'c>(check: Check, cx: &'c Context<'_>) -> FxHashSet<&'c str> {
    let sections: &[&str] = match check {
        Check::UnknownMetric => &["metrics", "definitions"],
        Check::UnknownDataset => &["datasets"],
        Check::UnknownDimension => &["dimensions"],
        _ => &[],
    };
    let sections = sections.iter().filter_map(|section| cx.find(cx.root, &[section]));
    sections.flat_map(|section| cx.tree.entries(section)).map(|entry| cx.tree.key_name(entry.key)).collect()
}

pub(super) fn finding(rule: &'static Rule, fault: &Fault, cx: &Context<'_>) -> Finding {
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

/// A finding about a part of an expression; about all of it where the part is nothing.
pub(super) fn at(
    rule: &'static Rule,
    node: NodeId,
    span: Span,
    cx: &Context<'_>,
    message: impl Into<String>,
) -> Finding {
    Finding::new(rule, place(node, span, cx), message)
}

fn place(node: NodeId, span: Span, cx: &Context<'_>) -> Place {
    let whole = cx.place(node, Part::Value);
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

/// A fix for a person to look at that puts the name that is most likely meant in the place of another.
fn suggested(fault: &Fault, cx: &Context<'_>) -> Option<Fix> {
    let (span, name) = fault.replacement.as_ref()?;
    let is_quoted = cx.tree.text(fault.node)?.get(span.range())?.starts_with(['\'', '"']);
    // A name that is not plain is written as `metric('…')`.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    if !name.chars().all(|c| is_plain(c) || is_quoted && !matches!(c, '\'' | '"' | '\\')) {
        return None;
    }
    let text = if is_quoted { format!("'{name}'") } else { name.clone() };
    let fix = mended(&Fault { replacement: Some((*span, text)), ..fault.clone() }, cx)?;
    Some(Fix::needs_review(fix.title, fix.edits))
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
