//! Turns the faults of expressions into findings, for every rule with [`Check::Diagnostic`](super::Check::Diagnostic).

use rustc_hash::FxHashSet;

use super::expression::{at, place, replaced, split_by_yaml};
use super::{Context, Findings, Rule};
use crate::diagnostics::FixKind;
use crate::diagnostics::{Finding, Fix};
use crate::documents::objectives::Language;
use crate::objectives::diagnostic::{DiagnosticKind, Fault};
use crate::objectives::number::Exact;
use crate::yaml::edit;

/// Reports the faults of one check as findings of its rule.
pub(crate) fn report(rule: &'static Rule, check: DiagnosticKind, cx: &Context<'_>, out: &mut Findings<'_>) {
    let mut faults = faults(check, cx).peekable();
    if faults.peek().is_none() {
        return;
    }
    let declared = declared_names(check, cx);
    // A name that is declared but malformed already has a finding at its declaration.
    let faults = faults.filter(|fault| !text_of(fault, cx).is_some_and(|name| declared.contains(unquoted(name))));
    out.extend(faults.map(|fault| finding(rule, fault, cx)));
}

/// Returns the faults that were found while expressions were read and compared with each other.
fn faults<'c>(check: DiagnosticKind, cx: &'c Context<'_>) -> impl Iterator<Item = &'c Fault> {
    let inconsistent = cx.consistency().map_or(&[][..], |consistency| &consistency.faults);
    let own = cx.faults().iter().chain(inconsistent).filter(move |fault| fault.check == check);
    // `expression/split-by-yaml` reports an expression that YAML cuts off.
    // What the schema says of the whole scalar, such as that it is empty, is not said again of what is in it.
    own.filter(|fault| split_by_yaml::cut_off(fault, cx).is_none() && !cx.is_faulty(fault.node))
}

/// Returns the names that a check looks up, as far as the document declares them in any form.
fn declared_names<'c>(check: DiagnosticKind, cx: &'c Context<'_>) -> FxHashSet<&'c str> {
    let sections: &[&str] = match check {
        DiagnosticKind::UnknownMetric => &["metrics", "definitions"],
        DiagnosticKind::UnknownDataset => &["datasets"],
        DiagnosticKind::UnknownDimension => &["dimensions"],
        DiagnosticKind::UnknownReference => &["references"],
        _ => &[],
    };
    let sections = sections.iter().filter_map(|section| cx.find(cx.root, &[section]));
    sections.flat_map(|section| cx.tree.entries(section)).map(|entry| cx.tree.key_name(entry.key)).collect()
}

fn finding(rule: &'static Rule, fault: &Fault, cx: &Context<'_>) -> Finding {
    let finding = at(rule, fault.node, fault.span, cx, &fault.message);
    let finding = fault.related.iter().fold(finding, |finding, (node, span, message)| {
        let place = place(*node, *span, cx).span;
        finding.related(place, message)
    });
    let finding = finding.fix(match fault.check {
        DiagnosticKind::Language => later_language(fault, cx),
        _ => fix(rule, fault, cx),
    });
    match &fault.help {
        Some(help) => finding.help(help),
        None => finding,
    }
}

/// Creates the fix that a fault suggests. The rule decides whether it is safe.
fn fix(rule: &Rule, fault: &Fault, cx: &Context<'_>) -> Option<Fix> {
    let (span, text) = fault.replacement.as_ref()?;
    let old = cx.tree.text(fault.node)?.get(span.range())?;
    let text = match fault.check {
        // In `100 / 2`, an appended unit would belong to the 2 alone.
        DiagnosticKind::UnitMissing => Exact::parse(text_of(fault, cx)?).map(|_| text.clone())?,
        DiagnosticKind::UnknownMetric
        | DiagnosticKind::UnknownDataset
        | DiagnosticKind::UnknownDimension
        | DiagnosticKind::UnknownFunction
        | DiagnosticKind::UnknownReference
        | DiagnosticKind::UnknownField => name_like(old, text)?,
        _ => text.clone(),
    };
    let title = if old.is_empty() { format!("write '{text}'") } else { format!("replace '{old}' with '{text}'") };
    let edits = replaced(fault.node, *span, &text, cx)?;
    match rule.fix {
        FixKind::None => None,
        FixKind::Safe => Some(Fix::safe(title, edits)),
        FixKind::Unsafe => Some(Fix::needs_review(title, edits)),
    }
}

/// Creates a fix that declares the language version that the expressions are written in.
fn later_language(fault: &Fault, cx: &Context<'_>) -> Option<Fix> {
    // The help names the version, which may be later than the next one.
    let is_named = |language: &Language| fault.help.as_ref().is_some_and(|help| help.contains(language.name()));
    let name = [Language::Third, Language::Second].into_iter().find(is_named)?.name();
    let edits = match cx.find(cx.root, &["language"]) {
        Some(node) => edit::replace_scalar(cx.tree, node, name),
        None => edit::insert_first_entry(cx.tree, cx.root, &format!("language: {name}")),
    };
    edits.map(|edits| Fix::needs_review(format!("declare `language: {name}`"), edits))
}

/// Returns a name, quoted if the other one is. `None` if it can only be written as `metric('…')`.
fn name_like(other: &str, name: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    let is_quotable = |c: char| !matches!(c, '\'' | '"' | '\\');
    match other.starts_with(['\'', '"']) {
        true => name.chars().all(is_quotable).then(|| format!("'{name}'")),
        false => name.chars().all(is_plain).then(|| name.to_owned()),
    }
}

/// Returns the part of an expression that a fault points at.
fn text_of<'c>(fault: &Fault, cx: &'c Context<'_>) -> Option<&'c str> {
    cx.tree.text(fault.node)?.get(fault.span.range())
}

fn unquoted(name: &str) -> &str {
    name.trim_matches(['\'', '"'])
}
