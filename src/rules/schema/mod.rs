//! Turns violations of the published schema into findings: the exact place, one rule, one finding per fault.

mod habits;
mod other_kind;
mod unknown_key;
mod wrong_value;

pub use other_kind::of_other_kind;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use crate::diagnostics::{Finding, Part, Place, Severity};
use crate::documents::{Kind, newer};
use crate::rules::context::Shown;
use crate::rules::document::{
    empty_string, misplaced_field, missing_required, not_allowed_value, single_for_list, too_many_findings,
    unsupported_version, wrong_type,
};
use crate::rules::{self, Rule};
use crate::schema::{self, Constraint, SchemaDemand, ValueType, Violation};
use crate::yaml::{NodeId, Problem, Tree, pointer};

/// The maximum number of findings in a document. One more finding counts the rest.
const MOST_FINDINGS: usize = 1000;

/// Returns findings for everything in a document that the published schema of its kind does not allow, and for keys in other spellings;
/// none exactly when the document is valid as written.
#[must_use]
pub fn findings(kind: Kind, tree: &Tree, root: NodeId, document: u32) -> Vec<Finding> {
    let mut wording = Wording::new(kind, tree, root, document);
    wording.spellings();
    wording.code_tags();
    if !schema::is_valid(kind, tree, root) {
        wording.is_whole = schema::violations(kind, tree, root, |violation| wording.add(&violation));
    }
    wording.finish()
}

/// Sections that are required unless these fields stand beside them.
const INSTEAD: &[(&str, &[&str])] = &[("requestInfo", &["requestId", "requestTimestamp"])];

/// Builds the findings for violations.
struct Wording<'t> {
    kind: Kind,
    schema: &'static Value,
    tree: &'t Tree,
    root: NodeId,
    document: u32,
    findings: Vec<Finding>,
    /// Required keys that are missing: mapping, key, and position in `findings`.
    missing: Vec<(NodeId, String, usize)>,
    /// Keys that unknown ones most likely mean: mapping and key, and the position in `findings` of what is said of the unknown one.
    meant: FxHashMap<(NodeId, String), usize>,
    /// Values with a wrong type, an empty value or a value that is not allowed. Nothing else is reported about them.
    faulty: FxHashSet<NodeId>,
    /// Pointers of mappings from names to values where a list of keys and values, or one of its items, is expected, and of objects of other
    /// languages. Their entries are not fields.
    maps: Vec<String>,
    more: usize,
    /// Whether all of the document was looked at.
    is_whole: bool,
    /// Whether the document follows the version of the specification that has all fields.
    is_newest: bool,
}

impl<'t> Wording<'t> {
    fn new(kind: Kind, tree: &'t Tree, root: NodeId, document: u32) -> Self {
        Self {
            kind,
            schema: schema::schema_of(kind),
            tree,
            root,
            document,
            findings: Vec::new(),
            missing: Vec::new(),
            meant: FxHashMap::default(),
            faulty: FxHashSet::default(),
            maps: Vec::new(),
            more: 0,
            is_whole: true,
            is_newest: newer::is_newest(tree, root),
        }
    }

    /// Whether the version of the specification that the document follows has a field with this schema.
    fn has_field(&self, property: &Value) -> bool {
        self.is_newest || property.get(newer::SINCE).is_none()
    }

    /// Reports keys that are other spellings of a field.
    fn spellings(&mut self) {
        let index = self.document as usize;
        for (key, canonical) in self.tree.canonical_names(index) {
            if let Some(finding) = unknown_key::spelling(self, key, canonical) {
                self.push(finding);
            }
        }
    }

    /// What a tag makes an object of another language is no value of ours: nothing else is said of it and of what is in it.
    fn code_tags(&mut self) {
        let Some(document) = self.tree.documents().get(self.document as usize) else { return };
        for problem in &document.problems {
            let Problem::CodeTag { span } = problem else { continue };
            let mut nodes = self.tree.nodes(self.document as usize);
            let is_tagged = |node: &NodeId| self.tree.is_tagged(*node) && self.tree.span(*node).start >= span.end;
            if let Some(node) = nodes.find(is_tagged) {
                self.maps.push(pointer::of(self.tree, node));
                self.faulty.insert(node);
            }
        }
    }

    /// Whether a value is an alias that is read as null because it has no anchor, which is told of the alias itself.
    fn is_unresolved_alias(&self, node: NodeId) -> bool {
        self.tree.is_null(node) && self.tree.source().slice(self.tree.span(node)).starts_with('*')
    }

