//! The questions that lineage answers, and the answers.

use indexmap::IndexSet;
use rustc_hash::{FxHashMap, FxHashSet};

use super::describe::spoken;
use super::fields::text_of;
use super::walk::Direction;
use super::{Lineage, LineageEdge, Relation, Thing, ThingId};
use crate::documents::{Document, Kind};
use crate::graph::{Graph, Vertex};
use crate::workspace::{DocumentFacts, digest_key, field};

/// A question about a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Question {
    /// What did its runs or steps read?
    Inputs,
    /// What did its runs produce?
    Artifacts,
    /// Where is what they produced?
    Locations,
    /// Of which type is what they produced?
    Types,
    /// Which data was it trained on?
    TrainingData,
    /// With which hyperparameters?
    Hyperparameters,
    /// What was measured?
    Metrics,
    /// Which run of a pipeline created it?
    PipelineRun,
    /// Which other models were trained on this data?
    OtherModels,
    /// Which version of the framework?
    Framework,
}

impl Question {
    /// All questions.
    pub const ALL: &[Self] = &[
        Self::Inputs,
        Self::Artifacts,
        Self::Locations,
        Self::Types,
        Self::TrainingData,
        Self::Hyperparameters,
        Self::Metrics,
        Self::PipelineRun,
        Self::OtherModels,
        Self::Framework,
    ];

    /// Returns its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Inputs => "inputs",
            Self::Artifacts => "artifacts",
            Self::Locations => "locations",
            Self::Types => "types",
            Self::TrainingData => "training-data",
            Self::Hyperparameters => "hyperparameters",
            Self::Metrics => "metrics",
            Self::PipelineRun => "pipeline-run",
            Self::OtherModels => "other-models",
            Self::Framework => "framework",
        }
    }
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What it is about: the name of an object, a hyperparameter or a metric.
    pub name: String,
    /// Its value, place, type or version, if that is what was asked for.
    pub value: Option<String>,
    /// How one can tell.
    pub because: String,
    /// The file that says so.
    pub path: String,
}

/// The answers to a question, and what is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// The answers.
    pub answers: Vec<Answer>,
    /// What is not known, in sentences.
    pub unknown: Vec<String>,
}

impl Answers {
    pub(super) fn add(
        &mut self,
        name: impl Into<String>,
        value: Option<String>,
        because: impl Into<String>,
        path: &str,
    ) {
        let answer = Answer { name: name.into(), value, because: because.into(), path: path.to_owned() };
        self.answers.push(answer);
    }

    /// Says that something is not known, if there is no answer.
    pub(super) fn or_else(mut self, unknown: impl FnOnce() -> String) -> Self {
        if self.answers.is_empty() && self.unknown.is_empty() {
            self.unknown.push(unknown());
        }
        self
    }
}

impl<'a> Lineage<'a> {
    /// Answers a question about a thing.
    #[must_use]
    pub fn answer(&self, subject: ThingId, question: Question) -> Answers {
        match question {
            Question::Inputs => self.inputs(subject),
            Question::Artifacts | Question::Locations | Question::Types => self.products(subject, question),
            Question::TrainingData => self.training_data(subject),
            Question::Hyperparameters => self.hyperparameters(subject),
            Question::Metrics => self.metrics(subject),
            Question::PipelineRun => self.pipeline_run(subject),
            Question::OtherModels => self.other_models(subject),
            Question::Framework => self.framework(subject),
        }
    }

