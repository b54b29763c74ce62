//! The runs of a lineage as events of OpenLineage, one JSON object on each line.
//!
//! A run is an event of the run at the time of its submission: no document says when it ended. Its job is the pipeline that it executed, or
//! the run that it is named after; its data are in the namespace `mlspec`, under the names of the documents.

use std::io::{self, Write};

use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::documents::Kind;
use crate::lineage::{Direction, Lineage, Relation, ThingId};
use crate::workspace::DocumentFacts;

const NAMESPACE: &str = "mlspec";
const SCHEMA: &str = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";
const PARENT: &str = "https://openlineage.io/spec/facets/1-0-1/ParentRunFacet.json#/$defs/ParentRunFacet";
const VERSION: &str =
    "https://openlineage.io/spec/facets/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet";

/// Writes an event for each run that a thing came from or that came of it, and for the thing itself if it is a run. Returns the runs without
/// an event: an event needs a time.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn openlineage(lineage: &Lineage<'_>, subject: ThingId, out: &mut dyn Write) -> io::Result<Vec<String>> {
    let walks = [Direction::Earlier, Direction::Later].map(|direction| lineage.walk(subject, direction));
    let mut runs: Vec<ThingId> = walks.iter().flatten().map(|visit| visit.thing).collect();
    runs.retain(|thing| member(lineage, *thing).is_some_and(|own| matches!(own.kind, Kind::Run | Kind::PipelineRun)));
    runs.sort_unstable();
    runs.dedup();
    let mut left = Vec::new();
    let mut events: Vec<(Timestamp, Value)> = Vec::new();
    for run in runs {
        match event(lineage, run) {
            Some(event) => events.push(event),
            None => left.push(lineage.title(run)),
        }
    }
    events.sort_by_key(|(time, _)| *time);
    for (_, event) in events {
        serde_json::to_writer(&mut *out, &event)?;
        writeln!(out)?;
    }
    Ok(left)
}

fn member<'a>(lineage: &Lineage<'a>, thing: ThingId) -> Option<&'a DocumentFacts> {
    let id = lineage.documents(thing).first()?;
    lineage.workspace().member(*id).map(|member| &**member)
}

fn event(lineage: &Lineage<'_>, run: ThingId) -> Option<(Timestamp, Value)> {
    let own = member(lineage, run)?;
    let (time, _) = own.recorded_on()?;
    let time: Timestamp = time.parse().ok()?;
    let status = own.tree.find(own.root, &["status"]).and_then(|node| own.tree.text(node)).unwrap_or_default();
    let event_type = match status.to_lowercase().as_str() {
        "queued" | "pending" | "scheduled" => "START",
        "running" => "RUNNING",
        "completed" | "finished" | "done" | "succeeded" | "success" => "COMPLETE",
        "failed" => "FAIL",
        "cancelled" | "canceled" | "killed" => "ABORT",
        _ => "OTHER",
    };
    let mut facets = json!({});
    if let Some(parent) = lineage.into(run).find(|edge| edge.relation == Relation::Started).map(|edge| edge.from) {
        let parent_of = json!({
            "_producer": crate::HOMEPAGE,
            "_schemaURL": PARENT,
            "run": {"runId": run_id(lineage, parent)},
            "job": job(lineage, parent),
        });
        facets = json!({"parent": parent_of});
    }
    let named = |thing: ThingId| {
        let label = lineage.label(thing);
        let (name, version) = label.rsplit_once('@').unwrap_or((&label, ""));
        let facets = match version {
            "" => json!({}),
            version => {
                json!({"version": {"_producer": crate::HOMEPAGE, "_schemaURL": VERSION, "datasetVersion": version}})
            }
        };
        json!({"namespace": NAMESPACE, "name": name, "facets": facets})
    };
    let read = lineage.into(run).filter(|edge| edge.relation == Relation::Read);
    let produced = lineage.out_of(run).filter(|edge| edge.relation == Relation::Produced);
    let event = json!({
        "eventType": event_type,
        "eventTime": time.to_string(),
        "run": {"runId": run_id(lineage, run), "facets": facets},
        "job": job(lineage, run),
        "inputs": read.map(|edge| named(lineage.stored_object(edge.from))).collect::<Vec<_>>(),
        "outputs": produced.map(|edge| named(edge.to)).collect::<Vec<_>>(),
        "producer": crate::HOMEPAGE,
        "schemaURL": SCHEMA,
    });
    Some((time, event))
}

/// Returns the job of a run: the pipeline that it executed, or the step of it that started it.
fn job(lineage: &Lineage<'_>, run: ThingId) -> Value {
    let pipeline = |run: ThingId| {
        let executed = lineage.into(run).find(|edge| edge.relation == Relation::Executed);
        executed.map(|edge| lineage.label(edge.from))
    };
    let of_step = || {
        let started = lineage.into(run).find(|edge| edge.relation == Relation::Started && !edge.detail.is_empty())?;
        let step = crate::secrets::shortened(started.detail, crate::lineage::MOST_SHOWN);
        Some(format!("{}.{step}", pipeline(started.from)?))
    };
    let name = pipeline(run).or_else(of_step).unwrap_or_else(|| lineage.label(run));
    json!({"namespace": NAMESPACE, "name": name})
}

/// Returns the id of a run, which must be a UUID. One that is none stands for a UUID made from its digest.
fn run_id(lineage: &Lineage<'_>, run: ThingId) -> String {
    let id = member(lineage, run).and_then(DocumentFacts::id).map_or_else(|| lineage.label(run), str::to_lowercase);
    let is_uuid = id.len() == 36
        && id.char_indices().all(|(at, c)| match at {
            8 | 13 | 18 | 23 => c == '-',
            _ => c.is_ascii_hexdigit(),
        });
    if is_uuid {
        return id;
    }
    let digits: String = Sha256::digest(id.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    // Version 8 is for what is made in a way of one's own (RFC 9562).
    format!("{}-{}-8{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}
