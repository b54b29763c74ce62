//! Rewrites documents in other shapes of YAML: they are read into nodes that can be moved, and written in any style.

use mlspec_lint::yaml::{NodeId, NodeKind, NodeStyle, ScalarType, Tree};

/// A part of a document that can be written elsewhere and in another style.
#[derive(Clone)]
pub struct Node {
    /// Anchor and tag, as written.
    pub properties: String,
    /// The content of the node.
    pub content: Content,
}

/// The content of a node.
#[derive(Clone)]
pub enum Content {
    /// A scalar or an alias.
    Scalar(Scalar),
    /// A list.
    List(Vec<Node>),
    /// A mapping, including duplicate entries.
    Map(Vec<(Node, Node)>),
}

/// A scalar on one line.
#[derive(Clone)]
pub struct Scalar {
    /// As it is written in the document if that is one line, otherwise in double quotes.
    written: String,
    is_plain: bool,
    /// As it is written in JSON, if JSON has it.
    json: Option<String>,
}

impl Node {
    /// Reads the node of a tree. Entries that are merged by `<<` are not copied.
    pub fn read(tree: &Tree, id: NodeId) -> Self {
        let children = |id| -> Vec<(NodeId, NodeId)> {
            let own = tree.all_entries(id).iter().filter(|entry| tree.parent(entry.key) == Some(id));
            own.map(|entry| (entry.key, entry.value)).collect()
        };
        let content = match tree.kind(id) {
            NodeKind::Scalar(_) | NodeKind::Alias(_) => Content::Scalar(Scalar::read(tree, id)),
            NodeKind::Sequence => Content::List(tree.items(id).iter().map(|item| Self::read(tree, *item)).collect()),
            NodeKind::Mapping => {
                let entry = |(key, value)| (Self::read(tree, key), Self::read(tree, value));
                Content::Map(children(id).into_iter().map(entry).collect())
            }
        };
        Self { properties: properties(tree, id), content }
    }

    /// Returns a plain scalar or an alias.
    pub fn plain(text: &str) -> Self {
        let scalar = Scalar { written: text.to_owned(), is_plain: true, json: None };
        Self { properties: String::new(), content: Content::Scalar(scalar) }
    }

    /// Returns a collection without anchor and tag.
    pub fn of(content: Content) -> Self {
        Self { properties: String::new(), content }
    }

    /// Returns whether there is nothing that an alias could replace, or it is an alias already.
    pub fn is_empty(&self) -> bool {
        match &self.content {
            Content::Scalar(scalar) => scalar.written.is_empty() || scalar.written.starts_with('*'),
            _ => !self.is_filled_collection(),
        }
    }

    /// Returns whether it is a mapping or a list that is not empty.
    pub fn is_filled_collection(&self) -> bool {
        match &self.content {
            Content::Scalar(_) => false,
            Content::List(items) => !items.is_empty(),
            Content::Map(entries) => !entries.is_empty(),
        }
    }

    /// Returns the node on one line, with brackets and braces.
    pub fn flow(&self) -> String {
        let separated = |parts: Vec<String>| parts.join(", ");
        let text = match &self.content {
            Content::Scalar(scalar) => scalar.in_flow(),
            Content::List(items) => format!("[{}]", separated(items.iter().map(Self::flow_item).collect())),
            Content::Map(entries) => format!("{{{}}}", separated(entries.iter().map(flow_entry).collect())),
        };
        format!("{}{text}", self.properties)
    }

    /// Returns the node with brackets and braces, and a line for each entry of the outermost mapping.
    pub fn flow_lines(&self) -> String {
        match &self.content {
            Content::Map(entries) if !entries.is_empty() => {
                let lines: Vec<_> = entries.iter().map(flow_entry).collect();
                format!("{}{{{}}}\n", self.properties, lines.join(",\n "))
            }
            _ => format!("{}\n", self.flow()),
        }
    }

    /// Returns the node with indentation.
    pub fn block(&self) -> String {
        let (head, lines) = self.block_lines();
        let first = if head.is_empty() { head } else { format!("--- {head}\n") };
        lines.into_iter().fold(first, |text, line| text + &line + "\n")
    }

