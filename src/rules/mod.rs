//! The rules: one file each, in a folder per family.
//!
//! A rule is declared with `declare_rule!`; the doc comment on its declaration is its page. [`Check`] says
//! how its findings are produced: by the YAML reader, by the published schema, or by code of its own.

mod alias_sites;
pub mod bases;
mod compared;
pub mod context;
pub mod data;
pub mod data_schema;
pub(crate) mod diagnostic;
pub(crate) mod divided;
pub mod document;
pub mod evidence;
pub mod expression;
pub mod governance;
pub mod history;
pub mod inference;
pub mod ingestion;
pub mod lifecycle;
mod linked;
pub mod model;
pub mod monitoring;
pub mod naming;
pub mod objective;
pub mod page;
mod parameters;
pub mod pipeline;
pub mod profile;
pub mod reference;
mod renamed;
pub mod reproducibility;
pub mod rollout;
pub mod run;
mod same_meaning;
pub mod schema;
pub mod security;
pub mod split;
pub mod status;
mod step_runs;
mod strings;
pub mod suppression;
pub mod transformation;
mod unread;
pub mod validation;

use std::ops::Deref;
use std::sync::OnceLock;

pub use compared::{ComparedDocument, Vanished};
pub use context::{Context, Findings};
pub(crate) use evidence::Reviewed;
pub use linked::Linked;
#[cfg(feature = "attest")]
pub(crate) use pipeline::parameter_unset::graph_parameter;
pub use renamed::{Renamed, renamed};
pub use step_runs::Executed;
#[cfg(feature = "attest")]
pub(crate) use step_runs::{StepEntry, StepRuns, own_status, status_name};
pub use strings::Bytes;

use crate::diagnostics::{Applicability, RuleMeta};
use crate::documents::roles::FieldRole;
use crate::documents::{Document, Kind};

/// A rule: its metadata, for reports and settings, and how its findings are produced.
pub struct Rule {
    /// The metadata that findings carry.
    pub meta: RuleMeta,
    /// The kinds of documents that it applies to.
    pub kinds: Kinds,
    /// How its findings are produced.
    pub check: Check,
}

/// The kinds of documents that a rule applies to.
#[derive(Clone, Copy, Debug)]
pub enum Kinds {
    /// These kinds; all kinds if the list is empty.
    Listed(&'static [Kind]),
    /// Kinds that have a field with one of these roles.
    WithFields(&'static [FieldRole]),
}

impl Kinds {
    /// Whether a rule applies to documents of every kind.
    #[must_use]
    pub fn is_all(self) -> bool {
        matches!(self, Self::Listed([]))
    }

    /// Whether a rule applies to documents of this kind specifically.
    #[must_use]
    pub fn names(self, kind: Kind) -> bool {
        match self {
            Self::Listed(kinds) => kinds.contains(&kind),
            Self::WithFields(roles) => kind.declaration().fields.iter().any(|field| roles.contains(&field.role)),
        }
    }

    /// Returns the kinds that a rule applies to specifically.
    #[must_use]
    pub fn named(self) -> Vec<Kind> {
        match self {
            Self::Listed(kinds) => kinds.to_vec(),
            Self::WithFields(_) => Kind::ALL.iter().copied().filter(|kind| self.names(*kind)).collect(),
        }
    }
}

impl Deref for Rule {
    type Target = RuleMeta;

    fn deref(&self) -> &RuleMeta {
        &self.meta
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.meta == other.meta
    }
}

impl Eq for Rule {}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.meta.fmt(f)
    }
}

/// Corrects a wrong string, and says whether the correction may be applied without review.
pub type Mend = fn(&str) -> Option<(String, Applicability)>;

