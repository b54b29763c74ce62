//! What a document refers to.

use crate::documents::Kind;
use crate::documents::roles::{FieldRole, ReferenceRole, roled};
use crate::yaml::{NodeId, Tree};

/// A reference in a document.
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    /// The node whose text is the reference.
    pub node: NodeId,
    /// Where the field is that it stands in.
    pub path: &'static [&'static str],
    /// The kinds that the object can be of, the usual one first.
    pub targets: &'static [Kind],
    /// What the reference means.
    pub role: ReferenceRole,
}

/// What a document refers to. A placeholder that is filled in later refers to nothing yet.
pub(super) fn of(kind: Kind, tree: &Tree, root: NodeId) -> Vec<Reference> {
    let fields = roled(kind, tree, root, |role| matches!(role, FieldRole::Reference { .. }));
    let references = fields.into_iter().filter_map(|(node, field)| match field.role {
        FieldRole::Reference { targets, role } => Some(Reference { node, path: field.path, targets, role }),
        _ => None,
    });
    let is_there = |node: NodeId| tree.text(node).is_some_and(is_reference) && !tree.is_null(node);
    references.filter(|reference| is_there(reference.node)).collect()
}

fn is_reference(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && !text.contains(['$', '{', '<', '>']) && !is_placeholder(text)
}

/// The words that examples put where a reference is meant.
fn is_placeholder(text: &str) -> bool {
    const WORDS: &[&str] = &["guid", "n/a", "none", "null", "ref", "tbd", "todo", "uuid"];
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(text)) || text.bytes().all(|byte| byte == b'x')
}
