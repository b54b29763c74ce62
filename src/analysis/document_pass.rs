//! Checks of a single text: parsing, kinds, the published schemas, and the rules that need no other document.

use std::sync::Arc;

use super::limit::{OfFile, limit};
use super::log_part::LogPart;
use super::read::{ReadText, read, read_as_json};
use super::stream_counts::StreamCounts;
use super::{Options, UnreadReason, configure, parse_findings, suppression};
use crate::config::Config;
use crate::diagnostics::{Finding, Severity};
use crate::documents::detect::{DetectedAs, Detection};
use crate::documents::{ForeignFormat, Kind};
use crate::rules::context::Checked;
use crate::rules::{self, Check, Context, Findings, Rule};
use crate::text::{Source, Span, offset};
use crate::workspace::{Member, NamedFiles};
use crate::yaml::{self, Tree};

/// A text that was checked by itself.
#[derive(Debug)]
pub struct Examined {
    pub(super) source: Arc<Source>,
    /// The text as a tree; `None` if nothing in it needs to be checked again.
    pub(super) tree: Option<Arc<Tree>>,
    /// The kind of each of its documents; `None` for documents that are not MLSpec, or not YAML.
    pub(super) documents: Vec<Option<Kind>>,
    /// The positions of the documents beside MLSpec ones that are none, in ascending order.
    pub(super) left_alone: Vec<u32>,
    /// The positions of the MLSpec documents that were not checked, such as those that could not be read, in ascending order.
    pub(super) unchecked: Vec<u32>,
    /// The foreign format of the file, if any.
    pub(super) format: Option<ForeignFormat>,
    /// The positions of the documents that are taken for MLSpec without saying so, in ascending order.
    pub(super) guesses: Vec<u32>,
    /// Its documents, as others refer to them.
    pub(super) members: Vec<Member>,
    /// For each member, what its check has found out.
    pub(super) checked: Vec<Checked>,
    /// The findings, as configured.
    pub(super) findings: OfFile,
    /// How many findings the configuration hides.
    pub(super) hidden: usize,
    /// Whether the user named the file.
    pub(super) explicit: bool,
    /// Whether one of its MLSpec documents could not be read.
    pub(super) is_broken: bool,
    /// Whether the file is no longer there, and only documents that another revision has in it are reported.
    pub(super) is_absent: bool,
    /// What is known about the files that its documents name.
    pub(super) named_files: NamedFiles,
    /// Why part of it was not read; `None` if all of it was, or if there is a finding about that part.
    pub(super) unread: Option<UnreadReason>,
    /// What was counted in the log of which these are some lines; `None` if this is a whole text.
    pub(super) stream: Option<Box<StreamCounts>>,
}

impl Examined {
    /// Returns the text and its name in reports. The text of a file with nothing to report is not kept.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Like [`source`](Self::source), shared.
    #[must_use]
    pub fn shared_source(&self) -> Arc<Source> {
        Arc::clone(&self.source)
    }

    /// Returns the text as a tree, if there is anything in it to report or to refer to.
    #[must_use]
    pub fn tree(&self) -> Option<&Arc<Tree>> {
        self.tree.as_ref()
    }

    /// Drops the typed documents, which take as much memory as the trees, of the kinds of which few are needed again. Rules of the
    /// workspace read the steps of every pipeline, and the modules that they run.
    pub fn forget_typed(&mut self) {
        let are_rarely_read = |member: &&mut Member| !matches!(member.kind, Kind::Pipeline | Kind::ModuleVersion);
        self.members.iter_mut().filter(are_rarely_read).for_each(Member::forget_typed);
    }

    /// Its documents, as others refer to them.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Whether the check of the document at a position among [the members](Self::members) found an error at this value, whatever the
    /// configuration makes of it.
    #[must_use]
    pub fn is_faulty(&self, member: usize, value: Span) -> bool {
        self.checked.get(member).is_some_and(|checked| checked.faults.of(value) == Some(Severity::Error))
    }

    /// Sets what is known about the files that its documents [name](crate::workspace::DocumentFacts::named_files). Without this,
    /// nothing is known and nothing is reported about them.
    pub fn set_named_files(&mut self, files: NamedFiles) {
        self.named_files = files;
    }

    /// Sets what was counted in the log of which these are some lines.
    #[must_use]
    pub fn with_counts(self, counts: StreamCounts) -> Self {
        Self { stream: Some(Box::new(counts)), ..self }
    }

