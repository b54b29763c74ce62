//! "Evaluation and test must be separate": which documents may measure on which data, and when.

use super::{Admission, Inadmissible, datasets, run_of};
use crate::documents::field::List;
use crate::documents::metric::Metric;
use crate::documents::objectives::DataStage;
use crate::documents::{Document, Kind};
use crate::objectives::measurements::instant;
use crate::objectives::verdict::InputRole;
use crate::workspace::{Member, Resolution};

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
        for test in self.with_role(InputRole::Test) {
            let Some(date) = performed(test) else { continue };
            let own_run = run_of(test);
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

    /// Returns whether a measurement is of the deployed model, which comes after the test.
    fn is_monitoring(&self, member: &Member) -> bool {
        let mut data = measured_on(member).into_iter().map(|(_, dataset)| dataset).peekable();
        data.peek().is_some() && data.all(|dataset| self.stage_of(dataset) == Some(DataStage::Monitoring))
    }

    /// Returns the runs that made or evaluated the candidate: those that are named, those that an evaluation names, and those that record
    /// that they made it.
    fn evaluated_runs(&self) -> impl Iterator<Item = &'a Member> {
        let measuring: Vec<&str> = self.with_role(InputRole::Evaluation).filter_map(run_of).collect();
        let of_evaluation = move |run: &&Member| measuring.iter().any(|name| is_named(run, name));
        let makers = self.makers();
        let is_maker = move |run: &&'a Member| makers.iter().any(|maker| maker.is(run));
        let context = self.with_role(InputRole::Context);
        self.with_role(InputRole::Run).chain(context.filter(move |run| of_evaluation(run) || is_maker(run)))
    }

    /// Checks that the data of a test is new: "A test whose digest is that of any data the evaluation or training read is refused", and so
    /// is one on the same dataset.
    fn is_on_new_data(&self, test: &'a Member) -> Result<(), Inadmissible> {
        let Some(Document::Test(own)) = test.typed() else { return Ok(()) };
        let key_of = |dataset: &str| self.workspace.dataset_key(dataset);
        let own_key = own.dataset.get().map(|dataset| key_of(dataset));
        for run in self.evaluated_runs().filter(|run| !run_of(test).is_some_and(|own| is_named(run, own))) {
            // Hold-back data of a run that also tested is marked by the role of the data.
            for data in datasets(run).filter(|data| !data.role.get().is_some_and(|role| is_of_test(role))) {
                let digest = data.digest.get().zip(own.dataset_digest.get());
                let digest = digest.filter(|(other, digest)| other.eq_ignore_ascii_case(digest));
                let name = data.dataset.get().filter(|dataset| Some(key_of(dataset)) == own_key);
                let shared = digest.map(|(_, digest)| format!("digest {}", &**digest));
                if let Some(data) = shared.or_else(|| Some(format!("dataset '{}'", &**name?))) {
                    let (test, run) = (test.label().to_owned(), format!("the run '{}'", run.label()));
                    return Err(Inadmissible::SeenData { test, run, data });
                }
            }
        }
        Ok(())
    }

    /// Checks the stage of the data: "`on holdback` is met by documents of kind `test` only, `on validation` by an evaluation or a run."
    pub(super) fn measures_where_it_may(&self) -> Result<(), Inadmissible> {
        let tests: Vec<&str> = self.with_role(InputRole::Test).filter_map(run_of).collect();
        let is_of_test = |run: &&Member| tests.iter().any(|name| is_named(run, name));
        let runs = self.evaluated_runs().filter(|run| !is_of_test(run));
        for member in self.candidate().chain(runs) {
            for (metric, dataset) in measured_on(member) {
                let stage = match (self.stage_of(dataset), member.kind) {
                    (Some(DataStage::Test), kind) if kind != Kind::Test => "on which only a test measures",
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
    fn stage_of(&self, dataset: &str) -> Option<DataStage> {
        let key = self.workspace.dataset_key(dataset);
        let is_meant = |own: &&crate::objectives::policy::PolicyDataset| match &own.reference {
            Some((reference, _)) => self.workspace.dataset_key(reference) == key || own.name == dataset,
            None => own.name == dataset,
        };
        let mut stages = self.policy.datasets.iter().filter(is_meant).map(|own| own.stage);
        let first = stages.next()??;
        stages.all(|other| other == Some(first)).then_some(first)
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
    [run.id(), run.name()].into_iter().flatten().any(|name| name.eq_ignore_ascii_case(reference))
}

fn is_of_test(role: &str) -> bool {
    let role = role.to_ascii_lowercase();
    role.contains("test") || role.contains("hold")
}

/// Returns whether a lookup found this document.
pub(super) fn is_found(resolution: &Resolution, workspace: crate::workspace::Workspace<'_>, member: &Member) -> bool {
    matches!(resolution, Resolution::Found(id) if workspace.member(*id).is_some_and(|own| own.is(member)))
}
