//! Which strings no rule has anything to say about. The tests are the rules' own functions; a memo keeps them from being asked twice.

use std::hash::{BuildHasher, Hasher, RandomState};

use rustc_hash::FxHasher;

use crate::rules::document::placeholder_value::is_placeholder;
use crate::secrets::{self, is_secret_name, names};

/// What a string is for, which decides what is asked about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StringClass {
    /// A statement of the record: an id, a name, an address.
    Text,
    /// Data: a feature, a label, a prediction. It may be empty or look like a placeholder.
    Free,
    /// The key of a map with free keys.
    Key,
}

/// The strings that were found harmless lately. A slot holds one string, which is compared byte by byte, and its class.
pub(super) struct StringMemo {
    slots: Vec<Slot>,
    /// Random, so that nobody can make all strings meet in one slot, which would only cost time.
    seed: u64,
}

#[derive(Clone)]
struct Slot {
    class: Option<StringClass>,
    length: u8,
    bytes: [u8; LONGEST],
}

/// The number of slots, a power of two.
const SLOTS: usize = 1024;

/// The longest string that is remembered, in bytes.
const LONGEST: usize = 128;

impl StringMemo {
    pub fn new() -> Self {
        Self {
            slots: vec![Slot { class: None, length: 0, bytes: [0; LONGEST] }; SLOTS],
            seed: RandomState::new().hash_one(0),
        }
    }

    /// Returns whether it is certain that no rule reports this string.
    pub fn is_harmless(&mut self, class: StringClass, text: &str) -> bool {
        if class != StringClass::Key && is_of_harmless_form(text) {
            return class == StringClass::Free || !text.is_empty() && !is_placeholder(text);
        }
        if text.len() > LONGEST {
            return is_harmless(class, text);
        }
        let mut hasher = FxHasher::default();
        hasher.write_u64(self.seed);
        hasher.write(text.as_bytes());
        let at = usize::try_from(hasher.finish() % SLOTS as u64).unwrap_or(0);
        let Some(slot) = self.slots.get_mut(at) else { return false };
        let length = usize::from(slot.length);
        if slot.class == Some(class) && slot.bytes.get(..length) == Some(text.as_bytes()) {
            return true;
        }
        let is_harmless = is_harmless(class, text);
        if is_harmless && let Some(bytes) = slot.bytes.get_mut(..text.len()) {
            bytes.copy_from_slice(text.as_bytes());
            slot.class = Some(class);
            slot.length = u8::try_from(text.len()).unwrap_or(0);
        }
        is_harmless
    }
}

/// Whether a text is a UUID, or short and of letters, digits and a few signs that announce nothing: ids, numbers and words, which are
/// different in each record and would fill the memo. Credentials that need no announcement are longer than the shortest run, 20 bytes.
fn is_of_harmless_form(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/');
    match bytes.len() {
        36 => is_uuid(bytes),
        ..=16 => bytes.iter().all(is_plain) && !is_date_like(bytes) && !bytes.starts_with(b"--"),
        _ => false,
    }
}

/// Whether a text is a UUID in its canonical form.
fn is_uuid(bytes: &[u8]) -> bool {
    let fits = |(at, byte): (usize, &u8)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'),
    };
    bytes.len() == 36 && bytes.iter().enumerate().all(fits)
}

/// Asks the rules about a string.
fn is_harmless(class: StringClass, text: &str) -> bool {
    let is_fit = match class {
        StringClass::Text => !text.trim().is_empty() && !is_placeholder(text),
        StringClass::Free => true,
        StringClass::Key => is_harmless_key(text),
    };
    let has = |part: &str| memchr::memmem::find(text.as_bytes(), part.as_bytes()).is_some();
    is_fit
        && (!is_date_like(text.as_bytes()) || begins_with_day(text))
        && !has("http://")
        // In a list, an option names what comes after it.
        && !text.starts_with("--")
        // A connection string may name an account.
        && (!text.contains(';') || !text.contains('='))
        && secrets::shapes::userinfos(text).next().is_none()
        && secrets::find(text).is_empty()
}

/// Whether a text begins like a date.
fn is_date_like(bytes: &[u8]) -> bool {
    let Some([a, b, c, d, b'-', e, f, b'-', g, h]) = bytes.first_chunk::<10>() else { return false };
    [a, b, c, d, e, f, g, h].iter().all(|byte| byte.is_ascii_digit())
}

/// Whether a text begins with a day of the calendar.
fn begins_with_day(text: &str) -> bool {
    text.get(..10).is_some_and(|date| date.parse::<jiff::civil::Date>().is_ok_and(|date| date.year() > 0))
}

/// Keys that give what stands beside or below them a meaning: a pair, a command, an account, a path.
const MEANINGFUL: &[&str] = &[
    "key",
    "name",
    "variable",
    "value",
    "val",
    "default",
    "pass",
    "pw",
    "bucket",
    "path",
    "location",
    "container",
    "version",
    "cmd",
    "command",
    "relativepath",
    "license",
    "description",
    "preview",
    "profile",
];

/// Whether a key of a free map neither names a credential nor gives its value a meaning.
fn is_harmless_key(text: &str) -> bool {
    let letters: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    !text.trim().is_empty()
        && text != "<<"
        && !text.starts_with("x-")
        && !letters.ends_with("digest")
        && !MEANINGFUL.contains(&letters.as_str())
        && names::held_by(text).is_none()
        && !is_secret_name(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_harmless_forms_are_no_credentials(text in "[A-Za-z0-9_./-]{0,16}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}") {
            if is_of_harmless_form(&text) {
                prop_assert!(is_harmless(StringClass::Free, &text), "{text}");
            }
        }

        #[test]
        fn the_memo_answers_as_the_rules_do(texts in proptest::collection::vec("[a-cx]{0,3}|None|password|a=b;c|https://u:p@h|AKIA[A-Z0-9]{16}", 1..60)) {
            let mut memo = StringMemo::new();
            for text in &texts {
                for class in [StringClass::Text, StringClass::Free, StringClass::Key] {
                    prop_assert_eq!(memo.is_harmless(class, text), is_harmless(class, text), "{:?} {}", class, text);
                }
            }
        }
    }
}
