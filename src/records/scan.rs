//! A scanner of one line of strict JSON (RFC 8259) that gives up at whatever it is not sure of. It builds nothing, and explains nothing.

/// The deepest nesting of a value that the scanner is sure of.
pub(super) const DEEPEST: u32 = 32;

/// The place of a string in the line, without its quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quoted {
    pub start: usize,
    pub end: usize,
    /// Whether it has escapes, so that its text is in [`Scanner::unescaped`] until the next string is read.
    pub has_escapes: bool,
}

/// A number of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ScannedNumber {
    start: usize,
    end: usize,
    /// Whether it is written in digits alone, without sign, point or exponent, and fits 63 bits.
    pub is_whole: bool,
}

/// A position in a line. Every method returns `None` where it is not sure, and the line is then left to the tree.
pub(super) struct Scanner<'l> {
    line: &'l str,
    at: usize,
    /// The text of the last string with escapes. It keeps its memory from line to line.
    pub unescaped: String,
}

impl<'l> Scanner<'l> {
    pub fn new(line: &'l str, mut unescaped: String) -> Self {
        unescaped.clear();
        Self { line, at: 0, unescaped }
    }

    /// The number of bytes read so far.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Returns what was read since a position.
    pub fn since(&self, start: usize) -> &'l str {
        self.line.get(start..self.at).unwrap_or("")
    }

    fn byte(&self) -> Option<u8> {
        self.line.as_bytes().get(self.at).copied()
    }

    /// Skips blanks and returns the next byte. A carriage return within a line is a break for readers of YAML, so it is none of them.
    pub fn peek(&mut self) -> Option<u8> {
        loop {
            match self.byte() {
                Some(b' ' | b'\t') => self.at += 1,
                byte => return byte,
            }
        }
    }

    /// Skips blanks and this byte.
    pub fn eat(&mut self, expected: u8) -> Option<()> {
        (self.peek()? == expected).then(|| self.at += 1)
    }

    /// Skips blanks and this byte, if it is there.
    pub fn eat_if(&mut self, expected: u8) -> bool {
        self.eat(expected).is_some()
    }

    /// Whether nothing is left but blanks.
    pub fn is_at_end(&mut self) -> bool {
        self.peek().is_none()
    }

    /// Reads what separates two members: `true` after a comma, `false` after the bracket that ends them.
    pub fn goes_on(&mut self, end: u8) -> Option<bool> {
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b',' => Some(true),
            _ => (byte == end).then_some(false),
        }
    }

    /// Reads one of the words of JSON.
    pub fn word(&mut self, word: &str) -> Option<()> {
        self.peek()?;
        self.line.get(self.at..)?.starts_with(word).then(|| self.at += word.len())
    }

    /// Reads a string.
    pub fn string(&mut self) -> Option<Quoted> {
        self.eat(b'"')?;
        let start = self.at;
        loop {
            self.at = skip_ordinary(self.line.as_bytes(), self.at);
            match self.byte()? {
                b'"' => {
                    let end = self.at;
                    self.at += 1;
                    return Some(Quoted { start, end, has_escapes: false });
                }
                b'\\' => return self.string_with_escapes(start),
                0x80.. => self.character()?,
                _ => return None,
            };
        }
    }

    /// Reads a string that has no escapes, such as a key.
    pub fn plain_string(&mut self) -> Option<&'l str> {
        let quoted = self.string()?;
        if quoted.has_escapes {
            return None;
        }
        self.line.get(quoted.start..quoted.end)
    }

    /// Returns the text of the string that was read last.
    pub fn text(&self, quoted: Quoted) -> &str {
        match quoted.has_escapes {
            true => &self.unescaped,
            false => self.line.get(quoted.start..quoted.end).unwrap_or(""),
        }
    }

    fn string_with_escapes(&mut self, start: usize) -> Option<Quoted> {
        self.unescaped.clear();
        let mut copied = start;
        loop {
            self.at = skip_ordinary(self.line.as_bytes(), self.at);
            match self.byte()? {
                b'"' => {
                    self.unescaped.push_str(self.line.get(copied..self.at)?);
                    let end = self.at;
                    self.at += 1;
                    return Some(Quoted { start, end, has_escapes: true });
                }
                b'\\' => {
                    self.unescaped.push_str(self.line.get(copied..self.at)?);
                    let character = self.escape()?;
                    self.unescaped.push(character);
                    copied = self.at;
                }
                0x80.. => {
                    self.character()?;
                }
                _ => return None,
            }
        }
    }

    /// Reads an escape and returns the character that it stands for.
    fn escape(&mut self) -> Option<char> {
        self.at += 1;
        let letter = self.byte()?;
        self.at += 1;
        Some(match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let digits = self
                    .line
                    .get(self.at..self.at + 4)
                    .filter(|digits| digits.bytes().all(|d| d.is_ascii_hexdigit()))?;
                self.at += 4;
                // A surrogate is no character, and a pair of them is left to the tree.
                char::from_u32(u32::from_str_radix(digits, 16).ok()?).filter(|character| is_ordinary(*character))?
            }
            _ => return None,
        })
    }

    /// Reads a character beyond ASCII.
    fn character(&mut self) -> Option<()> {
        let character = self.line.get(self.at..)?.chars().next()?;
        self.at += character.len_utf8();
        is_ordinary(character).then_some(())
    }

    /// Returns the value of a number.
    pub fn value_of(&self, number: ScannedNumber) -> Option<f64> {
        self.line.get(number.start..number.end)?.parse().ok()
    }

    /// Reads a number that is finite as a double.
    pub fn number(&mut self) -> Option<ScannedNumber> {
        self.peek()?;
        let start = self.at;
        let bytes = self.line.as_bytes();
        let is_negative = self.byte() == Some(b'-');
        self.at += usize::from(is_negative);
        let whole = self.digits();
        // JSON has no leading zeros.
        if whole == 0 || (whole > 1 && bytes.get(self.at - whole) == Some(&b'0')) {
            return None;
        }
        let mut is_whole = !is_negative && whole <= 18;
        let mut may_overflow = whole > 300;
        if self.byte() == Some(b'.') {
            self.at += 1;
            is_whole = false;
            if self.digits() == 0 {
                return None;
            }
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            (is_whole, may_overflow) = (false, true);
            if matches!(self.byte(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if self.digits() == 0 {
                return None;
            }
        }
        // A word or another number directly behind it is not JSON.
        if self.byte().is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+' | b'-')) {
            return None;
        }
        let number = ScannedNumber { start, end: self.at, is_whole };
        // A number without exponent is finite if it has fewer digits than the greatest one has.
        (!may_overflow || self.value_of(number)?.is_finite()).then_some(number)
    }

    fn digits(&mut self) -> usize {
        let rest = self.line.as_bytes().get(self.at..).unwrap_or_default();
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        count
    }
}

