//! Things in words. Credentials in names are masked here, so that no format shows them.

use super::fields::{items, text_of};
use super::place::place;
use super::{Lineage, Relation, Thing, ThingId};
use crate::documents::Kind;
use crate::secrets::{MASK, is_unspeakable, shortened};
use crate::workspace::{DocId, DocumentFacts, field};
use crate::yaml::{NodeId, Tree};

/// Longer names are truncated.
pub const MOST_SHOWN: usize = 200;

impl Lineage<'_> {
    /// Returns the name of a thing, with the version of an object that has one.
    #[must_use]
    pub fn label(&self, id: ThingId) -> String {
        match self.thing(id) {
            None => String::new(),
            Some(Thing::Document(document)) => self.label_of_document(*document),
            Some(Thing::Model { name, .. }) => spoken(name),
            Some(Thing::Version { of, version }) => format!("{}@{}", self.label(*of), spoken(version)),
            Some(Thing::Named { text, .. }) => spoken(text),
            Some(Thing::Output { run, item }) => {
                let member = self.workspace.member(*run);
                let named = member.and_then(|member| spoken_field(&member.tree, *item, "key"));
                named.unwrap_or_else(|| "without a key".to_owned())
            }
            Some(Thing::Content(text) | Thing::Place(text)) => spoken(text),
            Some(Thing::Records { documents, .. }) => {
                let count = documents.len();
                format!("{count} record{}", if count == 1 { "" } else { "s" })
            }
        }
    }

    fn label_of_document(&self, document: DocId) -> String {
        let Some(member) = self.workspace.member(document) else { return String::new() };
        let of_module = || self.workspace.module_of(document).and_then(|module| module.name());
        let name = member.name().or_else(of_module).or_else(|| member.id()).unwrap_or_else(|| member.file());
        match member.version() {
            Some(version) => format!("{}@{}", spoken(name), spoken(version)),
            None => spoken(name),
        }
    }

    /// Returns what a thing is: the name of its kind, or another word.
    #[must_use]
    pub fn noun(&self, id: ThingId) -> &'static str {
        match self.thing(id) {
            Some(Thing::Content(_)) => "content",
            Some(Thing::Place(_)) => "place",
            _ => self.kind(id).map_or("thing", |kind| kind.name()),
        }
    }

    /// Returns the file of the document that a thing has, or is listed in.
    #[must_use]
    pub fn path(&self, id: ThingId) -> Option<&str> {
        match self.thing(id)? {
            Thing::Output { run, .. } => self.workspace.member(*run).map(|member| member.file()),
            _ => self.workspace.member(*self.documents(id).first()?).map(|member| member.file()),
        }
    }

    /// Returns what a thing is and how it is called: "dataset credit-train@1.2.0".
    #[must_use]
    pub fn title(&self, id: ThingId) -> String {
        format!("{} {}", self.noun(id), self.label(id))
    }

    /// Returns whether a thing is named and has no document.
    #[must_use]
    pub fn is_missing(&self, id: ThingId) -> bool {
        match self.thing(id) {
            Some(Thing::Named { .. }) => true,
            Some(Thing::Model { documents, .. }) => documents.is_empty(),
            _ => false,
        }
    }

    /// Returns where the file of a thing is.
    #[must_use]
    pub fn location(&self, id: ThingId) -> Option<String> {
        let (document, mapping, names): (DocId, Option<NodeId>, &[&str]) = match self.thing(id)? {
            Thing::Output { run, item } => (*run, Some(*item), &["path"]),
            Thing::Document(document) => (*document, None, &["data_path", "location"]),
            Thing::Place(place) => return Some(spoken(place)),
            _ => return None,
        };
        let member = self.workspace.member(document)?;
        let mapping = mapping.unwrap_or(member.root);
        let node = names.iter().find_map(|name| field(&member.tree, mapping, name))?;
        if is_unspeakable(&member.tree, node) {
            return Some(MASK.to_owned());
        }
        place(self.workspace, &member.tree, node).map(|place| spoken(&place))
    }

    /// Returns the object that is at a place or has a content, which is a better name for it; the thing itself, if there is none.
    #[must_use]
    pub fn stored_object(&self, id: ThingId) -> ThingId {
        let is_bare = matches!(self.thing(id), Some(Thing::Content(_) | Thing::Place(_)));
        let stored = self.into(id).find(|edge| is_bare && edge.relation == Relation::Stored);
        stored.map_or(id, |edge| edge.from)
    }

    /// Returns the type of an artifact.
    #[must_use]
    pub fn artifact_type(&self, id: ThingId) -> Option<String> {
        let (document, mapping) = match self.thing(id)? {
            Thing::Output { run, item } => (*run, Some(*item)),
            Thing::Document(document) => (*document, None),
            _ => return None,
        };
        let member = self.workspace.member(document)?;
        spoken_field(&member.tree, mapping.unwrap_or(member.root), "artifact_type")
    }
}

