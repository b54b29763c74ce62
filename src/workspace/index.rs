//! The workspace: every object by id and by name, and what refers to what.

use std::borrow::Cow;
use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::data::{DatasetDigests, LazyUses};
use super::document::{Member, field};
use super::metric_index::{Logged, Newest};
use super::names::{self, Names, lower};
use super::references::{MODULE, Reference, Role};
use super::versions::{Listed, ListedVersion, Meant};
use crate::documents::module_version::ModuleVersion;
use crate::documents::{Document, Kind};
use crate::text::Source;
use crate::yaml::NodeId;

/// The number of a member in its workspace.
pub type MemberId = usize;

/// All documents that are looked at together.
pub struct Workspace<'a> {
    members: Vec<&'a Member>,
    by_id: FxHashMap<&'a str, Vec<MemberId>>,
    by_kind: FxHashMap<Kind, Vec<MemberId>>,
    names: Names<'a>,
    /// What each reference of each member leads to.
    resolutions: Vec<Vec<Resolution>>,
    listed: OnceLock<FxHashMap<MemberId, Listed<'a>>>,
    referring: OnceLock<FxHashMap<Meaning<'a>, Vec<(MemberId, &'a Reference)>>>,
    run_cycles: OnceLock<FxHashSet<MemberId>>,
    requests: OnceLock<FxHashMap<&'a str, RequestRecords>>,
    pub(super) uses: LazyUses<'a>,
    pub(super) dataset_digests: DatasetDigests<'a>,
    newest_record: OnceLock<Option<Dated>>,
    pub(super) newest: OnceLock<Newest<'a>>,
    pub(super) logged: OnceLock<Logged<'a>>,
    is_partial: bool,
    /// The texts that could not be read, and their words in lower case.
    unread: Vec<(Unread<'a>, FxHashSet<String>)>,
    references_to_unread: OnceLock<FxHashMap<usize, Vec<(MemberId, &'a Reference)>>>,
}

/// A text of MLSpec documents that could not be read.
#[derive(Clone, Copy, Debug)]
pub struct Unread<'a> {
    /// The text and its name.
    pub source: &'a Source,
    /// Whether something is reported about it.
    pub is_reported: bool,
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
    /// None, and no object of the kind is in the workspace at all, so nothing can be said.
    NoneOfKind,
    /// None that was read, but the name is in the text of the workspace with this number among those that could not be read.
    Unread(usize),
}

/// What references have in common that mean the same: the object, or where it is not known, the text without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Target<'a> {
    Object(MemberId),
    Text(&'static [Kind], Cow<'a, str>),
}

/// What is asked about references: the target, what the references mean, and the kind of the documents that they are in.
type Meaning<'a> = (Target<'a>, Role, Kind);

/// The inference records of one request.
#[derive(Clone, Debug, Default)]
pub struct RequestRecords {
    /// The logged requests.
    pub requests: Vec<MemberId>,
    /// The predictions.
    pub predictions: Vec<MemberId>,
}

/// A record and the day that it is of.
#[derive(Clone, Copy, Debug)]
pub struct Dated {
    /// The day, in UTC.
    pub day: Date,
    /// The document.
    pub member: MemberId,
    /// The node that holds the day.
    pub node: NodeId,
}

/// The day that a text names: a date, or the day in UTC of an RFC 3339 date-time.
#[must_use]
pub fn day(text: &str) -> Option<Date> {
    match text.len() {
        // The calendar would read the date of a date-time without regard to its zone.
        10 => text.parse().ok(),
        _ => Some(text.parse::<Timestamp>().ok()?.to_zoned(TimeZone::UTC).date()),
    }
}

/// The words of a text that can be the name or id of an object, in lower case.
fn words(text: &str) -> FxHashSet<String> {
    let is_of_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    text.split(|c: char| !is_of_word(c)).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// Whether the object that a reference names is named among these words.
fn is_among(words: &FxHashSet<String>, member: &Member, reference: &Reference) -> bool {
    let text = member.text(Some(reference.node)).unwrap_or("").trim();
    let name = text.split_once('@').map_or(text, |(name, _)| name);
    words.contains(&*lower(name))
}

/// Fewer documents than this are looked up faster than threads begin to help.
const WORTH_THREADS: usize = 256;

type ByIdAndKind<'a> = (FxHashMap<&'a str, Vec<MemberId>>, FxHashMap<Kind, Vec<MemberId>>);

