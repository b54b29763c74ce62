//! Which keys a document has: what clues and signs ask for.

use std::cell::OnceCell;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::signatures::{CLUES, Clue};
use super::spelling::same_words;
use crate::yaml::{NodeId, Tree};

/// A document as its keys.
pub(super) struct Shape<'t> {
    pub tree: &'t Tree,
    pub root: NodeId,
    reading: Reading,
    /// The values at the top, by the letters of their keys.
    top: OnceCell<FxHashMap<String, NodeId>>,
}

/// How keys are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// As they are written, in any case style.
    Exact,
    /// With at most one slip of the pen in each.
    Misspelt,
    /// Those of a text that is not YAML, as far as they can be made out: each is under the key at the margin that it follows, and has
    /// no value.
    Outline,
}

/// Shorter keys are other words soon.
const SHORTEST_MISSPELT: usize = 5;

/// The letters of a key without regard to its case style: what [`same_words`] compares.
pub(super) fn letters(key: &str) -> String {
    key.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase()).collect()
}

/// The letters of every key at the top that some clue asks for.
fn clue_letters(key: &str) -> Option<&'static str> {
    static LETTERS: OnceLock<FxHashMap<&'static str, String>> = OnceLock::new();
    let letters = LETTERS.get_or_init(|| {
        let clues = CLUES.iter().flat_map(|clues| [clues.own, clues.telling, clues.everyday]).flatten();
        let paths = clues.flat_map(|clue| clue.iter()).flat_map(|path| path.split('|'));
        paths.map(top_key).map(|key| (key, letters(key))).collect()
    });
    letters.get(key).map(String::as_str)
}

