//! The tree of a schema, and with it rows put together from the columns, as JSON.

use std::collections::VecDeque;

use parquet::basic::{ConvertedType, LogicalType, Repetition};
use parquet::schema::types::Type;

use super::leaf::Leaf;
use super::value::quoted;

/// A part of a row.
#[derive(Debug)]
pub(super) enum RowPart {
    /// The value of a column.
    Leaf { leaf: usize },
    /// An object. It is there if the definition level is as high as this.
    Group { fields: Vec<NamedPart>, defined: i16 },
    /// A list.
    List { element: Box<RowPart>, levels: ListLevels },
    /// A list of pairs, which is an object in JSON.
    Map { key: Box<RowPart>, value: Option<Box<RowPart>>, levels: ListLevels },
}

/// A field of an object: its key as JSON, and its value.
#[derive(Debug)]
pub(super) struct NamedPart {
    key: Box<[u8]>,
    name: String,
    node: RowPart,
}

/// From which levels on a list is what.
#[derive(Clone, Copy, Debug)]
pub(super) struct ListLevels {
    /// It is there, with elements or without, if the definition level is as high as this.
    defined: i16,
    /// It has an element.
    filled: i16,
    /// It goes on, if the repetition level is this.
    repeated: i16,
}

/// What a column is told by.
#[derive(Clone, Copy)]
struct Levels {
    defined: i16,
    repeated: i16,
}

/// The fields of the rows of a schema. If `nests`, dots in the names of columns are those of a path: `requestInfo.requestId`.
pub(super) fn root(schema: &Type, nests: bool) -> RowPart {
    let mut leaves = 0;
    let levels = Levels { defined: 0, repeated: 0 };
    let mut fields: Vec<NamedPart> = schema
        .get_fields()
        .iter()
        .map(|field| NamedPart::new(field.name(), node(field, levels, &mut leaves)))
        .collect();
    if nests {
        fields = nested(fields);
    }
    RowPart::Group { fields, defined: 0 }
}

fn nested(fields: Vec<NamedPart>) -> Vec<NamedPart> {
    let mut all: Vec<NamedPart> = Vec::new();
    for field in fields {
        let path: VecDeque<String> = field.name.split('.').map(str::to_owned).collect();
        put(&mut all, path, field.node);
    }
    all
}

fn put(fields: &mut Vec<NamedPart>, mut path: VecDeque<String>, node: RowPart) {
    let Some(name) = path.pop_front() else { return };
    if path.is_empty() || path.iter().any(String::is_empty) || path.len() >= super::guard::DEEPEST_SCHEMA {
        let rest = path.into_iter().fold(name, |name, part| name + "." + &part);
        return fields.push(NamedPart::new(&rest, node));
    }
    let is_own = |field: &&mut NamedPart| field.name == name && matches!(field.node, RowPart::Group { .. });
    if let Some(NamedPart { node: RowPart::Group { fields, .. }, .. }) = fields.iter_mut().find(is_own) {
        return put(fields, path, node);
    }
    let mut own = Vec::new();
    put(&mut own, path, node);
    fields.push(NamedPart::new(&name, RowPart::Group { fields: own, defined: 0 }));
}

impl NamedPart {
    fn new(name: &str, node: RowPart) -> Self {
        let mut key = Vec::new();
        quoted(name.as_bytes(), &mut key);
        key.push(b':');
        Self { key: key.into(), name: name.to_owned(), node }
    }
}

fn node(own: &Type, around: Levels, leaves: &mut usize) -> RowPart {
    let repetition = own.get_basic_info().has_repetition().then(|| own.get_basic_info().repetition());
    match repetition {
        Some(Repetition::REPEATED) => {
            // A list without a group around it.
            let levels = Levels { defined: around.defined + 1, repeated: around.repeated + 1 };
            let list = ListLevels { defined: around.defined, filled: levels.defined, repeated: levels.repeated };
            RowPart::List { element: Box::new(content(own, levels, leaves)), levels: list }
        }
        Some(Repetition::OPTIONAL) => content(own, Levels { defined: around.defined + 1, ..around }, leaves),
        _ => content(own, around, leaves),
    }
}

/// Returns what a field is when it is there.
fn content(own: &Type, levels: Levels, leaves: &mut usize) -> RowPart {
    if own.is_primitive() {
        *leaves += 1;
        return RowPart::Leaf { leaf: *leaves - 1 };
    }
    let (is_list, is_map) = annotation(own);
    if let [repeated] = own.get_fields()
        && is_repeated(repeated)
        && (is_list || is_map)
    {
        let inner = Levels { defined: levels.defined + 1, repeated: levels.repeated + 1 };
        let list = ListLevels { defined: levels.defined, filled: inner.defined, repeated: inner.repeated };
        if is_list {
            let element = match element_of(own, repeated) {
                Some(element) => node(element, inner, leaves),
                None => content(repeated, inner, leaves),
            };
            return RowPart::List { element: Box::new(element), levels: list };
        }
        if let [key, rest @ ..] = fields_of(repeated)
            && rest.len() <= 1
        {
            let key = Box::new(node(key, inner, leaves));
            let value = rest.first().map(|value| Box::new(node(value, inner, leaves)));
            return RowPart::Map { key, value, levels: list };
        }
    }
    let fields =
        own.get_fields().iter().map(|field| NamedPart::new(field.name(), node(field, levels, leaves))).collect();
    RowPart::Group { fields, defined: levels.defined }
}

