//! One text by itself: reading, kinds, the published schemas, and the rules that need no other document.

use std::sync::Arc;

use super::recognise::Recognition;
use super::{Options, configure, framing, limit, reader, verify};
use crate::documents::detect::Verdict;
use crate::documents::{Format, Kind};
use crate::findings::{self, Finding};
use crate::rules::{self, Check, Context, Findings};
use crate::schema;
use crate::text::{Source, offset};
use crate::workspace::Member;
use crate::yaml::{self, Tree};

/// A text that was looked at by itself.
#[derive(Debug)]
pub struct Examined {
    pub(super) source: Arc<Source>,
    /// The text as a tree; nothing when there is nothing in it to look at again.
    pub(super) tree: Option<Arc<Tree>>,
    /// The kind of each of its documents; `None` for what is not MLSpec, or not YAML.
    pub(super) documents: Vec<Option<Kind>>,
    /// The other format that the file is of.
    pub(super) format: Option<Format>,
    /// The positions of the documents that are taken for MLSpec though nobody says so, in their order.
    pub(super) guesses: Vec<u32>,
    /// Its documents as others see them.
    pub(super) members: Vec<Member>,
    /// What was found, as the configuration has it.
    pub(super) findings: Vec<Finding>,
    /// How many findings the configuration hides.
    pub(super) hidden: usize,
    /// Whether the user named the file.
    pub(super) explicit: bool,
}

impl Examined {
    /// The text and what reports call it. The text of a file without anything to report is not kept.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The same, to be kept.
    #[must_use]
    pub fn shared_source(&self) -> Arc<Source> {
        Arc::clone(&self.source)
    }

    /// Its documents as others see them.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Whether the user named the file.
    #[must_use]
    pub fn is_explicit(&self) -> bool {
        self.explicit
    }

    /// How many MLSpec documents it holds.
    #[must_use]
    pub fn documents(&self) -> usize {
        self.documents.iter().flatten().count()
    }
}

/// Finds what is wrong with a text by itself. `name` is what reports call it.
#[must_use]
pub fn examine(name: &str, text: impl Into<String>, options: &Options<'_>) -> Examined {
    let mut examined = find(name, text.into(), options);
    verify::safe_fixes(examined.source.text(), &mut examined.findings, |text| {
        find(name, text.to_owned(), options).findings
    });
    examined
}

/// The findings of a text, with fixes as their rules offer them.
fn find(name: &str, text: String, options: &Options<'_>) -> Examined {
    let source = Arc::new(Source::new(name, text));
    let tree = Arc::new(yaml::parse(Arc::clone(&source), options.limits, framing(name)));
    let mut examined = Examined {
        source,
        tree: None,
        documents: Vec::with_capacity(tree.documents().len()),
        format: None,
        guesses: Vec::new(),
        members: Vec::new(),
        findings: Vec::new(),
        hidden: 0,
        explicit: options.explicit,
    };
    let mut recognition = Recognition::new(options.kind_for(name));
    for index in 0..tree.documents().len() {
        let kind = examined.document(&tree, index, &mut recognition, options);
        examined.documents.push(kind);
    }
    examined.format = recognition.format();
    examined.hidden = configure(name, options, &examined.guesses, &mut examined.findings);
    let is_relevant = !examined.findings.is_empty()
        || examined.hidden > 0
        || examined.documents() > 0
        || !findings::suppressions(&tree).is_empty();
    if is_relevant {
        examined.tree = Some(tree);
    } else {
        // A repository may hold far more YAML of others than of ours.
        examined.source = Arc::new(Source::new(name, ""));
    }
    examined
}

/// The documents of a text that others may refer to, unchecked.
#[must_use]
pub fn members(name: &str, text: &str, options: &Options<'_>) -> Vec<Member> {
    let tree = Arc::new(yaml::parse(Arc::new(Source::new(name, text)), options.limits, framing(name)));
    let mut recognition = Recognition::new(options.kind_for(name));
    let member = |(index, document): (usize, &yaml::Document)| match recognition.next(&tree, document)?.verdict {
        Verdict::Kind(kind) => Some(Member::new(Arc::clone(&tree), document.root?, offset(index), kind)),
        _ => None,
    };
    tree.documents().iter().enumerate().filter_map(member).collect()
}

impl Examined {
    fn document(
        &mut self,
        tree: &Arc<Tree>,
        index: usize,
        recognition: &mut Recognition,
        options: &Options<'_>,
    ) -> Option<Kind> {
        let document = tree.documents().get(index)?;
        let position = offset(index);
        let detection = recognition.next(tree, document)?;
        if matches!(detection.verdict, Verdict::Neighbour(_)) {
            return None;
        }
        if detection.is_guess {
            self.guesses.push(position);
        }
        let Some(root) = document.root else {
            if detection.is_ours() || options.explicit {
                reader::problems(tree, position, document, options.limits, &mut self.findings);
            }
            return None;
        };
        let findings = &mut self.findings;
        let before = findings.len();
        let kind = reader::verdict(tree, root, position, &detection, options, findings);
        // What else is wrong with a document that is not checked is nobody's business here.
        if !detection.is_ours() {
            return None;
        }
        reader::problems(tree, position, document, options.limits, findings);
        if let (Some(kind), Verdict::Kind(_)) = (kind, &detection.verdict) {
            let mut member = Member::new(Arc::clone(tree), root, position, kind);
            check(&member, before, findings);
            // Rules of the workspace look at the steps of every pipeline again, and at the modules that they run.
            if !matches!(kind, Kind::Pipeline | Kind::ModuleVersion) {
                member.forget_typed();
            }
            self.members.push(member);
        }
        limit(tree, root, position, before, findings);
        kind
    }
}

/// The published schema first, then the rules that have code. The findings from `first` on are those of this document: to look at
/// all would take time that grows with the square of the number of documents.
fn check(member: &Member, first: usize, findings: &mut Vec<Finding>) {
    findings.extend(schema::validate(member.kind, &member.tree, member.root, member.position));
    let faulty = findings[first..].iter().map(|finding| finding.place.span).collect();
    let context = Context::new(member, faulty);
    for rule in rules::of_documents(member.kind) {
        let mut out = Findings::new(findings);
        match rule.check {
            Check::Any(check) => check(&context, &mut out),
            Check::Typed(check) | Check::SchemaAndTyped(check) => {
                if let Some(typed) = context.typed() {
                    check(typed, &context, &mut out);
                }
            }
            Check::Reader | Check::Schema(_) | Check::Suppression | Check::Workspace(_) => {}
        }
    }
}
