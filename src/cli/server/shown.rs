//! What is shown beside and in a text: lenses, hints and colours.

use serde_json::{Value, json};

use super::answers::{AskedText, range_in};
use super::position::{Position, Positions};
use super::protocol::InRange;
use crate::analysis::Analysis;
use crate::ide::{self, TokenRole};

/// The types of tokens, in the order of [`token_type`]. All are those of the protocol, for which editors have colours.
pub(super) const TOKEN_TYPES: [&str; 9] =
    ["keyword", "property", "namespace", "enumMember", "function", "number", "string", "operator", "variable"];

fn token_type(role: TokenRole) -> u32 {
    match role {
        TokenRole::Keyword => 0,
        TokenRole::Metric => 1,
        TokenRole::Data => 2,
        TokenRole::Dimension => 3,
        TokenRole::Function => 4,
        TokenRole::Number => 5,
        TokenRole::Text => 6,
        TokenRole::Operator => 7,
        TokenRole::Reference => 8,
    }
}

impl AskedText<'_> {
    pub(super) fn lenses(&self, analysis: &mut Analysis<'_>) -> Value {
        let found = ide::lenses(analysis, self.name);
        let lens = |own: &ide::Lens| {
            let range = range_in(self.name, own.span, analysis, self.encoding)?;
            // A command without a name does nothing, and editors show its title.
            Some(json!({"range": range, "command": {"title": own.title, "command": ""}}))
        };
        found.iter().filter_map(lens).collect()
    }

    pub(super) fn hints(&self, at: &InRange, analysis: &mut Analysis<'_>) -> Value {
        let Some(examined) = analysis.examined(self.name) else { return json!([]) };
        let within = self.encoding.span(examined.source(), at.range);
        let found = ide::hints(analysis, self.name, within);
        let Some(examined) = analysis.examined(self.name) else { return json!([]) };
        let hint = |own: &ide::Hint| {
            let position = self.encoding.position(examined.source(), own.at);
            json!({"position": position, "label": own.label, "tooltip": own.tooltip, "paddingLeft": true})
        };
        found.iter().map(hint).collect()
    }

    /// Returns the tokens as the protocol packs them: the line and the first character relative to the token before, the length, the type.
    pub(super) fn tokens(&self, analysis: &Analysis<'_>) -> Value {
        let Some(examined) = analysis.examined(self.name) else { return json!({"data": []}) };
        let source = examined.source();
        let mut data: Vec<u32> = Vec::new();
        let mut last = (0, 0);
        let mut positions = Positions::new(source, self.encoding);
        for (span, role) in ide::semantic_tokens(analysis.index().workspace(), &self.ids(analysis)) {
            let (start, end) = (positions.of(span.start), positions.of(span.end));
            let Position { line, character } = start;
            let from = if line == last.0 { character - last.1 } else { character };
            data.extend([line - last.0, from, end.character.saturating_sub(character), token_type(role), 0]);
            last = (line, character);
        }
        json!({"data": data})
    }
}
