//! Drawings as Mermaid, which GitHub, GitLab and many editors render in Markdown.

use std::fmt::Write;

use super::drawing::{Box, BoxShape, Drawing};
use crate::diagnostics::Severity;
use crate::documents::pipeline::EdgeKind;

/// Renders the drawing as a Mermaid flowchart.
#[must_use]
pub fn mermaid(drawing: &Drawing) -> String {
    let mut out = String::from("flowchart LR\n");
    // Writing to a string cannot fail.
    let mut open: Vec<usize> = Vec::new();
    for (at, item) in drawing.boxes.iter().enumerate() {
        close(&mut out, &mut open, item.parent);
        let indent = "  ".repeat(open.len() + 1);
        let text = text(item);
        let _ = match item.shape {
            BoxShape::Group => {
                open.push(at);
                writeln!(out, "{indent}subgraph n{at}[\"{text}\"]")
            }
            BoxShape::Step => writeln!(out, "{indent}n{at}[\"{text}\"]"),
            BoxShape::Data => writeln!(out, "{indent}n{at}[(\"{text}\")]"),
        };
    }
    close(&mut out, &mut open, None);
    for link in &drawing.links {
        let arrow = if link.kind == EdgeKind::Control { "-.->" } else { "-->" };
        let label = if link.label.is_empty() { String::new() } else { format!("|\"{}\"|", escape(&link.label)) };
        let _ = writeln!(out, "  n{} {arrow}{label} n{}", link.from, link.to);
    }
    marks(&mut out, drawing);
    out
}

/// Closes the groups that do not contain the next box.
fn close(out: &mut String, open: &mut Vec<usize>, parent: Option<usize>) {
    while open.last().is_some_and(|last| Some(*last) != parent) {
        open.pop();
        let _ = writeln!(out, "{}end", "  ".repeat(open.len() + 1));
    }
}

fn text(item: &Box) -> String {
    let lines = [item.label.as_str(), item.detail.as_str()].into_iter().chain(item.mark.rules.iter().copied());
    let lines: Vec<String> = lines.filter(|line| !line.is_empty()).map(escape).collect();
    if lines.is_empty() { " ".to_owned() } else { lines.join("<br/>") }
}

fn marks(out: &mut String, drawing: &Drawing) {
    for (severity, name, color) in [(Severity::Error, "error", "#d1242f"), (Severity::Warning, "warning", "#bf8700")] {
        let boxes = drawing.boxes.iter().enumerate().filter(|(_, item)| item.mark.severity == Some(severity));
        let boxes: Vec<String> = boxes.map(|(at, _)| format!("n{at}")).collect();
        if !boxes.is_empty() {
            let _ = writeln!(out, "  classDef {name} stroke:{color},stroke-width:3px");
            let _ = writeln!(out, "  class {} {name}", boxes.join(","));
        }
        let links = drawing.links.iter().enumerate().filter(|(_, link)| link.mark.severity == Some(severity));
        let links: Vec<String> = links.map(|(at, _)| at.to_string()).collect();
        if !links.is_empty() {
            let _ = writeln!(out, "  linkStyle {} stroke:{color},stroke-width:3px", links.join(","));
        }
    }
}

/// Escapes every character with a meaning in Mermaid or HTML as its number.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() || (!c.is_ascii() && !c.is_control()) || " _-./@:,=+*()→…".contains(c) {
            escaped.push(c);
        } else {
            let _ = write!(escaped, "#{};", u32::from(c));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_in_a_name_ends_a_label_or_begins_a_tag() {
        assert_eq!(escape("a\"]\n--> <b>&#x`;"), "a#34;#93;#10;--#62; #60;b#62;#38;#35;x#96;#59;");
        assert_eq!(escape("prepare-loans@1.0.0 é"), "prepare-loans@1.0.0 é");
    }
}