/// Returns a text without credentials, and not longer than it can be read.
pub(super) fn spoken(text: &str) -> String {
    shortened(text, MOST_SHOWN).into_owned()
}

/// Returns the text of a scalar without credentials.
pub(super) fn spoken_node(tree: &Tree, node: NodeId) -> Option<String> {
    let text = text_of(tree, node)?;
    Some(if is_unspeakable(tree, node) { MASK.to_owned() } else { spoken(text) })
}

/// Returns the text of a field without credentials.
pub(super) fn spoken_field(tree: &Tree, mapping: NodeId, name: &str) -> Option<String> {
    field(tree, mapping, name).and_then(|node| spoken_node(tree, node))
}

/// Returns a value on one line, as JSON unless it is a scalar, without credentials.
pub(super) fn spoken_value(tree: &Tree, node: NodeId) -> String {
    let node = tree.resolve(node);
    if let Some(text) = spoken_node(tree, node) {
        return text;
    }
    if tree.is_mapping(node) || tree.is_sequence(node) {
        // A credential in a collection is known by its place in the text, and masked with the rest of it.
        let holds_secret = secrets_below(tree, node);
        return if holds_secret {
            MASK.to_owned()
        } else {
            spoken(&crate::yaml::json::to_value(tree, node).to_string())
        };
    }
    "null".to_owned()
}

/// Returns whether any value below a node may not be shown.
fn secrets_below(tree: &Tree, node: NodeId) -> bool {
    let mut open = vec![node];
    // An alias may be below itself many times over.
    let mut left = MOST_NODES;
    while let Some(node) = open.pop() {
        left -= 1;
        if left == 0 || is_unspeakable(tree, node) {
            return true;
        }
        let node = tree.resolve(node);
        open.extend(tree.items(node));
        open.extend(tree.entries(node).map(|entry| entry.value));
    }
    false
}

/// Values with more nodes are not looked through, and not shown.
const MOST_NODES: usize = 10_000;

/// Returns the fields of a document that give it a date, the most telling first.
const DATES: &[&str] =
    &["performedOn", "submittedDate", "versionedOn", "createdUtc", "fittedOn", "startedOn", "observedOn", "date"];

/// Returns the day of a document: that of the record or of the version, of a rollout the last one that a stage names.
#[must_use]
pub fn day_of(member: &DocumentFacts) -> Option<jiff::civil::Date> {
    let tree = &member.tree;
    let own = DATES.iter().filter_map(|name| text_of(tree, field(tree, member.root, name)?));
    let recorded = member.recorded_on().map(|(text, _)| text).into_iter().chain(own).find_map(crate::workspace::day);
    let of_stages = || {
        let stages = items(tree, member.root, "stages").into_iter();
        let days = stages.flat_map(|stage| ["from", "until"].map(|name| text_of(tree, field(tree, stage, name)?)));
        days.flatten().filter_map(crate::workspace::day).max()
    };
    recorded.or_else(|| (member.kind == Kind::Rollout).then(of_stages).flatten())
}
