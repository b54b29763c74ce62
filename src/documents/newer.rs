//! Fields that came with a later version of the specification than their kind. In a document of an earlier version they are unknown, as they
//! were before.

use super::spelling::same_words;
use crate::yaml::{NodeId, Tree};

/// Names, in the schema of a field, the version of the specification that it came with.
pub(crate) const SINCE: &str = "x-mlspec-since";

/// The version of the specification that has all fields.
pub(crate) const NEWEST: &str = "0.2.0";

/// Returns whether a document follows the version of the specification that has all fields.
pub(crate) fn is_newest(tree: &Tree, root: NodeId) -> bool {
    let respelt = || tree.entries(root).find(|entry| same_words(tree.key_name(entry.key), "mlSpecVersion"));
    let version = tree.get(root, "mlSpecVersion").or_else(respelt);
    version.is_some_and(|entry| tree.text(entry.value).is_some_and(|text| text.trim() == NEWEST))
}