/// Whether a character is one that every reader takes for text: no control character, separator of lines, byte order mark or noncharacter.
fn is_ordinary(character: char) -> bool {
    !matches!(character, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

const ONES: u64 = u64::from_le_bytes([0x01; 8]);
const HIGHS: u64 = u64::from_le_bytes([0x80; 8]);
const BLANKS: u64 = u64::from_le_bytes([0x20; 8]);
const QUOTES: u64 = u64::from_le_bytes([b'"'; 8]);
const BACKSLASHES: u64 = u64::from_le_bytes([b'\\'; 8]);

/// Returns the first position from `at` on whose byte ends a run of ordinary ones: a quote, a backslash, a control character, or what is
/// beyond ASCII; the end of the line if there is none. It looks at eight bytes at a time.
fn skip_ordinary(line: &[u8], mut at: usize) -> usize {
    let rest = line.get(at..).unwrap_or_default();
    for eight in rest.chunks_exact(8) {
        let word = u64::from_le_bytes(eight.try_into().unwrap_or_default());
        // In each sum and difference, the lowest marked byte is right, and only that one is used.
        let control = word.wrapping_sub(BLANKS) & !word;
        let delete_or_more = word.wrapping_add(ONES) | word;
        let is = |pattern: u64| (word ^ pattern).wrapping_sub(ONES) & !(word ^ pattern);
        let marks = (control | delete_or_more | is(QUOTES) | is(BACKSLASHES)) & HIGHS;
        if marks != 0 {
            return at + (marks.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let is_special = |byte: &u8| matches!(byte, 0..=0x1f | b'"' | b'\\' | 0x7f..);
    let tail = line.get(at..).unwrap_or_default();
    at + tail.iter().position(is_special).unwrap_or(tail.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn eight_bytes_at_a_time_are_one_at_a_time(line in proptest::collection::vec(any::<u8>(), 0..40), dull in proptest::collection::vec(0x20_u8..0x7f, 0..40), at in 0_usize..20) {
            let line: Vec<u8> = dull.into_iter().chain(line).collect();
            let is_special = |byte: &u8| matches!(byte, 0..=0x1f | b'"' | b'\\' | 0x7f..);
            let at = at.min(line.len());
            let plain = at + line[at..].iter().position(is_special).unwrap_or(line.len() - at);
            prop_assert_eq!(skip_ordinary(&line, at), plain);
        }

        #[test]
        fn what_is_read_is_what_a_parser_of_json_reads(text in "[ -~éΩ\u{7f}\u{85}\u{2028}\u{feff}\n]{0,20}") {
            for line in [serde_json::to_string(&text).unwrap(), format!("\"{text}\"")] {
                let mut scanner = Scanner::new(&line, String::new());
                if let Some(quoted) = scanner.string().filter(|_| scanner.is_at_end()) {
                    prop_assert_eq!(scanner.text(quoted), serde_json::from_str::<String>(&line).unwrap());
                }
            }
        }

        #[test]
        fn a_number_is_one_of_json(text in "-?[0-9]{0,22}[.]?[0-9]{0,3}[eE]?[+-]?[0-9]{0,4}") {
            let mut scanner = Scanner::new(&text, String::new());
            let own = scanner.number().filter(|_| scanner.is_at_end());
            let other = serde_json::from_str::<f64>(&text).ok().filter(|value| value.is_finite());
            prop_assert_eq!(own.and_then(|number| scanner.value_of(number)), other);
        }
    }
}
