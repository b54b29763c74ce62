//! Drawings as SVG.
//!
//! Only features that every renderer supports are used, so that browsers, printers and converters show the same: shapes with presentation
//! attributes and opaque colors; no style sheets, markers or filters.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::drawing::{Box, BoxMark, BoxShape, Drawing, Link};
use super::layout::{LINE, Layout, Rect, layout, lifted, port_distance};
use crate::diagnostics::Severity;
use crate::documents::pipeline::EdgeKind;

const TEXT: &str = "#1f2328";
const FAINT_TEXT: &str = "#59636e";
const LINES: &str = "#6e7781";
const DATA: &str = "#0969da";
const ERROR: &str = "#cf222e";
const WARNING: &str = "#9a6700";
const PAPER: &str = "#ffffff";

/// In drawings with more links, edges that lead back take the short way.
const MOST_ROUTED: usize = 2000;
/// The maximum number of edges in the description.
const MOST_TOLD: usize = 100;
/// The width of a character of small text, in pixels.
const SMALL_CHARACTER: f64 = 6.2;

/// Renders the drawing as an SVG image.
#[must_use]
pub fn svg(drawing: &Drawing) -> String {
    let layout = layout(drawing);
    let (width, height) = (layout.width.max(40.0), layout.height.max(40.0));
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" role=\"img\" font-family=\"sans-serif\" font-size=\"13\">"
    );
    let name = if drawing.name.is_empty() { "pipeline" } else { &drawing.name };
    let _ = writeln!(out, "<title>{}</title>\n<desc>{}</desc>", escape(name), escape(&description(drawing)));
    // Text is dark, so a dark page must not show through.
    let _ = writeln!(out, "<rect width=\"{width:.0}\" height=\"{height:.0}\" fill=\"{PAPER}\"/>");
    let (groups, others): (Vec<_>, Vec<_>) =
        drawing.boxes.iter().zip(&layout.boxes).partition(|(item, _)| item.shape == BoxShape::Group);
    groups.into_iter().for_each(|(item, rect)| draw_box(&mut out, item, rect));
    let ports = ports(drawing, &layout);
    (0..drawing.links.len()).for_each(|at| draw_link(&mut out, drawing, &layout, &ports, at));
    others.into_iter().for_each(|(item, rect)| draw_box(&mut out, item, rect));
    out.push_str("</svg>\n");
    out
}

/// Returns a description of the drawing, for people who cannot see it.
fn description(drawing: &Drawing) -> String {
    let count = |shape: BoxShape| drawing.boxes.iter().filter(|item| item.shape == shape).count();
    let plural = |number: usize, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
    let mut text =
        format!("{}, {}.", plural(count(BoxShape::Step), "step"), plural(count(BoxShape::Data), "data source"));
    for link in drawing.links.iter().take(MOST_TOLD) {
        let (from, to) = (&drawing.boxes[link.from].label, &drawing.boxes[link.to].label);
        let what = if link.label.is_empty() { String::new() } else { format!(": {}", link.label) };
        let _ = write!(text, " {from} to {to}{what}.");
    }
    let rest = drawing.links.len().saturating_sub(MOST_TOLD);
    if rest > 0 {
        let _ = write!(text, " And {rest} more edges.");
    }
    text
}

/// Returns the color of the worst finding; `None` without findings.
fn color(mark: &BoxMark) -> Option<&'static str> {
    match mark.severity {
        Some(Severity::Error) => Some(ERROR),
        Some(Severity::Warning) => Some(WARNING),
        _ => None,
    }
}

fn title(mark: &BoxMark) -> String {
    if mark.rules.is_empty() { String::new() } else { format!("<title>{}</title>", escape(&mark.rules.join(", "))) }
}

