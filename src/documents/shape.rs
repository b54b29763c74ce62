//! The keys of a document, as clues and signs query them.

use std::cell::OnceCell;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::declaration::{Clue, KindSignature};
use super::formats::ForeignFormat;
use super::kind::Kind;
use super::spelling::same_words;
use crate::yaml::{NodeId, Tree};

/// A document, represented by its keys.
pub(super) struct KeysOfDocument<'t> {
    pub tree: &'t Tree,
    pub root: NodeId,
    /// Whether the tree is an outline: the recognizable keys of a text that is not YAML, each under the preceding key at the
    /// left margin, without values.
    is_outline: bool,
    /// The values at the top level, by the letters of their keys.
    top: OnceCell<FxHashMap<String, NodeId>>,
    /// Those of its keys that occur in clues and signs.
    keys: OnceCell<KeySet>,
}

/// How a key of a document may differ from the one searched for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// Not at all: other tools accept only one spelling of their keys.
    Exact,
    /// In its case style.
    AnyCase,
    /// In its case style, and by one typo.
    Misspelt,
}

/// With a typo, shorter keys easily become other words.
const SHORTEST_MISSPELT: usize = 5;

/// Returns the letters of a key, ignoring its case style: what [`same_words`] compares.
pub(super) fn letters(key: &str) -> String {
    key.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase()).collect()
}

/// Returns all paths in clues and signs.
fn paths() -> impl Iterator<Item = &'static str> {
    let of_kind = |kind: &Kind| {
        let KindSignature { own, telling, everyday } = &kind.declaration().signature;
        [*own, *telling, *everyday]
    };
    let clues = Kind::ALL.iter().flat_map(of_kind).flatten().copied();
    let signs = ForeignFormat::ALL.iter().flat_map(|format| format.signs()).map(|sign| sign.keys);
    clues.chain(signs).flatten().flat_map(|path| path.split('|'))
}

/// Returns the letters of a top-level key that occurs in a clue or sign, by its spelling in a document.
fn clue_letters(key: &str) -> Option<&'static str> {
    static LETTERS: OnceLock<FxHashMap<&'static str, String>> = OnceLock::new();
    let letters = LETTERS.get_or_init(|| paths().map(top_key).map(|key| (key, letters(key))).collect());
    letters.get(key).map(String::as_str)
}

/// A subset of the top-level keys that occur in clues and signs. Comparing two sets is very cheap, and most documents lack a key
/// of most clues.
#[derive(Clone, Copy, Default)]
struct KeySet([u64; 4]);

impl KeySet {
    fn of<'a>(letters: impl Iterator<Item = &'a str>) -> Self {
        static NUMBERS: OnceLock<FxHashMap<String, usize>> = OnceLock::new();
        let numbers = NUMBERS.get_or_init(|| {
            let mut numbers = FxHashMap::default();
            for key in paths().map(top_key) {
                let next = numbers.len();
                numbers.entry(self::letters(key)).or_insert(next);
            }
            numbers
        });
        let mut set = Self::default();
        for number in letters.filter_map(|letters| numbers.get(letters)) {
            // A key without a position is in no set, and is searched for in the document itself.
            if let Some(word) = set.0.get_mut(number / 64) {
                *word |= 1 << (number % 64);
            }
        }
        set
    }

    fn contains(&self, other: Self) -> bool {
        self.0.iter().zip(other.0).all(|(all, some)| all & some == some)
    }
}

