//! "Evaluation and test must be separate": which documents may measure on which data, and when.

use rustc_hash::FxHashSet;

use super::roles::is_of_test;
use super::{Admission, Inadmissible, datasets, is_run, run_of, same_name};
use crate::documents::field::List;
use crate::documents::metric::Metric;
use crate::documents::objectives::DataStage;
use crate::documents::{Document, Kind};
use crate::objectives::measurements::{instant, instants};
use crate::objectives::policy::{Policy, PolicyDataset};
use crate::objectives::verdict::InputRole;
use crate::workspace::{Member, Resolution, Workspace, digest_key};

impl<'a> Admission<'_, 'a> {
    /// Checks that tests come after all decisions, and measure on data that no decision was based on.
    pub(super) fn tests_confirm(&self) -> Result<(), Inadmissible> {
        let performed = |member: &'a Member| member.recorded_on().and_then(|(text, _)| instant(text));
        let earlier: Vec<(&'a Member, jiff::Timestamp)> = self
            .with_role(InputRole::Evaluation)
            .filter(|member| !self.is_monitoring(member))
            .chain(self.evaluated_runs())
            .filter_map(|member| Some((member, performed(member)?)))
            .collect();
        let makers = self.makers();
        for test in self.with_role(InputRole::Test) {
            let own_run = run_of(test);
            if let Some(run) = makers.iter().find(|run| own_run.is_some_and(|own| is_named(run, own))) {
                let (test, run) = (test.label().to_owned(), run.label().to_owned());
                return Err(Inadmissible::TestedWhereMade { test, run });
            }
            let Some(date) = performed(test) else { continue };
            // The run that made the test was submitted before it, and has no other date of its measurements.
            let is_own = |run: &Member| own_run.is_some_and(|own| is_named(run, own));
            if let Some((later, _)) = earlier.iter().find(|(member, other)| date < *other && !is_own(member)) {
                let what = format!("the {} '{}'", later.kind.name(), later.label());
                return Err(Inadmissible::TooEarly { test: test.label().to_owned(), what });
            }
            self.is_on_new_data(test)?;
        }
        Ok(())
    }

    /// Checks that the run of a measurement was submitted before it was performed.
    pub(super) fn runs_precede_measurements(&self) -> Result<(), Inadmissible> {
        let date = |member: &Member| member.recorded_on().and_then(|(text, _)| instants(text));
        for member in self.candidate().chain(self.with_role(InputRole::Baseline)) {
            let Some((name, (_, performed))) = run_of(member).zip(date(member)) else { continue };
            let roles = [InputRole::Context, InputRole::Run, InputRole::Baseline];
            let mut runs = roles.into_iter().flat_map(|role| self.with_role(role));
            let is_later =
                |run: &&Member| is_run(run) && is_named(run, name) && date(run).is_some_and(|own| own.0 > performed);
            if let Some(run) = runs.find(is_later) {
                let (file, run) = (member.file().to_owned(), run.label().to_owned());
                return Err(Inadmissible::LaterRun { file, run });
            }
        }
        Ok(())
    }

    /// Checks that no evaluation is older than the model that it is of: than all runs that record that they made it, if each says when.
    pub(super) fn evaluations_follow_the_model(&self) -> Result<(), Inadmissible> {
        let date = |member: &Member| member.recorded_on().and_then(|(text, _)| instants(text));
        let makers = self.makers().into_iter().map(|run| Some((date(run)?.0, run)));
        let Some(makers) = makers.collect::<Option<Vec<_>>>() else { return Ok(()) };
        let Some((made, run)) = makers.into_iter().min_by_key(|(made, _)| *made) else { return Ok(()) };
        let mut evaluations = self.with_role(InputRole::Evaluation);
        match evaluations.find(|own| date(own).is_some_and(|(_, performed)| performed < made)) {
            Some(own) => Err(Inadmissible::BeforeModel { file: own.file().to_owned(), run: run.label().to_owned() }),
            None => Ok(()),
        }
    }

    /// Returns whether a measurement is of the deployed model, which comes after the test.
    fn is_monitoring(&self, member: &Member) -> bool {
        let mut data = measured_on(member).into_iter().map(|(_, dataset)| dataset).peekable();
        data.peek().is_some() && data.all(|dataset| self.stage_of(dataset) == Some(DataStage::Monitoring))
    }

    /// Returns the runs that made or evaluated the candidate: those that are named, those that an evaluation names, those that record
    /// that they made it, and those that started them or were started by them.
    fn evaluated_runs(&self) -> impl Iterator<Item = &'a Member> {
        let measuring: Vec<&str> = self.with_role(InputRole::Evaluation).filter_map(run_of).collect();
        let of_evaluation = move |run: &&Member| measuring.iter().any(|name| is_named(run, name));
        let makers = self.makers();
        let makers = [self.relatives_of_makers(), makers].concat();
        let is_maker = move |run: &&'a Member| makers.iter().any(|maker| maker.is(run));
        let context = self.with_role(InputRole::Context);
        self.with_role(InputRole::Run).chain(context.filter(move |run| of_evaluation(run) || is_maker(run)))
    }

    /// Checks that the data of a test is new: "A test whose digest is that of any data the evaluation or training read is refused", and so
    /// is one on the same dataset, or on a copy of it.
    fn is_on_new_data(&self, test: &'a Member) -> Result<(), Inadmissible> {
        let own = self.data_measured(test);
        for run in self.evaluated_runs().filter(|run| !run_of(test).is_some_and(|own| is_named(run, own))) {
            // Hold-back data of a run that also tested is marked by the role of the data.
            for read in datasets(run).filter(|data| !data.role.get().is_some_and(|role| is_of_test(role))) {
                let (dataset, digest) = (read.dataset.get().map(|own| &**own), read.digest.get().map(|own| &**own));
                let mut data = Data::of(self.workspace, dataset.map(|own| self.meant(own)), digest);
                data.places.extend(read.path.node().and_then(|node| self.workspace.place_of(&run.tree, node)));
                if own.iter().any(|own| own.is_same(&data)) {
                    let data = match (dataset, digest) {
                        (Some(name), _) => format!("dataset '{name}'"),
                        (None, Some(digest)) => format!("digest {digest}"),
                        (None, None) => "at the same location".to_owned(),
                    };
                    let (test, run) = (test.label().to_owned(), format!("the run '{}'", run.label()));
                    return Err(Inadmissible::SeenData { test, run, data });
                }
            }
        }
        Ok(())
    }

    /// Returns the data of a measurement: that of the whole document, and that of single metrics.
    fn data_measured(&self, member: &'a Member) -> Vec<Data> {
        let whole = match member.typed() {
            Some(Document::Evaluation(own) | Document::Test(own)) => {
                let digest = own.dataset_digest.get().map(|digest| &**digest);
                Some(Data::of(self.workspace, own.dataset.get().map(|own| self.meant(own)), digest))
            }
            _ => None,
        };
        let named: FxHashSet<&str> = measured_on(member).into_iter().map(|(_, dataset)| dataset).collect();
        // That a test measures on the data of the evaluation is another fault.
        let named = named.into_iter().filter(|dataset| self.stage_of(dataset) != Some(DataStage::Evaluation));
        let named = named.map(|dataset| Data::of(self.workspace, Some(self.meant(dataset)), None));
        whole.into_iter().chain(named).collect()
    }

    /// Checks the stage of the data: "`on holdback` is met by documents of kind `test` only, `on validation` by an evaluation or a run."
    pub(super) fn measures_where_it_may(&self) -> Result<(), Inadmissible> {
        let tests: Vec<&str> = self.with_role(InputRole::Test).filter_map(run_of).collect();
        let is_of_test = |run: &&Member| tests.iter().any(|name| is_named(run, name));
        let runs = self.evaluated_runs().filter(|run| !is_of_test(run));
        let tested: Vec<Data> = self.with_role(InputRole::Test).flat_map(|test| self.data_measured(test)).collect();
        let is_tested = |dataset: &str| {
            let data = Data::of(self.workspace, Some(self.meant(dataset)), None);
            tested.iter().any(|own| own.is_same(&data))
        };
        for member in self.candidate().chain(runs) {
            for (metric, dataset) in measured_on(member) {
                let stage = match (self.stage_of(dataset), member.kind) {
                    (Some(DataStage::Test), kind) if kind != Kind::Test => "on which only a test measures",
                    (_, kind) if kind != Kind::Test && is_tested(dataset) => "which is data of the test",
                    (Some(DataStage::Evaluation), Kind::Test) => "which is the data of the evaluation",
                    _ => continue,
                };
                return Err(Inadmissible::WrongStage {
                    file: member.file().to_owned(),
                    kind: member.kind,
                    document: member.label().to_owned(),
                    metric: metric.key.get().map_or_else(String::new, |key| key.to_string()),
                    dataset: dataset.to_owned(),
                    stage,
                });
            }
        }
        Ok(())
    }

    /// Returns the lifecycle step of a dataset, as declared in the objectives; `None` if it is declared for two.
    pub(super) fn stage_of(&self, dataset: &str) -> Option<DataStage> {
        stage_of(self.policy, self.workspace, dataset)
    }
}

