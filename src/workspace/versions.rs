//! The versions that modules list.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{DocId, Member};

/// A version as listed by its module.
#[derive(Clone, Copy, Debug)]
pub struct ListedVersion<'a> {
    /// Its number, if the list has one.
    pub number: Option<&'a str>,
    /// Its document, if it is in the workspace.
    pub document: Option<(DocId, &'a Member)>,
}

impl ListedVersion<'_> {
    /// Returns whether it is unknown which version it is, possibly because of a placeholder that is filled in later.
    fn is_unreadable(&self) -> bool {
        self.document.is_none() && self.number.is_none_or(|number| number.contains(['$', '{', '<']))
    }
}

/// The versions that a module lists, indexed for queries.
pub(super) struct Listed<'a> {
    /// The newest document of each number that is listed, in the list or in a document; `None` if no document is available. An
    /// archived document is used only if there is no other candidate.
    by_number: FxHashMap<&'a str, Option<DocId>>,
    /// The newest document of all.
    newest: Option<DocId>,
    /// Whether all available documents are archived.
    are_all_archived: bool,
    /// Whether each of them has a document.
    are_all_known: bool,
    is_any_unreadable: bool,
    is_empty: bool,
}

impl<'a> Listed<'a> {
    pub fn new(versions: Vec<ListedVersion<'a>>) -> Self {
        let rank = |(_, member): (DocId, &'a Member)| member.rank();
        let newer = |a: Option<(DocId, &'a Member)>, b: Option<(DocId, &'a Member)>| match (a, b) {
            (Some(a), Some(b)) if rank(a) > rank(b) => Some(a),
            (a, b) => b.or(a),
        };
        let mut by_number: FxHashMap<&str, Option<(DocId, &'a Member)>> = FxHashMap::default();
        for version in &versions {
            let own = version.document.and_then(|(_, member)| member.version());
            for number in version.number.into_iter().chain(own.filter(|own| version.number != Some(*own))) {
                let best = by_number.entry(number).or_default();
                *best = newer(*best, version.document);
            }
        }
        let unclear = listed_twice(&versions);
        for number in &unclear {
            by_number.insert(number, None);
        }
        let is_unclear = |member: &Member| member.version().is_some_and(|number| unclear.contains(number));
        let newest = versions.iter().map(|version| version.document).fold(None, newer);
        let id = |found: Option<(DocId, &'a Member)>| found.map(|(id, _)| id);
        Self {
            by_number: by_number.into_iter().map(|(number, found)| (number, id(found))).collect(),
            are_all_archived: newest.is_some_and(|(_, member)| member.is_archived()),
            newest: id(newest.filter(|(_, member)| !is_unclear(member))),
            are_all_known: versions.iter().all(|version| version.document.is_some()),
            is_any_unreadable: versions.iter().any(ListedVersion::is_unreadable),
            is_empty: versions.is_empty(),
        }
    }

    /// Resolves a reference with this number, or without one.
    pub fn meant(&self, wanted: Option<&str>) -> Meant {
        let known = match wanted {
            Some(wanted) => self.by_number.get(wanted).copied().flatten(),
            None => self.newest,
        };
        match known {
            // An archived version is meant only if nothing else can be.
            Some(_) if wanted.is_none() && self.are_all_archived && !self.are_all_known => Meant::NotAtHand,
            Some(id) => Meant::Version(id),
            None if self.is_any_unreadable => Meant::NotAtHand,
            None if wanted.is_none_or(|wanted| self.by_number.contains_key(wanted)) && !self.is_empty => {
                Meant::NotAtHand
            }
            None => Meant::None,
        }
    }
}

/// Returns the numbers that are listed with two documents, neither of them archived. A reference to one of them could mean either; that it
/// is listed twice is a fault of the module.
fn listed_twice<'a>(versions: &[ListedVersion<'a>]) -> FxHashSet<&'a str> {
    let mut first: FxHashMap<&str, DocId> = FxHashMap::default();
    let usable = versions.iter().filter_map(|version| {
        let (id, member) = version.document?;
        Some((version.number?, id)).filter(|_| !member.is_archived())
    });
    usable.filter(|(number, id)| *first.entry(number).or_insert(*id) != *id).map(|(number, _)| number).collect()
}

/// The target of a reference to a version.
pub(super) enum Meant {
    /// This document.
    Version(DocId),
    /// A version whose document is not available.
    NotAtHand,
    /// No version that the module lists.
    None,
}
