//! Drawings as DOT, the language of Graphviz.

use std::fmt::Write;

use super::drawing::{Box, BoxMark, BoxShape, Drawing, Link};
use crate::diagnostics::Severity;
use crate::documents::pipeline::EdgeKind;

/// Renders the drawing in the language DOT.
#[must_use]
pub fn dot(drawing: &Drawing) -> String {
    let mut out = String::from(
        "digraph pipeline {\n  rankdir=LR;\n  compound=true;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=10];\n",
    );
    let mut open: Vec<usize> = Vec::new();
    for (at, item) in drawing.boxes.iter().enumerate() {
        close(&mut out, &mut open, item.parent);
        let indent = "  ".repeat(open.len() + 1);
        let (label, mark) = (text(item), mark(&item.mark));
        // Writing to a string cannot fail.
        let _ = match item.shape {
            BoxShape::Group => {
                open.push(at);
                writeln!(out, "{indent}subgraph cluster_{at} {{\n{indent}  graph [label=\"{label}\"{mark}];")
            }
            BoxShape::Step => writeln!(out, "{indent}n{at} [label=\"{label}\"{mark}];"),
            BoxShape::Data => writeln!(out, "{indent}n{at} [label=\"{label}\", shape=cylinder, style=solid{mark}];"),
        };
        // An empty group is not drawn, and edges cannot end at one.
        if item.shape == BoxShape::Group && drawing.boxes.get(at + 1).is_none_or(|next| next.parent != Some(at)) {
            let _ = writeln!(out, "{indent}  n{at} [label=\"\", style=invis];");
        }
    }
    close(&mut out, &mut open, None);
    for link in &drawing.links {
        let _ = writeln!(out, "  {}", edge(drawing, link));
    }
    out.push_str("}\n");
    out
}

fn close(out: &mut String, open: &mut Vec<usize>, parent: Option<usize>) {
    while open.last().is_some_and(|last| Some(*last) != parent) {
        open.pop();
        let _ = writeln!(out, "{}}}", "  ".repeat(open.len() + 1));
    }
}

fn text(item: &Box) -> String {
    let lines = [item.label.as_str(), item.detail.as_str()].into_iter().chain(item.mark.rules.iter().copied());
    lines.filter(|line| !line.is_empty()).map(escape).collect::<Vec<_>>().join("\\n")
}

/// Renders an edge between two boxes. An edge of a group starts or ends at the first step in it, clipped at the border of the group.
fn edge(drawing: &Drawing, link: &Link) -> String {
    let mut text = format!("n{} -> n{}", inner(drawing, link.from), inner(drawing, link.to));
    let mut attributes = vec![format!("label=\"{}\"", escape(&link.label))];
    if link.kind == EdgeKind::Control {
        attributes.push("style=dashed".to_owned());
    }
    for (name, end, other) in [("ltail", link.from, link.to), ("lhead", link.to, link.from)] {
        let is_group = drawing.boxes.get(end).is_some_and(|item| item.shape == BoxShape::Group);
        let holds_other = std::iter::successors(Some(other), |at| drawing.boxes.get(*at)?.parent).any(|at| at == end);
        if is_group && !holds_other {
            attributes.push(format!("{name}=cluster_{end}"));
        }
    }
    // `write!` to a string cannot fail.
    let _ = write!(text, " [{}{}];", attributes.join(", "), mark(&link.mark));
    text
}

/// Returns the box itself, or the first box without children in a group.
fn inner(drawing: &Drawing, at: usize) -> usize {
    let mut inner = at;
    while drawing.boxes.get(inner + 1).is_some_and(|next| next.parent == Some(inner)) {
        inner += 1;
    }
    inner
}

fn mark(mark: &BoxMark) -> String {
    let color = match mark.severity {
        Some(Severity::Error) => "#d1242f",
        Some(Severity::Warning) => "#bf8700",
        _ => return String::new(),
    };
    format!(", color=\"{color}\", penwidth=3, tooltip=\"{}\"", escape(&mark.rules.join(", ")))
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_in_a_name_ends_a_label() {
        assert_eq!(escape("a\"]; b -> \\N\n"), "a\\\"]; b -> \\\\N ");
    }
}
