//! Keys of maps that are alike in all records, such as the names of features.

use super::strings::{StringClass, StringMemo};

/// The keys of a map, and where each ends.
#[derive(Default)]
pub(super) struct KeyMemo {
    text: String,
    ends: Vec<usize>,
}

impl KeyMemo {
    pub fn is_of(&self, line: &str, keys: &[(usize, usize)]) -> bool {
        let mut start = 0;
        self.ends.len() == keys.len()
            && self.ends.iter().zip(keys).all(|(end, (from, to))| {
                let own = self.text.get(start..*end);
                start = *end;
                own.is_some() && own == line.get(*from..*to)
            })
    }

    pub fn remember(&mut self, line: &str, keys: &[(usize, usize)]) {
        self.text.clear();
        self.ends.clear();
        for (from, to) in keys {
            self.text.push_str(line.get(*from..*to).unwrap_or(""));
            self.ends.push(self.text.len());
        }
    }
}

/// Returns whether keys, as written in a line, are different from each other, and no rule reports any of them.
pub(super) fn are_harmless(memo: &mut StringMemo, line: &str, keys: &[(usize, usize)]) -> bool {
    let text = |(start, end): &(usize, usize)| line.get(*start..*end).unwrap_or("");
    keys.iter().all(|key| memo.is_harmless(StringClass::Key, text(key))) && are_different(keys.iter().map(text))
}

/// Maps with more keys are sorted to find equal ones.
const FEW_KEYS: usize = 16;

fn are_different<'k>(keys: impl ExactSizeIterator<Item = &'k str> + Clone) -> bool {
    if keys.len() > FEW_KEYS {
        let mut sorted: Vec<&str> = keys.collect();
        sorted.sort_unstable();
        return sorted.windows(2).all(|pair| pair.first() != pair.last());
    }
    keys.clone().enumerate().all(|(at, key)| !keys.clone().skip(at + 1).any(|other| other == key))
}
