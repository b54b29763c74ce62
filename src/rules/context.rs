//! What a rule sees, and how it reports findings.

use std::cell::{Cell, OnceCell};
use std::fmt;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::diagnostics::{Finding, Part, Place, Severity};
use crate::documents::roles::{self, FieldRole};
use crate::documents::{Document, Kind, newer};
use crate::graph::Graph;
use crate::objectives::consistency::Consistency;
use crate::objectives::diagnostic::Fault;
use crate::objectives::policy::Policy;
use crate::rules::Rule;
use crate::rules::alias_sites::AliasSites;
use crate::rules::strings::{Bytes, Strings};
use crate::secrets;
pub use crate::secrets::is_secret_name;
use crate::text::{Span, Words};
use crate::workspace::{Member, NamedFiles, field};
use crate::yaml::{self, NodeId, NodeStyle, Problem, Tree};

/// A document and its context.
pub struct Context<'a> {
    /// The document, with its definitions and references.
    pub member: &'a Member,
    /// The tree of the document's file.
    pub tree: &'a Tree,
    /// The graph of a pipeline, built on first use.
    graph: OnceCell<Option<Graph<'a>>>,
    /// The parsed objectives of a document and the faults of their expressions, computed on first use.
    policy: OnceCell<Option<Arc<ReadPolicy>>>,
    /// What is known about the consistency of objectives before anything is measured, computed on first use.
    consistency: OnceCell<Option<Consistency>>,
    /// Where values that are defined in extensions are used, computed on first use.
    uses: OnceCell<AliasSites>,
    /// The string values, collected on first use.
    strings: OnceCell<Strings<'a>>,
    /// The root of the document.
    pub root: NodeId,
    /// The 0-based position of the document in its file.
    pub document: u32,
    /// The kind of the document.
    pub kind: Kind,
    /// Whether a value may hold a credential by its shape, computed on first use.
    holds_secret: OnceCell<bool>,
    /// Whether the text has a backslash.
    escapes: OnceCell<bool>,
    /// Whether a field may be named like a credential.
    names_secret: OnceCell<bool>,
    /// The values that do not fit their fields.
    faults: Faults,
    /// What is known about the files that the document names. `None` if the file system was not accessed.
    named_files: Option<&'a NamedFiles>,
    /// The severity of the rule that is running.
    severity: Cell<Severity>,
}

/// Parsed objectives, and the faults of their expressions.
type ReadPolicy = (Policy, Vec<Fault>);

/// What the check of a document by itself has found out, for the check against other documents.
#[derive(Clone, Debug, Default)]
pub(crate) struct Checked {
    /// The values that do not fit their fields.
    pub faults: Faults,
    policy: Option<Arc<ReadPolicy>>,
}

/// The values of a document that do not fit their fields, and the highest severity reported for each. They are collected before the
/// configuration changes or removes findings, so that what one rule finds never depends on whether another one is enabled.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults(FxHashMap<Span, Severity>);

impl Faults {
    /// Adds the values that these findings point at.
    pub(crate) fn extend<'f>(&mut self, findings: impl IntoIterator<Item = &'f Finding>) {
        for finding in findings {
            let known = self.0.entry(finding.place.span).or_insert(finding.severity);
            *known = (*known).max(finding.severity);
        }
    }

    /// Returns the highest severity reported for a value; `None` if it fits its field.
    pub(crate) fn of(&self, value: Span) -> Option<Severity> {
        self.0.get(&value).copied()
    }
}

impl<'a> Context<'a> {
    /// Creates the context of a document.
    pub(crate) fn new(member: &'a Member, Checked { faults, policy }: Checked) -> Self {
        let (root, document, kind) = (member.root, member.position, member.kind);
        Self {
            member,
            tree: &member.tree,
            graph: OnceCell::new(),
            policy: policy.map_or_else(OnceCell::new, |policy| OnceCell::from(Some(policy))),
            consistency: OnceCell::new(),
            holds_secret: OnceCell::new(),
            names_secret: OnceCell::new(),
            escapes: OnceCell::new(),
            uses: OnceCell::new(),
            strings: OnceCell::new(),
            root,
            document,
            kind,
            faults,
            named_files: None,
            severity: Cell::new(Severity::Error),
        }
    }

    /// Returns what the check has found out, with these values that do not fit their fields.
    pub(crate) fn checked(&self, faults: Faults) -> Checked {
        Checked { faults, policy: self.policy.get().cloned().flatten() }
    }

    /// Returns the context with what is known about the files that the document names.
    pub(crate) fn with_named_files(self, files: &'a NamedFiles) -> Self {
        Self { named_files: Some(files), ..self }
    }