    fn place(&self, node: NodeId, part: Part) -> Place {
        Place::of(self.tree, self.document, node, part)
    }

    fn add(&mut self, violation: &Violation) {
        let Violation { node, aliases, demand, constraint } = violation;
        let node = *node;
        let is_empty = || constraint.schema.get("minLength").is_some() && self.tree.is_blank(node);
        let demand = match demand {
            SchemaDemand::Pattern if is_empty() => &SchemaDemand::NotEmpty,
            other => other,
        };
        let finding = match demand {
            SchemaDemand::KnownKeys(unexpected) => return self.unknown_keys(node, unexpected, constraint.schema),
            // Either the value is wrong, or the key should not exist.
            SchemaDemand::Constant(_) if constraint.message.is_some() => self.said(node, Part::Value, constraint),
            _ if constraint.message.is_some() => self.said(node, Part::Key, constraint),
            SchemaDemand::Key(name) => return self.missing(node, name, constraint),
            SchemaDemand::OneSpelling(keys) => match unknown_key::synonym_given_twice(self, node, keys) {
                Some(finding) => finding,
                None => return,
            },
            SchemaDemand::NotEmpty => {
                let finding = self.empty(node, constraint);
                self.faulty.insert(node);
                // What has no text has no wrong form, and an optional field that another value requires is one finding, which says so.
                let same = |other: &&mut Finding| other.place.span == finding.place.span;
                if let Some(other) = self.findings.iter_mut().find(same) {
                    if *finding.rule != *empty_string::EMPTY_STRING {
                        *other = finding;
                    }
                    return;
                }
                finding
            }
            SchemaDemand::Type(expected) => {
                if !self.faulty.insert(node) || self.is_unresolved_alias(node) {
                    return;
                }
                if *expected == [ValueType::Array]
                    && let Some(items) = constraint.schema.get("items")
                    && let Some(finding) = habits::map_for_pairs(self, node, items)
                {
                    self.maps.push(finding.place.pointer.clone());
                    return self.push(finding);
                }
                self.wrong_type(node, expected, constraint)
            }
            _ if self.faulty.contains(&node) => return,
            SchemaDemand::OneOf(options) => {
                self.faulty.insert(node);
                self.not_allowed(node, options, constraint)
            }
            SchemaDemand::Pattern => self.pattern(node, constraint),
            SchemaDemand::Length(limit) => self.too_long(node, *limit, constraint),
            // It is neither above nor below any bound.
            _ if self.tree.number(node).is_some_and(|number| number.as_f64().is_nan()) => {
                self.faulty.insert(node);
                let message = format!("{} {} is not a number", self.key(node), self.shown(node));
                Finding::new(
                    Self::rule(constraint, &not_allowed_value::NOT_ALLOWED_VALUE),
                    self.place(node, Part::Value),
                    message,
                )
            }
            demand => self.out_of_bounds(node, demand, constraint),
        };
        let finding =
            aliases.iter().fold(finding, |finding, alias| finding.related(self.tree.span(*alias), "used here"));
        let mut finding = self.because(finding, constraint);
        if let (None, Some(help)) = (&finding.help, constraint.help) {
            finding = finding.help(help);
        }
        self.push(finding);
    }

