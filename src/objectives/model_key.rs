//! The model that a document is about.

use crate::documents::{Document, Kind};
use crate::workspace::{DocId, Member, Workspace};

/// A model as a document refers to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelKey {
    /// A key that is common to all references to one model: the number of its document, or the name in lower case if that is not known, or
    /// is that of one of its versions.
    pub name: String,
    /// The version that the reference names.
    pub version: Option<String>,
    /// The model's own document.
    pub document: Option<DocId>,
}

impl ModelKey {
    /// Returns the key for a reference: a name, `name@version` or an id.
    #[must_use]
    pub fn of_text(workspace: Workspace<'_>, text: &str) -> Self {
        let text = text.trim();
        let (name, version) = text.split_once('@').map_or((text, None), |(name, version)| (name, Some(version)));
        let found = [text, name].into_iter().find_map(|text| workspace.lookup(text, &[Kind::Model]).found());
        let of_versions = found.and_then(|found| workspace.member(found)).filter(|found| found.is_model_version());
        let key = match (of_versions.and_then(|model| model.name()), found) {
            (Some(name), _) => name.to_lowercase(),
            (None, Some(found)) => format!("#{}", found.index()),
            (None, None) => name.to_lowercase(),
        };
        // The document of another version tells nothing about this one.
        let own = of_versions.filter(|_| version.is_some()).and_then(|model| model.version());
        let is_meant = own.is_none_or(|own| Some(own) == version.map(str::trim));
        Self { name: key, version: version.map(str::to_lowercase), document: found.filter(|_| is_meant) }
    }

    /// Returns the key of the model that a document names.
    #[must_use]
    pub fn of(workspace: Workspace<'_>, member: &Member) -> Option<Self> {
        named_model(member).map(|text| Self::of_text(workspace, text))
    }
}

/// Returns the reference to its model that a document holds.
#[must_use]
pub fn named_model(member: &Member) -> Option<&str> {
    let model = match member.typed()? {
        Document::Objectives(own) => own.model.get(),
        Document::Evaluation(own) | Document::Test(own) => own.model.get(),
        _ => None,
    };
    model.map(|model| &**model).filter(|model| !model.trim().is_empty())
}
