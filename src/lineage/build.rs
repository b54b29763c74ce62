//! From the documents of a workspace to the graph.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};

use super::fields::{holder_name, items, text_of};
use super::place::place;
use super::questions::is_training;
use super::{Lineage, LineageEdge, Relation, Thing, ThingId};
use crate::documents::Kind;
use crate::documents::roles::ReferenceRole;
use crate::workspace::{DocId, Member, Reference, Resolution, Workspace, digest_key, field};
use crate::yaml::{NodeId, Tree};

impl<'a> Lineage<'a> {
    /// Returns the graph of a workspace.
    #[must_use]
    pub fn of(workspace: Workspace<'a>) -> Self {
        let mut builder = Builder::new(workspace);
        let documents: Vec<DocId> = Kind::ALL.iter().flat_map(|kind| workspace.of_kind(*kind)).collect();
        for kind in [Kind::Model, Kind::ModelCard] {
            workspace.of_kind(kind).for_each(|id| builder.model_document(id));
        }
        builder.described_versions();
        for id in &documents {
            builder.document(*id);
        }
        builder.finish()
    }
}

/// What tells a thing from others. Hashed with a seed of the process, so that a document cannot provoke collisions.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Model(String),
    Version(ThingId, String),
    Named(Kind, String),
    Content(String),
    Place(String),
    Records(String, Option<ThingId>),
}

struct Builder<'a> {
    lineage: Lineage<'a>,
    keys: HashMap<Key, ThingId>,
    /// The first edge of each relation between two things.
    known: FxHashMap<(ThingId, ThingId, Relation), usize>,
    /// The artifacts of each run that have documents, by name in lower case.
    artifacts: HashMap<(DocId, String), ThingId>,
    /// Datasets, and the places and contents that they are.
    datasets: Vec<(ThingId, ThingId)>,
}

impl<'a> Builder<'a> {
    fn new(workspace: Workspace<'a>) -> Self {
        let lineage = Lineage {
            workspace,
            things: Vec::new(),
            edges: Vec::new(),
            into: Vec::new(),
            out_of: Vec::new(),
            of_document: FxHashMap::default(),
            model_names: HashMap::new(),
        };
        let mut builder = Self {
            lineage,
            keys: HashMap::new(),
            known: FxHashMap::default(),
            artifacts: HashMap::new(),
            datasets: Vec::new(),
        };
        // Before what runs list is looked at.
        for id in workspace.of_kind(Kind::Artifact) {
            let thing = builder.of_document(id);
            let producer = workspace.references_of(id).find(|(own, _)| own.role == ReferenceRole::Producer);
            let name = workspace.member(id).and_then(|member| member.name());
            if let (Some((_, Resolution::Found(run))), Some(name)) = (producer, name) {
                builder.artifacts.entry((*run, name.to_lowercase())).or_insert(thing);
            }
        }
        builder
    }

