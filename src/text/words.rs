//! Searching whole texts for words.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

/// A set of words, searched for all at once in one pass. Asking once whether a whole document contains any of them is far cheaper than
/// checking its values one by one.
///
/// The first two bytes of each word are looked up in a bit set. For two hundred words, an automaton takes as long to build as a small
/// workspace takes to check, and one that is built faster searches several times slower.
#[derive(Debug)]
pub struct Words {
    words: &'static [&'static str],
    ignores_case: bool,
    beginnings: OnceLock<Beginnings>,
}

impl Words {
    /// Creates a searcher for these words, of at least two ASCII characters each. Of two with a common prefix, the first is found.
    #[must_use]
    pub const fn new(words: &'static [&'static str]) -> Self {
        Self { words, ignores_case: false, beginnings: OnceLock::new() }
    }

    /// Like [`new`](Self::new), for words in upper, lower and mixed case.
    #[must_use]
    pub const fn in_any_case(words: &'static [&'static str]) -> Self {
        Self { words, ignores_case: true, beginnings: OnceLock::new() }
    }

    /// Returns whether a text contains one of the words, possibly as part of another word.
    #[must_use]
    pub fn are_in(&self, text: &str) -> bool {
        self.places(text).next().is_some()
    }

    /// Returns the positions of the words in a text, and the words as spelled there, in order; they do not overlap.
    pub fn places<'t>(&self, text: &'t str) -> impl Iterator<Item = (usize, &'t str)> + use<'_, 't> {
        let beginnings = self.beginnings.get_or_init(|| Beginnings::of(self.words, self.ignores_case));
        let mut start = 0;
        std::iter::from_fn(move || {
            loop {
                let pairs = text.as_bytes().get(start..)?.windows(2);
                let at = start + pairs.map(pair_of).position(|pair| beginnings.contains(pair))?;
                match self.word_at(beginnings, text, at) {
                    Some(word) => {
                        start = at + word.len();
                        return Some((at, word));
                    }
                    None => start = at + 1,
                }
            }
        })
    }

    /// Returns the word at a position with the first two bytes of some word.
    fn word_at<'t>(&self, beginnings: &Beginnings, text: &'t str, at: usize) -> Option<&'t str> {
        let rest = text.get(at..)?;
        let words = beginnings.words.get(&pair_of(rest.as_bytes().get(..2)?))?;
        words.iter().find_map(|word| {
            let written = rest.get(..word.len())?;
            let is_same = if self.ignores_case { written.eq_ignore_ascii_case(word) } else { written == *word };
            is_same.then_some(written)
        })
    }
}

/// The first two bytes of words.
#[derive(Debug)]
struct Beginnings {
    /// A bit for each pair of bytes.
    pairs: Box<[u64; 1024]>,
    /// The words that begin with a pair.
    words: FxHashMap<u16, Vec<&'static str>>,
}

impl Beginnings {
    fn of(words: &[&'static str], ignores_case: bool) -> Self {
        let mut beginnings = Self { pairs: Box::new([0; 1024]), words: FxHashMap::default() };
        let spellings = |byte: u8| match ignores_case && byte.is_ascii_alphabetic() {
            true => vec![byte.to_ascii_lowercase(), byte.to_ascii_uppercase()],
            false => vec![byte],
        };
        for word in words {
            let [first, second, ..] = *word.as_bytes() else { continue };
            for first in spellings(first) {
                for second in spellings(second) {
                    let pair = pair_of(&[first, second]);
                    beginnings.pairs[usize::from(pair >> 6)] |= 1 << (pair & 63);
                    beginnings.words.entry(pair).or_default().push(word);
                }
            }
        }
        beginnings
    }

    fn contains(&self, pair: u16) -> bool {
        self.pairs[usize::from(pair >> 6)] & (1 << (pair & 63)) != 0
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
