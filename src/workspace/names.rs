//! Objects by their names: which one a name stands for, and which ones a name cannot tell apart.

use std::borrow::Cow;
use std::cmp::Reverse;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::MemberId;
use super::document::Member;
use super::references::Role;
use crate::documents::Kind;

/// The objects of a workspace by their names, without regard to case: "case-insensitive for uniqueness checks".
#[derive(Debug)]
pub(super) struct Names<'a> {
    named: Named<'a>,
    identities: Identities<'a>,
}

/// The objects by their kinds and names, those that are meant first.
pub(super) type Named<'a> = FxHashMap<(Kind, Cow<'a, str>), Vec<Object<'a>>>;

/// The objects that are not archived, by what has to be unique.
pub(super) type Identities<'a> = FxHashMap<Identity<'a>, Vec<MemberId>>;

/// An object as its name's list has it. The order is that in which objects are meant: what is archived "can't be retrieved by name" while
/// another has it, and of several versions the newest is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Object<'a> {
    is_archived: bool,
    precedence: Reverse<Precedence<'a>>,
    id: MemberId,
}

/// The version of an object, in the order of versions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precedence<'a> {
    /// The object has no version, or its name stands for all its versions.
    None,
    /// A text that is no semantic version.
    Text(&'a str),
    /// A semantic version, by its precedence.
    Number(semver::Version),
}

/// What must be unique: a name in its scope.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Identity<'a> {
    kind: Kind,
    name: Cow<'a, str>,
    /// "Artifact names are unique only within run"; versions of a module are told apart by their module.
    scope: &'a str,
    version: &'a str,
}

impl<'a> Precedence<'a> {
    fn of(version: &'a str) -> Self {
        semver::Version::parse(version).map_or(Self::Text(version), Self::Number)
    }
}

impl Member {
    /// Its version in the order of versions. Only datasets and versions of modules are referred to by their version.
    #[must_use]
    pub fn precedence(&self) -> Precedence<'_> {
        let is_versioned = matches!(self.kind, Kind::Dataset | Kind::ModuleVersion);
        self.version().filter(|_| is_versioned).map_or(Precedence::None, Precedence::of)
    }
}

impl<'a> Names<'a> {
    pub(super) fn new(named: Named<'a>, identities: Identities<'a>) -> Self {
        Self { named, identities }
    }

    /// The objects that a name, or `name@version`, stands for: one, or several that fit equally well.
    pub(super) fn meant(&self, text: &str, kinds: &[Kind]) -> Vec<MemberId> {
        let (name, version) = text.split_once('@').map_or((text, None), |(name, version)| (name, Some(version)));
        let name = lower(name);
        // What is called like a module is the module, and not one of its versions that was given the same name.
        let (modules, others): (Vec<Kind>, Vec<Kind>) = kinds.iter().partition(|kind| **kind == Kind::ModuleVersion);
        for kinds in [others, modules] {
            let lists = kinds.into_iter().filter_map(|kind| self.named.get(&(kind, Cow::Borrowed(&*name))));
            let best: Vec<&[Object<'a>]> = lists.filter_map(|list| best(list, version)).collect();
            let is_archived = best.iter().all(|objects| objects.iter().all(|object| object.is_archived));
            let ids = best.into_iter().flatten().filter(|object| object.is_archived == is_archived);
            let ids: Vec<MemberId> = ids.map(|object| object.id).collect();
            if !ids.is_empty() {
                return ids;
            }
        }
        Vec::new()
    }

    pub(super) fn namesakes(&self, member: &'a Member) -> &[MemberId] {
        let identity = identity(member).filter(|_| !member.is_archived());
        identity.and_then(|identity| self.identities.get(&identity)).map_or(&[], Vec::as_slice)
    }
}

pub(super) fn named<'a>(members: &[&'a Member]) -> Named<'a> {
    let mut named = Named::with_capacity_and_hasher(members.len(), FxBuildHasher);
    for (id, member) in members.iter().enumerate() {
        let identifier = member.text(member.object.identifier);
        for name in [member.name(), identifier].into_iter().flatten() {
            let object = Object { is_archived: member.is_archived(), precedence: Reverse(member.precedence()), id };
            let same = named.entry((member.kind, lower(name))).or_default();
            if same.last() != Some(&object) {
                same.push(object);
            }
        }
    }
    named.values_mut().for_each(|objects| objects.sort_unstable());
    named
}

pub(super) fn identities<'a>(members: &[&'a Member]) -> Identities<'a> {
    let mut identities = Identities::default();
    for (id, member) in members.iter().enumerate() {
        if let Some(identity) = identity(member).filter(|_| !member.is_archived()) {
            identities.entry(identity).or_default().push(id);
        }
    }
    identities
}

/// Of the objects with one name, those that fit best and equally well.
fn best<'l, 'a>(list: &'l [Object<'a>], version: Option<&str>) -> Option<&'l [Object<'a>]> {
    let archived = list.partition_point(|object| !object.is_archived);
    let (in_use, archived) = list.split_at(archived);
    [in_use, archived].into_iter().find_map(|part| {
        let wanted = match version {
            Some(version) => Reverse(Precedence::of(version)),
            None => part.first()?.precedence.clone(),
        };
        let equal = |wanted: &Reverse<Precedence<'_>>| {
            let from = part.partition_point(|object| object.precedence < *wanted);
            let rest = part.get(from..)?;
            let end = rest.partition_point(|object| object.precedence == *wanted);
            rest.get(..end).filter(|equal| !equal.is_empty())
        };
        // An object without a version is meant whatever version is asked for.
        equal(&wanted).or_else(|| equal(&Reverse(Precedence::None)))
    })
}

/// What must be unique about an object; nothing for records, which are found by their ids, and for models, whose packages may be spread
/// over several files.
fn identity(member: &Member) -> Option<Identity<'_>> {
    let (scope, version) = match member.kind {
        Kind::Dataset => ("", member.version().unwrap_or("")),
        Kind::ModuleVersion => (scope(member)?, member.version().unwrap_or("")),
        Kind::Artifact => (scope(member)?, ""),
        Kind::Datastore | Kind::Module | Kind::Objectives | Kind::Pipeline => ("", ""),
        _ => return None,
    };
    Some(Identity { kind: member.kind, name: lower(member.name()?), scope, version })
}

/// The run of an artifact, the module of a version.
fn scope(member: &Member) -> Option<&str> {
    let is_scope = |role| matches!(role, Role::Producer | Role::OwnModule);
    let reference = member.references.iter().find(|reference| is_scope(reference.field.role))?;
    member.text(Some(reference.node))
}

/// The text in lower case.
pub(super) fn lower(text: &str) -> Cow<'_, str> {
    let is_lower = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_lower { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(id: MemberId, version: &str, is_archived: bool) -> Object<'_> {
        let precedence = if version.is_empty() { Precedence::None } else { Precedence::of(version) };
        Object { is_archived, precedence: Reverse(precedence), id }
    }

    fn meant(mut list: Vec<Object<'_>>, version: Option<&str>) -> Vec<MemberId> {
        list.sort_unstable();
        best(&list, version).unwrap_or(&[]).iter().map(|object| object.id).collect()
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