    /// Returns the line, from 0, and the kind of each MLSpec document of a known kind.
    pub fn kinds_by_line(&self) -> impl Iterator<Item = (u32, Kind)> + '_ {
        let line = |index: usize| {
            let span = self.tree.as_ref()?.documents().get(index)?.span;
            Some(self.source.line_index(span.start))
        };
        let kinds = self.documents.iter().enumerate();
        kinds.filter_map(move |(index, kind)| Some((line(index)?, (*kind)?)))
    }

    /// Returns the number of documents, of whatever kind.
    #[must_use]
    pub fn count_all(&self) -> usize {
        self.documents.len()
    }

    /// Returns the number of documents beside MLSpec ones that are none.
    #[must_use]
    pub fn count_left_alone(&self) -> usize {
        self.left_alone.len()
    }

    /// Returns whether each document is the same whatever stands beside it: none is a guess or of another format, and none has comments,
    /// which may hide findings.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        let has_comments = self.tree.as_ref().is_some_and(|tree| !tree.comments().is_empty());
        self.guesses.is_empty() && self.format.is_none() && !has_comments
    }

    /// Returns whether the user named the file.
    #[must_use]
    pub fn is_explicit(&self) -> bool {
        self.explicit
    }

    /// Returns the number of MLSpec documents in it.
    #[must_use]
    pub fn documents(&self) -> usize {
        self.documents.iter().flatten().count()
    }
}

/// Checks a text by itself, keeping fixes as their rules offer them. `name` is its name in reports.
#[must_use]
pub fn examine(name: &str, text: impl Into<String>, options: &Options<'_>) -> Examined {
    examine_source(Arc::new(Source::new(name, text.into())), None, options)
}

/// Checks some lines of a log by themselves. Their number is bounded by the caller, and so is that of their findings.
#[must_use]
pub fn examine_lines(source: Arc<Source>, part: &LogPart<'_>, options: &Options<'_>) -> Examined {
    examine_source(source, Some(part), options)
}

fn examine_source(source: Arc<Source>, part: Option<&LogPart<'_>>, options: &Options<'_>) -> Examined {
    let name = source.name().to_owned();
    let as_json = part.and_then(|part| part.as_json);
    let ReadText { tree, detections, format } = match as_json {
        Some(own) => read_as_json(Arc::clone(&source), own, options),
        None => read(Arc::clone(&source), options),
    };
    let count = tree.documents().len();
    let mut examined = Examined {
        documents: Vec::with_capacity(count),
        members: Vec::with_capacity(count),
        checked: Vec::with_capacity(count),
        ..Examined::of(Arc::clone(&source), format, options)
    };
    examined.findings.is_unlimited = part.is_some();
    let has_mlspec = part.is_some_and(|part| part.has_mlspec) || detections.iter().flatten().any(Detection::is_claimed);
    for (index, detection) in detections.iter().enumerate() {
        let mut findings = Vec::new();
        let checked = examined.members.len();
        let kind = examined.document(&tree, index, detection.as_ref(), has_mlspec, options, &mut findings);
        if has_mlspec && index + 1 == detections.len() {
            let kinds: Vec<Option<Kind>> = examined.documents.iter().copied().chain([kind]).collect();
            parse_findings::lines_not_json(&tree, &kinds, &mut findings);
        }
        let is_ours = detection.as_ref().is_some_and(|detection| has_mlspec || detection.is_ours());
        if is_ours && examined.members.len() == checked {
            examined.unchecked.push(offset(index));
        }
        examined.documents.push(kind);
        findings.iter_mut().for_each(|finding| parse_findings::name_odd_character(&tree, finding));
        let is_told = |findings: &[Finding]| findings.iter().any(|finding| rules::is_about_reading(finding.rule));
        let was_told = is_told(&findings);
        if let Some(part) = part.filter(|part| part.refuses_others) {
            findings.extend(kind.and_then(|kind| part.refused(&tree, index, kind)));
        }
        examined.hidden += configure(&name, options, &examined.guesses, &mut findings);
        if was_told && !is_told(&findings) {
            examined.unread = Some(UnreadReason::Untold);
        }
        limit(&tree, offset(index), &mut findings);
        examined.findings.append(&mut findings);
    }
    if let Some(part) = part {
        let mut findings = part.faults_in(&source);
        if detections.is_empty() && has_mlspec && as_json.is_none() {
            parse_findings::lines_not_json(&tree, &[], &mut findings);
        }
        examined.hidden += configure(&name, options, &examined.guesses, &mut findings);
        examined.findings.append(&mut findings);
    }
    let is_relevant = !examined.findings.kept.is_empty()
        || examined.hidden > 0
        || examined.documents() > 0
        || examined.is_broken
        || !suppression::suppressions(&tree).is_empty();
    if is_relevant {
        examined.tree = Some(tree);
    } else {
        // A repository may contain far more foreign YAML than MLSpec documents.
        examined.source = Arc::new(Source::new(&*name, ""));
    }
    examined
}

impl Examined {
    /// Creates what stands for a file that is no longer there.
    pub(super) fn absent(name: &str) -> Self {
        Self { is_absent: true, ..Self::of(Arc::new(Source::new(name, "")), None, &Options::default()) }
    }

    fn of(source: Arc<Source>, format: Option<ForeignFormat>, options: &Options<'_>) -> Self {
        Self {
            source,
            tree: None,
            documents: Vec::new(),
            left_alone: Vec::new(),
            unchecked: Vec::new(),
            format,
            guesses: Vec::new(),
            members: Vec::new(),
            checked: Vec::new(),
            findings: OfFile::default(),
            hidden: 0,
            explicit: options.explicit,
            is_broken: false,
            is_absent: false,
            named_files: NamedFiles::default(),
            unread: None,
            stream: None,
        }
    }
}

