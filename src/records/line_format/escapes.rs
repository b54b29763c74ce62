//! Escapes in the values of lines, undone.

use std::borrow::Cow;

/// How a value tells characters that would end it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escapes {
    /// `\"`, `\\`, `\xhh`, and the letters of C, as Apache and nginx write them; `\uhhhh`, as nginx does with `escape=json`.
    Backslash,
    /// `""`, as the W3C's format has it.
    DoubledQuotes,
}

impl Escapes {
    /// Returns what a value says. Bytes that are no UTF-8 are replaced; a backslash that announces nothing is one.
    pub fn undone(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::DoubledQuotes if text.contains("\"\"") => Cow::Owned(text.replace("\"\"", "\"")),
            Self::Backslash if memchr::memchr(b'\\', text.as_bytes()).is_some() => Cow::Owned(unescaped(text)),
            _ => Cow::Borrowed(text),
        }
    }
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let (byte, length) = match (first, after) {
            (b'\\', [b'x', digits @ ..]) => match hexadecimal(digits, 2).and_then(|value| u8::try_from(value).ok()) {
                Some(byte) => (byte, 4),
                None => (b'\\', 1),
            },
            (b'\\', [b'u', digits @ ..]) => {
                let character = hexadecimal(digits, 4).and_then(char::from_u32);
                if let Some(character) = character {
                    bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                    rest = rest.get(6..).unwrap_or_default();
                    continue;
                }
                (b'\\', 1)
            }
            (b'\\', [letter, ..]) => match letter {
                b'"' | b'\\' | b'/' => (*letter, 2),
                b'n' => (b'\n', 2),
                b't' => (b'\t', 2),
                b'r' => (b'\r', 2),
                b'b' => (8, 2),
                b'f' => (12, 2),
                b'v' => (11, 2),
                _ => (b'\\', 1),
            },
            _ => (*first, 1),
        };
        bytes.push(byte);
        rest = rest.get(length..).unwrap_or_default();
    }
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn hexadecimal(digits: &[u8], count: usize) -> Option<u32> {
    let text = std::str::from_utf8(digits.get(..count)?).ok()?;
    text.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u32::from_str_radix(text, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_servers_escape_is_what_was_asked_for() {
        for (written, said) in [
            ("plain", "plain"),
            (r#"a \"b\" \\ c"#, r#"a "b" \ c"#),
            (r"caf\xc3\xa9\x22", "café\""),
            (r"\u00e9\t", "é\t"),
            (r"\xff", "\u{fffd}"),
            (r"\xg0 \q \", r"\xg0 \q \"),
        ] {
            assert_eq!(Escapes::Backslash.undone(written), said, "{written}");
        }
        assert_eq!(Escapes::DoubledQuotes.undone("a \"\"b\"\" \\x"), "a \"b\" \\x");
    }
}