/// The key at the top that a path of a clue begins with.
fn top_key(path: &'static str) -> &'static str {
    let path = path.trim_start_matches('!');
    let end = path.find(['.', '=', '[', '{']).unwrap_or(path.len());
    path.get(..end).unwrap_or(path)
}

/// A clue that is ready to be tried.
pub(super) struct Prepared {
    clue: Clue,
    /// The letters of the keys at the top without which it cannot fit. Most documents lack one, and no path has to be followed then.
    needed: Vec<String>,
}

impl Prepared {
    pub(super) fn new(clue: Clue) -> Self {
        let is_needed = |path: &&&'static str| !path.starts_with(['!', '[']) && !path.contains('|');
        Self { clue, needed: clue.iter().filter(is_needed).map(|path| letters(top_key(path))).collect() }
    }
}

impl<'t> Shape<'t> {
    pub(super) fn new(tree: &'t Tree, root: NodeId, reading: Reading) -> Self {
        Self { tree, root, reading, top: OnceCell::new() }
    }

    fn top(&self) -> &FxHashMap<String, NodeId> {
        self.top.get_or_init(|| {
            let mut top = FxHashMap::default();
            for entry in self.tree.entries(self.root) {
                top.entry(letters(self.tree.key_name(entry.key))).or_insert(entry.value);
            }
            top
        })
    }

    /// The keys that make a clue fit; `None` if it does not.
    pub(super) fn fit(&self, prepared: &Prepared) -> Option<Vec<&'static str>> {
        if !prepared.needed.iter().all(|letters| self.find_letters(letters).is_some()) {
            return None;
        }
        let mut keys = Vec::new();
        for path in prepared.clue {
            if let Some(absent) = path.strip_prefix('!') {
                if self.has(absent) {
                    return None;
                }
                continue;
            }
            let before = keys.len();
            keys.extend(path.split('|').filter(|path| self.holds(path)));
            if keys.len() == before {
                return None;
            }
        }
        Some(keys)
    }

    /// Whether there is such a key at the top, in whatever case style it is written.
    pub(super) fn has(&self, key: &str) -> bool {
        self.find(key).is_some()
    }

    /// The value of a key at the top, in whatever case style it is written.
    pub(super) fn find(&self, key: &str) -> Option<NodeId> {
        match clue_letters(key) {
            Some(letters) => self.find_letters(letters),
            None => self.find_letters(&letters(key)),
        }
    }

    fn find_letters(&self, wanted: &str) -> Option<NodeId> {
        let misspelt =
            || self.tree.entries(self.root).find(|entry| self.may_mean(self.tree.key_name(entry.key), wanted));
        self.top().get(wanted).copied().or_else(|| misspelt().map(|entry| entry.value))
    }

    fn find_in(&self, mapping: NodeId, key: &str) -> Option<NodeId> {
        let find =
            |test: &dyn Fn(&str) -> bool| self.tree.entries(mapping).find(|entry| test(self.tree.key_name(entry.key)));
        let exact = self.tree.get(mapping, key);
        let entry =
            exact.or_else(|| find(&|name| same_words(name, key))).or_else(|| find(&|name| self.may_mean(name, key)));
        entry.map(|entry| entry.value)
    }

    fn may_mean(&self, written: &str, wanted: &str) -> bool {
        self.reading == Reading::Misspelt
            && wanted.len() >= SHORTEST_MISSPELT
            && written.len().abs_diff(wanted.len()) <= 1
            && strsim::osa_distance(&letters(written), &letters(wanted)) == 1
    }

    fn holds(&self, path: &str) -> bool {
        match (self.reading, path.split_once('=')) {
            (Reading::Outline, Some(_)) => false,
            (Reading::Outline, None) => self.outline_holds(path),
            (_, Some((path, values))) => self.path_holds(self.root, path, Some(values)),
            (_, None) => self.path_holds(self.root, path, None),
        }
    }

    fn path_holds(&self, node: NodeId, path: &str, values: Option<&str>) -> bool {
        let (segment, rest) = path.split_once('.').map_or((path, None), |(segment, rest)| (segment, Some(rest)));
        if segment == "*" {
            let below = |rest: &str| self.tree.entries(node).any(|entry| self.path_holds(entry.value, rest, values));
            return rest.is_some_and(below);
        }
        let name = segment.trim_end_matches("[]").trim_end_matches("{}");
        let value = match name {
            "" => Some(node),
            name if node == self.root => self.find(name),
            name => self.find_in(node, name),
        };
        let Some(value) = value else { return false };
        let shape_fits = (!segment.ends_with("[]") || self.tree.is_sequence(value))
            && (!segment.ends_with("{}") || self.tree.is_mapping(value));
        match rest {
            None => shape_fits && values.is_none_or(|values| self.is_one_of(value, values)),
            Some(rest) if segment.ends_with("[]") => {
                self.tree.items(value).iter().any(|item| self.path_holds(*item, rest, values))
            }
            Some(rest) => shape_fits && self.path_holds(value, rest, values),
        }
    }

    fn is_one_of(&self, value: NodeId, patterns: &str) -> bool {
        let text = self.tree.text(value);
        text.is_some_and(|text| patterns.split(',').any(|pattern| matches(pattern, text)))
    }

    /// In an outline only the first and the last key of a path are known.
    fn outline_holds(&self, path: &str) -> bool {
        let bare = |segment: &str| segment.trim_end_matches("[]").trim_end_matches("{}").to_owned();
        let mut segments = path.split('.').filter(|segment| *segment != "*").map(bare);
        let Some(top) = segments.next().and_then(|segment| self.find(&segment)) else { return false };
        segments.all(|segment| self.find_in(top, &segment).is_some())
    }
}

/// Whether a text is what a pattern with the wildcard `*` describes, letters in any case.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_ascii_lowercase(), text.to_ascii_lowercase());
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let mut parts = rest.split('*').collect::<Vec<_>>();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        let Some((_, after)) = text.split_once(part) else { return false };
        text = after;
    }
    text.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_whole_texts_in_any_case() {
        for (pattern, text) in [
            ("dvc.yaml", "dvc.yaml"),
            ("MLproject", "mlproject"),
            ("*.dvc", "raw.csv.dvc"),
            ("*conda*.y*ml", "conda.yml"),
            ("*conda*.y*ml", "dev-conda-gpu.yaml"),
            ("a*", "a"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("dvc.yaml", "my-dvc.yaml"),
            ("*.dvc", "a.dvc.yaml"),
            ("*a*a", "a"),
            ("ab*ba", "aba"),
            ("*conda*.y*ml", "conda.toml"),
        ] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }
}
