//! Recognition of texts that are not YAML.
//!
//! A syntax error only matters in an MLSpec document: repositories are full of templates (Helm, Jinja) that are not YAML
//! until they are rendered. So the recognizable keys decide whether the error is reported.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::documents::Kind;
use crate::documents::detect::{DetectedAs, Detection, DetectionClue, detect_outline};
use crate::documents::spelling;
use crate::text::{Source, Span};
use crate::yaml::{self, Framing, Limits};

/// Longer documents are judged by their beginning.
const MOST_BYTES: usize = 1 << 18;
/// No key of MLSpec or of a known format is longer.
const LONGEST_KEY: usize = 64;

/// Detects what a broken document is, from its keys, the name of its file and the user's settings.
pub(super) fn detect(source: &Source, document: Span, name: &str, configured: Option<Kind>) -> Detection {
    let outline = Outline::of(source.slice(document));
    let tree = yaml::parse(Arc::new(Source::new(name, outline.text)), Limits::default(), Framing::Stream);
    let root = tree.documents().first().and_then(|document| document.root);
    let detection = root.map_or_else(Detection::unknown, |root| detect_outline(&tree, root, name, configured));
    match outline.kind {
        // Other evidence may be in the part that cannot be read.
        Some(kind)
            if matches!(detection.verdict, DetectedAs::LooksLike(_) | DetectedAs::NotAMapping | DetectedAs::Other) =>
        {
            let evidence = vec![DetectionClue::Said(format!("kind: {kind}"))];
            Detection { verdict: DetectedAs::Kind(kind), is_guess: true, evidence }
        }
        _ => detection,
    }
}

/// The recognizable content of a broken document.
#[derive(Default)]
struct Outline {
    /// YAML with the top-level keys, and below each the keys that follow it.
    text: String,
    /// The value of a top-level key `kind`, if it is a kind of MLSpec.
    kind: Option<Kind>,
    /// Whether a top-level key is `mlSpecVersion`.
    says_version: bool,
}

impl Outline {
    fn of(text: &str) -> Self {
        let text = text.get(..MOST_BYTES).unwrap_or(text).trim_start_matches(['\u{feff}', '-', '\n', '\r']);
        let mut outline = Self::default();
        // JSON and flow mappings have several keys on a line.
        match text.trim_start().chars().next() {
            Some('{') => outline.read_flow(text, 1),
            Some('[') => {
                outline.read_flow(text, 2);
                // The lists of others have kinds, too.
                if !outline.says_version {
                    outline = Self::default();
                }
            }
            _ => outline.read_block(text),
        }
        // The name of the file may be sufficient if no key is recognizable.
        if outline.text.is_empty() {
            outline.text.push_str("{}");
        }
        outline
    }

    fn read_block(&mut self, text: &str) {
        // A document may be indented as a whole, or begin with an accidentally indented line.
        let mut has_margin = false;
        for line in text.split(['\n', '\r']) {
            let content = line.trim_start_matches([' ', '\t', '-', '\u{feff}']);
            let explicit = content.strip_prefix("? ");
            if let Some((key, value)) =
                entry(without_properties(explicit.unwrap_or(content))).or(explicit.and_then(word))
            {
                let is_at_margin = content.len() == line.trim_start_matches('\u{feff}').len();
                has_margin |= is_at_margin;
                self.push(is_at_margin || !has_margin, key, value);
            }
        }
    }

    /// Reads a flow collection whose fields are at this depth.
    fn read_flow(&mut self, text: &str, top: usize) {
        let mut depth = 0_usize;
        let mut at = 0;
        while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
            at += c.len_utf8();
            match c {
                '{' | '[' => depth += 1,
                '}' | ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if !matches!(c, '{' | ',' | '\n') {
                continue;
            }
            let rest = text.get(at..).unwrap_or("").trim_start_matches([' ', '\t']);
            if let Some((key, value)) = entry(rest) {
                self.push(depth <= top, key, value);
            }
        }
    }

    fn push(&mut self, is_at_top: bool, key: &str, value: &str) {
        // A duplicate key is harmless here, since nothing is reported about an outline.
        let _ = if is_at_top { writeln!(self.text, "{key}:") } else { writeln!(self.text, "  {key}: x") };
        if is_at_top {
            let value = value.trim_matches([' ', '\t', '"', '\'', '\r']);
            if spelling::same_words(key, "kind") {
                self.kind = self.kind.or_else(|| Kind::by_name(value));
            }
            self.says_version |= spelling::same_words(key, "mlSpecVersion");
        }
    }
}

/// Returns a text without the anchor and the tag at its start.
fn without_properties(mut text: &str) -> &str {
    while let Some((_, rest)) = text.split_once(' ').filter(|_| text.starts_with(['&', '!'])) {
        text = rest.trim_start();
    }
    text
}

