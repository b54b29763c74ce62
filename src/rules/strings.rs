//! The string values of a document, collected once for the rules that check all strings.

use std::ops::BitOr;

use crate::yaml::{NodeId, Tree};

/// The classes of bytes that a text contains. They rule out most values without a closer look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bytes(u8);

impl Bytes {
    /// `.`
    pub const DOT: Self = Self(1);
    /// `/`
    pub const SLASH: Self = Self(1 << 1);
    /// `\`
    pub const BACKSLASH: Self = Self(1 << 2);
    /// `:`
    pub const COLON: Self = Self(1 << 3);
    /// White space, and all non-ASCII bytes, since they may be part of white space.
    pub const SPACE: Self = Self(1 << 4);
    /// `$` or `{`, which begin placeholders.
    pub const PLACEHOLDER: Self = Self(1 << 5);

    fn of(text: &str) -> Self {
        Self(text.bytes().fold(0, |found, byte| found | KINDS[usize::from(byte)]))
    }

    const fn of_byte(byte: u8) -> Self {
        match byte {
            b'.' => Self::DOT,
            b'/' => Self::SLASH,
            b'\\' => Self::BACKSLASH,
            b':' => Self::COLON,
            b'$' | b'{' => Self::PLACEHOLDER,
            0..=b' ' | 0x7f.. => Self::SPACE,
            _ => Self(0),
        }
    }

    fn has_any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for Bytes {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The class of each byte.
const KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = Bytes::of_byte(byte as u8).0;
        byte += 1;
    }
    kinds
};

/// The string values of a document in document order, without keys and aliases.
#[derive(Debug)]
pub(super) struct Strings<'a> {
    listed: Vec<(NodeId, Bytes, &'a str)>,
    /// The union of the classes of all strings.
    bytes: Bytes,
}

impl<'a> Strings<'a> {
    /// Collects the strings of the document at this position.
    pub fn of(tree: &'a Tree, document: u32) -> Self {
        let scalars = tree.scalars(document as usize);
        // About half of the nodes of a document are keys, and some are collections and numbers.
        let mut listed = Vec::with_capacity(scalars.size_hint().1.unwrap_or(0) / 3);
        let mut all = Bytes::default();
        for (node, text) in scalars.filter_map(|node| Some((node, tree.string(node)?))) {
            let bytes = Bytes::of(text);
            all = all | bytes;
            listed.push((node, bytes, text));
        }
        Self { listed, bytes: all }
    }

    /// Returns all strings.
    pub fn all(&self) -> impl Iterator<Item = (NodeId, &'a str)> {
        self.listed.iter().map(|(node, _, text)| (*node, *text))
    }

    /// Returns the strings that contain any of these bytes.
    pub fn with(&self, wanted: Bytes) -> impl Iterator<Item = (NodeId, &'a str)> {
        let listed = if self.bytes.has_any(wanted) { self.listed.as_slice() } else { &[] };
        listed.iter().filter(move |(_, bytes, _)| bytes.has_any(wanted)).map(|(node, _, text)| (*node, *text))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::text::Source;
    use crate::yaml::{Framing, Limits, parse};

    #[test]
    fn strings_are_those_of_one_document_with_the_bytes_asked_for() {
        let text = "a.b: c.d\n---\n- 1.5\n- &x a/b\n- *x\n- {k: 'é'}\n- \"\\x2e\"\n- ''\n- \"\\t\"\n";
        let tree = parse(Arc::new(Source::new("a.yml", text)), Limits::default(), Framing::Stream);
        let strings = Strings::of(&tree, 1);
        let texts = |wanted| strings.with(wanted).map(|(_, text)| text).collect::<Vec<_>>();
        assert_eq!(strings.all().map(|(_, text)| text).collect::<Vec<_>>(), ["a/b", "é", ".", "", "\t"]);
        assert_eq!(texts(Bytes::SLASH), ["a/b"]);
        assert_eq!(texts(Bytes::SPACE), ["é", "\t"]);
        assert_eq!(texts(Bytes::DOT | Bytes::SLASH), ["a/b", "."]);
        assert_eq!(texts(Bytes::COLON), [""; 0]);
    }
}
