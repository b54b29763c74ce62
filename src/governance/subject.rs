//! The documents that are about a model.

use rustc_hash::FxHashSet;

use crate::documents::Kind;
use crate::lineage::{Lineage, LineageEdge, Relation, Thing, ThingId};
use crate::workspace::{DocId, Member, digest_key};

/// The documents that are about a model, or about objectives that name none.
#[derive(Debug, Default)]
pub(super) struct SubjectDocuments {
    /// Those that describe it.
    pub own: Vec<DocId>,
    /// The objectives that judge it, without those that are archived.
    pub objectives: Vec<DocId>,
    /// What was measured of it: evaluations, tests, and the runs that made it.
    pub measured: Vec<DocId>,
    /// The runs that its objectives compare it with.
    pub baselines: Vec<DocId>,
    /// Its rollouts.
    pub deployed: Vec<DocId>,
}

impl SubjectDocuments {
    pub(super) fn of(lineage: &Lineage<'_>, start: ThingId) -> Self {
        let of_kind = |kinds: &[Kind], things: &mut dyn Iterator<Item = ThingId>| {
            let things = things.filter(|thing| lineage.kind(*thing).is_some_and(|kind| kinds.contains(&kind)));
            let mut found: Vec<DocId> = things.flat_map(|thing| lineage.documents(thing).to_vec()).collect();
            found.sort_unstable();
            found.dedup();
            found
        };
        let later = |from: &[ThingId], relation: Relation| {
            let edges: Vec<ThingId> = from
                .iter()
                .flat_map(|thing| lineage.out_of(*thing))
                .filter(|edge| edge.relation == relation)
                .map(|edge| edge.to)
                .collect();
            edges
        };
        let is_model = lineage.kind(start) == Some(Kind::Model);
        let mut versions = vec![start];
        if is_model {
            let is_version = |thing: &ThingId| matches!(lineage.thing(*thing), Some(Thing::Version { .. }));
            versions.extend(later(&[start], Relation::Version).into_iter().filter(is_version));
        }
        let objectives: Vec<ThingId> = match is_model {
            true => later(&versions, Relation::Judged),
            false => vec![start],
        };
        let is_archived = |id: &DocId| lineage.workspace().member(*id).is_some_and(|member| member.is_archived());
        let mut judging = of_kind(&[Kind::Objectives], &mut objectives.iter().copied());
        judging.retain(|id| !is_archived(id));
        let into = |things: &[ThingId], relation: Relation| {
            let edges = things.iter().flat_map(|thing| lineage.into(*thing));
            edges.filter(|edge| edge.relation == relation).map(|edge| edge.from).collect::<Vec<_>>()
        };
        let mut measured = later(&versions, Relation::Measured);
        measured.extend(into(&objectives, Relation::Judged));
        let measuring = [Kind::Evaluation, Kind::Test];
        measured.retain(|thing| lineage.kind(*thing).is_some_and(|kind| measuring.contains(&kind)));
        let makers = makers(lineage, versions.iter().chain(&measured).copied());
        let kinds = [Kind::Evaluation, Kind::Test, Kind::Run, Kind::PipelineRun];
        let baselines =
            of_kind(&[Kind::Run, Kind::PipelineRun], &mut into(&objectives, Relation::Baseline).into_iter());
        let mut measured = of_kind(&kinds, &mut measured.into_iter().chain(makers));
        measured.retain(|id| !baselines.contains(id));
        let mut own = if is_model { lineage.documents(start).to_vec() } else { Vec::new() };
        let about = |id: &DocId| lineage.workspace().member(*id);
        if let Some(version) = version_in_question(lineage, &own, &measured) {
            // Two versions are two things: what is said of one is not said of the other.
            own.retain(|id| about(id).is_some_and(|member| member.version().is_none_or(|own| own == version)));
            own.sort_by_key(|id| about(id).is_some_and(|member| member.version().is_none()));
        }
        let deployed = of_kind(&[Kind::Rollout], &mut later(&versions, Relation::Deployed).into_iter());
        Self { own, objectives: judging, measured, baselines, deployed }
    }
}

/// Returns the version of a model that a report is about, if its documents describe several: the one that was measured last, by its name or by
/// the digest of its file, or else the newest that is in use.
fn version_in_question<'a>(lineage: &Lineage<'a>, own: &[DocId], measured: &[DocId]) -> Option<&'a str> {
    let workspace = lineage.workspace();
    let member = |id: &DocId| workspace.member(*id);
    let versions: Vec<(&str, &Member)> =
        own.iter().filter_map(member).filter_map(|member| Some((member.version()?, member))).collect();
    if versions.windows(2).all(|pair| pair.first().map(|own| own.0) == pair.last().map(|own| own.0)) {
        return None;
    }
    let mut dated: Vec<(String, &Member)> =
        measured.iter().filter_map(member).filter_map(|own| Some((own.recorded_on()?.0.to_owned(), own))).collect();
    dated.sort_by(|a, b| b.0.cmp(&a.0));
    let of_measured = dated.iter().find_map(|(_, own)| {
        let text = |name: &str| own.tree.text(own.tree.find(own.root, &[name])?);
        let named = text("model").and_then(|model| Some(model.split_once('@')?.1.trim()));
        let digest = text("modelDigest").map(digest_key);
        let is_it = |(version, document): &&(&'a str, &Member)| {
            let own = document.tree.find(document.root, &["modelDigest"]).and_then(|node| document.tree.text(node));
            named.is_some_and(|named| named.eq_ignore_ascii_case(version))
                || digest.is_some() && own.map(digest_key) == digest
        };
        versions.iter().find(is_it).map(|(version, _)| *version)
    });
    let newest = || {
        let in_use = versions.iter().filter(|(_, document)| !document.is_archived());
        in_use.max_by_key(|(version, _)| semver::Version::parse(version).ok()).map(|(version, _)| *version)
    };
    of_measured.or_else(newest).or_else(|| versions.first().map(|(version, _)| *version))
}

/// Returns the runs that made any of some things, or the file that was measured.
fn makers(lineage: &Lineage<'_>, of: impl Iterator<Item = ThingId>) -> Vec<ThingId> {
    let is_way = |edge: &&LineageEdge<'_>| match edge.relation {
        Relation::Produced | Relation::Fitted | Relation::Stored | Relation::Same => true,
        // A measurement is of the content that its digest names.
        Relation::Measured => matches!(lineage.thing(edge.from), Some(Thing::Content(_))),
        _ => false,
    };
    let mut open: Vec<ThingId> = of.collect();
    let mut seen: FxHashSet<ThingId> = open.iter().copied().collect();
    let mut runs = Vec::new();
    while let Some(thing) = open.pop() {
        for edge in lineage.into(thing).filter(is_way) {
            if seen.insert(edge.from) {
                match lineage.kind(edge.from) {
                    Some(Kind::Run | Kind::PipelineRun) => runs.push(edge.from),
                    _ => open.push(edge.from),
                }
            }
        }
    }
    runs
}
