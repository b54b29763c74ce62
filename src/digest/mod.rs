//! The digest of what a document says, whatever it looks like.
//!
//! Comments, the order of keys, quotes, indentation, anchors and the spelling of a field's name do not change it; any value does. It is the
//! SHA-256 of the content as JSON in the canonical form of RFC 8785. Where it has no such value, the form goes on in its spirit: a number
//! with more digits than a double holds keeps them, and infinity and NaN are written as words.

mod number;

use sha2::{Digest, Sha256};

use crate::yaml::{Entry, NodeId, NodeKind, ScalarType, Tree};

/// Returns the digest of the content of a document: `sha256:` and hexadecimal digits.
#[must_use]
pub fn content_digest(tree: &Tree, root: NodeId) -> String {
    let mut hash = Sha256::new();
    write(tree, root, &mut |part| hash.update(part.as_bytes()));
    spelled(hash)
}

/// Returns the digest of the content of a document without one of its fields.
#[must_use]
pub fn content_digest_without(tree: &Tree, root: NodeId, field: &str) -> String {
    let mut hash = Sha256::new();
    let entries = tree.entries(root).filter(|entry| tree.content_name(entry.key) != field);
    write_mapping(tree, entries, &mut |part| hash.update(part.as_bytes()));
    spelled(hash)
}

/// Returns the digest of bytes: `sha256:` and hexadecimal digits.
#[must_use]
pub fn bytes_digest(bytes: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(bytes);
    spelled(hash)
}

fn spelled(hash: Sha256) -> String {
    hash.finalize().iter().fold("sha256:".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}

/// Returns the content of a document in its canonical form.
#[must_use]
pub fn canonical(tree: &Tree, root: NodeId) -> String {
    let mut text = String::new();
    write(tree, root, &mut |part| text.push_str(part));
    text
}

/// Writes a node part by part. The depth of a tree is limited, and so is what its aliases repeat.
fn write(tree: &Tree, node: NodeId, out: &mut dyn FnMut(&str)) {
    let node = tree.resolve(node);
    match tree.kind(node) {
        NodeKind::Sequence => {
            out("[");
            for (at, item) in tree.items(node).iter().enumerate() {
                out(if at > 0 { "," } else { "" });
                write(tree, *item, out);
            }
            out("]");
        }
        NodeKind::Mapping => {
            write_mapping(tree, tree.entries(node), out);
        }
        NodeKind::Alias(_) | NodeKind::Scalar(ScalarType::Null) => out("null"),
        NodeKind::Scalar(ScalarType::Bool) => out(if tree.boolean(node) == Some(true) { "true" } else { "false" }),
        NodeKind::Scalar(ScalarType::Integer | ScalarType::Float) => {
            out(&number::canonical(tree.text(node).unwrap_or(""), tree.number(node)));
        }
        NodeKind::Scalar(ScalarType::String) => out(&quoted(tree.text(node).unwrap_or(""))),
    }
}

fn write_mapping(tree: &Tree, entries: impl Iterator<Item = Entry>, out: &mut dyn FnMut(&str)) {
    let mut entries: Vec<(&str, NodeId)> = entries.map(|entry| (tree.content_name(entry.key), entry.value)).collect();
    // RFC 8785, section 3.2.3: keys are compared "as arrays of UTF-16 code units".
    entries.sort_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
    out("{");
    for (at, (key, value)) in entries.into_iter().enumerate() {
        out(if at > 0 { "," } else { "" });
        out(&quoted(key));
        out(":");
        write(tree, value, out);
    }
    out("}");
}

/// Returns a text in quotes. Only control characters, quotes and backslashes are escaped, in their shortest form.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::text::Source;
    use crate::yaml::{Framing, Limits, parse};

    fn canonical_of(text: &str) -> String {
        let tree = parse(Arc::new(Source::new("a.yml", text)), Limits::default(), Framing::Stream);
        canonical(&tree, tree.documents()[0].root.unwrap())
    }

    #[test]
    fn the_example_of_rfc_8785_is_written_as_there() {
        // Section 3.2.2, with the digits of a double in place of 333333333.33333329.
        let text = r#"{"numbers": [333333333.3333333, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
            "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}"#;
        let expected = "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
        assert_eq!(canonical_of(text), expected);
        // Section 3.2.3.
        let keys = r#"{"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7}"#;
        let values = canonical_of(keys);
        let values: Vec<&str> = values.split(':').skip(1).filter_map(|part| part.get(..1)).collect();
        assert_eq!(values, ["2", "4", "6", "7", "1", "5", "3"]);
    }

    #[test]
    fn only_the_look_of_a_document_is_left_out() {
        let plain = canonical_of("a: 1\nb: [x, 'true', ~]\n");
        assert_eq!(plain, "{\"a\":1,\"b\":[\"x\",\"true\",null]}");
        for same in [
            "# c\nb:\n  - \"x\"\n  - \"true\"\n  -\na: 0x1\n",
            "{b: [x, \"true\", null], a: 1.0}",
            "b: [&n x, 'true', Null]\na: +1",
        ] {
            assert_eq!(canonical_of(same), plain, "{same}");
        }
        for other in [
            "a: 2\nb: [x, 'true', ~]\n",
            "a: '1'\nb: [x, 'true', ~]\n",
            "a: 1\nb: ['true', x, ~]\n",
            "a: 1\nb: [x, true, ~]\n",
        ] {
            assert_ne!(canonical_of(other), plain, "{other}");
        }
    }
}
