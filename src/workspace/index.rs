//! The workspace: every object by id and by name, and what refers to what.

use std::cmp::Ordering;
use std::ops::Deref;
use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::member::Member;
use super::references::{Reference, Role};
use crate::documents::module_version::ModuleVersion;
use crate::documents::{Document, Kind};
use crate::findings::{Finding, Part};
use crate::rules::context::place;
use crate::yaml::NodeId;

/// The number of a member in its workspace.
pub type MemberId = usize;

/// All documents that are looked at together.
pub struct Workspace<'a> {
    members: Vec<&'a Member>,
    by_id: FxHashMap<&'a str, Vec<MemberId>>,
    /// By kind and name in lower case: "case-insensitive for uniqueness checks".
    by_name: FxHashMap<(Kind, String), Vec<MemberId>>,
    by_kind: FxHashMap<Kind, Vec<MemberId>>,
    run_cycles: OnceLock<FxHashSet<MemberId>>,
    /// What refers to each object, by the objects.
    referring: OnceLock<FxHashMap<MemberId, Vec<(MemberId, &'a Reference)>>>,
    /// The inference records of each request.
    requests: OnceLock<FxHashMap<&'a str, Vec<MemberId>>>,
    is_partial: bool,
}

/// What a reference leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// One object; of several versions the newest, unless the reference names one.
    Found(MemberId),
    /// Several objects that fit equally well.
    Ambiguous(Vec<MemberId>),
    /// None, though there are objects of the kind.
    Unknown,
    /// No object of the kind is in the workspace at all, so nothing can be said.
    NoneOfKind,
}

impl<'a> Workspace<'a> {
    /// Indexes documents, in this order. `is_partial` says that there may be more of them elsewhere.
    #[must_use]
    pub fn new(members: Vec<&'a Member>, is_partial: bool) -> Self {
        let mut by_id: FxHashMap<_, Vec<_>> = FxHashMap::default();
        let mut by_name: FxHashMap<_, Vec<_>> = FxHashMap::default();
        let mut by_kind: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for (index, member) in members.iter().enumerate() {
            by_kind.entry(member.kind).or_default().push(index);
            if let Some(id) = member.id() {
                by_id.entry(id).or_default().push(index);
            }
            let names = [member.name(), member.text(member.object.identifier)];
            for name in names.into_iter().flatten() {
                let same: &mut Vec<_> = by_name.entry((member.kind, name.to_lowercase())).or_default();
                if same.last() != Some(&index) {
                    same.push(index);
                }
            }
        }
        Self {
            members,
            by_id,
            by_name,
            by_kind,
            run_cycles: OnceLock::new(),
            referring: OnceLock::new(),
            requests: OnceLock::new(),
            is_partial,
        }
    }

