//! From what the validator says to findings: the exact place, one rule, one finding per fault.

use std::rc::Rc;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use rustc_hash::FxHashSet;
use serde_json::Value;

use super::keywords::{Constraint, constraint};
use super::respelt::Respelt;
use super::unknown_key;
use crate::diagnostics::{Finding, Part, Place, Severity};
use crate::documents::Kind;
use crate::rules::context::Shown;
use crate::rules::document::{
    field_spelling, missing_required, misspelt_in_spec, not_allowed_value, too_many_findings, unsupported_version,
};
use crate::yaml::{NodeId, Tree, pointer};

/// A document with more faults than this gets one finding that counts the rest.
const MOST_FINDINGS: usize = 1000;

pub(super) struct Translator<'t> {
    pub kind: Kind,
    pub schema: &'t Value,
    pub tree: &'t Tree,
    pub root: NodeId,
    document: u32,
    /// The document as it is validated, when that is not as it is written.
    respelt: Option<Rc<Respelt>>,
    /// Keys that were found to be misspelt when that was made.
    renamed: Vec<Finding>,
    findings: Vec<Finding>,
    /// Required keys that are missing: mapping, key, and position in `findings`.
    missing: Vec<(NodeId, String, usize)>,
    /// Keys that are there under another spelling: mapping and canonical key.
    misspelt: FxHashSet<(NodeId, String)>,
    /// Values whose type, emptiness or membership is at fault already: nothing finer is said of them.
    faulty: FxHashSet<NodeId>,
    more: usize,
}

impl<'t> Translator<'t> {
    pub fn new(kind: Kind, schema: &'t Value, tree: &'t Tree, root: NodeId, document: u32) -> Self {
        Self {
            kind,
            schema,
            tree,
            root,
            document,
            respelt: None,
            renamed: Vec::new(),
            findings: Vec::new(),
            missing: Vec::new(),
            misspelt: FxHashSet::default(),
            faulty: FxHashSet::default(),
            more: 0,
        }
    }

    pub fn place(&self, node: NodeId, part: Part) -> Place {
        Place::of(self.tree, self.document, node, part)
    }

    pub fn add(&mut self, error: &ValidationError<'_>) {
        let Some((node, aliases)) = self.follow(error.instance_path().as_str()) else {
            return;
        };
        let path = error.schema_path().as_str();
        if let ValidationErrorKind::AdditionalProperties { unexpected } = error.kind() {
            let constraint = constraint(self.schema, path, None);
            return self.unknown_keys(node, unexpected, constraint.schema);
        }
        let detail = match error.kind() {
            ValidationErrorKind::Required { property } => property.as_str(),
            _ => None,
        };
        let constraint = constraint(self.schema, path, detail);
        let finding = match error.kind() {
            // The value is wrong, or it is the key that should not be there.
            ValidationErrorKind::Constant { .. } if constraint.message.is_some() => {
                self.said(node, Part::Value, &constraint)
            }
            _ if constraint.message.is_some() => self.said(node, Part::Key, &constraint),
            ValidationErrorKind::Required { .. } => return self.missing(node, detail.unwrap_or(""), &constraint),
            ValidationErrorKind::Type { kind } => {
                if !self.faulty.insert(node) {
                    return;
                }
                self.wrong_type(node, kind, &constraint)
            }
            _ if self.faulty.contains(&node) => return,
            ValidationErrorKind::Enum { options } => {
                self.faulty.insert(node);
                self.not_allowed(node, options, &constraint)
            }
            ValidationErrorKind::MinLength { .. } => {
                self.faulty.insert(node);
                self.empty(node, &constraint)
            }
            ValidationErrorKind::Pattern { .. } => self.pattern(node, &constraint),
            ValidationErrorKind::MaxLength { limit } => self.too_long(node, *limit, &constraint),
            kind => self.out_of_bounds(node, kind, &constraint),
        };
        let finding =
            aliases.iter().fold(finding, |finding, alias| finding.related(self.tree.span(*alias), "used here"));
        let mut finding = self.because(finding, &constraint);
        if let (None, Some(help)) = (&finding.help, constraint.help) {
            finding = finding.help(help);
        }
        self.push(finding);
    }

    fn follow(&self, path: &str) -> Option<(NodeId, Vec<NodeId>)> {
        match &self.respelt {
            Some(respelt) => respelt.follow(path),
            None => pointer::follow(self.tree, self.root, path),
        }
    }

    /// The document as it would be if the keys that were found to be misspelt were not, to be validated from the start; nothing when
    /// no more were found, or too many.
    pub fn respell(&mut self) -> Option<Rc<Respelt>> {
        let is_spelling = |finding: &&Finding| {
            [&field_spelling::FIELD_SPELLING.meta, &misspelt_in_spec::MISSPELT_IN_SPEC.meta].contains(&finding.rule)
                && !finding.fixes.is_empty()
        };
        let more: Vec<Finding> = self.findings.iter().filter(is_spelling).cloned().collect();
        if more.is_empty() || self.more > 0 {
            return None;
        }
        let renamed = [self.renamed.as_slice(), &more].concat();
        let respelt = Rc::new(Respelt::new(self.tree, self.document, &renamed)?);
        self.respelt = Some(Rc::clone(&respelt));
        self.renamed = renamed;
        self.findings.clear();
        self.missing.clear();
        self.misspelt.clear();
        self.faulty.clear();
        Some(respelt)
    }

