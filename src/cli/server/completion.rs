//! Completion, as the protocol says it.

use serde_json::{Value, json};

use super::answers::AskedText;
use super::known::KnownFolder;
use super::position::Encoding;
use super::protocol::AtPosition;
use super::support::Support;
use crate::ide::{self, Offer, OfferKind, Piece, Typed};
use crate::text::{Source, Span};

/// The characters behind which editors ask by themselves, beside letters: what begins a value, an item, a version, a list of rules or a unit.
pub(super) const TRIGGERS: [&str; 7] = [":", " ", "-", "@", "[", "(", "."];

impl AskedText<'_> {
    /// Returns what can be written at a position.
    pub(super) fn completion(
        &self,
        at: &AtPosition,
        open: Option<String>,
        seen: &mut KnownFolder<'_>,
        support: Support,
    ) -> Value {
        let empty = json!({"isIncomplete": false, "items": []});
        let Some(open) = open else { return empty };
        let source = Source::new(self.name, open);
        let offset = self.encoding.offset(&source, at.position);
        let findings = seen.analysis.report(self.name).map(|report| report.findings.clone()).unwrap_or_default();
        let tree = seen.analysis.examined(self.name).and_then(|own| own.tree());
        let is_same = tree.is_some_and(|tree| tree.source().text() == source.text());
        let typed = Typed {
            source: &source,
            tree: tree.filter(|_| is_same),
            findings: &findings,
            options: &seen.options,
            is_beyond_schema: support.completes_beyond_schema,
        };
        let (offers, is_all) = ide::completions(seen.analysis.index().workspace(), &typed, offset);
        let items: Vec<Value> = offers
            .iter()
            .enumerate()
            .map(|(rank, offer)| item(rank, offer, &source, self.encoding, support.snippets))
            .collect();
        json!({"isIncomplete": !is_all, "items": items})
    }
}

fn item(rank: usize, offer: &Offer, source: &Source, encoding: Encoding, snippets: bool) -> Value {
    let has_placeholder = offer.pieces.iter().any(|piece| matches!(piece, Piece::Placeholder(_)));
    let is_snippet = snippets && has_placeholder;
    let text = match (is_snippet, has_placeholder) {
        (true, _) => snippet(&offer.pieces),
        (false, true) => offer.beginning().to_owned(),
        (false, false) => offer.text(),
    };
    let written = source.slice(Span::new(offer.replaced.start, offer.replaced.end));
    // Editors compare what is typed with this, quotes included.
    let quote = if written.starts_with('"') { "\"" } else { "" };
    json!({
        "label": offer.label,
        "kind": kind(offer.kind),
        "detail": offer.detail,
        "documentation": {"kind": "markdown", "value": offer.documentation},
        "sortText": format!("{rank:04}"),
        "filterText": format!("{quote}{}", offer.label),
        "insertTextFormat": if is_snippet { 2 } else { 1 },
        // Lines behind the first are indented as that of the cursor is, and as much more as they are here.
        "insertTextMode": 2,
        "textEdit": {"range": encoding.range(source, offer.replaced), "newText": text},
    })
}

/// Writes placeholders as snippets of the protocol do, and what they would take for their own as it stands.
fn snippet(pieces: &[Piece]) -> String {
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}");
    let mut next = 0;
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(own) => text.push_str(&escaped(own)),
            Piece::Placeholder(own) => {
                next += 1;
                text.push_str(&format!("${{{next}:{}}}", escaped(own)));
            }
        }
    }
    text
}

/// `CompletionItemKind` of the protocol.
fn kind(kind: OfferKind) -> u8 {
    match kind {
        OfferKind::Document => 15,
        OfferKind::Field => 5,
        OfferKind::Value => 12,
        OfferKind::Reference => 18,
        OfferKind::Rule => 21,
        OfferKind::Word => 14,
        OfferKind::Name => 6,
        OfferKind::Function => 3,
        OfferKind::Unit => 11,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_snippets_would_take_for_their_own_is_escaped() {
        let pieces = [Piece::Text("a: ${x}\\".to_owned()), Piece::Placeholder("{b}".to_owned())];
        assert_eq!(snippet(&pieces), "a: \\${x\\}\\\\${1:{b\\}}");
    }
}