    /// The document with this number.
    #[must_use]
    pub fn member(&self, id: MemberId) -> Option<&'a Member> {
        self.members.get(id).copied()
    }

    /// Whether there may be documents that are not here.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.is_partial
    }

    /// All documents, in the order of their files.
    #[must_use]
    pub fn members(&self) -> &[&'a Member] {
        &self.members
    }

    /// The documents of a kind.
    #[must_use]
    pub fn of_kind(&self, kind: Kind) -> &[MemberId] {
        self.by_kind.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// The documents with an id.
    #[must_use]
    pub fn with_id(&self, id: &str) -> &[MemberId] {
        self.by_id.get(id).map_or(&[], Vec::as_slice)
    }

    /// The documents of a kind that have a name, whatever its case.
    #[must_use]
    pub fn named(&self, kind: Kind, name: &str) -> &[MemberId] {
        self.by_name.get(&(kind, name.to_lowercase())).map_or(&[], Vec::as_slice)
    }

    /// What a document refers to with one of its references.
    #[must_use]
    pub fn resolve(&self, from: &Member, reference: &Reference) -> Resolution {
        let text = from.text(Some(reference.node)).unwrap_or("");
        self.lookup(text, reference.field.targets)
    }

    /// The object of one of the kinds that a text names: by id, by name, or by `name@version`.
    #[must_use]
    pub fn lookup(&self, text: &str, kinds: &[Kind]) -> Resolution {
        if kinds.iter().all(|kind| self.of_kind(*kind).is_empty()) {
            return Resolution::NoneOfKind;
        }
        let is_of_kind = |id: &MemberId| self.member(*id).is_some_and(|member| kinds.contains(&member.kind));
        // "Archived objects are still readable by id". Two objects with one id are a finding of their own.
        if let Some(found) = self.with_id(text).iter().copied().find(is_of_kind) {
            return Resolution::Found(found);
        }
        let (name, version) = text.split_once('@').map_or((text, None), |(name, version)| (name, Some(version)));
        let named: Vec<MemberId> = kinds.iter().flat_map(|kind| self.named(*kind, name)).copied().collect();
        self.choose(named, version)
    }

    /// Of the objects with a name, the one that is meant. One that is archived "can't be retrieved by name", so it is meant only when
    /// no other is there.
    fn choose(&self, named: Vec<MemberId>, version: Option<&str>) -> Resolution {
        let fits = |id: &MemberId| match (version, self.version_of(*id)) {
            (Some(wanted), Some(own)) => wanted == own,
            _ => true,
        };
        let mut fitting: Vec<MemberId> = named.into_iter().filter(fits).collect();
        let archived = |id: &MemberId| self.member(*id).is_some_and(Member::is_archived);
        if !fitting.iter().all(archived) {
            fitting.retain(|id| !archived(id));
        }
        let newest = fitting.iter().copied().max_by(|a, b| self.compare_versions(*a, *b));
        let Some(newest) = newest else { return Resolution::Unknown };
        fitting.retain(|id| self.compare_versions(*id, newest) == Ordering::Equal);
        if fitting.len() > 1 { Resolution::Ambiguous(fitting) } else { Resolution::Found(newest) }
    }

    /// The version of a kind of object that has several; a model's or module's own name stands for all its versions.
    fn version_of(&self, id: MemberId) -> Option<&'a str> {
        self.member(id).filter(|member| matches!(member.kind, Kind::Dataset | Kind::ModuleVersion))?.version()
    }

    fn compare_versions(&self, a: MemberId, b: MemberId) -> Ordering {
        match (self.version_of(a), self.version_of(b)) {
            (Some(a), Some(b)) => compare_versions(a, b),
            (a, b) => a.cmp(&b),
        }
    }

    /// The version of a module that a step's `moduleName` stands for: by the id of the version or module, by `name@version`, or by
    /// name, when the newest version that is not archived is meant. With its member, for places in its file.
    #[must_use]
    pub fn module_version(&self, reference: &str) -> Option<(&'a ModuleVersion, &'a Member)> {
        let Resolution::Found(found) = self.lookup(reference, &[Kind::ModuleVersion, Kind::Module]) else {
            return None;
        };
        let member = self.member(found)?;
        let version = match member.kind {
            Kind::ModuleVersion => member,
            _ => self.version_of_module(member, reference.split_once('@').map(|(_, version)| version))?,
        };
        match version.typed()? {
            Document::ModuleVersion(typed) => Some((typed, version)),
            _ => None,
        }
    }

    /// The version of a module with this number, else its newest.
    fn version_of_module(&self, module: &Member, wanted: Option<&str>) -> Option<&'a Member> {
        let listed = |reference: &&Reference| reference.field.role == Role::ListedVersion;
        let ids = module.references.iter().filter(listed).filter_map(|reference| module.text(Some(reference.node)));
        let versions = ids.flat_map(|id| self.with_id(id)).filter_map(|id| self.member(*id));
        versions
            .filter(|version| version.kind == Kind::ModuleVersion)
            .filter(|version| wanted.map_or(!version.is_archived(), |wanted| version.version() == Some(wanted)))
            .max_by(|a, b| compare_versions(a.version().unwrap_or(""), b.version().unwrap_or("")))
    }

    /// The run that started a run, as the run says.
    #[must_use]
    pub fn parent_of(&self, run: MemberId) -> Option<MemberId> {
        let member = self.member(run)?;
        let reference = member.references.iter().find(|reference| reference.field.role == Role::Parent)?;
        match self.resolve(member, reference) {
            Resolution::Found(parent) => Some(parent),
            _ => None,
        }
    }

    /// The documents that refer to an object, each with the reference, in the order of the documents.
    pub fn referring_to(&self, object: MemberId) -> impl Iterator<Item = (&'a Member, &'a Reference)> {
        let referring = self.referring.get_or_init(|| {
            let mut referring: FxHashMap<_, Vec<_>> = FxHashMap::default();
            for (index, member) in self.members.iter().enumerate() {
                for reference in &member.references {
                    if let Resolution::Found(found) = self.resolve(member, reference) {
                        referring.entry(found).or_default().push((index, reference));
                    }
                }
            }
            referring
        });
        let referring = referring.get(&object).into_iter().flatten();
        referring.filter_map(|(index, reference)| Some((self.member(*index)?, *reference)))
    }

    /// The inference records of a request.
    pub fn of_request(&self, request: &str) -> &[MemberId] {
        let requests = self.requests.get_or_init(|| {
            let mut requests: FxHashMap<&'a str, Vec<MemberId>> = FxHashMap::default();
            for kind in [Kind::InferenceLog, Kind::InferenceRequest, Kind::InferencePrediction] {
                for index in self.of_kind(kind) {
                    let Some(member) = self.member(*index) else { continue };
                    if let Some((id, _)) = member.about_request("requestId") {
                        requests.entry(id).or_default().push(*index);
                    }
                }
            }
            requests
        });
        requests.get(request).map_or(&[], Vec::as_slice)
    }

    /// The runs that are their own ancestors.
    pub fn run_cycles(&self) -> &FxHashSet<MemberId> {
        self.run_cycles.get_or_init(|| {
            let runs = self.of_kind(Kind::Run).iter().chain(self.of_kind(Kind::PipelineRun));
            cycles(runs.copied(), |run| self.parent_of(run))
        })
    }
}

