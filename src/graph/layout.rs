//! The layout of a drawing: in layers from left to right, each group laid out on its own.
//!
//! A box is placed after all boxes that lead to it (longest-path layering; edges that close a cycle do not count), the boxes of a layer in
//! the order of the mean position of their neighbors (barycenter heuristic). An edge over several layers takes up space in each, so that it
//! does not cross boxes.

use rustc_hash::{FxHashMap, FxHashSet};
use unicode_width::UnicodeWidthStr;

use super::drawing::{Box, BoxShape, Drawing};

/// A position and a size, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    pub fn middle(&self) -> f64 {
        self.y + self.height / 2.0
    }

    pub fn right(&self) -> f64 {
        self.x + self.width
    }
}

/// The positions of everything.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// The boxes of the drawing, by index.
    pub boxes: Vec<Rect>,
    /// For each link, the points between its ends.
    pub bends: Vec<Vec<(f64, f64)>>,
    pub width: f64,
    pub height: f64,
}

pub(super) const LINE: f64 = 16.0;
const CHARACTER: f64 = 7.0;
const PADDING: f64 = 12.0;
/// The margin around everything: space for edges that lead back to the left, below the boxes.
const MARGIN: f64 = 28.0;
/// The space between boxes of a layer.
const BETWEEN: f64 = 18.0;
/// The space for an edge that passes a layer.
const PASSING: f64 = 4.0;
/// The space between the ends of edges at one box, if it is high enough.
const PORT: f64 = 14.0;
/// A box grows with the number of its edges up to this many.
const MOST_PORTS: usize = 12;
/// The space between layers; more if an edge has a longer label.
const LEAST_GAP: f64 = 48.0;
const MOST_GAP: f64 = 220.0;
/// The number of sweeps over the layers to order them.
const SWEEPS: usize = 6;
/// No more space than this is reserved for passing edges: their number may be quadratic in the number of boxes.
const MOST_PASSING: usize = 20_000;

/// Computes the positions of everything.
pub(super) fn layout(drawing: &Drawing) -> Layout {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); drawing.boxes.len()];
    let mut tops = Vec::new();
    for (at, item) in drawing.boxes.iter().enumerate() {
        match item.parent {
            Some(parent) => children[parent].push(at),
            None => tops.push(at),
        }
    }
    let mut layout = Layout {
        boxes: drawing.boxes.iter().map(size).collect(),
        bends: vec![Vec::new(); drawing.links.len()],
        ..Layout::default()
    };
    make_room_for_ports(drawing, &mut layout);
    let mut edges = edges_by_group(drawing);
    // The content of a group comes after it, so that its size is known before it is placed.
    for group in (0..drawing.boxes.len()).rev().filter(|at| !children[*at].is_empty()) {
        let own = edges.remove(&Some(group)).unwrap_or_default();
        let inner = Level::place(&children[group], own.clone(), drawing, &mut layout);
        let leads_back = |(from, to, _): &Between| layout.boxes[*to].x < layout.boxes[*from].right();
        let below = if own.iter().any(leads_back) { MARGIN } else { PADDING };
        let rect = &mut layout.boxes[group];
        rect.width = rect.width.max(inner.0 + 2.0 * PADDING);
        rect.height = inner.1 + below + below_title(&drawing.boxes[group]);
        shift(&children[group], &mut layout, PADDING, below_title(&drawing.boxes[group]));
    }
    let (width, height) = Level::place(&tops, edges.remove(&None).unwrap_or_default(), drawing, &mut layout);
    (layout.width, layout.height) = (width + 2.0 * MARGIN, height + 2.0 * MARGIN);
    shift(&tops, &mut layout, MARGIN, MARGIN);
    // Groups come before their content: their positions are final when those of their boxes are made absolute.
    for at in 0..drawing.boxes.len() {
        if let Some(parent) = drawing.boxes[at].parent {
            let Rect { x, y, .. } = layout.boxes[parent];
            shift(&[at], &mut layout, x, y);
        }
    }
    for (at, link) in drawing.links.iter().enumerate() {
        if layout.bends[at].is_empty() {
            continue;
        }
        let group = lifted(drawing, link.from, link.to).and_then(|(group, ..)| group);
        let (x, y) = match group {
            Some(group) => (layout.boxes[group].x, layout.boxes[group].y + below_title(&drawing.boxes[group])),
            None => (MARGIN - PADDING, MARGIN),
        };
        layout.bends[at].iter_mut().for_each(|bend| *bend = (bend.0 + x + PADDING, bend.1 + y));
    }
    layout
}