    fn workspace(&self) -> Workspace<'a> {
        self.lineage.workspace
    }

    fn add(&mut self, thing: Thing<'a>) -> ThingId {
        self.lineage.things.push(thing);
        ThingId(self.lineage.things.len() - 1)
    }

    fn keyed(&mut self, key: Key, thing: impl FnOnce() -> Thing<'a>) -> ThingId {
        match self.keys.entry(key) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(vacant) => {
                self.lineage.things.push(thing());
                *vacant.insert(ThingId(self.lineage.things.len() - 1))
            }
        }
    }

    fn edge(&mut self, from: ThingId, to: ThingId, relation: Relation, detail: &'a str) {
        if from == to {
            return;
        }
        let edges = &mut self.lineage.edges;
        let first = *self.known.entry((from, to, relation)).or_insert(edges.len());
        match edges.get_mut(first) {
            None => edges.push(LineageEdge { from, to, relation, detail }),
            // Of two places that say the same, one may say more.
            Some(known) if known.detail.is_empty() => known.detail = detail,
            Some(known) if detail.is_empty() || known.detail == detail => {}
            Some(_) => edges.push(LineageEdge { from, to, relation, detail }),
        }
    }

    /// Enters a document of a model. Documents of one name or identifier are about one model.
    fn model_document(&mut self, id: DocId) {
        let Some(member) = self.workspace().member(id) else { return };
        let identifier = member.object.identifier.and_then(|node| text_of(&member.tree, node));
        let names: Vec<&'a str> = [member.name(), identifier].into_iter().flatten().collect();
        let known = names.iter().find_map(|name| self.keys.get(&Key::Model(name.to_lowercase())).copied());
        let label = names.first().copied().unwrap_or_else(|| member.label());
        let thing = known.unwrap_or_else(|| self.add(Thing::Model { name: label, documents: Vec::new() }));
        for name in names {
            self.keys.entry(Key::Model(name.to_lowercase())).or_insert(thing);
        }
        if let Some(Thing::Model { documents, .. }) = self.lineage.things.get_mut(thing.0) {
            documents.push(id);
        }
        self.lineage.of_document.insert(id, thing);
    }

    /// Enters the versions of models whose documents describe several: each is a thing of its own, whether anything else names it or not.
    fn described_versions(&mut self) {
        let workspace = self.workspace();
        let version = |id: &DocId| workspace.member(*id).and_then(|member| member.version());
        let mut described: Vec<(ThingId, &'a str)> = Vec::new();
        for (at, thing) in self.lineage.things.iter().enumerate() {
            let Thing::Model { documents, .. } = thing else { continue };
            let versions: Vec<&'a str> = documents.iter().filter_map(version).collect();
            if versions.windows(2).any(|pair| pair.first() != pair.last()) {
                described.extend(versions.into_iter().map(|version| (ThingId(at), version.trim())));
            }
        }
        for (model, version) in described {
            let key = Key::Version(model, version.to_lowercase());
            let thing = self.keyed(key, || Thing::Version { of: model, version });
            self.edge(model, thing, Relation::Version, "");
        }
    }

    /// Returns the model, or the version of it, that a text names.
    fn model(&mut self, text: &'a str, separator: char) -> ThingId {
        let text = text.trim();
        if let Some(known) = self.keys.get(&Key::Model(text.to_lowercase())) {
            return *known;
        }
        let by_id = self.workspace().with_id(text).find_map(|id| self.lineage.of_document(id));
        if let Some(known) = by_id.filter(|id| matches!(self.lineage.thing(*id), Some(Thing::Model { .. }))) {
            return known;
        }
        let (name, version) = text.rsplit_once(separator).map_or((text, ""), |(name, version)| (name, version.trim()));
        let name = name.trim();
        let model = self.keyed(Key::Model(name.to_lowercase()), || Thing::Model { name, documents: Vec::new() });
        if version.is_empty() {
            return model;
        }
        let key = Key::Version(model, version.to_lowercase());
        let thing = self.keyed(key, || Thing::Version { of: model, version });
        self.edge(model, thing, Relation::Version, "");
        thing
    }

    fn of_document(&mut self, id: DocId) -> ThingId {
        if let Some(known) = self.lineage.of_document(id) {
            return known;
        }
        let thing = self.add(Thing::Document(id));
        self.lineage.of_document.insert(id, thing);
        thing
    }

    fn document(&mut self, id: DocId) {
        let Some(member) = self.workspace().member(id) else { return };
        if matches!(member.kind, Kind::InferenceLog | Kind::InferenceRequest | Kind::InferencePrediction) {
            return self.record(id, member);
        }
        let own = self.of_document(id);
        for (reference, resolution) in self.workspace().references_of(id) {
            self.reference(own, member, reference, resolution);
        }
        match member.kind {
            Kind::Run | Kind::PipelineRun => {
                self.data_without_dataset(own, member);
                self.outputs(own, id, member);
            }
            Kind::Model => self.package(own, member),
            Kind::Artifact => {
                let places = [("data_path", false), ("digest", true)];
                for content in self.contents(member, member.root, &places) {
                    self.edge(own, content, Relation::Stored, "");
                }
            }
            Kind::Transformation => {
                for content in self.contents(member, member.root, &[("digest", true)]) {
                    self.edge(content, own, Relation::Same, "");
                }
            }
            Kind::Rollout => {
                for content in self.contents(member, member.root, &[("modelDigest", true)]) {
                    self.edge(content, own, Relation::Deployed, "");
                }
            }
            Kind::Dataset => {
                let contents = self.contents(member, member.root, &[("location", false), ("digest", true)]);
                self.datasets.extend(contents.into_iter().map(|content| (own, content)));
            }
            Kind::Evaluation | Kind::Test => {
                for content in self.contents(member, member.root, &[("modelDigest", true)]) {
                    self.edge(content, own, Relation::Measured, "");
                }
            }
            _ => {}
        }
    }

    /// Returns the target of a reference. Several objects that fit equally well are one, of which nobody knows which it is.
    fn target(&mut self, member: &'a Member, reference: &Reference, resolution: &Resolution) -> Option<ThingId> {
        let text = text_of(&member.tree, reference.node)?;
        let kind = *reference.targets.first()?;
        match resolution {
            _ if reference.targets == [Kind::Model] => Some(self.model(text, '@')),
            Resolution::Found(found) => Some(self.of_document(*found)),
            _ => Some(self.keyed(Key::Named(kind, text.to_lowercase()), || Thing::Named { kind, text })),
        }
    }

    fn reference(&mut self, own: ThingId, member: &'a Member, reference: &Reference, resolution: &Resolution) {
        // Where data is kept, and what a run belongs to, say nothing about where it came from.
        if matches!(reference.targets, [Kind::Datastore | Kind::Experiment | Kind::Project]) {
            return;
        }
        // A metric may name any part of the data, or only distinguish itself by a name.
        let is_of_metric = reference.role == ReferenceRole::MetricData;
        if is_of_metric && !matches!(resolution, Resolution::Found(_)) {
            return;
        }
        let tree: &'a Tree = &member.tree;
        let Some(target) = self.target(member, reference, resolution) else { return };
        let kind = self.lineage.kind(target);
        let key = || holder_name(tree, reference.node);
        match reference.role {
            ReferenceRole::Producer => self.edge(target, own, Relation::Produced, ""),
            ReferenceRole::Parent => self.edge(target, own, Relation::Started, ""),
            ReferenceRole::StepRun => self.edge(own, target, Relation::Started, key()),
            ReferenceRole::Child => self.edge(own, target, Relation::Started, ""),
            ReferenceRole::RunData => {
                let role = tree.parent(reference.node).and_then(|holder| field(tree, holder, "role"));
                let role = role.and_then(|role| text_of(tree, role)).unwrap_or("");
                self.edge(target, own, Relation::Read, role);
            }
            ReferenceRole::MeasuredData => self.edge(target, own, Relation::MeasuredOn, ""),
            ReferenceRole::MetricData => {
                let is_known = [Relation::Read, Relation::MeasuredOn];
                if !is_known.iter().any(|relation| self.known.contains_key(&(target, own, *relation))) {
                    self.edge(target, own, Relation::MeasuredOn, "");
                }
            }
            ReferenceRole::MeasuringRun => self.edge(target, own, Relation::Performed, ""),
            ReferenceRole::PipelineData => {
                let name = tree.key_of(reference.node).map_or("", |key| tree.key_name(key));
                self.edge(target, own, Relation::PipelineData, name);
            }
            ReferenceRole::StepModule => self.edge(target, own, Relation::Step, key()),
            ReferenceRole::OwnModule => self.edge(target, own, Relation::Version, ""),
            ReferenceRole::ListedVersion => self.edge(own, target, Relation::Version, ""),
            ReferenceRole::JudgedData => self.edge(target, own, Relation::JudgedOn, key()),
            ReferenceRole::Replacement => self.edge(own, target, Relation::Replaced, ""),
            ReferenceRole::Rollback if member.kind == Kind::Rollout => self.edge(target, own, Relation::Replaced, ""),
            ReferenceRole::Rollback => self.edge(target, own, Relation::Rollback, ""),
            ReferenceRole::SplitSet => self.edge(own, target, Relation::Set, key()),
            ReferenceRole::SearchData => self.edge(target, own, Relation::Read, "search"),
            ReferenceRole::FittedOn => self.edge(target, own, Relation::Read, ""),
            ReferenceRole::Component => self.edge(target, own, Relation::Component, ""),
            ReferenceRole::RecordedData => match member.kind {
                Kind::Ingestion | Kind::Transformation => self.edge(own, target, Relation::Produced, ""),
                Kind::Split => self.edge(target, own, Relation::Read, ""),
                _ => self.edge(target, own, Relation::Described, ""),
            },
            _ => match (member.kind, kind) {
                (Kind::Evaluation | Kind::Test, Some(Kind::Model)) => self.edge(target, own, Relation::Measured, ""),
                (Kind::Evaluation | Kind::Test, Some(Kind::Objectives)) => {
                    self.edge(own, target, Relation::Judged, "");
                }
                (Kind::Objectives, Some(Kind::Model)) => self.edge(target, own, Relation::Judged, ""),
                (Kind::Objectives, Some(Kind::Run | Kind::PipelineRun)) => {
                    self.edge(target, own, Relation::Baseline, "");
                }
                (Kind::Run | Kind::PipelineRun, Some(Kind::Pipeline)) => {
                    self.edge(target, own, Relation::Executed, "");
                }
                (Kind::Rollout, Some(Kind::Model)) => self.edge(target, own, Relation::Deployed, ""),
                (Kind::Monitoring, Some(Kind::Model)) => self.edge(target, own, Relation::Watched, ""),
                (Kind::Transformation, Some(Kind::Dataset)) => self.edge(target, own, Relation::Read, ""),
                (Kind::DataSchema, Some(Kind::Dataset)) => self.edge(target, own, Relation::Described, ""),
                (Kind::Model, Some(Kind::Run | Kind::PipelineRun)) => self.edge(target, own, Relation::Produced, ""),
                (_, Some(Kind::Run | Kind::PipelineRun)) => self.edge(target, own, Relation::Performed, ""),
                _ => self.edge(target, own, Relation::Named, ""),
            },
        }
    }

    /// Enters the data of a run that is named by its place or digest alone.
    fn data_without_dataset(&mut self, own: ThingId, member: &'a Member) {
        let tree = &member.tree;
        for item in items(tree, member.root, "datasets") {
            if field(tree, item, "dataset").is_some_and(|dataset| !tree.is_null(dataset)) {
                continue;
            }
            let role = field(tree, item, "role").and_then(|role| text_of(tree, role)).unwrap_or("");
            for content in self.contents(member, item, &[("path", false), ("digest", true)]) {
                self.edge(content, own, Relation::Read, role);
            }
        }
    }

    /// Enters what a run lists as its products.
    fn outputs(&mut self, own: ThingId, run: DocId, member: &'a Member) {
        let tree = &member.tree;
        for item in items(tree, member.root, "artifacts") {
            let name = field(tree, item, "key").and_then(|key| text_of(tree, key)).unwrap_or("");
            let known = self.artifacts.get(&(run, name.to_lowercase())).copied();
            let thing = known.unwrap_or_else(|| self.add(Thing::Output { run, item }));
            self.edge(own, thing, Relation::Produced, "");
            for content in self.contents(member, item, &[("path", false), ("modelDigest", true)]) {
                self.edge(thing, content, Relation::Stored, "");
            }
        }
    }

    /// Enters what a model package says about its file, its data and its pipeline.
    fn package(&mut self, own: ThingId, member: &'a Member) {
        let (tree, root) = (&member.tree, member.root);
        let of_model: [&[&str]; 2] =
            [&["serve", "model_source", "servable_model"], &["train", "model_training_results", "trained_model"]];
        for path in of_model {
            if let Some(place) = tree.find(root, path).and_then(|node| self.place(tree, node)) {
                self.edge(place, own, Relation::Same, "");
            }
        }
        for content in self.contents(member, root, &[("modelDigest", true)]) {
            self.edge(content, own, Relation::Same, "");
        }
        let data = tree.find(root, &["train", "data_source", "training_data"]);
        if let Some(place) = data.and_then(|node| self.place(tree, node)) {
            self.edge(place, own, Relation::TrainingData, "");
        }
        if let Some(source) = tree.find(root, &["data", "source_id"]).and_then(|node| text_of(tree, node))
            && let Resolution::Found(found) = self.workspace().lookup(source, &[Kind::Dataset])
        {
            let dataset = self.of_document(found);
            self.edge(dataset, own, Relation::SourceData, "");
        }
        let Some(labels) = field(tree, root, "labels") else { return };
        let maps = std::iter::once(labels).chain(tree.items(labels).iter().copied());
        let pipelines: Vec<NodeId> = maps.filter_map(|map| field(tree, map, "pipeline_uuids")).collect();
        for node in pipelines.iter().flat_map(|list| tree.items(*list)) {
            if let Some(text) = text_of(tree, *node)
                && let Resolution::Found(found) = self.workspace().lookup(text, &[Kind::Pipeline])
            {
                let pipeline = self.of_document(found);
                self.edge(pipeline, own, Relation::MadeBy, "");
            }
        }
    }

    /// Enters an inference record. The records of a file about a model are one thing: a log has thousands.
    fn record(&mut self, id: DocId, member: &'a Member) {
        let (tree, root) = (&member.tree, member.root);
        let mut names: Vec<&'a str> = Vec::new();
        names.extend(field(tree, root, "modelId").and_then(|node| text_of(tree, node)));
        if let Some(models) = tree.find(root, &["modelInfo", "models"]) {
            names.extend(text_of(tree, models));
            names.extend(tree.items(models).iter().filter_map(|node| text_of(tree, *node)));
        }
        let models: Vec<ThingId> = names.into_iter().map(|name| self.model(name, '/')).collect();
        let file = member.file();
        let key = Key::Records(file.to_owned(), models.first().copied());
        let thing = self.keyed(key, || Thing::Records { file, documents: Vec::new() });
        if let Some(Thing::Records { documents, .. }) = self.lineage.things.get_mut(thing.0) {
            documents.push(id);
        }
        self.lineage.of_document.insert(id, thing);
        for model in models {
            self.edge(model, thing, Relation::Served, "");
        }
        for (reference, resolution) in self.workspace().references_of(id) {
            if let Some(target) = self.target(member, reference, resolution) {
                self.edge(target, thing, Relation::Named, "");
            }
        }
        if let Some(provenance) = field(tree, root, "provenance") {
            for content in self.contents(member, provenance, &[("datasetDigest", true), ("modelDigest", true)]) {
                self.edge(content, thing, Relation::Named, "");
            }
        }
    }

    /// Returns the places and contents that fields of a mapping name. The flag says whether a field holds a digest.
    fn contents(&mut self, member: &'a Member, mapping: NodeId, fields: &[(&str, bool)]) -> Vec<ThingId> {
        let tree: &'a Tree = &member.tree;
        let mut found = Vec::new();
        for (name, is_digest) in fields {
            let Some(node) = field(tree, mapping, name) else { continue };
            match is_digest {
                true => {
                    if let Some(digest) = text_of(tree, node).map(digest_key) {
                        let content = digest.clone().into_owned();
                        found.push(self.keyed(Key::Content(digest.into_owned()), || Thing::Content(content)));
                    }
                }
                false => found.extend(self.place(tree, node)),
            }
        }
        found
    }

    /// Returns a place: a path or URI, a datapath, or a path in a bucket.
    fn place(&mut self, tree: &'a Tree, node: NodeId) -> Option<ThingId> {
        let place = place(self.workspace(), tree, node)?;
        Some(self.keyed(Key::Place(place.clone()), || Thing::Place(place)))
    }

    /// Enters runs that trained a model and measured it at once: where nobody says which file they wrote, that tells what they made.
    fn fitted(&mut self) {
        let edges = &self.lineage.edges;
        let of = |relation: Relation| edges.iter().filter(move |edge| edge.relation == relation);
        let training: FxHashSet<ThingId> =
            of(Relation::Read).filter(|edge| is_training(edge.detail)).map(|edge| edge.to).collect();
        let performed = of(Relation::Performed).filter(|edge| training.contains(&edge.from));
        let run_of: FxHashMap<ThingId, ThingId> = performed.map(|edge| (edge.to, edge.from)).collect();
        let is_model =
            |id: ThingId| matches!(self.lineage.thing(id), Some(Thing::Model { .. } | Thing::Version { .. }));
        let measured = of(Relation::Measured).filter(|edge| is_model(edge.from));
        let fitted: Vec<(ThingId, ThingId)> =
            measured.filter_map(|edge| Some((*run_of.get(&edge.to)?, edge.from))).collect();
        for (run, model) in fitted {
            self.edge(run, model, Relation::Fitted, "");
        }
    }

    fn finish(mut self) -> Lineage<'a> {
        let made: FxHashSet<ThingId> = self.lineage.edges.iter().map(|edge| edge.to).collect();
        for (dataset, content) in std::mem::take(&mut self.datasets) {
            // "Artifacts may be promoted to datasets": then a run has made what is there.
            match made.contains(&content) {
                true => self.edge(content, dataset, Relation::Same, ""),
                false => self.edge(dataset, content, Relation::Stored, ""),
            }
        }
        self.fitted();
        let mut lineage = self.lineage;
        let names = self.keys.into_iter().filter_map(|(key, thing)| match key {
            Key::Model(name) => Some((name, thing)),
            _ => None,
        });
        lineage.model_names = names.collect();
        let is_content =
            |things: &[Thing<'_>], id: ThingId| matches!(things.get(id.0), Some(Thing::Content(_) | Thing::Place(_)));
        let from: FxHashSet<ThingId> = lineage.edges.iter().map(|edge| edge.from).collect();
        let to: FxHashSet<ThingId> = lineage.edges.iter().map(|edge| edge.to).collect();
        // A content that only one side names joins nothing.
        let joins = |id: ThingId| !is_content(&lineage.things, id) || (from.contains(&id) && to.contains(&id));
        lineage.edges.retain(|edge| joins(edge.from) && joins(edge.to));
        lineage.into = vec![Vec::new(); lineage.things.len()];
        lineage.out_of = vec![Vec::new(); lineage.things.len()];
        for (at, edge) in lineage.edges.iter().enumerate() {
            if let Some(list) = lineage.into.get_mut(edge.to.0) {
                list.push(at);
            }
            if let Some(list) = lineage.out_of.get_mut(edge.from.0) {
                list.push(at);
            }
        }
        lineage
    }
}
