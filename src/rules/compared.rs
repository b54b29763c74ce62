//! What a rule sees that compares documents with another revision.

use std::cell::OnceCell;

use super::same_meaning::SameMeaning;
use super::{Context, Linked, Rule};
use crate::diagnostics::{Finding, Part, Place};
use crate::text::Source;
use crate::workspace::{Member, Revision, Workspace, field};
use crate::yaml::{self, Difference, Meaning, NodeId, ValueIn};

/// A document beside what it was.
pub struct ComparedDocument<'c, 'a> {
    /// The revision.
    pub revision: &'c Revision,
    /// What the document was; `None` if it is new.
    pub before: Option<&'c Member>,
    /// The other documents as they are now.
    pub linked: &'c Linked<'a>,
    same: OnceCell<Option<SameMeaning<'c, 'a>>>,
}

impl<'c, 'a> ComparedDocument<'c, 'a> {
    /// Compares a document.
    #[must_use]
    pub fn new(linked: &'c Linked<'a>, revision: &'c Revision) -> Self {
        Self { revision, before: revision.counterpart(linked.own), linked, same: OnceCell::new() }
    }

    /// Returns what the document was, if it is another text now. Most documents of a workspace are not.
    #[must_use]
    pub fn changed(&self) -> Option<&'c Member> {
        self.before.filter(|old| !old.is(self.linked.own))
    }

    /// Returns the first difference in a field; the spelling of its name does not matter.
    #[must_use]
    pub fn difference(&self, cx: &Context<'_>, name: &str) -> Option<Difference> {
        self.difference_in(cx, name, &|_| true)
    }

    /// Returns the first difference in a field, in the entries of mappings whose name `is_meant`. A field that is null says what one that
    /// is not there says.
    #[must_use]
    pub fn difference_in(&self, cx: &Context<'_>, name: &str, is_meant: &dyn Fn(&str) -> bool) -> Option<Difference> {
        let old = self.changed()?;
        let said = |tree: &yaml::Tree, node: NodeId| !tree.is_null(node);
        let before = field(&old.tree, old.root, name).filter(|node| said(&old.tree, *node));
        match (field(cx.tree, cx.root, name), before) {
            (Some(now), Some(before)) => self.difference_of(name, (cx.tree, now), (&old.tree, before), is_meant),
            (Some(now), None) => said(cx.tree, now).then_some(Difference::Added(now)),
            (None, Some(before)) => Some(Difference::Removed { within: cx.root, before }),
            (None, None) => None,
        }
    }

    /// Returns the first difference in meaning between two values of the field with this name: the same digest in other letters, another
    /// reference to the same object, and the same instant in another zone are none.
    #[must_use]
    pub fn difference_of(
        &self,
        name: &str,
        now: ValueIn<'_>,
        before: ValueIn<'_>,
        is_meant: &dyn Fn(&str) -> bool,
    ) -> Option<Difference> {
        let same = self.same.get_or_init(|| Some(SameMeaning::new(self.linked, self.before?, self.revision)));
        let is_same = |name: &str, now: ValueIn<'_>, before: ValueIn<'_>| {
            same.as_ref().is_some_and(|same| same.is_same(name, now, before))
        };
        yaml::difference_of_meaning(now, before, name, &Meaning { is_meant, is_same: &is_same })
    }

    /// Returns the first difference in each top-level field whose name `is_meant`. Extensions, whose names begin with `x-`, mean what
    /// their authors want.
    #[must_use]
    pub fn differences<'t>(&self, cx: &'t Context<'_>, is_meant: impl Fn(&str) -> bool) -> Vec<(&'t str, Difference)>
    where
        'c: 't,
    {
        let Some(old) = self.changed() else { return Vec::new() };
        let now = cx.tree.entries(cx.tree.resolve(cx.root)).map(|entry| cx.tree.field_name(entry.key));
        let before = old.tree.entries(old.tree.resolve(old.root)).map(|entry| old.tree.field_name(entry.key));
        let gone = before.filter(|name| field(cx.tree, cx.root, name).is_none());
        let meant = now.chain(gone).filter(|name| !name.starts_with("x-") && is_meant(name));
        meant.filter_map(|name| Some((name, self.difference(cx, name)?))).collect()
    }

    /// Creates a finding about a difference, at the key that differs, or what should hold it.
    #[must_use]
    pub fn at(
        &self,
        rule: &'static Rule,
        cx: &Context<'_>,
        difference: Difference,
        message: impl Into<String>,
    ) -> Finding {
        let label = self.revision.label();
        let was = |finding, before, what: &str| match self.before {
            Some(old) => relate(finding, old, Some(before), format!("{what} in {label}")),
            None => finding,
        };
        match difference {
            Difference::Changed { now, before } => was(cx.at_key(rule, now, message), before, "what it was"),
            Difference::Added(now) => {
                let finding = cx.at_key(rule, now, message);
                match self.before {
                    Some(old) => relate(finding, old, None, format!("the document in {label}, which has none")),
                    None => finding,
                }
            }
            Difference::Removed { within, before } => was(cx.at_key(rule, within, message), before, "what is missing"),
        }
    }
}

/// Adds a place in a document of a revision: that of a node or, without one, of the document's first key.
#[must_use]
pub(super) fn relate(finding: Finding, old: &Member, node: Option<NodeId>, message: impl Into<String>) -> Finding {
    let part = if node.is_some() { Part::Value } else { Part::Key };
    let place = Place::of(&old.tree, old.position, node.unwrap_or(old.root), part);
    finding.related_in(old.file(), place.span, message)
}

/// A document of a revision, beside the documents that its file holds now.
pub struct Vanished<'a> {
    /// What it was.
    pub old: &'a Member,
    /// The revision.
    pub revision: &'a Revision,
    /// The documents of the workspace as they are now.
    pub workspace: Workspace<'a>,
    /// The file; its text is empty if it is no longer there.
    pub source: &'a Source,
    /// The documents in it.
    pub members: &'a [Member],
}