/// Makes boxes high enough for the edges that end at one of their sides.
fn make_room_for_ports(drawing: &Drawing, layout: &mut Layout) {
    let mut ends = vec![(0_usize, 0_usize); drawing.boxes.len()];
    for link in &drawing.links {
        ends[link.from].0 += 1;
        ends[link.to].1 += 1;
    }
    for (rect, (leaving, arriving)) in layout.boxes.iter_mut().zip(ends) {
        let ports = u8::try_from(leaving.max(arriving).min(MOST_PORTS)).unwrap_or_default();
        rect.height = rect.height.max(f64::from(ports) * PORT + PADDING);
    }
}

/// Returns the distance between the ends of this many edges at a side of this height.
pub(super) fn port_distance(height: f64, ends: usize) -> f64 {
    PORT.min((height - PADDING) / f64::from(u32::try_from(ends.max(1)).unwrap_or(u32::MAX)))
}

/// Returns the vertical offset of the boxes in a group.
fn below_title(group: &Box) -> f64 {
    f64::from(u8::try_from(lines(group)).unwrap_or(3)) * LINE + PADDING
}

/// Returns the number of lines of text in a box.
fn lines(item: &Box) -> usize {
    1 + usize::from(!item.detail.is_empty()) + usize::from(!item.mark.rules.is_empty())
}

fn size(item: &Box) -> Rect {
    let widest = [item.label.width(), item.detail.width(), item.mark.rules.iter().map(|rule| rule.len() + 2).sum()];
    let widest = widest.into_iter().max().unwrap_or(0).clamp(4, 90);
    let round = if item.shape == BoxShape::Data { 16.0 } else { 0.0 };
    let lines = f64::from(u8::try_from(lines(item)).unwrap_or(3));
    let width = f64::from(u8::try_from(widest).unwrap_or(90)) * CHARACTER + 2.0 * PADDING + round;
    Rect { width, height: lines * LINE + PADDING, ..Rect::default() }
}

fn shift(boxes: &[usize], layout: &mut Layout, x: f64, y: f64) {
    for at in boxes {
        let rect = &mut layout.boxes[*at];
        (rect.x, rect.y) = (rect.x + x, rect.y + y);
    }
}

/// Returns the group that contains both ends of an edge, and its direct children that contain one each; `None` if one contains the other.
pub(super) fn lifted(drawing: &Drawing, from: usize, to: usize) -> Option<(Option<usize>, usize, usize)> {
    let up = |at: usize| std::iter::successors(Some(at), |at| drawing.boxes[*at].parent);
    let mut above: Vec<usize> = up(from).collect();
    let mut below: Vec<usize> = up(to).collect();
    let mut group = None;
    while let (Some(a), Some(b)) = (above.last(), below.last())
        && a == b
    {
        group = above.pop();
        below.pop();
    }
    Some((group, *above.last()?, *below.last()?))
}

/// An edge between boxes of one group: from, to, and the index of its link.
type Between = (usize, usize, usize);

fn edges_by_group(drawing: &Drawing) -> FxHashMap<Option<usize>, Vec<Between>> {
    let mut edges: FxHashMap<Option<usize>, Vec<Between>> = FxHashMap::default();
    for (at, link) in drawing.links.iter().enumerate() {
        if let Some((group, from, to)) = lifted(drawing, link.from, link.to) {
            edges.entry(group).or_default().push((from, to, at));
        }
    }
    edges
}

/// An element of a layer: a box, or an edge that passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Spot {
    Box(usize),
    Passing { link: usize, layer: usize },
}

/// The boxes of one group, in layers.
struct Level {
    layers: Vec<Vec<Spot>>,
    before: FxHashMap<Spot, Vec<Spot>>,
    after: FxHashMap<Spot, Vec<Spot>>,
    middles: FxHashMap<Spot, f64>,
}