    /// Returns the node as JSON with a tab for each level; `None` if JSON lacks something of it.
    pub fn json(&self, level: usize) -> Option<String> {
        let indent = "\t".repeat(level + 1);
        let text = match &self.content {
            _ if !self.properties.is_empty() => return None,
            Content::Scalar(scalar) => return scalar.json.clone(),
            Content::List(items) => {
                let item = |item: &Self| Some(format!("{indent}{}", item.json(level + 1)?));
                let items: Option<Vec<_>> = items.iter().map(item).collect();
                format!("[\n{}\n{}]", items?.join(",\n"), "\t".repeat(level))
            }
            Content::Map(entries) => {
                let entry = |(key, value): &(Self, Self)| {
                    let key = match &key.content {
                        Content::Scalar(scalar) => scalar.json.clone()?,
                        _ => return None,
                    };
                    let key = if key.starts_with('"') { key } else { format!("\"{key}\"") };
                    Some(format!("{indent}{key}:\t{}", value.json(level + 1)?))
                };
                let entries: Option<Vec<_>> = entries.iter().map(entry).collect();
                format!("{{\n{}\n{}}}", entries?.join(",\n"), "\t".repeat(level))
            }
        };
        Some(text)
    }

    fn flow_item(&self) -> String {
        let text = self.flow();
        // An empty text is not an item of a flow list.
        if text.is_empty() { "null".to_owned() } else { text }
    }

    /// Returns what is written on the line of the key or dash, and the lines below it.
    fn block_lines(&self) -> (String, Vec<String>) {
        let mut lines = Vec::new();
        match &self.content {
            Content::Scalar(scalar) => return (format!("{}{}", self.properties, scalar.written), lines),
            _ if !self.is_filled_collection() => return (self.flow(), lines),
            Content::List(items) => {
                for item in items {
                    let (head, below) = item.block_lines();
                    let all = if head.is_empty() && !below.is_empty() { below } else { [vec![head], below].concat() };
                    let mark = |(index, line)| if index == 0 { format!("- {line}") } else { format!("  {line}") };
                    lines.extend(all.into_iter().enumerate().map(mark));
                }
            }
            Content::Map(entries) => {
                for (key, value) in entries {
                    let (head, below) = value.block_lines();
                    lines.push(format!("{} {head}", key_text(key)).trim_end().to_owned());
                    lines.extend(below.into_iter().map(|line| format!("  {line}")));
                }
            }
        }
        (self.properties.trim_end().to_owned(), lines)
    }
}

impl Scalar {
    fn read(tree: &Tree, id: NodeId) -> Self {
        let source = tree.source().slice(tree.span(id));
        let style = tree.style(id);
        let kind = tree.kind(id);
        let is_alias = matches!(kind, NodeKind::Alias(_));
        let text = tree.text(id).unwrap_or("");
        let is_one_line = !source.contains('\n') && !matches!(style, NodeStyle::Literal | NodeStyle::Folded);
        let json = match kind {
            // An alias of an empty node is null.
            NodeKind::Scalar(ScalarType::Null) => (!source.starts_with('*')).then(|| "null".to_owned()),
            NodeKind::Scalar(ScalarType::Bool) => Some(text.to_lowercase()),
            NodeKind::Scalar(ScalarType::Integer | ScalarType::Float) => {
                serde_json::from_str::<serde_json::Number>(text).is_ok().then(|| text.to_owned())
            }
            NodeKind::Scalar(ScalarType::String) => Some(quoted(text)),
            _ => None,
        };
        Self {
            written: if is_alias || is_one_line { source.to_owned() } else { quoted(text) },
            is_plain: is_one_line && !is_alias && style == NodeStyle::Plain,
            json,
        }
    }

    fn in_flow(&self) -> String {
        let is_taken_apart = self.is_plain && self.written.contains([',', '[', ']', '{', '}']);
        if is_taken_apart { quoted(&self.written) } else { self.written.clone() }
    }
}

/// Returns a text in double quotes; JSON strings are valid YAML.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn key_text(key: &Node) -> String {
    let text = key.flow();
    // A colon can be part of the name of an alias.
    if text.starts_with('*') { format!("{text} :") } else { format!("{text}:") }
}

fn flow_entry((key, value): &(Node, Node)) -> String {
    format!("{} {}", key_text(key), value.flow()).trim_end().to_owned()
}

/// Returns the anchor and the tag before a node, with a space after each.
fn properties(tree: &Tree, id: NodeId) -> String {
    let mut before = tree.source().text()[..tree.span(id).start as usize].trim_end();
    let mut found = String::new();
    loop {
        let word = before.rsplit([' ', '\n', '[', '{', ',']).next().unwrap_or("");
        let is_property =
            word.starts_with('!') || tree.anchors().iter().any(|anchor| word == format!("&{}", anchor.name));
        if !is_property || tree.comments().iter().any(|comment| comment.span.end as usize == before.len()) {
            return found;
        }
        found.insert_str(0, &format!("{word} "));
        before = before[..before.len() - word.len()].trim_end();
    }
}