/// A text that others may refer to, and about which nothing is reported.
#[derive(Debug, Default)]
pub struct Unchecked {
    /// Its documents.
    pub members: Vec<Member>,
    /// The text, if some MLSpec document of it cannot be read.
    pub unread: Option<Arc<Source>>,
}

/// Returns the documents of a text that others may refer to, unchecked.
#[must_use]
pub fn members(name: &str, text: &str, options: &Options<'_>) -> Vec<Member> {
    unchecked(name, text, options).members
}

/// Reads a text that others may refer to, without checking it.
#[must_use]
pub fn unchecked(name: &str, text: &str, options: &Options<'_>) -> Unchecked {
    let ReadText { tree, detections, .. } = read(Arc::new(Source::new(name, text)), options);
    let has_mlspec = detections.iter().flatten().any(Detection::is_claimed);
    let is_unread = |(document, detection): (&yaml::TreeDocument, &Option<Detection>)| {
        let is_ours = detection.as_ref().is_some_and(|detection| has_mlspec || detection.is_ours());
        document.root.is_none() && is_ours
    };
    let unread = tree.documents().iter().zip(&detections).any(is_unread).then(|| Arc::clone(tree.source()));
    let documents = tree.documents().iter().zip(detections).enumerate();
    let member =
        |(index, (document, detection)): (usize, (&yaml::TreeDocument, Option<Detection>))| match detection?.verdict {
            DetectedAs::Kind(kind) => Some(Member::new(Arc::clone(&tree), document.root?, offset(index), kind)),
            _ => None,
        };
    Unchecked { members: documents.filter_map(member).collect(), unread }
}

impl Examined {
    fn document(
        &mut self,
        tree: &Arc<Tree>,
        index: usize,
        detection: Option<&Detection>,
        has_mlspec: bool,
        options: &Options<'_>,
        findings: &mut Vec<Finding>,
    ) -> Option<Kind> {
        let document = tree.documents().get(index)?;
        let position = offset(index);
        let detection = detection?;
        if detection.format().is_some() && !options.claimed {
            return None;
        }
        if detection.is_guess && !options.claimed {
            self.guesses.push(position);
        }
        let Some(root) = document.root else {
            if detection.is_ours() || options.explicit || has_mlspec {
                self.is_broken = true;
                parse_findings::problems(tree, position, document, options.limits, findings);
            } else {
                self.unread = Some(UnreadReason::NotYaml);
            }
            return None;
        };
        let kind = parse_findings::verdict(tree, root, position, detection, has_mlspec, options, findings);
        if kind.is_none() && findings.is_empty() && has_mlspec && !tree.is_null(root) {
            self.left_alone.push(position);
        }
        // Other problems of an unchecked document are not reported here.
        if !detection.is_ours() {
            return None;
        }
        if let Some(finding) = parse_findings::missing_separator(tree, root, position, document) {
            findings.push(finding);
            self.is_broken = true;
            return kind;
        }
        parse_findings::problems(tree, position, document, options.limits, findings);
        if let (Some(kind), DetectedAs::Kind(_)) = (kind, &detection.verdict) {
            let member = Member::new(Arc::clone(tree), root, position, kind);
            self.checked.push(check(&member, options.config, findings));
            parse_findings::not_json(tree, position, document, has_mlspec, findings);
            self.members.push(member);
        }
        kind
    }
}

/// Checks the published schema first, then the rules with code. `findings` are those of this document. Returns among others the values
/// that do not fit their field: those rejected by reading, by the schema or by the family `document`.
fn check(member: &Member, config: &Config, findings: &mut Vec<Finding>) -> Checked {
    let (kind, tree, root, position) = (member.kind, &member.tree, member.root, member.position);
    let by_schema = rules::schema::findings(kind, tree, root, position);
    if let Some(finding) = rules::schema::of_other_kind(kind, tree, root, position, &by_schema) {
        findings.push(finding);
        return Checked::default();
    }
    findings.extend(by_schema);
    let mut checked = Checked::default();
    checked.faults.extend(findings.iter());
    let by_schema = findings.len();
    let context = Context::new(member, checked.clone());
    // The family `document` decides which values do not fit, for all rules.
    let runs = |rule: &&Rule| !config.is_off(rule) || rule.family() == "document";
    for rule in rules::of_documents(member.kind).filter(runs) {
        if !context.enter(rule) {
            continue;
        }
        let mut out = Findings::new(findings);
        match rule.check {
            Check::Any(check) => check(&context, &mut out),
            Check::Typed(check) | Check::SchemaAndTyped(check) => {
                if let Some(typed) = context.typed() {
                    check(typed, &context, &mut out);
                }
            }
            Check::Diagnostic(check) => rules::diagnostic::report(rule, check, &context, &mut out),
            Check::Reader
            | Check::Schema(_)
            | Check::Data
            | Check::Suppression
            | Check::Workspace(_)
            | Check::Evidence(_)
            | Check::History(_)
            | Check::Vanished(_) => {}
        }
    }
    checked.faults.extend(findings[by_schema..].iter().filter(|finding| finding.rule.family() == "document"));
    context.checked(checked.faults)
}