fn by_id_and_kind<'a>(members: &[&'a Member]) -> ByIdAndKind<'a> {
    let mut by_id = FxHashMap::with_capacity_and_hasher(members.len(), FxBuildHasher);
    let mut by_kind: FxHashMap<_, Vec<_>> = FxHashMap::default();
    for (index, member) in members.iter().enumerate() {
        by_kind.entry(member.kind).or_default().push(index);
        if let Some(id) = member.id() {
            by_id.entry(id).or_insert_with(Vec::new).push(index);
        }
    }
    (by_id, by_kind)
}

impl<'a> Workspace<'a> {
    /// Indexes documents, in this order. `is_partial` says that there may be more of them elsewhere.
    #[must_use]
    pub fn new(members: Vec<&'a Member>, is_partial: bool) -> Self {
        Self::beside(members, is_partial, Vec::new())
    }

    /// The same beside texts that are MLSpec documents and could not be read: they may hold what the documents refer to.
    #[must_use]
    pub fn beside(members: Vec<&'a Member>, is_partial: bool, unread: Vec<Unread<'a>>) -> Self {
        let is_worth_threads = members.len() >= WORTH_THREADS;
        let named = || names::named(&members);
        let others = || (names::identities(&members), by_id_and_kind(&members));
        let (named, (identities, (by_id, by_kind))) =
            if is_worth_threads { rayon::join(named, others) } else { (named(), others()) };
        let mut workspace = Self {
            names: Names::new(named, identities),
            members,
            by_id,
            by_kind,
            resolutions: Vec::new(),
            listed: OnceLock::new(),
            referring: OnceLock::new(),
            run_cycles: OnceLock::new(),
            requests: OnceLock::new(),
            uses: OnceLock::new(),
            dataset_digests: OnceLock::new(),
            newest_record: OnceLock::new(),
            newest: OnceLock::new(),
            logged: OnceLock::new(),
            is_partial,
            unread: unread.into_iter().map(|unread| (unread, words(unread.source.text()))).collect(),
            references_to_unread: OnceLock::new(),
        };
        let all = 0..workspace.members.len();
        workspace.resolutions = match is_worth_threads {
            true => all.into_par_iter().map(|id| workspace.resolve_all(id)).collect(),
            false => all.map(|id| workspace.resolve_all(id)).collect(),
        };
        workspace
    }

    fn resolve_all(&self, id: MemberId) -> Vec<Resolution> {
        let Some(member) = self.member(id) else { return Vec::new() };
        let resolve = |reference: &Reference| {
            let kinds = reference.field.targets;
            let text = member.text(Some(reference.node)).unwrap_or("");
            let found = match reference.field.role {
                Role::StepModule => self.lookup_module(text),
                _ => self.lookup(text, kinds),
            };
            // The only run of a workspace has its parent elsewhere.
            let is_alone = || kinds.first().is_some_and(|kind| self.of_kind(*kind) == [id]);
            if found != Resolution::Unknown {
                return found;
            }
            if is_alone() {
                return Resolution::NoneOfKind;
            }
            let unread = self.unread.iter().position(|(_, words)| is_among(words, member, reference));
            unread.map_or(found, Resolution::Unread)
        };
        member.references.iter().map(resolve).collect()
    }