    /// Returns what is not known about a thing that is usually asked for.
    #[must_use]
    pub fn unknown(&self, subject: ThingId) -> Vec<String> {
        let mut unknown = Vec::new();
        if self.is_missing(subject) {
            unknown.push(format!("no document describes {}", self.title(subject)));
        }
        let is_made = matches!(self.kind(subject), Some(Kind::Model | Kind::Artifact));
        let questions: &[Question] = match self.kind(subject) {
            _ if is_made => &[
                Question::TrainingData,
                Question::Hyperparameters,
                Question::Metrics,
                Question::PipelineRun,
                Question::Framework,
            ],
            Some(Kind::Run | Kind::PipelineRun) => &[Question::Inputs, Question::Artifacts],
            _ => &[],
        };
        // Several questions may be open for the same reason.
        let said = questions.iter().flat_map(|question| self.answer(subject, *question).unknown);
        let mut unknown: IndexSet<String> = unknown.into_iter().chain(said).collect();
        if self.kind(subject) == Some(Kind::Model) {
            let later = self.walk(subject, Direction::Later);
            let kinds: FxHashSet<Kind> = later.iter().filter_map(|visit| self.kind(visit.thing)).collect();
            let title = self.title(subject);
            for (kind, what) in [
                (Kind::Evaluation, "no evaluation measures"),
                (Kind::Test, "no test measures"),
                (Kind::Objectives, "no objectives judge"),
            ] {
                if !kinds.contains(&kind) {
                    unknown.insert(format!("{what} {title}"));
                }
            }
            if !later.iter().any(|visit| matches!(self.thing(visit.thing), Some(Thing::Records { .. }))) {
                unknown.insert(format!("no inference record names {title}"));
            }
        }
        unknown.into_iter().collect()
    }

