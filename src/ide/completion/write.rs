//! How fields and values are written at a place.

use serde_json::Value;

use super::offer::Piece;
use super::spot::{FieldLayout, ValueSpot};
use crate::yaml::NodeStyle;
use crate::yaml::edit::is_plain_string;

/// Returns a field with a value, each scalar of which is to be replaced.
pub(super) fn field(name: &str, value: &Value, layout: FieldLayout) -> Vec<Piece> {
    let mut writer = Writer { pieces: Vec::new() };
    match layout {
        FieldLayout::Block { beyond } => writer.entry(name, value, beyond),
        FieldLayout::Flow => {
            writer.text(&format!("{}: ", plain(name)));
            writer.flow(value, false);
        }
        FieldLayout::Json => {
            writer.text(&format!("{}: ", Value::from(name)));
            writer.flow(value, true);
        }
    }
    writer.pieces
}

/// Returns a scalar as it is written at a place; `None` if it cannot be written there.
pub(super) fn scalar(value: &Value, spot: &ValueSpot) -> Option<String> {
    let written = match (value, spot.style) {
        (Value::String(text), NodeStyle::SingleQuoted) => text.replace('\'', "''"),
        (Value::String(text), NodeStyle::DoubleQuoted) => {
            let is_plain = !text.contains(['"', '\\']) && !text.chars().any(char::is_control);
            is_plain.then(|| text.clone())?
        }
        (_, NodeStyle::SingleQuoted | NodeStyle::DoubleQuoted) => return None,
        (value, _) if spot.is_json => value.to_string(),
        (Value::String(text), _) => plain(text),
        (value, _) => value.to_string(),
    };
    let space = if spot.wants_space { " " } else { "" };
    Some(format!("{space}{written}"))
}

/// Returns a text without quotes, if it can do without.
fn plain(text: &str) -> String {
    // What JSON escapes, YAML reads alike (YAML 1.2, 5.7).
    if is_plain_string(text) { text.to_owned() } else { Value::from(text).to_string() }
}

struct Writer {
    pieces: Vec<Piece>,
}

impl Writer {
    fn text(&mut self, text: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Text(last)) => last.push_str(text),
            _ => self.pieces.push(Piece::Text(text.to_owned())),
        }
    }

    /// Writes an entry of a mapping whose keys begin at a column.
    fn entry(&mut self, name: &str, value: &Value, column: usize) {
        self.text(&format!("{}:", plain(name)));
        self.below(value, column);
    }

    /// Writes a value behind its key, or below it.
    fn below(&mut self, value: &Value, column: usize) {
        let line = format!("\n{}", " ".repeat(column + 2));
        match value {
            Value::Object(object) if !object.is_empty() => {
                for (name, value) in object {
                    self.text(&line);
                    self.entry(name, value, column + 2);
                }
            }
            Value::Array(items) if !items.is_empty() => {
                for item in items {
                    self.text(&format!("{line}- "));
                    self.item(item, column + 4);
                }
            }
            scalar => {
                self.text(" ");
                self.flow(scalar, false);
            }
        }
    }

    fn item(&mut self, item: &Value, column: usize) {
        let Some(object) = item.as_object().filter(|object| !object.is_empty()) else { return self.flow(item, false) };
        for (at, (name, value)) in object.iter().enumerate() {
            if at > 0 {
                self.text(&format!("\n{}", " ".repeat(column)));
            }
            self.entry(name, value, column);
        }
    }

    /// Writes a value on one line.
    fn flow(&mut self, value: &Value, is_json: bool) {
        match value {
            Value::Object(object) => {
                self.text("{");
                for (at, (name, value)) in object.iter().enumerate() {
                    let name = if is_json { Value::from(name.as_str()).to_string() } else { plain(name) };
                    self.text(&format!("{}{name}: ", if at > 0 { ", " } else { "" }));
                    self.flow(value, is_json);
                }
                self.text("}");
            }
            Value::Array(items) => {
                self.text("[");
                for (at, item) in items.iter().enumerate() {
                    self.text(if at > 0 { ", " } else { "" });
                    self.flow(item, is_json);
                }
                self.text("]");
            }
            Value::String(text) if !is_json => self.pieces.push(Piece::Placeholder(plain(text))),
            scalar => self.pieces.push(Piece::Placeholder(scalar.to_string())),
        }
    }
}