    /// The text with this number among those that could not be read.
    #[must_use]
    pub fn unread(&self, text: usize) -> Option<Unread<'a>> {
        self.unread.get(text).map(|(unread, _)| *unread)
    }

    /// The references that may be to what is in a text that could not be read, in the order of the documents.
    pub fn references_to_unread(&self, text: usize) -> impl Iterator<Item = (MemberId, &'a Reference)> {
        let references = self.references_to_unread.get_or_init(|| {
            let mut references: FxHashMap<_, Vec<_>> = FxHashMap::default();
            for id in 0..self.members.len() {
                for (reference, found) in self.references_of(id) {
                    if let Resolution::Unread(text) = found {
                        references.entry(*text).or_default().push((id, reference));
                    }
                }
            }
            references
        });
        references.get(&text).into_iter().flatten().copied()
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

    /// The documents of a kind, in the order of their files.
    #[must_use]
    pub fn of_kind(&self, kind: Kind) -> &[MemberId] {
        self.by_kind.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// The documents with an id.
    #[must_use]
    pub fn with_id(&self, id: &str) -> &[MemberId] {
        self.by_id.get(id).map_or(&[], Vec::as_slice)
    }

    /// The objects that are not archived and that a reference could not tell from this one; itself is among them.
    #[must_use]
    pub fn namesakes(&self, id: MemberId) -> &[MemberId] {
        self.member(id).map_or(&[], |member| self.names.namesakes(member))
    }

    /// One key for all references to one dataset: the number of the dataset, or, where it is not known, the reference in lower case.
    #[must_use]
    pub fn dataset_key(&self, reference: &str) -> String {
        match self.lookup(reference, &[Kind::Dataset]) {
            Resolution::Found(found) => format!("#{found}"),
            _ => reference.to_lowercase(),
        }
    }

    /// The references of a document, and what each leads to.
    pub fn references_of(&self, id: MemberId) -> impl Iterator<Item = (&'a Reference, &Resolution)> {
        let references = self.member(id).map_or(&[][..], |member| &member.references);
        references.iter().zip(self.resolutions.get(id).into_iter().flatten())
    }

    /// The object of one of the kinds that a text names: by id, by name, or by `name@version`. The first kind is the one that is meant as
    /// a rule.
    #[must_use]
    pub fn lookup(&self, text: &str, kinds: &[Kind]) -> Resolution {
        let is_of_kind = |id: &MemberId| self.member(*id).is_some_and(|member| kinds.contains(&member.kind));
        // "Archived objects are still readable by id". Two objects with one id are a finding of their own.
        if let Some(found) = self.with_id(text).iter().copied().find(is_of_kind) {
            return Resolution::Found(found);
        }
        match self.names.meant(text, kinds).as_slice() {
            // Whoever keeps pipeline runs here and their runs elsewhere is not asked for the runs.
            [] if kinds.first().is_none_or(|kind| self.of_kind(*kind).is_empty()) => Resolution::NoneOfKind,
            [] => Resolution::Unknown,
            [found] => Resolution::Found(*found),
            several => Resolution::Ambiguous(several.to_vec()),
        }
    }

    /// The version of a module that a step's `moduleName` stands for: by the id of the version or module, by `name@version`, or by
    /// name, when the newest version that is not archived is meant. With its member, for places in its file.
    #[must_use]
    pub fn module_version(&self, reference: &str) -> Option<(&'a ModuleVersion, &'a Member)> {
        let Resolution::Found(found) = self.lookup_module(reference) else { return None };
        let member = self.member(found)?;
        match member.typed()? {
            Document::ModuleVersion(typed) => Some((typed, member)),
            _ => None,
        }
    }

    /// What a step's `moduleName` stands for: a version, or the module where the document of the version is not at hand. A version
    /// that the module does not list is not found, whether or not it has a document.
    fn lookup_module(&self, reference: &str) -> Resolution {
        let found = self.lookup(reference, MODULE);
        let Resolution::Found(id) = found else { return found };
        let Some(module) = self.member(id).filter(|member| member.kind == Kind::Module) else { return found };
        let Some(listed) = self.listed().get(&id).filter(|_| module.kind == Kind::Module) else { return found };
        match listed.meant(reference.split_once('@').map(|(_, version)| version.trim())) {
            Meant::Version(version) => Resolution::Found(version),
            Meant::NotAtHand => found,
            Meant::None => Resolution::Unknown,
        }
    }

    /// The versions that each module lists, read once: a pipeline may have a thousand steps of a module with a thousand versions.
    fn listed(&self) -> &FxHashMap<MemberId, Listed<'a>> {
        self.listed.get_or_init(|| {
            let modules = self.of_kind(Kind::Module).iter().copied();
            modules.filter_map(|id| Some((id, self.read_listed(self.member(id)?)?))).collect()
        })
    }

    /// The versions that a module lists, unless it does not say which those are.
    #[must_use]
    pub fn listed_versions(&self, module: MemberId) -> Option<&[ListedVersion<'a>]> {
        self.listed().get(&module).map(Listed::versions)
    }

    fn read_listed(&self, module: &'a Member) -> Option<Listed<'a>> {
        let tree = &module.tree;
        let list = field(tree, module.root, "versions").filter(|list| tree.is_sequence(*list))?;
        let is_version = |id: &MemberId| self.member(*id).is_some_and(|member| member.kind == Kind::ModuleVersion);
        let listed = tree.items(list).iter().map(|entry| {
            let ids = module.text(field(tree, *entry, "id")).map_or(&[][..], |id| self.with_id(id));
            let id = ids.iter().copied().find(is_version);
            let document = id.and_then(|id| Some((id, self.member(id)?)));
            ListedVersion { number: module.text(field(tree, *entry, "version")), document }
        });
        Some(Listed::new(listed.collect()))
    }

    /// The module that a version is of, as the version says.
    #[must_use]
    pub fn module_of(&self, version: MemberId) -> Option<&'a Member> {
        match self.references_of(version).find(|(reference, _)| reference.field.role == Role::OwnModule)? {
            (_, Resolution::Found(module)) => self.member(*module),
            _ => None,
        }
    }

    /// The run that started a run, as the run says.
    #[must_use]
    pub fn parent_of(&self, run: MemberId) -> Option<MemberId> {
        match self.references_of(run).find(|(reference, _)| reference.field.role == Role::Parent)? {
            (_, Resolution::Found(parent)) => Some(*parent),
            _ => None,
        }
    }

    /// The references of a role to an object from documents of a kind, in their order.
    pub fn referring_to(&self, object: MemberId, role: Role, kind: Kind) -> &[(MemberId, &'a Reference)] {
        self.referring().get(&(Target::Object(object), role, kind)).map_or(&[], Vec::as_slice)
    }

    /// The references of a role, from documents of a kind, that mean the same as one of a document's, in their order.
    pub fn meaning_the_same(
        &self,
        id: MemberId,
        reference: &Reference,
        role: Role,
        kind: Kind,
    ) -> &[(MemberId, &'a Reference)] {
        let resolution = self.references_of(id).find(|(own, _)| own.node == reference.node).map(|(_, found)| found);
        let target = self.member(id).zip(resolution).map(|(member, found)| target(member, reference, found));
        target.and_then(|target| self.referring().get(&(target, role, kind))).map_or(&[], Vec::as_slice)
    }

    fn referring(&self) -> &FxHashMap<Meaning<'a>, Vec<(MemberId, &'a Reference)>> {
        self.referring.get_or_init(|| {
            let mut referring: FxHashMap<_, Vec<_>> =
                FxHashMap::with_capacity_and_hasher(self.members.len(), FxBuildHasher);
            for (index, member) in self.members.iter().enumerate() {
                for (reference, resolution) in self.references_of(index) {
                    let meaning = (target(member, reference, resolution), reference.field.role, member.kind);
                    referring.entry(meaning).or_default().push((index, reference));
                }
            }
            referring
        })
    }

    /// The inference records of a request.
    pub fn of_request(&self, request: &str) -> Option<&RequestRecords> {
        let requests = self.requests.get_or_init(|| {
            let mut requests: FxHashMap<&'a str, RequestRecords> = FxHashMap::default();
            for kind in [Kind::InferenceLog, Kind::InferenceRequest, Kind::InferencePrediction] {
                for index in self.of_kind(kind) {
                    let about = self.member(*index).and_then(|member| member.about_request("requestId"));
                    let Some((id, _)) = about else { continue };
                    let records = requests.entry(id).or_default();
                    match kind {
                        Kind::InferencePrediction => records.predictions.push(*index),
                        _ => records.requests.push(*index),
                    }
                }
            }
            requests
        });
        requests.get(request)
    }

    /// The newest of the runs, evaluations, tests and inference records that have a date; of several on one day, the first.
    pub fn newest_record(&self) -> Option<Dated> {
        *self.newest_record.get_or_init(|| {
            let dated = self.members.iter().enumerate().filter_map(|(id, member)| {
                let (text, node) = member.recorded_on()?;
                Some(Dated { day: day(text)?, member: id, node })
            });
            dated.reduce(|newest, next| if next.day > newest.day { next } else { newest })
        })
    }

    /// The runs that are their own ancestors.
    pub fn run_cycles(&self) -> &FxHashSet<MemberId> {
        self.run_cycles.get_or_init(|| {
            let runs = self.of_kind(Kind::Run).iter().chain(self.of_kind(Kind::PipelineRun));
            cycles(runs.copied(), |run| self.parent_of(run))
        })
    }
}

pub(super) fn target<'a>(member: &'a Member, reference: &Reference, resolution: &Resolution) -> Target<'a> {
    match resolution {
        Resolution::Found(found) => Target::Object(*found),
        _ => Target::Text(reference.field.targets, lower(member.text(Some(reference.node)).unwrap_or(""))),
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
}
