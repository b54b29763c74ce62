//! Anchors, aliases and tags, and the limits on alias expansion.

use granit_parser::Tag;

use super::Builder;
use crate::text::{Span, offset};
use crate::yaml::node::{Node, NodeId, NodeKind, NodeStyle, Text};
use crate::yaml::problem::Problem;
use crate::yaml::scalar::ScalarType;
use crate::yaml::tree::Anchor;

impl Builder<'_> {
    /// The parser names an anchor right after the start of its node.
    pub(super) fn anchor(&mut self, id: usize, name: &str, span: Span) {
        let node = NodeId(offset(self.tree.nodes.len().saturating_sub(1)));
        let index = self.tree.anchors.len();
        let is_scalar = matches!(self.tree.nodes.last().map(Node::kind), Some(NodeKind::Scalar(_)));
        self.tree.anchors.push(Anchor {
            name: name.to_owned(),
            span,
            node,
            uses: 0,
            size: 1,
            height: 0,
            closed: is_scalar,
        });
        self.anchor_ids.insert(id, index);
        if !is_scalar && let Some(frame) = self.frames.last_mut() {
            frame.anchor = Some(index);
        }
    }

    pub(super) fn alias(&mut self, id: usize, span: Span) {
        self.last_end = span.end;
        let depth = offset(self.frames.len());
        let Some(anchor) = self.anchor_ids.get(&id).and_then(|index| self.tree.anchors.get_mut(*index)) else {
            return self.null_alias(span);
        };
        anchor.uses += 1;
        if !anchor.closed {
            let name = anchor.name.clone();
            self.problems.push(Problem::CyclicAlias { span, name });
            return self.null_alias(span);
        }
        let (target, size, height) = (anchor.node, anchor.size, anchor.height);
        if depth + height > self.limits.depth {
            self.problems.push(Problem::TooDeep { span, limit: self.limits.depth });
            return self.null_alias(span);
        }
        self.alias_nodes = self.alias_nodes.saturating_add(size);
        if self.alias_nodes > self.limits.alias_nodes {
            self.expansion_limit(span);
            return self.null_alias(span);
        }
        let style = NodeStyle::Plain;
        self.push(span, NodeKind::Alias(target), style, Text::None, false);
        if let Some(frame) = self.frames.last_mut() {
            frame.size = frame.size.saturating_add(size);
            frame.height = frame.height.max(height);
        }
    }

    /// Reports, once per document, that its aliases visit too many nodes.
    pub(super) fn expansion_limit(&mut self, span: Span) {
        let limit = self.limits.alias_nodes;
        if !self.problems.iter().any(|problem| matches!(problem, Problem::AliasExpansion { .. })) {
            self.problems.push(Problem::AliasExpansion { span, limit });
        }
    }

    /// Reads an undefined alias as null, so that the rest of the document can be checked.
    fn null_alias(&mut self, span: Span) {
        self.push(span, NodeKind::Scalar(ScalarType::Null), NodeStyle::Plain, Text::Source(span), false);
    }

    pub(super) fn undefined_alias(&mut self, name: &str, span: Span) {
        let names = self.tree.anchors[self.first_anchor..].iter().map(|anchor| anchor.name.as_str());
        let nearest = names.min_by_key(|known| strsim::damerau_levenshtein(known, name));
        let nearest = nearest.filter(|known| strsim::damerau_levenshtein(known, name) <= 2).map(str::to_owned);
        self.problems.push(Problem::UndefinedAlias { span, name: name.to_owned(), nearest });
        self.last_end = span.end;
        self.null_alias(span);
    }

    pub(super) fn code_tag(&mut self, tag: Option<&Tag>, at: &granit_parser::Span) {
        if let Some(tag) = tag
            && let Some(span) = at.tag_span()
        {
            // What a loader sees: regardless of how the tag is written, the prefix of its handle and the rest, with escapes decoded.
            let uri = decoded(&format!("{}{}", tag.handle(), tag.suffix()));
            let name = uri.strip_prefix("tag:yaml.org,2002:").unwrap_or(&uri).trim_start_matches('!');
            if ["python/", "ruby/", "java/", "javax.", "php/", "perl/"].iter().any(|prefix| name.starts_with(prefix)) {
                let span = self.span(&span);
                self.problems.push(Problem::CodeTag { span });
            }
        }
    }
}

/// Returns the text of a tag with its `%2F` decoded.
fn decoded(tag: &str) -> String {
    let mut bytes = Vec::with_capacity(tag.len());
    let mut rest = tag.as_bytes();
    while let [first, behind @ ..] = rest {
        let escaped = if *first == b'%' { behind.get(..2) } else { None };
        let byte = escaped.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
