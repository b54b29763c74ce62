//! Drawings as SVG, which every browser shows, in light and dark.

use std::fmt::Write;

use super::drawing::{Box, Drawing, Link, Mark, Shape};
use super::layout::{Layout, Rect, layout};
use crate::diagnostics::Severity;
use crate::documents::pipeline::EdgeKind;

/// Colours that can be read on white and on black; text takes the side of the reader.
const STYLE: &str = "\
text{font:13px ui-sans-serif,system-ui,sans-serif;fill:#1f2328}\
.detail,.label,.rule{font-size:11px;fill:#59636e}\
.label{paint-order:stroke;stroke:#fff;stroke-width:3px}\
.box{fill:#8081851f;stroke:#7d858f;stroke-width:1.2}\
.data{fill:#2f81f71f;stroke:#2f81f7}\
.group{fill:#80818510;stroke:#7d858f;stroke-dasharray:5 3}\
.link{fill:none;stroke:#7d858f;stroke-width:1.4}\
.control{stroke-dasharray:5 3}\
.error{stroke:#d1242f;stroke-width:2.4}.warning{stroke:#bf8700;stroke-width:2.4}\
.rule.error{fill:#d1242f;stroke:none}.rule.warning{fill:#bf8700;stroke:none}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}\
.detail,.label{fill:#9198a1}.label{stroke:#0d1117}}";

/// In larger drawings, edges that lead back take the short way.
const MOST_ROUTED: usize = 2000;

/// The drawing as an SVG image.
#[must_use]
pub fn svg(drawing: &Drawing) -> String {
    let layout = layout(drawing);
    let (width, height) = (layout.width.max(40.0), layout.height.max(40.0));
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" role=\"img\">"
    );
    let _ = writeln!(out, "<style>{STYLE}</style>\n<defs>");
    for (name, color) in [("plain", "#7d858f"), ("error", "#d1242f"), ("warning", "#bf8700")] {
        let _ = writeln!(
            out,
            "<marker id=\"{name}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"{color}\"/></marker>"
        );
    }
    out.push_str("</defs>\n");
    let (groups, others): (Vec<_>, Vec<_>) =
        drawing.boxes.iter().zip(&layout.boxes).partition(|(item, _)| item.shape == Shape::Group);
    groups.into_iter().for_each(|(item, rect)| draw_box(&mut out, item, rect));
    (0..drawing.links.len()).for_each(|at| draw_link(&mut out, drawing, &layout, at));
    others.into_iter().for_each(|(item, rect)| draw_box(&mut out, item, rect));
    out.push_str("</svg>\n");
    out
}

/// The class of a mark, with a space in front.
fn class(mark: &Mark) -> &'static str {
    match mark.severity {
        Some(Severity::Error) => " error",
        Some(Severity::Warning) => " warning",
        _ => "",
    }
}

fn title(mark: &Mark) -> String {
    if mark.rules.is_empty() { String::new() } else { format!("<title>{}</title>", escape(&mark.rules.join(", "))) }
}

fn draw_box(out: &mut String, item: &Box, rect: &Rect) {
    let (kind, radius) = match item.shape {
        Shape::Data => (" data", rect.height / 2.0),
        Shape::Step => ("", 5.0),
        Shape::Group => (" group", 8.0),
    };
    let Rect { x, y, width, height } = rect;
    let _ = write!(
        out,
        "<g>{}<rect class=\"box{kind}{}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"{radius:.1}\"/>",
        title(&item.mark),
        class(&item.mark)
    );
    let (left, anchor) = match item.shape {
        Shape::Group => (x + 12.0, ""),
        _ => (x + width / 2.0, " text-anchor=\"middle\""),
    };
    let rules = item.mark.rules.join(", ");
    let severity = format!("rule{}", class(&item.mark));
    let lines = [("name", item.label.as_str()), ("detail", item.detail.as_str()), (severity.as_str(), rules.as_str())];
    let mut baseline = y + 18.0;
    for (class, line) in lines.into_iter().filter(|(class, line)| *class == "name" || !line.is_empty()) {
        let _ =
            write!(out, "<text class=\"{class}\" x=\"{left:.1}\" y=\"{baseline:.1}\"{anchor}>{}</text>", escape(line));
        baseline += 16.0;
    }
    out.push_str("</g>\n");
}

