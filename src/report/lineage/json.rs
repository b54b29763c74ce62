//! The output of `lineage` as JSON.

use std::io::{self, Write};

use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

use crate::lineage::{Answers, Direction, Lineage, LineageEdge, LineageVisit, Question, Relation, ThingId, day_of};
use crate::report::json::{ReportTool, VERSION, write_pretty};
use crate::secrets::{redact, shortened};

/// The output of `mlspec-lint lineage --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "mlspec-lint lineage", rename = "Lineage")]
struct Document {
    /// The version of this format.
    #[schemars(extend("const" = VERSION))]
    version: u8,
    /// The program that wrote the report.
    tool: ReportTool,
    /// What was asked about.
    subject: Node,
    /// The question; null if the whole lineage was asked for.
    question: Option<&'static str>,
    /// The answers to the question.
    answers: Vec<AnswerEntry>,
    /// Without a question: the subject, what it came from, and what came of it.
    things: Vec<Node>,
    /// Without a question: how these things came of each other.
    edges: Vec<EdgeEntry>,
    /// What is not known, in sentences.
    unknown: Vec<String>,
}

/// Something that came from others, or of which others came.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Thing")]
struct Node {
    /// Its number in this report.
    id: usize,
    /// Its kind; `content` for what has a digest, `place` for where a file is.
    kind: &'static str,
    /// Its name, with the version of an object that has one; a digest, or a place.
    name: String,
    /// Whether it came before the subject, after it, or is the subject.
    side: Side,
    /// Its file; null if it has no document.
    path: Option<String>,
    /// Its day, if it has one.
    date: Option<String>,
}

/// On which side of the subject a thing stands.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Side {
    /// The subject itself.
    Subject,
    /// What the subject came from.
    Earlier,
    /// What came of the subject.
    Later,
}

/// How one thing came of another.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Edge")]
struct EdgeEntry {
    /// The earlier thing, by number.
    from: usize,
    /// The later thing, by number.
    to: usize,
    /// How it came of it: what the earlier thing is to the later one, such as `read by`.
    relation: &'static str,
    /// The role of data, or the name of a step.
    detail: Option<String>,
}

/// An answer.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Answer")]
struct AnswerEntry {
    /// What it is about: the name of an object, a hyperparameter or a metric.
    name: String,
    /// Its value, place, type or version, as text.
    value: Option<String>,
    /// How one can tell.
    because: String,
    /// The file that says so.
    path: String,
}

/// Returns the JSON Schema of the lineage as `json`.
#[must_use]
pub fn lineage_schema() -> serde_json::Value {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Document>().into()
}

/// Writes the lineage of a thing, or the answers to a question about it, as JSON.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn json(
    lineage: &Lineage<'_>,
    subject: ThingId,
    answered: Option<(Question, &Answers)>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut document = Document {
        version: VERSION,
        tool: ReportTool::this(),
        subject: node(lineage, subject, 0, Side::Subject),
        question: answered.map(|(question, _)| question.name()),
        answers: Vec::new(),
        things: Vec::new(),
        edges: Vec::new(),
        unknown: Vec::new(),
    };
    match answered {
        Some((_, answers)) => {
            let entry = |answer: &crate::lineage::Answer| AnswerEntry {
                name: answer.name.clone(),
                value: answer.value.clone(),
                because: answer.because.clone(),
                path: redact(&answer.path).into_owned(),
            };
            document.answers = answers.answers.iter().map(entry).collect();
            document.unknown.clone_from(&answers.unknown);
        }
        None => {
            (document.things, document.edges) = whole(lineage, subject);
            document.unknown = lineage.unknown(subject);
        }
    }
    write_pretty(&document, out)
}

fn whole(lineage: &Lineage<'_>, subject: ThingId) -> (Vec<Node>, Vec<EdgeEntry>) {
    let mut numbers: FxHashMap<ThingId, usize> = FxHashMap::default();
    numbers.insert(subject, 0);
    let mut things = vec![node(lineage, subject, 0, Side::Subject)];
    let mut edges = Vec::new();
    for (direction, side) in [(Direction::Earlier, Side::Earlier), (Direction::Later, Side::Later)] {
        let walk = lineage.walk(subject, direction);
        for visit in &walk {
            numbers.entry(visit.thing).or_insert_with(|| {
                things.push(node(lineage, visit.thing, things.len(), side));
                things.len() - 1
            });
        }
        edges.extend(walk.iter().filter_map(|visit: &LineageVisit<'_, '_>| visit.edge));
    }
    let number = |id: ThingId| numbers.get(&id).copied().unwrap_or_default();
    let mut seen: rustc_hash::FxHashSet<(usize, usize, Relation, &str)> = rustc_hash::FxHashSet::default();
    edges.retain(|edge: &&LineageEdge<'_>| {
        seen.insert((number(edge.from), number(edge.to), edge.relation, edge.detail))
    });
    let entry = |edge: &LineageEdge<'_>| EdgeEntry {
        from: number(edge.from),
        to: number(edge.to),
        relation: edge.relation.to_later(),
        detail: (!edge.detail.is_empty()).then(|| shortened(edge.detail, crate::lineage::MOST_SHOWN).into_owned()),
    };
    let edges = edges.into_iter().map(entry).collect();
    (things, edges)
}

fn node(lineage: &Lineage<'_>, id: ThingId, number: usize, side: Side) -> Node {
    let member = lineage.documents(id).first().and_then(|id| lineage.workspace().member(*id));
    Node {
        id: number,
        kind: lineage.noun(id),
        name: lineage.label(id),
        side,
        path: lineage.path(id).map(|path| redact(path).into_owned()),
        date: member.and_then(|member| day_of(member)).map(|day| day.to_string()),
    }
}