    /// Returns the runs that made a thing, or that it consists of, and those that these started.
    pub(super) fn runs_of(&self, subject: ThingId) -> Vec<ThingId> {
        let start: Vec<ThingId> = match self.kind(subject) {
            Some(Kind::Run | Kind::PipelineRun) => vec![subject],
            Some(Kind::Pipeline) => {
                let runs = self.out_of(subject).filter(|edge| edge.relation == Relation::Executed);
                runs.map(|edge| edge.to).collect()
            }
            _ => {
                let start = self.files_of(subject);
                let is_version = matches!(self.thing(subject), Some(Thing::Version { .. }));
                let leads = |edge: &LineageEdge<'_>| {
                    let is_of_it = matches!(
                        edge.relation,
                        Relation::Produced
                            | Relation::Fitted
                            | Relation::Stored
                            | Relation::Same
                            | Relation::Version
                            | Relation::Performed
                            | Relation::Measured
                    );
                    // What another version was made of tells nothing about this one.
                    let is_other = is_version && edge.relation == Relation::Version;
                    is_of_it && !is_other && !self.is_run(edge.to)
                };
                let walk = self.walk_through(&start, Direction::Earlier, leads);
                let runs = walk.iter().filter(|visit| !visit.is_repeated && self.is_run(visit.thing));
                let mut runs: Vec<ThingId> = runs.map(|visit| visit.thing).collect();
                for run in self.own_runs(subject) {
                    if !runs.contains(&run) {
                        runs.push(run);
                    }
                }
                return match self.only_version_of(subject) {
                    Some(model) if runs.is_empty() => self.runs_of(model),
                    _ => runs,
                };
            }
        };
        let walk = self.walk_through(&start, Direction::Later, |edge| edge.relation == Relation::Started);
        walk.iter().filter(|visit| !visit.is_repeated).map(|visit| visit.thing).collect()
    }

    /// Returns the documents that describe a model, or a version of it: its own, or else those about all versions.
    pub(super) fn describing(&self, subject: ThingId) -> Vec<&'a DocumentFacts> {
        let Some(Thing::Version { of, version }) = self.thing(subject) else { return self.members(subject).collect() };
        let all: Vec<&DocumentFacts> = self.members(*of).collect();
        let is_own = |member: &&DocumentFacts| member.version().is_some_and(|own| own.eq_ignore_ascii_case(version));
        let own: Vec<&DocumentFacts> = all.iter().copied().filter(is_own).collect();
        if own.is_empty() { all.into_iter().filter(|member| member.version().is_none()).collect() } else { own }
    }

    /// Returns a thing, and of a version of a model the files that were measured or deployed as it, or that its own
    /// documents name by their digests.
    fn files_of(&self, subject: ThingId) -> Vec<ThingId> {
        let mut files = vec![subject];
        let Some(Thing::Version { .. }) = self.thing(subject) else { return files };
        let names_file = |edge: &&LineageEdge<'_>| matches!(edge.relation, Relation::Measured | Relation::Deployed);
        let naming = self.out_of(subject).filter(names_file).map(|edge| edge.to);
        let of = naming.flat_map(|document| self.into(document)).filter(names_file).map(|edge| edge.from);
        files.extend(of.filter(|thing| matches!(self.thing(*thing), Some(Thing::Content(_)))));
        let own = self.describing(subject).into_iter().filter(|member| member.version().is_some());
        let digests = own.flat_map(|member| {
            ["modelDigest", "digest"]
                .into_iter()
                .filter_map(|name| text_of(&member.tree, field(&member.tree, member.root, name)?))
        });
        let digests: FxHashSet<String> = digests.map(|digest| digest_key(digest).into_owned()).collect();
        let is_own = |thing: &Thing<'_>| matches!(thing, Thing::Content(content) if digests.contains(&**content));
        files.extend(self.things().filter(|(_, thing)| is_own(thing)).map(|(id, _)| id));
        files.sort_unstable();
        files.dedup();
        files
    }

    /// Returns the runs that the documents of a version of a model name as those that made it.
    fn own_runs(&self, subject: ThingId) -> Vec<ThingId> {
        let Some(Thing::Version { .. }) = self.thing(subject) else { return Vec::new() };
        let own = self.describing(subject).into_iter().filter(|member| member.version().is_some());
        let named = own.filter_map(|member| text_of(&member.tree, field(&member.tree, member.root, "run")?));
        let found = named.filter_map(|run| self.workspace().lookup(run, &[Kind::Run, Kind::PipelineRun]).found());
        found.filter_map(|id| self.of_document(id)).collect()
    }

    /// Returns the model of the only version that is known of it: what made the model made that.
    fn only_version_of(&self, subject: ThingId) -> Option<ThingId> {
        let Some(Thing::Version { of, .. }) = self.thing(subject) else { return None };
        let versions = self.out_of(*of).filter(|edge| edge.relation == Relation::Version).count();
        let has_other = self.members(*of).any(|member| member.version().is_some());
        (versions == 1 && !has_other).then_some(*of)
    }

    fn is_run(&self, thing: ThingId) -> bool {
        matches!(self.kind(thing), Some(Kind::Run | Kind::PipelineRun))
    }

    /// Returns why it is not known what made a thing.
    pub(super) fn no_run(&self, subject: ThingId) -> String {
        let title = self.title(subject);
        match self.kind(subject) {
            Some(Kind::Model) => {
                format!("no run is known to have made {title}: no artifact has the digest or the place of its file")
            }
            Some(Kind::Pipeline) => format!("no run executed {title}"),
            _ => format!("no run names {title} as its product"),
        }
    }

    pub(super) fn because_of(&self, run: ThingId, said: &str) -> String {
        format!("{said} {}", self.title(run))
    }

    fn inputs(&self, subject: ThingId) -> Answers {
        let mut answers = Answers::default();
        let runs = self.runs_of(subject);
        if self.kind(subject) == Some(Kind::Pipeline) {
            self.inputs_of_steps(subject, &mut answers);
        } else if runs.is_empty() {
            answers.unknown.push(self.no_run(subject));
        }
        for run in &runs {
            let read: Vec<&LineageEdge<'_>> = self.into(*run).filter(|edge| edge.relation == Relation::Read).collect();
            if read.is_empty() {
                answers.unknown.push(format!("{} names no data that it read", self.title(*run)));
            }
            for edge in read {
                self.add_data(&mut answers, edge, *run);
            }
        }
        answers
    }

    fn add_data(&self, answers: &mut Answers, edge: &LineageEdge<'_>, run: ThingId) {
        let said = match edge.detail {
            "" => "read by".to_owned(),
            role => format!("read as {} by", spoken(role)),
        };
        let path = self.path(run).unwrap_or_default();
        let data = self.stored_object(edge.from);
        let place = self.location(edge.from).or_else(|| self.location(data));
        answers.add(self.label(data), place, self.because_of(run, &said), path);
    }

    /// Adds what the steps of a pipeline read, as its graph says.
    fn inputs_of_steps(&self, subject: ThingId, answers: &mut Answers) {
        let data = self.into(subject).filter(|edge| edge.relation == Relation::PipelineData);
        let data: FxHashMap<&str, ThingId> = data.map(|edge| (edge.detail, edge.from)).collect();
        let documents = self.documents(subject).iter();
        for member in documents.filter_map(|id| self.workspace().member(*id)) {
            let Some(Document::Pipeline(pipeline)) = member.typed() else { continue };
            let graph = Graph::of(pipeline, &member.tree);
            for edge in graph.edges() {
                let port = |port: Option<&str>| port.map_or_else(String::new, |port| format!(".{}", spoken(port)));
                let name = format!("{}{}", spoken(&graph.path_of(edge.to)), port(edge.to_port));
                let vertex = graph.vertex_name(edge.from);
                let of_data = match edge.from {
                    Vertex::Data(_) => data.get(vertex.strip_prefix("data.").unwrap_or(&vertex)),
                    Vertex::Step(_) => None,
                };
                let of_data = of_data.map(|data| format!(" ({})", self.label(*data)));
                let from = format!("{}{}", spoken(&vertex), port(edge.from_port));
                let value = format!("{from}{}", of_data.unwrap_or_default());
                answers.add(name, Some(value), format!("input of a step of {}", self.title(subject)), member.file());
            }
        }
    }

    fn products(&self, subject: ThingId, question: Question) -> Answers {
        let mut answers = Answers::default();
        let mut products: Vec<(ThingId, Option<ThingId>)> = Vec::new();
        let runs = self.runs_of(subject);
        for run in &runs {
            let produced = self.out_of(*run).filter(|edge| edge.relation == Relation::Produced);
            products.extend(produced.map(|edge| (edge.to, Some(*run))));
        }
        if matches!(self.kind(subject), Some(Kind::Artifact | Kind::Dataset)) {
            products.retain(|(product, _)| *product == subject);
            if products.is_empty() {
                products.push((subject, None));
            }
        } else if runs.is_empty() {
            answers.unknown.push(self.no_run(subject));
        }
        for (product, run) in products {
            let title = self.title(product);
            let value = match question {
                Question::Locations => self.location(product),
                Question::Types => self.artifact_type(product),
                _ => None,
            };
            match question {
                Question::Locations if value.is_none() => {
                    answers.unknown.push(format!("nothing says where {title} is"));
                    continue;
                }
                Question::Types if value.is_none() => {
                    answers.unknown.push(format!("nothing says of which type {title} is"));
                    continue;
                }
                _ => {}
            }
            let because = run.map_or_else(|| "its own document".to_owned(), |run| self.because_of(run, "produced by"));
            answers.add(self.label(product), value, because, self.path(product).unwrap_or_default());
        }
        answers.or_else(|| {
            let names: Vec<String> = runs.iter().take(3).map(|run| self.title(*run)).collect();
            format!("{} names no artifact", names.join(", "))
        })
    }

    /// Returns the edges by which runs read training data: those of the runs, or else of the runs that started them.
    fn training_edges(&self, runs: &[ThingId]) -> Vec<&LineageEdge<'a>> {
        let read = |run: ThingId| self.into(run).filter(|edge| edge.relation == Relation::Read);
        let mut seen: FxHashSet<ThingId> = runs.iter().copied().collect();
        let mut asked = runs.to_vec();
        while !asked.is_empty() {
            let all: Vec<&LineageEdge<'a>> = asked.iter().flat_map(|run| read(*run)).collect();
            let (training, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|edge| is_training(edge.detail));
            if !training.is_empty() {
                return training;
            }
            let unnamed: Vec<_> = others.into_iter().filter(|edge| edge.detail.is_empty()).collect();
            if !unnamed.is_empty() {
                return unnamed;
            }
            let started = asked.iter().flat_map(|run| self.into(*run));
            let started = started.filter(|edge| edge.relation == Relation::Started).map(|edge| edge.from);
            asked = started.filter(|run| seen.insert(*run)).collect();
        }
        Vec::new()
    }

    fn training_data(&self, subject: ThingId) -> Answers {
        let mut answers = Answers::default();
        let runs = self.runs_of(subject);
        for edge in self.training_edges(&runs) {
            self.add_data(&mut answers, edge, edge.to);
        }
        for edge in self.into(subject).filter(|edge| edge.relation == Relation::TrainingData) {
            let title = self.title(subject);
            let path = self.path(subject).unwrap_or_default();
            let datasets = self.into(edge.from).filter(|edge| edge.relation == Relation::Stored);
            let datasets: Vec<ThingId> = datasets.map(|edge| edge.from).collect();
            let things = if datasets.is_empty() { vec![edge.from] } else { datasets };
            for thing in things {
                answers.add(self.label(thing), self.location(thing), format!("named by {title}"), path);
            }
        }
        if answers.answers.is_empty() {
            answers.unknown.push(match runs.first() {
                None => self.no_run(subject),
                Some(run) => {
                    format!("{} names no training data, and neither does a run that started it", self.title(*run))
                }
            });
        }
        answers
    }

    fn pipeline_run(&self, subject: ThingId) -> Answers {
        let mut answers = Answers::default();
        let runs = self.runs_of(subject);
        let walk = self.walk_through(&runs, Direction::Earlier, |edge| edge.relation == Relation::Started);
        for (visit, run) in walk.iter().zip(Self::origins(&walk)).filter(|(visit, _)| !visit.is_repeated) {
            let thing = visit.thing;
            if self.kind(thing) != Some(Kind::PipelineRun) {
                continue;
            }
            let pipelines = self.into(thing).filter(|edge| edge.relation == Relation::Executed);
            let pipelines: Vec<String> = pipelines.map(|edge| self.label(edge.from)).collect();
            let pipeline = (!pipelines.is_empty()).then(|| format!("execution of {}", pipelines.join(", ")));
            let because = if thing == run { "itself".to_owned() } else { self.because_of(run, "started") };
            answers.add(self.label(thing), pipeline, because, self.path(thing).unwrap_or_default());
        }
        answers.or_else(|| match runs.first() {
            None => self.no_run(subject),
            Some(run) => format!("no pipeline run started {}", self.title(*run)),
        })
    }

    fn other_models(&self, subject: ThingId) -> Answers {
        let mut answers = Answers::default();
        let mut data: Vec<ThingId> = match self.kind(subject) {
            Some(Kind::Dataset) => vec![subject],
            _ => {
                let runs = self.runs_of(subject);
                let read = self.training_edges(&runs).into_iter().map(|edge| edge.from);
                let named = self.into(subject).filter(|edge| edge.relation == Relation::TrainingData);
                let named =
                    named.flat_map(|edge| std::iter::once(edge.from).chain(self.into(edge.from).map(|edge| edge.from)));
                read.chain(named).collect()
            }
        };
        data.sort_unstable();
        data.dedup();
        // A dataset leads to its place, and is the better name for it.
        let datasets: FxHashSet<ThingId> = data.iter().copied().filter(|id| self.kind(*id).is_some()).collect();
        data.retain(|id| datasets.contains(id) || !self.into(*id).any(|edge| datasets.contains(&edge.from)));
        if data.is_empty() {
            return self.training_data(subject);
        }
        let leads = |edge: &LineageEdge<'_>| match edge.relation {
            Relation::Read => edge.detail.is_empty() || is_training(edge.detail),
            relation => matches!(
                relation,
                Relation::Produced
                    | Relation::Fitted
                    | Relation::Version
                    | Relation::Stored
                    | Relation::Same
                    | Relation::TrainingData
                    | Relation::Started
            ),
        };
        let walk = self.walk_through(&data, Direction::Later, leads);
        for (visit, data) in walk.iter().zip(Self::origins(&walk)).filter(|(visit, _)| !visit.is_repeated) {
            let model = visit.thing;
            if model != subject && matches!(self.thing(model), Some(Thing::Model { .. })) {
                let because = format!("trained on {}", self.label(data));
                answers.add(self.label(model), None, because, self.path(model).unwrap_or_default());
            }
        }
        answers.or_else(|| {
            let objects: Vec<String> =
                data.iter().filter(|id| self.kind(**id).is_some()).map(|id| self.label(*id)).collect();
            let names = if objects.is_empty() { data.iter().map(|id| self.label(*id)).collect() } else { objects };
            let other = if self.kind(subject) == Some(Kind::Dataset) { "no model" } else { "no other model" };
            format!("{other} is known to be trained on {}", names.join(", "))
        })
    }

    pub(super) fn members(&self, thing: ThingId) -> impl Iterator<Item = &'a DocumentFacts> {
        let documents: Vec<_> = self.documents(thing).to_vec();
        let workspace = self.workspace;
        documents.into_iter().filter_map(move |id| workspace.member(id).map(|member| &**member))
    }
}

/// Returns whether data with a role in a run is what a model is fitted on.
pub(super) fn is_training(role: &str) -> bool {
    matches!(role.trim().to_lowercase().as_str(), "train" | "training" | "fit" | "fitting")
}
