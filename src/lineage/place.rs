//! Places of files in one spelling, so that documents that spell them differently mean the same file.

use super::fields::text_of;
use crate::documents::Kind;
use crate::workspace::{Resolution, Workspace, field};
use crate::yaml::{NodeId, Tree};

/// Returns a place in one spelling: the bucket and the path in it, where both are known.
pub(super) fn place(workspace: Workspace<'_>, tree: &Tree, node: NodeId) -> Option<String> {
    let is_known = |text: &&str| !text.contains(['$', '{', '<']);
    let text = |node: NodeId| text_of(tree, node).filter(is_known);
    let within = |name: &str| field(tree, node, name).and_then(text);
    if !tree.is_mapping(node) {
        let text = text(node)?;
        return Some(joined(&[in_uri(text).unwrap_or(text)]));
    }
    if let (Some(bucket), Some(path)) = (within("bucket"), within("path")) {
        return Some(joined(&[bucket, in_uri(path).unwrap_or(path)]));
    }
    if let Some(url) = within("url") {
        return Some(joined(&[in_uri(url).unwrap_or(url)]));
    }
    let store = within("DataStore")?;
    // A URI in place of a path is an error, and may hold a password.
    let path = within("RelativePath").map(|path| in_uri(path).unwrap_or(path).to_owned());
    let path = path.or_else(|| within("Table").or_else(|| within("Query")).map(|query| format!("?{query}")))?;
    let found = match workspace.lookup(store, &[Kind::Datastore]) {
        Resolution::Found(found) => workspace.member(found),
        _ => None,
    };
    let Some(datastore) = found else { return Some(joined(&[store, &path])) };
    let of_store = |name: &str| {
        let node = field(&datastore.tree, datastore.root, name)?;
        text_of(&datastore.tree, node).filter(is_known)
    };
    let bucket = of_store("bucket").or_else(|| of_store("container"));
    let root = of_store("path").unwrap_or("");
    Some(joined(&[bucket.or_else(|| datastore.name()).unwrap_or(store), root, &path]))
}

/// Returns the bucket and path of a URI. Who reads it, and with which signature, is no part of the place.
fn in_uri(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("://")?;
    let rest = rest.find(['?', '#']).map_or(rest, |end| rest.get(..end).unwrap_or(rest));
    let authority = rest.find('/').map_or(rest, |end| rest.get(..end).unwrap_or(rest));
    rest.get(authority.rfind('@').map_or(0, |at| at + 1)..)
}

/// Joins paths, without empty segments and `.`.
fn joined(parts: &[&str]) -> String {
    let segments = parts.iter().flat_map(|part| part.split('/')).filter(|part| !matches!(*part, "" | "."));
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::in_uri;

    #[test]
    fn who_reads_a_uri_and_with_which_signature_is_no_part_of_the_place() {
        assert_eq!(in_uri("s3://app:word@bucket/a/b?sig=x#y"), Some("bucket/a/b"));
        assert_eq!(in_uri("s3://bucket/a@b"), Some("bucket/a@b"));
        assert_eq!(in_uri("s3://"), Some(""));
        assert_eq!(in_uri("a/b"), None);
    }
}