/// Returns the top-level key with which a path of a clue begins.
fn top_key(path: &'static str) -> &'static str {
    let path = path.trim_start_matches('!');
    let end = path.find(['.', '=', '[', '{']).unwrap_or(path.len());
    path.get(..end).unwrap_or(path)
}

/// A clue prepared for matching.
pub(super) struct Prepared {
    clue: Clue,
    /// Top-level keys without which it cannot fit.
    needed: KeySet,
}

impl Prepared {
    pub(super) fn new(clue: Clue) -> Self {
        let is_needed = |path: &&&'static str| !path.starts_with(['!', '[']) && !path.contains('|');
        let needed: Vec<String> = clue.iter().filter(is_needed).map(|path| letters(top_key(path))).collect();
        Self { clue, needed: KeySet::of(needed.iter().map(String::as_str)) }
    }
}

impl<'t> KeysOfDocument<'t> {
    pub(super) fn new(tree: &'t Tree, root: NodeId, is_outline: bool) -> Self {
        Self { tree, root, is_outline, top: OnceCell::new(), keys: OnceCell::new() }
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

    /// Returns the keys that make a clue fit; `None` if it does not.
    pub(super) fn fit(&self, prepared: &Prepared, spelling: Spelling) -> Option<Vec<&'static str>> {
        let keys = self.keys.get_or_init(|| KeySet::of(self.top().keys().map(String::as_str)));
        if spelling != Spelling::Misspelt && !keys.contains(prepared.needed) {
            return None;
        }
        let mut keys = Vec::new();
        for path in prepared.clue {
            if let Some(absent) = path.strip_prefix('!') {
                if self.find_top(absent, spelling).is_some() {
                    return None;
                }
                continue;
            }
            let before = keys.len();
            keys.extend(path.split('|').filter(|path| self.holds(path, spelling)));
            if keys.len() == before {
                return None;
            }
        }
        Some(keys)
    }

    /// Returns the value of a top-level key, in any case style.
    pub(super) fn find(&self, key: &str) -> Option<NodeId> {
        self.find_top(key, Spelling::AnyCase)
    }

    /// Returns the value of a top-level key with one slip of the pen in it.
    pub(super) fn find_misspelt(&self, key: &str) -> Option<NodeId> {
        self.find_top(key, Spelling::Misspelt)
    }

    fn find_top(&self, key: &str, spelling: Spelling) -> Option<NodeId> {
        let found = match clue_letters(key) {
            Some(letters) => self.find_letters(letters, spelling),
            None => self.find_letters(&letters(key), spelling),
        };
        match spelling {
            Spelling::Exact => found.and_then(|_| self.tree.get(self.root, key)).map(|entry| entry.value),
            Spelling::AnyCase | Spelling::Misspelt => found,
        }
    }

    fn find_letters(&self, wanted: &str, spelling: Spelling) -> Option<NodeId> {
        self.top().get(wanted).copied().or_else(|| match spelling {
            Spelling::Misspelt => self.find_by(self.root, |key| is_misspelt(key, wanted)),
            Spelling::Exact | Spelling::AnyCase => None,
        })
    }

    fn find_in(&self, mapping: NodeId, key: &str, spelling: Spelling) -> Option<NodeId> {
        let exact = self.tree.get(mapping, key).map(|entry| entry.value);
        match spelling {
            Spelling::Exact => exact,
            Spelling::AnyCase => exact.or_else(|| self.find_by(mapping, |name| same_words(name, key))),
            Spelling::Misspelt => exact
                .or_else(|| self.find_by(mapping, |name| same_words(name, key)))
                .or_else(|| self.find_by(mapping, |name| is_misspelt(name, key))),
        }
    }

    fn find_by(&self, mapping: NodeId, test: impl Fn(&str) -> bool) -> Option<NodeId> {
        self.tree.entries(mapping).find(|entry| test(self.tree.key_name(entry.key))).map(|entry| entry.value)
    }

    fn holds(&self, path: &str, spelling: Spelling) -> bool {
        match path.split_once('=') {
            Some(_) if self.is_outline => false,
            None if self.is_outline => self.outline_holds(path, spelling),
            Some((path, values)) => self.path_holds(self.root, path, Some(values), spelling),
            None => self.path_holds(self.root, path, None, spelling),
        }
    }

    fn path_holds(&self, node: NodeId, path: &str, values: Option<&str>, spelling: Spelling) -> bool {
        let (segment, rest) = path.split_once('.').map_or((path, None), |(segment, rest)| (segment, Some(rest)));
        let rest_holds = |node: NodeId| rest.is_some_and(|rest| self.path_holds(node, rest, values, spelling));
        if segment == "*" {
            return self.tree.entries(node).any(|entry| rest_holds(entry.value));
        }
        let name = bare(segment);
        let value = match name {
            "" => Some(node),
            name if node == self.root => self.find_top(name, spelling),
            name => self.find_in(node, name, spelling),
        };
        let Some(value) = value else { return false };
        let shape_fits = (!segment.ends_with("[]") || self.tree.is_sequence(value))
            && (!segment.ends_with("{}") || self.tree.is_mapping(value));
        match rest {
            None => shape_fits && values.is_none_or(|values| self.is_one_of(value, values)),
            Some(_) if segment.ends_with("[]") => self.tree.items(value).iter().any(|item| rest_holds(*item)),
            Some(_) => shape_fits && rest_holds(value),
        }
    }

    fn is_one_of(&self, value: NodeId, patterns: &str) -> bool {
        let text = self.tree.text(value);
        text.is_some_and(|text| patterns.split(',').any(|pattern| matches(pattern, text)))
    }

    /// In an outline, only the first and the last key of a path are known.
    fn outline_holds(&self, path: &str, spelling: Spelling) -> bool {
        let mut segments = path.split('.').filter(|segment| *segment != "*").map(bare);
        let Some(top) = segments.next().and_then(|segment| self.find_top(segment, spelling)) else { return false };
        segments.all(|segment| self.find_in(top, segment, spelling).is_some())
    }
}

/// Returns the key of a segment of a path, without the signs of a list or a map. A search for these signs would take longer than comparing
/// the end, and most documents are compared with many paths.
fn bare(segment: &str) -> &str {
    let without = |text, sign| std::iter::successors(Some(text), |text: &&str| text.strip_suffix(sign)).last();
    without(segment, "[]").and_then(|text| without(text, "{}")).unwrap_or(segment)
}

/// Returns whether a key is another one with a single typo, in any case style.
fn is_misspelt(written: &str, wanted: &str) -> bool {
    wanted.len() >= SHORTEST_MISSPELT
        && written.len().abs_diff(wanted.len()) <= 2
        && strsim::osa_distance(&letters(written), &letters(wanted)) == 1
}

/// Returns whether a text matches a pattern with the wildcard `*`, ignoring case.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern.eq_ignore_ascii_case(text) };
    let begins = text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    begins && (start.len()..=text.len()).any(|at| text.get(at..).is_some_and(|text| matches(rest, text)))
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
