//! "`datasetDigest` of a measurement must be the digest of the dataset version that it names."

use rustc_hash::FxHashMap;

use super::names::{metrics, quoted};
use super::{Admission, Inadmissible, datasets, same_name};
use crate::documents::{Document, Kind};
use crate::objectives::verdict::{Concern, ConcernReason, InputRole};
use crate::workspace::{Member, Resolution, digest_key};

/// A digest of a dataset, and the document that states it.
struct Said<'a> {
    dataset: &'a str,
    key: String,
    digest: &'a str,
    member: &'a Member,
}

impl<'a> Admission<'_, 'a> {
    pub(super) fn is_on_the_data_it_names(&self) -> Result<(), Inadmissible> {
        let registered = self.registered()?;
        let mut measured: FxHashMap<String, Said<'a>> = FxHashMap::default();
        let evidence =
            self.candidate().chain(self.with_role(InputRole::Baseline)).chain(self.with_role(InputRole::Context));
        let evidence: Vec<&'a Member> = evidence.collect();
        for member in &evidence {
            let own = match member.typed() {
                Some(Document::Evaluation(own) | Document::Test(own)) => own.dataset_digest.get(),
                _ => None,
            };
            let read = datasets(member).filter_map(|data| data.digest.get());
            own.into_iter().chain(read).try_for_each(|digest| is_well_formed(digest, member))?;
        }
        for said in evidence.into_iter().flat_map(|member| self.said(member)) {
            let known = registered.get(&said.key).or_else(|| measured.get(&said.key));
            if let Some(known) = known.filter(|known| digest_key(known.digest) != digest_key(said.digest)) {
                return Err(Inadmissible::OtherData {
                    file: said.member.file().to_owned(),
                    dataset: said.dataset.to_owned(),
                    digest: said.digest.to_owned(),
                    other_file: known.member.file().to_owned(),
                    other: known.digest.to_owned(),
                });
            }
            measured.entry(said.key.clone()).or_insert(said);
        }
        Ok(())
    }

    /// Checks that each metric that is judged was measured on data that is known. Nobody else reads a value whose dataset is misspelt.
    pub(super) fn data_is_known(&self) -> Result<(), Inadmissible> {
        let names = self.policy.datasets.iter().flat_map(|data| {
            [Some(data.name.as_str()), data.reference.as_ref().map(|(reference, _)| reference.as_str())]
        });
        let declared: Vec<&str> = names.flatten().collect();
        for member in self.candidate() {
            let whole = match member.typed() {
                Some(Document::Evaluation(own) | Document::Test(own)) => own.dataset.get().map(|own| &**own),
                _ => None,
            };
            for metric in metrics(member) {
                let (Some(key), Some(dataset)) = (metric.key.get(), metric.dataset.get()) else { continue };
                let is_said = declared.iter().copied().chain(whole).any(|name| same_name(name, dataset));
                // Any other name distinguishes metrics, and need not be that of an object.
                let is_reference = dataset.contains('@') || is_id(dataset);
                let is_unknown = || self.workspace.lookup(dataset, &[Kind::Dataset]) == Resolution::Unknown;
                let is_judged = || self.policy.metrics.iter().any(|own| own.name == **key);
                if !is_said && is_reference && is_unknown() && is_judged() {
                    return Err(Inadmissible::UnknownData {
                        file: member.file().to_owned(),
                        metric: key.to_string(),
                        dataset: dataset.to_string(),
                    });
                }
            }
        }
        Ok(())
    }

    /// Checks that no dataset that was measured on is called by the word that the objectives have for another one.
    pub(super) fn words_mean_one_dataset(&self) -> Result<(), Inadmissible> {
        let roles = [InputRole::Baseline, InputRole::History].into_iter().flat_map(|role| self.with_role(role));
        for member in self.candidate().chain(roles) {
            let own = match member.typed() {
                Some(Document::Evaluation(own) | Document::Test(own)) => own.dataset.get().map(|own| &**own),
                _ => None,
            };
            let named = metrics(member).filter_map(|metric| metric.dataset.get()).map(|own| &**own);
            for text in own.into_iter().chain(named) {
                let is_other = |reference: &&str| {
                    matches!(self.workspace.lookup(text, &[Kind::Dataset]), Resolution::Found(_))
                        && self.workspace.dataset_key(text) != self.workspace.dataset_key(reference)
                };
                if let Some(meant) = self.reference_of(text).filter(is_other) {
                    let (file, dataset, meant) = (member.file().to_owned(), text.to_owned(), meant.to_owned());
                    return Err(Inadmissible::TwoDatasets { file, dataset, meant });
                }
            }
        }
        Ok(())
    }

    /// Returns the dataset for which the objectives have this word.
    fn reference_of(&self, word: &str) -> Option<&str> {
        let declared = self.policy.datasets.iter().find(|own| same_name(&own.name, word))?;
        declared.reference.as_ref().map(|(reference, _)| reference.as_str())
    }

    /// Returns the reference to some data, which may be named by the word of the objectives.
    pub(super) fn meant<'t>(&'t self, dataset: &'t str) -> &'t str {
        match self.workspace.lookup(dataset, &[Kind::Dataset]) {
            Resolution::Found(_) => dataset,
            _ => self.reference_of(dataset).unwrap_or(dataset),
        }
    }

    /// Returns what was chosen since it speaks against the model, and is no measurement of it.
    pub(super) fn setbacks(&self) -> impl Iterator<Item = Concern> {
        self.with_role(InputRole::Context).filter_map(|member| {
            let (reason, what) = match member.kind {
                Kind::Rollout => (ConcernReason::RolledBack, "a rollout of this model file was rolled back, or failed"),
                Kind::Validation => (ConcernReason::InvalidData, "the data that was measured on is not valid"),
                _ => return None,
            };
            Some(Concern { reason, message: format!("{what}: '{}' in {}", member.label(), member.file()) })
        })
    }

    /// Returns the digests stated by the documents of the datasets. "An id that looks like `name@version` names nothing else."
    fn registered(&self) -> Result<FxHashMap<String, Said<'a>>, Inadmissible> {
        let mut registered = FxHashMap::default();
        for member in self.with_role(InputRole::Dataset) {
            let Some(Document::Dataset(own)) = member.typed() else { continue };
            let (id, name) = (member.id().unwrap_or_default(), member.name().unwrap_or_default());
            let is_own = member.version().is_some_and(|version| id.eq_ignore_ascii_case(&format!("{name}@{version}")));
            if id.contains('@') && !is_own {
                let (file, id, name) = (member.file().to_owned(), id.to_owned(), name.to_owned());
                return Err(Inadmissible::IdLikeName { file, id, name });
            }
            if let Some(digest) = own.digest.get() {
                is_well_formed(digest, member)?;
                let key = self.workspace.dataset_key(if id.is_empty() { name } else { id });
                registered.insert(key.clone(), Said { dataset: name, key, digest, member });
            }
        }
        Ok(registered)
    }

    fn said(&self, member: &'a Member) -> Vec<Said<'a>> {
        let said = |dataset: Option<&'a str>, digest: Option<&'a str>| {
            let (dataset, digest) = dataset.zip(digest)?;
            Some(Said { dataset, key: self.workspace.dataset_key(self.meant(dataset)), digest, member })
        };
        let own = match member.typed() {
            Some(Document::Evaluation(own) | Document::Test(own)) => {
                said(own.dataset.get().map(|own| &**own), own.dataset_digest.get().map(|own| &**own))
            }
            _ => None,
        };
        let read = datasets(member)
            .filter_map(|data| said(data.dataset.get().map(|own| &**own), data.digest.get().map(|own| &**own)));
        own.into_iter().chain(read).collect()
    }
}

/// Checks that the digest of some data has the form of one: a number of hexadecimal digits that is one of a known algorithm.
fn is_well_formed(digest: &str, member: &Member) -> Result<(), Inadmissible> {
    let key = digest_key(digest);
    let is_digest = key.split_once(':').is_some_and(|(algorithm, digits)| {
        let length = [("sha256", 64), ("sha1", 40), ("sha512", 128)].into_iter().find(|(name, _)| *name == algorithm);
        length.is_some_and(|(_, length)| digits.len() == length) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    match is_digest {
        true => Ok(()),
        false => Err(Inadmissible::MalformedDigest { file: member.file().to_owned(), digest: quoted(digest) }),
    }
}

/// Returns whether a text has the form of the id of an object.
fn is_id(text: &str) -> bool {
    let text = text.trim();
    text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}