impl Level {
    /// Places boxes relative to their group. Returns their total width and height.
    fn place(boxes: &[usize], mut edges: Vec<Between>, drawing: &Drawing, layout: &mut Layout) -> (f64, f64) {
        let layer_of = layers(boxes, &mut edges);
        let count = layer_of.values().max().map_or(0, |last| last + 1);
        let mut level = Self {
            layers: vec![Vec::new(); count],
            before: FxHashMap::default(),
            after: FxHashMap::default(),
            middles: FxHashMap::default(),
        };
        for at in boxes {
            level.layers[layer_of[at]].push(Spot::Box(*at));
        }
        level.connect(&edges, &layer_of);
        level.sort();
        level.stack(layout);
        level.spread(&edges, &layer_of, drawing, layout)
    }

    /// Connects neighbors in adjacent layers, with passing spots for edges over several.
    fn connect(&mut self, edges: &[Between], layer_of: &FxHashMap<usize, usize>) {
        let passed: usize = edges.iter().map(|(from, to, _)| layer_of[to] - layer_of[from] - 1).sum();
        for (from, to, link) in edges.iter().copied() {
            let mut last = Spot::Box(from);
            if passed <= MOST_PASSING {
                for layer in layer_of[&from] + 1..layer_of[&to] {
                    let spot = Spot::Passing { link, layer };
                    self.layers[layer].push(spot);
                    self.join(last, spot);
                    last = spot;
                }
            }
            self.join(last, Spot::Box(to));
        }
    }

    fn join(&mut self, from: Spot, to: Spot) {
        self.after.entry(from).or_default().push(to);
        self.before.entry(to).or_default().push(from);
    }

    /// Orders each layer by the mean position of the neighbors, forwards and backwards in turn.
    fn sort(&mut self) {
        for sweep in 0..SWEEPS {
            let mut position: FxHashMap<Spot, f64> = FxHashMap::default();
            for layer in &self.layers {
                let mut at = 0.0;
                for spot in layer {
                    position.insert(*spot, at);
                    at += 1.0;
                }
            }
            let forwards = sweep % 2 == 0;
            let neighbours = if forwards { &self.before } else { &self.after };
            let count = self.layers.len();
            for step in 0..count {
                let layer = &mut self.layers[if forwards { step } else { count - 1 - step }];
                let mean = |spot: &Spot| mean(neighbours.get(spot), &position).unwrap_or(position[spot]);
                let mut keyed: Vec<(f64, Spot)> = layer.iter().map(|spot| (mean(spot), *spot)).collect();
                keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
                let mut at = 0.0;
                for (slot, (_, spot)) in layer.iter_mut().zip(keyed) {
                    *slot = spot;
                    position.insert(spot, at);
                    at += 1.0;
                }
            }
        }
    }

    /// Gives every spot its vertical position in its layer, close to the mean of its sources.
    fn stack(&mut self, layout: &Layout) {
        for sweep in 0..SWEEPS {
            let forwards = sweep % 2 == 0;
            let neighbours = if forwards { &self.before } else { &self.after };
            let count = self.layers.len();
            for step in 0..count {
                let layer = &self.layers[if forwards { step } else { count - 1 - step }];
                let mut top = f64::NEG_INFINITY;
                let mut places: Vec<(f64, f64)> = Vec::with_capacity(layer.len());
                for spot in layer {
                    let half = room(*spot, layout) / 2.0;
                    let own = self.middles.get(spot).copied();
                    let wanted = mean(neighbours.get(spot), &self.middles).or(own).unwrap_or(0.0);
                    let middle = wanted.max(top + half);
                    places.push((wanted, middle));
                    top = middle + half;
                }
                // Conflicts were resolved downwards: the whole layer moves back by the mean displacement.
                let moved: f64 = places.iter().map(|(wanted, middle)| middle - wanted).sum();
                let back = moved / f64::from(u32::try_from(places.len().max(1)).unwrap_or(u32::MAX));
                for (spot, (_, middle)) in layer.iter().zip(places) {
                    self.middles.insert(*spot, middle - back);
                }
            }
        }
    }