/// Returns the lifecycle step that reads a dataset, as the objectives declare it, if all of them that name it declare the same.
pub(in crate::objectives) fn stage_of(policy: &Policy, workspace: Workspace<'_>, dataset: &str) -> Option<DataStage> {
    let key = workspace.dataset_key(dataset);
    let is_meant = |own: &&PolicyDataset| match &own.reference {
        Some((reference, _)) => workspace.dataset_key(reference) == key || same_name(&own.name, dataset),
        None => same_name(&own.name, dataset),
    };
    let mut stages = policy.datasets.iter().filter(is_meant).map(|own| own.stage);
    let first = stages.next()??;
    stages.all(|other| other == Some(first)).then_some(first)
}

/// What is known of some data: the key of its dataset, its digest and its locations.
#[derive(Debug, Default)]
struct Data {
    key: Option<String>,
    digest: Option<String>,
    places: Vec<String>,
}

impl Data {
    /// Of a dataset, and of the digest that is stated beside it.
    fn of(workspace: Workspace<'_>, dataset: Option<&str>, digest: Option<&str>) -> Self {
        let document = dataset.and_then(|dataset| match workspace.lookup(dataset, &[Kind::Dataset]) {
            Resolution::Found(found) => workspace.member(found),
            _ => None,
        });
        let own = document.and_then(|member| match member.typed() {
            Some(Document::Dataset(own)) => Some((member, own)),
            _ => None,
        });
        let stated = digest.or_else(|| own.and_then(|(_, own)| own.digest.get().map(|digest| &**digest)));
        let place = own.and_then(|(member, own)| workspace.place_of(&member.tree, own.location.node()?));
        Self {
            key: dataset.map(|dataset| workspace.dataset_key(dataset)),
            digest: stated.map(|digest| digest_key(digest).into_owned()),
            places: place.into_iter().collect(),
        }
    }