fn draw_link(out: &mut String, drawing: &Drawing, layout: &Layout, at: usize) {
    let link = &drawing.links[at];
    let (from, to) = (layout.boxes[link.from], layout.boxes[link.to]);
    let (path, label) = match goes_back(link, &from, &to) {
        true => loop_path(&from, &to, below(drawing, layout, link, at)),
        false => forward_path(&from, &to, &layout.bends[at]),
    };
    let control = if link.kind == EdgeKind::Control { " control" } else { "" };
    let class = class(&link.mark);
    let marker = if class.is_empty() { "plain" } else { class.trim() };
    let _ = write!(
        out,
        "<g>{}<path class=\"link{control}{class}\" d=\"{path}\" marker-end=\"url(#{marker})\"/>",
        title(&link.mark)
    );
    if !link.label.is_empty() {
        let (x, y) = label;
        let _ = write!(
            out,
            "<text class=\"label\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{}</text>",
            escape(&link.label)
        );
    }
    out.push_str("</g>\n");
}

fn goes_back(link: &Link, from: &Rect, to: &Rect) -> bool {
    link.from == link.to || to.x < from.right()
}

/// From the right side of a box through the bends to the left side of another one, and where the label is.
fn forward_path(from: &Rect, to: &Rect, bends: &[(f64, f64)]) -> (String, (f64, f64)) {
    let start = (from.right(), from.middle());
    let end = (to.x - 1.0, to.middle());
    let mut path = format!("M{:.1} {:.1}", start.0, start.1);
    let mut at = start;
    // Between two bends that belong to one layer the line is straight.
    for (index, next) in bends.iter().copied().chain([end]).enumerate() {
        if index % 2 == 1 {
            let _ = write!(path, "L{:.1} {:.1}", next.0, next.1);
        } else {
            let half = (next.0 - at.0) / 2.0;
            let _ = write!(
                path,
                "C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}",
                at.0 + half,
                at.1,
                next.0 - half,
                next.1,
                next.0,
                next.1
            );
        }
        at = next;
    }
    // Nearer to the end than to the beginning, where edges from the same box have parted.
    let (x, y) = bends.first().copied().unwrap_or(end);
    (path, (start.0 + (x - start.0) * 0.6, start.1 + (y - start.1) * 0.7 - 4.0))
}

/// How far down an edge has to go that leads back to the left: below all boxes between its ends, and not on top of its like.
fn below(drawing: &Drawing, layout: &Layout, link: &Link, at: usize) -> f64 {
    let (from, to) = (layout.boxes[link.from], layout.boxes[link.to]);
    let is_between = |rect: &&Rect| rect.right() > to.x - 24.0 && rect.x < from.right() + 24.0;
    let leaves = drawing.boxes.iter().zip(&layout.boxes).filter(|(item, _)| item.shape != Shape::Group);
    let ends = (from.y + from.height).max(to.y + to.height);
    // Where thousands of edges lead back, nobody looks for one of them.
    let lowest = match drawing.links.len() > MOST_ROUTED {
        true => ends,
        false => leaves.map(|(_, rect)| rect).filter(is_between).map(|rect| rect.y + rect.height).fold(ends, f64::max),
    };
    let lane = u8::try_from(at % 3).unwrap_or_default();
    lowest + 10.0 + 5.0 * f64::from(lane)
}

/// Below the boxes and back to the left, and where the label is.
fn loop_path(from: &Rect, to: &Rect, below: f64) -> (String, (f64, f64)) {
    let (start, end) = ((from.right(), from.middle()), (to.x - 1.0, to.middle()));
    let (right, left) = (start.0 + 24.0, end.0 - 24.0);
    let path = format!(
        "M{:.1} {:.1}C{right:.1} {:.1} {right:.1} {below:.1} {:.1} {below:.1}L{:.1} {below:.1}C{left:.1} {below:.1} {left:.1} {:.1} {:.1} {:.1}",
        start.0, start.1, start.1, start.0, end.0, end.1, end.0, end.1
    );
    (path, (f64::midpoint(start.0, end.0), below - 4.0))
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML has no control characters, however they are escaped.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_in_a_name_begins_an_element() {
        assert_eq!(escape("</text><script a=\"1\">&\u{1}"), "&lt;/text&gt;&lt;script a=&quot;1&quot;&gt;&amp;\u{fffd}");
    }
}
