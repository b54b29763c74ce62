//! The lineage of a thing as a drawing: Mermaid, DOT or SVG, as the graphs of pipelines are drawn.

use rustc_hash::FxHashMap;

use crate::documents::Kind;
use crate::documents::pipeline::EdgeKind;
use crate::graph::{self, BoxMark, BoxShape, Drawing, Link};
use crate::lineage::{Direction, Lineage, Thing, ThingId};
use crate::secrets::shortened;
use crate::text::visible;

/// Longer names are truncated.
const LONGEST_LABEL: usize = 40;

/// Returns the drawing of what a thing came from, and of what came of it.
#[must_use]
pub fn drawing(lineage: &Lineage<'_>, subject: ThingId) -> Drawing {
    let mut drawing = Drawing { name: cut(&lineage.title(subject)), ..Drawing::default() };
    let mut boxes: FxHashMap<ThingId, usize> = FxHashMap::default();
    let mut seen: rustc_hash::FxHashSet<(usize, usize)> = rustc_hash::FxHashSet::default();
    for direction in [Direction::Earlier, Direction::Later] {
        for visit in lineage.walk(subject, direction) {
            let mut at = |thing: ThingId| {
                *boxes.entry(thing).or_insert_with(|| {
                    drawing.boxes.push(drawn(lineage, thing));
                    drawing.boxes.len() - 1
                })
            };
            let Some(edge) = visit.edge else {
                at(visit.thing);
                continue;
            };
            let (from, to) = (at(edge.from), at(edge.to));
            // Two relations between the same two things are drawn as one.
            if seen.insert((from, to)) {
                let (label, mark) = (cut(&edge.to_later()), BoxMark::default());
                drawing.links.push(Link { from, to, label, kind: EdgeKind::Data, mark });
            }
        }
    }
    drawing
}

fn drawn(lineage: &Lineage<'_>, thing: ThingId) -> graph::Box {
    let is_data = match lineage.thing(thing) {
        Some(Thing::Content(_) | Thing::Place(_)) => true,
        _ => matches!(lineage.kind(thing), Some(Kind::Dataset | Kind::Artifact)),
    };
    graph::Box {
        shape: if is_data { BoxShape::Data } else { BoxShape::Step },
        label: cut(&lineage.label(thing)),
        detail: lineage.noun(thing).to_owned(),
        parent: None,
        mark: BoxMark::default(),
    }
}

fn cut(text: &str) -> String {
    visible(&shortened(text, LONGEST_LABEL)).into_owned()
}