    /// Returns whether both are the same data: by dataset or digest, or, if not both have a digest, by location.
    fn is_same(&self, other: &Self) -> bool {
        let is_one = |own: &Option<String>, other: &Option<String>| own.is_some() && own == other;
        let is_at_one_place = || self.places.iter().any(|place| other.places.contains(place));
        is_one(&self.key, &other.key)
            || is_one(&self.digest, &other.digest)
            || (self.digest.is_none() || other.digest.is_none()) && is_at_one_place()
    }
}

/// Returns the metrics of a document, with the data that each was measured on.
fn measured_on(member: &Member) -> Vec<(&Metric, &str)> {
    let (metrics, own) = match member.typed() {
        Some(Document::Evaluation(own) | Document::Test(own)) => (own.metrics.get(), own.dataset.get()),
        Some(Document::Run(own)) => (own.metrics.get(), None),
        Some(Document::PipelineRun(own)) => (own.metrics.get(), None),
        _ => (None, None),
    };
    let metrics = metrics.into_iter().flat_map(List::iter);
    metrics.filter_map(|(_, metric)| Some((metric, &**metric.dataset.get().or(own)?))).collect()
}

/// Returns whether a reference is the id or the name of a run.
pub(in crate::objectives) fn is_named(run: &Member, reference: &str) -> bool {
    [run.id(), run.name()].into_iter().flatten().any(|name| same_name(name, reference))
}

/// Returns whether a lookup found this document.
pub(super) fn is_found(resolution: &Resolution, workspace: Workspace<'_>, member: &Member) -> bool {
    matches!(resolution, Resolution::Found(id) if workspace.member(*id).is_some_and(|own| own.is(member)))
}
