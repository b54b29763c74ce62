//! What a rule gets to see, and how it reports.

use std::cell::{Cell, OnceCell};
use std::fmt;

use rustc_hash::FxHashMap;

use crate::diagnostics::{Finding, Part, Place, Severity};
use crate::documents::roles::{self, FieldRole};
use crate::documents::{Document, Kind};
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

/// One document and its surroundings.
pub struct Context<'a> {
    /// The document, with what it defines and refers to.
    pub member: &'a Member,
    /// The tree of the document's file.
    pub tree: &'a Tree,
    /// The graph of a pipeline, built when a rule first asks for it.
    graph: OnceCell<Option<Graph<'a>>>,
    /// A document of objectives, read, and what is wrong with its expressions; when a rule first asks for it.
    policy: OnceCell<Option<(Policy, Vec<Fault>)>>,
    /// What can be told of objectives before anything is measured; when a rule first asks for it.
    consistency: OnceCell<Option<Consistency>>,
    /// Where what is written in extensions is used, looked up when a rule first asks for it.
    uses: OnceCell<AliasSites>,
    /// The string values, listed when a rule first asks for them.
    strings: OnceCell<Strings<'a>>,
    /// The root of the document.
    pub root: NodeId,
    /// 0-based position of the document in its file.
    pub document: u32,
    /// What it is.
    pub kind: Kind,
    /// Whether some value may hold a credential by its shape, found out when a rule first asks.
    holds_secret: OnceCell<bool>,
    /// Whether the text has a backslash.
    escapes: OnceCell<bool>,
    /// Whether some field may be named like a credential.
    names_secret: OnceCell<bool>,
    /// The values that were found not to be what their field takes.
    faults: Faults,
    /// What is known of the files that the document names, where anybody looked.
    named_files: Option<&'a NamedFiles>,
    /// The severity of the rule that looks at the document now.
    severity: Cell<Severity>,
}

/// The values of a document that are not what their field takes, and the most severe finding about each. Collected before the
/// configuration changes or removes any finding: what one rule finds never depends on whether another one is switched on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults(FxHashMap<Span, Severity>);

impl Faults {
    /// Adds the values that these findings are about.
    pub(crate) fn extend<'f>(&mut self, findings: impl IntoIterator<Item = &'f Finding>) {
        for finding in findings {
            let known = self.0.entry(finding.place.span).or_insert(finding.severity);
            *known = (*known).max(finding.severity);
        }
    }
}

impl<'a> Context<'a> {
    /// The surroundings of a document. `faults` are its values that are known not to be what their field takes.
    pub(crate) fn new(member: &'a Member, faults: Faults) -> Self {
        let (root, document, kind) = (member.root, member.position, member.kind);
        Self {
            member,
            tree: &member.tree,
            graph: OnceCell::new(),
            policy: OnceCell::new(),
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

    /// The same, with what is known of the files that the document names.
    pub(crate) fn with_named_files(self, files: &'a NamedFiles) -> Self {
        Self { named_files: Some(files), ..self }
    }

    /// What is known of the files that the document names, where anybody looked.
    pub fn named_files(&self) -> Option<&'a NamedFiles> {
        self.named_files
    }

    /// The document as its type, read when a rule first asks for it.
    pub fn typed(&self) -> Option<&'a Document> {
        self.member.typed()
    }