/// How the findings of a rule are produced.
pub enum Check {
    /// Reading files and YAML, and recognizing the kind of a document; for duplicate keys, the published schema as well.
    Reader,
    /// The published schema of the document's kind; the constraint names the rule. The function, if any, corrects a wrong string.
    Schema(Option<Mend>),
    /// The published schema, as far as it can express the rule, and code for documents of some kinds for the rest.
    SchemaAndTyped(fn(&Document, &Context<'_>, &mut Findings<'_>)),
    /// Reading the expressions of objectives and comparing them with each other.
    Diagnostic(crate::objectives::diagnostic::DiagnosticKind),
    /// Reading data, and comparing it with a schema.
    Data,
    /// Reading suppression comments, once all findings are known.
    Suppression,
    /// Code that checks any document.
    Any(fn(&Context<'_>, &mut Findings<'_>)),
    /// Code that checks documents of some kinds.
    Typed(fn(&Document, &Context<'_>, &mut Findings<'_>)),
    /// Code that checks a document against the other documents of its workspace, and reports what is wrong with this one.
    Workspace(fn(&Context<'_>, &Linked<'_>, &mut Findings<'_>)),
    /// Code that compares objectives with what was measured for them.
    Evidence(fn(Reviewed<'_, '_>, &Context<'_>, &Linked<'_>, &mut Findings<'_>)),
    /// Code that compares a document with what it was in another revision.
    History(fn(&Context<'_>, &ComparedDocument<'_, '_>, &mut Findings<'_>)),
    /// Code that looks at a document of another revision that is no longer in its file.
    Vanished(fn(&Vanished<'_>, &mut Findings<'_>)),
}

/// Declares a rule as a `static`; its doc comment is its page.
macro_rules! declare_rule {
    (
        $(#[doc = $doc:literal])*
        pub $name:ident = {
            id: $id:literal,
            severity: $severity:ident,
            since: $since:literal,
            fix: $fix:ident,
            source: $source:literal,
            kinds: $($kinds:ident)? [$($kind:ident),*],
            check: $check:expr $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        pub static $name: $crate::rules::Rule = $crate::rules::Rule {
            meta: $crate::diagnostics::RuleMeta {
                id: $id,
                severity: $crate::diagnostics::Severity::$severity,
                since: $since,
                fix: $crate::diagnostics::FixKind::$fix,
                source: $source,
                docs: concat!($($doc, "\n"),*),
            },
            kinds: $crate::rules::kinds!($($kinds)? [$($kind),*]),
            check: { #[allow(unused_imports)] use $crate::rules::Check::*; $check },
        };
    };
}
pub(crate) use declare_rule;

/// Builds a `Kinds`: `[Model, ModelCard]` lists kinds, `with [License]` selects those that have a field with this role.
macro_rules! kinds {
    ([$($kind:ident),*]) => { $crate::rules::Kinds::Listed(&[$($crate::documents::Kind::$kind),*]) };
    (with [$($role:ident),*]) => {
        $crate::rules::Kinds::WithFields(&[$($crate::documents::roles::FieldRole::$role),*])
    };
}
pub(crate) use kinds;

/// Returns all rules, sorted by family and name.
pub fn all() -> &'static [&'static Rule] {
    static ALL: OnceLock<Vec<&'static Rule>> = OnceLock::new();
    ALL.get_or_init(|| {
        let families = [
            data::RULES,
            data_schema::RULES,
            document::RULES,
            evidence::RULES,
            expression::RULES,
            governance::RULES,
            history::RULES,
            inference::RULES,
            ingestion::RULES,
            lifecycle::RULES,
            model::RULES,
            monitoring::RULES,
            naming::RULES,
            objective::RULES,
            pipeline::RULES,
            profile::RULES,
            reference::RULES,
            reproducibility::RULES,
            rollout::RULES,
            run::RULES,
            security::RULES,
            split::RULES,
            status::RULES,
            suppression::RULES,
            transformation::RULES,
            validation::RULES,
        ];
        let mut rules: Vec<_> = families.into_iter().flatten().copied().collect();
        rules.sort_by_key(|rule| rule.id);
        rules
    })
}

/// The rules for each kind, selected when first used.
type RulesOfKinds = [OnceLock<Vec<&'static Rule>>; Kind::ALL.len()];

/// Returns the rules with code that checks documents of this kind one at a time.
pub(crate) fn of_documents(kind: Kind) -> impl Iterator<Item = &'static Rule> {
    static RULES: RulesOfKinds = [const { OnceLock::new() }; Kind::ALL.len()];
    for_kind(&RULES, kind, |check| {
        matches!(check, Check::Any(_) | Check::Typed(_) | Check::SchemaAndTyped(_) | Check::Diagnostic(_))
    })
}

/// Returns the rules with code that checks documents of this kind against the rest of the workspace.
pub(crate) fn of_workspace(kind: Kind) -> impl Iterator<Item = &'static Rule> {
    static RULES: RulesOfKinds = [const { OnceLock::new() }; Kind::ALL.len()];
    for_kind(&RULES, kind, |check| matches!(check, Check::Workspace(_) | Check::Evidence(_)))
}

/// Returns the rules with code that compares documents of this kind with another revision.
pub(crate) fn of_history(kind: Kind) -> impl Iterator<Item = &'static Rule> {
    static RULES: RulesOfKinds = [const { OnceLock::new() }; Kind::ALL.len()];
    for_kind(&RULES, kind, |check| matches!(check, Check::History(_)))
}

/// Returns the rules with code that looks at documents of this kind that are no longer in their file.
pub(crate) fn of_vanished(kind: Kind) -> impl Iterator<Item = &'static Rule> {
    static RULES: RulesOfKinds = [const { OnceLock::new() }; Kind::ALL.len()];
    for_kind(&RULES, kind, |check| matches!(check, Check::Vanished(_)))
}

fn for_kind(
    selected: &'static RulesOfKinds,
    kind: Kind,
    is_meant: fn(&Check) -> bool,
) -> impl Iterator<Item = &'static Rule> {
    let is_for = |rule: &&Rule| is_meant(&rule.check) && (rule.kinds.is_all() || rule.kinds.names(kind));
    selected[kind as usize].get_or_init(|| all().iter().copied().filter(is_for).collect()).iter().copied()
}

/// Returns the names of the families, sorted.
#[must_use]
pub fn families() -> Vec<&'static str> {
    let mut names: Vec<_> = all().iter().map(|rule| rule.family()).collect();
    names.dedup();
    names
}

/// Returns the rule with this id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Rule> {
    all().binary_search_by(|rule| rule.id.cmp(id)).ok().map(|index| all()[index])
}