fn annotation(own: &Type) -> (bool, bool) {
    let info = own.get_basic_info();
    match (info.logical_type_ref(), info.converted_type()) {
        (Some(LogicalType::List), _) | (None, ConvertedType::LIST) => (true, false),
        (Some(LogicalType::Map), _) | (None, ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE) => (false, true),
        _ => (false, false),
    }
}

fn is_repeated(own: &Type) -> bool {
    let info = own.get_basic_info();
    info.has_repetition() && info.repetition() == Repetition::REPEATED
}

fn fields_of(own: &Type) -> &[std::sync::Arc<Type>] {
    if own.is_group() { own.get_fields() } else { &[] }
}

/// Returns the element of a list, if it is the field of the repeated group; else that group is it. The rules are those of the format, "Backward-compatibility rules".
fn element_of<'t>(list: &Type, repeated: &'t Type) -> Option<&'t Type> {
    let [element] = fields_of(repeated) else { return None };
    let is_element = repeated.name() == "array" || repeated.name() == format!("{}_tuple", list.name());
    (!is_element && !is_repeated(element)).then_some(element)
}

/// Writes rows.
pub(super) struct RowWriter<'w> {
    pub leaves: &'w mut [Leaf],
    /// Whether fields without a value are left out.
    pub omits_nulls: bool,
    /// The most bytes of a row. What goes beyond is read, and not written.
    pub most: usize,
}

impl RowWriter<'_> {
    /// Writes a part of a row. Returns whether it has a value.
    pub fn write(&mut self, node: &RowPart, out: &mut Vec<u8>) -> bool {
        if out.len() > self.most {
            out.truncate(self.most + 1);
        }
        match node {
            RowPart::Leaf { leaf } => {
                let has_value = self.leaves.get_mut(*leaf).is_some_and(|leaf| leaf.take(out));
                if !has_value {
                    out.extend_from_slice(b"null");
                }
                has_value
            }
            RowPart::Group { fields, defined } => {
                if !self.is_there(node, *defined, out) {
                    return false;
                }
                self.object(fields, out)
            }
            RowPart::List { element, levels } => {
                if !self.is_there(node, levels.defined, out) {
                    return false;
                }
                out.push(b'[');
                self.elements(node, *levels, out, |own, out| {
                    own.write(element, out);
                });
                out.push(b']');
                true
            }
            RowPart::Map { key, value, levels } => {
                if !self.is_there(node, levels.defined, out) {
                    return false;
                }
                out.push(b'{');
                self.elements(node, *levels, out, |own, out| {
                    let start = out.len();
                    own.write(key, out);
                    if out.get(start) != Some(&b'"') {
                        let text = out.split_off(start.min(out.len()));
                        quoted(&text, out);
                    }
                    out.push(b':');
                    match value {
                        Some(value) => drop(own.write(value, out)),
                        None => out.extend_from_slice(b"null"),
                    }
                });
                out.push(b'}');
                true
            }
        }
    }

    fn object(&mut self, fields: &[NamedPart], out: &mut Vec<u8>) -> bool {
        out.push(b'{');
        let mut is_first = true;
        let mut has_any = false;
        for field in fields {
            let start = out.len();
            if !is_first {
                out.push(b',');
            }
            out.extend_from_slice(&field.key);
            let has_value = self.write(&field.node, out);
            has_any |= has_value;
            if !has_value && self.omits_nulls {
                out.truncate(start);
            } else {
                is_first = false;
            }
        }
        out.push(b'}');
        has_any || !self.omits_nulls
    }

    /// Returns whether a group or a list is there. If not, writes that, and takes its entries.
    fn is_there(&mut self, node: &RowPart, defined: i16, out: &mut Vec<u8>) -> bool {
        let is_there =
            first_leaf(node).and_then(|leaf| self.leaves.get(leaf)).is_some_and(|leaf| leaf.definition() >= defined);
        if !is_there {
            self.skip(node);
            out.extend_from_slice(b"null");
        }
        is_there
    }

    /// Writes the elements of a list, with commas between them.
    fn elements(
        &mut self,
        node: &RowPart,
        levels: ListLevels,
        out: &mut Vec<u8>,
        mut element: impl FnMut(&mut Self, &mut Vec<u8>),
    ) {
        let Some(first) = first_leaf(node) else { return };
        if self.leaves.get(first).is_none_or(|leaf| leaf.definition() < levels.filled) {
            return self.skip(node);
        }
        loop {
            element(self, out);
            // A list that goes on has the next entry in the same record.
            if self.leaves.get(first).is_none_or(|leaf| leaf.repetition() < levels.repeated) {
                return;
            }
            if out.len() > self.most {
                out.truncate(self.most + 1);
            }
            out.push(b',');
        }
    }

    /// Takes the one entry that columns have for what is not there.
    fn skip(&mut self, node: &RowPart) {
        match node {
            RowPart::Leaf { leaf } => {
                let mut nothing = Vec::new();
                self.leaves.get_mut(*leaf).map(|leaf| leaf.take(&mut nothing));
            }
            RowPart::Group { fields, .. } => fields.iter().for_each(|field| self.skip(&field.node)),
            RowPart::List { element, .. } => self.skip(element),
            RowPart::Map { key, value, .. } => {
                self.skip(key);
                value.iter().for_each(|value| self.skip(value));
            }
        }
    }
}

/// Returns the first column of a part, whose levels tell whether the part is there.
fn first_leaf(node: &RowPart) -> Option<usize> {
    match node {
        RowPart::Leaf { leaf } => Some(*leaf),
        RowPart::Group { fields, .. } => fields.iter().find_map(|field| first_leaf(&field.node)),
        RowPart::List { element, .. } => first_leaf(element),
        RowPart::Map { key, .. } => first_leaf(key),
    }
}