fn draw_box(out: &mut String, item: &Box, rect: &Rect) {
    let (fill, line, radius, dashes) = match item.shape {
        BoxShape::Data => ("#ddf4ff", DATA, rect.height / 2.0, ""),
        BoxShape::Step => ("#f6f8fa", LINES, 5.0, ""),
        BoxShape::Group => (PAPER, LINES, 8.0, " stroke-dasharray=\"2 3\""),
    };
    let Rect { x, y, width, height } = rect;
    let (line, thickness) = color(&item.mark).map_or((line, 1.2), |color| (color, 2.4));
    let _ = write!(
        out,
        "<g>{}<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"{radius:.1}\" fill=\"{fill}\" stroke=\"{line}\" stroke-width=\"{thickness}\"{dashes}/>",
        title(&item.mark),
    );
    let rules = item.mark.rules.join(", ");
    let lines = [
        (item.label.as_str(), TEXT, 13),
        (item.detail.as_str(), FAINT_TEXT, 11),
        (rules.as_str(), color(&item.mark).unwrap_or(FAINT_TEXT), 11),
    ];
    let lines: Vec<_> = lines.into_iter().enumerate().filter(|(at, (line, ..))| *at == 0 || !line.is_empty()).collect();
    let spare = match item.shape {
        BoxShape::Group => 12.0,
        _ => height - LINE * f64::from(u8::try_from(lines.len()).unwrap_or(3)),
    };
    let (left, anchor) = match item.shape {
        BoxShape::Group => (x + 12.0, "start"),
        _ => (x + width / 2.0, "middle"),
    };
    let mut baseline = y + spare / 2.0 + 12.0;
    for (_, (line, color, size)) in lines {
        let _ = write!(
            out,
            "<text x=\"{left:.1}\" y=\"{baseline:.1}\" text-anchor=\"{anchor}\" font-size=\"{size}\" fill=\"{color}\">{}</text>",
            escape(line)
        );
        baseline += LINE;
    }
    out.push_str("</g>\n");
}

/// For each link, the vertical offsets of its ends from the middle of their boxes, so that no two edges overlap.
fn ports(drawing: &Drawing, layout: &Layout) -> Vec<(f64, f64)> {
    let middle = |at: usize| layout.boxes[at].middle();
    let mut leaving: Vec<Vec<(f64, usize)>> = vec![Vec::new(); drawing.boxes.len()];
    let mut arriving = leaving.clone();
    for (at, link) in drawing.links.iter().enumerate() {
        let bends = &layout.bends[at];
        // Edges that lead back run below everything.
        let (to, from) = match goes_back(link, &layout.boxes[link.from], &layout.boxes[link.to]) {
            true => (f64::INFINITY, f64::INFINITY),
            false => (
                bends.first().map_or(middle(link.to), |bend| bend.1),
                bends.last().map_or(middle(link.from), |bend| bend.1),
            ),
        };
        leaving[link.from].push((to, at));
        arriving[link.to].push((from, at));
    }
    let mut ports = vec![(0.0, 0.0); drawing.links.len()];
    let mut spread = |links: &mut Vec<(f64, usize)>, rect: &Rect, set: fn(&mut (f64, f64), f64)| {
        links.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let distance = port_distance(rect.height, links.len());
        let mut offset = -distance * f64::from(u32::try_from(links.len().saturating_sub(1)).unwrap_or(u32::MAX)) / 2.0;
        for (_, link) in links {
            set(&mut ports[*link], offset);
            offset += distance;
        }
    };
    for ((leaving, arriving), rect) in leaving.iter_mut().zip(&mut arriving).zip(&layout.boxes) {
        spread(leaving, rect, |port, offset| port.0 = offset);
        spread(arriving, rect, |port, offset| port.1 = offset);
    }
    ports
}

