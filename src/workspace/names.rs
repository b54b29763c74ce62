//! Objects by name: which one a name refers to, and which ones share a name. Case is ignored: "case-insensitive for
//! uniqueness checks".

use crate::documents::roles::ReferenceRole;
use std::borrow::Cow;

use super::document::{DocumentFacts, field};
use super::index::{DocId, IndexEntry};
use super::keys::Key;
use super::view::Workspace;
use crate::documents::Kind;

/// The version of an object, ordered by precedence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precedence {
    /// The object has no version, or its name covers all its versions.
    None,
    /// A text that is not a semantic version.
    Text(Box<str>),
    /// A semantic version, by its precedence.
    Number(semver::Version),
}

/// The rank of objects with the same name: a name refers to the one with the highest rank. An archived object "can't be retrieved by name"
/// if another one has that name, and of several versions, the newest is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    pub(super) is_in_use: bool,
    precedence: Precedence,
}

impl Precedence {
    fn of(version: &str) -> Self {
        semver::Version::parse(version).map_or_else(|_| Self::Text(version.into()), Self::Number)
    }
}

impl DocumentFacts {
    /// Its version, in the order of versions. Objects of other kinds are not referred to by version.
    #[must_use]
    pub fn precedence(&self) -> Precedence {
        let versioned = [Kind::Dataset, Kind::DataSchema, Kind::ModuleVersion, Kind::Transformation];
        let is_versioned = versioned.contains(&self.kind) || self.is_model_version();
        self.version().filter(|_| is_versioned).map_or(Precedence::None, Precedence::of)
    }

    /// Returns whether the document is one version of a model. Without a version, and before models had one, it is about all of them.
    #[must_use]
    pub fn is_model_version(&self) -> bool {
        self.kind == Kind::Model && field(&self.tree, self.root, "version").is_some()
    }

    pub(super) fn rank(&self) -> Rank {
        Rank { is_in_use: !self.is_archived(), precedence: self.precedence() }
    }

    /// Returns the names of the object, in lower case.
    pub(super) fn names(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let name = self.name().map(lower);
        let identifier =
            self.text(self.object.identifier).map(lower).filter(|identifier| name.as_ref() != Some(identifier));
        [name, identifier].into_iter().flatten()
    }

    /// Calls `with` with the key that must be unique to an object. Returns `None` for records, which are found by id, and for models without
    /// a version, whose packages may be spread over several files.
    pub(super) fn with_identity<T>(&self, with: impl FnOnce(Key<'_>) -> T) -> Option<T> {
        let version = || self.version().unwrap_or("");
        let (scope, version) = match self.kind {
            _ if self.is_archived() => return None,
            Kind::Dataset | Kind::DataSchema | Kind::Transformation => ("", version()),
            Kind::Model if self.is_model_version() => ("", version()),
            Kind::ModuleVersion => (self.scope()?, version()),
            // "Artifact names are unique only within run".
            Kind::Artifact => (self.scope()?, ""),
            Kind::Datastore | Kind::Experiment | Kind::Module | Kind::Objectives | Kind::Pipeline | Kind::Project => {
                ("", "")
            }
            _ => return None,
        };
        Some(with(Key::Unique(self.kind, &lower(self.name()?), scope, version)))
    }

    /// Returns the run of an artifact, the module of a version.
    fn scope(&self) -> Option<&str> {
        let is_scope = |role| matches!(role, ReferenceRole::Producer | ReferenceRole::OwnModule);
        let reference = self.references.iter().find(|reference| is_scope(reference.role))?;
        self.text(Some(reference.node))
    }
}

impl Workspace<'_> {
    /// Returns the objects that a name, or `name@version`, refers to: one, or several that fit equally well.
    pub(super) fn named(self, text: &str, kinds: &[Kind]) -> Vec<DocId> {
        let (name, version) = text.split_once('@').map_or((text, None), |(name, version)| (name, Some(version)));
        let name = lower(name);
        // A name shared by a module and one of its versions refers to the module.
        for of_versions in [false, true] {
            let kinds = kinds.iter().filter(|kind| (**kind == Kind::ModuleVersion) == of_versions);
            let lists = kinds.map(|kind| self.entries(Key::Name(*kind, &name)));
            let best: Vec<&[IndexEntry]> =
                lists.filter_map(|list| best(list, version, |entry| self.rank(entry))).collect();
            let is_in_use = |entry: &IndexEntry| self.rank(entry).is_some_and(|rank| rank.is_in_use);
            let any_in_use = best.iter().any(|list| list.iter().any(is_in_use));
            let meant = best.into_iter().flatten().filter(|entry| is_in_use(entry) == any_in_use);
            let meant: Vec<DocId> = meant.map(|entry| entry.id).collect();
            if !meant.is_empty() {
                return meant;
            }
        }
        Vec::new()
    }