/// Returns a key that stands alone on its line, behind a `?`.
fn word(text: &str) -> Option<(&str, &str)> {
    let key = without_properties(text).trim_end().trim_matches(['"', '\'']);
    is_word(key).then_some((key, ""))
}

fn is_word(key: &str) -> bool {
    (1..=LONGEST_KEY).contains(&key.len())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// The characters in which an entry is looked for: a key, and the name of a kind or a version behind it. Without this limit, a text of nothing but
/// beginnings would be read to its end from each of them.
const MOST_ENTRY: usize = 4 * LONGEST_KEY;

/// Returns the key at the start of a text, quoted or not, and the part of its value on the same line before a comma.
fn entry(text: &str) -> Option<(&str, &str)> {
    let text = match text.char_indices().nth(MOST_ENTRY) {
        Some((end, _)) => text.get(..end)?,
        None => text,
    };
    let (key, rest) = match text.chars().next()? {
        quote @ ('"' | '\'') => {
            let (key, rest) = text[1..].split_once(quote)?;
            (key, rest.trim_start_matches([' ', '\t']).strip_prefix(':')?)
        }
        _ => {
            let (key, rest) = text.split_once(':')?;
            if !rest.is_empty() && !rest.starts_with([' ', '\t', '\r', '\n']) {
                return None;
            }
            (key, rest)
        }
    };
    let value = rest.split(['\n', ',', '}', '#']).next().unwrap_or("");
    is_word(key).then_some((key, value))
}

#[cfg(test)]
mod tests {
    use crate::analysis::{Options, examine};

    /// Returns the number of syntax errors that are reported if the user did not name the file.
    fn errors(name: &str, text: &str) -> usize {
        let examined = examine(name, text, &Options { explicit: false, ..Options::default() });
        examined.findings.kept.iter().filter(|finding| finding.rule.id == "document/yaml-syntax").count()
    }

    #[test]
    fn a_text_of_beginnings_is_read_once() {
        let deep = format!("{{\"kind\": \"dataset\", \"x\": {}1", "{\"a\":".repeat(40_000));
        assert_eq!(errors("a.json", &deep), 0, "deeper than 128 levels, and told as that");
        for beginning in [",\"", ",a", "\n- '"] {
            assert_eq!(errors("a.json", &format!("{{{}", beginning.repeat(80_000))), 0);
        }
    }

    #[test]
    fn a_broken_document_is_known_by_its_kind_or_version() {
        for text in [
            "kind: dataset\nname: \"x\n",
            "\"kind\": \"dataset\"\nname: [x\n",
            "'mlSpecVersion': 0.1.0\nname: [x\n",
            "{\"name\": \"x\", \"kind\": \"run\", \"tags\": [",
            "{\n  \"kind\" : \"run\",\n  \"name\": \"x\"\n  \"id\": 1\n}",
            "{kind: run, name: \"x}",
            "{\"x\": {\"y\": 1}, \"mlSpecVersion\": \"0.1.0\", \"name\": ",
            "[{\"mlSpecVersion\": \"0.1.0\", \"kind\": \"run\"}",
            "[\n  {\"x\": 1},\n  {\"mlspec_version\": \"0.1.0\",",
            "? mlSpecVersion\n: 0.1.0\nx: [\n",
            "? !!str \"mlSpecVersion\"\n: 0.1.0\nx: [\n",
            "&a !!str mlSpecVersion: 0.1.0\nx: [\n",
        ] {
            assert_eq!(errors("a.json", text), 1, "{text}");
        }
    }

    #[test]
    fn a_broken_document_beside_an_mlspec_document_is_found() {
        let dataset = "kind: dataset\nmlSpecVersion: 0.1.0\nname: x\n";
        assert_eq!(errors("a.yml", &format!("a: [1,\n---\n{dataset}")), 1);
        assert_eq!(errors("a.yml", &format!("{dataset}---\na: \"b\n")), 1);
    }

    #[test]
    fn other_broken_texts_are_not_ours() {
        for text in [
            "apiVersion: v1\nkind: Pipeline\nmetadata: {{ x }}y\n",
            "apiVersion: v1\nkind: model\nmetadata: [x\n",
            "{{- if .Values.x }}\nkind: Deployment\n{{ end }}\n",
            "{\"meta\": {\"kind\": \"run\"}, \"x\": [",
            "note: \"kind: run\nx: [\n",
            "[{\"kind\": \"run\", \"id\": 1}",
            "[{\"meta\": {\"mlSpecVersion\": \"0.1.0\"}}",
            "? a note about mlSpecVersion\n: x\ny: [\n",
        ] {
            assert_eq!(errors("a.yml", text), 0, "{text}");
        }
    }
}