/// Whether a rule reports that something could not be read. If such a rule were silenced, the check would appear to pass.
#[must_use]
pub fn is_about_reading(rule: &RuleMeta) -> bool {
    const UNREAD: &[&str] = &[
        "document/not-json",
        "document/not-utf8",
        "document/too-large",
        "document/unreadable",
        "document/yaml-syntax",
        "inference/malformed-line",
    ];
    UNREAD.contains(&rule.id)
}

/// Returns the rules that a selector names: a rule id or a family.
#[must_use]
pub fn select(selector: &str) -> Vec<&'static Rule> {
    all().iter().copied().filter(|rule| rule.id == selector || rule.family() == selector).collect()
}

/// Returns the rule id or family that a misspelled selector most likely means.
#[must_use]
pub fn nearest(selector: &str) -> Option<&'static str> {
    let names = all().iter().flat_map(|rule| [rule.id, rule.name()]).chain(families()).chain(renamed::former_ids());
    let best = crate::text::nearest(selector, names)?;
    if let Some(renamed) = renamed(best) {
        return Some(renamed.current);
    }
    // The name of a rule without its family stands for the rule.
    all()
        .iter()
        .map(|rule| rule.id)
        .find(|id| *id == best || id.split_once('/').is_some_and(|(_, name)| name == best))
        .or_else(|| families().into_iter().find(|family| *family == best))
}

#[cfg(test)]
pub(crate) mod testing {
    use crate::analysis::{Options, lint_text};

    /// Returns rule, text pointed at, and message of every finding in a text.
    pub(crate) fn found(text: &str) -> Vec<(&'static str, String, String)> {
        let report = lint_text("a.yml", text, &Options::default());
        let place = |finding: &crate::diagnostics::Finding| report.source.slice(finding.place.span).to_owned();
        report.findings.iter().map(|finding| (finding.rule.id, place(finding), finding.message.clone())).collect()
    }

    /// Asserts which rules report something in a text, and the text that they point at.
    #[track_caller]
    pub(crate) fn assert_found(text: &str, expected: &[(&str, &str)]) {
        let found = found(text);
        let short: Vec<_> = found.iter().map(|(rule, place, _)| (*rule, place.as_str())).collect();
        assert_eq!(short, expected, "{text}{found:#?}");
    }
}
