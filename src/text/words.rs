//! Searching whole texts for words.

use std::sync::OnceLock;

use regex::Regex;

/// A set of words, searched for all at once and many bytes at a time. Asking once whether a whole document contains any of them is far
/// cheaper than checking its values one by one.
#[derive(Debug)]
pub struct Words {
    words: &'static [&'static str],
    ignores_case: bool,
    pattern: OnceLock<Option<Regex>>,
}

impl Words {
    /// Creates a searcher for these words. Of two with a common prefix, the first is found.
    #[must_use]
    pub const fn new(words: &'static [&'static str]) -> Self {
        Self { words, ignores_case: false, pattern: OnceLock::new() }
    }

    /// Creates a searcher for these words, of at most three letters, in upper, lower and mixed case.
    #[must_use]
    pub const fn in_any_case(words: &'static [&'static str]) -> Self {
        Self { words, ignores_case: true, pattern: OnceLock::new() }
    }

    /// Returns whether a text contains one of the words, possibly as part of another word.
    #[must_use]
    pub fn are_in(&self, text: &str) -> bool {
        self.pattern().is_some_and(|pattern| pattern.is_match(text))
    }

    /// Returns the positions of the words in a text, and the words as spelled there, in order; they do not overlap.
    pub fn places<'t>(&self, text: &'t str) -> impl Iterator<Item = (usize, &'t str)> + use<'_, 't> {
        let places = self.pattern().into_iter().flat_map(move |pattern| pattern.find_iter(text));
        places.map(|place| (place.start(), place.as_str()))
    }

    fn pattern(&self) -> Option<&Regex> {
        let pattern = || {
            // All words in one spelling, then all in the next: the engine is slower when words with a common prefix are neighbors.
            let spellings = if self.ignores_case { 0..8 } else { 0..1 };
            let words = spellings.flat_map(|upper| self.words.iter().map(move |word| spelt(word, upper)));
            let words: Vec<String> = words.map(|word| regex::escape(&word)).collect();
            Regex::new(&words.join("|")).ok()
        };
        self.pattern.get_or_init(pattern).as_ref()
    }
}

/// Returns the word with each of its first three letters in upper case if its bit is set in `upper`.
fn spelt(word: &str, upper: u8) -> String {
    let is_upper = |index: usize| index < 3 && upper & (1 << index) != 0;
    word.chars().enumerate().map(|(index, c)| if is_upper(index) { c.to_ascii_uppercase() } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_wherever_they_stand() {
        static WORDS: Words = Words::new(&["git+", "a.b"]);
        static IN_ANY_CASE: Words = Words::in_any_case(&["pas", "key"]);
        assert!(WORDS.are_in("é git+https") && WORDS.are_in("xa.bx"));
        assert!(!WORDS.are_in("git a-b GIT+") && !WORDS.are_in(""));
        assert_eq!(IN_ANY_CASE.places("PaSs é bypass KEY").collect::<Vec<_>>(), [(0, "PaS"), (10, "pas"), (15, "KEY")]);
    }
}
