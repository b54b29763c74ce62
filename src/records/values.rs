//! The values of fields, each of which is read as its field demands.

use super::fields::RecordSection;
use super::key_memo::are_harmless;
use super::reading::{MapField, Reading};
use super::recognise::Recogniser;
use super::scan::{DEEPEST, Quoted};
use super::strings::StringClass;

impl<'l> Reading<'_, 'l> {
    pub fn optional_section(&mut self, section: RecordSection) -> Option<()> {
        if self.scanner.peek()? == b'n' {
            return self.scanner.word("null");
        }
        let start = self.scanner.position();
        self.section(section)?;
        if section == RecordSection::Provenance {
            self.seen.provenance = self.scanner.since(start);
        }
        Some(())
    }

    /// Reads a string without escapes that is a statement, without blanks around it.
    pub fn statement(&mut self) -> Option<&'l str> {
        let text = self.scanner.plain_string()?;
        let is_sure = text.trim() == text && self.own.memo.is_harmless(StringClass::Text, text);
        is_sure.then_some(text)
    }

    pub fn reference(&mut self) -> Option<&'l str> {
        self.statement().filter(|text| !text.contains(['@', '$', '<', '{']))
    }

    /// Reads a string that no rule reports.
    pub fn harmless(&mut self, class: StringClass) -> Option<Quoted> {
        let quoted = self.scanner.string()?;
        self.own.memo.is_harmless(class, self.scanner.text(quoted)).then_some(quoted)
    }

    pub fn text(&mut self, class: StringClass) -> Option<()> {
        self.harmless(class).map(drop)
    }

    pub fn number(&mut self) -> Option<f64> {
        let number = self.scanner.number()?;
        self.scanner.value_of(number)
    }

    /// Reads a number that is not negative; the inner `None` is null.
    pub fn latency(&mut self) -> Option<Option<f64>> {
        if self.scanner.peek()? == b'n' {
            return self.scanner.word("null").map(|()| None);
        }
        self.number().filter(|latency| *latency >= 0.0).map(Some)
    }

    /// Reads the model that answered, or a list of them.
    pub fn models(&mut self, is_list: bool) -> Option<()> {
        if std::mem::replace(&mut self.seen.has_model, true) {
            return None;
        }
        self.scanner.peek()?;
        let start = self.scanner.position();
        let count = match is_list {
            true => self.list(|own, _| own.reference().map(drop))?,
            false => self.reference().map(|_| 1)?,
        };
        self.seen.model = self.scanner.since(start);
        (count > 0).then_some(())
    }

    pub fn digest(&mut self) -> Option<()> {
        let digits = self.scanner.plain_string()?.strip_prefix("sha256:")?;
        let is_hex = |digit: &u8| digit.is_ascii_digit() || matches!(digit, b'a'..=b'f');
        let is_of_data = digits.bytes().any(|digit| digit != b'0')
            && digits != "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        self.seen.has_digest = true;
        (digits.len() == 64 && digits.as_bytes().iter().all(is_hex) && is_of_data).then_some(())
    }

    /// Reads a list, and returns the number of its items.
    pub fn list(&mut self, mut item: impl FnMut(&mut Self, usize) -> Option<()>) -> Option<usize> {
        self.scanner.eat(b'[')?;
        if self.scanner.eat_if(b']') {
            return Some(0);
        }
        let mut count = 0;
        loop {
            item(self, count)?;
            count += 1;
            if !self.scanner.goes_on(b']')? {
                return Some(count);
            }
        }
    }

    /// Reads a map with free keys, which are usually those of the record before.
    pub fn map(&mut self, field: MapField, value: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        let first = self.own.keys.len();
        self.members(value)?;
        let Recogniser { memo, features, explanation, keys, .. } = &mut *self.own;
        let own = keys.get(first..)?;
        let known = match field {
            MapField::Features => features,
            MapField::Explanation => explanation,
        };
        if !known.is_of(self.line, own) {
            are_harmless(memo, self.line, own).then_some(())?;
            known.remember(self.line, own);
        }
        keys.truncate(first);
        Some(())
    }

    /// Reads the members of a mapping, and keeps the places of its keys.
    pub fn members(&mut self, mut value: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.scanner.eat(b'{')?;
        if self.scanner.eat_if(b'}') {
            return Some(());
        }
        loop {
            let key = self.scanner.string().filter(|key| !key.has_escapes)?;
            self.own.keys.push((key.start, key.end));
            self.scanner.eat(b':')?;
            value(self)?;
            if !self.scanner.goes_on(b'}')? {
                return Some(());
            }
        }
    }

    /// Reads a scalar, which is a statement if it is a text.
    pub fn statement_or_scalar(&mut self) -> Option<()> {
        match self.scanner.peek()? {
            b'"' => self.text(StringClass::Text),
            b'{' | b'[' => None,
            _ => self.data(1),
        }
    }

    /// Reads any value, at this depth.
    pub fn data(&mut self, depth: u32) -> Option<()> {
        if depth >= DEEPEST {
            return None;
        }
        match self.scanner.peek()? {
            b'"' => self.text(StringClass::Free),
            b'{' => {
                let first = self.own.keys.len();
                self.members(|own| own.data(depth + 1))?;
                let Recogniser { memo, keys, .. } = &mut *self.own;
                are_harmless(memo, self.line, keys.get(first..)?).then(|| keys.truncate(first))
            }
            b'[' => self.list(|own, _| own.data(depth + 1)).map(drop),
            b't' => self.scanner.word("true"),
            b'f' => self.scanner.word("false"),
            b'n' => self.scanner.word("null"),
            _ => self.scanner.number().map(drop),
        }
    }
}
