//! Renaming: of objects in all files that name them, and of what a document declares for itself.
//!
//! A renaming is tried before it is offered: if it would bring a finding anywhere, it is refused with that finding. It writes every name in
//! the style that it has, and refuses where that cannot be, so that renaming back restores every byte.

mod anchor;
mod expression;
mod local;
mod object;
mod step;

pub(super) use expression::{Role, uses};

use std::collections::BTreeMap;

use super::FilePlace;
use crate::analysis::{Analysis, NewFinding};
use crate::secrets::redact;
use crate::text::{Edit, Span, apply, visible};
use crate::workspace::{DocId, Member};
use crate::yaml::edit::{is_plain_string, replace_scalar};
use crate::yaml::{NodeId, NodeStyle, Tree};

/// What is at a place that can be renamed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renamable {
    /// Its name as it is written at the place.
    pub span: Span,
    /// The name.
    pub name: String,
}

/// Why nothing is renamed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum RenameError {
    /// Nothing at the place has a name that others use.
    #[error("nothing that can be renamed is here")]
    Nothing,
    /// The name is no name.
    #[error("'{name}' cannot be a name here: {why}")]
    BadName {
        /// The name.
        name: String,
        /// Why not.
        why: &'static str,
    },
    /// A place where the name is written cannot be changed without changing more.
    #[error("in '{file}', line {line}, the name is written in another way; write it there as it is here first")]
    OtherSpelling {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u32,
    },
    /// A file that names it is not one that is checked.
    #[error("'{0}' names it, too, and is not among the files that are checked")]
    Outside(String),
    /// It would bring a finding.
    #[error("it would bring a finding in '{}', line {}: {} [{}]", .0.file, .1, .0.finding.message, .0.finding.rule.id)]
    Finding(Box<NewFinding>, u32),
}

/// The edits of each file, by its name.
pub type FileEdits = BTreeMap<String, Vec<Edit>>;

/// A name at a place, and all places of the same name.
struct Found {
    here: Renamable,
    places: Vec<NamedPlace>,
}

/// A place where a name is written.
#[derive(Clone, Debug)]
struct NamedPlace {
    file: String,
    /// The name in the text, or in a scalar whose style decides how it is written.
    span: Span,
    /// The characters around it that decide which names can stand here.
    form: Form,
}

/// How a name is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A whole scalar without quotes, with what follows the name in it.
    Plain,
    /// In quotes of YAML.
    Quoted(char),
    /// In an expression, as a word.
    Word,
    /// In an expression, in quotes of the language.
    Text,
    /// Behind `&` or `*`.
    Anchor,
}

/// Returns what can be renamed at a byte of a file.
#[must_use]
pub fn renamable(analysis: &Analysis<'_>, file: &str, offset: u32) -> Option<Renamable> {
    find(analysis, file, offset).ok().map(|found| found.here)
}

/// Returns the edits that rename what is at a byte of a file.
///
/// # Errors
/// If nothing there can be renamed, or it cannot be renamed so: then the error says why.
pub fn rename(analysis: &mut Analysis<'_>, file: &str, offset: u32, name: &str) -> Result<FileEdits, RenameError> {
    let Found { here, places } = find(analysis, file, offset)?;
    if here.name == name {
        return Ok(FileEdits::new());
    }
    let bad = |why| Err(RenameError::BadName { name: visible(&redact(name)).into_owned(), why });
    if name.trim() != name || name.is_empty() || name.chars().any(char::is_control) {
        return bad("it is empty, or has blanks around it, or invisible characters");
    }
    let mut edits = FileEdits::new();
    for place in places {
        let written = match place.form {
            Form::Plain if !is_plain_string(name) => return bad("it would need quotes"),
            Form::Word if !is_word(name) => return bad("it would need quotes in expressions"),
            Form::Text if name.contains(['\'', '"', '\\', ':', '#']) => {
                return bad("it cannot be quoted in expressions");
            }
            Form::Anchor if !is_anchor(name) => return bad("anchors have letters, digits, '-' and '_'"),
            Form::Quoted(_) if name.contains(['\'', '"', '\\']) => return bad("it has quotes or a backslash"),
            _ => name.to_owned(),
        };
        edits.entry(place.file).or_default().push(Edit { span: place.span, text: written });
    }
    for edits in edits.values_mut() {
        edits.sort_by_key(|edit| edit.span);
        edits.dedup();
    }
    tried(analysis, &edits)?;
    Ok(edits)
}

