//! The references of a document.

use crate::documents::Kind;
use crate::documents::roles::{FieldRole, ReferenceRole, roled};
use crate::yaml::{NodeId, Tree};

/// A reference in a document.
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    /// The node whose text is the reference.
    pub node: NodeId,
    /// The path of its field.
    pub path: &'static [&'static str],
    /// The kinds that the object can be of, the usual one first.
    pub targets: &'static [Kind],
    /// What the reference means.
    pub role: ReferenceRole,
}

/// Returns the references of a document. Placeholders that are filled in later are not references.
pub(super) fn of(kind: Kind, tree: &Tree, root: NodeId) -> Vec<Reference> {
    let fields = roled(kind, tree, root, |role| matches!(role, FieldRole::Reference { .. }));
    let references = fields.into_iter().filter_map(|(node, field)| match field.role {
        FieldRole::Reference { targets, role } => Some(Reference { node, path: field.path, targets, role }),
        _ => None,
    });
    let is_there = |node: NodeId| tree.text(node).is_some_and(is_reference) && !tree.is_null(node);
    references.filter(|reference| is_there(reference.node)).collect()
}

/// Returns whether a text refers to an object, and is not a placeholder for something that does.
#[must_use]
pub fn is_reference(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && !text.contains(['$', '{', '<', '>']) && !is_placeholder(text)
}

/// Returns whether a text is a word that examples use as a placeholder for a reference.
fn is_placeholder(text: &str) -> bool {
    const WORDS: &[&str] = &["guid", "n/a", "none", "null", "ref", "tbd", "todo", "uuid"];
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(text)) || text.bytes().all(|byte| byte == b'x')
}