/// The members of all cycles of a graph in which each node has at most one successor, in linear time.
fn cycles(nodes: impl Iterator<Item = MemberId>, next: impl Fn(MemberId) -> Option<MemberId>) -> FxHashSet<MemberId> {
    let mut walk_of: FxHashMap<MemberId, MemberId> = FxHashMap::default();
    let mut found = FxHashSet::default();
    for start in nodes {
        let mut path = Vec::new();
        let mut at = Some(start);
        while let Some(node) = at {
            match walk_of.get(&node) {
                None => {
                    walk_of.insert(node, start);
                    path.push(node);
                    at = next(node);
                }
                // Met in this very walk: everything since is a cycle.
                Some(walk) if *walk == start => {
                    found.extend(path.iter().skip_while(|other| **other != node));
                    break;
                }
                Some(_) => break,
            }
        }
    }
    found
}

/// Semantic versions by their precedence, other texts by their characters; what is no version comes first.
fn compare_versions(a: &str, b: &str) -> Ordering {
    match (semver::Version::parse(a), semver::Version::parse(b)) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        (Ok(_), Err(_)) => Ordering::Greater,
        (Err(_), Ok(_)) => Ordering::Less,
        (Err(_), Err(_)) => a.cmp(b),
    }
}

/// The workspace as one of its documents sees it.
pub struct Linked<'w, 'a> {
    workspace: &'w Workspace<'a>,
    /// The number of the document.
    pub id: MemberId,
    /// The document.
    pub own: &'a Member,
}

impl<'w, 'a> Linked<'w, 'a> {
    /// The view of the document with this number.
    #[must_use]
    pub fn new(workspace: &'w Workspace<'a>, id: MemberId) -> Option<Self> {
        Some(Self { workspace, id, own: workspace.member(id)? })
    }

    /// The document's references of a role, and what each leads to.
    pub fn references(&self) -> impl Iterator<Item = (&'a Reference, Resolution)> {
        self.own.references.iter().map(|reference| (reference, self.resolve(self.own, reference)))
    }

    /// A finding with a place of another document, by its node; the document's first key where there is no node.
    #[must_use]
    pub fn relate(
        &self,
        finding: Finding,
        other: &Member,
        node: Option<NodeId>,
        message: impl Into<String>,
    ) -> Finding {
        let part = if node.is_some() { Part::Value } else { Part::Key };
        let place = place(&other.tree, other.position, node.unwrap_or(other.root), part);
        if other.file() == self.own.file() {
            finding.related(place.span, message)
        } else {
            finding.related_in(other.file(), place.span, message)
        }
    }

    /// Other documents of the workspace among some.
    pub fn others<'m>(&self, members: &'m [MemberId]) -> impl Iterator<Item = &'a Member> + use<'m, '_, 'w, 'a> {
        members.iter().filter(|id| **id != self.id).filter_map(|id| self.member(*id))
    }
}

impl<'a> Deref for Linked<'_, 'a> {
    type Target = Workspace<'a>;

    fn deref(&self) -> &Self::Target {
        self.workspace
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_members_of_cycles_are_found_and_what_leads_to_them_is_not() {
        // 0 → 1 → 2 → 1, 3 → 3, 4 → 0, 5.
        let next = |node: MemberId| [Some(1), Some(2), Some(1), Some(3), Some(0), None][node];
        let mut found: Vec<_> = cycles(0..6, next).into_iter().collect();
        found.sort_unstable();
        assert_eq!(found, [1, 2, 3]);
    }

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert_eq!(compare_versions("1.10.0", "1.9.0"), Ordering::Greater);
        assert_eq!(compare_versions("1.0.0-rc.1", "1.0.0"), Ordering::Less);
        assert_eq!(compare_versions("first", "1.0.0"), Ordering::Less);
    }
}
