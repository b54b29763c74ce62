//! The content of a drawing of pipelines, independent of its format: boxes, their groups, and edges.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Graph, Vertex, Written};
use crate::diagnostics::{Finding, Severity};
use crate::documents::pipeline::EdgeKind;
use crate::secrets::{MASK, is_unspeakable, shortened};
use crate::text::{Span, visible};
use crate::yaml::{NodeId, Tree};

/// Longer labels are truncated.
const LONGEST_LABEL: usize = 40;

/// The pipelines of a file, as boxes and edges.
#[derive(Debug, Default)]
pub struct Drawing {
    /// The name of the pipelines.
    pub name: String,
    /// The boxes; groups come before the boxes in them.
    pub boxes: Vec<Box>,
    /// The edges, in the order in which they are written, without repetitions.
    pub links: Vec<Link>,
}

/// What a box represents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoxShape {
    /// A data vertex.
    Data,
    /// A step.
    Step,
    /// A complex step, or one of several pipelines: it contains other boxes.
    Group,
}

/// A box of a drawing.
#[derive(Debug)]
pub struct Box {
    /// What it represents.
    pub shape: BoxShape,
    /// Its name.
    pub label: String,
    /// Its module, or the location of its data.
    pub detail: String,
    /// The group that contains it.
    pub parent: Option<usize>,
    /// The findings about it.
    pub mark: BoxMark,
}

/// An edge of a drawing.
#[derive(Debug)]
pub struct Link {
    /// The box where it starts.
    pub from: usize,
    /// The box where it ends.
    pub to: usize,
    /// The ports, or the path.
    pub label: String,
    /// Whether it carries data or control.
    pub kind: EdgeKind,
    /// The findings about it.
    pub mark: BoxMark,
}

/// The findings about a box or an edge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoxMark {
    /// The most severe finding, if it is a warning or an error.
    pub severity: Option<Severity>,
    /// The rules, each once.
    pub rules: Vec<&'static str>,
}

impl BoxMark {
    fn add(&mut self, finding: &Finding) {
        if finding.severity > Severity::Info {
            self.severity = self.severity.max(Some(finding.severity));
            if !self.rules.contains(&finding.rule.id) {
                self.rules.push(finding.rule.id);
            }
        }
    }
}

impl Drawing {
    /// Adds a pipeline, in a group of its own if it has a title. `findings` are those of its document.
    pub fn add(&mut self, graph: &Graph<'_>, tree: &Tree, title: Option<&str>, findings: &[&Finding]) {
        let around = title.map(|title| {
            self.boxes.push(Box {
                shape: BoxShape::Group,
                label: cut(title),
                detail: String::new(),
                parent: None,
                mark: BoxMark::default(),
            });
            self.boxes.len() - 1
        });
        let first_data = self.boxes.len();
        self.boxes.extend(graph.data().map(|(id, data)| Box {
            shape: BoxShape::Data,
            label: data.name.map_or_else(|| format!("data {}", id.0 + 1), cut),
            detail:
                Some(source(tree, data.node)).filter(|source| Some(source.as_str()) != data.name).unwrap_or_default(),
            parent: around,
            mark: BoxMark::default(),
        }));
        let first_step = self.boxes.len();
        self.boxes.extend(graph.steps().map(|(id, step)| Box {
            shape: if graph.is_complex(id) { BoxShape::Group } else { BoxShape::Step },
            label: cut(step.name),
            detail: tree.find(step.node, &["moduleName"]).and_then(|node| tree.text(node)).map(cut).unwrap_or_default(),
            parent: step.parent.map(|parent| first_step + parent.at()).or(around),
            mark: BoxMark::default(),
        }));
        let at = |vertex| match vertex {
            Vertex::Step(step) => first_step + step.at(),
            Vertex::Data(data) => first_data + data.0 as usize,
        };
        let marks = self.mark_boxes(graph, tree, first_step, findings);
        let cyclic: FxHashSet<u32> =
            graph.cycles().iter().flat_map(|cycle| cycle.edges.iter().map(|edge| edge.edge)).collect();
        let mut known: FxHashMap<(usize, usize, String), usize> = FxHashMap::default();
        for (number, edge) in graph.edges().iter().enumerate() {
            let (from, to, label) = (at(edge.from), at(Vertex::Step(edge.to)), label(edge));
            let next = self.links.len();
            let link = *known.entry((from, to, label.clone())).or_insert(next);
            if link == next {
                self.links.push(Link { from, to, label, kind: edge.kind, mark: BoxMark::default() });
            }
            let mark = &mut self.links[link].mark;
            marks.get(&tree.span(tree.resolve(edge.node))).into_iter().flatten().for_each(|finding| mark.add(finding));
            if cyclic.contains(&crate::text::offset(number)) {
                mark.severity = Some(Severity::Error);
                if !mark.rules.contains(&"pipeline/cycle") {
                    mark.rules.push("pipeline/cycle");
                }
            }
        }
    }

    /// Marks the steps that contain findings. Returns the findings at edges, by node.
    fn mark_boxes<'f>(
        &mut self,
        graph: &Graph<'_>,
        tree: &Tree,
        first_step: usize,
        findings: &[&'f Finding],
    ) -> FxHashMap<Span, Vec<&'f Finding>> {
        let edges: FxHashSet<Span> = graph.edges().iter().map(|edge| tree.span(tree.resolve(edge.node))).collect();
        let mut at_edges: FxHashMap<Span, Vec<&Finding>> = FxHashMap::default();
        for finding in findings.iter().copied() {
            if edges.contains(&finding.place.span) {
                at_edges.entry(finding.place.span).or_default().push(finding);
                continue;
            }
            // Of nested steps, the inner one comes later.
            let holds = |node: NodeId| {
                let value = tree.span(tree.resolve(node));
                let key = tree.key_of(node).map(|key| tree.span(key));
                value.contains(finding.place.span) || key == Some(finding.place.span)
            };
            if let Some((id, _)) = graph.steps().filter(|(_, step)| holds(step.node)).last() {
                self.boxes[first_step + id.at()].mark.add(finding);
            }
        }
        at_edges
    }
}

/// Returns the ports or the path of an edge.
fn label(edge: &super::GraphEdge<'_>) -> String {
    match (edge.from_port, edge.to_port) {
        (Some(path), _) if edge.written == Written::Path => cut(path),
        (Some(from), Some(to)) if from == to => cut(from),
        (Some(from), Some(to)) => format!("{} → {}", cut(from), cut(to)),
        (Some(port), None) | (None, Some(port)) => cut(port),
        (None, None) => String::new(),
    }
}

/// Returns the location of data: a reference, or the last part of a datapath.
fn source(tree: &Tree, node: NodeId) -> String {
    let text = |node| tree.text(node).map(|text| if is_unspeakable(tree, node) { MASK.to_owned() } else { cut(text) });
    let part = |key: &str| tree.find(node, &[key]).and_then(text);
    text(node).or_else(|| part("RelativePath")).or_else(|| part("Table")).unwrap_or_default()
}

fn cut(text: &str) -> String {
    visible(&shortened(text, LONGEST_LABEL)).into_owned()
}