fn draw_link(out: &mut String, drawing: &Drawing, layout: &Layout, ports: &[(f64, f64)], at: usize) {
    let link = &drawing.links[at];
    let (from, to) = (layout.boxes[link.from], layout.boxes[link.to]);
    let (start, end) = ((from.right(), from.middle() + ports[at].0), (to.x, to.middle() + ports[at].1));
    // The line ends inside the arrowhead, so that the tip stays sharp.
    let line_end = (end.0 - 4.0, end.1);
    let (path, label) = match goes_back(link, &from, &to) {
        true => loop_path(start, line_end, below(drawing, layout, link, at)),
        false => forward_path(start, line_end, &layout.bends[at]),
    };
    let (color, thickness) = color(&link.mark).map_or((LINES, 1.4), |color| (color, 2.4));
    let dashes = if link.kind == EdgeKind::Control { " stroke-dasharray=\"5 3\"" } else { "" };
    let _ = write!(
        out,
        "<g>{}<path d=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{thickness}\"{dashes}/><path d=\"M{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}z\" fill=\"{color}\"/>",
        title(&link.mark),
        end.0 - 7.0,
        end.1 - 3.5,
        end.0,
        end.1,
        end.0 - 7.0,
        end.1 + 3.5
    );
    if !link.label.is_empty() {
        let (x, y) = label;
        let width = f64::from(u16::try_from(link.label.width()).unwrap_or(u16::MAX)) * SMALL_CHARACTER;
        let _ = write!(
            out,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"12\" fill=\"{PAPER}\"/><text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"11\" fill=\"{FAINT_TEXT}\">{}</text>",
            x - width / 2.0,
            y - 6.0,
            y + 4.0,
            escape(&link.label)
        );
    }
    out.push_str("</g>\n");
}

fn goes_back(link: &Link, from: &Rect, to: &Rect) -> bool {
    link.from == link.to || to.x < from.right()
}

/// Returns the path from a point through the bends to another one on the right, and the position of the label.
fn forward_path(start: (f64, f64), end: (f64, f64), bends: &[(f64, f64)]) -> (String, (f64, f64)) {
    let mut path = format!("M{:.1} {:.1}", start.0, start.1);
    let mut at = start;
    // Between two bends of one layer, the line is straight.
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
    // On the first curve, which passes through its middle.
    let next = bends.first().copied().unwrap_or(end);
    (path, (f64::midpoint(start.0, next.0), f64::midpoint(start.1, next.1)))
}

/// Returns the vertical position of an edge that leads back to the left: below all boxes between its ends, and apart from similar edges.
fn below(drawing: &Drawing, layout: &Layout, link: &Link, at: usize) -> f64 {
    let (from, to) = (layout.boxes[link.from], layout.boxes[link.to]);
    let is_between = |rect: &&Rect| rect.right() > to.x - 24.0 && rect.x < from.right() + 24.0;
    // Boxes in other groups are not in its way.
    let group = lifted(drawing, link.from, link.to).and_then(|(group, ..)| group);
    let is_inside = |item: &Box| {
        let mut around = std::iter::successors(item.parent, |at| drawing.boxes[*at].parent);
        group.is_none_or(|group| around.any(|at| at == group))
    };
    let leaves =
        drawing.boxes.iter().zip(&layout.boxes).filter(|(item, _)| item.shape != BoxShape::Group && is_inside(item));
    let ends = (from.y + from.height).max(to.y + to.height);
    // With thousands of edges leading back, none of them is followed individually.
    let lowest = match drawing.links.len() > MOST_ROUTED {
        true => ends,
        false => leaves.map(|(_, rect)| rect).filter(is_between).map(|rect| rect.y + rect.height).fold(ends, f64::max),
    };
    let lane = u8::try_from(at % 3).unwrap_or_default();
    lowest + 10.0 + 5.0 * f64::from(lane)
}

/// Returns the path below the boxes and back to the left, and the position of the label.
fn loop_path(start: (f64, f64), end: (f64, f64), below: f64) -> (String, (f64, f64)) {
    let (right, left) = (start.0 + 24.0, end.0 - 24.0);
    let path = format!(
        "M{:.1} {:.1}C{right:.1} {:.1} {right:.1} {below:.1} {:.1} {below:.1}L{:.1} {below:.1}C{left:.1} {below:.1} {left:.1} {:.1} {:.1} {:.1}",
        start.0, start.1, start.1, start.0, end.0, end.1, end.0, end.1
    );
    (path, (f64::midpoint(start.0, end.0), below))
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML has no control characters, even escaped ones.
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
