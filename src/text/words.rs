//! Searching whole texts for words.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use aho_corasick::packed;
use memchr::memmem;

/// A set of words, searched for all at once in one pass. Asking once whether a whole document contains any of them is far cheaper than
/// checking its values one by one.
///
/// Of many words, the first two bytes of each are looked up in a table. For two hundred words, an automaton takes as long to build as a
/// small workspace takes to check, and one that is built faster searches several times slower. Of words in any case, the first three
/// letters are searched for in each of their spellings.
#[derive(Debug)]
pub struct Words {
    words: &'static [&'static str],
    ignores_case: bool,
    searcher: OnceLock<Searcher>,
}

/// Finds the positions at which words may start.
#[derive(Debug)]
enum Searcher {
    /// The only word.
    One(Box<memmem::Finder<'static>>),
    /// A few words, by several bytes at once where the processor can.
    Few(Box<packed::Searcher>),
    /// Beginnings of words in any case, in all their spellings, as with a few words.
    Stems(Box<packed::Searcher>),
    /// Several words, by their first two bytes.
    Many(Beginnings),
}

/// More words are found more quickly one by one.
const FEW: usize = 24;

impl Words {
    /// Creates a searcher for these words, of at least two ASCII characters each. Of two with a common prefix, the first is found.
    #[must_use]
    pub const fn new(words: &'static [&'static str]) -> Self {
        Self { words, ignores_case: false, searcher: OnceLock::new() }
    }

