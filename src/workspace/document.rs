//! A document as others see it: what it defines, and what it refers to.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::references::{self, Reference};
use crate::digest;
use crate::documents::common::Status;
use crate::documents::{Document, Kind};
use crate::yaml::{NodeId, Tree};

/// A document of a known kind: the facts that others may query, shared and cheap to keep.
#[derive(Clone, Debug)]
pub struct Member(Arc<DocumentFacts>);

/// The facts about a document that others may query, with its file's tree.
#[derive(Debug)]
pub struct DocumentFacts {
    /// The tree of the document's file.
    pub tree: Arc<Tree>,
    /// The root of the document.
    pub root: NodeId,
    /// 0-based position of the document in its file.
    pub position: u32,
    /// Its kind.
    pub kind: Kind,
    /// The fields that identify it.
    pub object: Object,
    /// Its references, in the order of the table of references.
    pub references: Vec<Reference>,
    /// The typed document, read on first use.
    typed: OnceLock<Option<Document>>,
    /// The digest of what it says, computed on first use.
    digest: OnceLock<String>,
}

/// The fields that identify an object: "Every object" has an id, a name and a status.
#[derive(Clone, Copy, Debug, Default)]
pub struct Object {
    /// The node of the id.
    pub id: Option<NodeId>,
    /// The node of the name.
    pub name: Option<NodeId>,
    /// The node of a model's `model_identifier`, an alternative to its name.
    pub identifier: Option<NodeId>,
    /// The node of the version.
    pub version: Option<NodeId>,
    /// The node of the status.
    pub status_node: Option<NodeId>,
    /// The status; active unless the document says otherwise.
    pub status: Option<Status>,
}

impl Member {
    /// Creates a member from the document below a root.
    #[must_use]
    pub fn new(tree: Arc<Tree>, root: NodeId, position: u32, kind: Kind) -> Self {
        let object = Object::read(&tree, root);
        let references = references::of(kind, &tree, root);
        Self(Arc::new(DocumentFacts {
            tree,
            root,
            position,
            kind,
            object,
            references,
            typed: OnceLock::new(),
            digest: OnceLock::new(),
        }))
    }

    /// Returns whether both are the same reading of the same document.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Drops what [`typed`](DocumentFacts::typed) read, unless the document is shared already.
    pub fn forget_typed(&mut self) {
        if let Some(facts) = Arc::get_mut(&mut self.0) {
            facts.typed = OnceLock::new();
        }
    }
}

impl Deref for Member {
    type Target = DocumentFacts;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DocumentFacts {
    /// Returns the typed document; `None` if it is not a mapping.
    pub fn typed(&self) -> Option<&Document> {
        let read = || Document::read(self.kind, &self.tree, self.root).map(|(typed, _)| typed);
        self.typed.get_or_init(read).as_ref()
    }

    /// Returns the digest of what the document says.
    pub fn content_digest(&self) -> &str {
        self.digest.get_or_init(|| digest::content_digest(&self.tree, self.root))
    }

    /// Returns the name of the document's file.
    #[must_use]
    pub fn file(&self) -> &str {
        self.tree.source().name()
    }

    /// Returns the text of the document as it is written.
    #[must_use]
    pub fn written(&self) -> &str {
        let document = self.tree.documents().get(self.position as usize);
        document.map_or("", |document| self.tree.source().slice(document.span))
    }

    /// Returns the id, unless it is absent or empty.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.text(self.object.id)
    }

    /// Returns the name, unless it is absent or empty.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.text(self.object.name)
    }

    /// Returns the version, unless it is absent or empty.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.text(self.object.version)
    }

    /// Returns whether the object is archived: "can't be retrieved by name and can't be used to execute new jobs".
    #[must_use]
    pub fn is_archived(&self) -> bool {
        self.object.status == Some(Status::Archived)
    }

    /// Returns the label of the object in messages: its name, else its id, else its kind.
    #[must_use]
    pub fn label(&self) -> &str {
        self.name().or_else(|| self.id()).unwrap_or_else(|| self.kind.name())
    }

    /// Returns a field of an inference record about its request, with its node: in `requestInfo`, or at the top level.
    #[must_use]
    pub fn about_request(&self, name: &str) -> Option<(&str, NodeId)> {
        self.nested("requestInfo", name)
    }

    /// Returns a field of an inference record about the requesting application, with its node.
    #[must_use]
    pub fn about_application(&self, name: &str) -> Option<(&str, NodeId)> {
        self.nested("applicationInfo", name)
    }

    /// Returns the number of metrics that the document records.
    #[must_use]
    pub fn metric_count(&self) -> usize {
        field(&self.tree, self.root, "metrics").map_or(0, |metrics| self.tree.items(self.tree.resolve(metrics)).len())
    }

    /// Returns whether a field of the document has a value.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        field(&self.tree, self.root, name).is_some_and(|node| !self.tree.is_null(node))
    }

    /// Returns the date of a record, with its node; `None` if the document is not a record.
    #[must_use]
    pub fn recorded_on(&self) -> Option<(&str, NodeId)> {
        let own = |name| {
            let node = field(&self.tree, self.root, name)?;
            Some((self.text(Some(node))?, node))
        };
        match self.kind {
            Kind::Run | Kind::PipelineRun => own("submittedDate"),
            Kind::Evaluation
            | Kind::Ingestion
            | Kind::Profile
            | Kind::Split
            | Kind::Test
            | Kind::Transformation
            | Kind::Validation => own("performedOn"),
            Kind::InferenceLog | Kind::InferenceRequest | Kind::InferencePrediction => {
                self.about_request("requestTimestamp")
            }
            _ => None,
        }
    }

    fn nested(&self, section: &str, name: &str) -> Option<(&str, NodeId)> {
        let inner = field(&self.tree, self.root, section).and_then(|section| field(&self.tree, section, name));
        let located = |node| Some((self.text(Some(node))?, node));
        inner.and_then(located).or_else(|| field(&self.tree, self.root, name).and_then(located))
    }

    /// Returns the text of a scalar that is present.
    pub(crate) fn text(&self, node: Option<NodeId>) -> Option<&str> {
        let node = node.filter(|node| !self.tree.is_null(*node))?;
        self.tree.text(node).map(str::trim).filter(|text| !text.is_empty())
    }
}

impl Object {
    fn read(tree: &Tree, root: NodeId) -> Self {
        // Also what an earlier version of the specification does not have is said.
        let as_written = |name| tree.entries(root).find(|entry| tree.key_name(entry.key) == name);
        let field = |name| field(tree, root, name).or_else(|| as_written(name).map(|entry| entry.value));
        // Datasets call it their state.
        let status_node = field("status").or_else(|| field("state"));
        let status = status_node.and_then(|node| tree.text(node)).and_then(status_named);
        let (id, name, version) = (field("id"), field("name"), field("version"));
        Self { id, name, identifier: tree.find(root, &["model_identifier"]), version, status_node, status }
    }
}

fn status_named(text: &str) -> Option<Status> {
    [("Active", Status::Active), ("Deprecated", Status::Deprecated), ("Archived", Status::Archived)]
        .into_iter()
        .find_map(|(name, status)| name.eq_ignore_ascii_case(text.trim()).then_some(status))
}

/// Returns the value of a field of a mapping.
pub(crate) fn field(tree: &Tree, mapping: NodeId, name: &str) -> Option<NodeId> {
    tree.get(mapping, name).map(|entry| entry.value)
}