    /// Returns the non-archived objects that a reference could not distinguish from this one, including itself.
    pub fn namesakes(self, id: DocId) -> impl Iterator<Item = DocId> + Clone {
        let entries = self.facts(id).and_then(|facts| facts.with_identity(|key| self.entries(key)));
        entries.unwrap_or_default().iter().map(|entry| entry.id)
    }
}

/// Returns the best of the objects with one name, sorted by rank; several if they fit equally well.
fn best<'l, 'r, T>(list: &'l [T], version: Option<&str>, rank: impl Fn(&T) -> Option<&'r Rank>) -> Option<&'l [T]> {
    let archived = list.partition_point(|object| rank(object).is_some_and(|rank| !rank.is_in_use));
    let (archived, in_use) = list.split_at(archived);
    [in_use, archived].into_iter().find_map(|part| {
        let precedence = |object: &T| rank(object).map(|rank| &rank.precedence);
        let wanted = match version {
            Some(version) => Precedence::of(version),
            None => precedence(part.last()?)?.clone(),
        };
        let equal = |wanted: &Precedence| {
            let from = part.partition_point(|object| precedence(object) < Some(wanted));
            let rest = part.get(from..)?;
            let end = rest.partition_point(|object| precedence(object) == Some(wanted));
            rest.get(..end).filter(|equal| !equal.is_empty())
        };
        // An object without a version matches any version.
        equal(&wanted).or_else(|| equal(&Precedence::None))
    })
}

/// Converts the text to lower case.
pub(super) fn lower(text: &str) -> Cow<'_, str> {
    let is_lower = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_lower { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(id: usize, version: &str, is_archived: bool) -> (Rank, usize) {
        let precedence = if version.is_empty() { Precedence::None } else { Precedence::of(version) };
        (Rank { is_in_use: !is_archived, precedence }, id)
    }

    fn meant(mut list: Vec<(Rank, usize)>, version: Option<&str>) -> Vec<usize> {
        list.sort_unstable();
        let places: Vec<usize> = (0..list.len()).collect();
        let best = best(&places, version, |place| list.get(*place).map(|(rank, _)| rank));
        best.unwrap_or(&[]).iter().map(|place| list[*place].1).collect()
    }

    #[test]
    fn a_name_stands_for_the_newest_version_that_is_not_archived() {
        let list = || vec![object(0, "1.9.0", false), object(1, "1.10.0", false), object(2, "2.0.0", true)];
        assert_eq!(meant(list(), None), [1]);
        assert_eq!(meant(list(), Some("1.9.0")), [0]);
        assert_eq!(meant(list(), Some("2.0.0")), [2]);
        assert_eq!(meant(list(), Some("3.0.0")), [0; 0]);
        assert_eq!(meant(vec![object(0, "1.0.0", true)], None), [0]);
    }

    #[test]
    fn what_cannot_be_told_apart_is_ambiguous() {
        assert_eq!(meant(vec![object(0, "1.0.0", false), object(1, "1.0.0", false)], None), [0, 1]);
        assert_eq!(meant(vec![object(0, "", false), object(1, "", false)], Some("1.0.0")), [0, 1]);
        assert_eq!(meant(vec![object(0, "", false), object(1, "", true)], None), [0]);
    }

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert!(Precedence::of("1.10.0") > Precedence::of("1.9.0"));
        assert!(Precedence::of("1.0.0-rc.1") < Precedence::of("1.0.0"));
        assert!(Precedence::of("first") < Precedence::of("0.0.1"));
        assert!(Precedence::None < Precedence::of("first"));
    }
}
