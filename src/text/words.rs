//! Searching whole texts for words.

use std::sync::OnceLock;

use memchr::memmem;

/// A set of words, searched for all at once in one pass. Asking once whether a whole document contains any of them is far cheaper than
/// checking its values one by one.
///
/// The first two bytes of each word are looked up in a table. For two hundred words, an automaton takes as long to build as a small
/// workspace takes to check, and one that is built faster searches several times slower.
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
    /// Several words, by their first two bytes.
    Many(Beginnings),
}

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

    /// Returns the position and length of the first word from a position on.
    fn find(&self, text: &str, start: usize) -> Option<(usize, usize)> {
        let searcher = self.searcher.get_or_init(|| match self.words {
            [only] if !self.ignores_case => Searcher::One(Box::new(memmem::Finder::new(*only))),
            words => Searcher::Many(Beginnings::of(words, self.ignores_case)),
        });
        let bytes = text.as_bytes();
        match searcher {
            Searcher::One(finder) => Some((start + finder.find(bytes.get(start..)?)?, finder.needle().len())),
            Searcher::Many(beginnings) => {
                let is_same = |written: &[u8], word: &[u8]| match self.ignores_case {
                    true => written.eq_ignore_ascii_case(word),
                    false => written == word,
                };
                bytes.get(start..)?.windows(2).zip(start..).find_map(|(pair, at)| {
                    let words = beginnings.with(pair_of(pair));
                    if words.is_empty() {
                        return None;
                    }
                    let rest = bytes.get(at..)?;
                    let is_here =
                        |word: &&&str| rest.get(..word.len()).is_some_and(|own| is_same(own, word.as_bytes()));
                    words.iter().find(is_here).map(|word| (at, word.len()))
                })
            }
        }
    }
}

/// Words by their first two bytes.
#[derive(Debug)]
struct Beginnings {
    /// For each pair of bytes, the position of its words in `words`; 0 for most pairs, which have none.
    groups: Vec<u16>,
    words: Vec<Vec<&'static str>>,
}

impl Beginnings {
    fn of(words: &[&'static str], ignores_case: bool) -> Self {
        let mut beginnings = Self { groups: vec![0; 1 << 16], words: vec![Vec::new()] };
        let spellings = |byte: u8| match ignores_case && byte.is_ascii_alphabetic() {
            true => vec![byte.to_ascii_lowercase(), byte.to_ascii_uppercase()],
            false => vec![byte],
        };
        for word in words {
            let [first, second, ..] = *word.as_bytes() else { continue };
            for first in spellings(first) {
                for second in spellings(second) {
                    beginnings.add(pair_of(&[first, second]), word);
                }
            }
        }
        beginnings
    }

    fn add(&mut self, pair: u16, word: &'static str) {
        let Some(group) = self.groups.get_mut(usize::from(pair)) else { return };
        if *group == 0 {
            *group = u16::try_from(self.words.len()).unwrap_or(u16::MAX);
            self.words.push(Vec::new());
        }
        if let Some(words) = self.words.get_mut(usize::from(*group)) {
            words.push(word);
        }
    }

    fn with(&self, pair: u16) -> &[&'static str] {
        let group = self.groups.get(usize::from(pair)).copied().unwrap_or_default();
        self.words.get(usize::from(group)).map_or(&[], Vec::as_slice)
    }
}

fn pair_of(bytes: &[u8]) -> u16 {
    match bytes {
        [first, second, ..] => u16::from_be_bytes([*first, *second]),
        _ => 0,
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
            static IN_ANY_CASE: Words = Words::in_any_case(&["ab", "aba", "b:", "-a"]);
            for (searcher, ignores_case) in [(&WORDS, false), (&IN_ANY_CASE, true)] {
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
            }
        }
    }
}