    /// Returns what is known about the files that the document names. `None` if the file system was not accessed.
    pub fn named_files(&self) -> Option<&'a NamedFiles> {
        self.named_files
    }

    /// Returns the typed document, read on first use.
    pub fn typed(&self) -> Option<&'a Document> {
        self.member.typed()
    }

    /// Returns the document's graph, if it is a pipeline.
    pub fn graph(&self) -> Option<&Graph<'a>> {
        let graph = || match self.typed()? {
            Document::Pipeline(pipeline) => Some(Graph::of(pipeline, self.tree)),
            _ => None,
        };
        self.graph.get_or_init(graph).as_ref()
    }

    /// Returns the parsed objectives, if the document holds any.
    pub fn policy(&self) -> Option<&Policy> {
        self.read_policy().map(|(policy, _)| policy)
    }

    /// Returns the faults of the document's expressions.
    pub fn faults(&self) -> &[Fault] {
        self.read_policy().map_or(&[], |(_, faults)| faults)
    }

    /// Returns the values of the fields with a role.
    #[must_use]
    pub fn fields(&self, role: FieldRole) -> Vec<NodeId> {
        roles::roled(self.kind, self.tree, self.root, |own| own == role).into_iter().map(|(node, _)| node).collect()
    }

    /// Returns what is known about the consistency of objectives before anything is measured.
    pub fn consistency(&self) -> Option<&Consistency> {
        let consistency = || match self.typed()? {
            Document::Objectives(objectives) => Some(Consistency::of(objectives, self.policy()?)),
            _ => None,
        };
        self.consistency.get_or_init(consistency).as_ref()
    }

    fn read_policy(&self) -> Option<&ReadPolicy> {
        let policy = || match self.typed()? {
            Document::Objectives(objectives) => Some(Arc::new(Policy::of(objectives, self.tree))),
            _ => None,
        };
        self.policy.get_or_init(policy).as_deref()
    }

    /// Returns the place of a node's key or value.
    #[must_use]
    pub fn place(&self, node: NodeId, part: Part) -> Place {
        Place::of(self.tree, self.document, node, part)
    }

    /// Creates a finding that points at the value of a node.
    #[must_use]
    pub fn at_value(&self, rule: &'static Rule, node: NodeId, message: impl Into<String>) -> Finding {
        Finding::new(rule, self.place(node, Part::Value), message)
    }

    /// Creates a finding that points at the key of a node.
    #[must_use]
    pub fn at_key(&self, rule: &'static Rule, node: NodeId, message: impl Into<String>) -> Finding {
        Finding::new(rule, self.place(node, Part::Key), message)
    }

    /// Sets the rule that runs next. Returns whether there is anything to tell: not if what it looks for may stand in a value that does
    /// not fit its field.
    pub(crate) fn enter(&self, rule: &Rule) -> bool {
        self.severity.set(rule.severity);
        self.faults.0.is_empty() || !super::unread::is_unread(rule, self)
    }

    /// Whether this value is known not to fit its field, so that one fault gets one finding. A finding of lower severity than the running
    /// rule does not count, since advice must not hide an error.
    #[must_use]
    pub fn is_faulty(&self, node: NodeId) -> bool {
        let known = self.faults.of(self.tree.span(self.tree.resolve(node)));
        known.is_some_and(|severity| severity >= self.severity.get())
    }

    /// Returns the text of the document.
    #[must_use]
    pub fn text(&self) -> &'a str {
        let document = self.tree.documents().get(self.document as usize);
        document.map_or("", |document| self.tree.source().slice(document.span))
    }

    /// Whether a key or value of the document may contain one of the words: the text contains one, or an escape that can hide any of them.
    /// A rule that searches all values for words calls this first, since most documents contain none.
    pub fn may_have(&self, words: &Words) -> bool {
        words.are_in(self.text()) || self.has_escapes()
    }

    fn has_escapes(&self) -> bool {
        *self.escapes.get_or_init(|| memchr::memchr(b'\\', self.text().as_bytes()).is_some())
    }

    /// Whether a value of the document may hold a credential by its shape; in most documents none does.
    pub fn may_hold_secret(&self) -> bool {
        *self
            .holds_secret
            .get_or_init(|| self.has_escapes() || secrets::has_one(self.text(), || self.may_name_secret()))
    }

    /// Whether a field of the document may be named like a credential.
    pub fn may_name_secret(&self) -> bool {
        *self.names_secret.get_or_init(|| self.has_escapes() || secrets::names::may_name_one(self.text()))
    }

    /// Whether the document follows the newest version of the specification, for rules about fields that were there before.
    #[must_use]
    pub fn is_newest(&self) -> bool {
        newer::is_newest(self.tree, self.root)
    }

    /// Whether the document was read completely. After a syntax error a field may exist without having been read, so none can be reported
    /// as missing.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let problems = self.tree.documents().get(self.document as usize).map_or(&[][..], |document| &document.problems);
        !problems.iter().any(|problem| matches!(problem, Problem::Syntax(_)))
    }

    /// Returns the string values of the document and their text in document order, without keys and aliases.
    pub fn strings(&self) -> impl Iterator<Item = (NodeId, &'a str)> {
        self.listed_strings().all()
    }

    /// Returns the string values that contain any of these bytes. Rules that check all strings for something that requires one of a few
    /// bytes use this, since most strings contain none of them.
    pub fn strings_with(&self, bytes: Bytes) -> impl Iterator<Item = (NodeId, &'a str)> {
        self.listed_strings().with(bytes)
    }

    fn listed_strings(&self) -> &Strings<'a> {
        self.strings.get_or_init(|| Strings::of(self.tree, self.document))
    }

    /// Returns the scalar values of the document in document order, whatever their type, without keys and aliases.
    pub fn scalars(&self) -> impl Iterator<Item = NodeId> + use<'a> {
        self.tree.scalars(self.document as usize)
    }

    /// Returns the collection that contains a node. For a value defined in an extension and used elsewhere, it is the one at the place of
    /// use.
    #[must_use]
    pub fn parent(&self, node: NodeId) -> Option<NodeId> {
        self.tree.parent(self.home(node))
    }

    /// Returns the key that a node is the value of. For a value defined in an extension and used elsewhere, it is the one at the place of
    /// use.
    #[must_use]
    pub fn key_of(&self, node: NodeId) -> Option<NodeId> {
        self.tree.key_of(self.home(node))
    }

    /// Returns the keys above a node, innermost first. For a value defined in an extension and used elsewhere, they are those at the place
    /// of use.
    pub fn keys_above(&self, node: NodeId) -> impl Iterator<Item = &'a str> + use<'a, '_> {
        let up = std::iter::successors(Some(node), |node| self.parent(*node));
        up.filter_map(|node| self.key_of(node)).map(|key| self.tree.key_name(key))
    }

    /// Returns the value at the end of a path of keys, in any of their spellings.
    #[must_use]
    pub fn find(&self, from: NodeId, keys: &[&str]) -> Option<NodeId> {
        keys.iter().try_fold(from, |node, key| field(self.tree, node, key))
    }

    /// Returns the name of the key above a value, seen through lists: `tags` for an item of `tags`.
    #[must_use]
    pub fn key_name(&self, node: NodeId) -> &'a str {
        self.keys_above(node).next().unwrap_or_default()
    }

    /// Returns the node itself or, if it is defined in an extension and used elsewhere, the node at the place of use.
    #[must_use]
    pub fn home(&self, node: NodeId) -> NodeId {
        self.uses.get_or_init(|| AliasSites::of(self.tree, self.document, self.root)).home(node)
    }

    /// Formats the node's value for a message.
    #[must_use]
    pub fn shown(&self, node: NodeId) -> Shown<'a> {
        Shown { tree: self.tree, node }
    }
}

/// Collects the findings of a rule.
pub struct Findings<'a> {
    findings: &'a mut Vec<Finding>,
}

impl<'a> Findings<'a> {
    /// Creates a collector that adds to `findings`.
    pub fn new(findings: &'a mut Vec<Finding>) -> Self {
        Self { findings }
    }

    /// Adds a finding.
    pub fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Adds several findings, or an optional one.
    pub fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        self.findings.extend(findings);
    }
}

/// A value formatted for messages: quoted, shortened, and never a secret.
pub struct Shown<'a> {
    /// The tree of the value.
    pub tree: &'a Tree,
    /// The node of the value.
    pub node: NodeId,
}

/// The maximum number of characters of a value in a message.
const LONGEST_SHOWN: usize = 60;

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(text) = self.tree.text(self.node) else { return f.write_str(yaml::type_name(self.tree, self.node)) };
        if secrets::is_unspeakable(self.tree, self.node) {
            return f.write_str("the value");
        }
        let text = secrets::shortened(text, LONGEST_SHOWN);
        match self.tree.style(self.tree.resolve(self.node)) {
            NodeStyle::Plain if self.tree.number(self.node).is_some() => write!(f, "{text}"),
            _ => write!(f, "'{text}'"),
        }
    }
}