/// Makes the edits, looks for findings that they bring, and takes them back.
fn tried(analysis: &mut Analysis<'_>, edits: &FileEdits) -> Result<(), RenameError> {
    let mut texts = Vec::new();
    for (file, edits) in edits {
        let Some(examined) = analysis.examined(file) else { return Err(RenameError::Outside(file.clone())) };
        let text = apply(examined.source().text(), edits).ok_or(RenameError::Nothing)?;
        texts.push((file.clone(), text));
    }
    let found = analysis.first_new_finding(&texts).map_err(RenameError::Outside)?;
    match found {
        None => Ok(()),
        Some(new) => {
            let text = texts.iter().find(|(file, _)| *file == new.file).map(|(_, text)| text.as_str());
            let text = text.or_else(|| Some(analysis.examined(&new.file)?.source().text())).unwrap_or("");
            let before = text.get(..new.finding.place.span.start as usize).unwrap_or("");
            let line = u32::try_from(before.matches('\n').count()).unwrap_or(u32::MAX).saturating_add(1);
            Err(RenameError::Finding(Box::new(new), line))
        }
    }
}

fn find(analysis: &Analysis<'_>, file: &str, offset: u32) -> Result<Found, RenameError> {
    let workspace = analysis.index().workspace();
    let ids: Vec<DocId> = analysis.index().documents_of(file).to_vec();
    let here = ids.iter().filter_map(|id| Some((*id, workspace.member(*id)?)));
    let here: Vec<(DocId, &Member)> = here
        .filter(|(_, member)| span_of(member).is_some_and(|own| own.start <= offset && offset <= own.end))
        .collect();
    for (id, member) in here {
        let found = declared(member, offset).map(Ok).or_else(|| object::find(workspace, id, member, offset));
        // Beside a name there may be a part of it, such as a version, that is no name.
        let is_elsewhere = |found: &Found| offset < found.here.span.start || found.here.span.end < offset;
        match found {
            Some(Ok(found)) if is_elsewhere(&found) => {}
            Some(found) => return found,
            None => {}
        }
    }
    Err(RenameError::Nothing)
}

/// Returns the places of what a document declares for itself and names at a byte, the declaration first.
pub(super) fn declared_places(member: &Member, offset: u32) -> Option<Vec<FilePlace>> {
    span_of(member).filter(|own| own.start <= offset && offset <= own.end)?;
    let places = declared(member, offset)?.places.into_iter();
    Some(places.map(|place| FilePlace { file: place.file, span: place.span }).collect())
}

fn declared(member: &Member, offset: u32) -> Option<Found> {
    anchor::find(member, offset).or_else(|| step::find(member, offset)).or_else(|| local::find(member, offset))
}

fn span_of(member: &Member) -> Option<Span> {
    Some(member.tree.documents().get(member.position as usize)?.span)
}

/// Returns the place of a name at the start of a scalar, which holds it as it is said; `None` if the scalar writes it in another way.
fn place_of(member: &Member, node: NodeId, name: &str) -> Option<NamedPlace> {
    let tree: &Tree = &member.tree;
    let inner = tree.inner_span(node);
    let text = tree.source().slice(inner);
    let form = match tree.style(node) {
        NodeStyle::Plain => Form::Plain,
        NodeStyle::SingleQuoted => Form::Quoted('\''),
        NodeStyle::DoubleQuoted => Form::Quoted('"'),
        _ => return None,
    };
    // A scalar over several lines, or with escapes, is not what it says.
    let is_as_said = tree.text(node) == Some(text) && replace_scalar(tree, node, "x").is_some();
    let is_here = text.starts_with(name) && is_as_said;
    is_here.then(|| NamedPlace {
        file: member.file().to_owned(),
        span: Span::new(inner.start, inner.start + crate::text::offset(name.len())),
        form,
    })
}

fn other_spelling(member: &Member, node: NodeId) -> RenameError {
    let source = member.tree.source();
    let line = source.line_col(member.tree.span(node).start).line;
    RenameError::OtherSpelling { file: member.file().to_owned(), line }
}

fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_') && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

fn is_anchor(name: &str) -> bool {
    name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}