    /// Turns layers and vertical positions into coordinates.
    fn spread(
        &self,
        edges: &[Between],
        layer_of: &FxHashMap<usize, usize>,
        drawing: &Drawing,
        layout: &mut Layout,
    ) -> (f64, f64) {
        let top = |spot: &Spot| self.middles.get(spot).copied().unwrap_or(0.0) - room(*spot, layout) / 2.0;
        let least = self.layers.iter().flatten().map(top).fold(f64::INFINITY, f64::min);
        let mut gaps = vec![LEAST_GAP; self.layers.len()];
        for (from, _, link) in edges {
            let label = f64::from(u16::try_from(drawing.links[*link].label.width()).unwrap_or(u16::MAX));
            let gap = &mut gaps[layer_of[from]];
            *gap = gap.max((label * 6.0 + 40.0).min(MOST_GAP));
        }
        let (mut x, mut width, mut height) = (0.0, 0.0_f64, 0.0_f64);
        for (layer, gap) in self.layers.iter().zip(gaps) {
            let widest = layer.iter().map(|spot| match spot {
                Spot::Box(at) => layout.boxes[*at].width,
                Spot::Passing { .. } => 0.0,
            });
            let widest = widest.fold(0.0, f64::max);
            for spot in layer {
                let middle = self.middles.get(spot).copied().unwrap_or(0.0) - least;
                match *spot {
                    Spot::Box(at) => {
                        let rect = &mut layout.boxes[at];
                        (rect.x, rect.y) = (x + (widest - rect.width) / 2.0, middle - rect.height / 2.0);
                        height = height.max(rect.y + rect.height);
                    }
                    Spot::Passing { link, .. } => {
                        layout.bends[link].extend([(x, middle), (x + widest, middle)]);
                        height = height.max(middle);
                    }
                }
            }
            width = x + widest;
            x = width + gap;
        }
        (width, height)
    }
}

fn room(spot: Spot, layout: &Layout) -> f64 {
    match spot {
        Spot::Box(at) => layout.boxes[at].height + BETWEEN,
        Spot::Passing { .. } => PASSING + BETWEEN,
    }
}

fn mean(spots: Option<&Vec<Spot>>, position: &FxHashMap<Spot, f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    for at in spots?.iter().filter_map(|spot| position.get(spot)) {
        sum += at;
        count += 1.0;
    }
    (count > 0.0).then(|| sum / count)
}

/// Assigns a layer to each box, and removes edges that close a cycle.
fn layers(boxes: &[usize], edges: &mut Vec<Between>) -> FxHashMap<usize, usize> {
    let mut outgoing: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    let mut waits: FxHashMap<usize, usize> = boxes.iter().map(|at| (*at, 0)).collect();
    for (from, to, _) in edges.iter() {
        outgoing.entry(*from).or_default().push(*to);
        *waits.entry(*to).or_default() += 1;
    }
    let mut layer: FxHashMap<usize, usize> = FxHashMap::default();
    let mut done: FxHashSet<usize> = FxHashSet::default();
    let mut rank: FxHashMap<usize, usize> = FxHashMap::default();
    // If a cycle leaves no free box, the first remaining one goes next.
    let mut open: Vec<usize> = boxes.iter().rev().copied().filter(|at| waits[at] == 0).collect();
    let mut rest = boxes.iter().copied();
    while let Some(at) = open.pop().or_else(|| rest.find(|at| !done.contains(at))) {
        if !done.insert(at) {
            continue;
        }
        rank.insert(at, rank.len());
        let own = *layer.entry(at).or_default();
        for to in outgoing.get(&at).into_iter().flatten().filter(|to| !done.contains(to)) {
            let known = layer.entry(*to).or_default();
            *known = (*known).max(own + 1);
        }
        for to in outgoing.get(&at).into_iter().flatten().rev() {
            if let Some(waits) = waits.get_mut(to) {
                *waits = waits.saturating_sub(1);
                if *waits == 0 {
                    open.push(*to);
                }
            }
        }
    }
    edges.retain(|(from, to, _)| rank.get(from) < rank.get(to) && layer.get(from) < layer.get(to));
    // Boxes without incoming edges go right before the boxes that they lead to.
    let has_source: FxHashSet<usize> = edges.iter().map(|(_, to, _)| *to).collect();
    let mut first: FxHashMap<usize, usize> = FxHashMap::default();
    for (from, to, _) in edges.iter().filter(|(from, ..)| !has_source.contains(from)) {
        let next = layer.get(to).copied().unwrap_or_default().saturating_sub(1);
        first.entry(*from).and_modify(|first| *first = (*first).min(next)).or_insert(next);
    }
    layer.extend(first);
    layer
}