    /// The document's graph, if it is a pipeline.
    pub fn graph(&self) -> Option<&Graph<'a>> {
        let graph = || match self.typed()? {
            Document::Pipeline(pipeline) => Some(Graph::of(pipeline, self.tree)),
            _ => None,
        };
        self.graph.get_or_init(graph).as_ref()
    }

    /// The document as it will be judged, if it holds objectives.
    pub fn policy(&self) -> Option<&Policy> {
        self.read_policy().map(|(policy, _)| policy)
    }

    /// What is wrong with the expressions of a document of objectives.
    pub fn faults(&self) -> &[Fault] {
        self.read_policy().map_or(&[], |(_, faults)| faults)
    }

    /// The values of the fields with a role.
    #[must_use]
    pub fn fields(&self, role: FieldRole) -> Vec<NodeId> {
        roles::roled(self.kind, self.tree, self.root, |own| own == role).into_iter().map(|(node, _)| node).collect()
    }

    /// What can be told of objectives before anything is measured.
    pub fn consistency(&self) -> Option<&Consistency> {
        let consistency = || match self.typed()? {
            Document::Objectives(objectives) => Some(Consistency::of(objectives, self.policy()?)),
            _ => None,
        };
        self.consistency.get_or_init(consistency).as_ref()
    }

    fn read_policy(&self) -> Option<&(Policy, Vec<Fault>)> {
        let policy = || match self.typed()? {
            Document::Objectives(objectives) => Some(Policy::of(objectives, self.tree)),
            _ => None,
        };
        self.policy.get_or_init(policy).as_ref()
    }

    /// The place of a node's key or value.
    #[must_use]
    pub fn place(&self, node: NodeId, part: Part) -> Place {
        Place::of(self.tree, self.document, node, part)
    }

    /// A finding about the value of a node.
    #[must_use]
    pub fn at_value(&self, rule: &'static Rule, node: NodeId, message: impl Into<String>) -> Finding {
        Finding::new(rule, self.place(node, Part::Value), message)
    }

    /// A finding about the key of a node.
    #[must_use]
    pub fn at_key(&self, rule: &'static Rule, node: NodeId, message: impl Into<String>) -> Finding {
        Finding::new(rule, self.place(node, Part::Key), message)
    }

    /// Says which rule looks at the document next.
    pub(crate) fn enter(&self, rule: &Rule) {
        self.severity.set(rule.severity);
    }

    /// Whether this very value is known not to be what its field takes: one fault gets one finding. A finding that is less severe
    /// than the rule that asks does not count, since advice must not hide an error.
    #[must_use]
    pub fn is_faulty(&self, node: NodeId) -> bool {
        let known = self.faults.0.get(&self.tree.span(self.tree.resolve(node)));
        known.is_some_and(|severity| *severity >= self.severity.get())
    }

    /// The text of the document.
    #[must_use]
    pub fn text(&self) -> &'a str {
        let document = self.tree.documents().get(self.document as usize);
        document.map_or("", |document| self.tree.source().slice(document.span))
    }

    /// Whether a key or value of the document may have one of the words in it: the text has one, or an escape that can hide any. A rule
    /// that looks for words in all values asks this first, since most documents have none of them.
    pub fn may_have(&self, words: &Words) -> bool {
        words.are_in(self.text()) || self.has_escapes()
    }

    fn has_escapes(&self) -> bool {
        *self.escapes.get_or_init(|| memchr::memchr(b'\\', self.text().as_bytes()).is_some())
    }

    /// Whether some value of the document may hold a credential by its shape; in most documents none does.
    pub fn may_hold_secret(&self) -> bool {
        *self.holds_secret.get_or_init(|| self.has_escapes() || !secrets::find(self.text()).is_empty())
    }

    /// Whether some field of the document may be named like a credential.
    pub fn may_name_secret(&self) -> bool {
        *self.names_secret.get_or_init(|| self.has_escapes() || secrets::names::may_name_one(self.text()))
    }

    /// Whether all of the document was read. In one with a syntax error a field can be there and not be seen: nothing is known to be
    /// missing.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let problems = self.tree.documents().get(self.document as usize).map_or(&[][..], |document| &document.problems);
        !problems.iter().any(|problem| matches!(problem, Problem::Syntax(_)))
    }

    /// Every string value of the document and its text, in the order of the text; keys and aliases are not among them.
    pub fn strings(&self) -> impl Iterator<Item = (NodeId, &'a str)> {
        self.listed_strings().all()
    }

    /// The string values that have any of these bytes. A rule that looks at all strings but needs one of some bytes asks for these: most
    /// strings of most documents have none of them.
    pub fn strings_with(&self, bytes: Bytes) -> impl Iterator<Item = (NodeId, &'a str)> {
        self.listed_strings().with(bytes)
    }

    fn listed_strings(&self) -> &Strings<'a> {
        self.strings.get_or_init(|| Strings::of(self.tree, self.document))
    }

    /// Every scalar value of the document, whatever its type, in the order of the text; keys and aliases are not among them.
    pub fn scalars(&self) -> impl Iterator<Item = NodeId> + use<'a> {
        self.tree.scalars(self.document as usize)
    }

    /// The collection that holds a node; for what is written in an extension and used elsewhere, the one that uses it.
    #[must_use]
    pub fn parent(&self, node: NodeId) -> Option<NodeId> {
        self.tree.parent(self.home(node))
    }

    /// The key under which a node stands; for what is written in an extension and used elsewhere, the key there.
    #[must_use]
    pub fn key_of(&self, node: NodeId) -> Option<NodeId> {
        self.tree.key_of(self.home(node))
    }

    /// The keys above a node, its own first; of what is written in an extension and used elsewhere, those there.
    pub fn keys_above(&self, node: NodeId) -> impl Iterator<Item = &'a str> + use<'a, '_> {
        let up = std::iter::successors(Some(node), |node| self.parent(*node));
        up.filter_map(|node| self.key_of(node)).map(|key| self.tree.key_name(key))
    }

    /// The value that the keys lead to, in whichever spelling they are written.
    #[must_use]
    pub fn find(&self, from: NodeId, keys: &[&str]) -> Option<NodeId> {
        keys.iter().try_fold(from, |node, key| field(self.tree, node, key))
    }

    /// The name of the key that a value stands under, seen through lists: `tags` for an item of `tags`.
    #[must_use]
    pub fn key_name(&self, node: NodeId) -> &'a str {
        self.keys_above(node).next().unwrap_or_default()
    }

    /// The node itself, or the one that stands in its place when it is written in an extension and used elsewhere.
    #[must_use]
    pub fn home(&self, node: NodeId) -> NodeId {
        self.uses.get_or_init(|| AliasSites::of(self.tree, self.document, self.root)).home(node)
    }

    /// The node's value for a message.
    #[must_use]
    pub fn shown(&self, node: NodeId) -> Shown<'a> {
        Shown { tree: self.tree, node }
    }
}

/// Collects what a rule finds.
pub struct Findings<'a> {
    findings: &'a mut Vec<Finding>,
}

impl<'a> Findings<'a> {
    /// Collects into `findings`.
    pub fn new(findings: &'a mut Vec<Finding>) -> Self {
        Self { findings }
    }

    /// Adds a finding.
    pub fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Adds several findings, or the one that there may be.
    pub fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        self.findings.extend(findings);
    }
}

/// A value as a message shows it: quoted, shortened, and never a secret.
pub struct Shown<'a> {
    /// The tree.
    pub tree: &'a Tree,
    /// The value.
    pub node: NodeId,
}

/// Longer values are cut for messages.
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
