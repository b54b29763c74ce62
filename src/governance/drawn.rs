//! The lineage of a model, as it is drawn: the things nearest to it.

use rustc_hash::{FxHashMap, FxHashSet};
use schemars::JsonSchema;
use serde::Serialize;

use super::{ReportedFinding, said};
use crate::diagnostics::Severity;
use crate::documents::Kind;
use crate::lineage::{Direction, Lineage, LineageEdge, Thing, ThingId};

/// The most things that are drawn.
const MOST_DRAWN: usize = 40;

/// What a model came from, and what came of it.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct ModelLineage {
    /// The things nearest to it; the first is the model itself.
    pub things: Vec<DrawnThing>,
    /// How these things came of each other.
    pub edges: Vec<DrawnEdge>,
    /// The number of modules, and of things further away.
    pub left_out: usize,
    /// What is not known about the model, in sentences.
    pub unknown: Vec<String>,
}

/// A thing of a lineage.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DrawnThing {
    /// Its kind; `content` for what has a digest, `place` for where a file is.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its file; null if it has no document.
    pub path: Option<String>,
    /// Whether it is data: a dataset, an artifact, content or a place.
    pub is_data: bool,
    /// The errors in its file.
    pub errors: usize,
    /// The warnings in its file.
    pub warnings: usize,
}

/// How one thing came of another.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DrawnEdge {
    /// The position of the earlier thing.
    pub from: usize,
    /// The position of the later thing.
    pub to: usize,
    /// What the earlier thing is to the later one, such as `read by`.
    pub relation: String,
}

/// The findings in a file.
pub(super) type FindingsOfFile<'f> = FxHashMap<&'f str, Vec<&'f ReportedFinding>>;

/// Returns the lineage of a thing, and the files of all documents in it.
pub(super) fn lineage_of(
    lineage: &Lineage<'_>,
    start: ThingId,
    findings: &FindingsOfFile<'_>,
) -> (ModelLineage, FxHashSet<String>) {
    let mut nearest: Vec<(usize, ThingId)> = vec![(0, start)];
    let mut edges: Vec<&LineageEdge<'_>> = Vec::new();
    for direction in [Direction::Earlier, Direction::Later] {
        let walk = lineage.walk(start, direction);
        let mut depths: Vec<usize> = Vec::with_capacity(walk.len());
        for visit in &walk {
            let depth = visit.from.and_then(|from| depths.get(from)).map_or(0, |depth| depth + 1);
            depths.push(depth);
            nearest.push((depth, visit.thing));
        }
        edges.extend(walk.iter().filter_map(|visit| visit.edge));
    }
    nearest.sort_by_key(|(depth, _)| *depth);
    let mut numbers: FxHashMap<ThingId, usize> = FxHashMap::default();
    let mut drawn = ModelLineage::default();
    let mut files: FxHashSet<String> = FxHashSet::default();
    let mut seen: FxHashSet<ThingId> = FxHashSet::default();
    for (_, thing) in nearest {
        if !seen.insert(thing) {
            continue;
        }
        files.extend(lineage.path(thing).map(said::path));
        // What code is made of leads away from what the model is made of.
        let is_code = matches!(lineage.kind(thing), Some(Kind::Module | Kind::ModuleVersion));
        if !is_code && drawn.things.len() < MOST_DRAWN {
            numbers.insert(thing, drawn.things.len());
            drawn.things.push(drawn_thing(lineage, thing, findings));
        } else {
            drawn.left_out += 1;
        }
    }
    // Two relations between the same two things are drawn as one.
    let mut known: FxHashSet<(usize, usize)> = FxHashSet::default();
    for edge in edges {
        let ends = numbers.get(&edge.from).copied().zip(numbers.get(&edge.to).copied());
        if let Some((from, to)) = ends.filter(|ends| known.insert(*ends)) {
            drawn.edges.push(DrawnEdge { from, to, relation: said::said(&edge.to_later()) });
        }
    }
    drawn.unknown = lineage.unknown(start).iter().map(|sentence| said::said(sentence)).collect();
    (drawn, files)
}

fn drawn_thing(lineage: &Lineage<'_>, thing: ThingId, findings: &FindingsOfFile<'_>) -> DrawnThing {
    let path = lineage.path(thing).map(said::path);
    let own = path.as_deref().and_then(|path| findings.get(path));
    let count = |severity| own.into_iter().flatten().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let is_data = match lineage.thing(thing) {
        Some(Thing::Content(_) | Thing::Place(_)) => true,
        _ => matches!(lineage.kind(thing), Some(Kind::Dataset | Kind::Artifact)),
    };
    DrawnThing { kind: lineage.noun(thing), name: lineage.label(thing), path, is_data, errors, warnings }
}
