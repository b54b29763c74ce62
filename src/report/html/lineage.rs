//! From what a model came, and what came of it: a drawing, and the same as a list.

use maud::{Markup, PreEscaped, html};

use super::words::{count, counted};
use crate::diagnostics::Severity;
use crate::documents::pipeline::EdgeKind;
use crate::governance::{DrawnThing, GovernedModel, ModelLineage};
use crate::graph::{self, BoxMark, BoxShape, Drawing, Link};
use crate::secrets::shortened;
use crate::text::visible;

/// Longer names are truncated in the drawing, as in those of `lineage`.
const LONGEST_LABEL: usize = 40;

pub(super) fn section(model: &GovernedModel) -> Markup {
    let lineage = &model.lineage;
    if lineage.edges.is_empty() {
        return html! {};
    }
    html! {
        h3 { "Lineage" }
        // A drawing that is wider than the page can be moved with the keyboard.
        div.drawing tabindex="0" role="region" aria-label={ "Lineage of " (model.kind) " " (model.name) } {
            // The drawing escapes its own texts.
            (PreEscaped(graph::svg(&drawing(model))))
        }
        @if lineage.left_out > 0 { p.note { (count(lineage.left_out)) " modules and things further away are left out; mlspec-lint lineage shows all." } }
        details {
            summary { "The lineage as a list" }
            ul.plain { @for edge in &lineage.edges { li { (title(lineage, edge.from)) " " em { (edge.relation) } " " (title(lineage, edge.to)) } } }
        }
        @if !lineage.unknown.is_empty() {
            details {
                summary { "What nothing tells (" (count(lineage.unknown.len())) ")" }
                ul.plain { @for sentence in &lineage.unknown { li { (sentence) } } }
            }
        }
    }
}

fn title(lineage: &ModelLineage, at: usize) -> String {
    lineage.things.get(at).map_or_else(String::new, |thing| format!("{} {}", thing.kind, thing.name))
}

fn drawing(model: &GovernedModel) -> Drawing {
    let boxes = model.lineage.things.iter().map(|thing| graph::Box {
        shape: if thing.is_data { BoxShape::Data } else { BoxShape::Step },
        label: cut(&thing.name),
        detail: detail(thing),
        parent: None,
        mark: BoxMark { severity: severity(thing), rules: Vec::new() },
    });
    let links = model.lineage.edges.iter().map(|edge| Link {
        from: edge.from,
        to: edge.to,
        label: cut(&edge.relation),
        kind: EdgeKind::Data,
        mark: BoxMark::default(),
    });
    Drawing { name: format!("Lineage of {}", cut(&model.name)), boxes: boxes.collect(), links: links.collect() }
}

/// Returns what a thing is, and how much was found about it: the color alone would not say it.
fn detail(thing: &DrawnThing) -> String {
    let found = [(thing.errors, "error"), (thing.warnings, "warning")];
    let found = found.iter().filter(|(number, _)| *number > 0).map(|(number, noun)| counted(*number, noun));
    std::iter::once(thing.kind.to_owned()).chain(found).collect::<Vec<_>>().join(", ")
}

fn severity(thing: &DrawnThing) -> Option<Severity> {
    match (thing.errors, thing.warnings) {
        (0, 0) => None,
        (0, _) => Some(Severity::Warning),
        _ => Some(Severity::Error),
    }
}

fn cut(text: &str) -> String {
    visible(&shortened(text, LONGEST_LABEL)).into_owned()
}
