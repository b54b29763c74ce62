//! "`datasetDigest` of a measurement must be the digest of the dataset version that it names."

use rustc_hash::FxHashMap;

use super::{Admission, Inadmissible, datasets};
use crate::documents::Document;
use crate::objectives::verdict::InputRole;
use crate::workspace::Member;

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
        for said in evidence.flat_map(|member| self.said(member)) {
            let known = registered.get(&said.key).or_else(|| measured.get(&said.key));
            if let Some(known) = known.filter(|known| !known.digest.eq_ignore_ascii_case(said.digest)) {
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
                let key = self.workspace.dataset_key(if id.is_empty() { name } else { id });
                registered.insert(key.clone(), Said { dataset: name, key, digest, member });
            }
        }
        Ok(registered)
    }

    fn said(&self, member: &'a Member) -> Vec<Said<'a>> {
        let said = |dataset: Option<&'a str>, digest: Option<&'a str>| {
            let (dataset, digest) = dataset.zip(digest)?;
            Some(Said { dataset, key: self.workspace.dataset_key(dataset), digest, member })
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