    fn is_full(&self) -> bool {
        self.findings.len() + self.renamed.len() >= MOST_FINDINGS
    }

    fn push(&mut self, finding: Finding) {
        if self.is_full() {
            self.more += 1;
            return;
        }
        let same = |other: &&mut Finding| {
            other.rule == finding.rule && other.place.span == finding.place.span && other.message == finding.message
        };
        match self.findings.iter_mut().rev().take(50).find(same) {
            Some(other) => other.related.extend(finding.related),
            None => self.findings.push(finding),
        }
    }

    /// The findings. A key that is there under another spelling is not missing as well.
    pub fn finish(mut self) -> Vec<Finding> {
        let spelt_otherwise = |(node, key, _): &&(NodeId, String, usize)| self.misspelt.contains(&(*node, key.clone()));
        let mut dropped: Vec<usize> = self.missing.iter().filter(spelt_otherwise).map(|(.., index)| *index).collect();
        dropped.sort_unstable();
        for index in dropped.into_iter().rev() {
            self.findings.remove(index);
        }
        self.findings.append(&mut self.renamed);
        if self.more > 0 {
            let place = self.place(self.root, Part::Key);
            let message = format!("{} more findings in this document are not shown", self.more);
            self.findings.push(Finding::new(&too_many_findings::TOO_MANY_FINDINGS, place, message));
        }
        self.findings
    }

    fn because(&self, finding: Finding, constraint: &Constraint<'_>) -> Finding {
        let reason = constraint.because.and_then(|path| self.follow(path));
        match reason {
            Some((node, _)) => {
                let key = self.tree.key_of(node).unwrap_or(node);
                let span = self.tree.span(key).to(self.tree.span(node));
                finding.related(span, "required because of this")
            }
            None => finding,
        }
    }

    fn unknown_keys(&mut self, node: NodeId, unexpected: &[String], schema: &Value) {
        let mapping = self.tree.resolve(node);
        let names: FxHashSet<&str> = unexpected.iter().map(String::as_str).collect();
        let known = unknown_key::offered(schema);
        for entry in self.tree.entries(mapping) {
            let key = self.tree.key_name(entry.key);
            if !names.contains(key) {
                continue;
            }
            if self.is_full() {
                self.more += 1;
                continue;
            }
            if let Some(canonical) = unknown_key::meant(key, &known) {
                self.misspelt.insert((mapping, canonical.to_owned()));
            }
            // Of a mapping that is written elsewhere, the key that it is used under is meant.
            let finding = unknown_key::finding(self, node, entry, schema);
            self.push(finding);
        }
    }

    fn missing(&mut self, node: NodeId, key: &str, constraint: &Constraint<'_>) {
        let mapping = self.tree.resolve(node);
        let rule = constraint.rule.unwrap_or(&missing_required::MISSING_REQUIRED);
        if self.missing.iter().any(|(other, name, _)| *other == mapping && name == key) {
            return;
        }
        let within = match self.tree.key_of(node) {
            Some(parent) => format!(" in '{}'", self.tree.key_name(parent)),
            None => format!(" in this {}", if node == self.root { self.kind.name() } else { "list item" }),
        };
        let message = format!("required field '{key}' is missing{within}{}", self.reason(constraint));
        let mut finding = Finding::new(rule, self.place(node, Part::Key), message);
        if *rule == unsupported_version::UNSUPPORTED_VERSION && !self.kind.must_be_named() {
            finding = finding.severity(Severity::Warning).help("without it the document is read as version 0.0.1");
        } else if let Some(help) = constraint.help {
            finding = finding.help(help);
        } else if let Some(description) = self.described(constraint.schema, key) {
            finding = finding.help(format!("{key}: {description}"));
        }
        let fix = missing_required::fix(self.tree, mapping, key, self.kind);
        let finding = self.because(finding.fix(fix), constraint);
        if !self.is_full() {
            self.missing.push((mapping, key.to_owned(), self.findings.len()));
        }
        self.push(finding);
    }

    /// ": train.trainable is true", for a message about a requirement that a value brings about.
    fn reason(&self, constraint: &Constraint<'_>) -> String {
        let place = constraint.because.and_then(|path| Some((path, self.follow(path)?.0)));
        place.map_or_else(String::new, |(path, node)| {
            format!(
                ": {} is {}",
                path.trim_start_matches('/').replace('/', "."),
                self.tree.text(node).unwrap_or("given")
            )
        })
    }

    /// A finding in the words of the schema.
    fn said(&self, node: NodeId, part: Part, constraint: &Constraint<'_>) -> Finding {
        let rule = constraint.rule.unwrap_or(&not_allowed_value::NOT_ALLOWED_VALUE);
        Finding::new(rule, self.place(node, part), constraint.message.unwrap_or_default())
    }

    fn described<'s>(&self, schema: &'s Value, key: &str) -> Option<&'s str> {
        schema.get("properties")?.get(key)?.get("description")?.as_str()
    }

    pub fn key(&self, node: NodeId) -> &str {
        self.tree.key_of(node).map_or("item", |key| self.tree.key_name(key))
    }

    pub fn shown(&self, node: NodeId) -> Shown<'t> {
        Shown { tree: self.tree, node }
    }
}