    /// Returns the rule that the schema names for a constraint, or else the general one.
    fn rule(constraint: &Constraint<'_>, general: &'static Rule) -> &'static Rule {
        constraint.rule.and_then(rules::by_id).unwrap_or(general)
    }

    fn follow(&self, path: &str) -> Option<NodeId> {
        pointer::follow(self.tree, self.root, path).map(|(node, _)| node)
    }

    fn is_full(&self) -> bool {
        self.findings.len() >= MOST_FINDINGS
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

    /// Returns the findings, without those about a missing key that exists under a misspelled name, or about parts of a value that is not
    /// an item.
    fn finish(mut self) -> Vec<Finding> {
        let mut dropped = Vec::new();
        for (node, key, missing) in std::mem::take(&mut self.missing) {
            let fields = INSTEAD.iter().filter(|(section, _)| *section == key).flat_map(|(_, fields)| *fields);
            let mut names = std::iter::once(key.clone()).chain(fields.map(|field| (*field).to_owned()));
            let Some(unknown) = names.find_map(|name| self.meant.get(&(node, name))) else { continue };
            // What is said instead is no less.
            let severity = self.findings.get(missing).map(|finding| finding.severity);
            if let Some((severity, finding)) = severity.zip(self.findings.get_mut(*unknown)) {
                finding.severity = finding.severity.max(severity);
                dropped.push(missing);
            }
        }
        dropped.sort_unstable();
        for index in dropped.into_iter().rev() {
            self.findings.remove(index);
        }
        for map in &self.maps {
            let is_of_map = |finding: &Finding| {
                finding
                    .place
                    .pointer
                    .strip_prefix(map.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            let says_so = |finding: &Finding| {
                let is_whole = *finding.rule == *wrong_type::WRONG_TYPE && finding.place.pointer == *map;
                is_whole || *finding.rule == *single_for_list::SINGLE_FOR_LIST
            };
            self.findings.retain(|finding| !is_of_map(finding) || says_so(finding));
        }
        if self.more > 0 || !self.is_whole {
            let place = self.place(self.root, Part::Key);
            let message = match self.is_whole {
                true => format!("{} more findings in this document are not shown", self.more),
                false => "this document is so long that not all that is wrong in it is shown".to_owned(),
            };
            self.findings.push(Finding::new(&too_many_findings::TOO_MANY_FINDINGS, place, message));
        }
        self.findings
    }

    fn because(&self, finding: Finding, constraint: &Constraint<'_>) -> Finding {
        let reason = constraint.because.and_then(|path| self.follow(path));
        match reason {
            Some(node) => {
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
        let known = unknown_key::offered(self, schema);
        for entry in self.tree.entries(mapping) {
            let key = self.tree.key_name(entry.key);
            if !names.contains(self.tree.field_name(entry.key)) {
                continue;
            }
            if self.is_full() {
                self.more += 1;
                continue;
            }
            // For a mapping that is defined elsewhere, the finding refers to the key under which it is used.
            let finding = unknown_key::finding(self, node, entry, schema);
            let is_misplaced = *finding.rule == *misplaced_field::MISPLACED_FIELD;
            if let Some(canonical) = unknown_key::meant(key, &known).filter(|_| !is_misplaced) {
                self.meant.insert((mapping, canonical.to_owned()), self.findings.len());
            }
            self.push(finding);
        }
    }

    fn missing(&mut self, node: NodeId, key: &str, constraint: &Constraint<'_>) {
        let mapping = self.tree.resolve(node);
        let rule = Self::rule(constraint, &missing_required::MISSING_REQUIRED);
        if self.missing.iter().any(|(other, name, _)| *other == mapping && name == key) {
            return;
        }
        if let Some(fields) = constraint.schema.get("properties")
            && let Some(finding) = habits::name_for_key(self, node, fields)
        {
            let pointer = &finding.place.pointer;
            if self.maps.contains(pointer) {
                return;
            }
            self.maps.push(pointer.clone());
            return self.push(finding);
        }
        let within = match self.tree.key_of(node) {
            Some(parent) => format!(" in '{}'", self.tree.key_name(parent)),
            None if node != self.root => " in this list item".to_owned(),
            // The only kind with a plural name.
            None if self.kind == Kind::Objectives => " in these objectives".to_owned(),
            None => format!(" in this {}", self.kind.name().replace('-', " ")),
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

    /// Explains a requirement that follows from a value: ": train.trainable is true".
    fn reason(&self, constraint: &Constraint<'_>) -> String {
        let place = constraint.because.and_then(|path| Some((path, self.follow(path)?)));
        place.map_or_else(String::new, |(path, node)| {
            format!(
                ": {} is {}",
                path.trim_start_matches('/').replace('/', "."),
                self.tree.text(node).unwrap_or("given")
            )
        })
    }

    /// Creates a finding with the message of the schema.
    fn said(&self, node: NodeId, part: Part, constraint: &Constraint<'_>) -> Finding {
        let rule = Self::rule(constraint, &not_allowed_value::NOT_ALLOWED_VALUE);
        Finding::new(rule, self.place(node, part), constraint.message.unwrap_or_default())
    }

    fn described<'s>(&self, schema: &'s Value, key: &str) -> Option<&'s str> {
        schema.get("properties")?.get(key)?.get("description")?.as_str()
    }

    fn key(&self, node: NodeId) -> &str {
        self.tree.key_of(node).map_or("item", |key| self.tree.key_name(key))
    }

    fn shown(&self, node: NodeId) -> Shown<'t> {
        Shown { tree: self.tree, node }
    }
}
