//! "Evidence is about this model": one model, one version of it, one file.

use super::names::quoted;
use super::separation::{is_found, is_named};
use super::{Admission, Inadmissible, artifacts, is_run, run_of};
use crate::documents::artifact::ArtifactType;
use crate::documents::{Document, Kind};
use crate::objectives::model_key::{ModelKey, named_model};
use crate::objectives::provenance::{MeasuredModels, models_read, normalized};
use crate::objectives::verdict::{Concern, ConcernReason, InputRole};
use crate::workspace::Member;

impl<'a> Admission<'_, 'a> {
    /// Checks that the objectives, all measurements and the baseline are about one model, and that the candidate is one version of it.
    pub(super) fn is_about_one_model(&self) -> Result<(), Inadmissible> {
        let demanded = self.key(self.objectives_member).map(|key| (self.objectives_member, key));
        let measured = self.candidate().filter(|member| !is_run(member));
        let mut of_candidate: Option<(&'a Member, ModelKey)> = None;
        for member in measured {
            let Some(key) = self.key(member) else { return Err(self.no_model(member)) };
            for (other, known) in demanded.iter().chain(&of_candidate) {
                // Objectives that name no version apply to any.
                let is_any_version = known.version.is_none() && std::ptr::eq(*other, self.objectives_member);
                if known.name != key.name || known.version != key.version && !is_any_version {
                    return Err(other_model(member, other));
                }
            }
            of_candidate.get_or_insert((member, key));
        }
        let Some(model) = demanded.as_ref().or(of_candidate.as_ref()) else { return Ok(()) };
        for member in self.with_role(InputRole::Baseline) {
            // The baseline is the production model, which is another version.
            if self.key(member).is_some_and(|key| key.name != model.1.name) {
                return Err(other_model(member, model.0));
            }
        }
        let mut runs = self.with_role(InputRole::Run);
        match runs.find(|run| !self.is_tied(run, model)) {
            Some(run) => Err(self.no_model(run)),
            None => Ok(()),
        }
    }

    fn key(&self, member: &Member) -> Option<ModelKey> {
        ModelKey::of(self.workspace, member)
    }

    fn no_model(&self, member: &Member) -> Inadmissible {
        Inadmissible::NoModel {
            file: member.file().to_owned(),
            kind: member.kind.name(),
            document: member.label().to_owned(),
            model: named_model(self.objectives_member).unwrap_or("of the objectives").to_owned(),
        }
    }

    /// Returns whether a run is tied to the model: "A document without `model` is accepted only when its run or file ties it to the model."
    fn is_tied(&self, run: &'a Member, (owner, model): &(&'a Member, ModelKey)) -> bool {
        let is_model = |member: &'a Member| self.key(member).is_some_and(|key| key.name == model.name);
        let names_run = |member: &'a Member| run_of(member).is_some_and(|own| is_named(run, own));
        let is_in_file = |member: &Member| member.file() == run.file();
        let models = MeasuredModels::of(self.workspace, self.candidate().filter(|member| !is_run(member)));
        if models.are_made_by(self.workspace, run) {
            return true;
        }
        let mut measured = self.files.iter().flat_map(|file| file.members.iter().copied()).filter(|own| !is_run(own));
        let named = named_model(owner).unwrap_or_default();
        let is_called = |name: &str| ModelKey::of_text(self.workspace, name).name == model.name || name == named;
        measured.any(|member| is_model(member) && (names_run(member) || is_in_file(member)))
            || self.produced(run).any(|artifact| artifact.name().is_some_and(is_called))
            || artifacts(run).any(|artifact| {
                artifact.artifact_type.get() == Some(&ArtifactType::Model)
                    && artifact.key.get().is_some_and(|key| is_called(key))
            })
    }

    /// Returns the documents of the models that a run produced.
    pub(super) fn produced(&self, run: &'a Member) -> impl Iterator<Item = &'a Member> {
        self.with_role(InputRole::Context).filter(move |member| match member.typed() {
            Some(Document::Artifact(own)) => {
                own.artifact_type.get() == Some(&ArtifactType::Model)
                    && own.created_by_run_id.get().is_some_and(|id| {
                        is_found(&self.workspace.lookup(id, &[Kind::Run, Kind::PipelineRun]), self.workspace, run)
                    })
            }
            _ => false,
        })
    }

    /// Returns the digests of the model file that a document is about, each with the document that states it.
    fn model_files(&self, member: &'a Member) -> Vec<(String, &'a Member)> {
        let mut found = Vec::new();
        let mut add = |digest: Option<&str>, member: &'a Member| {
            found.extend(digest.map(|digest| (normalized(digest), member)));
        };
        if let Some(Document::Evaluation(own) | Document::Test(own)) = member.typed() {
            add(own.model_digest.get().map(|digest| &**digest), member);
        }
        if let Some(Document::Model(own)) = member.typed() {
            add(own.model_digest.get().map(|digest| &**digest), member);
        }
        let named = run_of(member);
        let runs = self
            .with_role(InputRole::Context)
            .chain(self.with_role(InputRole::Baseline))
            .chain(self.with_role(InputRole::Run));
        let measuring = runs.filter(|run| is_run(run) && named.is_some_and(|named| is_named(run, named)));
        for run in measuring.chain(Some(member).filter(|own| is_run(own))) {
            artifacts(run).for_each(|artifact| add(artifact.model_digest.get().map(|digest| &**digest), run));
            for artifact in self.produced(run) {
                if let Some(Document::Artifact(own)) = artifact.typed() {
                    add(own.digest.get().map(|digest| &**digest), artifact);
                }
            }
        }
        found
    }

    /// Returns the model's own document, if the evidence names it.
    fn model_documents(&self) -> impl Iterator<Item = &'a Member> + use<'a> {
        self.with_role(InputRole::Context).filter(|member| member.kind == Kind::Model)
    }

    /// Checks the digests of the model file: "With `--subject FILE` it must be the digest of the file. Evidence that carries no digest
    /// gives `warn`", with a subject or without: a name alone is that of any file that the model ever had.
    pub(super) fn is_about_one_file(&self) -> Result<Option<Concern>, Inadmissible> {
        let of_model: Vec<_> = self.model_documents().flat_map(|model| self.model_files(model)).collect();
        let mut known: Vec<(String, &'a Member)> = of_model.clone();
        let mut unbound: Vec<&'a str> = Vec::new();
        for member in self.candidate() {
            let own = self.model_files(member);
            if own.is_empty() && of_model.is_empty() && !unbound.contains(&member.file()) {
                unbound.push(member.file());
            }
            known.extend(own);
        }
        // Only digests of one algorithm can be the same.
        if let Some((digest, member)) = known.iter().find(|(digest, _)| !is_sha256(digest)) {
            return Err(Inadmissible::OtherAlgorithm {
                file: member.file().to_owned(),
                digest: quoted(&shortened(digest)),
            });
        }
        if let Some((digest, member)) = known.first()
            && let Some((other, place)) = known.iter().find(|(other, _)| other != digest)
        {
            return Err(other_file(member, digest, place.file(), format!("about {}", shortened(other))));
        }
        if let Some((digest, member)) = known.first()
            && let Some(other) = self.terms.subject.iter().find(|subject| subject.sha256 != *digest)
        {
            return Err(other_file(member, digest, &other.name, format!("is {}", shortened(&other.sha256))));
        }
        let baseline = self.with_role(InputRole::Baseline).map(|member| ("the baseline", member));
        let history = self.with_role(InputRole::History).map(|member| ("the run that it is compared with", member));
        for (what, member) in baseline.chain(history) {
            let own = self.model_files(member).into_iter().map(|(digest, _)| digest);
            // A run that measures a model reads it.
            let mut own = own.chain(models_read(member));
            if own.any(|digest| known.iter().any(|(other, _)| *other == digest)) {
                return Err(Inadmissible::OwnBaseline { what, file: member.file().to_owned() });
            }
        }
        match unbound.as_slice() {
            [] => Ok(None),
            [first, ..] if self.terms.is_digest_required => Err(Inadmissible::NoDigest { file: (*first).to_owned() }),
            [rest @ .., last] => {
                let (files, verb) = match rest {
                    [] => ((*last).to_owned(), "does"),
                    rest => (format!("{} and {last}", rest.join(", ")), "do"),
                };
                let message = format!(
                    "{files} {verb} not say which file of the model was measured; write its SHA-256 there, as in \
                     'modelDigest: sha256:…' with the 64 digits that sha256sum prints"
                );
                Ok(Some(Concern { reason: ConcernReason::SubjectNotBound, message }))
            }
        }
    }
}

fn other_model(member: &Member, other: &Member) -> Inadmissible {
    let model = |member: &Member| named_model(member).unwrap_or_default().to_owned();
    Inadmissible::OtherModel {
        file: member.file().to_owned(),
        model: model(member),
        other_file: other.file().to_owned(),
        other: model(other),
    }
}

fn other_file(member: &Member, digest: &str, other_file: &str, other: String) -> Inadmissible {
    let (file, digest) = (member.file().to_owned(), shortened(digest));
    Inadmissible::OtherFile { file, digest, other_file: other_file.to_owned(), other }
}

fn is_sha256(digest: &str) -> bool {
    digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Returns the start of a digest, which is enough to distinguish it.
pub(super) fn shortened(digest: &str) -> String {
    match digest.char_indices().nth(12).and_then(|(end, _)| digest.get(..end)) {
        Some(start) => format!("{start}…"),
        None => digest.to_owned(),
    }
}