    /// Like [`new`](Self::new), for words in upper, lower and mixed case.
    #[must_use]
    pub const fn in_any_case(words: &'static [&'static str]) -> Self {
        Self { words, ignores_case: true, searcher: OnceLock::new() }
    }

    /// Returns whether a text contains one of the words, possibly as part of another word.
    #[must_use]
    pub fn are_in(&self, text: &str) -> bool {
        self.find(text, 0).is_some()
    }

    /// Returns the positions of the words in a text, and the words as spelled there, in order; they do not overlap.
    pub fn places<'t>(&self, text: &'t str) -> impl Iterator<Item = (usize, &'t str)> + use<'_, 't> {
        let mut start = 0;
        std::iter::from_fn(move || {
            let (at, length) = self.find(text, start)?;
            start = at + length;
            Some((at, text.get(at..start)?))
        })
    }

    /// Returns the first of the words that stands at a position.
    #[must_use]
    pub fn at(&self, text: &str, at: usize) -> Option<&'static str> {
        let bytes = text.as_bytes();
        let words = match self.searcher() {
            Searcher::Many(beginnings) => beginnings.words_at(bytes, at),
            Searcher::One(_) | Searcher::Few(_) | Searcher::Stems(_) => self.words,
        };
        words.iter().copied().find(|word| self.is_here(bytes, at, word))
    }

    /// Returns the positions at which one of many words stands that are not within a word of the text, and the words. `continues_word` tells
    /// whether what is behind a byte is within one.
    pub fn places_at_words<'t>(
        &self,
        text: &'t str,
        continues_word: fn(u8) -> bool,
    ) -> impl Iterator<Item = (usize, &'t str)> + use<'_, 't> {
        let searcher = self.searcher();
        let bytes = text.as_bytes();
        // Few bytes begin one of the words, and what is before the others does not matter.
        let starts = bytes.iter().enumerate().filter(move |(at, byte)| {
            let can_begin = match searcher {
                Searcher::Many(beginnings) => beginnings.firsts[usize::from(**byte)],
                Searcher::One(_) | Searcher::Few(_) | Searcher::Stems(_) => true,
            };
            let before = || at.checked_sub(1).and_then(|before| bytes.get(before));
            can_begin && !before().is_some_and(|before| continues_word(*before))
        });
        starts.filter_map(|(at, _)| Some((at, self.at(text, at)? as &'t str)))
    }

    fn searcher(&self) -> &Searcher {
        self.searcher.get_or_init(|| match self.words {
            [only] if !self.ignores_case => Searcher::One(Box::new(memmem::Finder::new(*only))),
            words => {
                let found = match self.ignores_case {
                    true => packed::Searcher::new(stems(words)).map(Box::new).map(Searcher::Stems),
                    false if words.len() <= FEW => packed::Searcher::new(words).map(Box::new).map(Searcher::Few),
                    false => None,
                };
                found.unwrap_or_else(|| Searcher::Many(Beginnings::of(words, self.ignores_case)))
            }
        })
    }

    fn is_here(&self, bytes: &[u8], at: usize, word: &str) -> bool {
        bytes.get(at..at + word.len()).is_some_and(|written| match self.ignores_case {
            true => written.eq_ignore_ascii_case(word.as_bytes()),
            false => written == word.as_bytes(),
        })
    }

    /// Returns the position and length of the first word from a position on.
    fn find(&self, text: &str, start: usize) -> Option<(usize, usize)> {
        let bytes = text.as_bytes();
        match self.searcher() {
            Searcher::One(finder) => Some((start + finder.find(bytes.get(start..)?)?, finder.needle().len())),
            Searcher::Few(searcher) => {
                let found = searcher.find(bytes.get(start..)?)?;
                Some((start + found.start(), found.len()))
            }
            Searcher::Stems(searcher) => {
                let mut at = start;
                loop {
                    at += searcher.find(bytes.get(at..)?)?.start();
                    if let Some(word) = self.at(text, at) {
                        return Some((at, word.len()));
                    }
                    at += 1;
                }
            }
            Searcher::Many(beginnings) => {
                let mut at = start;
                loop {
                    let rest = bytes.get(at..)?;
                    let pairs = rest.iter().zip(rest.get(1..)?);
                    at +=
                        pairs.map(|(first, second)| beginnings.group(*first, *second)).position(|group| group != 0)?;
                    if let Some(word) = self.at(text, at) {
                        return Some((at, word.len()));
                    }
                    at += 1;
                }
            }
        }
    }
}

/// Returns the first three bytes of words in upper, lower and mixed case, each once.
fn stems(words: &[&str]) -> Vec<Vec<u8>> {
    let mut stems = BTreeSet::new();
    for word in words {
        let mut spellings = vec![Vec::new()];
        for byte in word.bytes().take(3) {
            let cases: BTreeSet<u8> = [byte.to_ascii_lowercase(), byte.to_ascii_uppercase()].into();
            spellings =
                spellings.iter().flat_map(|start| cases.iter().map(|byte| [&start[..], &[*byte]].concat())).collect();
        }
        stems.extend(spellings);
    }
    stems.into_iter().collect()
}

/// The number of pairs of bytes.
const PAIRS: usize = 1 << 16;

/// Words by their first two bytes.
#[derive(Debug)]
struct Beginnings {
    /// For each pair of bytes, the position of its words in `words`; 0 for most pairs, which have none.
    groups: Box<[u16; PAIRS]>,
    /// Whether some word begins with a byte.
    firsts: Box<[bool; 256]>,
    words: Vec<Vec<&'static str>>,
}

impl Beginnings {
    fn of(words: &[&'static str], ignores_case: bool) -> Self {
        // An array on the heap, which is never on the stack.
        let groups = vec![0; PAIRS].into_boxed_slice().try_into().unwrap_or_else(|_| Box::new([0; PAIRS]));
        let mut beginnings = Self { groups, firsts: Box::new([false; 256]), words: vec![Vec::new()] };
        let spellings = |byte: u8| match ignores_case && byte.is_ascii_alphabetic() {
            true => vec![byte.to_ascii_lowercase(), byte.to_ascii_uppercase()],
            false => vec![byte],
        };
        for word in words {
            let [first, second, ..] = *word.as_bytes() else { continue };
            for first in spellings(first) {
                beginnings.firsts[usize::from(first)] = true;
                for second in spellings(second) {
                    beginnings.add(u16::from_be_bytes([first, second]), word);
                }
            }
        }
        beginnings
    }

    /// Returns the words that start with the two bytes at a position.
    fn words_at(&self, bytes: &[u8], at: usize) -> &[&'static str] {
        let words = match bytes.get(at..) {
            Some([first, second, ..]) => self.words.get(usize::from(self.group(*first, *second))),
            _ => None,
        };
        words.map_or(&[], Vec::as_slice)
    }

    fn group(&self, first: u8, second: u8) -> u16 {
        self.groups[usize::from(u16::from_be_bytes([first, second]))]
    }

    fn add(&mut self, pair: u16, word: &'static str) {
        let group = &mut self.groups[usize::from(pair)];
        if *group == 0 {
            *group = u16::try_from(self.words.len()).unwrap_or(u16::MAX);
            self.words.push(Vec::new());
        }
        if let Some(words) = self.words.get_mut(usize::from(*group)) {
            words.push(word);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_found_wherever_they_stand() {
        static WORDS: Words = Words::new(&["git+", "a.b"]);
        static IN_ANY_CASE: Words = Words::in_any_case(&["pas", "key"]);
        assert!(WORDS.are_in("é git+https") && WORDS.are_in("xa.bx"));
        assert!(!WORDS.are_in("git a-b GIT+") && !WORDS.are_in(""));
        assert_eq!(IN_ANY_CASE.places("PaSs é bypass KEY").collect::<Vec<_>>(), [(0, "PaS"), (10, "pas"), (15, "KEY")]);
    }

    proptest! {
        #[test]
        fn words_are_found_as_by_trying_each_at_each_position(text in "[abAB é:-]{0,24}") {
            static WORDS: Words = Words::new(&["ab", "aba", "b:", "-a"]);
            static MANY: Words = Words::new(&["ab", "aba", "b:", "-a", "é:", "  ", "BA", "bb", "Ab:-"]);
            static IN_ANY_CASE: Words = Words::in_any_case(&["ab", "aba", "b:", "-a"]);
            for (searcher, ignores_case) in [(&WORDS, false), (&MANY, false), (&IN_ANY_CASE, true)] {
                let mut expected = Vec::new();
                let mut start = 0;
                while start < text.len() {
                    let is_here = |word: &&&str| {
                        let written = text.get(start..).and_then(|rest| rest.get(..word.len()));
                        written.is_some_and(|own| own == **word || ignores_case && own.eq_ignore_ascii_case(word))
                    };
                    match searcher.words.iter().find(is_here) {
                        Some(word) => {
                            expected.push((start, &text[start..start + word.len()]));
                            start += word.len();
                        }
                        None => start += 1,
                    }
                }
                prop_assert_eq!(searcher.places(&text).collect::<Vec<_>>(), expected.clone());
                prop_assert_eq!(searcher.are_in(&text), !expected.is_empty());
                prop_assert_eq!(searcher.at(&text, 0).is_some(), expected.first().is_some_and(|(at, _)| *at == 0));
            }
        }
    }
}
